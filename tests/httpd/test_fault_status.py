# SPDX-License-Identifier: Apache-2.0
"""The status of faults: SOAP clients read them on 500 alone, load balancers look for 502, 503 and 504."""

import pytest

import sections
from fake_salesforce.calls import JANE, envelope
from soap_fault import fault_in

REQUEST = envelope(JANE)
NOBODY = "https://localhost:1/services/Soap/"


@pytest.mark.parametrize("said, status", [(None, 500), ("soap", 500), ("http", 503)])
def test_salesforce_that_is_down_has_the_status_of(salesforce, httpd, said, status):
    server = httpd(sections.gateway(salesforce, target=NOBODY, SFJwtFaultStatus=said))
    server.expect_log("SFJ0701")
    server.allow_log("proxy")
    answer = server.post(REQUEST)
    assert (answer.status, fault_in(answer).code, fault_in(answer).exception_code) == (
        status, "SFJ0701", "SERVER_UNAVAILABLE",
    )  # fmt: skip


@pytest.mark.parametrize("said, status", [(None, 500), ("http", 502)])
def test_salesforce_that_breaks_off_has_the_status_of(salesforce, httpd, said, status):
    server = httpd(sections.gateway(salesforce, SFJwtFaultStatus=said))
    server.expect_log("SFJ0702")
    server.allow_log("proxy")
    salesforce.misbehave_soap(times=None, cut=0)
    answer = server.post(REQUEST)
    assert (answer.status, fault_in(answer).code) == (status, "SFJ0702")


@pytest.mark.parametrize("said", ["soap", "http"])
def test_what_http_itself_refuses_has_its_status_either_way(salesforce, httpd, said):
    server = httpd(sections.gateway(salesforce, SFJwtFaultStatus=said, SFJwtMaxBody=2000))
    assert server.request("GET", "/services/Soap/u/66.0").status == 405
    assert server.post(b"x" * 2001).status == 413
    assert server.post(REQUEST, headers={"Content-Type": "text/plain"}).status == 415


def test_an_unknown_word_ends_the_start(salesforce, configtest):
    accepted, output = configtest(sections.gateway(salesforce, SFJwtFaultStatus="503"))
    assert not accepted and "SFJwtFaultStatus" in output and "must be soap or http" in output


@pytest.mark.parametrize("refused", [True, False], ids=["of-the-gateway", "of-salesforce"])
def test_a_fault_does_not_offer_http_2(salesforce, httpd, refused):
    """PHP looks for a Connection header that is "close"; in "Upgrade, close" it does not find it."""
    server = httpd("Protocols h2c http/1.1\n" + sections.gateway(salesforce), modules=["http2"])
    server.allow_log("AH10034|SFJ0402")
    salesforce.misbehave_soap(fault=["MALFORMED_QUERY", "unexpected token"])
    answer = server.post(envelope("x") if refused else REQUEST)
    assert answer.status == 500
    assert answer.header("Connection") == ["close"] and answer.header("Upgrade") == []
