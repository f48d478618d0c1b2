# SPDX-License-Identifier: Apache-2.0
"""Whom a request is for, and who may act as whom."""

import functools
import re

import pytest

import callers
from callers import call, users_served, verdict
from fake_salesforce.calls import JANE, envelope
from soap_fault import fault_in

NO_SESSION_HEADER = re.sub(rb"<e:Header>.*</e:Header>", b"", envelope("x"))
EMPTY_HEADER = envelope("x").replace(b"<m:SessionHeader><m:sessionId>x</m:sessionId></m:SessionHeader>", b"")
CLOSED_HEADER = re.sub(rb"<e:Header>.*</e:Header>", b"<e:Header/>", envelope("x"))
NOBODY_SIGNS_IN = "-SFJ0925"  # the warning at start; these tests are about the requests that come all the same
BLOCK = '<SessionHeader xmlns="urn:partner.soap.sforce.com"><sessionId>{}</sessionId></SessionHeader>'


@pytest.fixture
def gateway(salesforce, httpd):
    return functools.partial(callers.gateway, httpd, salesforce)


# SFJwtSubject


def test_the_body_names_the_user(gateway, salesforce):
    server = gateway(sign_in=False)
    assert call(server).status == 200
    assert users_served(salesforce) == [JANE]


@pytest.mark.parametrize(
    "spelling", ["Jane@Corp.Example", "JANE@CORP.EXAMPLE", " jane@corp.example\n", "jane&#64;corp.example"]
)
def test_spellings_of_a_user_share_one_token(gateway, salesforce, spelling):
    server = gateway(sign_in=False)
    assert verdict(server, JANE) == verdict(server, spelling) == "ok"
    (request,) = salesforce.token_requests()
    assert request.claims["sub"] == JANE and users_served(salesforce) == [JANE, JANE]


def test_the_signed_in_caller_takes_the_place_of_the_body(gateway, salesforce):
    server = gateway(SFJwtSubject='"%{REMOTE_USER}@corp.example"')
    for body in (envelope("jane@other.example"), envelope("no e-mail"), envelope("")):
        assert call(server, body, caller="billing").status == 200
    assert set(users_served(salesforce)) == {"billing@corp.example"}


def test_a_header_may_name_the_user(gateway, salesforce):
    server = gateway(sign_in=False, SFJwtSubject='"%{req:X-User}"')
    assert call(server, **{"X-User": "Joe@Corp.Example"}).status == 200
    assert users_served(salesforce) == ["joe@corp.example"]


@pytest.mark.parametrize("value", ["", " ", None], ids=["empty", "blank", "absent"])
def test_an_expression_that_gives_nothing_refuses_and_never_asks_the_body(gateway, salesforce, value):
    server = gateway(sign_in=False, SFJwtSubject='"%{req:X-User}"')
    answer = call(server, **({} if value is None else {"X-User": value}))
    assert fault_in(answer).code == "SFJ0401"
    assert salesforce.requests() == salesforce.token_requests() == []


@pytest.mark.parametrize(
    "value", ["joe", "a@b@corp.example", "joe doe@corp.example", "00D000000000062!AQ@corp.example"]
)
def test_what_an_expression_gives_is_held_to_the_same_rules(gateway, salesforce, value):
    server = gateway(sign_in=False, SFJwtSubject='"%{req:X-User}"')
    assert fault_in(call(server, **{"X-User": value})).code == "SFJ0402"


def test_without_a_caller_an_expression_of_the_caller_refuses(gateway, salesforce):
    server = gateway(sign_in=False, SFJwtSubject='"%{REMOTE_USER}"', SFJwtChecks=NOBODY_SIGNS_IN)
    assert fault_in(call(server)).code == "SFJ0401"
    assert salesforce.requests() == salesforce.token_requests() == []


def test_an_expression_knows_the_operation(gateway, salesforce):
    server = gateway(sign_in=False, SFJwtSubject='"%{reqenv:SFJWT_OPERATION}@corp.example"')
    assert call(server).status == 200
    assert users_served(salesforce) == ["getuserinfo@corp.example"]


@pytest.mark.parametrize("body", [NO_SESSION_HEADER, EMPTY_HEADER, CLOSED_HEADER], ids=["no-header", "empty", "closed"])
def test_a_session_header_is_inserted_where_there_is_none(gateway, salesforce, body):
    server = gateway(sign_in=False, SFJwtSubject="joe@corp.example")
    assert call(server, body).status == 200
    (received,) = salesforce.requests()
    assert received.user == "joe@corp.example"
    block = BLOCK.format(received.session).encode()
    assert block in received.body
    without = received.body.replace(block, b"")
    for header in (b'<Header xmlns="http://schemas.xmlsoap.org/soap/envelope/"></Header>', b""):
        if body is not EMPTY_HEADER and header:
            without = without.replace(header, b"").replace(b"<e:Header></e:Header>", b"<e:Header/>")
    assert without == body


# SFJwtAllowSubject


def test_any_lets_everybody_act_as_anybody(gateway):
    server = gateway(sign_in=False, SFJwtAllowSubject="any")
    assert verdict(server, "x@y.example") == verdict(server, JANE) == "ok"


@pytest.mark.parametrize(
    "caller, session, expected",
    [
        ("jane@corp.example", JANE, "ok"),
        ("Jane@Corp.Example", JANE, "ok"),
        ("jane@corp.example", "JANE@corp.example", "ok"),
        ("jane@corp.example", "joe@corp.example", "SFJ0403"),
        ("billing", JANE, "SFJ0403"),
    ],
)
def test_same_lets_callers_act_as_themselves(gateway, caller, session, expected):
    assert verdict(gateway(SFJwtAllowSubject="same"), session, caller) == expected


def test_same_without_a_caller_refuses(gateway, salesforce):
    server = gateway(sign_in=False, SFJwtAllowSubject="same", SFJwtChecks=NOBODY_SIGNS_IN)
    assert verdict(server, JANE) == "SFJ0403"
    assert salesforce.token_requests() == []


@pytest.mark.parametrize(
    "pattern, session, expected",
    [
        (r".+@corp\.example", JANE, "ok"),
        (r"@corp\.example", JANE, "SFJ0403"),
        (r"jane", JANE, "SFJ0403"),
        (r"jane@corp", JANE, "SFJ0403"),
        (r"joe@corp\.example|jane@corp", JANE, "SFJ0403"),
        (r"joe@corp\.example|jane@corp\.example", JANE, "ok"),
        (r"JANE@CORP\.EXAMPLE", JANE, "ok"),
        (r".+@corp\.example", "jane@corp.example.net", "SFJ0403"),
        (r".+@corp\.example", "jane@corpxexample", "SFJ0403"),
        (r"^.*@corp\.example$", JANE, "ok"),
    ],
)
def test_a_pattern_must_match_the_whole_subject(gateway, pattern, session, expected):
    silent = "-SFJ0928"  # warns of "jane" at start
    server = gateway(sign_in=False, SFJwtAllowSubject=f'match "{pattern}"', SFJwtChecks=silent)
    assert verdict(server, session) == expected


@pytest.mark.parametrize(
    "caller, session, expected",
    [
        ("billing", JANE, "ok"),
        ("billing", "integration@corp.example", "ok"),
        ("billing", "joe@corp.example", "SFJ0403"),
        ("reports", JANE, "SFJ0403"),
        ("jane@corp.example", JANE, "SFJ0403"),
    ],
)
def test_a_rule_for_a_caller_holds_for_that_caller_only(gateway, caller, session, expected):
    server = gateway(SFJwtAllowSubject=r'user "bill(ing)?" "(jane|integration)@corp\.example"')
    assert verdict(server, session, caller) == expected


def test_a_rule_for_callers_never_fits_nobody(gateway):
    server = gateway(sign_in=False, SFJwtAllowSubject='user ".*" ".*"')
    assert verdict(server, JANE) == "SFJ0403"


@pytest.mark.parametrize(
    "headers, session, expected",
    [
        ({"X-Zone": "batch"}, "batch7@corp.example", "ok"),
        ({"X-Zone": "batch"}, JANE, "SFJ0403"),
        ({"X-Zone": "web"}, "batch7@corp.example", "SFJ0403"),
        ({}, "batch7@corp.example", "SFJ0403"),
    ],
)
def test_an_expression_sees_the_request_and_the_subject(gateway, headers, session, expected):
    rule = "expr \"%{req:X-Zone} == 'batch' && %{reqenv:SFJWT_SUBJECT} =~ /^batch/\""
    assert verdict(gateway(sign_in=False, SFJwtAllowSubject=rule), session, **headers) == expected


def test_an_expression_sees_the_operation(gateway):
    server = gateway(sign_in=False, SFJwtAllowSubject="expr \"%{reqenv:SFJWT_OPERATION} == 'getUserInfo'\"")
    assert verdict(server, JANE) == "ok"
    query = envelope(JANE, "<m:query><m:queryString>SELECT Id FROM Account</m:queryString></m:query>")
    assert fault_in(call(server, query)).code == "SFJ0403"


def test_an_expression_sees_the_subject_in_normal_form(gateway):
    server = gateway(sign_in=False, SFJwtAllowSubject="expr \"%{reqenv:SFJWT_SUBJECT} == 'jane@corp.example'\"")
    assert verdict(server, " JANE@corp.example ") == "ok"


def test_one_rule_that_agrees_suffices(gateway):
    server = gateway(SFJwtAllowSubject=["same", r'user "reports" "integration@corp\.example"', "match joe@.+"])
    assert verdict(server, JANE, "jane@corp.example") == "ok"
    assert verdict(server, "integration@corp.example", "reports") == "ok"
    assert verdict(server, "joe@x.example", "nobody") == "ok"
    assert verdict(server, JANE, "nobody") == "SFJ0403"


def test_the_subject_of_an_expression_must_be_allowed_too(gateway, salesforce):
    server = gateway(SFJwtSubject='"%{REMOTE_USER}@corp.example"', SFJwtAllowSubject=r'match "billing@corp\.example"')
    assert verdict(server, "x", "billing") == "ok"
    assert verdict(server, JANE, "reports") == "SFJ0403"
    assert users_served(salesforce) == ["billing@corp.example"]


def test_a_variable_the_client_could_set_does_not_decide(gateway):
    """SFJWT_SUBJECT is ours: what was in it before is gone when expressions run."""
    server = gateway(
        'SetEnvIf X-Subject "(.+)" SFJWT_SUBJECT=$1', sign_in=False,
        SFJwtAllowSubject="expr \"%{reqenv:SFJWT_SUBJECT} == 'joe@corp.example'\"",
    )  # fmt: skip
    assert verdict(server, JANE, **{"X-Subject": "joe@corp.example"}) == "SFJ0403"
    assert verdict(server, "joe@corp.example") == "ok"


def test_the_access_log_names_operation_subject_and_origin_of_the_token(gateway):
    server = gateway(sign_in=False)
    for lines, session in enumerate((" Jane@corp.example", JANE, "x@y.example"), start=1):
        verdict(server, session)
        server.wait_until(lambda: server.access_log().count("\n") == lines)  # each line when its request is done
    first, second, third = server.access_log().splitlines()
    assert first.endswith("operation=getUserInfo subject=jane@corp.example token=fetched")
    assert second.endswith("operation=getUserInfo subject=jane@corp.example token=hit")
    assert third.endswith("operation=getUserInfo subject=x@y.example token=none")
