# SPDX-License-Identifier: Apache-2.0
"""The memory that request bodies may take: SFJwtMaxBuffered."""

import base64
import contextlib
import gzip
import re
import select
import socket
from pathlib import Path

import pytest

import callers
import sections
from byte_server import ByteServer
from fake_salesforce.calls import JANE, envelope
from gateway_httpd import DEADLINE
from raw_http import post, responses_in
from soap_fault import fault_in

MEGABYTE = 1 << 20
LARGEST = 8 * MEGABYTE
BUDGET = 2 * LARGEST
WITHHELD = 20  # bytes, the sum of the gzip trailer and a little more
ATTACKER, VICTIM = "127.0.0.1", "127.0.0.2"
ONE_PROCESS = "<IfModule !mpm_prefork_module>\nThreadsPerChild 64\nMaxRequestWorkers 64\nMaxSpareThreads 64\n</IfModule>\n"
# With prefork a process has one request at a time.
pytestmark = pytest.mark.parametrize("mpm", ["event"], indirect=True)


def config(salesforce, *lines, budget=BUDGET, **directives):
    front = f"{ONE_PROCESS}SFJwtMaxBuffered {budget}\n"
    return front + sections.gateway(salesforce, *lines, SFJwtMaxBody=LARGEST, **directives)


@pytest.fixture
def backend():
    def serve(connection, _head, _body):
        server.requests += 1
        connection.answer(b"<a/>")

    with ByteServer(serve) as server:
        server.requests = 0
        yield server


@pytest.fixture
def server(salesforce, httpd, backend):
    """One process with a budget for two of the largest bodies, and a token for Jane."""
    started = httpd(config(salesforce, target=f"{backend.url}/services/Soap/"))
    started.allow_log("SFJ0106: The gateway holds")
    started.allow_log("server reached MaxRequestWorkers")
    assert started.post(envelope(JANE)).status == 200
    salesforce.forget()
    return started


def query(size):
    """Of some `size` bytes that shrink to a hundredth: mod_deflate takes two hundred for a bomb."""
    words = "".join(f"{n:07}{'x' * 500}" for n in range(size // 507))
    return envelope(JANE, f"<m:query><m:queryString>{words}</m:queryString></m:query>")


def compressed(size, withheld=0):
    """A request whose body inflates to `size` bytes, without the last bytes of it."""
    body = gzip.compress(query(size))
    assert len(body) < size / 50
    return post(body[: len(body) - withheld], [("Content-Encoding", "gzip"), ("Connection", "close")], length=len(body))


def opened(server, data, address=ATTACKER):
    connection = socket.create_connection(("127.0.0.1", server.port), DEADLINE, (address, 0))
    connection.sendall(data)
    return connection


def answer_on(connection):
    with connection, contextlib.suppress(ConnectionResetError):
        pieces = []
        while piece := connection.recv(65536):
            pieces.append(piece)
    return responses_in(b"".join(pieces))[0]


def sent(server, data, address=ATTACKER):
    return answer_on(opened(server, data, address))


def answered(connections, count):
    """`count` of the connections that have got an answer."""
    ready = []
    waiting = list(connections)
    while len(ready) < count:
        found = select.select(waiting, [], [], DEADLINE)[0]
        assert found, f"{len(ready)} of {count} were answered"
        ready += found
        waiting = [one for one in waiting if one not in found]
    return ready


def peak(server):
    (child,) = server.children()
    return int(Path(f"/proc/{child}/status").read_text().partition("VmHWM:")[2].split()[0]) << 10


def with_header(data, headers):
    lines = "".join(f"\r\n{name}: {value}" for name, value in headers)
    return data.replace(b"\r\n", lines.encode() + b"\r\n", 1)


@contextlib.contextmanager
def held_half(server, headers=()):
    """While one caller holds so much that nothing large of it fits besides."""
    probe = with_header(compressed(6 * MEGABYTE), headers)
    for _ in range(100):
        with opened(server, with_header(compressed(6 * MEGABYTE, WITHHELD), headers)) as held:
            # Two that grow at the same time may both find no room: the probe must be refused by what is held already.
            refused = 0
            while refused < 3 and not select.select([held], [], [], 0)[0]:
                refused = refused + 1 if sent(server, probe).status != 200 else 0
            if not select.select([held], [], [], 0)[0]:
                yield
                return
    raise AssertionError("the body is never held")


def test_bodies_that_never_end_take_no_more_than_the_budget(server, salesforce):
    """Twice as many of them take as much."""
    data = compressed(6 * MEGABYTE, WITHHELD)
    before = peak(server)
    with contextlib.ExitStack() as stack:
        connections = [stack.enter_context(opened(server, data)) for _ in range(20)]
        refused = answered(connections, 19)
        once = peak(server)
        connections = [stack.enter_context(opened(server, data)) for _ in range(20)]
        refused += answered(connections, 19)
        assert {fault_in(answer_on(one)).code for one in refused} == {"SFJ0106"}
        assert sent(server, compressed(6 * MEGABYTE), VICTIM).status == 200
        assert peak(server) - once < BUDGET and peak(server) - before < 3 * BUDGET
    assert salesforce.token_requests() == []


def test_who_does_not_fit_is_told_that_trying_again_helps(server, salesforce, backend):
    with held_half(server):
        before = backend.requests
        answer = sent(server, compressed(6 * MEGABYTE))
        fault = fault_in(answer)
        assert (answer.status, fault.code, fault.exception_code) == (500, "SFJ0106", "SERVER_UNAVAILABLE")
        assert fault.faultcode == "Server" and answer.header("Retry-After") == ["5"]
        assert answer.header("Connection") == ["close"]
        assert backend.requests == before and salesforce.token_requests() == []


def test_small_requests_of_a_caller_that_holds_half_are_served(server):
    with held_half(server):
        assert [server.post(envelope(JANE)).status for _ in range(5)] == [200] * 5


def test_another_address_is_served(server):
    with held_half(server):
        assert sent(server, compressed(6 * MEGABYTE), VICTIM).status == 200


def test_the_memory_is_free_when_the_client_has_gone(server):
    with held_half(server):
        pass
    server.wait_until(lambda: sent(server, compressed(7 * MEGABYTE)).status == 200, "the memory")


@pytest.mark.parametrize(
    "data, status",
    [
        (compressed(3 * MEGABYTE), 200),
        (post(query(3 * MEGABYTE), [("Connection", "close")]), 200),
        (post(query(3 * MEGABYTE)[:-5], [("Connection", "close")]), 500),
        (compressed(9 * MEGABYTE), 413),
        (post(gzip.compress(query(3 * MEGABYTE))[:-8] + b"12345678",
              [("Content-Encoding", "gzip"), ("Connection", "close")]), 500),
    ],
    ids=["compressed", "plain", "no-xml", "too-large", "bad-sum"],
)  # fmt: skip
def test_every_way_out_gives_the_memory_back(server, data, status):
    """Eight of them would take more than there is."""
    server.allow_log(r"\[deflate:")
    assert [sent(server, data).status for _ in range(8)] == [status] * 8
    assert sent(server, compressed(7 * MEGABYTE)).status == 200


def test_what_is_announced_and_not_sent_takes_nothing(server):
    with contextlib.ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(opened(server, post(envelope(JANE), length=LARGEST)))
        assert sent(server, post(query(7 * MEGABYTE), [("Connection", "close")])).status == 200


def test_a_body_of_exactly_the_largest_size_fits(server):
    body = envelope(JANE)
    body += b" " * (LARGEST - len(body))
    assert server.post(body).status == 200


def test_a_caller_is_a_user_where_users_sign_in(salesforce, httpd, backend):
    section = config(salesforce, *callers.SIGN_IN, target=f"{backend.url}/services/Soap/")
    server = httpd(section, modules=callers.AUTH_MODULES, start=False)
    (server.folder / "run/users").write_text(callers.user_file())
    server.start()
    server.allow_log("SFJ0106: The gateway holds")

    def as_user(name):
        word = base64.b64encode(f"{name}:{callers.PASSWORD}".encode()).decode()
        return [("Authorization", f"Basic {word}")]

    with held_half(server, as_user("billing")):
        assert sent(server, with_header(compressed(6 * MEGABYTE), as_user("reports"))).status == 200


@pytest.mark.parametrize(
    "address, status",
    [
        ("2001:db8:1:2::1", 500),
        ("2001:db8:1:2:ffff::9", 500),
        ("2001:db8:1:3::1", 200),
        ("2001:db8:2:2::1", 200),
        ("192.0.2.1", 200),
    ],
)
def test_a_client_of_ipv6_is_a_caller_with_all_addresses_it_has(salesforce, httpd, backend, address, status):
    front = "RemoteIPHeader X-Client\nRemoteIPTrustedProxy 127.0.0.1\n"
    server = httpd(front + config(salesforce, target=f"{backend.url}/services/Soap/"), modules=["remoteip"])
    server.allow_log("SFJ0106: The gateway holds")
    with held_half(server, [("X-Client", "2001:db8:1:2::1")]):
        answer = sent(server, with_header(compressed(6 * MEGABYTE), [("X-Client", address)]))
        assert answer.status == status


def limit_of(server):
    """What a process says of itself when it begins."""
    said = re.compile(r"may take (\d+) bytes \(SFJwtMaxBuffered\)")
    server.wait_until(lambda: said.search(server.error_log()), "the first process")
    return int(said.search(server.error_log())[1])


def usual_limit(salesforce, httpd, processes):
    several = f"ThreadsPerChild 4\nMaxRequestWorkers {4 * processes}\nMinSpareThreads 1\nMaxSpareThreads 8\n"
    server = httpd(several + sections.gateway(salesforce, SFJwtMaxBody=LARGEST))
    return limit_of(server)


def test_the_usual_limit_is_a_quarter_of_the_memory_for_all_processes(salesforce, httpd):
    memory = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text())[1]) << 10
    one, two = usual_limit(salesforce, httpd, 1), usual_limit(salesforce, httpd, 2)
    assert 2 * LARGEST <= one <= memory // 4  # a control group may allow less
    assert two == max(one // 2, 2 * LARGEST)


def test_the_usual_limit_is_at_least_two_of_the_largest_bodies(salesforce, httpd):
    largest = 1 << 30
    inner = f'<Location "/services/Soap/u/">\n  SFJwtMaxBody {largest}\n</Location>\n'
    many = "ServerLimit 4000\nThreadsPerChild 4\nMaxRequestWorkers 16000\nMinSpareThreads 1\nMaxSpareThreads 8\n"
    server = httpd(many + sections.gateway(salesforce) + inner)
    assert limit_of(server) == 2 * largest


def test_less_than_two_of_the_largest_bodies_is_reported_at_start(salesforce, httpd):
    server = httpd(config(salesforce, budget=BUDGET - 1))
    server.expect_log("SFJ0106: SFJwtMaxBuffered 16777215 is less than twice the largest SFJwtMaxBody")
    assert server.post(envelope(JANE)).status == 200


@pytest.mark.parametrize("value", ["65535", "x", "-1", "1g"])
def test_a_size_that_is_none_is_refused_at_start(salesforce, configtest, value):
    accepted, output = configtest(config(salesforce, budget=value))
    assert not accepted and "SFJwtMaxBuffered: must be a number of bytes from 65536 to" in output


def test_it_is_for_the_whole_server(salesforce, configtest):
    accepted, output = configtest(sections.gateway(salesforce, f"SFJwtMaxBuffered {BUDGET}"))
    assert not accepted and "SFJwtMaxBuffered: is for the whole server" in output
