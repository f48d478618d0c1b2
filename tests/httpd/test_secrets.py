# SPDX-License-Identifier: Apache-2.0
"""Secrets stand nowhere but where they have to: not in logs at any level, pages, faults, headers, files, the environment or
command lines, and in memory no longer than they are needed."""

import re
import secrets
import subprocess
from pathlib import Path

import pytest

import sections
from fake_salesforce.calls import JANE, envelope
from left_behind import secrets_of

LARGE = envelope(JANE, f"<m:query><m:queryString>{'x' * 900_000}</m:queryString></m:query>")
PAGES = """
ExtendedStatus On
<Location "/status">
  SetHandler server-status
  Require all granted
</Location>
<Location "/info">
  SetHandler server-info
  Require all granted
</Location>
"""


def test_at_no_log_level_and_on_no_page(httpd, salesforce):
    """The files are searched when the server has stopped, as after every test."""
    server = httpd(sections.gateway(salesforce) + PAGES, modules=["status", "info", "unique_id"], log_level="trace8")
    server.allow_log("SFJ|ssl|proxy|core")
    answers = [server.post(envelope(JANE)), server.post(envelope(JANE)), server.post(LARGE)]
    salesforce.expire()
    answers += [server.post(envelope(JANE)), server.post(envelope("jane@other.example"))]
    salesforce.misbehave_token(status=400, body='{"error":"invalid_grant","error_description":"user is locked"}')
    answers.append(server.post(envelope("joe@corp.example")))
    salesforce.misbehave_soap(status=500, body="busy")
    answers.append(server.post(envelope(JANE)))
    pages = [server.request("GET", path) for path in ("/status", "/status?auto", "/info", "/info?config")]
    assert [page.status for page in pages] == [200] * 4
    assert b"SFJwtPrivateKey" in pages[-1].body  # the page shows directives, so it was worth looking
    for secret in secrets_of(salesforce):
        for answer in [*answers, *pages]:
            assert secret not in answer.body
            assert all(secret.decode() not in value for _, value in answer.headers)
    assert ":trace6]" in server.error_log()


def test_in_no_command_line_and_no_environment(httpd, salesforce):
    server = httpd(sections.gateway(salesforce))
    assert server.post(envelope(JANE)).status == 200
    for pid in (server.pid, *server.children()):
        seen = Path(f"/proc/{pid}/cmdline").read_bytes() + Path(f"/proc/{pid}/environ").read_bytes()
        assert seen and not any(secret in seen for secret in secrets_of(salesforce))


def test_a_large_body_goes_through_no_temporary_file(httpd, salesforce):
    """mod_proxy would write one to a folder that is not there."""
    server = httpd(sections.gateway(salesforce), environment={"TMPDIR": "/nowhere"})
    assert server.post(LARGE).status == 200


# Memory


def copies(pid, secret):
    """Where a secret stands in the private memory of a process, with the 200 bytes before it. Searched by its last bytes:
    the first of a freed block are overwritten by the allocator."""
    tail = secret[-48:]
    found = []
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            begin, end = (int(word, 16) for word in line.split()[0].split("-"))
            if line.split()[1][0] != "r" or line.split()[1][3] != "p" or "[v" in line:
                continue
            memory.seek(begin)
            data = memory.read(end - begin)
            found += [data[max(0, at.start() - 200 - len(secret)) : at.start()] for at in re.finditer(re.escape(tail), data)]
    return found


def own_copies(pid, token):
    """Those that are not part of a message: what mod_proxy, mod_ssl and OpenSSL have sent stays in their buffers until
    the next message."""
    return [before for before in copies(pid, token) if b"sessionId>" not in before[-len(token) :]]


@pytest.fixture
def server(httpd, salesforce, mpm):
    if mpm == "prefork":
        pytest.skip("with prefork each request may have a child, and a cache, of its own")
    started = httpd(sections.gateway(salesforce, SFJwtRenew="On"))
    (started.child,) = started.children()
    try:
        open(f"/proc/{started.child}/mem", "rb").close()
    except PermissionError:
        pytest.skip("the memory of the child may not be read; root may")
    return started


def tokens_of(salesforce):
    return [token.encode() for token in salesforce.secrets()["tokens"]]


def test_after_a_request_nothing_but_the_cache_holds_its_token(server, salesforce):
    for number in range(6):
        for _ in range(2):
            assert server.post(envelope(f"user{number}@corp.example")).status == 200
    tokens = tokens_of(salesforce)
    assert len(tokens) == 6
    assert [len(own_copies(server.child, token)) <= 1 for token in tokens] == [True] * 6


def test_a_token_that_was_replaced_is_overwritten(server, salesforce):
    assert server.post(envelope(JANE)).status == 200
    (old,) = tokens_of(salesforce)
    salesforce.revoke(user=JANE)
    assert server.post(envelope(JANE)).status == 200
    assert len(tokens_of(salesforce)) == 2
    assert own_copies(server.child, old) == []


def test_an_assertion_is_overwritten_when_the_token_has_come(server, salesforce):
    """But for the form that curl has sent."""
    assert server.post(envelope(JANE)).status == 200
    (assertion,) = (text.encode() for text in salesforce.secrets()["assertions"])
    assert all(b"assertion=" in before[-len(assertion) :] for before in copies(server.child, assertion))


def test_the_file_of_the_private_key_stays_in_no_process(server, salesforce):
    lines = Path(salesforce.private_key).read_text().splitlines()[1:-1]
    for pid in (server.pid, server.child):
        assert not any(copies(pid, line.encode()) for line in lines[:-1])


def test_a_password_is_overwritten_when_the_login_is_answered(httpd, salesforce, mpm):
    """But for the request in the buffers of httpd."""
    if mpm == "prefork":
        pytest.skip("with prefork each request may have a child of its own")
    password = "correct-horse-battery-staple-" + secrets.token_hex(32)
    lines = ('AuthUserFile "{folder}/run/users"',)
    config = sections.gateway(salesforce, *lines, SFJwtLogin="file", SFJwtAllowSubject="login")
    server = httpd(config, modules=("authn_core", "authn_file"), start=False)
    word = subprocess.run(["openssl", "passwd", "-apr1", password], capture_output=True, text=True, check=True).stdout
    (server.folder / "run" / "users").write_text(f"{JANE}:{word}")
    server.start()
    (child,) = server.children()
    login = envelope("x", f"<m:login><m:username>{JANE}</m:username><m:password>%s</m:password></m:login>")
    login = re.sub(b"<e:Header>.*</e:Header>", b"", login)
    server.allow_log("SFJ0411")
    assert server.post(login % (password + "x").encode()).status == 500
    assert server.post(login % password.encode()).status == 200
    try:
        left = copies(child, password.encode())
    except PermissionError:
        pytest.skip("the memory of the child may not be read; root may")
    assert [before[-40:] for before in left if not before.endswith(b"password>")] == []


def test_a_passphrase_is_overwritten_when_the_key_is_read(httpd, salesforce):
    word = "canary-of-the-passphrase-that-opens-the-private-key-of-the-gateway"
    key = '"{folder}/secrets/key" "file:{folder}/secrets/word"'
    server = httpd(sections.gateway(salesforce, SFJwtPrivateKey=key), start=False)
    server.canary(word)
    (server.secrets / "word").write_text(word + "\n")
    command = ["openssl", "pkcs8", "-topk8", "-v2", "aes256", "-in", salesforce.private_key, "-out", "key"]
    subprocess.run([*command, "-passout", "file:word"], cwd=server.secrets, check=True, capture_output=True)
    for file in server.secrets.iterdir():
        file.chmod(0o600)
    server.start()
    assert server.post(envelope(JANE)).status == 200
    assert not any(copies(pid, word.encode()) for pid in (server.pid, *server.children()))
