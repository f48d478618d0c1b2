# SPDX-License-Identifier: Apache-2.0
"""Responses of the backend that are no HTTP, or bring what may not pass."""

import socket
import threading

import h2.events
import pytest

import sections
from byte_server import ByteServer
from fake_salesforce.calls import JANE, envelope
from gateway_httpd import DEADLINE
from http2_client import Http2Connection
from raw_http import PATH
from soap_fault import SOAP_1_1, fault_in

REQUEST = envelope(JANE)
OVER = (
    f'<e:Envelope xmlns:e="{SOAP_1_1}"><e:Body><e:Fault><faultcode>INVALID_SESSION_ID</faultcode>'
    "<faultstring>no</faultstring></e:Fault></e:Body></e:Envelope>"
).encode()  # fmt: skip
NO_HTTP = {
    "no-status-line": b"garbage\r\n\r\n<a/>",
    "another-protocol": b"220 mail.corp.example ESMTP\r\n",
    "none-behind-an-interim-response": b"HTTP/1.1 100 Continue\r\n\r\ngarbage\r\n\r\n<a/>",
    "no-number": b"HTTP/1.1 2x0 OK\r\nContent-Length: 4\r\n\r\n<a/>",
    "status-0": b"HTTP/1.1 000 x\r\nContent-Length: 4\r\n\r\n<a/>",
    "status-999": b"HTTP/1.1 999 x\r\nContent-Length: 4\r\n\r\n<a/>",
    "cr-in-a-value": b"HTTP/1.1 200 OK\r\nX-A: a\rb\r\nContent-Length: 4\r\n\r\n<a/>",
    "control-in-a-value": b"HTTP/1.1 200 OK\r\nX-A: a\x01b\r\nContent-Length: 4\r\n\r\n<a/>",
    "delete-in-a-value": b"HTTP/1.1 200 OK\r\nX-A: a\x7fb\r\nContent-Length: 4\r\n\r\n<a/>",
    "cr-in-the-media-type": b"HTTP/1.1 200 OK\r\nContent-Type: text/\rxml\r\nContent-Length: 4\r\n\r\n<a/>",
    "blank-in-a-name": b"HTTP/1.1 200 OK\r\nX A: a\r\nContent-Length: 4\r\n\r\n<a/>",
    "no-name": b"HTTP/1.1 200 OK\r\n: a\r\nContent-Length: 4\r\n\r\n<a/>",
    "cr-in-a-fault": b"HTTP/1.1 500 x\r\nX-A: a\rb\r\nContent-Length: 4\r\n\r\n<a/>",
}
CASES = [pytest.param(data, id=name) for name, data in NO_HTTP.items()]


class Backend(ByteServer):
    """Answers with the given bytes, one after the other, and ends the connection after the last ones."""

    def __init__(self, *answers):
        super().__init__(self._answer)
        self._answers = list(answers)
        self.requests = 0

    def _answer(self, connection, _head, _body):
        self.requests += 1
        connection.send(self._answers.pop(0))
        if not self._answers:
            connection._socket.shutdown(socket.SHUT_RDWR)


def session_over():
    return b"HTTP/1.1 500 x\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s" % (len(OVER), OVER)


def gateway(salesforce, httpd, backend, front="", modules=(), **directives):
    target = f"{backend.url}/services/Soap/"
    return httpd(front + sections.gateway(salesforce, target=target, **directives), modules=list(modules))


def refused(server, answer):
    fault = fault_in(answer)
    assert (answer.status, fault.code, fault.version, fault.faultcode) == (500, "SFJ0704", SOAP_1_1, "Server")
    assert fault.exception_code == "UNKNOWN_EXCEPTION" and "may have been executed" in fault.text
    assert answer.header("X-A") == []
    assert server.error_log().count("SFJ0704") == 1


@pytest.mark.parametrize("data", CASES)
def test_an_answer_that_is_no_http_is_a_fault(salesforce, httpd, data):
    with Backend(data) as backend:
        server = gateway(salesforce, httpd, backend)
        server.expect_log("SFJ0704")
        refused(server, server.post(REQUEST))
        assert backend.requests == 1


@pytest.mark.parametrize("data", CASES)
def test_an_answer_that_is_no_http_is_a_fault_after_a_renewal_too(salesforce, httpd, data):
    with Backend(session_over(), data) as backend:
        server = gateway(salesforce, httpd, backend)
        server.expect_log("SFJ0704")
        refused(server, server.post(REQUEST))
        assert backend.requests == 2


@pytest.mark.parametrize("data", CASES)
def test_an_answer_that_is_no_http_is_a_fault_without_renewing(salesforce, httpd, data):
    with Backend(data) as backend:
        server = gateway(salesforce, httpd, backend, SFJwtRenew="Off")
        server.expect_log("SFJ0704")
        refused(server, server.post(REQUEST))


@pytest.mark.parametrize("mpm", ["event"], indirect=True)  # prefork has no HTTP/2
@pytest.mark.parametrize("data", CASES)
def test_an_answer_that_is_no_http_is_a_fault_over_http_2(salesforce, httpd, data):
    with Backend(data) as backend:
        server = gateway(salesforce, httpd, backend, "Protocols h2c http/1.1\n", ["http2"])
        server.expect_log("SFJ0704")
        connection = Http2Connection(socket.create_connection(("127.0.0.1", server.port), DEADLINE))
        refused(server, connection.response(connection.request(REQUEST, [("Content-Type", "text/xml")], PATH)))
        connection.close()


def test_a_body_without_end_behind_a_bad_head_is_not_read(salesforce, httpd):
    stopped = threading.Event()

    def serve(connection, _head, _body):
        connection.send(b"HTTP/1.1 200 OK\r\nX-A: a\rb\r\nContent-Length: 10000000000\r\n\r\n")
        try:
            while True:
                connection.send(b"x" * 65536)
        except OSError:
            stopped.set()

    with ByteServer(serve) as backend:
        server = gateway(salesforce, httpd, backend)
        server.expect_log("SFJ0704")
        refused(server, server.post(REQUEST))
        assert stopped.wait(DEADLINE)


def test_an_error_document_of_the_administrator_goes_first(salesforce, httpd):
    with Backend(NO_HTTP["cr-in-a-value"]) as backend:
        server = gateway(salesforce, httpd, backend, 'ErrorDocument 502 "own words"\n')
        answer = server.post(REQUEST)
        assert (answer.status, answer.body) == (502, b"own words")


# Trailers

TRAILERS = b"Set-Cookie: sid=1\r\nX-Trailer: 1\r\n"
WITH_TRAILERS = (
    b"HTTP/1.1 %d x\r\nContent-Type: text/xml\r\nTransfer-Encoding: chunked\r\nTrailer: Set-Cookie\r\n\r\n"
    b"4\r\n<a/>\r\n0\r\n" + TRAILERS + b"\r\n"
)  # fmt: skip
IN_PIECES = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n<a/>\r\n", b"0\r\n", TRAILERS, b"\r\n"]


def trailers_of_http2(server):
    """(the answer, the names of its headers and trailers)."""
    connection = Http2Connection(socket.create_connection(("127.0.0.1", server.port), DEADLINE))
    names = []
    take = connection._take

    def note(event):
        if isinstance(event, (h2.events.ResponseReceived, h2.events.TrailersReceived)):
            names.extend(name for name, _ in event.headers)
        take(event)

    connection._take = note
    answer = connection.response(connection.request(REQUEST, [("Content-Type", "text/xml"), ("TE", "trailers")], PATH))
    connection.close()
    return answer, names


@pytest.mark.parametrize("mpm", ["event"], indirect=True)  # prefork has no HTTP/2
@pytest.mark.parametrize("merge", ["Off", "On"])
@pytest.mark.parametrize("status", [200, 500])
def test_trailers_of_a_response_do_not_reach_clients_of_http_2(salesforce, httpd, status, merge):
    with Backend(WITH_TRAILERS % status) as backend:
        front = f"Protocols h2c http/1.1\nMergeTrailers {merge}\n"
        answer, names = trailers_of_http2(gateway(salesforce, httpd, backend, front, ["http2"]))
        assert (answer.status, answer.body) == (status, b"<a/>")
        assert not {"set-cookie", "x-trailer"} & set(names)


@pytest.mark.parametrize("mpm", ["event"], indirect=True)  # prefork has no HTTP/2
def test_trailers_that_come_late_do_not_reach_clients_of_http_2(salesforce, httpd):
    seen = threading.Event()

    def serve(connection, _head, _body):
        for piece in IN_PIECES:
            connection.send(piece)
            seen.wait(0.05)

    with ByteServer(serve) as backend:
        answer, names = trailers_of_http2(
            gateway(salesforce, httpd, backend, "Protocols h2c http/1.1\n", ["http2"]))  # fmt: skip
        assert answer.body == b"<a/>" and not {"set-cookie", "x-trailer"} & set(names)


@pytest.mark.parametrize("merge", ["Off", "On"])
def test_trailers_of_a_response_do_not_reach_clients_of_http_1(salesforce, httpd, merge):
    with Backend(WITH_TRAILERS % 200) as backend:
        server = gateway(salesforce, httpd, backend, f"MergeTrailers {merge}\n")
        answer = server.post(REQUEST)
        assert answer.body == b"<a/>" and answer.header("Set-Cookie") == answer.header("X-Trailer") == []
