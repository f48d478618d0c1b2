# SPDX-License-Identifier: Apache-2.0
"""To whom a token is sent is looked at on the connection, whatever was configured: mod_careless undoes what mod_ssl
and mod_proxy would see to."""

import socket

import pytest

import sections
from fake_salesforce.calls import JANE, envelope
from other_modules import load_line, resolving
from soap_fault import fault_in

REQUEST = envelope(JANE)


@pytest.fixture
def stranger(running_salesforce, tmp_path):
    """Another Salesforce, with a CA of its own."""
    with type(running_salesforce)(tmp_path / "stranger", "--http") as other:
        yield other


def refused(server, backend, answer):
    fault = fault_in(answer)
    assert (answer.status, fault.code, fault.faultcode) == (500, "SFJ0502", "Server")
    assert "Nothing was sent: " in fault.text
    assert server.error_log().count("SFJ0502") == 1
    assert backend.requests() == []
    return fault


def careless(salesforce, line, **section):
    return load_line("careless") + f"{line}\n" + sections.gateway(salesforce, **section)


def test_a_certificate_that_nobody_verified_gets_no_token(salesforce, httpd, stranger):
    server = httpd(careless(salesforce, "CarelessVerify off", target=f"{stranger.url}/services/Soap/"))
    server.expect_log("SFJ0502")
    server.allow_log("proxy|SSL Library Error")
    fault = refused(server, stranger, server.post(REQUEST))
    assert "the certificate of localhost is not verified" in fault.text


def test_a_certificate_of_another_host_gets_no_token(salesforce, httpd):
    target = f"https://127.0.0.9:{salesforce.https_port}/services/Soap/"
    config = careless(salesforce, "CarelessName localhost", target=target, SFJwtAllowInstance="localhost 127.0.0.9")
    server = httpd(config, environment=resolving("127.0.0.9", "127.0.0.1"))
    server.expect_log("SFJ0502")
    server.allow_log("proxy")
    assert "does not name 127.0.0.9" in refused(server, salesforce, server.post(REQUEST)).text


def test_a_verified_certificate_gets_the_token_whoever_undoes_the_checks(salesforce, httpd):
    server = httpd(careless(salesforce, "CarelessVerify off"))
    assert server.post(REQUEST).status == 200
    assert salesforce.requests()[0].session in salesforce.tokens(JANE)


def test_a_stranger_behind_http2_gets_no_token(salesforce, httpd, stranger):
    backend = httpd(
        f"Protocols h2 http/1.1\nSSLEngine On\nSSLCertificateFile \"{stranger.folder}/server.pem\"\n"
        f"SSLCertificateKeyFile \"{stranger.folder}/server.key\"\n",
        modules=["http2"], with_module=False,
    )  # fmt: skip
    target = f"h2://localhost:{backend.port}/services/Soap/"
    server = httpd(careless(salesforce, "CarelessVerify off", target=target), modules=["http2", "proxy_http2"])
    server.expect_log("SFJ0502")
    server.allow_log("proxy|http2|SSL")
    assert fault_in(server.post(REQUEST)).code == "SFJ0502"
    assert backend.access_log() == ""


def address_of_this_machine():
    """One that is not a loopback address; None without a network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        return probe.getsockname()[0]


def test_in_the_clear_only_a_loopback_address_gets_a_token(salesforce, httpd):
    address = address_of_this_machine()
    if not address or address.startswith("127."):
        pytest.skip("this machine has loopback addresses only")
    with socket.socket() as listener:
        listener.bind((address, 0))
        listener.listen(1)
        target = f"http://127.0.0.9:{listener.getsockname()[1]}/services/Soap/"
        config = sections.gateway(salesforce, target=target, SFJwtAllowInstance="localhost 127.0.0.9")
        server = httpd(config, environment=resolving("127.0.0.9", address))
        server.expect_log("SFJ0502")
        server.allow_log("proxy")
        fault = refused(server, salesforce, server.post(REQUEST))
        assert "127.0.0.9 is at an address that is not this machine's" in fault.text
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(1)
            assert connection.recv(1) == b""


def test_a_refused_member_of_a_balancer_does_not_stop_another(salesforce, httpd, stranger):
    members = f"  BalancerMember {stranger.url} route=a\n  BalancerMember {salesforce.url} route=b\n"
    config = f"<Proxy balancer://sf>\n{members}</Proxy>\n" + careless(
        salesforce, "CarelessVerify off", target="balancer://sf/services/Soap/"
    )
    server = httpd(config, modules=["slotmem_shm", "lbmethod_byrequests", "proxy_balancer"])
    server.allow_log("proxy|SFJ0502|SSL")
    answers = [server.post(REQUEST) for _ in range(6)]
    assert stranger.requests() == []
    assert 200 in {answer.status for answer in answers}
    assert {fault_in(answer).code for answer in answers if answer.status != 200} <= {"SFJ0502"}
