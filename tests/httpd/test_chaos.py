# SPDX-License-Identifier: Apache-2.0
"""A minute in which everything goes wrong that may: children are killed, httpd restarts, sessions end, the token endpoint
fails and is slow. Nobody notices but whose connection a killed child had, and nobody gets another's token."""

import collections
import http.client
import itertools
import os
import random
import signal
import threading
import time
from pathlib import Path

import pytest

import sections
from fake_salesforce.calls import envelope
from test_restarts import SEVERAL_CHILDREN

pytestmark = pytest.mark.skipif("not os.environ.get('SFJWT_SOAK')", reason="takes minutes: tests/run.sh --soak")
CLIENTS = 16
USERS = [f"user{number}@corp.example" for number in range(40)]
DURATION = 60.0  # seconds
PAUSE = 0.12  # between a client's requests: the fake keeps the last 10,000
REVOKED = 8  # users at a time, in turn
FAILING = 3  # of these
SLOW = 2  # of the others


class Client(threading.Thread):
    """Asks for one user after the other who he is, on a connection each, until it is told to stop."""

    def __init__(self, server, seed):
        super().__init__(daemon=True)
        self.served = 0
        self.failures = []  # what, the port it came from, when it began and ended
        self._server, self._random, self._stopped = server, random.Random(seed), threading.Event()
        self.start()

    def stop(self):
        self._stopped.set()
        self.join()

    def run(self):
        while not self._stopped.wait(PAUSE):
            user = self._random.choice(USERS)
            connection = self._server.connection()
            port, begin = None, time.monotonic()
            try:
                connection.connect()
                port = connection.sock.getsockname()[1]
                what = self._ask(connection, user)
            except (OSError, http.client.HTTPException) as error:
                what = type(error).__name__
            connection.close()
            if what:
                self.failures.append((what, port, begin, time.monotonic()))
            else:
                self.served += 1

    def _ask(self, connection, user):
        """What went wrong, if anything did."""
        headers = {"Content-Type": "text/xml", "Connection": "close", "X-For": user}
        connection.request("POST", "/services/Soap/u/66.0", envelope(user), headers)
        answer = connection.getresponse()
        body = answer.read().decode()
        return "" if answer.status == 200 and f">{user}<" in body else f"{answer.status} for {user}: {body}"


class Chaos:
    def __init__(self, server, salesforce):
        self.counts = collections.Counter()
        self.killed = {}  # when, by the port of the client
        self.memory = []  # when; KB of the parent, KB of the child that has the most
        self._server, self._salesforce = server, salesforce
        self._turns = itertools.cycle(USERS[at : at + REVOKED] for at in range(0, len(USERS), REVOKED))
        self._fail_next = self._slow_next = False

    def run(self):
        begin = time.monotonic()
        tasks = {self.kill: 4, self.restart: 11, self.revoke: 2, self.fail: 9, self.slow: 13, self.measure: 0.5}
        due = {task: begin + period for task, period in tasks.items()}
        while time.monotonic() < begin + DURATION:
            task = min(due, key=due.get)
            time.sleep(max(0.0, due[task] - time.monotonic()))
            due[task] += tasks[task]
            task()
            self.counts[task.__name__] += 1

    def kill(self):
        """A child is stopped first, so that the connections it has are those it dies with."""
        child = random.choice(self._server.children())
        try:
            os.kill(child, signal.SIGSTOP)
            now = time.monotonic()
            self.killed |= {port: now for port in ports_of_clients(child, self._server.port)}
            os.kill(child, signal.SIGKILL)
        except (FileNotFoundError, ProcessLookupError):  # it had ended by itself, after a restart
            self.kill()

    def restart(self):
        self._server.graceful()

    def revoke(self):
        """Each of the users asks for a token now; some of them, when it is time, find the endpoint failing or slow."""
        users = next(self._turns)
        for user in users[:FAILING] if self._fail_next else []:
            self._salesforce.misbehave_token(user=user, status=503, body="busy")
        for user in users[FAILING : FAILING + SLOW] if self._slow_next else []:
            self._salesforce.misbehave_token(user=user, delay=1.5)
        self._fail_next = self._slow_next = False
        self.counts["revoked"] += sum(self._salesforce.revoke(user=user) for user in users)

    def fail(self):
        self._fail_next = True

    def slow(self):
        self._slow_next = True

    def measure(self):
        children = [kilobytes(child) for child in self._server.children()]
        self.memory.append((kilobytes(self._server.pid), max(children, default=0)))


def ports_of_clients(process, port):
    """Of the connections this process has accepted at the port."""
    sockets = set()
    for file in Path(f"/proc/{process}/fd").iterdir():
        try:
            sockets.add(os.readlink(file))
        except FileNotFoundError:
            pass
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return [
        int(row[2].split(":")[1], 16)
        for row in rows
        if int(row[1].split(":")[1], 16) == port and f"socket:[{row[9]}]" in sockets
    ]


def kilobytes(process):
    """What a process has in memory that is its own; 0 when it is gone."""
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("RssAnon:")), 0)


def grows(numbers):
    half = len(numbers) // 2
    return max(numbers[half:]) > 1.2 * max(numbers[:half]) + 1024


def for_another(request, owners):
    """Whether a request came to the backend, whole, with a token that is not that of the user it was sent for."""
    return request.complete and [owners.get(request.session)] != request.header("X-For")


def test_only_connections_of_killed_children_break(salesforce, httpd, capsys):
    server = httpd(SEVERAL_CHILDREN + sections.gateway(salesforce), log_level="notice")
    server.allow_log(r"AH00052: child pid \d+ exit signal Killed \(9\)")
    assert {server.post(envelope(user), headers={"X-For": user}).status for user in USERS} == {200}
    chaos = Chaos(server, salesforce)
    clients = [Client(server, seed) for seed in range(CLIENTS)]
    try:
        chaos.run()
    finally:
        for client in clients:
            client.stop()
    failures = [failure for client in clients for failure in client.failures]
    unexplained = [what for what, port, begin, end in failures if not begin <= chaos.killed.get(port, 0) <= end]
    with capsys.disabled():
        print(f"\nserved {sum(client.served for client in clients)}, {len(failures)} broken with their child, ",
              f"{dict(chaos.counts)}, KB of parent and child: {chaos.memory[0]} {chaos.memory[-1]}")  # fmt: skip
    assert collections.Counter(unexplained) == {}
    owners = salesforce.secrets()["owners"]
    assert [request.header("X-For") for request in salesforce.requests() if for_another(request, owners)] == []
    assert not grows([parent for parent, _ in chaos.memory]), chaos.memory
    assert not grows([child for _, child in chaos.memory]), chaos.memory
    # It was as wild as it should be.
    assert chaos.counts["kill"] >= 14 and chaos.counts["restart"] >= 5 and chaos.counts["revoked"] >= 200
    assert sum(client.served for client in clients) > 2000
