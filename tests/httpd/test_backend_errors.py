# SPDX-License-Identifier: Apache-2.0
"""The backend cannot be reached: the log says why, the fault says that nothing was sent, and why where no address is in it."""

import ssl

import pytest

import gateway_httpd
import sections
from fake_salesforce.calls import JANE, envelope
from key_forms import KeyPair, certificate
from other_modules import denying
from soap_fault import fault_in
from tls_listener import TlsListener

REQUEST = envelope(JANE)
HTTP2 = ["http2", "proxy_http2"]
HOSTS = "localhost nosuch.invalid"


@pytest.fixture(params=["https", "h2"])
def scheme(request):
    return request.param


def unreachable(httpd, config, **options):
    """(text of the fault, the one log line) of a request that reaches nobody."""
    server = httpd(config, modules=[*HTTP2, *options.pop("modules", [])], **options)
    server.allow_log("proxy|ssl:|SSL|AH0|SFJ0701")
    fault = fault_in(server.post(REQUEST))
    assert fault.code == "SFJ0701", fault.text
    assert "nothing was sent" in fault.text and "may have been executed" not in fault.text
    assert "127.0.0.1" not in fault.text and "localhost" not in fault.text and "nosuch" not in fault.text
    (line,) = [line for line in server.error_log().splitlines() if "SFJ0701: " in line]
    assert fault.text.partition(": ")[2] in line
    return fault.text, line


def trusting(file, more=""):
    return f'SSLProxyEngine On\nSSLProxyVerify require\nSSLProxyCACertificateFile "{file}"\n{more}'


def gateway(salesforce, target, tls):
    return tls + sections.gateway(salesforce, target=f"{target}/services/Soap/", tls=False, SFJwtAllowInstance=HOSTS)


def rewritten(salesforce, target, tls):
    """The same where a RewriteRule has the address, which is not known at start."""
    config = gateway(salesforce, target, tls)
    (mapping,) = [line for line in config.splitlines() if line.strip().startswith("ProxyPass ")]
    address = mapping.split()[1]
    return f"RewriteEngine On\nRewriteRule ^/services/Soap/(.*)$ {address}$1 [P]\n" + config.replace(mapping, "")


def test_a_refused_connection_is_named(salesforce, httpd, scheme):
    text, line = unreachable(httpd, gateway(salesforce, f"{scheme}://localhost:1", sections.tls_to(salesforce)))
    assert ": Connection refused; nothing was sent" in text
    assert "[backend localhost]" in line and "[mod_proxy: " in line and "localhost:1" in line


def test_a_name_that_does_not_resolve_is_named_in_the_log(salesforce, httpd, scheme):
    _, line = unreachable(httpd, gateway(salesforce, f"{scheme}://nosuch.invalid", sections.tls_to(salesforce)))
    assert "[backend nosuch.invalid]" in line and "DNS lookup failure" in line


def test_a_proxy_that_speaks_no_tls_is_named_in_the_log(salesforce, httpd, scheme):
    config = rewritten(salesforce, f"{scheme}://localhost:{salesforce.https_port}", "")
    _, line = unreachable(httpd, config, modules=["rewrite"])
    assert "[set SSLProxyEngine On for this backend]" in line
    assert salesforce.requests() == []


@pytest.mark.parametrize(
    "made, trusted, reason",
    [
        pytest.param({}, False, "its certificate is not accepted: self", id="unknown-ca"),
        pytest.param({"days": -1}, True, "its certificate is not accepted: certificate has expired", id="expired"),
        pytest.param({"subject": "other.example"}, True, "its certificate is for another host name", id="wrong-name"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_named(salesforce, httpd, scheme, tmp_path, made, trusted, reason):
    key = KeyPair(tmp_path).file
    own = certificate(tmp_path, key, **{"subject": "localhost", **made})
    with TlsListener(own, key) as backend:
        tls = trusting(own) if trusted else sections.tls_to(salesforce)
        text, _ = unreachable(httpd, gateway(salesforce, f"{scheme}://localhost:{backend.port}", tls))
        assert reason in text
        assert b"SessionHeader" not in backend.received and b"POST" not in backend.received


def test_a_version_of_tls_that_the_server_does_not_speak_is_named(salesforce, httpd, scheme, tmp_path):
    key = KeyPair(tmp_path).file
    own = certificate(tmp_path, key, subject="localhost")
    with TlsListener(own, key, minimum=ssl.TLSVersion.TLSv1_3) as backend:
        tls = trusting(own, "SSLProxyProtocol TLSv1.2\n")
        text, _ = unreachable(httpd, gateway(salesforce, f"{scheme}://localhost:{backend.port}", tls))
        assert "the server refused the TLS handshake: protocol version" in text


def test_a_server_that_speaks_no_tls_is_named(salesforce, httpd, scheme):
    port = salesforce.http_port
    text, _ = unreachable(httpd, gateway(salesforce, f"{scheme}://localhost:{port}", sections.tls_to(salesforce)))
    assert "the TLS handshake failed: wrong version number" in text


def test_a_server_that_hangs_up_during_the_handshake_is_named(salesforce, httpd, scheme):
    with TlsListener() as backend:
        target = f"{scheme}://localhost:{backend.port}"
        text, _ = unreachable(httpd, gateway(salesforce, target, sections.tls_to(salesforce)))
        assert "the connection ended during the TLS handshake" in text


def test_a_connection_that_selinux_denies_is_named_with_the_boolean_to_set(salesforce, httpd):
    target = "https://localhost:1"
    server = unreachable(
        httpd, gateway(salesforce, target, sections.tls_to(salesforce)), environment=denying(1)
    )
    text, line = server
    assert ": Permission denied; nothing was sent" in text and "setsebool" not in text
    assert "[SELinux does not let httpd connect: run setsebool -P httpd_can_network_connect on]" in line


# What is not loaded


def without(monkeypatch, *names):
    monkeypatch.setattr(gateway_httpd, "MODULES", tuple(one for one in gateway_httpd.MODULES if one not in names))


@pytest.mark.parametrize(
    "target, name",
    [("https://localhost:1", "proxy_http"), ("h2://localhost:1", "proxy_http2"), ("balancer://sf", "proxy_balancer")],
)
def test_without_the_module_that_forwards_requests_no_token_is_requested(salesforce, httpd, monkeypatch, target, name):
    without(monkeypatch, "proxy_http")
    server = httpd(rewritten(salesforce, target, sections.tls_to(salesforce)), modules=["rewrite"])
    server.allow_log("SFJ0701")
    fault = fault_in(server.post(REQUEST))
    assert fault.code == "SFJ0701"
    assert f"mod_{name}, which forwards such requests, is not loaded; nothing was sent" in fault.text
    assert salesforce.token_requests() == []


def test_without_mod_ssl_no_token_is_requested(salesforce, httpd, monkeypatch):
    without(monkeypatch, "ssl")
    cache = next(line for line in gateway_httpd.BASE.splitlines() if line.startswith("SSLSessionCache"))
    monkeypatch.setattr(gateway_httpd, "BASE", gateway_httpd.BASE.replace(cache, ""))
    server = httpd(rewritten(salesforce, "https://localhost:1", ""), modules=["rewrite"])
    server.allow_log("SFJ0701")
    fault = fault_in(server.post(REQUEST))
    assert "mod_ssl, which forwards such requests, is not loaded" in fault.text
    assert salesforce.token_requests() == []
