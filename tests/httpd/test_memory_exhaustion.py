# SPDX-License-Identifier: Apache-2.0
"""Memory ends, again and again: one in N allocations of the module, and of libcurl for it, fails. Each request is served or
gets a fault, no child dies, no token gets into the wrong hands, and all is well as soon as there is memory again."""

import concurrent.futures
import contextlib
import gzip
import http.client
import itertools
import mmap
import os
import re
import struct
from xml.etree import ElementTree

import pytest

import sections
from fake_salesforce.calls import envelope
from gateway_httpd import MODULE
from soap_fault import fault_in

PRELOADED = MODULE.parent / "fault_injection.so"
REQUESTS = 2000 if os.environ.get("SFJWT_SOAK") else 300
KINDS = ("a hit", "a new user", "an ended session", "a refusal", "gzip")
CLIENTS = 8
OLD_USERS = [f"old{number}@corp.example" for number in range(REQUESTS // len(KINDS))]
HEADERS = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}


class FaultInjection:
    """The switch; its fields are those of Control in fault_injection/allocation_failure.cc."""

    FIELDS = struct.Struct("=IIQQ")

    def __init__(self, file):
        file.write_bytes(bytes(self.FIELDS.size))
        file.chmod(0o666)
        with open(file, "r+b") as opened:
            self._map = mmap.mmap(opened.fileno(), self.FIELDS.size)
        self._generations = itertools.count(1)

    @contextlib.contextmanager
    def one_in(self, chances):
        struct.pack_into("=I", self._map, 4, next(self._generations))
        struct.pack_into("=I", self._map, 0, chances)
        try:
            yield
        finally:
            struct.pack_into("=I", self._map, 0, 0)

    def failed(self):
        return self.FIELDS.unpack(self._map[:])[3]


@pytest.fixture
def gateway(salesforce, httpd):
    """A gateway, and the switch of its memory."""
    environment = {"LD_PRELOAD": str(PRELOADED), "SFJWT_FAULT_INJECTION": "{folder}/tmp/memory"}
    server = httpd(sections.gateway(salesforce), start=False, environment=environment)
    injection = FaultInjection(server.folder / "tmp/memory")
    # Refused, interrupted in a filter, and what mod_proxy says when it gets no body or cannot answer.
    server.allow_log("SFJ0[1-9]|AH01097|AH01095|AH01084|AH00898|AH01102|AH01110")
    return server.start(), injection


def requests():
    """What is sent, in turns: a user who has a token, a new one, one whose session has ended, a document that is refused, and
    a compressed one."""
    for number in range(REQUESTS):
        what, user = KINDS[number % len(KINDS)], OLD_USERS[number // len(KINDS)]
        if what == "a new user":
            user = f"new{number}@corp.example"
        body, headers = envelope(user), {**HEADERS, "X-For": user}
        if what == "a refusal":
            body = body.replace(b"getUserInfo", b"getNobody")
        if what == "gzip":
            body, headers = gzip.compress(body), {**headers, "Content-Encoding": "gzip"}
        yield what, user, body, headers


def send(server, salesforce, what, user, body, headers):
    """What is wrong with the answer, if anything is."""
    if what == "an ended session":
        salesforce.revoke(user=user)
    try:
        answer = server.request("POST", "/services/Soap/u/66.0", body, headers)
    except (OSError, http.client.HTTPException) as error:
        return f"{what}: {error!r}"
    if answer.status == 200:
        return "" if f">{user}<".encode() in answer.body else f"{what}: not as {user}: {answer.body}"
    if b"INVALID_SESSION_ID" in answer.body:
        return ""  # the fault of Salesforce: there was no memory for a new session
    try:
        return "" if fault_in(answer).code else f"{what}: no code"
    except (AssertionError, ElementTree.ParseError):
        return f"{what}: {answer.status} without a fault: {answer.body}"


@pytest.mark.parametrize("chances", [10, 30, 100, 300, 1000])
def test_without_memory_there_are_faults_and_nothing_else(gateway, salesforce, chances):
    server, injection = gateway
    assert {server.post(envelope(user)).status for user in OLD_USERS} == {200}
    children = server.children()
    with injection.one_in(chances), concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        answers = [pool.submit(send, server, salesforce, *request) for request in requests()]
    print(f"{injection.failed()} allocations failed")
    assert injection.failed() > REQUESTS // chances
    assert [answer.result() for answer in answers if answer.result()] == []
    assert server.children() == children
    # Each request has a connection of its own; a later one may have the same port again, in another thread.
    told = re.findall(r"(:tid \d+\] \[client [^\]]+)\] SFJ0902", server.error_log())
    assert sorted(told) == sorted(set(told))
    owners = salesforce.secrets()["owners"]
    received = [request for request in salesforce.requests() if request.header("X-For")]
    assert [request for request in received if [owners.get(request.session)] != request.header("X-For")] == []
    for user in [*OLD_USERS, "recovered@corp.example"]:
        server.wait_until(lambda user=user: server.post(envelope(user)).status == 200, f"the recovery of {user}")
