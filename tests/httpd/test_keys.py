# SPDX-License-Identifier: Apache-2.0
"""Keys, passphrases, certificates and client secrets: in every form, exchanged while running, and shown to nobody."""

import os
import re

import jwt
import pytest

import sections
from fake_salesforce.calls import JANE, envelope
from key_forms import KeyPair, certificate, encrypted, openssl, write
from soap_fault import fault_in

REQUEST = envelope(JANE)
PASSPHRASE = "canary-passphrase-of-the-key"
ONE_PROCESS = """
<IfModule mpm_prefork_module>
MaxRequestWorkers 1
</IfModule>
<IfModule !mpm_prefork_module>
MaxRequestWorkers 16
</IfModule>
"""
PROGRAM = "#!/bin/sh\nprintf '%s' \"$*\" >>\"$0.runs\"; echo >>\"$0.runs\"; "


@pytest.fixture
def public_key(salesforce):
    with open(salesforce.public_key, encoding="ascii") as file:
        return file.read()


def program(folder, text):
    """A shell script that notes each run, with its arguments, beside itself."""
    return write(folder / "program", PROGRAM + text + "\n", 0o700)


def runs(file):
    notes = file.with_name(file.name + ".runs")
    return notes.read_text().splitlines() if notes.exists() else []


# Passphrases


@pytest.mark.parametrize("form", ["pkcs8", "pkcs8-der", "traditional", "pkcs12"])
def test_an_encrypted_key_is_opened_with_a_passphrase_from_a_file(salesforce, httpd, tmp_path, form):
    key = encrypted(tmp_path, salesforce.private_key, form, PASSPHRASE)
    source = write(tmp_path / "passphrase", PASSPHRASE + "\n")
    server = httpd(sections.gateway(salesforce, SFJwtPrivateKey=f'"{key}" "file:{source}"'), log_level="trace8")
    server.canary(PASSPHRASE)
    assert server.post(REQUEST).status == 200


def test_a_passphrase_from_a_program_runs_it_once_with_its_words(salesforce, httpd, tmp_path):
    key = encrypted(tmp_path, salesforce.private_key, "pkcs8", PASSPHRASE)
    script = program(tmp_path, f"echo noise >&2; echo {PASSPHRASE}")
    config = sections.gateway(salesforce, SFJwtPrivateKey=f'"{key}" "exec:{script} one  $(two) *"')
    config += sections.gateway(
        salesforce, path="/other/", target=salesforce.url + "/services/Soap/", tls=False,
        SFJwtPrivateKey=f'"{key}" "exec:{script} one  $(two) *"',
    )  # fmt: skip
    server = httpd(config, log_level="trace8")
    server.canary(PASSPHRASE)
    assert runs(script) == ["one $(two) *"]
    assert server.post(REQUEST).status == 200 and server.post(REQUEST, path="/other/u/66.0").status == 200
    server.graceful()
    assert runs(script) == ["one $(two) *"] * 2


def test_httpd_t_runs_a_program_once_also_when_it_fails(salesforce, configtest, tmp_path):
    script = program(tmp_path, "exit 1")
    key = f'"{salesforce.private_key}" "exec:{script}"'
    accepted, _ = configtest(sections.gateway(salesforce, SFJwtPrivateKey=key))
    assert not accepted and len(runs(script)) == 1


@pytest.mark.parametrize(
    "text, why",
    [
        ("exit 3", "ended with status 3"),
        ("kill -9 $$", "ended by signal 9"),
        ("exit 0", "holds nothing"),
        ("echo canary-one; echo canary-two", "holds more than one line"),
        ("while :; do echo canary-canary; done", "wrote more than 4096 bytes"),
        ("echo canary-wrong", "the passphrase is wrong"),
    ],
)  # fmt: skip
def test_a_program_that_gives_no_passphrase_is_named_and_not_quoted(salesforce, configtest, tmp_path, text, why):
    key = encrypted(tmp_path, salesforce.private_key, "pkcs8", PASSPHRASE)
    script = program(tmp_path, text)
    config = sections.gateway(salesforce, SFJwtPrivateKey=f'"{key}" "exec:{script} canary-argument"')
    accepted, output = configtest(config)
    assert not accepted and "SFJ0912: SFJwtPrivateKey: " in output and why in output
    assert "canary" not in output.replace("holds", "")


@pytest.mark.parametrize("content, why", [(None, "No such file"), ("", "is empty"), ("\n", "holds nothing"),
                                          ("a\nb\n", "more than one line"), ("\ufeffa\n", "byte order mark"),
                                          ("canary-wrong\n", "the passphrase is wrong")])  # fmt: skip
def test_a_passphrase_file_that_is_wrong_is_named(salesforce, configtest, tmp_path, content, why):
    key = encrypted(tmp_path, salesforce.private_key, "traditional", PASSPHRASE)
    source = tmp_path / "passphrase"
    if content is not None:
        write(source, content)
    accepted, output = configtest(sections.gateway(salesforce, SFJwtPrivateKey=f'"{key}" "file:{source}"'))
    assert not accepted and "SFJ0912: SFJwtPrivateKey: " in output and why in output
    assert "canary" not in output


# What is no key


@pytest.mark.parametrize("kind, why", [("fifo", "is a FIFO"), ("device", "is a device"),
                                       ("byte order mark", "byte order mark"), ("two keys", "more than one")])  # fmt: skip
def test_what_is_no_key_file_is_refused_without_waiting(salesforce, configtest, tmp_path, kind, why):
    with open(salesforce.private_key, encoding="ascii") as file:
        pem = file.read()
    if kind == "fifo":
        os.mkfifo(tmp_path / "key")
        key = tmp_path / "key"
    elif kind == "device":
        key = "/dev/zero"
    elif kind == "two keys":
        key = write(tmp_path / "key", pem + pem)
    else:
        key = write(tmp_path / "key", "\ufeff" + pem)
    accepted, output = configtest(sections.gateway(salesforce, SFJwtPrivateKey=f'"{key}"'))
    assert not accepted and f"SFJ0912: SFJwtPrivateKey: {key} " in output and why in output


def test_a_key_may_be_named_by_a_file_uri(salesforce, httpd):
    assert httpd(sections.gateway(salesforce, SFJwtPrivateKey=f"file://{salesforce.private_key}")).post(REQUEST).status == 200


def test_a_uri_no_provider_serves_is_named_without_its_pin(salesforce, configtest):
    key = '"pkcs11:token=gateway;object=sfjwt?pin-value=canary"'
    accepted, output = configtest(sections.gateway(salesforce, SFJwtPrivateKey=key))
    assert not accepted and "pkcs11:token=gateway;object=sfjwt cannot be opened: no provider" in output
    assert "canary" not in output


# Rotation


def two_keys(salesforce, tmp_path):
    new = KeyPair(tmp_path)
    return new, [f'"{salesforce.private_key}"', f'"{new.file}"']


def test_a_new_certificate_at_the_server_costs_one_request(salesforce, httpd, public_key, tmp_path):
    """The old key is first, the certificate is exchanged while requests go on, and nobody notices."""
    new, keys = two_keys(salesforce, tmp_path)
    salesforce.settings(public_keys=[public_key])
    server = httpd(sections.gateway(salesforce, SFJwtPrivateKey=keys) + ONE_PROCESS)
    assert server.post(envelope("first@corp.example")).status == 200
    assert len(salesforce.token_requests()) == 1
    salesforce.settings(public_keys=[new.public_pem])
    for number in range(10):
        assert server.post(envelope(f"user{number}@corp.example")).status == 200
    assert len(salesforce.token_requests()) == 12
    assert [request.verdict for request in salesforce.token_requests()].count("invalid_grant: invalid assertion") == 1


def test_with_neither_key_accepted_the_fault_names_the_certificate_and_there_is_no_storm(salesforce, httpd, tmp_path):
    _, keys = two_keys(salesforce, tmp_path)
    server = httpd(sections.gateway(salesforce, SFJwtPrivateKey=keys) + ONE_PROCESS)
    assert server.post(envelope("first@corp.example")).status == 200
    salesforce.settings(public_keys=[KeyPair(tmp_path, "third").public_pem])
    server.expect_log("SFJ0602")
    for number in range(5):
        fault = fault_in(server.post(envelope(f"user{number}@corp.example")))
        assert fault.code == "SFJ0602" and "certificate" in fault.text
    assert len(salesforce.token_requests()) == 1 + 5 + 1


def test_each_key_has_its_id(salesforce, httpd, tmp_path):
    new, keys = two_keys(salesforce, tmp_path)
    salesforce.settings(public_keys=[new.public_pem])
    server = httpd(sections.gateway(salesforce, SFJwtPrivateKey=keys, SFJwtKeyId=["old", '"new\\"\\\\"']))
    assert server.post(REQUEST).status == 200
    assert [request.header_of_jwt["kid"] for request in salesforce.token_requests()] == ["old", 'new"\\']


def test_a_third_key_and_an_id_without_a_key_are_refused(salesforce, configtest):
    key = f'"{salesforce.private_key}"'
    accepted, output = configtest(sections.gateway(salesforce, SFJwtPrivateKey=[key] * 3))
    assert not accepted and "SFJwtPrivateKey: is given a third time" in output
    accepted, output = configtest(sections.gateway(salesforce, SFJwtKeyId=["a", "b"]))
    assert not accepted and "SFJwtKeyId is given 2 times for 1 SFJwtPrivateKey" in output


# Certificates


def test_a_certificate_of_the_key_is_accepted(salesforce, configtest, tmp_path):
    pem = certificate(tmp_path, salesforce.private_key)
    openssl("x509", "-in", pem, "-outform", "DER", "-out", tmp_path / "der")
    for file in (pem, tmp_path / "der"):
        assert configtest(sections.gateway(salesforce, SFJwtCertificate=f'"{file}"')) == (True, "Syntax OK\n")


def test_during_a_rotation_each_key_has_its_certificate(salesforce, configtest, tmp_path):
    new, keys = two_keys(salesforce, tmp_path)
    files = [certificate(tmp_path, salesforce.private_key), certificate(tmp_path, new.file, name="second.pem")]
    config = sections.gateway(salesforce, SFJwtPrivateKey=keys, SFJwtCertificate=[f'"{file}"' for file in files])
    assert configtest(config) == (True, "Syntax OK\n")


@pytest.mark.parametrize("days, words", [(20, "expires on "), (-1, "expired on ")])
def test_a_certificate_near_or_past_its_end_is_a_warning(salesforce, configtest, tmp_path, days, words):
    file = certificate(tmp_path, salesforce.private_key, days)
    accepted, output = configtest(sections.gateway(salesforce, SFJwtCertificate=f'"{file}"'))
    assert accepted and f"SFJ0937: SFJwtCertificate: {file} {words}" in output


def test_a_certificate_of_another_key_is_refused(salesforce, configtest, tmp_path):
    file = certificate(tmp_path, KeyPair(tmp_path).file)
    accepted, output = configtest(sections.gateway(salesforce, SFJwtCertificate=f'"{file}"'))
    assert not accepted and f"SFJ0912: SFJwtCertificate: {file} belongs to another key" in output


@pytest.mark.parametrize("content", [b"", b"text", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_what_is_no_certificate_is_refused(salesforce, configtest, tmp_path, content):
    file = write(tmp_path / "certificate", content)
    accepted, output = configtest(sections.gateway(salesforce, SFJwtCertificate=f'"{file}"'))
    assert not accepted and f"SFJ0912: SFJwtCertificate: {file} " in output


def test_a_byte_order_mark_before_a_certificate_or_client_secret_is_called_that(salesforce, configtest, tmp_path):
    pem = certificate(tmp_path, salesforce.private_key).read_text()
    marked = write(tmp_path / "marked.pem", "\ufeff" + pem), write(tmp_path / "marked.secret", "\ufeffcanary\n")
    wide = write(tmp_path / "wide.secret", "canary\n".encode("utf-16"))
    for file, config in [
        (marked[0], sections.gateway(salesforce, SFJwtCertificate=f'"{marked[0]}"')),
        (marked[1], sections.gateway(salesforce, SFJwtClientSecret=f'"file:{marked[1]}"')),
        (wide, sections.gateway(salesforce, SFJwtClientSecret=f'"file:{wide}"')),
    ]:
        accepted, output = configtest(config)
        assert not accepted and re.search(rf"{re.escape(str(file))} .*byte order mark.*; save it ", output)
        assert "canary" not in output


# The client's secret


def test_the_client_secret_is_sent_with_the_client_id_and_shown_to_nobody(salesforce, httpd, tmp_path):
    secret = "canary&secret=of+the client"
    salesforce.settings(client_secret=secret)
    source = write(tmp_path / "secret", secret + "\n")
    server = httpd(sections.gateway(salesforce, SFJwtClientSecret=f'"file:{source}"'), log_level="trace8")
    server.canary("canary")
    assert server.post(REQUEST).status == 200
    assert salesforce.token_requests()[0].parameters["client_id"] == [salesforce.client_id]


def test_a_client_secret_that_is_wrong_is_told_as_such(salesforce, httpd, tmp_path):
    salesforce.settings(client_secret="another")
    source = write(tmp_path / "secret", "canary-secret\n")
    server = httpd(sections.gateway(salesforce, SFJwtClientSecret=f'"file:{source}"'), log_level="trace8")
    server.expect_log("SFJ0602")
    server.canary("canary")
    answer = server.post(REQUEST)
    assert "SFJwtClientSecret" in fault_in(answer).text and b"canary" not in answer.body


def test_a_client_secret_that_cannot_be_read_is_named(salesforce, configtest):
    accepted, output = configtest(sections.gateway(salesforce, SFJwtClientSecret="file:/nonexistent"))
    assert not accepted and "SFJ0915: SFJwtClientSecret: /nonexistent: No such file" in output


def test_secrets_everybody_may_read_are_warnings(salesforce, configtest, tmp_path):
    key = encrypted(tmp_path, salesforce.private_key, "pkcs8", PASSPHRASE)
    files = write(tmp_path / "passphrase", PASSPHRASE, 0o644), write(tmp_path / "secret", "canary", 0o644)
    config = sections.gateway(
        salesforce, SFJwtPrivateKey=f'"{key}" "file:{files[0]}"', SFJwtClientSecret=f'"file:{files[1]}"'
    )
    accepted, output = configtest(config)
    assert accepted and "canary" not in output
    for directive, file in zip(("SFJwtPrivateKey", "SFJwtClientSecret"), files):
        assert f"{directive}: {'passphrase: ' if directive == 'SFJwtPrivateKey' else ''}{file}: every user" in output


# Who the assertion names, and for how long


def test_lifetime_and_subject_claim_are_as_configured(salesforce, httpd):
    config = sections.gateway(salesforce, SFJwtAssertionLifetime="60", SFJwtSubjectClaim="prn")
    server = httpd(config)
    assert server.post(REQUEST).status == 200
    (assertion,) = salesforce.secrets()["assertions"]
    claims = jwt.decode(assertion, options={"verify_signature": False})
    assert claims["prn"] == JANE and "sub" not in claims
    assert 50 <= claims["exp"] - salesforce.token_requests()[0].received_at <= 61
