#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""HTTPS servers that behave well or badly, for the transport's unit test.

Prints one line of JSON with the ports and files it made, and ends when its standard input does. Usage:
token_server.py FOLDER
"""
import http.server
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import warnings

BODY = b'{"access_token":"00D!x"}'
stopping = threading.Event()


def certificate(folder, name, alternative_names):
    path = os.path.join(folder, name + ".pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
         "2", "-subj", "/CN=" + name, "-addext", "subjectAltName=" + alternative_names, "-keyout", path + ".key",
         "-out", path], check=True, capture_output=True)
    with open(path + ".both", "w", encoding="ascii") as both:
        for part in (path, path + ".key"):
            with open(part, encoding="ascii") as text:
                both.write(text.read())
    return path


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def version_string(self):
        return "test"

    def raw(self, head, body=b""):
        self.wfile.write(head.replace("\n", "\r\n").encode() + body)

    def sized(self, status, body, headers=""):
        self.raw(f"HTTP/1.1 {status} X\nContent-Type: application/json\nContent-Length: {len(body)}\n{headers}\n", body)

    def until_closed(self, piece=b""):
        """Sends the piece again and again, or nothing, until the client has had enough."""
        self.close_connection = True
        self.connection.settimeout(0.02)
        while not stopping.is_set():
            try:
                if piece:
                    self.wfile.write(piece)
                if not self.connection.recv(1):
                    return
            except TimeoutError:
                continue
            except OSError:
                return

    def do_POST(self):
        form = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        with self.server.lock:
            self.server.seen.append((self.path, self.client_address))
        getattr(self, "answer_" + self.path.partition("?")[0].strip("/").replace("-", "_"))(form)

    def answer_ok(self, _form):
        self.sized(200, BODY, "Date: Tue, 14 Nov 2023 22:13:20 GMT\n")

    def answer_echo(self, form):
        peer = self.connection.getpeercert() if isinstance(self.connection, ssl.SSLSocket) else None
        told = {"path": self.path, "form": form.decode("ascii"), "headers": dict(self.headers.items()),
                "certificate": bool(peer)}
        self.sized(200, json.dumps(told).encode())

    def answer_connections(self, _form):
        with self.server.lock:
            peers = {address for path, address in self.server.seen if path == self.path}
        self.sized(200, str(len(peers)).encode())

    def answer_redirect(self, _form):
        self.sized(302, b"", f"Location: https://localhost:{self.server.server_port}/redirected\n")

    def answer_redirected(self, _form):
        self.sized(200, BODY)

    def answer_seen(self, _form):
        with self.server.lock:
            self.sized(200, json.dumps([path for path, _ in self.server.seen]).encode())

    def answer_largest(self, _form):
        self.sized(200, b"x" * 65536)

    def answer_too_large(self, _form):
        self.sized(200, b"x" * 65537)

    def answer_too_large_chunked(self, _form):
        self.raw("HTTP/1.1 200 X\nTransfer-Encoding: chunked\n\n")
        self.until_closed(b"1000\r\n" + b"x" * 4096 + b"\r\n")

    def answer_gzip_bomb(self, _form):
        import gzip
        self.sized(200, gzip.compress(b" " * 10_000_000), "Content-Encoding: gzip\n")

    def answer_many_headers(self, _form):
        self.raw("HTTP/1.1 200 X\n" + "".join(f"X-{n}: {'x' * 1000}\n" for n in range(100))
                 + "Content-Length: 0\n\n")

    def answer_endless_headers(self, _form):
        self.raw("HTTP/1.1 200 X\n")
        self.until_closed((b"X: " + b"x" * 1000 + b"\r\n") * 16)

    def answer_silence(self, _form):
        self.until_closed()

    def answer_drip(self, _form):
        self.raw("HTTP/1.1 200 X\nTransfer-Encoding: chunked\n\n")
        self.until_closed(b"1\r\nx\r\n")

    def answer_reset(self, _form):
        self.close_connection = True
        self.connection.close()

    def answer_garbage(self, _form):
        self.raw("this is not HTTP\n\n")
        self.close_connection = True

    def answer_cut(self, _form):
        self.raw("HTTP/1.1 200 X\nContent-Length: 100\n\n", b"{")
        self.close_connection = True

    def answer_cut_short(self, _form):
        self.raw("HTTP/1.1 200 X\nContent-Length: 100\n\n", b"{")
        self.close_connection = True
        # Without the end that TLS would announce: the connection is reset.
        raw = socket.socket(fileno=self.connection.detach())
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw.close()

    def answer_interim(self, _form):
        self.raw("HTTP/1.1 103 Early\nDate: Mon, 01 Jan 2001 00:00:00 GMT\nRetry-After: 99\n\n")
        self.sized(503, b"{}", "Date: Tue, 14 Nov 2023 22:13:20 GMT\n")

    def answer_trailers(self, _form):
        self.raw("HTTP/1.1 200 X\nTransfer-Encoding: chunked\nTrailer: Retry-After\n\n2\r\n{}\r\n0\r\n".replace("\r\n", "\n")
                 + "Retry-After: 99\nDate: Mon, 01 Jan 2001 00:00:00 GMT\n\n")

    def answer_retry_seconds(self, _form):
        self.sized(429, b"", "Retry-After: 17\n")

    def answer_retry_endless(self, _form):
        self.sized(429, b"", f"Retry-After: {'9' * 40}\n")

    def answer_retry_date(self, _form):
        self.sized(503, b"", "Date: Tue, 14 Nov 2023 22:13:20 GMT\nRetry-After: Tue, 14 Nov 2023 22:14:00 GMT\n")

    def answer_retry_nonsense(self, _form):
        self.sized(503, b"", "Date: soon\nRetry-After: later\n")

    def answer_unauthorized(self, _form):
        self.sized(401, b"{}", 'WWW-Authenticate: Basic realm="x"\n')


class Proxy(http.server.BaseHTTPRequestHandler):
    """An HTTP proxy that knows CONNECT, and says a date of its own."""

    def log_message(self, *arguments):
        pass

    def do_CONNECT(self):
        host, port = self.path.rsplit(":", 1)
        with socket.create_connection((host, int(port))) as server:
            self.wfile.write(b"HTTP/1.1 200 X\r\nRetry-After: 99\r\n\r\n")
            back = threading.Thread(target=self.pump, args=(server, self.connection), daemon=True)
            back.start()
            self.pump(self.connection, server)
        self.close_connection = True

    @staticmethod
    def pump(source, sink):
        try:
            while data := source.recv(4096):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, handler, context=None):
        super().__init__(("127.0.0.1", 0), handler)
        self.context = context
        self.lock = threading.Lock()
        self.seen = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def finish_request(self, request, client_address):
        request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.context:
            request.settimeout(10)
            request = self.context.wrap_socket(request, server_side=True)
        super().finish_request(request, client_address)

    def handle_error(self, request, client_address):
        pass


def context_with(path, ask_for=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, path + ".key")
    if ask_for:
        context.verify_mode = ssl.CERT_OPTIONAL
        context.load_verify_locations(ask_for)
    return context


def main():
    folder = sys.argv[1]
    here = certificate(folder, "localhost", "DNS:localhost")
    elsewhere = certificate(folder, "elsewhere", "DNS:elsewhere.corp.example")
    old = context_with(here)
    warnings.simplefilter("ignore", DeprecationWarning)  # old TLS is the point
    old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        told = {
            "good": Server(Answers, context_with(here, elsewhere)).server_port,
            "wrong_name": Server(Answers, context_with(elsewhere)).server_port,
            "old_tls": Server(Answers, old).server_port,
            "plain": Server(Answers).server_port,
            "proxy": Server(Proxy).server_port,
            "closed": unused.getsockname()[1],  # bound here, but nobody listens
            "ca": here,
            "other_ca": elsewhere,
            "client": elsewhere + ".both",
        }
        print(json.dumps(told), flush=True)
        sys.stdin.read()
    stopping.set()


main()
