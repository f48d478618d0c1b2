# SPDX-License-Identifier: Apache-2.0
"""When mod_proxy has returned, nothing of the rewritten body is left for anybody to send."""

import socket

import pytest

import sections
from byte_server import ByteServer
from fake_salesforce.calls import JANE, envelope
from other_modules import load_line

REQUEST = envelope(JANE)
BALANCER = ["slotmem_shm", "lbmethod_byrequests", "proxy_balancer"]
DOWN = "https://localhost:1/services/Soap/"


@pytest.fixture
def errors():
    """A backend for error documents; errors.bodies is what requests brought it."""
    bodies = []

    def serve(connection, head, body):
        # A body may come chunked, or behind a request that announced none.
        connection._socket.settimeout(0.3)
        try:
            while more := connection._stream.read1(65536):
                body += more
        except OSError:
            pass
        bodies.append((head, body))
        connection.answer(b"<error-document/>")

    with ByteServer(serve) as server:
        server.bodies = bodies
        yield server


@pytest.fixture
def silent():
    """Somebody who takes connections and says nothing."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(8)
        yield listener.getsockname()[1]


def with_documents(errors, config):
    documents = "".join(f"ErrorDocument {status} /err/x\n" for status in (400, 403, 500, 502, 503, 504))
    return f"{documents}<Location /err/>\n  ProxyPass {errors.url}/err/\n</Location>\n" + config


def no_token_left(salesforce, errors):
    assert errors.bodies, "the error document was not asked for: the test proves nothing"
    tokens = [token.encode() for token in salesforce.secrets()["tokens"]]
    assert tokens
    for head, body in errors.bodies:
        assert body == b"" and not any(token in head + body for token in tokens)


def gateway(salesforce, **directives):
    return sections.gateway(salesforce, SFJwtAllowInstance="localhost 127.0.0.2", **directives)


def balanced(salesforce, _silent):
    return f"<Proxy balancer://sf>\n  BalancerMember {DOWN}\n</Proxy>\n" + gateway(
        salesforce, target="balancer://sf/services/Soap/"
    )


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(lambda fake, silent: gateway(fake, target=DOWN), id="nobody-listens"),
        pytest.param(balanced, id="no-member-is-up"),
        pytest.param(
            lambda fake, silent: gateway(fake, target=f"http://localhost:{silent}/services/Soap/ ping=1"), id="ping-fails"
        ),
        pytest.param(lambda fake, silent: gateway(fake, SFJwtInstance="follow"), id="the-instance-is-down"),
    ],
)
def test_the_backend_of_an_error_document_gets_nothing_of_the_body(salesforce, httpd, errors, silent, way):
    salesforce.settings(instance_url="https://127.0.0.2:1")
    salesforce.misbehave_soap(times=None, cut=0)
    server = httpd(with_documents(errors, way(salesforce, silent)), modules=BALANCER)
    server.allow_log("proxy|SFJ070")
    server.post(REQUEST)
    no_token_left(salesforce, errors)


def test_after_a_renewal_the_backend_of_an_error_document_gets_nothing_of_the_body(salesforce, httpd, errors):
    server = httpd(with_documents(errors, sections.gateway(salesforce)))
    server.allow_log("proxy|SFJ070")
    assert server.post(REQUEST).status == 200
    salesforce.revoke(user=JANE)
    salesforce.misbehave_soap(fault=["INVALID_SESSION_ID", "over"], times=1)
    salesforce.misbehave_soap(times=None, cut=0)
    server.post(REQUEST)
    no_token_left(salesforce, errors)


@pytest.mark.parametrize("target", [None, DOWN], ids=["served", "nobody-listens"])
def test_another_module_reads_nothing_of_what_it_has_kept(salesforce, httpd, target):
    config = load_line("keeper") + 'KeeperFile "{folder}/tmp/kept"\n' + sections.gateway(salesforce, target=target)
    server = httpd(config)
    server.allow_log("proxy|SFJ070")
    server.post(REQUEST)
    kept = server.folder / "tmp/kept"
    server.wait_until(lambda: kept.exists() and "aside:" in kept.read_text())
    assert f"keeper: {len(REQUEST)} bytes" not in server.error_log()
    assert "keeper: " in server.error_log() and "keeper: 0 bytes" not in server.error_log()
    assert kept.read_text().split() == ["came:", "copied:", "split:", "aside:"]

