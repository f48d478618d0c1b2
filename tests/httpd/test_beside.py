# SPDX-License-Identifier: Apache-2.0
"""What single other modules do to a request, each in its own way: turn it away, read it slowly, answer for the gateway."""

import base64
import gzip
import socket

import pytest

import callers
import sections
from fake_salesforce.calls import JANE, envelope
from fronts import KEPT, Message, Streams, cannot_be
from gateway_httpd import DEADLINE
from neighbours import SECURITY
from raw_http import chunked, post, responses_in
from soap_fault import fault_in
from test_neighbours import configured

REQUEST = envelope(JANE)


def untouched(salesforce):
    return salesforce.requests() == [] and salesforce.token_requests() == []


# mod_security2


@pytest.fixture
def security(salesforce, httpd):
    def start(lines="", *more):
        config = SECURITY + lines + sections.gateway(salesforce, *more)
        return configured(httpd(config, modules=["unique_id", "security2"], start=False))

    return start


def test_security2_reads_what_the_client_has_sent_and_turns_it_away(security, salesforce):
    server = security()
    server.expect_log("ModSecurity: Access denied with code 403 .phase 2.")
    answer = server.post(envelope(JANE, "<m:query><m:queryString>hostile</m:queryString></m:query>"))
    assert answer.status == 403 and b"Fault" not in answer.body and untouched(salesforce)


def test_security2_reads_the_second_answer_alone(security, salesforce):
    server = security()
    assert server.post(REQUEST).status == 200
    salesforce.revoke(user=JANE)
    assert server.post(REQUEST).status == 200
    server.expect_log("ModSecurity: Access denied with code 403 .phase 4.")
    salesforce.misbehave_soap(body="<a>INVALID_SESSION_ID</a>")
    assert server.post(REQUEST).status == 403


@pytest.mark.parametrize("way", ["length", "chunked"])
def test_security2_has_limits_of_its_own(security, salesforce, way):
    server = security()
    server.expect_log("ModSecurity: Request body no files data length is larger")
    body = envelope(JANE, f"<m:query><m:queryString>{'x' * 140_000}</m:queryString></m:query>")
    if way == "chunked":
        data = post(chunked(body, 9000), [("Transfer-Encoding", "chunked")], length=False)
    else:
        data = post(body)
    (answer,) = responses_in(server.send_raw(data, half_close=True))
    assert answer.status == 413 and untouched(salesforce)


def test_security2_turns_compressed_requests_away(security, salesforce):
    """It reads them as they come, and libxml2 complains on the console."""
    server = security()
    server.expect_log("ModSecurity: XML pars")
    server.allow_log(r"ModSecurity: Access denied|parser error :|^\W+$")
    answer = server.post(gzip.compress(REQUEST), headers={"Content-Encoding": "gzip"})
    assert answer.status in (400, 500) and b"SFJ" not in answer.body and untouched(salesforce)


def test_security2_does_not_see_the_token(security, salesforce):
    """Neither in the body nor in what it writes down."""
    server = security()
    assert server.post(REQUEST).status == 200
    server.wait_until(lambda: JANE in (server.folder / "logs/audit").read_text(), "the request in the audit log")


# mod_reqtimeout


@pytest.mark.parametrize("way", ["length", "chunked"])
def test_a_body_that_comes_too_slowly_is_a_fault(salesforce, httpd, way):
    server = httpd("RequestReadTimeout body=1\n" + sections.gateway(salesforce), modules=["reqtimeout"])
    head = [("Transfer-Encoding", "chunked")] if way == "chunked" else []
    data = post(chunked(REQUEST, 100) if way == "chunked" else REQUEST, head, length=way == "length")
    (answer,) = responses_in(server.send_raw(data[:-50]))
    assert answer.status == 408 and fault_in(answer).code == "SFJ0105" and untouched(salesforce)
    assert answer.header("Connection") == ["close"]


# mod_ratelimit


def test_an_answer_comes_in_the_pieces_ratelimit_makes_of_it(salesforce, httpd):
    server = httpd(sections.gateway(salesforce, "SetOutputFilter RATE_LIMIT", "SetEnv rate-limit 1"),
                   modules=["ratelimit"])  # fmt: skip
    assert server.post(REQUEST).status == 200
    salesforce.revoke(user=JANE)
    salesforce.misbehave_soap(skip=1, body="x" * 30_000)
    with socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE) as client:
        client.sendall(post(REQUEST))
        # 205 bytes at a time. Without the filter, all of it is there at once.
        assert 0 < len(client.recv(65536)) < 15_000


# mod_dumpio


@pytest.mark.parametrize("value, told", [("On", 1), ("Off", 0)])
def test_a_dump_of_all_output_is_told_at_start(salesforce, httpd, value, told):
    server = httpd(f"DumpIOInput On\nDumpIOOutput {value}\n" + sections.gateway(salesforce), modules=["dumpio"])
    server.allow_log("SFJ0918: DumpIOOutput at .* writes what goes to Salesforce into the log")
    assert (server.console() + server.error_log()).count("SFJ0918") == told
    assert server.post(REQUEST).status == 200


# ErrorDocument


DOCUMENT = "<p>our own page</p>"


@pytest.fixture
def documents(salesforce, httpd):
    def start(*lines, modules=()):
        open_folder = '<Directory "{folder}/htdocs">\n  Require all granted\n</Directory>\n'
        config = open_folder + "\n".join(lines) + "\n" + sections.gateway(salesforce)
        server = httpd(config, modules=modules, start=False)
        (server.folder / "htdocs/error.html").write_text(DOCUMENT)
        server.allow_log("SFJ0402|SFJ0102|SFJ0702|proxy")
        return server.start()

    return start


@pytest.mark.parametrize("status", [500, 502])
@pytest.mark.parametrize(
    "place, seen", [("/error.html", DOCUMENT), ('"plain words"', "plain words"), ("https://errors.example/", "")],
    ids=["page", "text", "elsewhere"],
)  # fmt: skip
def test_an_error_document_answers_for_a_backend_that_fails(documents, salesforce, status, place, seen):
    """Who has configured one for that status wants it; for another status it is no reason to keep the fault back."""
    server = documents(f"ErrorDocument {status} {place}")
    salesforce.misbehave_soap(times=None, cut=0)
    for _ in range(2):
        answer = server.post(REQUEST)
        if status == 500:
            assert answer.status == 500 and fault_in(answer).code == "SFJ0702"
        elif seen:
            assert (answer.status, answer.body.decode()) == (502, seen)
        else:
            assert answer.status == 302 and answer.header("Location") == [place]


def test_an_error_document_does_not_answer_for_faults(documents, salesforce):
    server = documents(*[f"ErrorDocument {status} /error.html" for status in (413, 415, 500)])
    assert fault_in(server.post(envelope("x"))).code == "SFJ0402"
    assert fault_in(server.post(REQUEST, headers={"Content-Type": "text/plain"})).code == "SFJ0102"
    salesforce.misbehave_soap(fault=["MALFORMED_QUERY", "unexpected token"])
    answer = server.post(REQUEST)
    assert answer.status == 500 and b"MALFORMED_QUERY" in answer.body
    assert server.post(REQUEST).status == 200
    salesforce.revoke(user=JANE)
    assert server.post(REQUEST).status == 200


@pytest.mark.parametrize("front", [KEPT, Streams("h2c")], ids=str)
def test_a_backend_that_takes_too_long_is_a_fault_also_on_a_connection_that_has_served(salesforce, httpd, mpm, front):
    if reason := cannot_be(front, mpm):
        pytest.skip(reason)
    server = httpd("ProxyTimeout 1\nProtocols h2c http/1.1\n" + sections.gateway(salesforce, SFJwtFaultStatus="http"), modules=["http2"])
    server.expect_log("SFJ0702")
    server.allow_log("proxy")
    salesforce.misbehave_soap(user=JANE, hold="too long")
    joe = Message(envelope("joe@corp.example"))
    answers = front.exchange(server, [joe, Message(REQUEST), joe])
    assert [answer.status for answer in answers] == [200, 502, 200] and fault_in(answers[1]).code == "SFJ0702"
    assert len(salesforce.requests()) == 3
    salesforce.release("too long")


def test_a_backend_that_breaks_off_is_a_fault_without_renewal_too(salesforce, httpd):
    server = httpd(sections.gateway(salesforce, SFJwtRenew="Off"))
    server.expect_log("SFJ0702")
    server.allow_log("proxy")
    salesforce.misbehave_soap(user=JANE, times=None, cut=0)
    answers = KEPT.exchange(server, [Message(envelope("joe@corp.example")), Message(REQUEST)])
    assert [answer.status for answer in answers] == [200, 500] and fault_in(answers[1]).code == "SFJ0702"


# Who are you?


def test_a_caller_who_has_not_signed_in_gets_the_answer_of_basic_authentication(salesforce, httpd):
    server = callers.gateway(httpd, salesforce)
    answer = callers.call(server)
    assert answer.status == 401 and answer.header("WWW-Authenticate") == ['Basic realm="gateway"']
    assert b"SFJ" not in answer.body and untouched(salesforce)
    wrong = base64.b64encode(b"billing:wrong").decode()
    server.expect_log("AH01617")
    assert callers.call(server, Authorization=f"Basic {wrong}").status == 401 and untouched(salesforce)
    assert callers.call(server, caller="billing").status == 200


def test_a_large_body_behind_a_401_is_never_taken_for_a_request(salesforce, httpd):
    server = callers.gateway(httpd, salesforce)
    inner = post(REQUEST) * 500
    answers = responses_in(server.send_raw(post(inner) + post(REQUEST)))
    assert {answer.status for answer in answers} == {401} and len(answers) <= 2 and untouched(salesforce)


# 100 Continue


def test_a_client_is_told_to_continue_only_when_its_body_is_wanted(salesforce, httpd):
    server = httpd(sections.gateway(salesforce, SFJwtMaxBody=1024))
    server.allow_log("SFJ")
    for headers, length in ([("Content-Encoding", "br")], 500), ([], 5000), ([("SOAPAction", '"x"')], 2000):
        with socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE) as client:
            client.sendall(post(b"", [*headers, ("Expect", "100-continue")], length=length))
            stream = client.makefile("rb")
            assert stream.readline().split()[1] in (b"413", b"415")
            assert b"connection: close" in stream.read().lower()
