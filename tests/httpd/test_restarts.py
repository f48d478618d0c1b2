# SPDX-License-Identifier: Apache-2.0
"""Graceful restarts under load: what clients notice of them, beside a plain ProxyPass of the same server that has the same
load at the same time, and what they leave behind."""

import collections
import http.client
import math
import os
import threading
import time
from pathlib import Path

import pytest

import sections
from fake_salesforce.calls import envelope

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
