# SPDX-License-Identifier: Apache-2.0
"""Every way of speaking to the gateway (fronts.py), and the same facts in each. The MPM is a parameter of all of them."""

import http.client

import pytest

import sections
from fronts import FRONTS, KEPT, Message, Streams, cannot_be
from http2_client import StreamReset
from passage import arrived, came, followed, on_one_connection, query, renewed, somebody
from raw_http import post
from soap_fault import fault_in

LIMIT = 400_000
PROTOCOLS = "Protocols h2 h2c http/1.1\nH2Direct On\n"


@pytest.fixture(scope="module")
def servers(mpm, shared_salesforce, shared_httpd):
    """Gives the server of a front: one with TLS, one without."""
    started = {}

    def of(front):
        if reason := cannot_be(front, mpm):
            pytest.skip(reason)
        if front.tls not in started:
            config = PROTOCOLS + front.config(shared_salesforce) + sections.gateway(shared_salesforce, SFJwtMaxBody=LIMIT, SFJwtFaultStatus="http")
            started[front.tls] = shared_httpd(config, modules=["http2"])
            started[front.tls].allow_log(r"SFJ040[23]|SFJ0601|SFJ0702|proxy")
        return started[front.tls]

    return of


@pytest.fixture(params=FRONTS, ids=str)
def front(request):
    return request.param


@pytest.fixture
def server(servers, front):
    return servers(front)


@pytest.fixture
def salesforce(shared_salesforce):
    shared_salesforce.forget()
    return shared_salesforce


def test_requests_arrive_to_the_byte_and_answers_pass_unchanged(front, server, salesforce):
    sizes = [0, 20_000, 300_000]
    bodies = {somebody(): size for size in sizes}
    bodies = {user: query(user, size) for user, size in bodies.items()}
    said = {user: f"<a>{user}{'y' * 30_000}</a>" for user in bodies}
    for user, text in said.items():
        salesforce.misbehave_soap(user=user, body=text, headers=[["X-Own", user]])
    answers = front.exchange(server, [Message(body) for body in bodies.values()])
    for answer, (user, text) in zip(answers, said.items(), strict=True):
        assert (answer.status, answer.header("X-Own"), answer.body) == (200, [user], text.encode())
    assert on_one_connection(front, answers)
    requests = salesforce.requests()
    assert {request.user for request in requests} == set(bodies) and len(requests) == len(bodies)
    for request in requests:
        arrived(request, bodies[request.user])


def test_a_session_that_is_over_is_renewed(front, server, salesforce):
    users = [somebody(), somebody()]
    messages = [Message(query(user, 17_000)) for user in users]
    front.exchange(server, messages)
    salesforce.revoke(user=users[0])
    salesforce.forget()
    answers = front.exchange(server, messages)
    assert [answer.status for answer in answers] == [200, 200] and on_one_connection(front, answers)
    assert all(b"queryResponse" in answer.body for answer in answers)
    renewed(salesforce, users[0], messages[0].body)
    assert came(salesforce, messages[1].body)


def refused(front, server, salesforce, message, code, kept=False):
    """That the message is refused by a whole fault of that code and nothing of it gets anywhere."""
    answer = followed(front, server, salesforce, message, kept)
    assert fault_in(answer).code == code
    assert len(salesforce.requests()) <= 1 and len(salesforce.token_requests()) <= 1  # of the next message
    return answer


def test_what_is_wrong_with_a_body_is_a_fault(front, server, salesforce):
    answer = refused(front, server, salesforce, Message(query("not-an-email", 17_000)), "SFJ0402")
    assert answer.status == 500


def test_what_is_refused_at_the_head_is_a_fault(front, server, salesforce):
    """A small body is drained; one whose length nobody knows, or that nobody has asked for, ends the connection."""
    kept = not front.chunks and not front.waits
    answer = refused(front, server, salesforce, Message(query(somebody()), "text/plain"), "SFJ0102", kept)
    assert answer.status == 415


def test_a_large_body_that_nobody_read_is_never_taken_for_requests(front, server, salesforce):
    answer = refused(front, server, salesforce, Message(requests_of_others(LIMIT - 1000), "text/plain"), "SFJ0102")
    assert answer.status == 415


def test_a_body_that_is_too_large_is_never_taken_for_requests(front, server, salesforce):
    answer = refused(front, server, salesforce, Message(requests_of_others(2 * LIMIT)), "SFJ0104")
    assert answer.status == 413


def requests_of_others(size):
    requests = [post(query(somebody(), 1000)) for _ in range(size // 1000)]
    return b"".join(requests)[:size]


def test_a_fault_of_salesforce_passes_unchanged(front, server, salesforce):
    user = somebody()
    fault = f"<f>MALFORMED_QUERY {user}</f>"
    salesforce.misbehave_soap(user=user, status=500, body=fault, headers=[["X-Own", "1"]])
    answer = followed(front, server, salesforce, Message(query(user)))
    assert (answer.status, answer.body, answer.header("X-Own")) == (500, fault.encode(), ["1"])


def test_a_user_without_a_token_gets_a_fault(front, server, salesforce):
    user = somebody()
    salesforce.users({user: "locked"})
    answer = followed(front, server, salesforce, Message(query(user)))
    assert answer.status == 500 and fault_in(answer).code == "SFJ0601"


HEAD = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/xml\r\nContent-Length: 1000\r\n\r\n"


@pytest.mark.parametrize("said", ["", HEAD[:-10]], ids=["nothing", "a-part-of-the-head"])
def test_a_backend_that_breaks_off_is_a_fault_also_on_a_connection_that_has_served(front, server, salesforce, said):
    """mod_proxy alone would close the connection without a word, and many a client would send the request again."""
    first, user = somebody(), somebody()
    salesforce.misbehave_soap(user=user, times=None, raw=HEAD, cut=len(said))
    answers = front.exchange(server, [Message(query(first)), Message(query(user)), Message(query(first))])
    assert answers[0].status == 200 and answers[2].status == 200
    assert answers[1].status == 502 and fault_in(answers[1]).code == "SFJ0702"
    assert [getattr(request, "user", None) for request in salesforce.requests()].count(user) == 1


NONSENSE = {
    "bad-header": "HTTP/1.1 200 OK\r\nBad Header\r\n\r\n",
    "bad-chunk": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    "bad-length": "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
    "bad-status": "HTTP/9.9 999 x\r\n\r\n",
    "another-protocol": "HTTP/1.1 101 x\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\nx",
}


@pytest.mark.parametrize("nonsense", NONSENSE)
@pytest.mark.parametrize("front", [KEPT, Streams("h2", tls=True)], ids=str)
def test_nonsense_of_the_backend_is_a_fault_also_on_a_connection_that_has_served(front, server, salesforce, nonsense):
    first, user = somebody(), somebody()
    salesforce.misbehave_soap(user=user, raw=NONSENSE[nonsense])
    answers = front.exchange(server, [Message(query(first)), Message(query(user)), Message(query(first))])
    assert [answer.status for answer in answers] == [200, 502, 200]
    assert fault_in(answers[1]).code == "SFJ0702"


def test_interim_answers_stay_here(front, server, salesforce):
    """They pass by all filters, so that nobody could keep their cookies from the client."""
    user = somebody()
    front.exchange(server, [Message(query(user))])
    interim = "HTTP/1.1 103 Early Hints\r\nSet-Cookie: sid=1\r\nLink: </x>\r\n\r\n"
    salesforce.misbehave_soap(user=user, raw=interim + HEAD.replace("1000", "4") + "<a/>")
    answer = followed(front, server, salesforce, Message(query(user)), kept=True)
    assert (answer.status, answer.body) == (200, b"<a/>")
    assert answer.header("Set-Cookie") == answer.header("Link") == []


def test_an_answer_that_breaks_off_later_is_not_whole_for_the_client_either(front, server, salesforce):
    user = somebody()
    front.exchange(server, [Message(query(user))])
    salesforce.misbehave_soap(user=user, raw=HEAD + 500 * "x", cut=len(HEAD) + 400)
    with pytest.raises((http.client.IncompleteRead, StreamReset)):
        front.exchange(server, [Message(query(user))])
    assert [answer.status for answer in front.exchange(server, [Message(query(user))])] == [200]


@pytest.mark.parametrize("mpm", ["prefork"], indirect=True)
def test_prefork_offers_no_http_2(salesforce, httpd):
    front = Streams("h2", tls=True)
    server = httpd(PROTOCOLS + front.config(salesforce) + sections.gateway(salesforce), modules=["http2"])
    server.expect_log("AH10034: .* the HTTP/2 protocol will be inactive")
    assert front.connect(server).selected_alpn_protocol() == "http/1.1"
    assert [answer.status for answer in front.exchange(server, [Message(query(somebody()))])] == [200]
