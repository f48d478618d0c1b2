# SPDX-License-Identifier: Apache-2.0
"""A backend at which a TLS handshake comes to nothing, in a way of the test's choice."""

import socket
import ssl
import threading


class TlsListener:
    """A context manager. Without a certificate it hangs up on everybody; `received` is what came through TLS."""

    def __init__(self, certificate=None, key=None, *, minimum=ssl.TLSVersion.TLSv1_2):
        self._context = None
        if certificate:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.minimum_version = minimum
            self._context.load_cert_chain(certificate, key)
            self._context.set_alpn_protocols(["h2", "http/1.1"])
        self.received = b""

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
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
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _talk(self, client):
        client.settimeout(10)
        try:
            if not self._context:
                client.recv(1)
                client.close()
                return
            with self._context.wrap_socket(client, server_side=True) as wrapped:
                while data := wrapped.recv(65536):
                    self.received += data
        except OSError:
            client.close()
