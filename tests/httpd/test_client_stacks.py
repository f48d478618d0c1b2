# SPDX-License-Identifier: Apache-2.0
"""SOAP stacks, unmodified but for address and session id: each calls through the gateway and shows its refusals.

One program for each stack, in clients/, reads lines of location, session and operation from its standard input and writes
a line for each: `ok` and a value of the result, or the name of the exception the stack has raised, the fault code as it
gives it, and the text."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

import npm_packages
import sections
from fake_salesforce.calls import JANE
from real_messages import ABSENT, WSDLS

PROGRAMS = Path(__file__).with_name("clients")
PARTNER = WSDLS / "partner-66.0.wsdl"
PATH = "/services/Soap/u/66.0"
DOWN = "/down" + PATH
UNAPPROVED = "joe@corp.example"
FORBIDDEN = "jane@other.example"
KEPT_ALIVE = 50  # queries of one process


def python(module, program):
    def command(wsdl):
        pytest.importorskip(module, reason=f"python3-{module} is not installed")
        return ["/usr/bin/python3", PROGRAMS / program, wsdl]

    return command


def perl(_wsdl):
    if subprocess.run(["perl", "-MSOAP::Lite", "-e1"], capture_output=True, check=False).returncode != 0:
        pytest.skip("libsoap-lite-perl is not installed")
    return ["perl", PROGRAMS / "soap_lite.pl"]


def php(wsdl):
    if not shutil.which("php"):
        pytest.skip("php-cli is not installed")
    if "soap" not in subprocess.run(["php", "-m"], capture_output=True, text=True, check=True).stdout.split():
        pytest.skip("php-soap is not installed")
    return ["php", PROGRAMS / "php_calls.php", wsdl]


def node(client):
    def command(wsdl):
        return ["env", f"NODE_PATH={npm_packages.folder()}", "node", PROGRAMS / "node_calls.js", client, wsdl]

    return command


STACKS = {  # its command line for a WSDL, and the exception that its users catch
    "zeep": (python("zeep", "zeep_calls.py"), "Fault"),
    "suds": (python("suds", "suds_calls.py"), "WebFault"),
    "php": (php, "SoapFault"),
    "soap-lite": (perl, "SOAP::SOM"),
    "npm-soap": (node("soap"), "Error"),
    "strong-soap": (node("strong-soap"), "Error"),
    "jsforce-1": (node("jsforce1"), "Error"),
    "jsforce-2": (node("jsforce2"), "HttpApiError"),
    "jsforce-3": (node("jsforce"), "HttpApiError"),
}
TYPED = ("zeep", "suds")  # those that drop, or do not read, what the WSDL does not declare
REFUSALS = {  # what is called, and how the sentence begins that the user of the stack reads
    "a user the caller may not act as": ((PATH, FORBIDDEN, "getUserInfo"), "SFJ0403: This caller may not act as the user"),
    "a value of the wrong type": ((PATH, JANE, "delete"), "SFJ0309: Line "),
    "a user who has not approved the app": ((PATH, UNAPPROVED, "query"), "SFJ0601: The token endpoint answered"),
    "Salesforce is down": ((DOWN, JANE, "query"), "SFJ0701: Salesforce could not be reached"),
}


@pytest.fixture(scope="module", params=[
    pytest.param(sections.SAMPLE_WSDL, id="our-sample"),
    pytest.param(PARTNER, id="partner-66", marks=pytest.mark.skipif(not PARTNER.is_file(), reason=ABSENT)),
])  # fmt: skip
def wsdl(request):
    return request.param


@pytest.fixture(scope="module")
def server(shared_salesforce, shared_httpd, wsdl):
    shared_salesforce.users({UNAPPROVED: "unapproved"})
    nobody = "https://localhost:1/services/Soap/"
    reading = {"SFJwtWsdl": f'"{wsdl}"'}
    up = sections.gateway(shared_salesforce, **reading)
    down = sections.gateway(shared_salesforce, path="/down/services/Soap/", target=nobody, tls=False, **reading)
    started = shared_httpd(up + down)
    started.allow_log("SFJ0403|SFJ0601|SFJ0701|proxy")
    return started


@pytest.fixture(params=STACKS)
def stack(request, server, wsdl):
    """stack(calls) makes the calls, each (path, session, operation), in one process: its lines, and nothing else."""
    command_for, exception = STACKS[request.param]
    command = [str(word) for word in command_for(wsdl)]

    def run(calls):
        lines = "".join(f"http://127.0.0.1:{server.port}{path} {user} {operation}\n" for path, user, operation in calls)
        done = subprocess.run(
            command, input=lines, env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        answers = done.stdout.splitlines()
        assert done.returncode == 0 and len(answers) == len(calls), done.stdout + done.stderr
        return answers

    run.name, run.exception = request.param, exception
    return run


def test_calls_go_through(stack, wsdl, shared_salesforce):
    if stack.name in TYPED and wsdl != PARTNER:
        pytest.skip("it reads nothing but what the WSDL declares, and the sample declares a part of the answers")
    shared_salesforce.forget()
    answers = stack([(PATH, JANE, operation) for operation in ("query", "getUserInfo", "create", "logout")])
    assert [answer.partition(" ")[0] for answer in answers] == ["ok"] * 4, answers
    assert [answer.lower() for answer in answers[:3]] == ["ok 2", f"ok {JANE}", "ok true"]
    # logout ends with the gateway, since others use the session too.
    received = shared_salesforce.requests()
    assert [request.operation for request in received] == ["query", "getUserInfo", "create"]
    assert {request.user for request in received} == {JANE} and b"Smith &amp; Sons" in received[2].body


def test_refusals_are_the_exception_of_the_stack(stack, shared_salesforce):
    shared_salesforce.forget()
    answers = stack([call for call, _ in REFUSALS.values()])
    for answer, (what, (_, text)) in zip(answers, REFUSALS.items()):
        exception, _, rest = answer.partition(" ")
        assert exception == stack.exception and text in rest, f"{what}: {answer}"
    assert shared_salesforce.requests() == []


def test_one_process_makes_many_calls(stack, shared_salesforce):
    shared_salesforce.forget()
    assert stack([(PATH, JANE, "query")] * KEPT_ALIVE) == ["ok 2"] * KEPT_ALIVE
    assert len(shared_salesforce.requests()) == KEPT_ALIVE
