# SPDX-License-Identifier: Apache-2.0
"""The ways in which clients speak to a server. Each sends some messages and gives the answers, on as few connections as
it and the server allow."""

import gzip
import socket
import ssl
from dataclasses import dataclass, field
from http.client import HTTPResponse

from gateway_httpd import DEADLINE, Response
from http2_client import Http2Connection
from raw_http import PATH, chunked, post

TEXT_XML = "text/xml; charset=utf-8"


@dataclass
class Message:
    body: bytes
    media_type: str = TEXT_XML
    headers: list = field(default_factory=list)


@dataclass
class Answer(Response):
    connection: int  # equal for answers on one connection
    closed: bool  # the connection, after it


@dataclass(frozen=True)
class Front:
    """HTTP/1. `keeps`: the connection serves several messages, one after the other."""

    name: str
    version: str = "HTTP/1.1"
    keeps: bool = True
    chunks: int = 0  # bytes per chunk; 0: the length is told
    headers: tuple = ()
    packed: bool = False
    waits: bool = False  # sends a body when it has been told to continue
    tls: bool = False

    pipelines = False
    offers = ("http/1.1",)  # in the handshake of TLS

    def __str__(self):
        return self.name

    def config(self, salesforce):
        """What this front needs of a server, besides its Protocols."""
        if not self.tls:
            return ""
        folder = salesforce.folder
        return f'SSLEngine On\nSSLCertificateFile "{folder}/server.pem"\nSSLCertificateKeyFile "{folder}/server.key"\n'

    def exchange(self, server, messages):
        """The answers, in the order of the messages; fewer when the server closed while more had been sent."""
        answers, connection, number = [], None, 0
        for message in messages:
            if connection is None:
                connection, number = Http1Connection(self.connect(server)), number + 1
            answer = self._ask(connection, message, last=message is messages[-1])
            answers.append(Answer(*answer, number, connection.ended))
            if connection.ended:
                connection.expect_nothing_more()
                connection = None
        assert connection is None, "the server kept a connection that was to be closed"
        return answers

    def connect(self, server):
        plain = socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not self.tls:
            return plain
        context = self.context()
        context.set_alpn_protocols(list(self.offers))
        return context.wrap_socket(plain, server_hostname="localhost")

    def context(self):
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context

    def head_and_body(self, message, last):
        """The bytes of a message."""
        headers = [*self.headers, *message.headers]
        body = message.body
        if self.packed:
            body, headers = gzip.compress(body), [*headers, ("Content-Encoding", "gzip")]
        if self.waits:
            headers.append(("Expect", "100-continue"))
        if self.chunks:
            body, headers = chunked(body, self.chunks), [*headers, ("Transfer-Encoding", "chunked")]
        if last and self.keeps:
            headers.append(("Connection", "close"))
        head = post(b"", headers, media_type=message.media_type, version=self.version,
                    length=False if self.chunks else len(body))  # fmt: skip
        return head, body

    def _ask(self, connection, message, last):
        head, body = self.head_and_body(message, last)
        if not self.waits:
            connection.send(head + body)
            return connection.answer()
        connection.send(head)
        if not connection.told_to_continue():
            return connection.answer()
        connection.send(body)
        return connection.answer()


@dataclass(frozen=True)
class Pipeline(Front):
    """HTTP/1.1 with all messages in one piece."""

    pipelines = True

    def exchange(self, server, messages):
        connection = Http1Connection(self.connect(server))
        connection.send(b"".join(b"".join(self.head_and_body(one, one is messages[-1])) for one in messages))
        answers = []
        while len(answers) < len(messages) and not connection.ended:
            answers.append(Answer(*connection.answer(), 1, connection.ended))
        connection.expect_nothing_more()
        return answers


@dataclass(frozen=True)
class Streams(Front):
    """HTTP/2, without TLS by prior knowledge; HTTP/1.1 where mod_http2 does not offer more."""

    offers = ("h2", "http/1.1")

    parallel: bool = False
    length: bool = True

    def exchange(self, server, messages):
        if self.tls and server.mpm == "prefork":
            return super().exchange(server, messages)
        connection = self.begin(server)
        answers = []
        for message in messages:
            answers.append(self.ask(connection, message))
            if not self.parallel:
                answers[-1] = connection.response(answers[-1])
        if self.parallel:
            answers = [connection.response(number) for number in answers]
        return [Answer(one.status, one.headers, one.body, 1, False) for one in answers]

    def begin(self, server):
        connected = self.connect(server)
        assert not self.tls or connected.selected_alpn_protocol() == "h2"
        return Http2Connection(connected)

    def ask(self, connection, message):
        """The number of the stream that carries the message."""
        headers = [("Content-Type", message.media_type), *self.headers, *message.headers]
        if self.length:
            headers.append(("Content-Length", str(len(message.body))))
        return connection.request(message.body, headers, PATH)


class Http1Connection:
    """One connection of HTTP/1, from the side of the client."""

    def __init__(self, connected):
        self._socket = connected
        self._stream = connected.makefile("rb")
        self.ended = False

    def send(self, data):
        try:
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has answered already, and that can be read

    def told_to_continue(self):
        line = self._stream.peek(1)[:12]
        if line != b"HTTP/1.1 100":
            return False
        while self._stream.readline() != b"\r\n":
            pass
        return True

    def answer(self):
        """(status, headers, body) of the next response."""
        reader = HTTPResponse(self)
        reader.begin()
        body = reader.read()
        self.ended = reader.will_close
        return reader.status, reader.getheaders(), body

    def expect_nothing_more(self):
        try:
            surplus = self._stream.read()
        except ConnectionResetError:
            surplus = b""
        self._socket.close()
        assert surplus == b"", f"behind the last answer: {surplus[:200]}"

    # HTTPResponse takes this for the socket, and for the file made of it, which it closes after each response.

    def makefile(self, _mode):
        return self

    def read(self, *count):
        return self._stream.read(*count)

    def readinto(self, buffer):
        return self._stream.readinto(buffer)

    def readline(self, *limit):
        return self._stream.readline(*limit)

    def flush(self):
        """Nothing is written through the file."""

    def close(self):
        """The next response comes from here too."""


# Only requests without a body can begin HTTP/2 in this way; httpd answers others in HTTP/1.1.
OFFER = (("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c"), ("HTTP2-Settings", "AAMAAABkAAQAAP__"))
FRONTS = [
    Front("http-1.0", "HTTP/1.0", keeps=False),
    Front("http-1.0-kept", "HTTP/1.0", headers=(("Connection", "keep-alive"),)),
    Front("closed-each-time", keeps=False, headers=(("Connection", "close"),)),
    Front("kept"),
    Front("chunked", chunks=1000),
    Front("tiny-chunks", chunks=7),
    Front("gzip", packed=True),
    Front("gzip-chunked", packed=True, chunks=100),
    Front("waits-for-100", waits=True),
    Front("waits-for-100-chunked", waits=True, chunks=1000),
    Front("offers-h2c-with-the-request", headers=OFFER),
    Pipeline("pipelined"),
    Pipeline("pipelined-chunked", chunks=1000),
    Front("tls", tls=True),
    Pipeline("tls-pipelined", tls=True),
    Streams("h2c"),
    Streams("h2", tls=True),
    Streams("h2-parallel", tls=True, parallel=True),
    Streams("h2-without-length", tls=True, parallel=True, length=False),
]
KEPT = FRONTS[3]
NO_HTTP_2 = ("mod_http2 cannot be used with prefork, and crashes where it is spoken without an offer: "
             "test_prefork_offers_no_http_2")  # fmt: skip


def cannot_be(front, mpm):
    """Why there is no such front with that MPM; "" when there is."""
    return NO_HTTP_2 if mpm == "prefork" and isinstance(front, Streams) and not front.tls else ""
