# SPDX-License-Identifier: Apache-2.0
"""Faults on command. One misbehaviour is a JSON object; every key is optional:

  which requests   "times": 1 (null: until the next reset), "skip": 0 (let so many pass first),
                   "user": only this user's, "operation": only this SOAP operation
  when             "delay": seconds before the answer, "hold": NAME (wait for /_control/release)
  what             "status": 503, "headers": [["Retry-After", "7"], ...], "body": text or "body_base64": bytes,
                   "fields": {...} merged into the JSON of the token endpoint (null removes one),
                   "error": [code, description] an OAuth error, "fault": [code, text] a SOAP fault in the
                   dialect of the request
  how              "gzip": true or "deflate": true, "chunked": bytes per chunk, "raw": text or "raw_base64": the whole
                   answer with its head, "drip": {"bytes": 1, "pause": 0.01},
                   "cut": bytes on the wire before the connection ends (negative: counted from the end),
                   "reset": true (the end is a TCP reset)

The request is counted and recorded as ever. An unknown key is an error, so that a misspelt test cannot pass.
"""

import asyncio
import base64
import gzip
import json
import zlib
from dataclasses import dataclass, field
from typing import Optional

from .wire import Delivery


@dataclass
class Misbehaviour:
    times: Optional[int] = 1
    skip: int = 0
    user: Optional[str] = None
    operation: Optional[str] = None
    delay: float = 0.0
    hold: Optional[str] = None
    status: Optional[int] = None
    headers: list = field(default_factory=list)
    body: Optional[str] = None
    body_base64: Optional[str] = None
    fields: Optional[dict] = None
    error: Optional[list] = None
    fault: Optional[list] = None
    gzip: bool = False
    deflate: bool = False
    chunked: int = 0
    raw: Optional[str] = None
    raw_base64: Optional[str] = None
    drip: Optional[dict] = None
    cut: Optional[int] = None
    reset: bool = False

    def meets(self, user, operation):
        return (self.user in (None, user)) and (self.operation in (None, operation))

    def change(self, answer):
        """Alters the answer in place and says how it travels."""
        if self.status is not None:
            answer.status = self.status
        if self.fields is not None:
            _merge(answer, self.fields)
        body = _bytes_of(self.body, self.body_base64)
        if body is not None:
            answer.body = body
        self._encode(answer)
        for name in {name.lower() for name, _ in self.headers}:
            answer.headers = [pair for pair in answer.headers if pair[0].lower() != name]
        answer.headers += [(name, value) for name, value in self.headers]
        drip = self.drip or {}
        return Delivery(
            chunk_size=self.chunked,
            raw=_bytes_of(self.raw, self.raw_base64),
            piece_size=drip.get("bytes", 0),
            pause=drip.get("pause", 0.0),
            cut=self.cut,
            reset=self.reset,
        )

    def _encode(self, answer):
        if self.gzip:
            answer.body = gzip.compress(answer.body)
            answer.set_header("Content-Encoding", "gzip")
        elif self.deflate:
            answer.body = zlib.compress(answer.body)
            answer.set_header("Content-Encoding", "deflate")


def _bytes_of(text, encoded):
    if encoded is not None:
        return base64.b64decode(encoded, validate=True)
    return None if text is None else text.encode()


def _merge(answer, fields):
    reply = {**json.loads(answer.body), **fields}
    answer.body = json.dumps({name: value for name, value in reply.items() if value is not None}).encode()


class Misbehaviours:
    """Those ordered for one endpoint, oldest first; the first that meets a request is spent on it."""

    def __init__(self):
        self._ordered = []
        self._holds = {}
        self._held = {}

    def order(self, description):
        """Raises TypeError for a key that does not exist."""
        misbehaviour = Misbehaviour(**description)
        self._ordered.append(misbehaviour)
        return misbehaviour

    def next_for(self, user=None, operation=None):
        for misbehaviour in self._ordered:
            if not misbehaviour.meets(user, operation):
                continue
            if misbehaviour.skip > 0:
                misbehaviour.skip -= 1
                continue
            if misbehaviour.times is not None:
                misbehaviour.times -= 1
                if misbehaviour.times <= 0:
                    self._ordered.remove(misbehaviour)
            return misbehaviour
        return Misbehaviour()

    async def wait(self, misbehaviour):
        if misbehaviour.delay:
            await asyncio.sleep(misbehaviour.delay)
        name = misbehaviour.hold
        if name is None:
            return
        event = self._holds.setdefault(name, asyncio.Event())
        self._held[name] = self._held.get(name, 0) + 1
        try:
            await event.wait()
        finally:
            self._held[name] -= 1

    def held(self):
        return {name: count for name, count in self._held.items() if count}

    def release(self, name):
        self._holds.setdefault(name, asyncio.Event()).set()

    def reset(self):
        self._ordered.clear()
        for event in self._holds.values():
            event.set()
        self._holds = {}
