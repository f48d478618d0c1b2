# SPDX-License-Identifier: Apache-2.0
"""sfjwtctl as an administrator meets it: what it prints, where, and what it ends with.

SFJWTCTL names the program; without it, build/release/sfjwtctl is taken."""

import gzip
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("SFJWTCTL", str(ROOT / "build/release/sfjwtctl"))
MANUAL = ROOT / "packaging/sfjwtctl.1"
COMMANDS = ("validate", "well-formed", "rewrite", "wsdl", "bench", "assert", "token", "key")

sys.path.insert(0, str(ROOT / "tests"))

PARTNER = "urn:partner.soap.sforce.com"
WSDL = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions targetNamespace="{PARTNER}" xmlns="http://schemas.xmlsoap.org/wsdl/"
    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:tns="{PARTNER}">
  <types>
    <schema elementFormDefault="qualified" xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="{PARTNER}">
      <element name="SessionHeader"><complexType><sequence>
        <element name="sessionId" type="string"/>
      </sequence></complexType></element>
      <element name="login"><complexType><sequence>
        <element name="username" type="string"/>
      </sequence></complexType></element>
      <element name="loginResponse"><complexType/></element>
      <element name="query"><complexType><sequence>
        <element name="queryString" type="string"/>
      </sequence></complexType></element>
      <element name="queryResponse"><complexType/></element>
    </schema>
  </types>
  <message name="Header"><part element="tns:SessionHeader" name="SessionHeader"/></message>
  <message name="loginRequest"><part element="tns:login" name="parameters"/></message>
  <message name="loginResponse"><part element="tns:loginResponse" name="parameters"/></message>
  <message name="queryRequest"><part element="tns:query" name="parameters"/></message>
  <message name="queryResponse"><part element="tns:queryResponse" name="parameters"/></message>
  <portType name="Soap">
    <operation name="login"><input message="tns:loginRequest"/><output message="tns:loginResponse"/></operation>
    <operation name="query"><input message="tns:queryRequest"/><output message="tns:queryResponse"/></operation>
  </portType>
  <binding name="SoapBinding" type="tns:Soap">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <operation name="login">
      <soap:operation soapAction=""/>
      <input><soap:body parts="parameters" use="literal"/></input>
      <output><soap:body use="literal"/></output>
    </operation>
    <operation name="query">
      <soap:operation soapAction=""/>
      <input><soap:header use="literal" message="tns:Header" part="SessionHeader"/>
        <soap:body parts="parameters" use="literal"/></input>
      <output><soap:body use="literal"/></output>
    </operation>
  </binding>
  <service name="SforceService"><port binding="tns:SoapBinding" name="Soap">
    <soap:address location="https://login.salesforce.com/services/Soap/u/61.0"/>
  </port></service>
</definitions>
"""


def message(operation="query", session="<p:sessionId>jane@corp.example</p:sessionId>"):
    header = f"<e:Header><p:SessionHeader>{session}</p:SessionHeader></e:Header>" if session else ""
    return (
        f'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:p="{PARTNER}">\n{header}'
        f"<e:Body>\n <p:{operation}><p:queryString>SELECT &lt;\r\n</p:queryString></p:{operation}>"
        "</e:Body></e:Envelope><!-- -->"
    )


def run(*words, stdin=b""):
    done = subprocess.run([PROGRAM, *map(str, words)], input=stdin, capture_output=True, timeout=60, check=False)
    done.out, done.err = done.stdout.decode(), done.stderr.decode()
    return done


@pytest.fixture(name="wsdl")
def fixture_wsdl(tmp_path):
    file = tmp_path / "partner.wsdl"
    file.write_text(WSDL)
    return file


@pytest.fixture(name="write")
def fixture_write(tmp_path):
    def write(name, text):
        file = tmp_path / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    return write


@pytest.fixture(name="salesforce", scope="module")
def fixture_salesforce(tmp_path_factory):
    fake_salesforce = pytest.importorskip("fake_salesforce.client", reason="needs python3-aiohttp and python3-jwt")
    with fake_salesforce.FakeSalesforce(tmp_path_factory.mktemp("salesforce")) as running:
        yield running


CLOCK = r"clock of this machine: .*\n"


@pytest.fixture(name="key_files")
def fixture_key_files(salesforce, tmp_path):
    """key_files(kind) gives the name of a new file, made by openssl from the app's key or of a new one."""
    makers = {
        "encrypted": lambda file: ("pkey", "-in", salesforce.private_key, "-aes128", "-passout", "pass:word", "-out", file),
        "traditional": lambda file: ("rsa", "-in", salesforce.private_key, "-traditional", "-out", file),
        "der": lambda file: ("pkey", "-in", salesforce.private_key, "-outform", "DER", "-out", file),
        "ec": lambda file: ("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", file),
        "short": lambda file: ("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-out", file),
        "other": lambda file: ("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", file),
        "public": lambda file: ("pkey", "-in", salesforce.private_key, "-pubout", "-out", file),
        "certificate": lambda file: (
            "req", "-x509", "-key", salesforce.private_key, "-subj", "/CN=x", "-days", "90", "-out", file),
        "ending": lambda file: (
            "req", "-x509", "-key", salesforce.private_key, "-subj", "/CN=x", "-days", "3", "-out", file),
    }  # fmt: skip

    def make(kind):
        file = tmp_path / kind
        subprocess.run(["openssl", *map(str, makers[kind](file))], check=True, capture_output=True)
        file.chmod(0o600)
        return file

    return make


def identity(salesforce, subject="jane@corp.example"):
    return [
        *("--key", salesforce.private_key, "--client-id", salesforce.client_id),
        *("--audience", "production", "--subject", subject),
    ]


def ask(salesforce, *words, subject="jane@corp.example"):
    endpoint = f"https://localhost:{salesforce.https_port}/services/oauth2/token"
    return run(
        *("token", "--endpoint", endpoint, "--ca", salesforce.ca, "--allow-instance", "localhost"),
        *identity(salesforce, subject),
        *words,
    )


# --- the command line


def test_help_names_every_command_and_every_command_has_its_own():
    overview = run("--help")
    assert overview.returncode == 0
    for command in COMMANDS:
        assert f"\n  {command} " in overview.out
        own = run(command, "--help")
        assert own.returncode == 0
        assert f"\nUsage: sfjwtctl {command} " in own.out
        assert own.err == ""


@pytest.mark.parametrize("command", [[], *([command] for command in COMMANDS)])
def test_h_is_help(command):
    assert run(*command, "-h").out == run(*command, "--help").out != ""


def test_version_is_that_of_the_project():
    declared = subprocess.run([ROOT / "packaging/version.sh"], capture_output=True, text=True, check=True).stdout
    assert run("--version").out == f"sfjwtctl {declared}"


@pytest.mark.parametrize(
    "words, why",
    [
        ([], "no command given"),
        (["no-such"], "unknown command no-such"),
        (["--no-such"], "unknown command --no-such"),
        (["validate", "x.xml"], "--wsdl is required"),
        (["validate", "--wsdl", "w"], "FILE is required"),
        (["validate", "--wsdl"], "--wsdl needs a value"),
        (["validate", "--wsdl", "w", "--mode", "lax", "x"], "--mode: lax not in {strict,tolerant,report,structure}"),
        (["validate", "--wsdl", "w", "--mode", "strict", "--mode", "strict", "x"], "--mode is given more than once"),
        (["validate", "--no-such", "x"], "not expected: --no-such"),
        (["validate", "-w", "x"], "not expected: -w"),
        (["validate", "--wsdl", "w", "--no-relaxation", "lax", "x"], "--no-relaxation: must be one of optional-nillable"),
        (["validate", "--wsdl", "w", "--mode=strict", "--no-relaxation=any-order", "x"], "mode strict has no relaxations"),
        (["validate", "--wsdl", "w", "--xml-limit", "depth", "x"], "--xml-limit: must have the form name=number, with"),
        (["validate", "--wsdl", "w", "--xml-limit", "width=1", "x"], "--xml-limit: must have the form name=number, with"),
        (["validate", "--wsdl", "w", "--xml-limit", "depth=0", "x"], "--xml-limit: depth must be a number from 1 to 256"),
        (["validate", "--wsdl", "w", "--max-body", "1023", "x"], "--max-body: Value 1023 not in range"),
        (["validate", "--wsdl", "-", "-"], "only one argument can be standard input"),
        (["rewrite", "--wsdl", "w", "x"], "one of --token and --token-file is required"),
        (["rewrite", "--wsdl", "w", "--token", "t", "--token-file", "f", "x"], "--token excludes --token-file"),
        (["rewrite", "--wsdl", "w", "--token", "t", "x", "y"], "not expected: y"),
        (["rewrite", "--wsdl", "w", "--token", "t\nu", "x"], "--token: the token holds more than one line"),
        (["rewrite", "--wsdl", "w", "--token", "-", "-"], "only one argument can be standard input"),
        (["rewrite", "--wsdl", "w", "--token-file=-", "-"], "only one argument can be standard input"),
        (["wsdl"], "FILE is required"),
        (["bench", "--wsdl", "w", "--repeat", "0", "x"], "--repeat: Value 0 not in range"),
        (["bench", "--wsdl", "w", "--repeat", "9x", "x"], "--repeat: Value 9x not in range"),
        (["assert", "--key", "k"], "--client-id is required"),
        (["key"], "FILE is required"),
        (["key", "a", "b"], "not expected: b"),
        (["key", "-", "--passphrase", "-"], "only one argument can be standard input"),
        (["token", "--show=yes"], "--show takes no value"),
    ],
)
def test_a_wrong_command_line_ends_with_2_and_says_why(words, why):
    done = run(*words)
    assert done.returncode == 2
    assert why in done.err
    assert done.out == ""


@pytest.mark.parametrize(
    "option, why",
    [
        (["--subject-claim", "aud"], "--subject-claim: aud not in {sub,prn}"),
        (["--lifetime", "9"], "--lifetime: Value 9 not in range"),
        (["--lifetime", "3m"], "--lifetime: Value 3m not in range"),
        (["--claim", "novalue"], "--claim: must have the form name=value"),
        (["--claim", "prn=joe@corp.example"], "--claim: prn cannot be set"),
        (["--claim", "a=1", "--claim", "a=2"], "--claim: a is given twice"),
        (["--key-id", ""], "--key-id: must be one word of printable ASCII"),
        (["--client-secret", "word"], "--client-secret: must be file:NAME"),
        (["--client-secret="], "--client-secret: must be file:NAME"),
        (["--passphrase", "exec:echo"], "--passphrase: must be file:NAME"),
        (["--timeout", "0"], "--timeout: Value 0 not in range"),
        (["--param", "grant_type=password"], "--param: grant_type cannot be set"),
        (["--param", "a=1", "--param", "a=1"], "--param: a is given twice"),
        (["--allow-instance", "https://x"], "--allow-instance: 'https://x' is a URL"),
        (["--ca="], "--ca: must not be empty"),
        (["--endpoint", "http://localhost:1/services/oauth2/token"], "--endpoint: must be an https URL with a host"),
        (["--endpoint", "https://login.salesforce.com"],
         "--endpoint: must have a path: write https://login.salesforce.com/services/oauth2/token"),
        (["--authorization-endpoint", "http://x"], "--authorization-endpoint: must be an https URL with a host"),
    ],
)
def test_a_value_that_cannot_be_ends_with_2_before_anything_is_asked(salesforce, option, why):
    salesforce.forget()
    done = ask(salesforce, *option)
    assert done.returncode == 2
    assert why in done.err
    assert salesforce.token_requests() == []


ONE_WORD = "--client-id: must be one word of printable ASCII"
AUDIENCE = "--audience: must be production, sandbox or an https URL"


@pytest.mark.parametrize(
    "option, why",
    [
        (["--client-id", ""], ONE_WORD),
        (["--client-id=", "x"], ONE_WORD),
        (["--client-id", "a b"], ONE_WORD),
        (["--client-id", "schlüssel"], ONE_WORD),
        (["--audience", ""], AUDIENCE),
        (["--audience", "produktion"], AUDIENCE),
        (["--audience", "http://login.salesforce.com"], AUDIENCE),
        (["--audience", "https://"], AUDIENCE),
        (["--audience", "https://:443"], AUDIENCE),
        (["--audience", "https://login.salesforce.com:port"], AUDIENCE),
        (["--audience", "https://user@login.salesforce.com"], AUDIENCE),
        (["--audience", "https://login.salesforce.com#x"], AUDIENCE),
        (["--audience", "https://login.salesforce.com /"], AUDIENCE),
    ],
)
def test_client_id_and_audience_are_checked_as_the_directives_do(option, why):
    others = {"--client-id": "c", "--audience": "sandbox"}
    others.pop(option[0].split("=")[0])
    words = [word for pair in others.items() for word in pair]
    done = run("assert", "--key", "k", "--subject", "jane@corp.example", *words, *option)
    assert (done.returncode, done.out) == (2, "")
    assert why in done.err


@pytest.mark.parametrize("written, meant", [("PRODUCTION", "https://login.salesforce.com"),
                                            ("Sandbox", "https://test.salesforce.com"),
                                            ("https://corp.my.site.com/x", "https://corp.my.site.com/x")])  # fmt: skip
def test_the_audience_is_written_as_in_the_directive(salesforce, written, meant):
    jwt = pytest.importorskip("jwt")
    words = identity(salesforce)
    words[words.index("production")] = written
    done = run("assert", *words)
    assert jwt.decode(done.out.strip(), options={"verify_signature": False})["aud"] == meant


def test_an_empty_value_is_not_taken_from_the_next_word(wsdl):
    done = run("validate", f"--wsdl={wsdl}", "--mode=", "strict")
    assert done.returncode == 2
    assert "--mode:  not in" in done.err


def test_output_that_cannot_be_written_is_a_failure():
    with open("/dev/full", "wb") as full:
        done = subprocess.run([PROGRAM, "--help"], stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 1
    assert b"cannot write to standard output" in done.stderr


# --- validate


def test_validate_says_ok_with_the_operation(wsdl, write):
    file = write("query.xml", message())
    done = run("validate", "--wsdl", wsdl, file)
    assert (done.out, done.err, done.returncode) == (f"{file}: ok operation=query\n", "", 0)


def test_validate_says_where_and_why_a_message_is_refused(wsdl, write):
    file = write("querry.xml", message("querry"))
    done = run("validate", "--wsdl", wsdl, file)
    assert done.out.startswith(f"{file}: refused 3:2 /Envelope/Body/querry: ")
    assert done.out.endswith("querry\n") and done.out.count("\n") == 1
    assert done.returncode == 1


def test_validate_gives_the_document_itself_as_a_slash(wsdl, write):
    file = write("doctype.xml", "<!DOCTYPE x><x/>")
    assert run("validate", "--wsdl", wsdl, file).out.startswith(f"{file}: refused 1:1 /: ")


def test_validate_goes_on_after_a_refusal_and_ends_with_1(wsdl, write):
    good, bad = write("good.xml", message()), write("bad.xml", "<")
    done = run("validate", "--wsdl", wsdl, bad, good, bad)
    verdicts = [line.split(": ")[1].split(" ")[0] for line in done.out.splitlines()]
    assert (verdicts, done.returncode) == (["refused", "ok", "refused"], 1)


def test_validate_goes_on_after_a_file_that_cannot_be_read(wsdl, write, tmp_path):
    good, missing = write("good.xml", message()), tmp_path / "missing.xml"
    done = run("validate", "--wsdl", wsdl, missing, tmp_path, good)
    assert done.out == f"{good}: ok operation=query\n"
    assert f"{missing}: No such file or directory" in done.err
    assert f"{tmp_path}: Is a directory" in done.err
    assert done.returncode == 1


def test_validate_reads_standard_input(wsdl):
    done = run("validate", "--wsdl", wsdl, "-", stdin=message().encode())
    assert (done.out, done.returncode) == ("-: ok operation=query\n", 0)


def test_validate_stops_reading_what_has_no_end(wsdl):
    done = run("validate", "--wsdl", wsdl, "/dev/zero")
    assert "/dev/zero: larger than 52428800 bytes" in done.err
    assert done.returncode == 1


def test_a_larger_limit_or_a_smaller_one_can_be_set(wsdl, write):
    file = write("query.xml", message() + " " * 4096)
    done = run("validate", "--wsdl", wsdl, "--max-body", "4096", file)
    assert (done.out, done.returncode) == ("", 1)
    assert f"{file}: larger than 4096 bytes" in done.err
    assert run("validate", "--wsdl", wsdl, "--max-body", "8192", file).returncode == 0


def test_a_limit_holds_for_what_is_decompressed(wsdl, write):
    file = write("query.xml.gz", gzip.compress((message() + " " * 1_000_000).encode()))
    done = run("validate", "--wsdl", wsdl, "--max-body", "500000", file)
    assert (done.out, done.returncode) == ("", 1)
    assert "larger than 500000 bytes when decompressed" in done.err


@pytest.mark.parametrize("command", [["validate"], ["validate", "--mode", "strict"], ["rewrite", "--token", "T"]])
def test_a_request_compressed_with_gzip_is_read(wsdl, write, command):
    plain, packed = write("query.xml", message()), write("query.xml.gz", gzip.compress(message().encode()))
    answers = [run(*command, "--wsdl", wsdl, file) for file in (plain, packed)]
    assert answers[0].returncode == 0
    assert answers[1].out == answers[0].out.replace("query.xml:", "query.xml.gz:")


def test_a_gzip_file_that_is_cut_off_is_a_failure(wsdl, write):
    file = write("query.xml.gz", gzip.compress(message().encode())[:-9])
    done = run("validate", "--wsdl", wsdl, file)
    assert (done.out, done.returncode) == ("", 1)
    assert f"{file}: not a complete gzip file" in done.err


def test_a_relaxation_can_be_switched_off(wsdl, write):
    file = write("query.xml", message(session="<p:sessionId>x</p:sessionId>").replace("p:queryString", "queryString"))
    assert run("validate", "--wsdl", wsdl, file).returncode == 0
    done = run("validate", "--wsdl", wsdl, "--no-relaxation", "unqualified", file)
    assert done.returncode == 1
    assert "not declared here: queryString" in done.out


@pytest.mark.parametrize("command", [["validate", "--wsdl"], ["rewrite", "--token", "T", "--wsdl"]])
def test_the_limits_of_xml_can_be_set(wsdl, write, command):
    file = write("query.xml", message())
    assert run(*command, wsdl, "--xml-limit", "depth=4", file).returncode == 0
    assert run(*command, wsdl, "--xml-limit", "attributes=9", "--xml-limit", "depth=3", file).returncode == 1


def test_well_formed_has_the_limits_too(write):
    file = write("deep.xml", "<a><b/></a>")
    assert run("well-formed", file).returncode == 0
    assert "refused" in run("well-formed", "--xml-limit", "depth=1", file).out


HOSTILE = "x\n\x1b[31m\u202e\x9b.xml"
HARMLESS = "x\\x0a\\x1b[31m\\xe2\\x80\\xae\\xc2\\x9b.xml"


def test_file_names_are_escaped_in_output(wsdl, write):
    good, bad = write(HOSTILE, message()), write("y\r.xml", "<")
    done = run("validate", "--wsdl", wsdl, good, bad, good.parent / "z\x1b.xml")
    assert done.out.splitlines() == [
        f"{good.parent}/{HARMLESS}: ok operation=query",
        f"{good.parent}/y\\x0d.xml: refused 1:2 /: " + done.out.splitlines()[1].split("/: ")[1],
    ]
    assert done.err == f"sfjwtctl: {good.parent}/z\\x1b.xml: No such file or directory\n"
    assert HARMLESS in run("wsdl", write(HOSTILE, WSDL)).out


def test_file_names_in_utf_8_stay_as_they_are(wsdl, write):
    file = write("größe.xml", message())
    assert run("validate", "--wsdl", wsdl, file).out == f"{file}: ok operation=query\n"


@pytest.mark.parametrize("name", ["wsdl", "key", "[a,b]", "{}", "[]", "%%"])
def test_a_file_may_have_any_name(wsdl, write, tmp_path, name):
    write(name, message())
    done = subprocess.run([PROGRAM, "validate", "--wsdl", wsdl, name], cwd=tmp_path, capture_output=True, check=False)
    assert (done.stdout.decode(), done.returncode) == (f"{name}: ok operation=query\n", 0)


@pytest.mark.parametrize("session, why", [
    ("", "no SessionHeader"),
    ("<p:sessionId/>", "sessionId is empty"),
    ("<p:sessionId> \n</p:sessionId>", "sessionId is empty"),
])  # fmt: skip
def test_validate_notes_a_request_that_names_no_user(wsdl, write, session, why):
    file = write("query.xml", message(session=session))
    done = run("validate", "--wsdl", wsdl, file)
    assert (done.out, done.returncode) == (f"{file}: ok operation=query\n", 0)
    assert f"sfjwtctl: note: {file}: {why}; the gateway refuses the request unless SFJwtSubject names the user\n" == done.err


def test_validate_notes_an_operation_without_session(wsdl, write):
    file = write("login.xml", message("login", session=""))
    done = run("validate", "--mode", "structure", "--wsdl", wsdl, file)
    assert (done.out, done.returncode) == (f"{file}: ok operation=login\n", 0)
    assert done.err == f"sfjwtctl: note: {file}: operation login does not take a session; the gateway refuses the request\n"


@pytest.mark.parametrize("mode", ["strict", "tolerant", "report", "structure", "Strict"])
def test_validate_takes_every_mode(wsdl, write, mode):
    file = write("query.xml", message())
    assert run("validate", f"--wsdl={wsdl}", f"--mode={mode}", file).returncode == 0


def test_a_file_name_may_begin_with_a_hyphen_behind_two_of_them(wsdl, write, tmp_path):
    write("-x.xml", message())
    done = subprocess.run(
        [PROGRAM, "validate", "--wsdl", wsdl, "--", "-x.xml"], cwd=tmp_path, capture_output=True, check=False
    )
    assert (done.stdout, done.returncode) == (b"-x.xml: ok operation=query\n", 0)


def test_a_wsdl_that_cannot_be_used_is_a_failure_that_names_it(write):
    broken = write("broken.wsdl", "<definitions")
    done = run("validate", "--wsdl", broken, "x.xml")
    assert done.returncode == 1
    assert str(broken) in done.err
    assert done.out == ""


def test_two_wsdls_with_one_operation_are_a_failure(wsdl, write):
    second = write("second.wsdl", WSDL)
    done = run("validate", "--wsdl", wsdl, "--wsdl", second, "x.xml")
    assert done.returncode == 1
    assert str(wsdl) in done.err and str(second) in done.err


# --- rewrite


def test_rewrite_changes_nothing_but_what_session_id_holds(wsdl, write):
    file = write("query.xml", message())
    done = run("rewrite", "--wsdl", wsdl, "--token", "00D!<&>", file)
    assert done.stdout == message().replace("jane@corp.example", "00D!&lt;&amp;&gt;").encode()
    assert (done.err, done.returncode) == ("", 0)


def test_rewrite_opens_a_self_closed_session_id(wsdl, write):
    file = write("query.xml", message(session="<p:sessionId />"))
    done = run("rewrite", "--wsdl", wsdl, "--token", "T", file)
    assert b"<p:sessionId >T</p:sessionId>" in done.stdout


def test_rewrite_inserts_a_session_header(wsdl, write):
    file = write("query.xml", message(session=""))
    done = run("rewrite", "--wsdl", wsdl, "--token", "T", file)
    checked = run("validate", "--wsdl", wsdl, "-", stdin=done.stdout)
    assert b"sessionId>T</" in done.stdout
    assert checked.returncode == 0, checked.out


def test_rewrite_takes_the_token_from_standard_input_or_a_file(wsdl, write):
    file, token = write("query.xml", message()), write("token", "T1\n")
    from_file = run("rewrite", "--wsdl", wsdl, "--token-file", token, file)
    for words in (["--token", "-"], ["--token-file", "-"]):
        from_stdin = run("rewrite", "--wsdl", wsdl, *words, file, stdin=b"T1\r\n")
        assert from_file.stdout == from_stdin.stdout == message().replace("jane@corp.example", "T1").encode()


@pytest.mark.parametrize("token", [b"", b"\n", b"a\nb\n", b"a\0", b"\xff", b"\xed\xa0\x80", b"T" * 65_537])
def test_rewrite_refuses_a_token_file_that_is_not_one_line(wsdl, write, token):
    done = run("rewrite", "--wsdl", wsdl, "--token-file", write("token", token), write("query.xml", message()))
    assert done.returncode == 1
    assert done.stdout == b""


def occurrences_in_memory(process, text):
    """How often a process has a text in its writable memory."""
    count = 0
    with open(f"/proc/{process}/maps", encoding="utf-8") as maps, open(f"/proc/{process}/mem", "rb", buffering=0) as memory:
        for line in maps:
            begin, end = (int(number, 16) for number in line.split()[0].split("-"))
            if "rw" in line.split()[1] and "[v" not in line:
                memory.seek(begin)
                count += memory.read(end - begin).count(text)
    return count


@pytest.mark.parametrize("length", [0, 400, 3_000, 40_000])
def test_a_secret_from_standard_input_leaves_no_copies_in_memory(wsdl, tmp_path, length):
    request = tmp_path / "request.xml"
    os.mkfifo(request)
    canary = b"canary-" + os.urandom(16).hex().encode()
    words = [PROGRAM, "rewrite", "--wsdl", wsdl, "--token", "-", request]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        process.stdin.write(b"T" * length + canary + b"\n")
        process.stdin.close()
        with open(request, "wb") as writer:  # when the program has opened it, it has read the token
            copies = occurrences_in_memory(process.pid, canary)
            writer.write(message().encode())
        assert canary in process.stdout.read()
    assert copies == 1


def test_rewrite_writes_nothing_for_a_refused_message(wsdl, write):
    file = write("querry.xml", message("querry"))
    done = run("rewrite", "--wsdl", wsdl, "--token", "canary", file)
    assert done.returncode == 1
    assert done.stdout == b""
    assert f"{file}: Line 3, column 2, /Envelope/Body/querry: " in done.err
    assert "canary" not in done.err


def test_rewrite_refuses_an_operation_without_session(wsdl, write):
    done = run("rewrite", "--wsdl", wsdl, "--token", "T", write("login.xml", message("login", session="")))
    assert (done.returncode, done.stdout) == (1, b"")
    assert "operation login does not take a session" in done.err


# --- wsdl


def test_wsdl_prints_operations_header_blocks_and_namespaces(wsdl):
    done = run("wsdl", wsdl)
    assert done.returncode == 0
    for line in (
        str(wsdl),
        f"target namespace: {PARTNER}",
        "bindings: SOAP 1.1",
        f"session id: {{{PARTNER}}}SessionHeader/{{{PARTNER}}}sessionId",
        f"  {PARTNER}",
        "operations: 2",
        "  query",
        f"    input         {{{PARTNER}}}query",
        f"    output        {{{PARTNER}}}queryResponse",
        f"    header block  {{{PARTNER}}}SessionHeader",
    ):
        assert line in done.out.splitlines()


def test_wsdl_compiles_what_the_gateway_compiles(write):
    file = write("choice.wsdl", WSDL.replace('<element name="queryString" type="string"/>', "<choice/>"))
    done = run("wsdl", file)
    assert (done.out, done.returncode) == ("", 1)
    assert re.fullmatch(rf"sfjwtctl: {re.escape(str(file))}:\d+: xsd:choice is not supported\n", done.err)


def test_wsdl_does_not_compile_what_mode_structure_does_not(write):
    file = write("choice.wsdl", WSDL.replace('<element name="queryString" type="string"/>', "<choice/>"))
    assert run("wsdl", "--mode", "structure", file).returncode == 0


TWICE = '<complexType name="EinsteinGptSettings"><sequence><element name="on" type="boolean"/></sequence></complexType>'
AMBIGUOUS = '<element name="queryString" type="string" minOccurs="0"/>'


@pytest.mark.parametrize(
    "old, new, warning",
    [
        ("</schema>", TWICE + TWICE + "</schema>", "EinsteinGptSettings is defined twice, alike both times"),
        ('<element name="queryString" type="string"/>', AMBIGUOUS * 2, "ambiguous (Unique Particle Attribution)"),
    ],
)
def test_a_wsdl_that_salesforce_gets_wrong_is_read_with_a_warning(write, old, new, warning):
    file = write("salesforce.wsdl", WSDL.replace(old, new))
    done = run("wsdl", file)
    assert done.returncode == 0 and "operations: 2" in done.out
    assert re.match(rf"sfjwtctl: warning: {re.escape(str(file))}:\d+: ", done.err) and warning in done.err
    assert run("validate", "--mode", "strict", "--wsdl", file, "-", stdin=message().encode()).returncode == 0


def test_wsdl_goes_on_after_a_file_that_cannot_be_used(wsdl, tmp_path):
    done = run("wsdl", tmp_path / "missing.wsdl", wsdl)
    assert done.returncode == 1
    assert "missing.wsdl" in done.err
    assert "operations: 2" in done.out


# --- standard input


def test_a_wsdl_is_read_from_standard_input(write):
    done = run("wsdl", "-", stdin=WSDL.encode())
    assert (done.returncode, done.err) == (0, "")
    assert done.out.startswith("-\n") and "operations: 2" in done.out
    file = write("query.xml", message())
    for command in (["validate"], ["rewrite", "--token", "T"], ["bench", "--repeat", "1"]):
        assert run(*command, "--wsdl", "-", file, stdin=WSDL.encode()).returncode == 0


def test_a_wsdl_from_standard_input_is_called_that_in_messages():
    done = run("wsdl", "-", stdin=b"<definitions")
    assert done.returncode == 1
    assert done.err.startswith("sfjwtctl: standard input:1: ")


def test_nothing_is_left_of_a_wsdl_from_standard_input(tmp_path):
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    for document in (WSDL.encode(), b"<"):
        subprocess.run([PROGRAM, "wsdl", "-"], input=document, env=environment, capture_output=True, check=False)
    assert list(tmp_path.iterdir()) == []


def test_a_wsdl_from_standard_input_imports_nothing(write, tmp_path):
    write("other.xsd", '<schema xmlns="http://www.w3.org/2001/XMLSchema"/>')
    importing = WSDL.replace("<element name=\"SessionHeader\">", '<import schemaLocation="other.xsd"/><element name="SessionHeader">')
    done = subprocess.run([PROGRAM, "wsdl", "-"], input=importing.encode(), cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 1
    assert b'"other.xsd": No such file or directory' in done.stderr


def test_a_key_is_read_from_standard_input(salesforce, key_files):
    key = Path(salesforce.private_key).read_bytes()
    from_file = run("key", salesforce.private_key)
    from_stdin = run("key", "-", "--certificate", key_files("certificate"), stdin=key)
    assert (from_stdin.returncode, from_stdin.err) == (0, "")
    assert from_stdin.out.startswith(from_file.out)
    words = identity(salesforce)
    words[1] = "-"
    assert run("assert", *words, stdin=key).returncode == 0


def test_a_certificate_is_read_from_standard_input(salesforce, key_files):
    certificate = key_files("certificate").read_bytes()
    done = run("key", salesforce.private_key, "--certificate", "-", stdin=certificate)
    assert (done.returncode, facts(done)["certificate matches key"]) == (0, "yes")


def test_the_authorities_are_read_from_standard_input(salesforce):
    salesforce.reset()
    words = ["--endpoint", f"https://localhost:{salesforce.https_port}/services/oauth2/token", "--allow-instance", "localhost"]
    done = run("token", *words, "--ca", "-", *identity(salesforce), stdin=Path(salesforce.ca).read_bytes())
    assert done.returncode == 0, done.err


def test_what_is_wrong_with_standard_input_is_said_of_standard_input(salesforce):
    for words in (["key", "-"], ["key", salesforce.private_key, "--certificate", "-"]):
        done = run(*words, stdin=b"canary")
        assert done.returncode == 1
        assert done.err.startswith("sfjwtctl: standard input ")
        assert "/proc" not in done.err and "canary" not in done.err


# --- bench


def test_bench_prints_time_and_speed_of_each_message_accepted_or_not(wsdl, write):
    good, bad = write("good.xml", message()), write("bad.xml", message("no-such"))
    done = run("bench", "--wsdl", wsdl, "--repeat", "3", good, bad)
    assert (done.returncode, done.err) == (0, "")
    compiled, _, *rows = done.out.splitlines()
    assert re.fullmatch(r"compiled in \d+\.\d ms, \d+\.\d MB", compiled)
    for row, file, verdict in zip(rows, (good, bad), ("ok", "refused"), strict=True):
        best, fast, median, slow, size, said, name = row.split()
        assert (int(size), said, name) == (file.stat().st_size, verdict, str(file))
        assert 0 < int(best) <= int(median)
        assert int(fast) >= int(slow) > 0


def test_bench_ends_at_a_file_that_cannot_be_read(wsdl, tmp_path):
    done = run("bench", "--wsdl", wsdl, tmp_path / "missing.xml")
    assert done.returncode == 1
    assert "missing.xml: No such file or directory" in done.err


@pytest.mark.parametrize("name", ["sample-partner.wsdl", "sample-enterprise.wsdl"])
def test_the_messages_of_the_benchmark_are_valid_to_the_letter(name, tmp_path):
    subprocess.run([sys.executable, ROOT / "tests/bench/messages.py", ROOT / "wsdl" / name, tmp_path], check=True)
    files = sorted(tmp_path.glob("*.xml"))
    done = run("validate", "--mode", "strict", "--wsdl", ROOT / "wsdl" / name, *files)
    assert done.out.splitlines() == [
        f"{file}: ok operation={'query' if 'query' in file.name else 'create'}" for file in files
    ]


# --- the sample WSDLs


@pytest.mark.parametrize("name", ["sample-partner.wsdl", "sample-enterprise.wsdl"])
def test_the_sample_wsdls_can_be_used(name):
    done = run("wsdl", ROOT / "wsdl" / name)
    assert (done.returncode, done.err) == (0, "")
    assert "  query\n" in done.out
    assert "SessionHeader/" in done.out


def test_the_request_of_the_demo_is_accepted():
    done = run("validate", "--wsdl", ROOT / "wsdl/sample-partner.wsdl", ROOT / "conf/demo/query.xml")
    assert (done.returncode, done.out) == (0, f"{ROOT}/conf/demo/query.xml: ok operation=query\n")


# --- assert and token


def test_assert_prints_an_assertion_another_library_verifies(salesforce):
    jwt = pytest.importorskip("jwt")
    done = run("assert", *identity(salesforce, " Jane@Corp.Example "), "--claim", "note=x", "--lifetime", "120")
    assert (done.returncode, done.err) == (0, "")
    key = Path(salesforce.public_key).read_text()
    claims = jwt.decode(done.out.strip(), key, ["RS256"], audience="https://login.salesforce.com")
    assert claims["iss"] == salesforce.client_id
    assert claims["sub"] == "jane@corp.example"
    assert claims["note"] == "x"


def test_assert_names_the_user_in_the_claim_that_is_asked_for(salesforce):
    jwt = pytest.importorskip("jwt")
    done = run("assert", *identity(salesforce), "--subject-claim", "prn")
    claims = jwt.decode(done.out.strip(), options={"verify_signature": False})
    assert claims["prn"] == "jane@corp.example"
    assert "sub" not in claims


def test_assert_refuses_a_subject_that_is_no_e_mail_and_does_not_repeat_it(salesforce):
    done = run("assert", *identity(salesforce, "00D000000000001!canary"))
    assert (done.returncode, done.out) == (1, "")
    assert "not a session id" in done.err
    assert "canary" not in done.err


def test_assert_says_what_is_wrong_with_a_key(write):
    key = write("empty.pem", "")
    done = run("assert", "--key", key, "--client-id", "c", "--audience", "sandbox", "--subject", "jane@corp.example")
    assert (done.returncode, done.out) == (1, "")
    assert str(key) in done.err


def test_token_prints_what_came_with_the_token_masked(salesforce):
    salesforce.reset()
    done = ask(salesforce)
    (token,) = salesforce.tokens("jane@corp.example")
    assert (done.returncode, done.err) == (0, "")
    masked = re.fullmatch(CLOCK + r"access_token: (\S+) \((\d+) bytes\)\ninstance_url: (\S+)\n", done.out)
    assert masked.group(1) == token.split("!")[0] + "!********"
    assert int(masked.group(2)) == len(token)
    assert masked.group(3) == salesforce.url


def test_token_derives_the_endpoint_from_the_audience(salesforce):
    salesforce.reset()
    audience = f"https://localhost:{salesforce.https_port}"
    salesforce.settings(audiences=[audience])
    words = identity(salesforce)
    for written in (audience, audience + "//"):
        words[words.index("--audience") + 1] = written
        salesforce.settings(audiences=[written])
        done = run("token", "--ca", salesforce.ca, "--allow-instance", "localhost", *words)
        assert done.returncode == 0, done.err
    assert len(salesforce.token_requests()) == 2


def test_token_shows_the_token_when_asked_to(salesforce):
    salesforce.reset()
    done = ask(salesforce, "--show")
    (token,) = salesforce.tokens("jane@corp.example")
    assert re.sub(CLOCK, "", done.out) == f"access_token: {token}\ninstance_url: {salesforce.url}\n"


def test_token_sends_the_further_parameters(salesforce):
    salesforce.reset()
    assert ask(salesforce, "--param", "so=00D000000000062").returncode == 0
    assert b"&so=00D000000000062" in salesforce.token_requests()[0].body


def test_token_says_why_none_was_granted(salesforce):
    salesforce.reset()
    salesforce.users({"jane@corp.example": "unapproved"})
    done = ask(salesforce, "--authorization-endpoint", "https://acme.my.site.com/authorize")
    assert done.returncode == 1 and re.fullmatch(CLOCK, done.out)
    assert done.err.startswith("sfjwtctl: no token (invalid_grant): ")
    assert "approved" in done.err and "https://acme.my.site.com/authorize?response_type=code&client_id=" in done.err


@pytest.mark.parametrize("ahead, words", [(-90, "s ahead of the server's"), (90, "s behind the server's")])
def test_token_measures_the_clock_against_the_endpoints(salesforce, ahead, words):
    salesforce.reset()
    salesforce.settings(clock_ahead=ahead)
    done = ask(salesforce)
    assert done.returncode == 0
    off = re.match(r"clock of this machine: (\d+) " + words, done.out)
    assert 88 <= int(off.group(1)) <= 92


def test_token_tells_a_clock_that_is_off_as_the_reason(salesforce):
    salesforce.reset()
    salesforce.settings(clock_ahead=-3600)
    done = ask(salesforce)
    assert done.returncode == 1
    assert re.search(r"considers the assertion expired. This machine's clock is 3[56]\d\d s ahead of", done.err)


def test_token_names_the_audience_that_is_configured(salesforce):
    salesforce.reset()
    salesforce.settings(audiences=["https://test.salesforce.com"])
    done = ask(salesforce)
    assert done.returncode == 1
    assert "SFJwtAudience is https://login.salesforce.com, and the token endpoint is at localhost" in done.err


def test_token_sends_a_client_secret_and_does_not_show_it(salesforce, write):
    salesforce.reset()
    salesforce.settings(client_secret="canary")
    secret = write("secret", "canary\n")
    secret.chmod(0o600)
    assert ask(salesforce, "--client-secret", f"file:{secret}").returncode == 0
    done = ask(salesforce, "--client-secret", "exec:/bin/echo canary-wrong")
    assert done.returncode == 1
    assert "canary" not in done.out + done.err.replace("SFJwtClientSecret", "")


def test_token_reads_a_client_secret_in_utf_8_from_standard_input(salesforce):
    salesforce.reset()
    salesforce.settings(client_secret="pässwörd €")
    done = run_ask(salesforce, "pässwörd €\n".encode())
    assert done.returncode == 0, done.err
    assert run_ask(salesforce, "pässwörd €\n".encode("latin-1", "replace")).returncode == 1


def run_ask(salesforce, secret):
    endpoint = f"https://localhost:{salesforce.https_port}/services/oauth2/token"
    options = ("--endpoint", endpoint, "--ca", salesforce.ca, "--allow-instance", "localhost", "--client-secret", "-")
    return run("token", *options, *identity(salesforce), stdin=secret)


def test_token_takes_an_encrypted_key_and_its_id(salesforce, key_files):
    salesforce.reset()
    words = identity(salesforce)
    words[1] = key_files("encrypted")
    endpoint = f"https://localhost:{salesforce.https_port}/services/oauth2/token"
    done = run("token", "--endpoint", endpoint, "--ca", salesforce.ca, "--allow-instance", "localhost", *words,
               "--passphrase", "-", "--key-id", "k1", stdin=b"word\n")  # fmt: skip
    assert done.returncode == 0, done.err
    assert salesforce.token_requests()[0].header_of_jwt["kid"] == "k1"


def test_token_for_an_instance_nobody_allowed_is_not_taken(salesforce):
    salesforce.reset()
    salesforce.settings(instance_url="https://attacker.example")
    done = ask(salesforce)
    assert done.returncode == 1 and "access_token" not in done.out
    assert "instance_url" in done.err


def test_token_trusts_no_other_authority(salesforce):
    salesforce.reset()
    endpoint = f"https://localhost:{salesforce.https_port}/services/oauth2/token"
    done = run("token", "--endpoint", endpoint, *identity(salesforce))
    assert (done.returncode, done.out) == (1, "")
    assert salesforce.token_requests() == []


# --- key


def facts(done):
    return dict(line.split(": ", 1) for line in done.out.splitlines())


def test_key_tells_what_a_key_is_and_nothing_of_it(salesforce):
    done = run("key", salesforce.private_key)
    assert (done.returncode, done.err) == (0, "")
    public = subprocess.run(
        ["openssl", "pkey", "-in", salesforce.private_key, "-pubout", "-outform", "DER"], check=True, capture_output=True
    ).stdout
    assert facts(done) == {
        "type": "RSA", "bits": "2048", "format": "PEM, PKCS#8", "encrypted": "no", "usable for RS256": "yes",
        "public key SHA-256": hashlib.sha256(public).hexdigest(),
    }  # fmt: skip
    secret = Path(salesforce.private_key).read_text().splitlines()[1:-1]
    assert not any(line in done.out for line in secret)


@pytest.mark.parametrize(
    "kind, expected",
    [
        ("traditional", {"format": "PEM, PKCS#1", "encrypted": "no", "usable for RS256": "yes"}),
        ("der", {"format": "DER", "encrypted": "no", "usable for RS256": "yes"}),
        ("encrypted", {"format": "PEM, PKCS#8", "encrypted": "yes", "usable for RS256": "yes"}),
    ],
)
def test_key_tells_the_form_of_a_key(key_files, kind, expected):
    done = run("key", key_files(kind), "--passphrase", "exec:/bin/echo word")
    assert done.returncode == 0
    assert expected.items() <= facts(done).items()


@pytest.mark.parametrize("kind, why", [("ec", "type EC; RS256 needs an RSA key"), ("short", "RSA key of 1024 bits")])
def test_key_tells_why_a_key_does_not_fit(key_files, kind, why):
    file = key_files(kind)
    done = run("key", file)
    assert done.returncode == 1
    assert facts(done)["usable for RS256"].startswith(f"no: {file} is a") and why in done.out


@pytest.mark.parametrize(
    "kind, why",
    [("public", "holds a public key only"), ("certificate", "holds a certificate, not a private key"),
     ("encrypted", "is encrypted and no passphrase")],
)  # fmt: skip
def test_key_says_what_is_no_private_key(key_files, kind, why):
    done = run("key", key_files(kind))
    assert (done.returncode, done.out) == (1, "")
    assert why in done.err


def test_key_does_not_show_a_passphrase_that_is_wrong(key_files):
    done = run("key", key_files("encrypted"), "--passphrase", "-", stdin=b"canary\n")
    assert (done.returncode, done.out) == (1, "")
    assert "passphrase is wrong" in done.err and "canary" not in done.err


def test_key_compares_a_certificate(salesforce, key_files):
    certificate = key_files("certificate")
    done = run("key", salesforce.private_key, "--certificate", certificate)
    assert (done.returncode, done.err) == (0, "")
    assert facts(done)["certificate matches key"] == "yes"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", facts(done)["valid until"])
    done = run("key", key_files("other"), "--certificate", certificate)
    assert (done.returncode, facts(done)["certificate matches key"]) == (1, "no")


def test_key_warns_of_a_certificate_that_ends_soon(salesforce, key_files):
    done = run("key", salesforce.private_key, "--certificate", key_files("ending"))
    assert done.returncode == 0
    assert re.search(r"warning: \S+ expires on .* in [23] days\n", done.err)


def test_key_warns_of_a_key_everybody_may_read(key_files):
    file = key_files("der")
    file.chmod(0o644)
    done = run("key", file)
    assert done.returncode == 0 and "every user of this machine can read" in done.err


# --- the manual page


def test_the_manual_page_has_no_warnings():
    done = subprocess.run(["groff", "-ww", "-man", "-Tutf8", "-z", MANUAL], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_the_manual_page_and_the_help_name_the_same_options():
    manual = set(re.findall(r"--[a-z-]+[a-z]", MANUAL.read_text().replace("\\-", "-")))
    told = {option for command in COMMANDS for option in re.findall(r"--[a-z-]+[a-z]", run(command, "--help").out)}
    own = {"--option", "--help", "--version", "--test"}  # of the overview and of an example
    assert manual - own == told - own


def test_the_manual_page_has_every_command():
    text = MANUAL.read_text()
    for command in COMMANDS:
        assert f".SS {command}\n" in text
