# SPDX-License-Identifier: Apache-2.0
"""A backend whose answers a test writes byte by byte, on a TCP or a Unix socket, without TLS."""

import contextlib
import socket
import threading

from gateway_httpd import DEADLINE


class Connection:
    """One connection of mod_proxy."""

    def __init__(self, client):
        self._socket = client
        self._stream = client.makefile("rb")

    def request(self):
        """(head, body) of the next request, both bytes; None when there is none."""
        lines = []
        while (line := self._stream.readline()) not in (b"\r\n", b""):
            lines.append(line)
        head = b"".join(lines)
        if not head:
            return None
        lengths = [line.partition(b":")[2] for line in lines if line.lower().startswith(b"content-length:")]
        return head, self._stream.read(int(lengths[0])) if lengths else b""

    def send(self, data):
        self._socket.sendall(data)

    def answer(self, body, status=200):
        head = f"HTTP/1.1 {status} x\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        self.send(head.encode() + body)


class ByteServer:
    """Calls `serve(connection, head, body)` for each request, in a thread per connection. A context manager."""

    def __init__(self, serve, path=None):
        self._serve = serve
        self._listener = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
        self._listener.bind(str(path) if path else ("127.0.0.1", 0))
        self._listener.listen(128)
        self.port = None if path else self._listener.getsockname()[1]
        self.url = None if path else f"http://localhost:{self.port}"
        self.connections = 0
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(DEADLINE)

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._talk, args=[client], daemon=True).start()

    def _talk(self, client):
        client.settimeout(DEADLINE)
        with client, contextlib.suppress(OSError):
            connection = Connection(client)
            while (request := connection.request()) is not None:
                self._serve(connection, *request)
