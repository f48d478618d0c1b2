# SPDX-License-Identifier: Apache-2.0
"""Requests as bytes, for what no HTTP client would send, and the answers that came back on one connection."""

import http.client
import io

from gateway_httpd import Response

PATH = "/services/Soap/u/66.0"


def post(body, headers=(), path=PATH, media_type="text/xml; charset=utf-8", length=True, version="HTTP/1.1"):
    """The bytes of a POST. `headers` are (name, value) pairs; media_type None leaves the header out; `length` may be
    another length than that of the body, False for none."""
    lines = [f"POST {path} {version}", "Host: localhost"]
    if media_type is not None:
        lines.append(f"Content-Type: {media_type}")
    if length is not False:
        lines.append(f"Content-Length: {len(body) if length is True else length}")
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def chunked(body, size):
    """The chunked coding (RFC 9112 section 7.1) of a body."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


class _Received(io.BytesIO):
    """Stands for the socket and for the file made of it; HTTPResponse closes that after each response."""

    def makefile(self, _mode):
        return self

    def close(self):
        """Stays open for the next response."""


def responses_in(data, methods=()):
    """The final responses in the order they came; `methods` are those of the requests where one was not POST."""
    received = _Received(data)
    found = []
    while received.tell() < len(data):
        method = methods[len(found)] if len(found) < len(methods) else "POST"
        reader = http.client.HTTPResponse(received, method=method)
        reader.begin()  # skips 100 Continue
        found.append(Response(reader.status, reader.getheaders(), reader.read()))
    return found
