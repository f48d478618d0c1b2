# SPDX-License-Identifier: Apache-2.0
"""An HTTP proxy that knows CONNECT and nothing else, and remembers whom it was asked for."""

import socket
import threading


class ConnectProxy:
    """A context manager; `asked` has the authorities that were asked for."""

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.asked = []
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._tunnel, args=(client,), daemon=True).start()

    def _tunnel(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(4096)
            if not piece:
                return
            head += piece
        authority = head.split(b" ")[1].decode()
        self.asked.append(authority)
        host, _, port = authority.rpartition(":")
        backend = socket.create_connection((host, int(port)))
        client.sendall(b"HTTP/1.1 200 tunnel\r\n\r\n")
        threading.Thread(target=_pump, args=(backend, client), daemon=True).start()
        _pump(client, backend)


def _pump(source, sink):
    try:
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass
