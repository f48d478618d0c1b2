# SPDX-License-Identifier: Apache-2.0
"""SOAP stacks, unmodified but for address and session id: each calls through the gateway and shows its refusals.

client_stacks.py says what their programs read and write."""

import functools
import os
import subprocess
from dataclasses import dataclass

import pytest

import sections
from client_stacks import GENERATED, STACKS
from fake_salesforce.calls import JANE
from real_messages import ABSENT, WSDLS

PARTNER = WSDLS / "partner-66.0.wsdl"
PATH = "/services/Soap/u/66.0"
DOWN = "/down" + PATH
UNAPPROVED = "joe@corp.example"
FORBIDDEN = "jane@other.example"
KEPT_ALIVE = 50  # queries of one process
TYPED = ("zeep", "suds", "axis-1")  # they read no answer with more in it than the WSDL declares
REFUSALS = {  # what is called, and how the sentence begins that the user of the stack reads
    "a user the caller may not act as": ((PATH, FORBIDDEN, "getUserInfo"), "SFJ0403: This caller may not act as the user"),
    "a value of the wrong type": ((PATH, JANE, "delete"), "SFJ0309: Line "),
    "a user who has not approved the app": ((PATH, UNAPPROVED, "query"), "SFJ0601: The token endpoint answered"),
    "Salesforce is down": ((DOWN, JANE, "query"), "SFJ0701: Salesforce could not be reached"),
}


def cases():
    absent = pytest.mark.skipif(not PARTNER.is_file(), reason=ABSENT)
    for name in [*STACKS, *GENERATED]:
        yield pytest.param((name, sections.SAMPLE_WSDL), id=f"{name}-our-sample")
    for name in STACKS:
        yield pytest.param((name, PARTNER), id=f"{name}-partner-66", marks=absent)


@pytest.fixture(scope="module")
def server_for(shared_salesforce, shared_httpd):
    """server_for(wsdl), started once: its Salesforce is down below /down/."""
    shared_salesforce.users({UNAPPROVED: "unapproved"})

    @functools.lru_cache
    def start(wsdl):
        reading = {"SFJwtWsdl": f'"{wsdl}"'}
        up = sections.gateway(shared_salesforce, **reading)
        nobody = "https://localhost:1/services/Soap/"
        down = sections.gateway(shared_salesforce, path="/down/services/Soap/", target=nobody, tls=False, **reading)
        server = shared_httpd(up + down)
        server.allow_log("SFJ0403|SFJ0601|SFJ0701|proxy")
        return server

    return start


@dataclass
class Outcome:
    """What one process of a stack has got: the lines it wrote, and what came to Salesforce meanwhile."""

    exception: str
    operations: list
    served: list
    refused: list
    kept_alive: list
    received: list


@pytest.fixture(scope="module", params=cases())
def outcome(request, server_for, shared_salesforce):
    name, wsdl = request.param
    command_for, exception = {**STACKS, **GENERATED}[name]
    operations = ["query", "create", "logout", "getUserInfo"]
    if name in TYPED and wsdl != PARTNER:
        operations.remove("getUserInfo")  # the sample declares a part of what Salesforce answers
    calls = [(PATH, JANE, operation) for operation in operations]
    calls += [call for call, _ in REFUSALS.values()]
    calls += [(PATH, JANE, "query")] * KEPT_ALIVE
    command = [str(word) for word in command_for(wsdl)]
    address = f"http://127.0.0.1:{server_for(wsdl).port}"
    shared_salesforce.forget()
    done = subprocess.run(
        command, input="".join(f"{address}{path} {user} {operation}\n" for path, user, operation in calls),
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and len(lines) == len(calls), done.stdout + done.stderr
    refused, kept_alive = len(operations), len(operations) + len(REFUSALS)
    return Outcome(
        exception, operations, lines[:refused], lines[refused:kept_alive], lines[kept_alive:], shared_salesforce.requests()
    )


def test_calls_are_served(outcome):
    assert [line.partition(" ")[0] for line in outcome.served] == ["ok"] * len(outcome.operations), outcome.served
    size, success, _, *user = [line.lower() for line in outcome.served]
    assert (size, success) == ("ok 2", "ok true") and user in ([], [f"ok {JANE}"])


def test_what_arrives_is_what_was_called_and_logout_does_not(outcome):
    forwarded = [operation for operation in outcome.operations if operation != "logout"]
    assert [request.operation for request in outcome.received] == forwarded + ["query"] * KEPT_ALIVE
    assert {request.user for request in outcome.received} == {JANE}
    assert b"Smith &amp; Sons" in outcome.received[1].body


def test_a_refusal_is_the_exception_of_the_stack_with_the_sentence_of_the_gateway(outcome):
    for line, (what, (_, text)) in zip(outcome.refused, REFUSALS.items()):
        exception, _, rest = line.partition(" ")
        assert exception == outcome.exception and text in rest, f"{what}: {line}"


def test_one_process_makes_many_calls(outcome):
    assert outcome.kept_alive == ["ok 2"] * KEPT_ALIVE
