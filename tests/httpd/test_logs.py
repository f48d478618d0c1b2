# SPDX-License-Identifier: Apache-2.0
"""What the logs say of a request: one line per refusal, and what LogFormat can show."""

import hashlib
import re

import pytest

import sections
from fake_salesforce.calls import JANE, envelope
from gateway_httpd import SOURCE
from key_forms import certificate

FORBIDDEN = "jane@other.example"
DIGEST = hashlib.sha256(FORBIDDEN.encode()).hexdigest()[:16]


def start(httpd, salesforce, **directives):
    # What may stand in the server configuration is where an administrator would put it.
    config = 'Include "{conf}"\nCustomLog "{folder}/logs/sfjwt_log" sfjwt\n' + sections.gateway(salesforce, **directives)
    server = httpd(config.replace("{conf}", str(SOURCE / "conf/sfjwt.conf")), modules=["unique_id"])
    server.allow_log("SFJ0[345]")
    return server


def own_log(server, lines):
    file = server.folder / "logs/sfjwt_log"
    server.wait_until(lambda: file.exists() and file.read_text().count("\n") >= lines, "the access log")
    return file.read_text().splitlines()


@pytest.mark.parametrize(
    "directives, subject",
    [
        ({}, FORBIDDEN),
        ({"SFJwtLogSubject": "clear"}, FORBIDDEN),
        ({"SFJwtLogSubject": "hash"}, DIGEST),
        ({"SFJwtLogSubject": "off"}, None),
    ],
    ids=["default", "clear", "hash", "off"],
)
def test_a_refusal_is_one_line_with_operation_subject_and_request(httpd, salesforce, directives, subject):
    server = start(httpd, salesforce, **directives)
    server.post(envelope(FORBIDDEN))
    (line,) = [line for line in server.error_log().splitlines() if "SFJ0403" in line]
    said = re.search(r"\[operation getUserInfo\](?: \[subject (\S+)\])? \[request (\S+)\]", line)
    assert said and said[1] == subject
    (access,) = own_log(server, 1)
    assert f"subject={subject or '-'} token=none" in access and f"fault=SFJ0403 request={said[2]}" in access
    if subject != FORBIDDEN:
        assert FORBIDDEN not in server.error_log() and FORBIDDEN not in access


def test_conditions_read_the_name_whatever_is_logged(httpd, salesforce):
    server = start(httpd, salesforce, SFJwtLogSubject="hash",
                   SFJwtAllowSubject=f"expr \"%{{reqenv:SFJWT_SUBJECT}} == '{JANE}'\"")  # fmt: skip
    assert server.post(envelope(JANE)).status == 200
    (access,) = own_log(server, 1)
    assert f"subject={hashlib.sha256(JANE.encode()).hexdigest()[:16]} token=fetched renewed=- validation=valid fault=-" in access


@pytest.mark.parametrize(
    "session, headers, soap_action",
    [
        ("jane&#10;[Mon] SFJ0000: forged@corp.example", {}, '""'),
        ("jane&#13;&#10;forged@corp.example", {}, '""'),
        ("jane&#x9b;2Jforged@corp.example", {}, '""'),
        (JANE, {"Content-Type": "text/x\x1b[2J\tforged"}, '""'),
        (JANE, {"Content-Encoding": "\x1b]0;forged"}, '""'),
        (JANE, {"Referer": "x\x1b[2J\tforged"}, '"delete\x1b[2J"'),
    ],
)
def test_nothing_of_a_request_begins_a_line_or_reaches_a_terminal(httpd, salesforce, session, headers, soap_action):
    server = start(httpd, salesforce)
    lines = server.error_log().count("\n")
    server.post(envelope(session), headers={"SOAPAction": soap_action, **headers})
    own_log(server, 1)
    added = server.error_log().splitlines()[lines:]
    assert sum("sfjwt:" in line and "sfjwt:debug" not in line for line in added) <= 1  # a child may start late
    assert all(line.startswith("[") for line in added)
    raw = (server.folder / "logs/error_log").read_bytes() + (server.folder / "logs/sfjwt_log").read_bytes()
    assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f-\x9f]", raw)


def test_names_from_the_document_stand_escaped_in_one_line(httpd, salesforce):
    server = start(httpd, salesforce)
    server.post(envelope(JANE, "<m:\u0100x/>"))
    (line,) = [line for line in server.error_log().splitlines() if "SFJ03" in line]
    assert line.isascii()


@pytest.mark.parametrize(
    "directives, subject",
    [({}, rf" \[subject {JANE}\]"), ({"SFJwtLogSubject": "hash"}, r" \[subject [0-9a-f]{16}\]"), ({"SFJwtLogSubject": "off"}, "")],
    ids=["clear", "hash", "off"],
)
def test_a_token_that_is_fetched_is_one_line(httpd, salesforce, directives, subject):
    server = start(httpd, salesforce, **directives)
    for _ in range(2):
        assert server.post(envelope(JANE)).status == 200
    salesforce.revoke(user=JANE)
    assert server.post(envelope(JANE)).status == 200
    lines = [line for line in server.error_log().splitlines() if "SFJ0938" in line]
    rest = (
        rf" \d+ ms; its instance is localhost:{salesforce.https_port} \[section localhost/services/Soap/\] "
        rf"\[client {re.escape(salesforce.client_id)}\] \[operation getUserInfo\]{subject} \[request \S+\]"
    )
    assert len(lines) == 2 and all("[sfjwt:info]" in line for line in lines)
    assert re.search("SFJ0938: Fetched a token in" + rest, lines[0]), lines[0]
    assert re.search("SFJ0938: Renewed a token in" + rest, lines[1]), lines[1]


SUBJECTS = [("clear", JANE), ("hash", hashlib.sha256(JANE.encode()).hexdigest()[:16]), ("off", None)]
INVALID = "<m:query><m:noSuchField/></m:query>"


@pytest.mark.parametrize("way, subject", SUBJECTS, ids=[way for way, _ in SUBJECTS])
@pytest.mark.parametrize(
    "operation, headers, code, name",
    [
        (INVALID, {}, "SFJ0309", "query"),
        ("<m:getUserInfo/><m:logout/>", {}, "SFJ0301", "getUserInfo"),
        ("<m:noSuchThing/>", {}, "SFJ0307", "noSuchThing"),
        ("<m:getUserInfo/>", {"SOAPAction": '"delete"'}, "SFJ0310", "getUserInfo"),
    ],
)
def test_a_refusal_of_the_message_has_operation_and_subject_too(
    httpd, salesforce, way, subject, operation, headers, code, name
):
    server = start(httpd, salesforce, SFJwtLogSubject=way)
    server.post(envelope(JANE, operation), headers=headers)
    (line,) = [line for line in server.error_log().splitlines() if code in line]
    assert f" [operation {name}]" + (f" [subject {subject}]" if subject else "") + " [request " in line
    (access,) = own_log(server, 1)
    # The variable only has names of the WSDL, so that a client cannot create any number of values.
    assert f"operation={'-' if name == 'noSuchThing' else name} " in access and f"subject={subject or '-'} " in access
    if subject != JANE:
        assert JANE not in server.error_log() and JANE not in access


@pytest.mark.parametrize(
    "session",
    ["00D000000000062!AQ" + "canary.of.the.session" * 4, "00D000000000062!canary.of.the.session@corp.example",
     "eyJhbGciOiJSUzI1NiJ9.canary.of.the.session"],
)  # fmt: skip
def test_a_refusal_of_the_message_never_names_a_session_id(httpd, salesforce, session):
    server = start(httpd, salesforce)
    server.canary("canary.of.the.session")
    server.post(envelope(session, INVALID))
    (line,) = [line for line in server.error_log().splitlines() if "SFJ0309" in line]
    assert "[operation query]" in line and "[subject" not in line


# What is said at start


def notices(server):
    return [line for line in server.error_log().splitlines() if "SFJ0936" in line]


def test_each_enabled_section_says_once_at_start_what_it_serves(httpd, salesforce, tmp_path):
    file = certificate(tmp_path, salesforce.private_key)
    config = sections.gateway(salesforce, SFJwtCertificate=f'"{file}"', SFJwtKeyId="key-1")
    config += "".join(f"<VirtualHost *:{{port}}>\nServerName {name}.example\n</VirtualHost>\n" for name in "abc")
    server = httpd(config)
    (line,) = notices(server)
    assert re.search(
        r"\[sfjwt:info\] .*SFJ0936: SFJwt On at \S+/httpd\.conf:\d+: "
        rf"WSDL {re.escape(str(sections.SAMPLE_WSDL))} \(partner API 64\.0, 9 operations\); "
        rf"private key {re.escape(str(salesforce.private_key))} "
        r"\(RSA, 2048 bits, PEM, PKCS#8, kid key-1, public key SHA-256 [0-9a-f]{64}\); "
        rf"certificate {re.escape(str(file))} expires on 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC; "
        r"user from SessionHeader/sessionId; tokens may go to localhost$",
        line,
    ), line
    server.graceful()
    assert len(notices(server)) == 2


def test_a_section_in_a_virtual_host_says_it_in_the_log_of_that_host(httpd, salesforce):
    section = sections.gateway(salesforce, SFJwtSubject='"%{env:USER}"', SFJwtSubjectMap=r'"(.+)" $1')
    server = httpd(f'<VirtualHost *:{{port}}>\nErrorLog "{{folder}}/logs/host_log"\n{section}</VirtualHost>\n')
    text = (server.folder / "logs/host_log").read_text()
    assert text.count("SFJ0936") == 1 and not notices(server)
    assert re.search(r"user from SFJwtSubject at \S+/httpd\.conf:\d+ through SFJwtSubjectMap; ", text)


def test_nothing_is_said_at_start_above_level_info(httpd, salesforce):
    assert not notices(httpd(sections.gateway(salesforce), log_level="info sfjwt:notice"))


# Certificates that come to their end while httpd runs


def test_the_end_of_a_certificate_is_logged_while_httpd_runs(httpd, salesforce, tmp_path):
    """It comes within 30 days some seconds after the start."""
    file = certificate(tmp_path, salesforce.private_key, days=30 + 8 / 86400)
    server = httpd(sections.gateway(salesforce, SFJwtCertificate=f'"{file}"'))
    server.expect_log(rf":warn\] .*SFJ0937: SFJwtCertificate: {re.escape(str(file))} expires on .*, in (30|29) days")
    server.wait_until(lambda: "SFJ0937" in server.error_log(), "the reminder")
    assert server.error_log().count("SFJ0937") == 1


def test_a_certificate_that_has_expired_is_named_at_start(httpd, salesforce, tmp_path):
    file = certificate(tmp_path, salesforce.private_key, days=-1)
    server = httpd(sections.gateway(salesforce, SFJwtCertificate=f'"{file}"'))
    server.expect_log(rf"SFJ0937: SFJwtCertificate: {re.escape(str(file))} expired on ")
    assert server.post(envelope(JANE)).status == 200
