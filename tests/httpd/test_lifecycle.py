# SPDX-License-Identifier: Apache-2.0
"""Restarts, MPMs, the ways a request may come over the wire, and clients that go away."""

import concurrent.futures
import gzip
import http.client
import os
import socket
import struct
import subprocess

import pytest

import sections
from fake_salesforce.calls import JANE, envelope
from gateway_httpd import DEADLINE, SOURCE
from raw_http import chunked, post, responses_in
from soap_fault import fault_in

JOE = "joe@corp.example"
REQUEST = envelope(JANE)
MEGABYTE = 1 << 20


def large(size, session=JANE):
    """A create of some `size` bytes that packs well, but not too well."""
    fields = "<o:type>Account</o:type><o:Id xsi:nil='true'/><o:Name>Number {:08d} of them</o:Name>"
    record = f"<m:sObjects>{fields}</m:sObjects>"
    records = "".join(record.format(number) for number in range(size // len(record) + 1))
    objects, instance = "urn:sobject.partner.soap.sforce.com", "http://www.w3.org/2001/XMLSchema-instance"
    operation = f'<m:create xmlns:o="{objects}" xmlns:xsi="{instance}">{records}</m:create>'
    return envelope(session, operation)


@pytest.fixture
def server(salesforce, httpd):
    return httpd(sections.gateway(salesforce))


def arrived(salesforce, body, count=1):
    """That the body came `count` times, to the byte but for the token, with its length and nothing else."""
    requests = salesforce.requests()
    assert len(requests) == count
    for received in requests:
        assert received.complete and received.user == JANE
        assert received.body == body.replace(JANE.encode(), received.session.encode(), 1)
        assert received.header("Content-Length") == [str(len(received.body))]
        assert received.header("Transfer-Encoding") == []


@pytest.mark.parametrize("tokens, shown", [("Full", True), ("OS", False)])
def test_the_server_names_the_module_as_far_as_servertokens_permits(salesforce, httpd, tokens, shown):
    server = httpd(f"ServerTokens {tokens}\n" + sections.gateway(salesforce))
    version = subprocess.run([SOURCE / "packaging/version.sh"], capture_output=True, text=True, check=True).stdout.strip()
    server.allow_log("SFJ0403")
    refused = server.post(envelope("eve@elsewhere.example"))
    assert f" mod_sfjwt/{version}" in server.error_log()  # httpd logs all of it at start
    assert refused.status == 500 and (f" mod_sfjwt/{version}" in refused.header("Server")[0]) == shown


# The wire


def test_http_1_0(server, salesforce):
    data = server.send_raw(post(REQUEST, version="HTTP/1.0"))
    (answer,) = responses_in(data)
    assert answer.status == 200 and answer.header("Transfer-Encoding") == []
    arrived(salesforce, REQUEST)


def test_http_1_0_refused(server, salesforce):
    server.expect_log("SFJ0402")
    (answer,) = responses_in(server.send_raw(post(envelope("x"), version="HTTP/1.0")))
    assert fault_in(answer).code == "SFJ0402"


def test_one_connection_serves_many_requests(server, salesforce):
    connection = server.connection()
    for _ in range(20):
        connection.request("POST", "/services/Soap/u/66.0", REQUEST, {"Content-Type": "text/xml"})
        answer = connection.getresponse()
        assert answer.status == 200 and answer.read()
        assert connection.sock, "the server closed the connection"
    connection.close()
    arrived(salesforce, REQUEST, 20)
    assert len(salesforce.token_requests()) == 1


def test_the_connection_to_salesforce_is_kept(server, salesforce):
    for _ in range(5):
        assert server.post(REQUEST).status == 200
    assert len({request.connection for request in salesforce.requests()}) < 5


def test_pipelined_requests_are_answered_in_order(server, salesforce):
    users = [f"user{number}@corp.example" for number in range(6)]
    data = b"".join(post(envelope(user)) for user in users[:-1]) + post(envelope(users[-1]), [("Connection", "close")])
    answers = responses_in(server.send_raw(data))
    assert [answer.status for answer in answers] == [200] * 6
    for user, answer in zip(users, answers):
        assert f"<userName>{user}</userName>".encode() in answer.body
    assert [request.user for request in salesforce.requests()] == users


@pytest.mark.parametrize("size", [1, 7, 100, 8192])
def test_chunks_of_any_size(server, salesforce, size):
    headers = [("Transfer-Encoding", "chunked"), ("Connection", "close")]
    (answer,) = responses_in(server.send_raw(post(chunked(REQUEST, size), headers, length=False)))
    assert answer.status == 200
    arrived(salesforce, REQUEST)


def test_trailers_of_a_chunked_request_stay_here(server, salesforce):
    body = chunked(REQUEST, 100)[:-2] + b"X-Trailer: canary\r\n\r\n"
    headers = [("Transfer-Encoding", "chunked"), ("Trailer", "X-Trailer"), ("Connection", "close")]
    (answer,) = responses_in(server.send_raw(post(body, headers, length=False)))
    assert answer.status == 200
    (received,) = salesforce.requests()
    assert received.header("Trailer") == received.header("X-Trailer") == []


def test_100_continue_is_said_before_the_body_comes(server, salesforce):
    request = post(REQUEST, [("Expect", "100-continue"), ("Connection", "close")])
    head = request[: -len(REQUEST)]
    with socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE) as client:
        client.sendall(head)
        stream = client.makefile("rb")
        assert stream.readline() == b"HTTP/1.1 100 Continue\r\n" and stream.readline() == b"\r\n"
        client.sendall(REQUEST)
        (answer,) = responses_in(stream.read())
    assert answer.status == 200
    arrived(salesforce, REQUEST)
    assert salesforce.requests()[0].header("Expect") == []


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP"])
def test_gzip_is_inflated(server, salesforce, coding):
    assert server.post(gzip.compress(REQUEST), headers={"Content-Encoding": coding}).status == 200
    arrived(salesforce, REQUEST)
    assert salesforce.requests()[0].header("Content-Encoding") == []


def test_gzip_is_inflated_once_where_httpd_inflates_too(salesforce, httpd):
    server = httpd(sections.gateway(salesforce, "SetInputFilter DEFLATE"))
    assert server.post(gzip.compress(REQUEST), headers={"Content-Encoding": "gzip"}).status == 200
    assert server.post(REQUEST).status == 200
    arrived(salesforce, REQUEST, 2)


def test_identity_is_no_coding(server, salesforce):
    assert server.post(REQUEST, headers={"Content-Encoding": "identity"}).status == 200
    arrived(salesforce, REQUEST)


@pytest.mark.parametrize("size", [15 << 10, 16 << 10, 17 << 10, 64 << 10, 900 << 10, 5 * MEGABYTE])
@pytest.mark.parametrize("way", ["at-once", "chunked", "gzip"])
def test_large_bodies_arrive_to_the_byte(server, salesforce, size, way):
    body = large(size)
    if way == "gzip":
        answer = server.post(gzip.compress(body, 1), headers={"Content-Encoding": "gzip"})
    elif way == "chunked":
        headers = [("Transfer-Encoding", "chunked"), ("Connection", "close")]
        (answer,) = responses_in(server.send_raw(post(chunked(body, 30_000), headers, length=False)))
    else:
        answer = server.post(body)
    assert answer.status == 200
    arrived(salesforce, body)
    assert not list((server.folder / "tmp").iterdir()), "a body was spooled into a file"


def test_headers_that_describe_the_old_body_do_not_go(server, salesforce):
    names = ("Content-MD5", "Digest", "Content-Digest", "Repr-Digest", "TE")
    assert server.post(REQUEST, headers={name: "x" for name in names}).status == 200
    (received,) = salesforce.requests()
    assert all(received.header(name) == [] for name in names[:-1])


@pytest.mark.parametrize(
    "way", [{"gzip": True}, {"chunked": 100}, {"chunked": 7, "gzip": True}, {"deflate": True}], ids=str
)
def test_responses_pass_untouched(server, salesforce, way):
    plain = server.post(REQUEST).body
    salesforce.misbehave_soap(headers=[["X-Own", "1"]], body=plain, **way)
    answer = server.post(REQUEST)
    assert answer.status == 200 and answer.header("X-Own") == ["1"]
    coding = next((name for name in ("gzip", "deflate") if way.get(name)), None)
    assert answer.header("Content-Encoding") == ([coding] if coding else [])
    if coding == "gzip":
        assert gzip.decompress(answer.body) == plain
    elif not coding:
        assert answer.body == plain


def test_a_fault_of_salesforce_passes_untouched(server, salesforce):
    salesforce.misbehave_soap(fault=["MALFORMED_QUERY", "unexpected token: &"], headers=[["X-Own", "1"]])
    answer = server.post(REQUEST)
    assert answer.status == 500 and answer.header("X-Own") == ["1"]
    assert b"MALFORMED_QUERY: unexpected token: &amp;" in answer.body and b"SFJ" not in answer.body


@pytest.mark.parametrize("how", [{"cut": 0}, {"cut": 5}], ids=["gone", "cut-short"])
def test_a_backend_that_does_not_answer_is_a_fault_of_the_gateway(server, salesforce, how):
    server.post(REQUEST)
    server.expect_log("SFJ0702")
    server.allow_log("proxy")
    salesforce.misbehave_soap(times=None, **how)
    answer = server.post(REQUEST)
    fault = fault_in(answer)
    assert answer.status == 500 and fault.code == "SFJ0702" and "may have been executed" in fault.text


def test_a_backend_nobody_listens_at_is_a_fault_of_the_gateway(salesforce, httpd):
    server = httpd(sections.gateway(salesforce, target="https://localhost:1/services/Soap/"))
    server.expect_log("SFJ0701")
    server.allow_log("proxy")
    answer = server.post(REQUEST)
    assert answer.status == 500 and fault_in(answer).code == "SFJ0701"


# Clients that go away


def gone_in_the_middle(server, head_and_part, reset):
    with socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE) as client:
        client.sendall(head_and_part)
        if reset:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize("reset", [False, True], ids=["closed", "reset"])
@pytest.mark.parametrize("way", ["length", "chunked", "gzip"])
def test_a_client_that_leaves_in_the_middle_of_its_body_harms_nobody(server, salesforce, reset, way):
    server.allow_log(r"\[deflate:")
    children = server.children()
    body = large(200_000)
    if way == "chunked":
        data = post(chunked(body, 4000), [("Transfer-Encoding", "chunked")], length=False)
    elif way == "gzip":
        data = post(gzip.compress(body), [("Content-Encoding", "gzip")])
    else:
        data = post(body)
    for part in (0.1, 0.5, 0.9):
        gone_in_the_middle(server, data[: int(len(data) * part)], reset)
    assert server.post(REQUEST).status == 200
    arrived(salesforce, REQUEST)
    assert set(children) <= set(server.children())


def test_a_client_that_leaves_while_its_token_is_asked_for_harms_nobody(server, salesforce):
    salesforce.misbehave_token(hold="token")
    gone_in_the_middle(server, post(REQUEST), reset=True)
    salesforce.wait_until(lambda state: state["held"], "the token request")
    salesforce.release("token")
    assert server.post(REQUEST).status == 200
    assert server.post(envelope(JOE)).status == 200


def test_a_client_that_leaves_while_salesforce_works_harms_nobody(server, salesforce):
    salesforce.misbehave_soap(hold="answer")
    gone_in_the_middle(server, post(REQUEST), reset=True)
    salesforce.wait_until(lambda state: state["held"], "the request")
    salesforce.release("answer")
    assert server.post(REQUEST).status == 200


# Life of the server


@pytest.mark.parametrize("mpm", ["event", "worker", "prefork"], indirect=True)
def test_every_mpm_serves_refuses_and_restarts(server, salesforce):
    server.expect_log("SFJ0402")
    for _ in range(2):
        assert server.post(REQUEST).status == 200
        assert fault_in(server.post(envelope("x"))).code == "SFJ0402"
        server.graceful()
    assert server.post(large(100_000)).status == 200
    assert {request.user for request in salesforce.requests()} == {JANE}


@pytest.mark.parametrize("mpm", ["worker", "prefork"], indirect=True)
def test_every_mpm_serves_many_at_a_time(server, salesforce):
    users = [f"user{number % 4}@corp.example" for number in range(24)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda user: server.post(envelope(user)), users))
    for user, answer in zip(users, answers):
        assert answer.status == 200 and f"<userName>{user}</userName>".encode() in answer.body


def test_many_requests_at_a_time(server, salesforce):
    users = [f"user{number % 8}@corp.example" for number in range(80)]
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda user: server.post(envelope(user)), users))
    for user, answer in zip(users, answers):
        assert answer.status == 200 and f"<userName>{user}</userName>".encode() in answer.body
    for request in salesforce.requests():
        assert request.session in request.body.decode()


def test_a_graceful_restart_loses_no_request(server, salesforce):
    salesforce.misbehave_soap(hold="answer", user=JANE)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        slow = pool.submit(server.post, REQUEST)
        salesforce.wait_until(lambda state: state["held"], "the request")
        server.graceful()
        assert server.post(envelope(JOE)).status == 200
        salesforce.release("answer")
        assert slow.result().status == 200


@pytest.mark.parametrize("restart", ["graceful", "restart"])
def test_the_gateway_serves_after_restarts(server, salesforce, restart):
    for _ in range(2):
        assert server.post(REQUEST).status == 200
        getattr(server, restart)()
    assert server.post(REQUEST).status == 200


def test_a_restart_reads_the_configuration_again(server, salesforce):
    assert server.post(REQUEST).status == 200
    server.write_config(sections.gateway(salesforce, SFJwtAllowSubject=r"match joe@corp\.example"))
    server.graceful()
    server.expect_log("SFJ0403")
    assert fault_in(server.post(REQUEST)).code == "SFJ0403"
    assert server.post(envelope(JOE)).status == 200


def test_a_wrong_configuration_does_not_survive_a_configtest_but_the_server_does(server, salesforce):
    server.write_config(sections.gateway(salesforce, SFJwtAllowSubject=None))
    accepted, output = server.configtest()
    assert not accepted and "SFJwtAllowSubject is missing" in output
    assert server.post(REQUEST).status == 200


def test_descriptors_do_not_leak(server, salesforce, mpm):
    if mpm == "prefork":
        pytest.skip("which of the children serves is its own choice")
    for _ in range(3):
        server.post(REQUEST)
    (child,) = server.children()[-1:]

    def open_files():
        return len(os.listdir(f"/proc/{child}/fd"))

    before = open_files()
    server.allow_log("SFJ0402")
    for number in range(40):
        server.post(REQUEST if number % 2 else envelope("x"))
    assert open_files() <= before + 4


def test_the_sections_of_another_proxy_are_left_alone(salesforce, httpd):
    config = sections.gateway(salesforce) + f"ProxyPass /other/ {salesforce.url}/services/Soap/\n"
    server = httpd(config)
    server.post(REQUEST, path="/other/u/66.0")
    (received,) = salesforce.requests()
    assert received.body == REQUEST and salesforce.token_requests() == []


def test_what_does_not_go_to_the_proxy_is_left_alone(salesforce, httpd):
    config = (
        '<Directory "{folder}/htdocs">\n  Require all granted\n</Directory>\n'
        + sections.gateway(salesforce, path="/services/Soap/")
        + "<Location /files/>\n  SFJwt On\n  SFJwtChecks -SFJ0922\n</Location>\n"
    )
    lines = [line.strip() for line in sections.gateway(salesforce).splitlines() if line.strip().startswith("SFJwt")]
    outer = "\n".join(line for line in lines if line != "SFJwt On")
    server = httpd(outer + "\n" + config, start=False)
    (server.folder / "htdocs/files").mkdir()
    (server.folder / "htdocs/files/a.txt").write_text("hello")
    assert server.start().request("GET", "/files/a.txt").body == b"hello"


def test_a_response_is_closed_as_the_client_wants(server, salesforce):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=DEADLINE)
    connection.request("POST", "/services/Soap/u/66.0", REQUEST, {"Content-Type": "text/xml", "Connection": "close"})
    answer = connection.getresponse()
    assert answer.status == 200 and answer.getheader("Connection") == "close"
    connection.close()
