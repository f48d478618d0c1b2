# SPDX-License-Identifier: Apache-2.0
"""Our own requests (tests/data) to our own WSDLs, which are always at hand, arrive to the byte but for the session."""

import gzip
import re

import pytest

import sections
from fake_salesforce.calls import JANE
from gateway_httpd import SOURCE
from raw_http import chunked, post, responses_in
from soap_fault import fault_in

FILES = sorted((SOURCE / "tests/data").glob("*.xml"))
PATHS = {"partner": "/services/Soap/u/66.0", "enterprise": "/services/Soap/c/66.0"}
LOGIN = SOURCE / "tests/data/partner-login.xml"
SELF_CLOSED = SOURCE / "tests/data/partner-query-session-id-self-closed.xml"
DRESSED = SOURCE / "tests/data/partner-query-session-id-cdata-comment-references.xml"
PLAIN = [file for file in FILES if file not in (LOGIN, SELF_CLOSED, DRESSED)]
SESSION_ID = re.compile(rb"(<(?:[\w.-]+:)?sessionId\s*>)(.*?)(</)", re.DOTALL)  # its first match is the real one


def both_sections(salesforce, **directives):
    return sections.tls_to(salesforce) + "".join(
        sections.gateway(
            salesforce, path=path, target=salesforce.url + path, tls=False,
            SFJwtWsdl=f'"{SOURCE}/wsdl/sample-{api}.wsdl"', SFJwtSessionGuard="Off", **directives,
        )
        for api, path in PATHS.items()
    )  # fmt: skip


def path_of(file):
    return PATHS[file.name.partition("-")[0]]


@pytest.fixture(scope="module")
def server(shared_salesforce, shared_httpd):
    return shared_httpd(both_sections(shared_salesforce))


@pytest.fixture(scope="module")
def server_that_names_the_user(shared_salesforce, shared_httpd):
    return shared_httpd(both_sections(shared_salesforce, SFJwtSubject="joe@corp.example"))


@pytest.fixture
def salesforce(shared_salesforce):
    shared_salesforce.forget()
    return shared_salesforce


def each(files):
    return pytest.mark.parametrize("file", files, ids=lambda file: file.stem)


def test_there_are_messages_of_every_kind():
    assert len(PLAIN) >= 10 and {path_of(file) for file in PLAIN} == set(PATHS.values())


def asking_for(user, file):
    """The message for a user of its own: a logout would end the session of the others."""
    return file.read_bytes().replace(JANE.encode(), user.encode(), 1)


def rewritten(file, token):
    """What Salesforce must receive: all that stands in sessionId has given way to the token."""
    return SESSION_ID.sub(rb"\g<1>" + token.encode() + rb"\3", file.read_bytes(), count=1)


@each(PLAIN)
def test_it_arrives_to_the_byte_but_for_the_session_id(server, salesforce, file):
    user = f"plain.{file.stem}@corp.example"
    answer = server.post(asking_for(user, file), path=path_of(file))
    assert answer.status == 200, answer.body
    (received,) = salesforce.requests()
    assert received.user == user and received.body == rewritten(file, received.session)


@each(PLAIN)
def test_gzip_and_chunks_end_here(server, salesforce, file):
    user = f"packed.{file.stem}@corp.example"
    headers = [("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"), ("Connection", "close")]
    body = chunked(gzip.compress(asking_for(user, file)), 100)
    (answer,) = responses_in(server.send_raw(post(body, headers, path=path_of(file), length=False)))
    assert answer.status == 200, answer.body
    (received,) = salesforce.requests()
    assert received.user == user and received.body == rewritten(file, received.session)
    assert received.header("Content-Length") == [str(len(received.body))]
    assert received.header("Content-Encoding") == received.header("Transfer-Encoding") == []


def test_comments_cdata_and_references_in_session_id_give_way_too(server, salesforce):
    answer = server.post(DRESSED.read_bytes(), path=path_of(DRESSED))
    assert answer.status == 200, answer.body
    (received,) = salesforce.requests()
    assert received.user == JANE and received.body == rewritten(DRESSED, received.session)


def test_a_self_closed_session_id_is_opened_for_a_user_from_elsewhere(server_that_names_the_user, salesforce):
    answer = server_that_names_the_user.post(SELF_CLOSED.read_bytes(), path=path_of(SELF_CLOSED))
    assert answer.status == 200, answer.body
    (received,) = salesforce.requests()
    opened = re.sub(
        rb"<((?:\w+:)?sessionId)(\s*)/>", rb"<\1\2>" + received.session.encode() + rb"</\1>", SELF_CLOSED.read_bytes()
    )
    assert received.user == "joe@corp.example" and received.body == opened


def test_a_self_closed_session_id_names_nobody(server, salesforce):
    server.expect_log("SFJ0401")
    answer = server.post(SELF_CLOSED.read_bytes(), path=path_of(SELF_CLOSED))
    assert (answer.status, fault_in(answer).code) == (500, "SFJ0401")
    assert salesforce.requests() == salesforce.token_requests() == []


def test_login_is_refused_with_a_verdict_of_its_own(server, salesforce):
    answer = server.post(LOGIN.read_bytes(), path=path_of(LOGIN))
    assert (answer.status, fault_in(answer).code) == (500, "SFJ0308")
    assert salesforce.requests() == salesforce.token_requests() == []
