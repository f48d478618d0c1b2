# SPDX-License-Identifier: Apache-2.0
"""Graceful restarts under load: what clients notice of them, beside a plain ProxyPass of the same server that has the same
load at the same time, and what they leave behind. And what the gateway remembers of the time before."""

import collections
import http.client
import math
import os
import threading
import time
from pathlib import Path

import pytest

import sections
from fake_salesforce.calls import JANE, envelope
from soap_fault import fault_in

USERS = [f"user{number}@corp.example" for number in range(5)]
SOAK = bool(os.environ.get("SFJWT_SOAK"))
SEVERAL_CHILDREN = """
<IfModule mpm_prefork_module>
  StartServers 8
  MinSpareServers 8
  MaxSpareServers 32
  MaxRequestWorkers 128
</IfModule>
<IfModule !mpm_prefork_module>
  StartServers 4
  MinSpareThreads 64
  MaxSpareThreads 64
  MaxRequestWorkers 128
</IfModule>
"""


class Client:
    """Sends one request after the other until it is stopped, each on a connection of its own unless it is `kept`."""

    def __init__(self, server, path, bodies, kept):
        self.served = 0
        self.failed = collections.Counter()
        self._server, self._path, self._bodies, self._kept = server, path, bodies, kept
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self):
        self._stopped.set()
        self._thread.join()

    def _run(self):
        connection = None
        while not self._stopped.wait(0.002):
            connection = connection or self._server.connection()
            try:
                body = self._bodies[self.served % len(self._bodies)]
                if self._ask(connection, body) and self._kept:
                    continue
            except (OSError, http.client.HTTPException) as error:
                self.failed[type(error).__name__] += 1
            connection.close()
            connection = None

    def _ask(self, connection, body):
        """Whether the connection can be used again."""
        headers = {"Content-Type": "text/xml"} | ({} if self._kept else {"Connection": "close"})
        connection.request("POST", self._path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status == 200 and b"queryResponse" in text or b"getUserInfoResponse" in text:
            self.served += 1
        else:
            self.failed[answer.status] += 1
        return not answer.will_close


def held_by(pid):
    """What a process must not have more of after a restart. Sockets are left out: clients and backends have a say."""
    maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
    files = []
    for file in Path(f"/proc/{pid}/fd").iterdir():
        try:
            files.append(os.readlink(file))
        except FileNotFoundError:
            pass
    return {
        "files": sum(1 for file in files if not file.startswith("socket:")),
        "shared mappings": sum(1 for line in maps if line.split()[1].endswith("s")),
        "threads": len(os.listdir(f"/proc/{pid}/task")),
    }


def held_by_all(server):
    """By the parent, by the child that has the most, and by the machine."""
    children = [held_by(child) for child in server.children()]
    most = {f"{name} of a child": max(child[name] for child in children) for name in children[0]}
    machine = {
        "files in /dev/shm": len(os.listdir("/dev/shm")),
        "segments of System V": len(Path("/proc/sysvipc/shm").read_text().splitlines()),
        "semaphores of System V": len(Path("/proc/sysvipc/sem").read_text().splitlines()),
    }
    return {**held_by(server.pid), **most, **(machine if SOAK else {})}  # other tests may run at the same time


def settled(server, count):
    """Waits until the children of older generations are gone and all threads of the others have started."""
    server.wait_until(lambda: len(server.children()) == count, "the end of the older children")
    before = None
    while (now := [held_by(child) for child in server.children()]) != before:
        before = now
        time.sleep(0.2)


def by_chance(one, other):
    """Whether counts of events that are independent of each other may differ in this way."""
    return abs(one - other) <= 3 * math.sqrt(one + other)


def test_graceful_restarts_under_load(salesforce, httpd, mpm, capsys):
    count, pause = (100, 1.5) if SOAK else (5, 0.3)
    server = httpd(SEVERAL_CHILDREN + f"ProxyPass /plain/ {salesforce.url}/services/Soap/\n" + sections.gateway(salesforce))
    children = 8 if mpm == "prefork" else 4
    assert {server.post(envelope(user)).status for user in USERS} == {200}
    server.graceful()
    settled(server, children)
    before = held_by_all(server)
    ways = {
        "gateway": ("/services/Soap/u/66.0", [envelope(user) for user in USERS]),
        "plain": ("/plain/u/66.0", [envelope(salesforce.tokens(user)[-1]) for user in USERS]),
    }
    salesforce.forget()
    clients = {(way, kept): Client(server, *ways[way], kept) for way in ways for kept in (False, True)}
    for _ in range(count):
        time.sleep(pause)
        server.graceful()
    for client in clients.values():
        client.stop()
    settled(server, children)
    after = held_by_all(server)
    if SOAK:
        with capsys.disabled():
            print(f"\n{mpm}, {count} restarts, before and after: {before} {after}")
            for (way, kept), client in clients.items():
                print(f"{way}, {'one connection' if kept else 'a connection each'}:", client.served, dict(client.failed))
    failed = {client: sum(clients[client].failed.values()) for client in clients}
    assert failed["gateway", False] == failed["plain", False] == 0
    assert failed["gateway", True] <= failed["plain", True] or by_chance(failed["gateway", True], failed["plain", True])
    assert salesforce.token_requests() == []
    assert {name for name in after if after[name] > before[name]} == set(), (before, after)


# What is remembered. That of throttled callers: test_throttling.py.


def failing(salesforce, httpd):
    server = httpd(sections.gateway(salesforce))
    server.allow_log("SFJ060[123]|SFJ0703")
    return server


def code_of(answer):
    return fault_in(answer).code if answer.status != 200 else 200


def test_a_user_that_has_been_approved_is_served_after_a_graceful_restart(salesforce, httpd):
    salesforce.users({JANE: "unapproved"})
    server = failing(salesforce, httpd)
    assert code_of(server.post(envelope(JANE))) == "SFJ0601"
    salesforce.users({JANE: "approved"})
    assert code_of(server.post(envelope(JANE))) == "SFJ0601"
    server.graceful()
    assert code_of(server.post(envelope(JANE))) == 200


def test_a_configuration_that_has_been_mended_works_after_a_graceful_restart(salesforce, httpd):
    server = failing(salesforce, httpd)
    server.write_config(sections.gateway(salesforce, SFJwtAudience="sandbox"))
    salesforce.settings(audiences=["https://login.salesforce.com"])
    server.graceful()
    assert code_of(server.post(envelope(JANE))) == "SFJ0602"
    server.write_config(sections.gateway(salesforce))
    server.graceful()
    assert code_of(server.post(envelope(JANE))) == 200


def test_an_app_that_has_been_mended_at_salesforce_works_after_a_graceful_restart(salesforce, httpd):
    client_id = salesforce.client_id
    server = failing(salesforce, httpd)
    salesforce.settings(client_id="3MVG9another")
    assert code_of(server.post(envelope(JANE))) == "SFJ0602"
    salesforce.settings(client_id=client_id)
    assert code_of(server.post(envelope(JANE))) == "SFJ0602"
    server.graceful()
    assert code_of(server.post(envelope(JANE))) == 200


def test_an_outage_that_is_over_is_forgotten_with_a_graceful_restart(salesforce, httpd):
    salesforce.misbehave_token(status=503, body="busy", times=2)  # the request is repeated once
    server = failing(salesforce, httpd)
    assert code_of(server.post(envelope(JANE))) == "SFJ0603"
    server.graceful()
    assert code_of(server.post(envelope(JANE))) == 200


def test_the_time_the_token_endpoint_has_asked_for_outlives_a_graceful_restart(salesforce, httpd):
    salesforce.misbehave_token(status=503, headers=[["Retry-After", "200"]], body="busy")
    server = failing(salesforce, httpd)
    before = server.post(envelope(JANE))
    server.graceful()
    after = server.post(envelope(JANE))
    assert code_of(before) == code_of(after) == "SFJ0603" and len(salesforce.token_requests()) == 1
    assert "is remembered" in fault_in(after).text and "graceful" not in fault_in(after).text
    assert 1 <= int(after.header("Retry-After")[0]) <= int(before.header("Retry-After")[0])


def test_tokens_outlive_a_graceful_restart(salesforce, httpd):
    server = failing(salesforce, httpd)
    assert code_of(server.post(envelope(JANE))) == 200
    server.graceful()
    assert code_of(server.post(envelope(JANE))) == 200 and len(salesforce.token_requests()) == 1


def test_renewals_are_limited_across_graceful_restarts(salesforce, httpd):
    """Fifteen of a user at once, and one every two seconds after that."""
    server = failing(salesforce, httpd)
    assert code_of(server.post(envelope(JANE))) == 200
    salesforce.forget()
    for part in range(2):
        for _ in range(14):
            salesforce.revoke(user=JANE)
            server.post(envelope(JANE))
        if part == 0:
            server.graceful()
    assert 15 <= len(salesforce.token_requests()) < 28
