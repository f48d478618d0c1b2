# SPDX-License-Identifier: Apache-2.0
"""The gateway beside other modules (neighbours.py), and the same facts with each. In the usual run clients speak
HTTP/1.1; with --soak they speak in every way of fronts.py."""

import os
from pathlib import Path

import pytest

import callers
import sections
from fronts import FRONTS, KEPT, Message, cannot_be
from neighbours import NEIGHBOURS
from passage import arrived, followed, query, renewed, somebody
from soap_fault import fault_in

SPOKEN = FRONTS if os.environ.get("SFJWT_SOAK") else [KEPT]
PAIRS = [(neighbour, front) for neighbour in NEIGHBOURS for front in SPOKEN if neighbour.inflates or not front.packed]

MODSECURITY = "/etc/modsecurity/modsecurity.conf-recommended"
OF_THE_MACHINE = ("SecAuditLog ", "SecTmpDir", "SecDataDir", "SecUnicodeMapFile")


@pytest.fixture(scope="module")
def servers(mpm, shared_salesforce, shared_httpd):
    """Gives the server of a neighbour and a front."""
    started = {}

    def of(neighbour, front):
        if reason := cannot_be(front, mpm):
            pytest.skip(reason)
        key = (neighbour.name, front.tls)
        if key not in started:
            config = f"Protocols h2 h2c http/1.1\n{front.config(shared_salesforce)}{neighbour.server}"
            config += sections.gateway(shared_salesforce, *neighbour.section, SFJwtFaultStatus="http")
            started[key] = configured(shared_httpd(config, modules=["http2", *neighbour.modules], start=False))
        return started[key]

    return of


def configured(server):
    """A started server, with the files that some neighbours read."""
    (server.folder / "run/users").write_text(callers.user_file())
    (server.folder / "run/security.conf").write_text(recommended_security())
    server.allow_log("SFJ0402|SFJ0702|proxy")
    return server.start()


def recommended_security():
    """What the distribution recommends, without its folders."""
    lines = Path(MODSECURITY).read_text().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(OF_THE_MACHINE))


@pytest.fixture(params=PAIRS, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def pair(request):
    return request.param


@pytest.fixture
def neighbour(pair):
    return pair[0]


@pytest.fixture
def front(pair):
    return pair[1]


@pytest.fixture
def server(servers, neighbour, front):
    return servers(neighbour, front)


@pytest.fixture
def salesforce(shared_salesforce):
    shared_salesforce.forget()
    return shared_salesforce


def message(neighbour, body, **more):
    return Message(body, headers=[*neighbour.headers], **more)


def test_a_request_arrives_to_the_byte_and_the_answer_is_what_the_neighbour_makes_of_it(
    neighbour, front, server, salesforce
):
    user = somebody()
    said = f"<Envelope>{user}{' and'.join(map(str, range(5000)))}</Envelope>"
    salesforce.misbehave_soap(user=user, body=said, headers=[["X-Own", "1"]])
    body = query(user, 100_000)
    kept = front.version != "HTTP/1.0"  # which cannot say where an answer of unknown length ends
    answer = neighbour.undo(followed(front, server, salesforce, message(neighbour, body), kept))
    assert (answer.status, answer.body, answer.header("X-Own")) == (200, said.encode(), ["1"])
    (request,) = [one for one in salesforce.requests() if one.user == user]
    arrived(request, body)
    assert request.header("Authorization") == []


def test_a_session_that_is_over_is_renewed(neighbour, front, server, salesforce):
    user = somebody()
    body = query(user, 17_000)
    front.exchange(server, [message(neighbour, body)])
    salesforce.revoke(user=user)
    salesforce.forget()
    (answer,) = front.exchange(server, [message(neighbour, body)])
    answer = neighbour.undo(answer)
    assert answer.status == 200 and b"queryResponse" in answer.body and b"Fault" not in answer.body
    renewed(salesforce, user, body)


def test_a_refusal_is_a_whole_fault(neighbour, front, server, salesforce):
    answer = followed(front, server, salesforce, message(neighbour, query("not-an-email", 17_000)))
    assert answer.status == 500 and fault_in(neighbour.undo(answer)).code == "SFJ0402"


def test_a_refusal_at_the_head_is_a_whole_fault(neighbour, front, server, salesforce):
    answer = followed(front, server, salesforce, message(neighbour, query(somebody()), media_type="text/plain"))
    assert answer.status == 415 and fault_in(neighbour.undo(answer)).code == "SFJ0102"


def test_a_fault_of_salesforce_passes(neighbour, front, server, salesforce):
    user = somebody()
    fault = f"<Envelope>MALFORMED_QUERY {user} {list(range(300))}</Envelope>"
    salesforce.misbehave_soap(user=user, status=500, body=fault, headers=[["X-Own", "1"]])
    answer = neighbour.undo(followed(front, server, salesforce, message(neighbour, query(user))))
    assert (answer.status, answer.body, answer.header("X-Own")) == (500, fault.encode(), ["1"])


def test_a_backend_that_fails_is_a_whole_fault(neighbour, front, server, salesforce):
    user = somebody()
    salesforce.misbehave_soap(user=user, times=None, cut=0)
    answer = followed(front, server, salesforce, message(neighbour, query(user)))
    assert answer.status == 502 and fault_in(neighbour.undo(answer)).code == "SFJ0702"
