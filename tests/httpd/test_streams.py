# SPDX-License-Identifier: Apache-2.0
"""Many requests at a time on one connection of HTTP/2, and clients that take some of them back."""

import contextlib

import pytest

import sections
from byte_server import ByteServer
from fake_salesforce.calls import JANE
from fronts import FRONTS, Message, cannot_be
from http2_client import Http2Connection, StreamReset
from passage import query, somebody
from soap_fault import fault_in

H2C = next(front for front in FRONTS if str(front) == "h2c")


@pytest.fixture(autouse=True)
def possible(mpm):
    if reason := cannot_be(H2C, mpm):
        pytest.skip(reason)


@pytest.fixture
def server(salesforce, httpd):
    server = httpd("Protocols h2c http/1.1\n" + sections.gateway(salesforce), modules=["http2"])
    server.allow_log("SFJ0402|SFJ0702|proxy_http:")
    return server


@pytest.fixture
def connection(server):
    return H2C.begin(server)


def ask(connection, body, **more):
    return H2C.ask(connection, Message(body, **more))


def test_a_hundred_streams_are_answered_each_with_its_own(connection, salesforce):
    users = [somebody() for _ in range(5)]
    bodies = [query(users[number % 5] if number % 7 else "nobody", number * 300) for number in range(100)]
    streams = [ask(connection, body) for body in bodies]
    for number, stream in enumerate(streams):
        answer = connection.response(stream)
        if number % 7:
            assert answer.status == 200 and b"queryResponse" in answer.body
        else:
            assert answer.status == 500 and fault_in(answer).code == "SFJ0402"
    wanted = [body for number, body in enumerate(bodies) if number % 7]
    came = [one.body.replace(one.session.encode(), one.user.encode(), 1) for one in salesforce.requests()]
    assert sorted(came) == sorted(wanted)
    assert sorted(one.user for one in salesforce.token_requests()) == sorted(users)


def test_a_session_that_ends_under_twenty_streams_is_renewed_once(connection, salesforce):
    connection.response(ask(connection, query(JANE)))
    salesforce.revoke(user=JANE)
    salesforce.forget()
    streams = [ask(connection, query(JANE, 20_000)) for _ in range(20)]
    assert {connection.response(stream).status for stream in streams} == {200}
    assert len(salesforce.token_requests()) == 1


def test_a_stream_taken_back_in_the_middle_of_its_body_reaches_nobody(connection, salesforce):
    taken = [ask(connection, query(JANE, 3_000_000)) for _ in range(5)]  # more than the windows let go
    for stream in taken:
        assert not connection.sent(stream)
        connection.reset(stream)
    assert connection.response(ask(connection, query(JANE))).status == 200
    assert [request.body for request in salesforce.requests()] == [
        query(JANE).replace(JANE.encode(), salesforce.tokens(JANE)[-1].encode())
    ]


def test_a_stream_taken_back_while_salesforce_works_harms_nobody(server, connection, salesforce):
    salesforce.misbehave_soap(hold="answer", times=5)
    taken = [ask(connection, query(JANE)) for _ in range(5)]
    salesforce.wait_until(lambda state: state["held"].get("answer") == 5, "the requests")
    for stream in taken:
        connection.reset(stream)
    connection.ping()
    salesforce.release("answer")
    for _ in range(20):
        assert connection.response(ask(connection, query(JANE))).status == 200
    assert len(salesforce.token_requests()) == 1 and len(server.children()) == 1


def test_streams_taken_back_in_the_middle_of_their_answers_free_what_they_hold(salesforce, httpd):
    """There are two workers; each would be lost with its stream."""
    threads = "ThreadsPerChild 2\nMaxRequestWorkers 2\nH2MinWorkers 2\nH2MaxWorkers 2\nProtocols h2c http/1.1\n"
    left = []

    def serve(connection, _head, body):
        if b"endless" not in body:
            return connection.answer(b"<a/>")
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 10000000000\r\n\r\n")
        try:
            while True:
                connection.send(b"x" * 100_000)
        except OSError:
            left.append(1)
            raise

    with ByteServer(serve) as backend:
        server = httpd(threads + sections.gateway(salesforce, target=f"{backend.url}/services/Soap/"), modules=["http2"])
        server.allow_log("server reached MaxRequestWorkers|proxy_http:|AH1037[37]|http2:")
        connection = H2C.begin(server)
        endless = query(JANE).replace(b"<m:queryString>", b"<m:queryString>endless")
        for _ in range(6):
            stream = ask(connection, endless)
            connection.read_until(lambda: connection.head_has_come(stream))
            connection.reset(stream)
        assert connection.response(ask(connection, query(JANE))).body == b"<a/>"
        server.wait_until(lambda: len(left) == 6, "the end of the answers nobody wants")


def test_a_client_that_is_gone_with_all_its_streams_harms_nobody(server, salesforce):
    salesforce.misbehave_soap(hold="answer", times=6)
    connection = H2C.begin(server)
    for _ in range(6):
        ask(connection, query(JANE))
    salesforce.wait_until(lambda state: state["held"].get("answer") == 6, "the requests")
    connection.close()
    salesforce.release("answer")
    again = H2C.begin(server)
    for _ in range(5):
        assert again.response(ask(again, query(JANE))).status == 200


def test_a_length_that_is_not_the_body_s_ends_the_stream(server, connection, salesforce):
    """RFC 9113 section 8.1.1: malformed. The other streams go on."""
    body = query(JANE)
    for length in (len(body) + 10, len(body) - 10):
        with contextlib.suppress(StreamReset):
            stream = connection.request(body, [("Content-Type", "text/xml"), ("Content-Length", str(length))],
                                        "/services/Soap/u/66.0")  # fmt: skip
            assert connection.response(stream).status >= 400
    assert salesforce.requests() == []
    again = H2C.begin(server)
    assert again.response(ask(again, body)).status == 200


@pytest.mark.parametrize("name", ["transfer-encoding", "connection", "upgrade"])
def test_a_header_of_http_1_splits_no_request(server, salesforce, name):
    """Whatever is done with it, one request is one request."""
    connection = Http2Connection(H2C.connect(server), lenient=True)
    inner = b"0\r\n\r\nPOST /services/Soap/u/66.0 HTTP/1.1\r\nHost: x\r\n\r\n"
    with contextlib.suppress(StreamReset, ConnectionError):
        stream = connection.request(inner, [("Content-Type", "text/xml"), (name, "chunked")], "/services/Soap/u/66.0")
        assert connection.response(stream).status >= 400
    assert salesforce.requests() == salesforce.token_requests() == []
