# SPDX-License-Identifier: Apache-2.0
import gzip
from xml.etree import ElementTree

import pytest

from fake_salesforce.calls import JANE, call, envelope, send, token

PARTNER = "{urn:partner.soap.sforce.com}"


def fault_of(body):
    fault = ElementTree.fromstring(body).find(".//{http://schemas.xmlsoap.org/soap/envelope/}Fault")
    return fault.findtext("faultcode"), fault.findtext("faultstring")


def test_the_session_of_a_user_answers_as_that_user(fake):
    response, body = call(fake, token(fake))
    assert response.status == 200
    assert ElementTree.fromstring(body).findtext(f".//{PARTNER}userName") == JANE


def test_a_query_answers_records_of_the_type_and_fields_asked_for(fake):
    query = "<m:query><m:queryString>SELECT Id, Name FROM Contact</m:queryString></m:query>"
    _, body = call(fake, token(fake), query)
    records = ElementTree.fromstring(body).findall(f".//{PARTNER}records")
    names = [field.tag.rpartition("}")[2] for field in records[0]]
    assert len(records) == 2 and names == ["type", "Id", "Id", "Name"] and records[0][0].text == "Contact"


def test_enterprise_records_carry_their_type(fake):
    namespace = "urn:enterprise.soap.sforce.com"
    query = "<m:query><m:queryString>SELECT Id FROM Contact</m:queryString></m:query>"
    _, body = call(fake, token(fake), query, "/services/Soap/c/64.0", namespace=namespace)
    assert b'<records xsi:type="sf:Contact">' in body
    assert b'xmlns:sf="urn:sobject.enterprise.soap.sforce.com"' in body


@pytest.mark.parametrize(
    "operation, shape",
    [
        ("<m:create><m:sObjects/><m:sObjects/></m:create>", b"<createResponse><result><id>"),
        ("<m:upsert><m:sObjects/></m:upsert>", b"<upsertResponse><result><created>true</created><id>"),
        ("<m:delete><m:ids>001A</m:ids></m:delete>", b"<deleteResponse><result><id>001A</id>"),
        ("<m:describeSObject/>", b"<describeSObjectResponse><result/></describeSObjectResponse>"),
    ],
)
def test_each_operation_has_its_response(fake, operation, shape):
    response, body = call(fake, token(fake), operation)
    assert response.status == 200 and shape in body


@pytest.mark.parametrize("kill", ["revoke", "expire", "logout", "unknown"])
def test_a_dead_session_is_invalid_session_id(fake, kill):
    session = token(fake)
    if kill == "revoke":
        assert fake.revoke(user=JANE) == 1
    elif kill == "expire":
        assert fake.expire() == 1
    elif kill == "logout":
        assert call(fake, session, "<m:logout/>")[0].status == 200
    else:
        session = "00D000000000062!nobody"
    response, body = call(fake, session)
    assert response.status == 500
    assert fault_of(body) == (
        "sf:INVALID_SESSION_ID",
        "INVALID_SESSION_ID: Invalid Session ID found in SessionHeader: Illegal Session",
    )
    assert b"<sf:exceptionCode>INVALID_SESSION_ID</sf:exceptionCode>" in body


def test_a_session_dies_when_its_lifetime_is_over(fake):
    fake.settings(token_lifetime=0.0)
    assert call(fake, token(fake))[0].status == 500


def test_an_email_is_no_session(fake):
    assert call(fake, JANE)[0].status == 500


def test_an_unqualified_session_id_is_taken(fake):
    body = envelope(token(fake)).replace(b"m:sessionId", b"sessionId")
    assert send(fake, "POST", "/services/Soap/u/66.0", body)[0].status == 200


def test_two_session_ids_are_no_session(fake):
    session = f"<m:sessionId>{token(fake)}</m:sessionId>".encode()
    body = envelope("x").replace(b"<m:sessionId>x</m:sessionId>", session * 2)
    assert send(fake, "POST", "/services/Soap/u/66.0", body)[0].status == 500


def test_a_session_header_of_another_namespace_is_no_session(fake):
    body = envelope(token(fake)).replace(b"<m:SessionHeader>", b'<m:SessionHeader xmlns:m="urn:other">')
    assert send(fake, "POST", "/services/Soap/u/66.0", body)[0].status == 500


@pytest.mark.parametrize(
    "path, code",
    [
        ("/services/Soap/u/27.0", "sf:UNSUPPORTED_API_VERSION"),
        ("/services/Soap/c/66.0", "soapenv:Client"),
        ("/services/Soap/z/66.0", "soapenv:Client"),
        ("/elsewhere", "soapenv:Client"),
    ],
)
def test_the_endpoint_must_fit(fake, path, code):
    response, body = call(fake, token(fake), path=path)
    assert response.status == 500 and fault_of(body)[0] == code


def test_the_metadata_api_faults_without_detail(fake):
    namespace = "http://soap.sforce.com/2006/04/metadata"
    response, body = call(fake, "dead", "<m:listMetadata/>", "/services/Soap/m/66.0", namespace=namespace)
    assert response.status == 500 and fault_of(body)[0] == "sf:INVALID_SESSION_ID" and b"<detail>" not in body


def test_an_apex_class_answers_in_its_namespace(fake):
    namespace = "http://soap.sforce.com/schemas/class/Orders"
    _, body = call(fake, token(fake), "<m:place/>", "/services/Soap/class/Orders", namespace=namespace)
    assert ElementTree.fromstring(body).find(f".//{{{namespace}}}placeResponse") is not None


def test_a_gzip_request_is_understood_and_recorded_as_it_came(fake):
    body = gzip.compress(envelope(token(fake)))
    response, _ = send(fake, "POST", "/services/Soap/u/66.0", body, {"Content-Encoding": "gzip"})
    assert response.status == 200
    assert fake.requests()[-1].body == body


def test_requests_are_recorded_to_the_byte(fake):
    body = envelope(token(fake)) + b"\r\n <!-- \xc3\xa4 -->\r\n"
    send(fake, "POST", "/services/Soap/u/66.0?a=%41", body, {"x-UPPER-lower": "1", "Accept": "*/*"})
    record = fake.requests()[-1]
    assert record.body == body and record.path == "/services/Soap/u/66.0?a=%41" and record.method == "POST"
    assert ["x-UPPER-lower", "1"] in record.headers and record.headers[-1] == ["Accept", "*/*"]
    assert (record.operation, record.user, record.status) == ("getUserInfo", JANE, 200)


def test_connections_are_counted(fake):
    connection = fake.connection()
    for _ in range(3):
        connection.request("POST", "/services/Soap/u/66.0", envelope("x"))
        connection.getresponse().read()
    connection.close()
    call(fake, "x")
    assert (fake.state()["soap_requests"], fake.state()["soap_connections"]) == (4, 2)


def test_even_a_get_of_something_else_is_recorded(fake):
    assert send(fake, "GET", "/nothing")[0].status == 405
    assert [(record.method, record.path) for record in fake.requests()] == [("GET", "/nothing")]
