# SPDX-License-Identifier: Apache-2.0
"""What is refused: with which status and fault, what the log says, and that nothing left for Salesforce."""

import gzip
import re

import pytest

import sections
from fake_salesforce.calls import envelope
from raw_http import chunked, post, responses_in
from soap_fault import CODE, SOAP_1_1, SOAP_1_2, fault_in

PAYLOAD = "canary-of-the-payload"
LIMIT = 65536
GOOD_USER = "good@corp.example"
GOOD = envelope(GOOD_USER)
QUERY = f"<m:query><m:queryString>SELECT Id FROM {PAYLOAD}</m:queryString></m:query>"
BASIC = [("X-Canary", PAYLOAD)]


def message(session="jane@corp.example", operation=QUERY, **more):
    return envelope(session, operation, **more)


def changed(old, new, body=None):
    body = body or message()
    assert old.encode() in body
    return body.replace(old.encode(), new.encode())


def with_first_line(line):
    return line.encode() + message()


def with_header_block(block):
    return changed("</m:SessionHeader>", "</m:SessionHeader>" + block)


def soap_12():
    return changed(SOAP_1_1, SOAP_1_2)


def bomb():
    """10 MB of white space in some 10 KB: mod_deflate gives up."""
    return gzip.compress(changed("<e:Body>", " " * 10_000_000 + "<e:Body>"))


def packed():
    """Small on the wire, too large when inflated, and no bomb to mod_deflate."""
    return gzip.compress(changed("<e:Body>", "".join(f"<!-- {n} -->" for n in range(LIMIT // 8)) + "<e:Body>"))


GZIP = [("Content-Encoding", "gzip")]
SESSION = "<m:SessionHeader><m:sessionId>joe@corp.example</m:sessionId></m:SessionHeader>"
SESSION_ID = "00D000000000062!AQ" + "canary.of.the.session" * 4
DEEP = (
    '<m:create xmlns:o="urn:sobject.partner.soap.sforce.com"><m:sObjects><o:type>Account</o:type>'
    '<o:Id xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/>'
    + "<o:a>" * 300 + "</o:a>" * 300 + "</m:sObjects></m:create>"
)  # fmt: skip
SIGNED = (
    '<w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">'
    '<d:Signature xmlns:d="http://www.w3.org/2000/09/xmldsig#"/></w:Security>'
)

# What, the request, HTTP status, code.
AT_THE_HEAD = [
    ("no Content-Type", post(message(), media_type=None), 415, "SFJ0102"),
    ("text/plain", post(message(), media_type="text/plain"), 415, "SFJ0102"),
    ("JSON", post(message(), media_type="application/json"), 415, "SFJ0102"),
    ("a form", post(message(), media_type="application/x-www-form-urlencoded"), 415, "SFJ0102"),
    ("MTOM", post(message(), media_type='multipart/related; type="application/xop+xml"'), 415, "SFJ0102"),
    ("two Content-Types", post(message(), [("Content-Type", "text/xml")]), 415, "SFJ0102"),
    ("two media types in one", post(message(), media_type="text/xml, text/html"), 415, "SFJ0102"),
    ("UTF-16", post(message(), media_type="text/xml; charset=utf-16"), 415, "SFJ0102"),
    ("Latin-1 in quotes", post(message(), media_type='text/xml; charset="iso-8859-1"'), 415, "SFJ0102"),
    ("UTF-7", post(message(), media_type="text/xml; charset=UTF-7"), 415, "SFJ0102"),
    ("brotli", post(message(), [("Content-Encoding", "br")]), 415, "SFJ0103"),
    ("deflate", post(message(), [("Content-Encoding", "deflate")]), 415, "SFJ0103"),
    ("gzip twice", post(message(), [("Content-Encoding", "gzip, gzip")]), 415, "SFJ0103"),
    ("two codings", post(message(), [*GZIP, ("Content-Encoding", "br")]), 415, "SFJ0103"),
]
OF_THE_BODY = [
    ("gzip that is none", post(message(), GZIP), 500, "SFJ0105"),
    ("gzip cut short", post(gzip.compress(message())[:-30], GZIP), 500, "SFJ0105"),
    ("gzip with a wrong sum", post(gzip.compress(message())[:-8] + b"12345678", GZIP), 500, "SFJ0105"),
    ("a gzip bomb", post(bomb(), GZIP), 500, "SFJ0105"),
    ("too much when inflated", post(packed(), GZIP), 413, "SFJ0104"),
    ("too much in chunks", post(chunked(message() + b" " * LIMIT, 8000), [("Transfer-Encoding", "chunked")],
                                length=False), 413, "SFJ0104"),
    ("nothing", post(b""), 500, "SFJ0201"),
    ("no XML", post(PAYLOAD.encode()), 500, "SFJ0201"),
    ("a tag left open", post(changed("</m:query>", "")), 500, "SFJ0201"),
    ("a second document", post(message() * 2), 500, "SFJ0201"),
    ("an unbound prefix", post(changed("<m:query>", "<n:query>", changed("</m:query>", "</n:query>"))), 500,
     "SFJ0201"),
    ("broken UTF-8", post(message().replace(b"SELECT", b"SEL\xffECT")), 500, "SFJ0202"),
    ("UTF-16 with its mark", post(message().decode().encode("utf-16")), 500, "SFJ0202"),
    ("declared as Latin-1", post(with_first_line('<?xml version="1.0" encoding="ISO-8859-1"?>')), 500, "SFJ0202"),
    ("a DOCTYPE", post(with_first_line("<!DOCTYPE e:Envelope>")), 500, "SFJ0203"),
    ("an entity of its own", post(with_first_line(f'<!DOCTYPE x [<!ENTITY a "{PAYLOAD}">]>')), 500, "SFJ0203"),
    ("a processing instruction", post(changed("<m:query>", f"<?{PAYLOAD}?><m:query>")), 500, "SFJ0203"),
    ("nested too deep", post(message(operation=DEEP)), 500, "SFJ0204"),
    ("too many attributes", post(changed("<m:query>", "<m:query " + " ".join(f'a{n}=""' for n in range(70)) + ">")),
     500, "SFJ0204"),
    ("no envelope", post(f"<a>{PAYLOAD}</a>".encode()), 500, "SFJ0301"),
    ("an empty Body", post(changed(QUERY, "")), 500, "SFJ0301"),
    ("two operations", post(changed(QUERY, QUERY * 2)), 500, "SFJ0301"),
    ("two Bodies", post(changed("</e:Body>", f"</e:Body><e:Body>{QUERY}</e:Body>")), 500, "SFJ0301"),
    ("Header behind Body", post(changed("</e:Body>", f"</e:Body><e:Header>{SESSION}</e:Header>")), 500, "SFJ0301"),
    ("a block that must be understood", post(with_header_block(
        '<x:Any xmlns:x="urn:x" e:mustUnderstand="1"/>')), 500, "SFJ0303"),
    ("a block of no operation", post(with_header_block('<x:Any xmlns:x="urn:x"/>')), 500, "SFJ0304"),
    ("two SessionHeaders", post(with_header_block(SESSION)), 500, "SFJ0305"),
    ("two sessionIds", post(changed("</m:sessionId>", "</m:sessionId><m:sessionId>joe@corp.example</m:sessionId>")),
     500, "SFJ0305"),
    ("a SessionHeader of another namespace", post(with_header_block(
        SESSION.replace("m:", "x:").replace("<x:SessionHeader", '<x:SessionHeader xmlns:x="urn:x"'))), 500, "SFJ0305"),
    ("an element in sessionId", post(message("<m:a/>jane@corp.example")), 500, "SFJ0305"),
    ("a signed message", post(with_header_block(SIGNED)), 500, "SFJ0306"),
    ("an operation of no WSDL", post(message(operation=f"<m:noSuchThing>{PAYLOAD}</m:noSuchThing>")), 500, "SFJ0307"),
    ("the operation in another namespace", post(message(operation='<query xmlns="urn:enterprise.soap.sforce.com"/>')),
     500, "SFJ0307"),
    ("everything in another namespace", post(message(namespace="urn:enterprise.soap.sforce.com")), 500, "SFJ0305"),
    ("a response", post(message(operation="<m:queryResponse/>")), 500, "SFJ0307"),
    ("login", post(changed(SESSION.replace("joe", "jane"), "", message(
        operation=f"<m:login><m:username>jane@corp.example</m:username><m:password>{PAYLOAD}</m:password></m:login>"))),
     500, "SFJ0308"),
    ("another operation in SOAPAction", post(message(), [("SOAPAction", '"delete"')]), 500, "SFJ0310"),
    ("another operation behind a namespace", post(message(), [("SOAPAction", "urn:x/create")]), 500, "SFJ0310"),
]  # fmt: skip
OF_THE_SUBJECT = [
    ("no session", post(changed("jane@corp.example", "")), 500, "SFJ0401"),
    ("white space for a session", post(changed("jane@corp.example", " \n\t")), 500, "SFJ0401"),
    ("no SessionHeader", post(changed(SESSION.replace("joe", "jane"), "")), 500, "SFJ0401"),
    ("no at", post(message(PAYLOAD)), 500, "SFJ0402"),
    ("two ats", post(message("jane@joe@corp.example")), 500, "SFJ0402"),
    ("nothing before the at", post(message("@corp.example")), 500, "SFJ0402"),
    ("a blank within", post(message("jane doe@corp.example")), 500, "SFJ0402"),
    ("a line end within", post(message("jane@corp.example&#10;.example")), 500, "SFJ0402"),
    ("umlauts", post(message("j\u00e4ne@corp.example")), 500, "SFJ0402"),
    ("256 bytes", post(message("a" * 243 + "@corp.example")), 500, "SFJ0402"),
    ("a session id", post(message(SESSION_ID)), 500, "SFJ0402"),
    ("a session id with an at", post(message(SESSION_ID + "@corp.example")), 500, "SFJ0402"),
    ("a user of another domain", post(message("jane@other.example")), 500, "SFJ0403"),
    ("a user whose domain only begins right", post(message("jane@corp.example.net")), 500, "SFJ0403"),
]
ALL = AT_THE_HEAD + OF_THE_BODY + OF_THE_SUBJECT


@pytest.fixture(scope="module", params=["structure", "tolerant", "strict"])
def server(shared_salesforce, shared_httpd, request):
    """What is refused here is refused in every mode."""
    started = shared_httpd(sections.gateway(shared_salesforce, SFJwtMaxBody=LIMIT, SFJwtValidate=request.param))
    assert started.post(GOOD).status == 200  # its token is cached from here on
    started.allow_log(r"SFJ040[123]:")
    started.allow_log(r"\[deflate:")  # it says in its own words what is wrong with a coding
    started.first_children = started.children()
    started.mode = request.param
    return started


@pytest.fixture
def salesforce(shared_salesforce):
    shared_salesforce.forget()
    return shared_salesforce


@pytest.fixture
def new_lines(server):
    """Gives the log lines written since the beginning of the test."""
    before = len(server.error_log())
    return lambda: server.error_log()[before:].splitlines()


def codes(code, server):
    """Codes a refusal may have: with a schema at hand two sessionIds are a violation of it before all."""
    return (code, "SFJ0309") if code == "SFJ0305" and server.mode != "structure" else (code,)


def refusals(lines):
    return [line for line in lines if CODE.search(line)]


def named(cases):
    return [pytest.param(*case[1:], id=case[0].replace(" ", "-")) for case in cases]


@pytest.mark.parametrize("request_bytes, status, code", named(ALL))
def test_a_refusal_is_a_fault_with_its_code(server, salesforce, new_lines, request_bytes, status, code):
    first = responses_in(server.send_raw(request_bytes, half_close=True))[0]
    fault = fault_in(first)
    assert first.status == status and fault.code in codes(code, server), fault.text
    assert fault.version == SOAP_1_1 and fault.faultcode in ("Client", "MustUnderstand")
    assert PAYLOAD not in fault.text and "canary" not in fault.text
    assert server.children() == server.first_children, "a worker died"


@pytest.mark.parametrize("request_bytes, status, code", named(ALL))
def test_a_refusal_is_one_log_line_without_the_payload(server, salesforce, new_lines, request_bytes, status, code):
    server.send_raw(request_bytes, half_close=True)
    (line,) = refusals(new_lines())
    (found,) = CODE.findall(line)
    assert found in codes(code, server)
    assert not [line for line in new_lines() if "canary" in line]


@pytest.mark.parametrize("request_bytes, status, code", named(ALL))
def test_nothing_leaves_for_salesforce_and_the_connection_goes_on_or_closes(
    server, salesforce, request_bytes, status, code
):
    good = post(GOOD, [("Connection", "close")])
    answers = responses_in(server.send_raw(request_bytes + good))
    assert answers[0].status == status
    if "close" in answers[0].header("Connection"):
        assert len(answers) == 1 and salesforce.requests() == []
    else:
        assert [answer.status for answer in answers[1:]] == [200]
        (forwarded,) = salesforce.requests()
        assert forwarded.user == GOOD_USER
    assert salesforce.token_requests() == []


@pytest.mark.parametrize("case", [case for case in AT_THE_HEAD], ids=lambda case: case[0].replace(" ", "-"))
def test_a_small_body_refused_at_the_head_does_not_cost_the_connection(server, salesforce, case):
    answers = responses_in(server.send_raw(case[1] + post(GOOD, [("Connection", "close")])))
    assert [answer.status for answer in answers] == [415, 200]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_only_post_is_served(server, salesforce, new_lines, method):
    first = post(message(), BASIC).replace(b"POST", method.encode(), 1)
    answers = responses_in(server.send_raw(first + post(GOOD, [("Connection", "close")])), [method])
    assert [answer.status for answer in answers] == [405, 200]
    assert answers[0].header("Allow") == ["POST"]
    if method == "HEAD":
        assert answers[0].body == b""
    else:
        assert fault_in(answers[0]).code == "SFJ0101"
    assert [CODE.findall(line) for line in refusals(new_lines())] == [["SFJ0101"]]
    assert [request.user for request in salesforce.requests()] == [GOOD_USER]


@pytest.mark.parametrize("expect", [(), [("Expect", "100-continue")]], ids=["at-once", "with-100-continue"])
@pytest.mark.parametrize("length", [LIMIT + 1, 10**15, 2**63 - 1])
def test_a_body_announced_too_large_is_refused_unread(server, salesforce, new_lines, length, expect):
    data = server.send_raw(post(b"", expect, length=length), half_close=True)
    assert b"100 Continue" not in data
    (answer,) = responses_in(data)
    assert answer.status == 413 and fault_in(answer).code == "SFJ0104"
    assert answer.header("Connection") == ["close"]
    assert len(refusals(new_lines())) == 1 and salesforce.requests() == []


@pytest.mark.parametrize("length", [2**63, 2**64 + 10, -1, "0x10", "1,1", ""])
def test_a_length_that_is_none_is_refused_by_httpd(server, salesforce, length):
    answers = responses_in(server.send_raw(post(message(), length=length) + post(GOOD)))
    assert [answer.status for answer in answers] == [400] and salesforce.requests() == []


def test_a_length_besides_chunks_does_not_split_the_request(server, salesforce):
    """RFC 9112 section 6.3: the chunks count, and the connection ends."""
    both = post(chunked(GOOD, 50), [("Transfer-Encoding", "chunked")], length=5)
    answers = responses_in(server.send_raw(both + post(message("joe@corp.example"))))
    assert len(answers) == 1 and len(salesforce.requests()) <= 1
    assert all(request.user == GOOD_USER for request in salesforce.requests())


def test_a_body_of_exactly_the_limit_is_served(server, salesforce):
    body = GOOD + b" " * (LIMIT - len(GOOD))
    assert server.post(body).status == 200
    assert server.post(body + b" ").status == 413


def test_a_fault_answers_in_the_soap_version_of_the_request(server, salesforce):
    answer = server.post(soap_12(), headers={"Content-Type": "application/soap+xml; charset=utf-8"})
    fault = fault_in(answer)
    assert answer.status == 500 and fault.version == SOAP_1_2 and fault.code == "SFJ0302"
    assert fault.faultcode == "VersionMismatch"


def test_a_fault_before_the_body_is_read_answers_in_the_version_of_the_media_type(server, salesforce):
    headers = {"Content-Type": "application/soap+xml; charset=utf-8", "Content-Encoding": "br"}
    fault = fault_in(server.post(soap_12(), headers=headers))
    assert (fault.version, fault.code, fault.faultcode) == (SOAP_1_2, "SFJ0103", "Sender")


@pytest.mark.parametrize(
    "body, expected",
    [
        (message("jane@other.example"), "INSUFFICIENT_ACCESS"),
        (message("no e-mail"), "INVALID_LOGIN"),
        (changed("</m:query>", ""), "XML_PARSER_ERROR"),
        (message(operation="<m:noSuchThing/>"), "INVALID_OPERATION"),
        (with_header_block(SESSION), "INVALID_SOAP_HEADER"),
        (with_header_block('<x:Any xmlns:x="urn:x" e:mustUnderstand="1"/>'), ""),
    ],
)
def test_the_detail_of_a_fault_has_a_code_of_the_wsdl(server, salesforce, body, expected):
    assert fault_in(server.post(body)).exception_code == expected


def test_a_bad_chunk_is_refused_and_the_connection_ends(server, salesforce):
    broken = post(b"5\r\nabcde\r\nnonsense\r\n", [("Transfer-Encoding", "chunked")], length=False)
    answers = responses_in(server.send_raw(broken + post(GOOD)))
    assert [answer.status for answer in answers] == [400]  # httpd's own answer, given while the body is read
    assert answers[0].header("Connection") == ["close"] and salesforce.requests() == []


def test_a_request_that_ends_in_the_middle_reaches_nobody(server, salesforce):
    server.send_raw(post(message()[:100], length=len(message())), half_close=True)
    assert server.post(GOOD).status == 200
    assert [request.user for request in salesforce.requests()] == [GOOD_USER]


def test_what_the_schema_does_not_allow_is_refused_unless_only_the_structure_counts(server, salesforce):
    answer = server.post(message(operation="<m:query><m:noSuchField/></m:query>"))
    if server.mode == "structure":
        assert answer.status == 200
    else:
        assert answer.status == 500 and fault_in(answer).code == "SFJ0309" and salesforce.requests() == []


def test_the_error_of_a_body_names_line_column_and_path(server, salesforce):
    body = message(operation="<m:query>\n  <m:queryString>a &b</m:queryString></m:query>")
    assert re.search(r"Line 2, column \d+, .*/Body/query.*: ", fault_in(server.post(body)).text)


def test_what_xml_may_cost_is_set_for_a_section(salesforce, httpd):
    server = httpd(sections.gateway(salesforce, SFJwtXmlLimits="depth=5 attributes=1"))
    assert server.post(GOOD).status == 200
    server.expect_log("SFJ0204: ")
    deep = changed("</m:SessionHeader>", "</m:SessionHeader><m:A><m:B><m:C><m:D/></m:C></m:B></m:A>")
    wide = changed("<m:SessionHeader>", "<m:SessionHeader a='1' b='2'>")
    assert [fault_in(server.post(body)).code for body in (deep, wide)] == ["SFJ0204", "SFJ0204"]
    assert [request.user for request in salesforce.requests()] == [GOOD_USER]


def test_a_brief_fault_says_that_the_log_has_the_rest(salesforce, httpd):
    server = httpd(sections.gateway(salesforce, SFJwtFaultDetail="brief"), modules=["unique_id"])
    server.expect_log(r"SFJ0403: This caller may not act as .* \[request \S+\]")
    fault = fault_in(server.post(message("jane@other.example")))
    said = re.fullmatch(r"SFJ0403: The gateway refused this request; see its log for the reason. It is request (\S+)\.", fault.text)
    assert said and f"[request {said[1]}]" in server.error_log()
    assert fault.exception_code == "INSUFFICIENT_ACCESS"


PARTNER = "urn:partner.soap.sforce.com (partner API 64.0, sample-partner.wsdl)"
ENTERPRISE = "urn:enterprise.soap.sforce.com"
OTHER_API = (f"Its namespace is {ENTERPRISE} (enterprise API); the WSDL of this address is for {PARTNER}. Send the "
             "request to an address that serves this API, or have the administrator add its WSDL to SFJwtWsdl.")  # fmt: skip


@pytest.mark.parametrize(
    "body, code, words",
    [
        (message(namespace=ENTERPRISE), "SFJ0305", OTHER_API),
        (message(operation=f'<query xmlns="{ENTERPRISE}"/>'), "SFJ0307", OTHER_API),
        (message(operation="<m:findDuplicates/>"), "SFJ0307",
         f"The namespace is right; the WSDL of this address is for {PARTNER}. Use an operation of that version"),
        (message(operation="<m:Query/>"), "SFJ0307", f"Names are case-sensitive: write query, as {PARTNER} has it."),
    ],
    ids=["everything", "the-operation", "another-version", "another-case"],
)  # fmt: skip
def test_a_request_of_another_api_or_version_is_told_what_is_served(server, salesforce, new_lines, body, code, words):
    fault = fault_in(server.post(body))
    assert fault.code == code and words in fault.text
    assert str(sections.SAMPLE_WSDL.parent) not in fault.text, "callers read the name of the file, not its path"
    (line,) = refusals(new_lines())
    assert words in line
