# SPDX-License-Identifier: Apache-2.0
"""SOAPAction, and the action of a media type: who reads only the header is not told of another operation."""

import pytest

import sections
from fake_salesforce.calls import envelope
from raw_http import post, responses_in
from soap_fault import SOAP_1_1, SOAP_1_2, fault_in

USER = "good@corp.example"
BODY = envelope(USER, "<m:query><m:queryString>SELECT Id FROM Account</m:queryString></m:query>")
OTHER_STORIES = [
    '"", "delete"',
    '"query", "delete"',
    '"query", "query"',
    "'delete'",
    "delete;",
    '"x/delete/"',
    '"delete',
    "%64elete",
    "DELETE",
    '"urn:delete/query"',
    '"urn:partner.soap.sforce.com" "delete"',
    "d\xe9lete",
]


@pytest.fixture(scope="module")
def server(shared_salesforce, shared_httpd):
    started = shared_httpd(sections.gateway(shared_salesforce))
    assert started.post(BODY).status == 200  # its token is cached from here on
    return started


@pytest.fixture
def salesforce(shared_salesforce):
    shared_salesforce.forget()
    return shared_salesforce


def answer(server, headers=(), media_type="text/xml; charset=utf-8", body=BODY):
    return responses_in(server.send_raw(post(body, [*headers, ("Connection", "close")], media_type=media_type)))[0]


def refused(salesforce, response, code, status=500):
    assert (response.status, fault_in(response).code) == (status, code)
    assert salesforce.requests() == salesforce.token_requests() == []


@pytest.mark.parametrize("action", ["", '""', "''", "query", '"urn:partner.soap.sforce.com/query"', '"urn:x/unknown"'])
def test_an_action_that_names_nothing_else_passes(server, salesforce, action):
    assert answer(server, [("SOAPAction", action)]).status == 200


@pytest.mark.parametrize("action", OTHER_STORIES)
def test_an_action_that_can_be_read_for_another_operation_is_refused(server, salesforce, action):
    refused(salesforce, answer(server, [("SOAPAction", action)]), "SFJ0310")


@pytest.mark.parametrize("actions", [('""', '"delete"'), ('""', '""'), ("query", "query"), ("", "delete")])
def test_a_second_soap_action_is_refused(server, salesforce, actions):
    refused(salesforce, answer(server, [("SOAPAction", action) for action in actions]), "SFJ0310")


@pytest.mark.parametrize("parameter", ['action="delete"', 'action="query"', 'action=""', "Action = delete", "action*=x''delete"])
@pytest.mark.parametrize("media_type", ["application/soap+xml", "text/xml"])
def test_an_action_in_the_media_type_is_not_for_soap_1_1(server, salesforce, media_type, parameter):
    refused(salesforce, answer(server, media_type=f"{media_type}; charset=utf-8; {parameter}"), "SFJ0310")


def test_the_media_type_of_soap_1_2_is_not_for_soap_1_1(server, salesforce):
    refused(salesforce, answer(server, media_type="application/soap+xml; charset=utf-8"), "SFJ0102", 415)


@pytest.mark.parametrize("parameters", ['action=""; action="delete"', 'action="delete', 'x="; action=delete'])
def test_a_media_type_that_can_be_read_in_two_ways_is_refused(server, salesforce, parameters):
    refused(salesforce, answer(server, media_type=f"text/xml; {parameters}"), "SFJ0102", 415)


@pytest.fixture(scope="module")
def soap12_server(shared_salesforce, shared_httpd, tmp_path_factory):
    """With our sample bound to SOAP 1.2 instead."""
    wsdl = sections.SAMPLE_WSDL.read_text().replace("http://schemas.xmlsoap.org/wsdl/soap/", "http://schemas.xmlsoap.org/wsdl/soap12/")
    folder = tmp_path_factory.mktemp("wsdl")
    (folder / "partner.wsdl").write_text(wsdl)
    return shared_httpd(sections.gateway(shared_salesforce, SFJwtWsdl=f'"{folder}/partner.wsdl"'))


SOAP_1_2_BODY = BODY.replace(SOAP_1_1.encode(), SOAP_1_2.encode())


@pytest.mark.parametrize("parameter", ["", '; action=""', '; action="urn:x/query"', "; action=query"])
def test_the_action_of_soap_1_2_that_names_nothing_else_passes(soap12_server, salesforce, parameter):
    answer(soap12_server, media_type=f"application/soap+xml{parameter}", body=SOAP_1_2_BODY)
    (forwarded,) = salesforce.requests()  # which takes nothing but SOAP 1.1
    assert len(forwarded.body) > len(SOAP_1_2_BODY)


@pytest.mark.parametrize("action", ['"delete"', "delete", '"x/delete/"', '"query,delete"', "\"'delete'\"", '"a;delete"'])
def test_the_action_of_soap_1_2_is_judged_as_soap_action(soap12_server, salesforce, action):
    given = answer(soap12_server, media_type=f"application/soap+xml; action={action}", body=SOAP_1_2_BODY)
    fault = fault_in(given)
    assert (fault.code, fault.version, salesforce.requests()) == ("SFJ0310", SOAP_1_2, [])
