# SPDX-License-Identifier: Apache-2.0
"""What an endpoint received, to the byte."""

import base64
import collections
import itertools
import time
import weakref
from dataclasses import dataclass, field

KEPT = 10_000  # records; older ones are forgotten, counters are not


@dataclass
class Record:
    method: str
    path: str  # with the query string, as sent
    version: str
    headers: list  # [name, value] in the order and spelling of the wire
    body: bytes  # after the transfer coding, before any content coding
    connection: int  # equal for requests on one connection
    tls: bool
    client_certificate: bool = False  # the client showed one
    received_at: float = field(default_factory=time.time)
    complete: bool = False  # the whole body came
    notes: dict = field(default_factory=dict)  # what the endpoint made of it

    def as_json(self):
        return {
            "method": self.method, "path": self.path, "version": self.version, "headers": self.headers,
            "body_base64": base64.b64encode(self.body).decode(), "connection": self.connection, "tls": self.tls,
            "client_certificate": self.client_certificate,
            "received_at": self.received_at,
            "complete": self.complete, **self.notes,
        }  # fmt: skip


class Recorder:
    _serial = itertools.count(1)
    _connections = weakref.WeakKeyDictionary()

    def __init__(self):
        self.forget()

    def forget(self):
        self.records = collections.deque(maxlen=KEPT)
        self.total = 0
        self.by_user = collections.Counter()
        self.connections = set()

    async def record(self, request):
        """Recorded on arrival, so that a request that breaks off half-way counts too."""
        record = Record(
            method=request.method,
            path=request.raw_path,
            version=f"HTTP/{request.version.major}.{request.version.minor}",
            headers=[[name.decode("latin-1"), value.decode("latin-1")] for name, value in request.raw_headers],
            body=b"",
            connection=self._serial_of(request.transport),
            tls=request.secure,
            client_certificate=bool(request.get_extra_info("peercert")),
        )
        self.records.append(record)
        self.total += 1
        self.connections.add(record.connection)
        record.body = await request.read()
        record.complete = True
        return record

    def _serial_of(self, transport):
        if transport is None:  # gone already
            return next(self._serial)
        if transport not in self._connections:
            self._connections[transport] = next(self._serial)
        return self._connections[transport]
