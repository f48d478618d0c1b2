# SPDX-License-Identifier: Apache-2.0
"""Token requests that fail: whom they are charged to, and that nobody else notices."""

import base64
import collections
import concurrent.futures
import http.client
import threading
import time

import pytest

import callers
import sections
from fake_salesforce.calls import envelope
from raw_http import PATH
from soap_fault import fault_in

HEADERS = {"Content-Type": "text/xml"}
BY_CALLER, BY_ALL = "SFJ0604", "SFJ0605"
SECONDS = 4


def users(name, count=20):
    return [f"{name}{number}@corp.example" for number in range(count)]


def unknown(salesforce, names):
    """Users that the token endpoint refuses in the way it does for those it does not know."""
    salesforce.users({name: "unapproved" for name in names})
    return names


class Attacker:
    """Sends 200 requests a second, each for another user, from several connections; a context manager."""

    RATE = 200
    CONNECTIONS = 8

    def __init__(self, server, names, addresses=("127.0.0.1",), headers=None):
        self._server, self._addresses = server, addresses
        self._headers = {**HEADERS, **(headers or {})}
        self._names = iter(names)
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._begin = None
        self.seconds = None
        self.codes = collections.Counter()

    def __enter__(self):
        self._begin = time.monotonic()
        self._threads = [threading.Thread(target=self._run, args=(number,)) for number in range(self.CONNECTIONS)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        while time.monotonic() - self._begin < SECONDS:
            time.sleep(0.05)
        self._end.set()
        for thread in self._threads:
            thread.join()
        self.seconds = time.monotonic() - self._begin

    def _run(self, number):
        sent = 0
        while not self._end.is_set():
            with self._lock:
                name = next(self._names)
            address = self._addresses[(number + sent * self.CONNECTIONS) % len(self._addresses)]
            code = self._post(name, address)
            with self._lock:
                self.codes[code] += 1
            sent += 1
            due = self._begin + sent * self.CONNECTIONS / self.RATE
            self._end.wait(max(0, due - time.monotonic()))

    def _post(self, name, address):
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=30, source_address=(address, 0))
        connection.request("POST", PATH, envelope(name), self._headers)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        for code in (BY_CALLER, BY_ALL, "SFJ0601"):
            if code.encode() in body:
                return code
        return answer.status


def by_name(caller):
    return {"Authorization": "Basic " + base64.b64encode(f"{caller}:{callers.PASSWORD}".encode()).decode()}


def served(server, name, address="127.0.0.9", headers=None):
    """Whether a request for this user is answered well, and soon (generously, for a busy machine)."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20, source_address=(address, 0))
    try:
        connection.request("POST", PATH, envelope(name), {**HEADERS, **(headers or {})})
        answer = connection.getresponse()
        answer.read()
        return answer.status == 200
    except TimeoutError:
        return False
    finally:
        connection.close()


def with_idle_users(salesforce, server, names, **how):
    """Users whose tokens the gateway had, and has given up by now (SFJwtTokenIdle 1)."""
    for name in names:
        assert served(server, name, **how)
    time.sleep(2)
    salesforce.forget()


def sent_for(salesforce, names):
    wanted = set(names)
    return sum(request.user in wanted for request in salesforce.token_requests())


@pytest.mark.parametrize("way", ["address", "user"])
def test_one_caller_does_not_starve_the_users_of_others(salesforce, httpd, way):
    invented = unknown(salesforce, users("invented", 20_000))
    if way == "user":
        server = callers.gateway(httpd, salesforce, SFJwtTokenIdle="1")
        attacker, victim = {"headers": by_name("reports")}, {"headers": by_name("billing"), "address": "127.0.0.1"}
    else:
        server = httpd(sections.gateway(salesforce, SFJwtTokenIdle="1"))
        attacker, victim = {}, {}
    server.allow_log("SFJ060[145]")
    with_idle_users(salesforce, server, users("idle"), **victim)
    with Attacker(server, invented, **attacker) as attack:
        time.sleep(1)
        for kind in ("new", "idle"):
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                assert list(pool.map(lambda name: served(server, name, **victim), users(kind))) == [True] * 20
    assert attack.codes[BY_CALLER] > 50
    assert sent_for(salesforce, invented) <= 5 * attack.seconds


def test_from_many_addresses_users_who_had_a_token_are_served_and_few_requests_are_sent(salesforce, httpd):
    invented = unknown(salesforce, users("invented", 20_000))
    server = httpd(sections.gateway(salesforce, SFJwtTokenIdle="1"))
    server.allow_log("SFJ060[145]")
    with_idle_users(salesforce, server, users("idle"))
    addresses = [f"127.0.{third}.{fourth}" for third in range(1, 21) for fourth in range(1, 251)]
    with Attacker(server, invented, addresses) as attack:
        time.sleep(1)
        assert [served(server, name) for name in users("idle")] == [True] * 20
    assert attack.codes[BY_ALL] > 50
    assert sent_for(salesforce, invented) <= 20 + 5 * attack.seconds


def test_sixty_unapproved_users_of_an_application_are_not_its_other_users_trouble(salesforce, httpd):
    unapproved = unknown(salesforce, users("unapproved", 60))
    server = httpd(sections.gateway(salesforce))
    server.allow_log("SFJ0601")
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda name: fault_in(server.post(envelope(name))).code, unapproved))
        assert answers == ["SFJ0601"] * 60
        good = list(pool.map(lambda name: served(server, name, "127.0.0.1"), users("good")))
        assert good == [True] * 20
    assert [served(server, name, "127.0.0.8") for name in users("other")] == [True] * 20


def test_a_throttled_caller_is_told_when_to_try_again_and_the_log_who_it_is(salesforce, httpd):
    unknown(salesforce, users("invented", 60))
    server = callers.gateway(httpd, salesforce)
    server.allow_log("SFJ060[15]")
    server.expect_log(r"SFJ0604: Token requests of this caller failed.*\[caller reports\]")
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda name: callers.call(server, envelope(name), "reports"), users("invented", 60)))
    throttled = next(answer for answer in answers if fault_in(answer).code == BY_CALLER)
    assert throttled.status == 500 and throttled.header("Retry-After") == ["1"]
    assert b"SERVER_UNAVAILABLE" in throttled.body and b"reports" not in throttled.body
    assert fault_in(throttled).faultcode == "Server"


@pytest.mark.parametrize("how", ["graceful", "restart"])
def test_a_restart_is_no_remission(salesforce, httpd, how):
    invented = unknown(salesforce, users("invented", 60))
    server = httpd(sections.gateway(salesforce))
    server.allow_log("SFJ060[145]")
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda name: server.post(envelope(name)), invented))
        getattr(server, how)()
        salesforce.forget()
        more = unknown(salesforce, users("more", 60))
        answers = list(pool.map(lambda name: fault_in(server.post(envelope(name))).code, more))
    assert BY_CALLER in answers and len(salesforce.token_requests()) <= 10
