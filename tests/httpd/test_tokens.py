# SPDX-License-Identifier: Apache-2.0
"""Where tokens come from: asked for once, used again, and what the client hears when there is none."""

import concurrent.futures
import os
import re
import subprocess
import time

import jwt
import pytest

import sections
from fake_salesforce.calls import GRANT_TYPE, JANE, envelope
from soap_fault import fault_in

JOE = "joe@corp.example"
REQUEST = envelope(JANE)
TRANSIENT, CONFIGURATION, SUBJECT = "SFJ0603", "SFJ0602", "SFJ0601"


def gateway(salesforce, httpd, *lines, **more):
    options = {name: more.pop(name) for name in ("log_level", "environment", "modules") if name in more}
    server = httpd(sections.gateway(salesforce, *lines, **more), **options)
    server.allow_log("SFJ060[123]")
    return server


# Asked for once


def test_a_second_request_uses_the_token_of_the_first(salesforce, httpd):
    server = gateway(salesforce, httpd)
    for _ in range(3):
        assert server.post(REQUEST).status == 200
    assert len(salesforce.token_requests()) == 1
    assert len({request.session for request in salesforce.requests()}) == 1


def test_each_user_has_a_token_of_its_own(salesforce, httpd):
    server = gateway(salesforce, httpd)
    for user in (JANE, JOE, JANE, JOE):
        assert server.post(envelope(user)).status == 200
    assert [request.user for request in salesforce.requests()] == [JANE, JOE, JANE, JOE]
    assert [request.user for request in salesforce.token_requests()] == [JANE, JOE]


def test_requests_of_one_user_at_a_time_ask_for_one_token(salesforce, httpd):
    salesforce.misbehave_token(hold="first")
    server = gateway(salesforce, httpd)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(server.post, REQUEST) for _ in range(8)]
        salesforce.wait_until(lambda state: state["held"], "the token request")
        salesforce.release("first")
        assert [answer.result().status for answer in answers] == [200] * 8
    assert len(salesforce.token_requests()) == 1 and len(salesforce.requests()) == 8


def test_a_user_does_not_wait_for_the_token_of_another(salesforce, httpd):
    salesforce.misbehave_token(hold="jane", user=JANE)
    server = gateway(salesforce, httpd)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        slow = pool.submit(server.post, REQUEST)
        salesforce.wait_until(lambda state: state["held"], "the token request")
        assert server.post(envelope(JOE)).status == 200
        assert not slow.done()
        salesforce.release("jane")
        assert slow.result().status == 200


def test_a_hit_costs_no_token_request_after_the_endpoint_is_gone(salesforce, httpd):
    server = gateway(salesforce, httpd)
    assert server.post(REQUEST).status == 200
    salesforce.misbehave_token(status=503, times=None)
    assert server.post(REQUEST).status == 200
    assert fault_in(server.post(envelope(JOE))).code == TRANSIENT


# How it is asked for


def test_the_assertion_is_as_salesforce_wants_it(salesforce, httpd):
    gateway(salesforce, httpd).post(REQUEST)
    (request,) = salesforce.token_requests()
    assert request.verdict == "ok" and request.method == "POST" and request.tls
    assert request.header_of_jwt == {"alg": "RS256", "typ": "JWT"}
    assert request.claims["iss"] == salesforce.client_id and request.claims["sub"] == JANE
    assert request.claims["aud"] == "https://login.salesforce.com"
    assert 120 <= request.claims["exp"] - time.time() <= 300
    assert request.parameters == {"grant_type": [GRANT_TYPE]}
    assert request.header("Content-Type") == ["application/x-www-form-urlencoded"]


def test_claims_and_parameters_can_be_added(salesforce, httpd):
    own = {
        "SFJwtClaim": ["region emea", 'purpose "a & b"'], "SFJwtTokenParam": ["so 00D000000000001", 'x "a&b=c d"'],
        "SFJwtAudience": "sandbox",
    }  # fmt: skip
    assert gateway(salesforce, httpd, **own).post(REQUEST).status == 200
    (request,) = salesforce.token_requests()
    assert (request.claims["region"], request.claims["purpose"]) == ("emea", "a & b")
    assert (request.parameters["so"], request.parameters["x"]) == (["00D000000000001"], ["a&b=c d"])
    assert request.claims["aud"] == "https://test.salesforce.com"


def test_proxies_of_the_environment_are_not_asked(salesforce, httpd):
    environment = {name: "http://127.0.0.1:1" for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY")}
    assert gateway(salesforce, httpd, environment=environment).post(REQUEST).status == 200


def test_sections_with_other_claims_do_not_share_tokens(salesforce, httpd):
    target = salesforce.url + "/services/Soap/"
    config = sections.gateway(salesforce, path="/a/", target=target, SFJwtClaim="region emea")
    config += sections.gateway(salesforce, path="/b/", target=target, tls=False, SFJwtClaim="region apac")
    server = httpd(config)
    for path in ("/a/u/66.0", "/b/u/66.0", "/a/u/66.0"):
        assert server.post(REQUEST, path=path).status == 200
    assert [request.claims["region"] for request in salesforce.token_requests()] == ["emea", "apac"]


# When there is none


@pytest.mark.parametrize(
    "state, words",
    [
        ("unapproved", "has not approved this app"),
        ("not_admin_approved", "may not use this app"),
        ("inactive", "inactive"),
        ("locked", "locked"),
    ],
)
def test_a_user_that_may_not_is_told_why(salesforce, httpd, state, words):
    salesforce.users({JANE: state})
    server = gateway(salesforce, httpd)
    answer = server.post(REQUEST)
    fault = fault_in(answer)
    assert (answer.status, fault.code, fault.faultcode) == (500, SUBJECT, "Client") and words in fault.text
    assert salesforce.requests() == [] and server.error_log().count("SFJ06") == 1
    assert server.post(envelope(JOE)).status == 200


@pytest.mark.parametrize(
    "settings, words",
    [
        ({"client_id": "3MVG9another"}, "SFJwtClientId"),
        ({"audiences": ["https://example.my.site.com"]}, "SFJwtAudience"),
        ({"public_keys": []}, "SFJwtPrivateKey"),
        ({"max_assertion_lifetime": 1}, "clock"),
    ],
    ids=["client", "audience", "key", "lifetime"],
)
def test_a_wrong_configuration_is_named(salesforce, httpd, settings, words):
    salesforce.settings(**settings)
    answer = gateway(salesforce, httpd).post(REQUEST)
    fault = fault_in(answer)
    assert (answer.status, fault.code, fault.faultcode) == (500, CONFIGURATION, "Server") and words in fault.text
    assert salesforce.requests() == []


@pytest.mark.parametrize(
    "how, code, requests",
    [
        ({"status": 503, "body": "busy"}, TRANSIENT, 2),
        ({"status": 500, "body": ""}, TRANSIENT, 2),
        ({"status": 429, "headers": [["Retry-After", "7"]]}, TRANSIENT, 1),
        ({"status": 503, "headers": [["Retry-After", "7"]]}, TRANSIENT, 1),
        ({"error": ["rate_limit_exceeded", "login rate exceeded"]}, TRANSIENT, 1),
        ({"cut": 0}, TRANSIENT, 2),
        ({"cut": 40, "reset": True}, TRANSIENT, 2),
        ({"cut": -5}, TRANSIENT, 2),
        ({"status": 302, "headers": [["Location", "https://evil.example/"]]}, CONFIGURATION, 1),
        ({"body": "<html>login</html>"}, CONFIGURATION, 1),
        ({"body": '{"access_token": "a", "access_token": "b"}'}, CONFIGURATION, 1),
        ({"fields": {"access_token": None}}, CONFIGURATION, 1),
        ({"fields": {"access_token": "a b"}}, CONFIGURATION, 1),
        ({"fields": {"access_token": "<x/>&amp;"}}, CONFIGURATION, 1),
        ({"fields": {"access_token": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2ln"}}, CONFIGURATION, 1),
        ({"fields": {"access_token": "x" * 5000}}, CONFIGURATION, 1),
        ({"fields": {"token_type": "mac"}}, CONFIGURATION, 1),
        ({"fields": {"instance_url": "http://localhost"}}, CONFIGURATION, 1),
        ({"body": "x" * 100_000}, CONFIGURATION, 1),
        ({"raw": "nonsense"}, TRANSIENT, 2),
    ],
    ids=str,
)
def test_a_bad_answer_of_the_endpoint_gives_no_token(salesforce, httpd, how, code, requests):
    salesforce.misbehave_token(**how, times=None)
    server = gateway(salesforce, httpd)
    answer = server.post(REQUEST)
    fault = fault_in(answer)
    assert answer.status == 500 and fault.code in (TRANSIENT, CONFIGURATION)
    assert fault.code == code, fault.text
    assert salesforce.requests() == [] and len(salesforce.token_requests()) == requests
    assert server.error_log().count("SFJ06") == 1


@pytest.mark.parametrize(
    "how",
    [{"status": 503, "body": "busy"}, {"status": 500, "body": ""}, {"cut": 0}, {"cut": 40, "reset": True}],
    ids=str,
)
def test_a_failure_that_is_over_in_a_moment_is_noticed_by_nobody(salesforce, httpd, how):
    salesforce.misbehave_token(**how)
    server = gateway(salesforce, httpd)
    assert server.post(REQUEST).status == 200
    assert len(salesforce.token_requests()) == 2 and "SFJ06" not in server.error_log()


def test_a_failure_that_is_remembered_says_so(salesforce, httpd):
    salesforce.users({JANE: "locked"})
    server = gateway(salesforce, httpd)
    first, second = server.post(REQUEST), server.post(REQUEST)
    (seconds,) = second.header("Retry-After")
    told = fault_in(second).text.removeprefix(fault_in(first).text)
    assert re.fullmatch(r" This failure happened (a moment|\d+ s) ago and is remembered: no token is requested for this user "
                        rf"for another {seconds} s, or until httpd restarts \(apachectl graceful is enough\)\.", told)  # fmt: skip
    assert fault_in(second).text in server.error_log()
    assert first.status == second.status == 500 and 1 <= int(seconds) <= int(first.header("Retry-After")[0]) <= 38
    assert len(salesforce.token_requests()) == 1


def test_an_endpoint_that_does_not_answer_is_waited_for_in_bounds(salesforce, httpd):
    salesforce.misbehave_token(hold="ever")
    server = gateway(salesforce, httpd, SFJwtTokenTimeout="1 1")
    assert fault_in(server.post(REQUEST)).code == TRANSIENT
    salesforce.release("ever")


def test_an_endpoint_nobody_listens_at_is_a_transient_failure(salesforce, httpd):
    server = gateway(salesforce, httpd, SFJwtTokenEndpoint="https://localhost:1/services/oauth2/token")
    assert fault_in(server.post(REQUEST)).code == TRANSIENT


def test_an_endpoint_of_another_ca_is_not_asked(salesforce, httpd, running_salesforce, tmp_path):
    with type(running_salesforce)(tmp_path / "stranger") as stranger:
        server = gateway(salesforce, httpd, SFJwtTokenEndpoint=stranger.url + "/services/oauth2/token")
        fault = fault_in(server.post(REQUEST))
        assert fault.code == CONFIGURATION and "certificate" in fault.text
        assert stranger.token_requests() == []


# Canaries


def secrets_in(salesforce, text):
    secrets = salesforce.secrets()
    parts = [part for assertion in secrets["assertions"] for part in assertion.split(".")[1:]]
    tokens = [token.partition("!")[2] for token in secrets["tokens"]]
    assert tokens or parts
    return [secret for secret in (*tokens, *parts) if secret in text]


@pytest.mark.parametrize("how", [None, "token", "echo", "fault", "backend-gone"])
def test_no_secret_is_in_a_log_a_header_or_a_fault_at_the_highest_level(salesforce, httpd, how):
    """The fixture searches all files for tokens, assertions and the key; this test looks at the answers."""
    server = gateway(salesforce, httpd, log_level="trace8 sfjwt:trace8")
    server.allow_log(r"SFJ070[12]|proxy|ssl")
    if how == "token":
        salesforce.misbehave_token(fields={"access_token": "00D000000000062!canary.of.a\\n.wrong.token"})
        server.canary("canary.of.a")
    if how == "echo":
        salesforce.misbehave_token(error=["invalid_grant", "canary" * 20])
        server.canary("canary" * 20)
    if how == "fault":
        salesforce.misbehave_soap(fault=["UNKNOWN_EXCEPTION", "something"])
    if how == "backend-gone":
        salesforce.misbehave_soap(cut=0, times=None)
    answer = server.post(REQUEST)
    assert secrets_in(salesforce, str(answer.headers) + answer.body.decode()) == []


def test_no_secret_is_in_the_environment_of_expressions(salesforce, httpd):
    names = ("SFJWT_OPERATION", "SFJWT_SUBJECT", "SFJWT_TOKEN", "SFJWT_FAULT", "SFJWT_RENEWED", "SFJWT_VALIDATION")
    lines = [f'Header always set X-{name.replace("_", "-")} "%{{{name}}}e"' for name in names]
    answer = gateway(salesforce, httpd, *lines).post(REQUEST)
    assert answer.header("X-SFJWT-SUBJECT") == [JANE] and answer.header("X-SFJWT-TOKEN") == ["fetched"]
    assert secrets_in(salesforce, str(answer.headers)) == []


def test_the_key_may_be_readable_by_root_alone(salesforce, httpd):
    if os.geteuid() != 0:
        pytest.skip("only root gives up its rights")
    assert os.stat(salesforce.private_key).st_mode & 0o777 == 0o600
    assert gateway(salesforce, httpd).post(REQUEST).status == 200


@pytest.mark.parametrize("form", ["DER", "traditional", "crlf", "pkcs12"])
def test_a_key_may_come_in_every_usual_form(salesforce, httpd, tmp_path, form):
    key = tmp_path / "key"
    source = salesforce.private_key
    run = lambda *command: subprocess.run(["openssl", *command], check=True, capture_output=True)  # noqa: E731
    if form == "DER":
        run("pkey", "-in", source, "-outform", "DER", "-out", key)
    elif form == "traditional":
        run("pkey", "-in", source, "-traditional", "-out", key)
    elif form == "crlf":
        with open(source, "rb") as file:
            key.write_bytes(file.read().replace(b"\n", b"\r\n"))
    else:
        run("req", "-x509", "-key", source, "-subj", "/CN=gateway", "-days", "2", "-out", tmp_path / "cert")
        run("pkcs12", "-export", "-inkey", source, "-in", tmp_path / "cert", "-passout", "pass:", "-out", key)
    key.chmod(0o600)
    assert gateway(salesforce, httpd, SFJwtPrivateKey=f'"{key}"').post(REQUEST).status == 200
    assert jwt.get_unverified_header(salesforce.secrets()["assertions"][0])["alg"] == "RS256"
