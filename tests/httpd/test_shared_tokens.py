# SPDX-License-Identifier: Apache-2.0
"""One token per user whatever happens: to all processes of a server, over restarts, and when children die."""

import concurrent.futures
import os
import re
import resource
import signal
from pathlib import Path

import pytest

import sections
from fake_salesforce.calls import JANE, envelope
from soap_fault import fault_in

REQUEST = envelope(JANE)
SEVERAL_CHILDREN = """
CustomLog "{folder}/logs/children" "%P"
<IfModule mpm_prefork_module>
  StartServers 8
  MinSpareServers 8
  MaxSpareServers 32
  MaxRequestWorkers 128
</IfModule>
<IfModule !mpm_prefork_module>
  StartServers 4
  MinSpareThreads 16
  MaxSpareThreads 64
  MaxRequestWorkers 128
</IfModule>
"""


def gateway(salesforce, httpd, *server_lines, directives=None, **more):
    own = "".join(f"{line}\n" for line in server_lines)
    server = httpd(SEVERAL_CHILDREN + own + sections.gateway(salesforce, **(directives or {})), **more)
    count = 8 if more.get("mpm") == "prefork" else 4
    server.wait_until(lambda: len(server.children()) >= min(count, 4), "the children")
    return server


def children_that_answered(server):
    return set((server.folder / "logs/children").read_text().split())


def all_at_once(server, users, count):
    """Posts `count` requests at the same time; gives the futures."""
    pool = concurrent.futures.ThreadPoolExecutor(count)
    return [pool.submit(server.post, envelope(users[number % len(users)])) for number in range(count)]


# One token request


def test_one_user_is_one_request_in_all_children(salesforce, httpd):
    salesforce.misbehave_token(hold="first")
    server = gateway(salesforce, httpd)
    answers = all_at_once(server, [JANE], 32)
    salesforce.wait_until(lambda state: state["held"], "the token request")
    salesforce.release("first")
    assert [answer.result().status for answer in answers] == [200] * 32
    assert len(children_that_answered(server)) > 1
    assert len(salesforce.token_requests()) == 1


def test_fifty_users_are_fifty_requests(salesforce, httpd):
    server = gateway(salesforce, httpd)
    users = [f"user{number}@corp.example" for number in range(50)]
    answers = all_at_once(server, users, 50) + all_at_once(server, users, 50)
    assert [answer.result().status for answer in answers] == [200] * 100
    assert len(children_that_answered(server)) > 1
    assert sorted(request.user for request in salesforce.token_requests()) == sorted(users)


def test_a_failure_is_told_by_all_children_and_asked_for_once(salesforce, httpd):
    salesforce.users({JANE: "locked"})
    server = gateway(salesforce, httpd)
    server.expect_log("SFJ0601")
    answers = [answer.result() for answer in all_at_once(server, [JANE], 24)]
    texts = sorted((fault_in(answer).text for answer in answers), key=len)
    assert all(text.startswith(texts[0]) for text in texts)  # the others say that it is remembered
    assert len(children_that_answered(server)) > 1
    assert len(salesforce.token_requests()) == 1


@pytest.mark.parametrize("kind", ["sysvsem", "fcntl", "flock", "file:{folder}/run"])
def test_every_kind_of_lock_that_is_freed_by_a_death_will_do(salesforce, httpd, kind):
    server = gateway(salesforce, httpd, f"Mutex {kind} sfjwt-tokens")
    users = [f"user{number}@corp.example" for number in range(8)]
    answers = all_at_once(server, users, 32)
    assert [answer.result().status for answer in answers] == [200] * 32
    assert sorted(request.user for request in salesforce.token_requests()) == users


# Children that die


def child_talking_to(server, port):
    """The child with a connection to that port of this machine."""
    sockets = {
        fields[9]
        for table in ("tcp", "tcp6")
        for fields in map(str.split, Path(f"/proc/{server.pid}/net/{table}").read_text().splitlines()[1:])
        if fields[2].endswith(f":{port:04X}") and fields[3] == "01"
    }
    for child in server.children():
        for file in Path(f"/proc/{child}/fd").iterdir():
            try:
                target = os.readlink(file)
            except OSError:
                continue
            if re.sub(r"\D", "", target) in sockets and target.startswith("socket:"):
                return child
    return None


def test_when_the_child_that_asks_is_killed_another_asks_and_those_who_wait_are_served(salesforce, httpd):
    salesforce.misbehave_token(hold="first")
    # The waiting requests must not wait for the timeout of the killed child.
    server = gateway(salesforce, httpd, directives={"SFJwtTokenTimeout": "300"})
    first = all_at_once(server, [JANE], 1)
    salesforce.wait_until(lambda state: state["held"], "the token request")
    fetcher = child_talking_to(server, salesforce.https_port)
    others = all_at_once(server, [JANE], 24)
    server.wait_until(lambda: waiting_elsewhere(server, fetcher), "waiters in other children")
    os.kill(fetcher, signal.SIGKILL)
    server.allow_log("exit signal Killed")
    served = [answer.result().status for answer in others if not answer.exception()]
    assert first[0].exception() and served and set(served) == {200}
    assert len(salesforce.token_requests()) == 2
    salesforce.release("first")


def waiting_elsewhere(server, fetcher):
    """Whether threads of other children sleep for a change of the table: on a futex that is not private."""
    for child in server.children():
        if child == fetcher:
            continue
        for thread in Path(f"/proc/{child}/task").iterdir():
            try:
                call = (thread / "syscall").read_text().split()
            except OSError:
                continue
            # number, address, operation: FUTEX_WAIT without FUTEX_PRIVATE_FLAG
            if call[0] == "202" and len(call) > 2 and call[2] == "0x0":
                return True
    return False


def test_children_that_are_killed_all_the_time_leave_the_table_usable(salesforce, httpd):
    server = gateway(salesforce, httpd)
    server.allow_log("exit signal Killed|SFJ0603")
    users = [f"user{number}@corp.example" for number in range(40)]
    for round_of_users in range(4):
        answers = all_at_once(server, users[round_of_users * 10 :][:10], 20)
        os.kill(server.children()[0], signal.SIGKILL)
        for answer in answers:
            answer.exception()
        server.wait_until(lambda: len(server.children()) >= 2, "new children")
    salesforce.forget()
    assert {server.post(envelope(user)).status for user in users} == {200}
    salesforce.forget()
    assert {server.post(envelope(user)).status for user in users} == {200}
    assert salesforce.token_requests() == []


# An endpoint in trouble


@pytest.mark.parametrize("mpm", ["event"], indirect=True)
def test_an_endpoint_that_hangs_leaves_half_of_the_threads_to_those_who_have_a_token(salesforce, httpd):
    server = httpd(sections.gateway(salesforce, SFJwtTokenTimeout="20 20"))
    joe = envelope("joe@corp.example")
    assert server.post(joe).status == 200
    salesforce.misbehave_token(hold="hanging", user=JANE)
    server.expect_log("SFJ0603")
    answers = all_at_once(server, [JANE], 14)  # of 16 threads
    salesforce.wait_until(lambda state: state["held"], "the token request")
    server.wait_until(lambda: sum(answer.done() for answer in answers) >= 6, "faults for those that are too many")
    assert server.post(joe).status == 200
    sent_away = [answer.result() for answer in answers if answer.done()]
    assert len(sent_away) == 6 and all("Try again" in fault_in(answer).text for answer in sent_away)
    salesforce.release("hanging")
    assert [answer.result().status for answer in answers].count(200) == 8
    assert len(salesforce.token_requests()) == 2


# Restarts


@pytest.mark.parametrize("how", ["graceful", "restart"])
def test_tokens_outlive_restarts(salesforce, httpd, how):
    server = gateway(salesforce, httpd)
    for _ in range(3):
        assert server.post(REQUEST).status == 200
        getattr(server, how)()
    assert server.post(REQUEST).status == 200
    assert len(salesforce.token_requests()) == 1


def test_another_size_is_a_new_table(salesforce, httpd):
    server = gateway(salesforce, httpd)
    assert server.post(REQUEST).status == 200
    for size in ("shm:1000", "shm:1000:1024"):
        salesforce.forget()
        server.write_config(f"SFJwtTokenCache {size}\n" + sections.gateway(salesforce))
        server.graceful()
        for _ in range(2):
            assert server.post(REQUEST).status == 200
        assert len(salesforce.token_requests()) == 1


# What cannot be


def test_posix_semaphores_are_refused(salesforce, configtest):
    for line in ("Mutex posixsem sfjwt-tokens", "Mutex posixsem default"):
        accepted, output = configtest(line + "\n" + sections.gateway(salesforce))
        assert not accepted and "SFJ0903" in output and "Mutex pthread sfjwt-tokens" in output


def test_memory_that_cannot_be_had_is_named(salesforce, configtest):
    usual = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, usual[1]))
    try:
        accepted, output = configtest("SFJwtTokenCache shm:16000000\n" + sections.gateway(salesforce))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, usual)
    assert not accepted and "SFJ0903: shared memory of 7" in output and "Cannot allocate memory" in output


def test_a_token_that_does_not_fit_is_used_and_warned_of_once(salesforce, httpd):
    salesforce.misbehave_token(fields={"access_token": "00D000000000062!" + "x" * 400}, times=None)
    server = httpd("SFJwtTokenCache shm:256:480\n" + sections.gateway(salesforce, SFJwtRenew="Off"))
    server.expect_log("SFJ0905")
    for _ in range(3):
        server.post(REQUEST)
    assert [len(request.session) for request in salesforce.requests()] == [416] * 3
    assert server.error_log().count("SFJ0905") == 1
