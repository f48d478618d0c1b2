# SPDX-License-Identifier: Apache-2.0
"""The harness itself, with plain httpd: what it lets pass and what it finds."""

import os
import signal

import pytest

import left_behind
import sections
from fake_salesforce.calls import JANE, envelope, token
from gateway_httpd import GatewayHttpd


@pytest.fixture
def plain(salesforce, httpd):
    return httpd(sections.plain(salesforce), with_module=False)


@pytest.fixture
def unjudged(salesforce, mpm):
    """A server whose logs the test judges itself."""
    server = GatewayHttpd(sections.plain(salesforce), mpm=mpm, with_module=False).start()
    yield server
    server.stop()
    server.remove()


def test_a_request_goes_through_a_plain_proxy_to_the_byte(salesforce, plain):
    body = envelope(token(salesforce))
    response = plain.post(body, headers={"X-Any": "thing"})
    assert response.status == 200 and JANE.encode() in response.body
    received = salesforce.requests()[-1]
    assert received.body == body and received.tls and received.header("X-Any") == ["thing"]


def test_a_backend_of_another_ca_is_not_trusted(salesforce, httpd, tmp_path, running_salesforce):
    stranger = type(running_salesforce)(tmp_path / "stranger")
    with stranger:
        config = sections.tls_to(salesforce) + f"ProxyPass / {stranger.url}/\n"
        server = httpd(config, with_module=False)
        server.expect_log("AH02039|AH01084|AH01097|AH00961|AH00898|AH01114|SSL Library Error|AH02003|AH02008")
        assert server.post(envelope("x")).status in (500, 502, 503)
        assert stranger.requests() == []


def test_graceful_restart_and_graceful_stop(plain):
    first = plain.children()
    plain.graceful()
    assert plain.generations() == 2 and set(plain.children()) != set(first)
    plain.restart()
    assert plain.generations() == 3
    plain.stop(signal.SIGWINCH)


def test_a_new_configuration_is_read_on_restart(plain, salesforce):
    plain.write_config(sections.plain(salesforce) + "Header always set X-Generation two\n")
    plain.graceful()
    assert plain.post(envelope("x")).header("X-Generation") == ["two"]


def test_configtest_says_what_is_wrong(configtest):
    assert configtest("", with_module=False) == (True, "Syntax OK\n")
    accepted, output = configtest("NoSuchDirective On", with_module=False)
    assert not accepted and "Invalid command 'NoSuchDirective'" in output


def test_an_unexpected_error_is_a_complaint(unjudged, salesforce):
    unjudged.request("GET", "/")  # denied: AH01630, level error
    assert [line for line in unjudged.complaints() if "AH01630" in line]
    unjudged.allow_log("AH01630")
    assert unjudged.complaints() == []


def test_a_mod_ssl_built_with_a_newer_library_is_no_complaint():
    line = (
        "[Mon Nov 30 17:54:09.893652 2026] [ssl:warn] [pid 1:tid 1] AH01882: Init: this version of mod_ssl was compiled "
        "against a newer library (OpenSSL 3.0.22 25 Aug 2026 (OpenSSL 3.0.19 27 Jan 2026), version currently loaded is "
        "0x30000130) - may result in undefined or erroneous behavior"
    )
    assert left_behind.complaints(line, [], []) == []


def test_an_expected_error_that_did_not_come_is_a_complaint(unjudged):
    unjudged.expect_log("SFJ9999")
    assert unjudged.complaints() == ["never logged: SFJ9999"]


def test_a_crashed_child_is_a_complaint(unjudged):
    os.kill(unjudged.children()[-1], signal.SIGSEGV)
    unjudged.wait_until(lambda: "AH00052" in unjudged.error_log())
    assert any("exit signal" in line for line in unjudged.complaints())


def test_a_report_of_a_sanitizer_is_a_complaint_whatever_may_be_logged(unjudged):
    unjudged.allow_log(".")
    (unjudged.folder / "tmp/sanitizer.1234").write_text("ERROR: AddressSanitizer: heap-use-after-free")
    assert unjudged.complaints() == ["sanitizer.1234:\nERROR: AddressSanitizer: heap-use-after-free"]


def test_a_token_or_assertion_or_key_in_a_file_is_a_leak(unjudged, salesforce):
    given = token(salesforce)
    secrets = left_behind.secrets_of(salesforce)
    assert unjudged.leaks(secrets) == []
    unjudged.request("GET", "/services/Soap/u/66.0?sid=" + given)
    unjudged.wait_until(lambda: "?sid=" in unjudged.access_log())  # written after the answer
    assert unjudged.leaks(secrets) == [
        f"leak: logs/access_log contains 96 secret bytes starting {given[16:22].encode()!r}"
    ]
    assertion = salesforce.secrets()["assertions"][0]
    (unjudged.folder / "tmp/spooled").write_text("x" + assertion)
    with open(salesforce.private_key, "rb") as key:
        (unjudged.folder / "htdocs/core").write_bytes(b"\0" + key.read())
    assert {line.split()[1] for line in unjudged.leaks(secrets)} == {"logs/access_log", "tmp/spooled", "htdocs/core"}
    (unjudged.secrets / "passphrase").write_text("canary-1")
    unjudged.canary("canary-1")
    assert not [line for line in unjudged.leaks() if "passphrase" in line]


def test_it_stops_with_all_its_children_and_starts_again(unjudged):
    children = unjudged.children()
    unjudged.stop()
    assert not unjudged.lives() and not any(os.path.exists(f"/proc/{pid}") for pid in children)
    unjudged.start()
    assert unjudged.post(envelope("x")).status == 500


def test_a_parent_that_died_by_itself_is_a_failure(unjudged):
    unjudged.kill(children_too=False)
    with pytest.raises(RuntimeError, match="ended by itself"):
        unjudged.stop()
    assert not unjudged.lives()
