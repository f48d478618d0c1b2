# SPDX-License-Identifier: Apache-2.0
"""Real SOAP clients call through the gateway, with an e-mail for a session id and no other change."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

import npm_packages
import sections
from fake_salesforce.calls import JANE
from real_messages import ABSENT, WSDLS

zeep = pytest.importorskip("zeep", reason="python3-zeep is not installed")
etree = pytest.importorskip("lxml.etree")

MESSAGES, OBJECTS = "urn:partner.soap.sforce.com", "urn:sobject.partner.soap.sforce.com"
PHP_SCRIPT = Path(__file__).with_name("partner_calls.php")
PATH = "/services/Soap/u/66.0"
REAL = WSDLS / "partner-66.0.wsdl"
PARTNER_WSDLS = [
    pytest.param(sections.SAMPLE_WSDL, id="our-sample"),
    pytest.param(REAL, id="partner-66", marks=pytest.mark.skipif(not REAL.is_file(), reason=ABSENT)),
]
FORBIDDEN = "jane@other.example"


@pytest.fixture(scope="module", params=PARTNER_WSDLS)
def wsdl(request):
    return request.param


@pytest.fixture(scope="module")
def server(shared_salesforce, shared_httpd, wsdl):
    started = shared_httpd(sections.gateway(shared_salesforce, SFJwtWsdl=f'"{wsdl}"'))
    started.allow_log("SFJ0403")
    return started


@pytest.fixture
def salesforce(shared_salesforce):
    shared_salesforce.forget()
    return shared_salesforce


@pytest.fixture(scope="module")
def zeep_client(wsdl):
    # Our sample declares only a part of what Salesforce answers.
    client = zeep.Client(str(wsdl), settings=zeep.Settings(strict=wsdl == REAL))
    client.transport.session.trust_env = False  # a proxy of the tester must not decide a test
    return client


@pytest.fixture
def call(server, zeep_client):
    """call(operation, session, **arguments) by zeep."""
    (binding,) = zeep_client.wsdl.bindings
    service = zeep_client.create_service(binding, f"http://127.0.0.1:{server.port}{PATH}")

    def run(operation, session, **arguments):
        return service[operation](**arguments, _soapheaders={"SessionHeader": {"sessionId": session}})

    return run


@pytest.fixture
def php(server, wsdl):
    """php(operation, session) gives what the script prints, as a value."""
    if not shutil.which("php"):
        pytest.skip("php-cli is not installed")
    if "soap" not in subprocess.run(["php", "-m"], capture_output=True, text=True, check=True).stdout.split():
        pytest.skip("php-soap is not installed")

    def run(operation, session):
        location = f"http://127.0.0.1:{server.port}{PATH}"
        done = subprocess.run(
            ["php", str(PHP_SCRIPT), str(wsdl), location, session, operation],
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        return json.loads(done.stdout)

    return run


@pytest.fixture
def node(server, wsdl):
    """node(client, session, change) gives what npm/calls.js prints, as a value."""

    def run(client, session, *change):
        script = Path(__file__).with_name("npm") / "calls.js"
        done = subprocess.run(
            ["node", str(script), client, str(wsdl), f"http://127.0.0.1:{server.port}", PATH, session, *change],
            env={"PATH": os.environ["PATH"], "NODE_PATH": str(npm_packages.folder())},
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        return json.loads(done.stdout)

    return run


def arrived(salesforce, operation):
    """That exactly one request came, of this operation and as the user, and no e-mail in its place."""
    (received,) = salesforce.requests()
    assert (received.operation, received.user) == (operation, JANE)
    assert JANE.encode() not in received.body
    return received


def test_zeep_queries(call, salesforce):
    soql = "SELECT Id, Name FROM Account WHERE Name LIKE 'A & B%'"
    result = call("query", JANE, queryString=soql)
    assert result["body"]["result"]["size"] == 2 and len(result["body"]["result"]["records"]) == 2
    assert b"LIKE 'A &amp; B%'" in arrived(salesforce, "query").body


def test_zeep_asks_who_it_is(call, salesforce, wsdl):
    result = call("getUserInfo", JANE)
    assert wsdl != REAL or result["body"]["result"]["userName"] == JANE
    arrived(salesforce, "getUserInfo")


def test_zeep_creates(call, zeep_client, salesforce):
    name = etree.Element(f"{{{OBJECTS}}}Name")
    name.text = "Smith & Sons"
    account = zeep_client.get_type(f"{{{OBJECTS}}}sObject")(type="Account", Id=None, _value_1=[name])
    result = call("create", JANE, sObjects=[account])
    assert [one["success"] for one in result["body"]["result"]] == [True]
    assert b"Smith &amp; Sons" in arrived(salesforce, "create").body


REFUSED = "SFJ0403: This caller may not act as the user"
FAULTS = "urn:fault.partner.soap.sforce.com"


def test_zeep_shows_a_refusal_as_its_own_exception(call, zeep_client, salesforce):
    with pytest.raises(zeep.exceptions.Fault, match=f"^{REFUSED}") as caught:
        call("getUserInfo", FORBIDDEN)
    assert caught.value.code.endswith(":Client")
    fault = zeep_client.get_element(f"{{{FAULTS}}}UnexpectedErrorFault")
    detail = fault.parse(caught.value.detail[0], zeep_client.wsdl.types)
    assert detail.exceptionCode == "INSUFFICIENT_ACCESS" and detail.exceptionMessage.startswith(REFUSED)
    assert salesforce.requests() == []


def test_php_queries(php, salesforce):
    answer = php("query", JANE)
    assert answer["result"]["result"]["size"] == 2, answer
    arrived(salesforce, "query")


def test_php_asks_who_it_is(php, salesforce):
    answer = php("getUserInfo", JANE)
    assert answer["result"]["result"]["userName"] == JANE, answer
    arrived(salesforce, "getUserInfo")


def test_php_creates(php, salesforce):
    answer = php("create", JANE)
    assert "true" in json.dumps(answer["result"]["result"]), answer
    assert b"Smith &amp; Sons" in arrived(salesforce, "create").body


def test_php_shows_a_refusal_as_its_own_exception(php, salesforce):
    fault = php("getUserInfo", FORBIDDEN)["fault"]
    assert fault["text"].startswith(REFUSED)
    assert fault["code"].endswith("Client")
    detail = fault["detail"]["UnexpectedErrorFault"]
    assert (detail["enc_stype"], detail["enc_ns"]) == ("UnexpectedErrorFault", FAULTS)
    assert detail["enc_value"]["exceptionCode"] == "INSUFFICIENT_ACCESS"
    assert detail["enc_value"]["exceptionMessage"].startswith(REFUSED)
    assert salesforce.requests() == []


@pytest.mark.parametrize("client", ["soap", "jsforce"])
def test_clients_of_npm_ask_who_it_is(node, salesforce, client):
    answer = node(client, JANE)
    assert answer["result"]["userName"] == JANE, answer
    arrived(salesforce, "getUserInfo")


@pytest.mark.parametrize("change", ["create", "update", "delete"])
def test_jsforce_changes_records(node, salesforce, change):
    answer = node("jsforce", JANE, change)
    assert "fault" not in answer, answer
    body = arrived(salesforce, change).body
    assert b"<ns1:" in body
    assert b"Smith &amp; Sons" in body or change == "delete"


@pytest.mark.parametrize("client", ["soap", "jsforce"])
def test_clients_of_npm_show_a_refusal_as_their_own_exception(node, salesforce, client):
    fault = node(client, FORBIDDEN)["fault"]
    assert REFUSED in fault["message"] and fault["code"].endswith("Client"), fault
    if client == "soap":  # jsforce does not read the detail
        assert fault["detail"]["UnexpectedErrorFault"]["exceptionCode"] == "INSUFFICIENT_ACCESS"
    assert salesforce.requests() == []
