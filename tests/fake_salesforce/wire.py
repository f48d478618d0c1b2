# SPDX-License-Identifier: Apache-2.0
"""An answer as a value, and its way to the connection byte by byte.

Answers are composed here and not by aiohttp's response classes, so that a misbehaving answer takes the same way as a
good one and every byte of it can be chosen.
"""

import asyncio
import http
import socket
import struct
from dataclasses import dataclass, field
from email.utils import formatdate

from aiohttp import web


@dataclass
class Answer:
    status: int
    headers: list = field(default_factory=list)  # (name, value) in order; framing is added by head()
    body: bytes = b""

    def set_header(self, name, value):
        self.headers = [pair for pair in self.headers if pair[0].lower() != name.lower()]
        self.headers.append((name, value))


@dataclass
class Delivery:
    """How the bytes of an answer travel; the defaults are those of a good server."""

    chunk_size: int = 0  # 0: Content-Length
    raw: bytes = None  # replaces head and body
    piece_size: int = 0  # 0: all at once
    pause: float = 0.0  # seconds between pieces
    cut: int = None  # bytes on the wire after which the connection ends; negative: before the end
    reset: bool = False  # the cut is a TCP reset, not a clean end


def wire_bytes(answer, delivery, keep_alive):
    if delivery.raw is not None:
        return delivery.raw
    headers = list(answer.headers)
    names = {name.lower() for name, _ in headers}
    body = answer.body
    if "date" not in names:
        headers.insert(0, ("Date", formatdate(usegmt=True)))
    if delivery.chunk_size:
        headers.append(("Transfer-Encoding", "chunked"))
        body = _chunked(body, delivery.chunk_size)
    elif "content-length" not in names:
        headers.append(("Content-Length", str(len(body))))
    if not keep_alive and "connection" not in names:
        headers.append(("Connection", "close"))
    try:
        reason = http.HTTPStatus(answer.status).phrase
    except ValueError:
        reason = "Unknown"
    head = f"HTTP/1.1 {answer.status} {reason}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers)
    return head.encode("latin-1") + b"\r\n" + body


def _chunked(body, size):
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


class WireResponse(web.StreamResponse):
    """Hands an answer to the connection of the request."""

    def __init__(self, answer, delivery=None):
        super().__init__(status=answer.status if 100 <= answer.status <= 599 else 500)
        self._answer = answer
        self._delivery = delivery or Delivery()

    async def prepare(self, request):
        delivery = self._delivery
        ends = delivery.raw is not None or delivery.cut is not None
        self._keep_alive = request.keep_alive and not ends
        data = wire_bytes(self._answer, delivery, self._keep_alive)
        if delivery.cut is not None:
            data = data[: delivery.cut]
        if request.transport is None:
            return None
        for piece in _pieces(data, delivery.piece_size):
            await request.writer.write(piece)
            if delivery.pause:
                await asyncio.sleep(delivery.pause)
        if delivery.cut is not None:
            _end(request.transport, delivery.reset)
        return None

    async def write_eof(self, data=b""):
        """Everything has been written by prepare()."""


def _pieces(data, size):
    return [data[at : at + size] for at in range(0, len(data), size)] if size else [data]


def _end(transport, reset):
    if transport is None:
        return
    if not reset:
        transport.close()
        return
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
