# SPDX-License-Identifier: Apache-2.0
"""joe@corp.example signs in and tries to be jane@corp.example. Whatever he sends, no token is asked for in her name and
nothing reaches Salesforce as her."""

import base64
import subprocess

import pytest

import callers
import sections
from fake_salesforce.calls import JANE, envelope
from raw_http import PATH, chunked, post

JOE = "joe@corp.example"
API = "urn:partner.soap.sforce.com"
SIGNED_IN = ("Authorization", "Basic " + base64.b64encode(f"{JOE}:{callers.PASSWORD}".encode()).decode())
AS_JANE = ("Authorization", "Basic " + base64.b64encode(f"{JANE}:wrong".encode()).decode())
CLOSE = ("Connection", "close")
HERS = f"<m:SessionHeader><m:sessionId>{JANE}</m:sessionId></m:SessionHeader>"
PAGE = '<!--#include virtual="/services/Soap/u/66.0" --><!--#include virtual="/services/Soap/u/66.0?wsdl" -->'


@pytest.fixture(scope="module")
def server(shared_salesforce, shared_httpd):
    """Callers act as themselves; below /named/ as a header says, which the server itself writes."""
    named = sections.gateway(
        shared_salesforce, *callers.SIGN_IN, 'RequestHeader set X-User "expr=%{REMOTE_USER}"', path="/named/", tls=False,
        target=f"{shared_salesforce.url}/services/Soap/", SFJwtSubject='"%{req:X-User}"', SFJwtStripHeader="X-User",
    )  # fmt: skip
    pages = 'Alias "/pages/" "{folder}/htdocs/"\n<Location "/pages/">\nOptions +Includes\nSetOutputFilter INCLUDES\n'
    config = (
        "Protocols h2c http/1.1\nErrorDocument 404 /services/Soap/u/66.0\n"
        + sections.gateway(shared_salesforce, *callers.SIGN_IN, SFJwtAllowSubject="same")
        + named + pages + "Require all granted\n</Location>\n"
    )  # fmt: skip
    modules = [*callers.AUTH_MODULES, "http2", "include", "alias"]
    started = shared_httpd(config, modules=modules, start=False)
    (started.folder / "run/users").write_text(callers.user_file())
    (started.folder / "htdocs/page.html").write_text(PAGE)
    started.allow_log("SFJ|AH10034|AH0161[78]|auth_basic|include:|core:error|AH0003|AH10244")
    return started.start()


@pytest.fixture
def salesforce(shared_salesforce):
    shared_salesforce.forget()
    return shared_salesforce


def nothing_is_hers(salesforce):
    assert {request.claims["sub"] for request in salesforce.token_requests()} <= {JOE}
    assert {request.user for request in salesforce.requests()} <= {JOE}
    assert all(JANE.encode() not in request.body for request in salesforce.requests() if request.user is None)


def sent(server, body, *headers, path=PATH, **more):
    return server.send_raw(post(body, [SIGNED_IN, CLOSE, *headers], path, **more))


def changed(old, new, session=JOE):
    body = envelope(session)
    assert old.encode() in body
    return body.replace(old.encode(), new.encode())


def test_joe_may_act_as_joe(server, salesforce):
    assert b" 200 " in sent(server, envelope(JOE)).split(b"\r\n")[0]
    assert [request.user for request in salesforce.requests()] == [JOE]


OWN = f"<m:sessionId>{JOE}</m:sessionId>"
BODIES = {
    "plainly": envelope(JANE),
    "in capitals": envelope("JANE@CORP.EXAMPLE"),
    "a second block": changed("</e:Header>", HERS + "</e:Header>"),
    "a first block": changed("<e:Header>", "<e:Header>" + HERS),
    "a second sessionId": changed(OWN, OWN + f"<m:sessionId>{JANE}</m:sessionId>"),
    "a first sessionId": changed(OWN, f"<m:sessionId>{JANE}</m:sessionId>" + OWN),
    "an unqualified sessionId": changed(OWN, OWN + f'<sessionId xmlns="">{JANE}</sessionId>'),
    "a block of another prefix": changed("</e:Header>", f'<n:SessionHeader xmlns:n="{API}"><n:sessionId>{JANE}'
                                         "</n:sessionId></n:SessionHeader></e:Header>"),
    "a block of another namespace": changed("</e:Header>", f'<SessionHeader xmlns="urn:x"><sessionId>{JANE}'
                                            "</sessionId></SessionHeader></e:Header>"),
    "his block of another namespace": changed("<e:Header>", f'<e:Header xmlns:m="{API}">' + HERS).replace(
        b"<e:Envelope", b'<e:Envelope xmlns:x="urn:x"', 1),
    "a prefix declared anew": changed("<m:SessionHeader>", '<m:SessionHeader xmlns:m="urn:x">').replace(
        b"<e:Header>", b"<e:Header>" + HERS.encode()),
    "a block within a block": changed("</e:Header>", f"<m:CallOptions><m:client>x</m:client>{HERS}</m:CallOptions>"
                                      "</e:Header>"),
    "a block in Body": changed("<m:getUserInfo/>", HERS + "<m:getUserInfo/>"),
    "a block in the operation": changed("<m:getUserInfo/>", f"<m:getUserInfo>{HERS}</m:getUserInfo>"),
    "a second Header": changed("</e:Header>", f"</e:Header><e:Header>{HERS}</e:Header>"),
    "a Header behind Body": changed("</e:Body>", f"</e:Body><e:Header>{HERS}</e:Header>"),
    "an envelope in an envelope": changed("<m:getUserInfo/>", envelope(JANE).decode()),
    "for another actor": changed("<m:SessionHeader>", '<m:SessionHeader e:actor="urn:x">').replace(
        b"<e:Header>", b"<e:Header>" + HERS.encode()),
    "hers in a comment": changed(JOE, f"<!--{JOE}-->{JANE}"),
    "his in a comment": changed(JOE, f"{JANE}<!--{JOE}-->"),
    "in pieces": changed(JOE, "ja<!---->ne@<![CDATA[corp]]>&#46;example"),
    "by references": changed(JOE, "".join(f"&#{ord(c)};" for c in JANE)),
    "behind his": changed(JOE, f"{JOE} {JANE}"),
    "behind a comma": changed(JOE, f"{JOE},{JANE}"),
    "behind a line": changed(JOE, f"{JOE}\n{JANE}"),
    "with a comment of mail": changed(JOE, "jane(joe)@corp.example"),
    "by percent": changed(JOE, "jane%40corp.example"),
    "a full-width at": changed(JOE, "jane＠corp.example"),
    "a homoglyph": changed(JOE, "jаne@corp.example"),
    "a soft hyphen": changed(JOE, "ja\u00adne@corp.example"),
    "a zero-width space": changed(JOE, "jane@corp.example\u200b"),
    "a no-break space": changed(JOE, "\u00a0jane@corp.example"),
    "right to left": changed(JOE, "\u202eelpmaxe.proc@enaj"),
    "a combining accent": changed(JOE, "jane\u0301@corp.example"),
    "a carriage return": changed(JOE, f"{JANE}&#13;"),
    "nil with content": changed("<m:sessionId>", '<m:sessionId xmlns:i="http://www.w3.org/2001/XMLSchema-instance" '
                                'i:nil="true">', JANE),
    "quoted for JSON": changed(JOE, f'{JOE}","sub":"{JANE}'),
    "a stolen session": changed(JOE, "00D000000000062!AQcAQH0dMHZfz972Szmpkb58urFRkgeBGsxL"),
}  # fmt: skip


@pytest.mark.parametrize("what", BODIES, ids=lambda what: what.replace(" ", "-"))
@pytest.mark.parametrize("action", ['""', '"getUserInfo"', f'"{JANE}"'])
def test_by_what_the_body_says(server, salesforce, what, action):
    sent(server, BODIES[what], ("SOAPAction", action))
    nothing_is_hers(salesforce)


HEADS = {
    "two sign-ins": [AS_JANE],
    "a Connection that takes the sign-in away": [("Connection", "Authorization")],
    "REMOTE_USER": [("Remote-User", JANE), ("REMOTE_USER", JANE), ("X-Remote-User", JANE), ("X-User", JANE)],
    "X-User by Connection": [("X-User", JANE), ("Connection", "X-User")],
    "X-User folded": [("X-User", f"{JOE}\r\n {JANE}")],
    "the variables": [("SFJWT_SUBJECT", JANE), ("SFJWT-Subject", JANE), ("Sfjwt_Token", "hit")],
    "another method": [("X-HTTP-Method-Override", "GET"), ("X-HTTP-Method", "GET")],
    "another address": [("X-Original-URL", "/other"), ("X-Rewrite-URL", "/other"), ("X-Forwarded-User", JANE)],
    "proxy sign-in": [("Proxy-Authorization", AS_JANE[1])],
    "a cookie": [("Cookie", f"sid={JANE}; SESSION={JANE}")],
    "a trailer": [("Trailer", "X-User")],
}  # fmt: skip


@pytest.mark.parametrize("what", HEADS, ids=lambda what: what.replace(" ", "-"))
@pytest.mark.parametrize("path", [PATH, "/named/u/66.0"])
@pytest.mark.parametrize("session", [JOE, JANE])
def test_by_what_the_head_says(server, salesforce, what, path, session):
    sent(server, envelope(session), *HEADS[what], path=path)
    nothing_is_hers(salesforce)


def test_by_a_trailer_of_the_body(server, salesforce):
    data = chunked(envelope(JANE), 100)[:-2] + f"X-User: {JANE}\r\n\r\n".encode()
    sent(server, data, ("Transfer-Encoding", "chunked"), ("Trailer", "X-User"), path="/named/u/66.0", length=False)
    nothing_is_hers(salesforce)


PATHS = ["/services/Soap/u/66.0?wsdl", "/services/Soap/u/66.0?WSDL&user=jane", "/services/Soap/u/66.0;user=jane",
         "/services//Soap/u/66.0", "/services/./Soap/u/66.0", "/services/Soap/../Soap/u/66.0", "/services/Soap%2fu/66.0",
         "/services/Soap/%75/66.0", "//services/Soap/u/66.0", "/services/soap/u/66.0", "/services/Soap/u/66.0/x",
         "/services/Soap/u/66.0%0d%0aX-User:%20jane", "/services/Soap/u/66.0%00", "/named/../services/Soap/u/66.0",
         "/nowhere", "http://localhost/services/Soap/u/66.0", "http://elsewhere.example/services/Soap/u/66.0"]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("sign_in", [True, False])
def test_by_the_address(server, salesforce, path, sign_in):
    """Hers is never served; his is only when he has signed in."""
    for session in (JANE, JOE):
        server.send_raw(post(envelope(session), [*[SIGNED_IN] * sign_in, CLOSE], path))
    nothing_is_hers(salesforce)
    assert sign_in or salesforce.requests() == salesforce.token_requests() == []


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "post", "BREW"])
def test_by_another_method(server, salesforce, method):
    server.send_raw(post(envelope(JANE), [SIGNED_IN, CLOSE]).replace(b"POST", method.encode(), 1))
    assert salesforce.requests() == salesforce.token_requests() == []


def test_by_a_request_within_a_page(server, salesforce):
    """mod_include would ask with the caller's own headers."""
    server.send_raw(b"GET /pages/page.html HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                    + f"Authorization: {SIGNED_IN[1]}\r\nCookie: sid={JANE}\r\n\r\n".encode())  # fmt: skip
    assert salesforce.requests() == salesforce.token_requests() == []


def test_by_the_request_before_on_the_same_connection(server, salesforce):
    """Neither its user nor its body is left for the next one."""
    data = post(envelope(JOE), [SIGNED_IN]) + post(envelope(JANE), []) + post(envelope(JANE), [SIGNED_IN, CLOSE])
    server.send_raw(data)
    nothing_is_hers(salesforce)
    assert len(salesforce.requests()) == 1


@pytest.mark.parametrize("session", [JOE, JANE])
@pytest.mark.parametrize("headers", [[], [f"X-User: {JANE}"], [f"authorization: {AS_JANE[1]}"], [f"cookie: sid={JANE}"]])
@pytest.mark.parametrize("path", [PATH, "/named/u/66.0"])
def test_by_http_2(server, salesforce, session, headers, path, tmp_path):
    (tmp_path / "body").write_bytes(envelope(session))
    lines = [word for line in ["Content-Type: text/xml; charset=utf-8", f"{SIGNED_IN[0]}: {SIGNED_IN[1]}", *headers]
             for word in ("-H", line)]  # fmt: skip
    done = subprocess.run(
        ["curl", "-sS", "--noproxy", "*", "--http2-prior-knowledge", "--data-binary", f"@{tmp_path}/body", *lines,
         "-o", "/dev/null", "-w", "%{http_version}", f"http://127.0.0.1:{server.port}{path}"],
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    assert done.stdout == "2", done.stderr
    nothing_is_hers(salesforce)
