# SPDX-License-Identifier: Apache-2.0
"""A session that Salesforce has ended: renewed, and the request repeated once, unseen by the client."""

import concurrent.futures
import gzip
import os
import subprocess
import threading
import time

import pytest

import sections
from fake_salesforce.calls import JANE, envelope
from fake_salesforce.soap import ENVELOPE
from raw_http import PATH, post, responses_in
from soap_fault import fault_in

JOE = "joe@corp.example"
CODE = "INVALID_SESSION_ID"
REQUEST = envelope(JANE)
SOAP_1_2 = "http://www.w3.org/2003/05/soap-envelope"
BALANCER = ["slotmem_shm", "lbmethod_byrequests", "proxy_balancer"]
HEADERS = {"Content-Type": "text/xml"}


@pytest.fixture
def server(salesforce, httpd):
    """A gateway that has a token for Jane."""
    return with_token(salesforce, httpd(sections.gateway(salesforce)))


def with_token(salesforce, server):
    assert server.post(REQUEST).status == 200
    salesforce.forget()
    return server


def renewed(salesforce, answer):
    """That the client got the answer to the second of two requests, which differ in the token alone."""
    assert answer.status == 200 and f"<userName>{JANE}</userName>".encode() in answer.body
    first, second = salesforce.requests()
    assert first.session != second.session and second.user == JANE
    for received in (first, second):
        assert received.body == REQUEST.replace(JANE.encode(), received.session.encode())
        assert received.header("Content-Length") == [str(len(received.body))]
    unlike = {name.lower() for name, value in first.headers if [name, value] not in second.headers}
    assert unlike <= {"content-length"}
    assert len(salesforce.token_requests()) == 1


def passed_on(salesforce, answer, requests=1, token_requests=0):
    """That the client got what Salesforce said, and nothing was repeated."""
    assert answer.status == 500 and b"SFJ" not in answer.body
    assert len(salesforce.requests()) == requests and len(salesforce.token_requests()) == token_requests


# The fault, however it comes


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"gzip": True},
        {"deflate": True},
        {"chunked": 50},
        {"gzip": True, "chunked": 7},
        {"drip": {"bytes": 1, "pause": 0.0005}},
        {"drip": {"bytes": 1}, "chunked": 1},
        {"headers": [["Content-Encoding", "identity"]]},
        {"headers": [["Connection", "close"]]},
    ],
    ids=str,
)
def test_a_session_that_is_over_is_renewed(server, salesforce, how):
    salesforce.revoke(user=JANE)
    salesforce.misbehave_soap(**how)
    renewed(salesforce, server.post(REQUEST))


def fault(code, prefix="x", detail="", text="no"):
    return (
        f'<e:Envelope xmlns:e="{ENVELOPE}" xmlns:{prefix}="urn:fault.partner.soap.sforce.com"><e:Body><e:Fault>'
        f"<faultcode>{code}</faultcode><faultstring>{text}</faultstring><detail>{detail}</detail>"
        "</e:Fault></e:Body></e:Envelope>"
    )


def fault_1_2(code):
    return (
        f'<e:Envelope xmlns:e="{SOAP_1_2}" xmlns:x="urn:fault.partner.soap.sforce.com"><e:Body><e:Fault><e:Code>'
        f"<e:Value>e:Sender</e:Value><e:Subcode><e:Value>{code}</e:Value></e:Subcode></e:Code>"
        '<e:Reason><e:Text xml:lang="en">no</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>'
    )


@pytest.mark.parametrize(
    "body",
    [fault("x:" + CODE), fault(CODE), fault(" x:INVALID&#95;SESSION_ID\n"), fault_1_2("x:" + CODE)],
    ids=["prefix", "no-prefix", "reference", "soap-1.2"],
)  # fmt: skip
def test_the_fault_is_known_by_its_code(server, salesforce, body):
    salesforce.misbehave_soap(status=500, body=body)
    renewed(salesforce, server.post(REQUEST))


@pytest.mark.parametrize(
    "how",
    [
        {"body": fault("x:MALFORMED_QUERY", text=f"{CODE}: <faultcode>{CODE}</faultcode>")},
        {"body": fault("x:UNKNOWN", detail=f"<faultcode>{CODE}</faultcode>")},
        {"body": fault("x:UNKNOWN", detail=f"<e:Fault><faultcode>{CODE}</faultcode></e:Fault>")},
        {"body": fault("x:UNKNOWN", detail=f"<x:exceptionCode>{CODE}</x:exceptionCode>")},
        {"body": fault(f"<a>{CODE}</a>")},
        {"body": fault(CODE)[:-1]},
        {"body": fault(CODE) + "x"},
        {"body": f"<faultcode>{CODE}</faultcode>"},
        {"body": CODE},
        {"body": ""},
        {"body": "<html><body>INVALID_SESSION_ID</body></html>", "headers": [["Content-Type", "text/html"]]},
        {"body": fault(CODE), "headers": [["Content-Encoding", "br"]]},
        {"body": fault(CODE), "headers": [["Content-Encoding", "gzip"]]},
        {"body": fault(CODE, text="x" * (70 << 10))},
        {"body": fault(CODE, text="x" * (70 << 10)), "gzip": True},
        {"fault": ["INVALID_SESSION_ID_FORMAT", "no"]},
    ],
    ids=lambda how: str(how)[:60],
)
def test_what_is_not_the_fault_passes(server, salesforce, how):
    salesforce.misbehave_soap(**{"status": 500, **how})
    answer = server.post(REQUEST)
    passed_on(salesforce, answer)
    if "body" in how:
        body = gzip.decompress(answer.body) if how.get("gzip") else answer.body
        assert body == how["body"].encode()


@pytest.mark.parametrize("status", [200, 400, 401, 403, 503])
def test_the_fault_with_another_status_passes(server, salesforce, status):
    salesforce.misbehave_soap(status=status, body=fault(CODE))
    answer = server.post(REQUEST)
    assert answer.status == status and answer.body == fault(CODE).encode()
    assert len(salesforce.requests()) == 1


@pytest.mark.parametrize("way", [{}, {"chunked": 100_000}], ids=str)
def test_a_500_of_ten_megabytes_passes(server, salesforce, way):
    body = "x" * (10 << 20)
    salesforce.misbehave_soap(status=500, body=body, **way)
    answer = server.post(REQUEST)
    passed_on(salesforce, answer)
    assert answer.body == body.encode()


@pytest.mark.parametrize("how", [{"cut": -5}, {"cut": -5, "reset": True}, {"cut": 300, "chunked": 50}], ids=str)
def test_a_500_that_breaks_off_is_not_repeated(server, salesforce, how):
    salesforce.revoke(user=JANE)
    salesforce.misbehave_soap(**how)
    server.expect_log("SFJ0702")
    server.allow_log("proxy")
    answer = server.post(REQUEST)
    assert answer.status == 500 and fault_in(answer).code == "SFJ0702"
    assert len(salesforce.requests()) == 1 and salesforce.token_requests() == []


@pytest.mark.parametrize("how", [{"cut": 0}, {"cut": 0, "reset": True}, {"cut": 20}], ids=str)
def test_a_request_without_an_answer_is_not_repeated(server, salesforce, how):
    server.allow_log("SFJ0702|proxy")
    salesforce.misbehave_soap(times=None, **how)
    assert server.post(REQUEST).status == 500
    assert len(salesforce.requests()) == 1 and salesforce.token_requests() == []


# Nothing of the first run is left


def test_nothing_of_the_hidden_answer_reaches_the_client(server, salesforce):
    salesforce.revoke(user=JANE)
    hidden = [["X-Hidden", "1"], ["Set-Cookie", "hidden=1"], ["Content-Language", "tlh"], ["Retry-After", "9"]]
    salesforce.misbehave_soap(headers=hidden)
    answer = server.post(REQUEST)
    renewed(salesforce, answer)
    assert [answer.header(name) for name, _ in hidden] == [[]] * 4


def test_the_connection_goes_on(server, salesforce):
    connection = server.connection()
    for round_ in range(3):
        salesforce.revoke(user=JANE)
        salesforce.forget()
        connection.request("POST", PATH, REQUEST, HEADERS)
        answer = connection.getresponse()
        assert answer.status == 200 and answer.read() and connection.sock
        assert len(salesforce.requests()) == 2
    connection.close()


def test_pipelined_requests_are_answered_in_order(server, salesforce):
    salesforce.revoke(user=JANE)
    data = post(REQUEST) + post(envelope(JOE)) + post(REQUEST, [("Connection", "close")])
    answers = responses_in(server.send_raw(data))
    for user, answer in zip((JANE, JOE, JANE), answers, strict=True):
        assert answer.status == 200 and f"<userName>{user}</userName>".encode() in answer.body


def test_a_client_of_http_1_0_is_served(server, salesforce):
    salesforce.revoke(user=JANE)
    (answer,) = responses_in(server.send_raw(post(REQUEST, version="HTTP/1.0")))
    renewed(salesforce, answer)


@pytest.mark.parametrize("mpm", ["event"], indirect=True)  # prefork has no HTTP/2
def test_a_client_of_http_2_is_served_whenever_the_session_ends(salesforce, httpd, tmp_path):
    server = with_token(salesforce, httpd("Protocols h2c http/1.1\n" + sections.gateway(salesforce), modules=["http2"]))
    body = tmp_path / "request.xml"
    body.write_bytes(REQUEST)
    command = ["curl", "--silent", "--http2-prior-knowledge", "--header", "Content-Type: text/xml", "--data-binary",
               f"@{body}", "--write-out", " %{http_code} %{http_version}"]  # fmt: skip
    for _ in range(3):
        salesforce.revoke(user=JANE)
        url = f"http://127.0.0.1:{server.port}{PATH}"
        assert subprocess.run([*command, url], capture_output=True, check=True).stdout.endswith(b" 200 2")
    assert len(salesforce.token_requests()) == 3


def test_the_log_tells_of_it(server, salesforce):
    salesforce.revoke(user=JANE)
    server.post(REQUEST)
    server.wait_until(lambda: server.access_log().count("\n") == 2)
    before, after = server.access_log().splitlines()
    assert " renewed=- " in before and before.endswith("token=fetched")
    assert " renewed=yes " in after and after.endswith("token=renewed")


def test_a_compressing_front_sends_the_second_answer_alone(salesforce, httpd):
    server = httpd(sections.gateway(salesforce, "SetOutputFilter DEFLATE"))
    with_token(salesforce, server)
    salesforce.revoke(user=JANE)
    answer = server.post(REQUEST, headers={"Accept-Encoding": "identity"})
    renewed(salesforce, answer)


def test_an_early_fault_does_not_send_the_old_token_again(salesforce, httpd):
    """With ping= mod_proxy keeps what it has not sent of a body for the next try."""
    config = sections.gateway(salesforce, target=f"{salesforce.url}/services/Soap/ ping=1")
    server = with_token(salesforce, httpd(config))
    salesforce.revoke(user=JANE)
    answer = server.post(REQUEST)
    assert answer.status == 200
    assert salesforce.requests()[-1].session in salesforce.tokens(JANE)


def test_a_balancer_does_not_take_its_member_out_of_service(salesforce, httpd):
    config = (
        f"<Proxy balancer://salesforce>\n  BalancerMember {salesforce.url}\n  ProxySet failonstatus=500\n</Proxy>\n"
        + sections.gateway(salesforce, target="balancer://salesforce/services/Soap/")
    )  # fmt: skip
    server = with_token(salesforce, httpd(config, modules=BALANCER))
    salesforce.revoke(user=JANE)
    renewed(salesforce, server.post(REQUEST))
    first, second = salesforce.requests()
    assert first.connection == second.connection, "the second run went round the balancer"


def test_a_large_body_is_sent_again_to_the_byte(server, salesforce):
    body = envelope(JANE, f"<m:query><m:queryString>{'x' * 3_000_000}</m:queryString></m:query>")
    salesforce.revoke(user=JANE)
    assert server.post(body).status == 200
    assert [len(request.body) for request in salesforce.requests()] == [len(body) - len(JANE) + 112] * 2
    assert not list((server.folder / "tmp").iterdir())


# One token for all


@pytest.mark.parametrize("mpm", ["event", "worker"], indirect=True)
def test_a_thousand_requests_with_one_dead_token_ask_for_one_new_one(salesforce, httpd):
    """All of them are at Salesforce when the session ends."""
    count = 1000
    threads = f"ThreadLimit {count}\nThreadsPerChild {count}\nMaxRequestWorkers {count}\nMaxSpareThreads {count}\n"
    target = f"http://localhost:{salesforce.http_port}/services/Soap/"
    server = with_token(salesforce, httpd(threads + sections.gateway(salesforce, target=target)))
    server.allow_log("server reached MaxRequestWorkers")
    salesforce.revoke(user=JANE)
    salesforce.misbehave_soap(hold="faults", times=count)
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        answers = [pool.submit(server.post, REQUEST) for _ in range(count)]
        salesforce.wait_until(lambda state: state["held"].get("faults") == count, "all requests")
        salesforce.release("faults")
        assert [answer.result().status for answer in answers] == [200] * count
    assert len(salesforce.token_requests()) == 1 and len(salesforce.requests()) == 2 * count


class Client(threading.Thread):
    """Sends one request after the other until the event `end`, and keeps what became of them."""

    def __init__(self, server, end):
        super().__init__()
        self._server, self._end = server, end
        self.statuses = []

    def run(self):
        connection = self._server.connection()
        while not self._end.is_set():
            connection.request("POST", PATH, REQUEST, HEADERS)
            answer = connection.getresponse()
            answer.read()
            self.statuses.append(answer.status)
        connection.close()


def test_sessions_that_end_all_the_time_are_noticed_by_nobody(salesforce, httpd):
    """Where a new session ends before it is used the faults go out, and the log says so."""
    target = f"http://localhost:{salesforce.http_port}/services/Soap/"
    server = with_token(salesforce, httpd(sections.gateway(salesforce, target=target)))
    server.allow_log("SFJ0703")
    soak = bool(os.environ.get("SFJWT_SOAK"))
    end = threading.Event()
    clients = [Client(server, end) for _ in range(8)]
    for client in clients:
        client.start()
    ended = 0
    while ended < (30 if soak else 6) or sum(len(client.statuses) for client in clients) < 100:
        time.sleep(2 if soak else 0.25)  # for long, no user's token is renewed more often
        ended += salesforce.revoke(user=JANE) > 0
    end.set()
    for client in clients:
        client.join()
    statuses = [status for client in clients for status in client.statuses]
    assert len(statuses) - statuses.count(200) == server.error_log().count("SFJ0703")
    assert len(salesforce.token_requests()) <= (ended + 1) * max(1, len(server.children()))


# When it does not help


def test_a_second_fault_reaches_the_client_and_renewal_pauses(server, salesforce):
    server.expect_log("SFJ0703")
    salesforce.misbehave_soap(fault=[CODE, "Illegal Session"], times=None)
    for requests in (2, 3, 4):
        answer = server.post(REQUEST)
        assert b"<faultcode>sf:INVALID_SESSION_ID</faultcode>" in answer.body
        passed_on(salesforce, answer, requests, 1)
    server.wait_until(lambda: server.access_log().count(" renewed=failed ") == 3)


BAD = envelope(JANE, "<m:query><m:queryString>SELECT Id FROM Account</m:queryString></m:query>")


def test_a_request_that_is_always_rejected_costs_few_renewals_and_no_other_request(server, salesforce):
    """One that Salesforce answers with INVALID_SESSION_ID whatever the token, and a good one after it."""
    server.allow_log("SFJ0703")
    salesforce.misbehave_soap(fault=[CODE, "Illegal Session"], operation="query", times=None)
    for _ in range(40):
        assert server.post(BAD).status == 500
        assert server.post(REQUEST).status == 200
    assert 1 <= len(salesforce.token_requests()) <= 4


@pytest.mark.parametrize("how", [{"status": 503, "body": "busy"}, {"error": ["invalid_grant", "user is locked"]}], ids=str)
def test_while_no_token_is_granted_a_rejected_request_is_no_other_requests_trouble(server, salesforce, how):
    server.allow_log("SFJ0703")
    salesforce.misbehave_token(**how, times=None)
    salesforce.misbehave_soap(fault=[CODE, "Illegal Session"], operation="query", times=None)
    for _ in range(20):
        assert server.post(BAD).status == 500
        assert server.post(REQUEST).status == 200
    assert len(salesforce.token_requests()) <= 4


def test_others_are_served_with_the_old_token_while_it_is_renewed(server, salesforce):
    salesforce.misbehave_token(hold="renewal")
    salesforce.misbehave_soap(fault=[CODE, "Illegal Session"], operation="query")
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        renewing = pool.submit(server.post, BAD)
        salesforce.wait_until(lambda state: state["held"], "the token request")
        assert server.post(REQUEST).status == 200
        assert not renewing.done()
        salesforce.release("renewal")
        assert renewing.result().status == 200
    first, other, second = salesforce.requests()
    assert first.session == other.session != second.session


def test_two_sessions_that_end_shortly_after_each_other_shut_a_user_out_for_seconds(server, salesforce):
    """The new session ends before the request is repeated with it; the pause is not that of a minute."""
    server.expect_log("SFJ0703")
    salesforce.misbehave_soap(fault=[CODE, "Illegal Session"], times=2)
    assert server.post(REQUEST).status == 500
    salesforce.revoke(user=JANE)
    server.wait_until(lambda: server.post(REQUEST).status == 200, "the end of the pause")  # gives up after 30 s
    assert len(salesforce.token_requests()) == 2


def test_the_log_says_whose_session_was_not_renewed(salesforce, httpd):
    server = with_token(salesforce, httpd(sections.gateway(salesforce), modules=["unique_id"]))
    server.expect_log(rf"SFJ0703: .*\[operation getUserInfo\] \[subject {JANE}\] \[request \S{{27}}\]")
    salesforce.misbehave_soap(fault=[CODE, "Illegal Session"], times=None)
    assert server.post(REQUEST).status == 500


def test_the_same_token_again_is_not_tried_again(server, salesforce):
    server.expect_log("SFJ0703")
    salesforce.settings(same_token=True)
    salesforce.misbehave_soap(fault=[CODE, "session is locked to another address"], times=None)
    for requests in (1, 2):
        passed_on(salesforce, server.post(REQUEST), requests, 1)


def test_without_a_new_token_the_fault_passes_as_it_came(server, salesforce):
    server.expect_log("SFJ0703")
    salesforce.revoke(user=JANE)
    salesforce.misbehave_token(status=503, times=None)
    salesforce.misbehave_soap(headers=[["X-Own", "1"]], gzip=True)
    answer = server.post(REQUEST)
    passed_on(salesforce, answer, 1, 2)  # the token request is repeated once
    assert answer.header("X-Own") == ["1"] and answer.header("Content-Encoding") == ["gzip"]
    assert answer.header("Content-Length") == [str(len(answer.body))]


def test_a_backend_that_is_gone_on_the_second_run_is_a_fault_of_the_gateway(server, salesforce):
    server.expect_log("SFJ0702")
    server.allow_log("proxy")
    salesforce.revoke(user=JANE)
    salesforce.misbehave_soap(skip=1, times=None, cut=0)
    answer = server.post(REQUEST)
    assert answer.status == 500 and fault_in(answer).code == "SFJ0702"
    assert len(salesforce.requests()) == 2


def test_renewing_can_be_switched_off(salesforce, httpd):
    server = with_token(salesforce, httpd(sections.gateway(salesforce, SFJwtRenew="Off")))
    salesforce.revoke(user=JANE)
    passed_on(salesforce, server.post(REQUEST))


def test_another_user_is_not_concerned(server, salesforce):
    assert server.post(envelope(JOE)).status == 200
    salesforce.revoke(user=JANE)
    assert server.post(envelope(JOE)).status == 200
    assert [request.user for request in salesforce.token_requests()] == [JOE]


@pytest.mark.parametrize("place", ["server", "section"])
@pytest.mark.parametrize("words", ["On", "On 404 500"])
def test_an_error_override_that_hides_the_fault_is_told_at_start(salesforce, httpd, place, words):
    line = f"ProxyErrorOverride {words}"
    config = sections.gateway(salesforce, *([line] if place == "section" else []))
    server = httpd(config if place == "section" else f"{line}\n{config}")
    server.expect_log("SFJ0916: ProxyErrorOverride at")
    assert (server.console() + server.error_log()).count("SFJ0916") == 1
    assert server.post(REQUEST).status == 200


@pytest.mark.parametrize("words", ["On 502 503", "Off"])
def test_an_error_override_of_other_codes_does_no_harm(salesforce, httpd, words):
    server = with_token(salesforce, httpd(sections.gateway(salesforce, f"ProxyErrorOverride {words}")))
    salesforce.revoke(user=JANE)
    renewed(salesforce, server.post(REQUEST))
