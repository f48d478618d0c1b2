# SPDX-License-Identifier: Apache-2.0
"""What an administrator is told when no token is granted, and when it is tried again; the ways to the endpoint."""

import os
import re
import subprocess
import time
from email.utils import formatdate
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import serialization

import sections
from connect_proxy import ConnectProxy
from fake_salesforce.calls import JANE, envelope
from gateway_httpd import SOURCE
from key_forms import KeyPair, write
from other_modules import denying
from soap_fault import fault_in

REQUEST = envelope(JANE)
SFJWTCTL = os.environ.get("SFJWTCTL", str(SOURCE / "build/release/sfjwtctl"))


def gateway(salesforce, httpd, **directives):
    server = httpd(sections.gateway(salesforce, **directives))
    server.allow_log("SFJ060[123]")
    return server


def refusal(salesforce, httpd, **directives):
    """The sentence of the fault, which is that of the log."""
    server = gateway(salesforce, httpd, **directives)
    code, _, text = fault_in(server.post(REQUEST)).text.partition(": ")
    assert f"{code}: {text}" in server.error_log()
    return text


# Words


def test_the_place_to_approve_the_app_is_named(salesforce, httpd):
    salesforce.users({JANE: "unapproved"})
    own = "https://acme.my.site.com/services/oauth2/authorize"
    begin = f"?response_type=code&client_id={salesforce.client_id}&redirect_uri="
    assert salesforce.url + "/services/oauth2/authorize" + begin in refusal(salesforce, httpd)
    assert own + begin in refusal(salesforce, httpd, SFJwtAuthorizationEndpoint=own)


@pytest.mark.parametrize("ahead, words", [(-400, "ahead of"), (400, "behind")])
def test_a_clock_that_is_off_is_told_with_size_and_direction(salesforce, httpd, ahead, words):
    salesforce.settings(clock_ahead=ahead)
    text = refusal(salesforce, httpd)
    off = re.search(r"This machine's clock is (\d+) s " + words + " the server's: set it right", text)
    assert off and 397 <= int(off.group(1)) <= 403, text


def test_clocks_that_agree_leave_the_lifetime_as_the_reason(salesforce, httpd):
    salesforce.settings(max_assertion_lifetime=30)
    text = refusal(salesforce, httpd)
    assert "close enough. So SFJwtAssertionLifetime (180 s) is not what the server allows: make it shorter" in text
    assert gateway(salesforce, httpd, SFJwtAssertionLifetime="20").post(REQUEST).status == 200


def test_an_audience_is_named_that_is_configured(salesforce, httpd):
    salesforce.settings(audiences=["https://test.salesforce.com"])
    assert "SFJwtAudience is https://login.salesforce.com" in refusal(salesforce, httpd)


@pytest.mark.parametrize("trouble", ["unapproved", "locked", "audience", "key", "client", "clock", "busy", "page", "redirect"])
def test_sfjwtctl_explains_in_the_same_words(salesforce, httpd, trouble, tmp_path):
    if trouble in ("unapproved", "locked"):
        salesforce.users({JANE: trouble})
    elif trouble == "audience":
        salesforce.settings(audiences=["https://test.salesforce.com"])
    elif trouble == "key":
        salesforce.settings(public_keys=[KeyPair(tmp_path).public_pem])
    elif trouble == "client":
        salesforce.settings(client_id="3MVG9another")
    elif trouble == "clock":
        salesforce.misbehave_token(
            error=["invalid_grant", "expired authorization code"], times=None, headers=[["Date", formatdate(0, usegmt=True)]]
        )
    elif trouble == "busy":
        salesforce.misbehave_token(status=503, body="busy", times=None)
    elif trouble == "page":
        salesforce.misbehave_token(body="<html>log in</html>", times=None)
    else:
        salesforce.misbehave_token(status=302, headers=[["Location", "https://evil.example/"]], times=None)
    text = refusal(salesforce, httpd)
    done = subprocess.run(
        [SFJWTCTL, "token", "--endpoint", salesforce.url + "/services/oauth2/token", "--ca", salesforce.ca,
         "--key", salesforce.private_key, "--client-id", salesforce.client_id, "--audience", "production",
         "--subject", JANE, "--allow-instance", "localhost"],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    without_seconds = lambda words: re.sub(r"\d+ s ", "N s ", words)  # noqa: E731
    assert without_seconds(text) in without_seconds(done.stderr), done.stderr


@pytest.mark.parametrize("piece", [1, 2, 7, 20, 5000])
def test_an_echoed_assertion_reaches_neither_fault_nor_log(salesforce, httpd, piece):
    """A token endpoint that says back what it was sent, in pieces; here what it is sent another time."""
    server = gateway(salesforce, httpd)
    assert server.post(REQUEST).status == 200
    (assertion,) = parse_qs(salesforce.token_requests()[0].body.decode())["assertion"]
    pieces = [assertion[i : i + piece] for i in range(0, len(assertion), piece)]
    salesforce.misbehave_token(error=["invalid_grant", " ".join(pieces)], times=None)
    text = fault_in(server.post(envelope("joe@corp.example"))).text
    assert "with a description of" in text and "login history" in text
    for said in (text, server.error_log()):
        assert not any(" ".join(pieces[i : i + 3]) in said for i in range(len(pieces) // 2))


# When it is tried again


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_heeded_as_a_date_too(salesforce, httpd, status):
    in_a_minute = formatdate(time.time() + 60, usegmt=True)
    salesforce.misbehave_token(status=status, headers=[["Retry-After", in_a_minute]], body="")
    answer = gateway(salesforce, httpd).post(REQUEST)
    assert 55 <= int(answer.header("Retry-After")[0]) <= 75  # chance adds up to a quarter


def test_retry_after_has_a_bound(salesforce, httpd):
    salesforce.misbehave_token(status=503, headers=[["Retry-After", "9" * 30]], body="")
    assert 300 <= int(gateway(salesforce, httpd).post(REQUEST).header("Retry-After")[0]) <= 375


@pytest.mark.parametrize("turn", ["first", "remembered"])
@pytest.mark.parametrize(
    "asked, requests",  # the request is repeated once unless the server asks for time
    [([], 2), ([["Retry-After", "0"]], 2), ([["Retry-After", "1"]], 1)],
    ids=["nothing", "0", "1"],
)
def test_after_the_seconds_a_fault_names_the_next_token_request_is_sent(salesforce, httpd, asked, requests, turn):
    salesforce.misbehave_token(status=503, headers=asked, body="busy", times=requests)
    server = gateway(salesforce, httpd)
    answers = [server.post(REQUEST)] + ([server.post(REQUEST)] if turn == "remembered" else [])
    assert len(salesforce.token_requests()) == requests
    salesforce.forget()
    time.sleep(int(answers[-1].header("Retry-After")[0]))
    assert server.post(REQUEST).status == 200
    assert len(salesforce.token_requests()) == 1


def test_trouble_of_the_server_passes_by_itself(salesforce, httpd, mpm):
    salesforce.misbehave_token(status=503, body="busy", times=2)  # the request is repeated once
    server = gateway(salesforce, httpd)
    assert fault_in(server.post(REQUEST)).code == "SFJ0603"
    server.wait_until(lambda: server.post(REQUEST).status == 200, "the end of the pause")
    assert len(salesforce.token_requests()) == 3


# Ways


def test_token_requests_go_through_the_proxy_that_is_configured(salesforce, httpd):
    with ConnectProxy() as proxy:
        server = gateway(salesforce, httpd, SFJwtTokenProxy=f"http://127.0.0.1:{proxy.port}")
        assert server.post(REQUEST).status == 200
        assert proxy.asked == [f"localhost:{salesforce.https_port}"]


def test_a_proxy_nobody_listens_at_is_a_transient_failure(salesforce, httpd):
    server = gateway(salesforce, httpd, SFJwtTokenProxy="http://127.0.0.1:1")
    assert fault_in(server.post(REQUEST)).code == "SFJ0603" and salesforce.token_requests() == []


def test_the_client_certificate_is_shown_to_the_endpoint(salesforce, httpd, running_salesforce, tmp_path):
    with type(running_salesforce)(tmp_path / "strict", "--ask-for-certificate") as strict:
        server = gateway(strict, httpd, SFJwtTokenClientCertificate=f'"{strict.client_certificate}"')
        server.allow_log("AH0226[78]")  # mod_ssl has none for the SOAP endpoint
        assert server.post(REQUEST).status == 200
        assert [request.client_certificate for request in strict.token_requests()] == [True]


def copied(file, folder):
    """A copy that none but root can read: the folder is its owner's alone."""
    copy = folder / os.path.basename(file)
    copy.write_bytes(Path(file).read_bytes())
    copy.chmod(0o600)
    return copy


def test_files_are_read_at_start_whatever_sections_are_merged_later(salesforce, httpd, running_salesforce, tmp_path):
    with type(running_salesforce)(tmp_path / "strict", "--ask-for-certificate") as strict:
        certificate, ca = copied(strict.client_certificate, tmp_path), copied(strict.ca, tmp_path)
        outer = sections.gateway(strict, SFJwtTokenClientCertificate=f'"{certificate}"', SFJwtTokenCAFile=f'"{ca}"')
        server = httpd(outer + '<Location "/services/Soap/u/">\n  SFJwtTokenTimeout 20\n</Location>\n')
        server.allow_log("AH0226[78]|SFJ060[23]")
        assert server.post(REQUEST).status == 200
        contents = certificate.read_bytes()
        certificate.unlink()
        ca.unlink()
        assert server.post(envelope("joe@corp.example")).status == 200
        assert [request.client_certificate for request in strict.token_requests()] == [True, True]
        # A restart reads them again: with another CA the endpoint is not the right one any more.
        write(certificate, contents)
        write(ca, Path(salesforce.ca).read_bytes())
        server.graceful()
        assert fault_in(server.post(envelope("ann@corp.example"))).code == "SFJ0602"


def test_a_client_certificate_whose_key_is_encrypted_is_named(salesforce, configtest, tmp_path):
    whole = Path(salesforce.client_certificate).read_bytes()
    key = serialization.load_pem_private_key(whole, None)
    encrypted = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.BestAvailableEncryption(b"canary")
    )
    file = write(tmp_path / "client.pem", whole[: whole.index(b"-----BEGIN PRIVATE KEY")] + encrypted)
    accepted, output = configtest(sections.gateway(salesforce, SFJwtTokenClientCertificate=f'"{file}"'))
    assert not accepted and f"SFJ0913: SFJwtTokenClientCertificate: {file} is encrypted" in output


@pytest.mark.parametrize(
    "content, why", [(b"", "holds no certificate"), (b"CA", "holds no certificate"), (None, "is not a file that can be read")]
)
def test_a_ca_file_that_is_none_is_named(salesforce, configtest, tmp_path, content, why):
    file = tmp_path if content is None else write(tmp_path / "ca.pem", content)
    accepted, output = configtest(sections.gateway(salesforce, SFJwtTokenCAFile=f'"{file}"'))
    assert not accepted and f"SFJ0913: SFJwtTokenCAFile: {file} {why}" in output


def test_a_token_endpoint_that_selinux_denies_is_named_with_the_boolean_to_set(salesforce, httpd):
    config = sections.gateway(salesforce, SFJwtTokenEndpoint="https://localhost:1/services/oauth2/token")
    server = httpd(config, environment=denying(1))
    server.expect_log("SFJ0603")
    text = fault_in(server.post(REQUEST)).text
    assert "(Permission denied). SELinux does not let httpd connect: run setsebool -P httpd_can_network_connect on." in text


def test_a_token_endpoint_that_refuses_connections_is_named_with_the_reason(salesforce, httpd):
    text = refusal(salesforce, httpd, SFJwtTokenEndpoint="https://localhost:1/services/oauth2/token")
    assert "Connection refused" in text and "setsebool" not in text


def test_a_client_certificate_that_is_none_is_named(salesforce, configtest, tmp_path):
    with open(salesforce.client_certificate, "rb") as file:
        whole = file.read()
    split = whole.index(b"-----BEGIN PRIVATE KEY")
    with open(KeyPair(tmp_path).file, "rb") as file:
        other_key = file.read()
    for content, why in (
        (whole[:split], "holds a certificate, not a private key"),
        (whole[split:], "holds no certificate"),
        (whole[:split] + other_key, "holds a certificate and the key of another"),
        (b"", "is empty"),
    ):
        file = write(tmp_path / "client.pem", content)
        accepted, output = configtest(sections.gateway(salesforce, SFJwtTokenClientCertificate=f'"{file}"'))
        assert not accepted and "SFJ0913: SFJwtTokenClientCertificate: " in output and why in output
