# SPDX-License-Identifier: Apache-2.0
"""Which operations a section serves, and to whom."""

import pytest

import callers
import sections
from callers import verdict
from fake_salesforce.calls import JANE
from soap_fault import fault_in

GET = "<m:getUserInfo/>"
QUERY = "<m:query><m:queryString>SELECT Id FROM Account</m:queryString></m:query>"
DELETE = "<m:delete><m:ids>001000000000001AAA</m:ids></m:delete>"
REFUSED = "SFJ0406"


def gateway(httpd, salesforce, *lines, **more):
    return callers.gateway(httpd, salesforce, *lines, **{"sign_in": False, **more})


def test_only_allowed_operations_are_served(httpd, salesforce):
    server = gateway(httpd, salesforce, SFJwtAllowOperation="query getUserInfo")
    assert [verdict(server, JANE, operation=one) for one in (QUERY, GET, DELETE)] == ["ok", "ok", REFUSED]
    assert [one.operation for one in salesforce.requests()] == ["query", "getUserInfo"]


def test_denied_operations_are_not_served_and_no_token_is_asked_for(httpd, salesforce):
    server = gateway(httpd, salesforce, SFJwtDenyOperation=["delete", "create update"])
    answer = callers.call(server, callers.envelope(JANE, DELETE))
    assert answer.status == 500 and "may not use operation delete" in fault_in(answer).text
    assert salesforce.token_requests() == salesforce.requests() == []
    assert verdict(server, JANE, operation=QUERY) == "ok"


def test_deny_wins_over_allow(httpd, salesforce):
    server = gateway(httpd, salesforce, SFJwtAllowOperation="query delete", SFJwtDenyOperation="delete")
    assert verdict(server, JANE, operation=DELETE) == REFUSED and verdict(server, JANE, operation=QUERY) == "ok"


def test_one_group_reads_and_another_writes(httpd, salesforce):
    server = gateway(
        httpd, salesforce, sign_in=True,
        SFJwtDenyOperation="delete create update \"expr=! %{REMOTE_USER} in { 'billing', 'root' }\"",
    )  # fmt: skip
    assert verdict(server, JANE, "billing", DELETE) == "ok"
    assert verdict(server, JANE, "reports", DELETE) == REFUSED
    assert verdict(server, JANE, "reports", QUERY) == "ok"


def test_a_condition_reads_subject_and_operation(httpd, salesforce):
    condition = "%{reqenv:SFJWT_SUBJECT} =~ /^batch/ && %{reqenv:SFJWT_OPERATION} == 'delete'"
    server = gateway(httpd, salesforce, SFJwtAllowOperation=["query", f'query delete "expr={condition}"'])
    assert verdict(server, "batch1@corp.example", operation=DELETE) == "ok"
    assert verdict(server, JANE, operation=DELETE) == REFUSED
    assert verdict(server, JANE, operation=QUERY) == "ok"


def test_a_condition_reads_the_subject_of_this_request_only(httpd, salesforce):
    """What the client sends, and what an earlier request on the connection left, decide nothing."""
    server = gateway(
        httpd, salesforce, 'SetEnvIf X-Subject "(.+)" SFJWT_SUBJECT=$1',
        SFJwtDenyOperation="query \"expr=%{reqenv:SFJWT_SUBJECT} != 'batch@corp.example'\"",
    )  # fmt: skip
    assert verdict(server, "batch@corp.example", operation=QUERY) == "ok"
    assert verdict(server, JANE, operation=QUERY, **{"X-Subject": "batch@corp.example"}) == REFUSED


@pytest.mark.parametrize("directive", ["SFJwtAllowOperation", "SFJwtDenyOperation"])
def test_a_condition_that_cannot_be_evaluated_refuses(httpd, salesforce, directive):
    """The file is read when the condition is evaluated, and is not there."""
    server = gateway(httpd, salesforce, **{directive: "query \"expr=file('/nowhere') == 'x'\""})
    server.expect_log("SFJ0404: an expression cannot be evaluated")
    server.allow_log("Evaluation of expression")  # httpd says it too
    server.expect_log(f"SFJ0408: {directive} .{server.folder}/")
    assert verdict(server, JANE, operation=QUERY) == "SFJ0403"
    assert salesforce.requests() == []


def test_who_may_not_act_as_the_user_is_told_that_first(httpd, salesforce):
    server = gateway(httpd, salesforce, SFJwtDenyOperation="delete")
    assert verdict(server, "jane@other.example", operation=DELETE) == "SFJ0403"


def test_an_inner_section_adds_to_what_is_denied(httpd, salesforce):
    inner = sections.gateway(salesforce, path="/services/Soap/u/", SFJwtDenyOperation="query", tls=False,
                             target=f"{salesforce.url}/services/Soap/u/")  # fmt: skip
    config = sections.gateway(salesforce, SFJwtDenyOperation="delete") + inner
    server = httpd(config)
    server.allow_log("SFJ0406")
    assert [verdict(server, JANE, operation=one) for one in (QUERY, DELETE, GET)] == [REFUSED, REFUSED, "ok"]


@pytest.mark.parametrize(
    "line, complaint",
    [
        ("SFJwtDenyOperation querry", "operation querry is not in the WSDLs of this section"),
        ("SFJwtAllowOperation query Delete", "operation Delete is not in the WSDLs of this section"),
        ("SFJwtDenyOperation", "needs the name of an operation"),
        ('SFJwtDenyOperation "expr=true"', "needs the name of an operation"),
        ('SFJwtDenyOperation query "expr=%{nonsense"', "the expression is not understood"),
        ("SFJwtDenyOperation query expr=%{REMOTE_USER} == 'x'", "must be the last argument, in quotes as a whole"),
        ('SFJwtDenyOperation "expr=true" query', "must be the last argument"),
    ],
)
def test_a_line_that_cannot_mean_anything_is_refused_at_start(configtest, salesforce, line, complaint):
    accepted, output = configtest(sections.gateway(salesforce, line))
    assert not accepted and complaint in output
