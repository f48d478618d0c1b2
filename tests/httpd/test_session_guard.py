# SPDX-License-Identifier: Apache-2.0
"""Operations by which one application would end the sessions of all."""

import re
from xml.etree import ElementTree

import pytest

import sections
from fake_salesforce.calls import JANE, envelope
from soap_fault import SOAP_1_1, SOAP_1_2, fault_in

PARTNER = "urn:partner.soap.sforce.com"
LOGOUT = envelope(JANE, "<m:logout/>")
# By operations of the sample that are built alike.
STAND_INS = {
    "setPassword": "describeGlobal", "resetPassword": "getUserInfo", "invalidateSessions": "delete",
    "changeOwnPassword": "queryMore",
}  # fmt: skip
CONTENT = {"changeOwnPassword": "<m:queryLocator>x</m:queryLocator>"}


def request(operation):
    return envelope(JANE, f"<m:{operation}>{CONTENT.get(operation, '')}</m:{operation}>")


@pytest.fixture(scope="session")
def wsdl(tmp_path_factory):
    """The sample with the names of operations it lacks."""
    text = sections.SAMPLE_WSDL.read_text()
    for operation, stand_in in STAND_INS.items():
        text = re.sub(rf"\b{stand_in}(?=\b|Request\b|Response\b)", operation, text)
    file = tmp_path_factory.mktemp("wsdl") / "sessions.wsdl"
    file.write_text(text)
    return file


def gateway(salesforce, httpd, wsdl, **directives):
    return httpd(sections.gateway(salesforce, SFJwtWsdl=f'"{wsdl}"', **directives))


def test_logout_is_answered_here(salesforce, httpd):
    server = httpd(sections.gateway(salesforce))
    answer = server.post(LOGOUT)
    assert answer.status == 200 and answer.header("Content-Type") == ["text/xml; charset=utf-8"]
    document = ElementTree.fromstring(answer.body)
    (body,) = document
    assert (document.tag, body.tag) == (f"{{{SOAP_1_1}}}Envelope", f"{{{SOAP_1_1}}}Body")
    assert [(child.tag, len(child)) for child in body] == [(f"{{{PARTNER}}}logoutResponse", 0)]
    assert salesforce.requests() == salesforce.token_requests() == []
    server.wait_until(lambda: server.access_log().endswith("operation=logout subject=jane@corp.example token=none\n"))


def test_logout_is_answered_in_the_version_of_the_request(salesforce, httpd, tmp_path):
    both = tmp_path / "both.wsdl"
    text = sections.SAMPLE_WSDL.read_text()
    both.write_text(text.replace("http://schemas.xmlsoap.org/wsdl/soap/", "http://schemas.xmlsoap.org/wsdl/soap12/"))
    server = gateway(salesforce, httpd, both)
    body = LOGOUT.replace(SOAP_1_1.encode(), SOAP_1_2.encode())
    answer = server.post(body, headers={"Content-Type": "application/soap+xml; charset=utf-8"})
    assert answer.status == 200 and answer.header("Content-Type") == ["application/soap+xml; charset=utf-8"]
    assert ElementTree.fromstring(answer.body).tag == f"{{{SOAP_1_2}}}Envelope"


def test_the_connection_goes_on_after_a_logout(salesforce, httpd):
    server = httpd(sections.gateway(salesforce))
    connection = server.connection()
    for body in (LOGOUT, envelope(JANE), LOGOUT):
        connection.request("POST", "/services/Soap/u/66.0", body, {"Content-Type": "text/xml"})
        answer = connection.getresponse()
        assert answer.status == 200 and answer.read() and connection.sock
    connection.close()
    assert [received.operation for received in salesforce.requests()] == ["getUserInfo"]


def test_a_logout_for_somebody_else_is_refused(salesforce, httpd):
    server = httpd(sections.gateway(salesforce))
    server.expect_log("SFJ0403")
    assert fault_in(server.post(envelope("jane@evil.example", "<m:logout/>"))).code == "SFJ0403"


@pytest.mark.parametrize("operation", STAND_INS)
def test_what_ends_sessions_is_refused(salesforce, httpd, wsdl, operation):
    server = gateway(salesforce, httpd, wsdl)
    server.expect_log("SFJ0407")
    answer = server.post(request(operation))
    fault = fault_in(answer)
    assert (answer.status, fault.code, fault.faultcode) == (500, "SFJ0407", "Client")
    assert f"Operation {operation} is not forwarded" in fault.text
    assert salesforce.requests() == salesforce.token_requests() == []


def forwarded(salesforce, server, operation):
    server.post(request(operation))
    return [received.operation for received in salesforce.requests()] == [operation]


@pytest.mark.parametrize("operation", ["logout", *STAND_INS])
def test_each_can_be_allowed(salesforce, httpd, wsdl, operation):
    server = gateway(salesforce, httpd, wsdl, SFJwtSessionGuard=f"On -{operation}")
    assert forwarded(salesforce, server, operation)
    server.expect_log("SFJ0407")
    other = "setPassword" if operation != "setPassword" else "resetPassword"
    assert fault_in(server.post(request(other))).code == "SFJ0407"


@pytest.mark.parametrize("operation", ["logout", *STAND_INS])
def test_the_guard_can_be_switched_off(salesforce, httpd, wsdl, operation):
    assert forwarded(salesforce, gateway(salesforce, httpd, wsdl, SFJwtSessionGuard="Off"), operation)


def test_a_single_operation_can_be_guarded(salesforce, httpd, wsdl):
    server = gateway(salesforce, httpd, wsdl, SFJwtSessionGuard="Off +logout")
    assert server.post(LOGOUT).status == 200 and salesforce.requests() == []
    assert forwarded(salesforce, server, "setPassword")


def test_a_session_ended_by_an_allowed_logout_is_renewed(salesforce, httpd):
    server = httpd(sections.gateway(salesforce, SFJwtSessionGuard="Off"))
    for body in (envelope(JANE), LOGOUT, envelope(JANE)):
        assert server.post(body).status == 200
    assert len(salesforce.token_requests()) == 2


@pytest.mark.parametrize("guard", ["On", "Off"])
def test_login_is_refused_whatever_the_guard_says(salesforce, httpd, guard):
    server = httpd(sections.gateway(salesforce, SFJwtSessionGuard=guard))
    login = f"<m:login><m:username>{JANE}</m:username><m:password>x</m:password></m:login>"
    header = re.compile(rb"<e:Header>.*</e:Header>")
    assert fault_in(server.post(header.sub(b"", envelope(JANE, login)))).code == "SFJ0308"
    assert salesforce.requests() == salesforce.token_requests() == []
