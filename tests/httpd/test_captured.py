# SPDX-License-Identifier: Apache-2.0
"""What real clients send arrives at Salesforce to the byte, but for the session id."""

import gzip

import pytest

import sections
from real_messages import ABSENT, messages
from soap_fault import fault_in

LOGINS = [one for one in messages() if "-login.xml" in one.id]
SESSIONS = [one for one in messages() if one.well_formed and one not in LOGINS]
MALFORMED = [one for one in messages() if not one.well_formed]


# What the default mode refuses: these break the WSDL in ways no relaxation is meant for.
INVALID = {
    "php-toolkit-ent64/22-create.xml": "a field the object has not",
    "rforce/04-create.xml": "sObject for sObjects",
    "rforce/05-create.xml": "sObject for sObjects",
    "rforce/06-update.xml": "sObject for sObjects",
    "rforce/07-upsert.xml": "sObject for sObjects",
    "rforce/16-create.xml": "sObject for sObjects",
    "rforce/17-create.xml": "sObject for sObjects",
}


def gateway_for_all(salesforce, httpd, **directives):
    """One section for each WSDL, at the address of its API and version."""
    by_path = {one.path: one for one in messages()}
    config = sections.tls_to(salesforce) + "".join(
        sections.gateway(
            salesforce, path=path, target=salesforce.url + path, tls=False, SFJwtWsdl=f'"{one.wsdl}"',
            SFJwtSessionGuard="Off", **directives,
        )
        for path, one in by_path.items()
    )  # fmt: skip
    salesforce.settings(oldest_api=8.0)
    return httpd(config)


@pytest.fixture(scope="module")
def server(shared_salesforce, shared_httpd):
    """Salesforce takes more than its WSDLs say; here nothing is asked but that bytes arrive as they were."""
    return gateway_for_all(shared_salesforce, shared_httpd, SFJwtValidate="structure")


@pytest.fixture(scope="module")
def usual_server(shared_salesforce, shared_httpd):
    return gateway_for_all(shared_salesforce, shared_httpd)


@pytest.fixture
def salesforce(shared_salesforce):
    shared_salesforce.forget()
    return shared_salesforce


def sent(server, message, body):
    if message.is_compressed:
        return server.post(gzip.compress(body), path=message.path, headers={"Content-Encoding": "gzip"})
    return server.post(body, path=message.path)


def each(of_them):
    some = [pytest.param(one, id=one.id) for one in of_them]
    return pytest.mark.parametrize("message", some or [pytest.param(None, marks=pytest.mark.skip(reason=ABSENT))])


def arrived(salesforce, message):
    """That the message, and nothing else, came with the token in it."""
    (received,) = salesforce.requests()
    assert received.body == message.with_session(received.session)
    assert received.path == message.path and received.user == message.user
    return received


@each(SESSIONS)
def test_it_arrives_to_the_byte_but_for_the_session_id(server, salesforce, message):
    answer = sent(server, message, message.with_session(message.user))
    assert answer.status == 200, answer.body
    received = arrived(salesforce, message)
    assert received.header("Content-Length") == [str(len(received.body))]
    assert received.header("Content-Encoding") == received.header("Transfer-Encoding") == []


@each([one for one in SESSIONS if not one.is_compressed])
def test_the_usual_mode_takes_it_or_is_known_to_refuse_it(usual_server, salesforce, message):
    answer = sent(usual_server, message, message.with_session(message.user))
    if message.id in INVALID:
        assert (answer.status, fault_in(answer).code) == (500, "SFJ0309")
        assert salesforce.requests() == salesforce.token_requests() == []
    else:
        assert answer.status == 200, answer.body
        arrived(salesforce, message)


@each(LOGINS)
def test_login_is_refused_with_a_verdict_of_its_own(server, salesforce, message):
    answer = sent(server, message, message.body)
    fault = fault_in(answer)
    assert (answer.status, fault.code) == (500, "SFJ0308") and "signs users in by itself" in fault.text
    assert salesforce.requests() == salesforce.token_requests() == []


@each(MALFORMED)
def test_what_is_not_well_formed_is_refused(server, salesforce, message):
    answer = sent(server, message, message.with_session(message.user))
    assert (answer.status, fault_in(answer).code) == (500, "SFJ0201")
    assert salesforce.requests() == salesforce.token_requests() == []
    server.allow_log("SFJ0201")
