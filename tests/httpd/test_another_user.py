# SPDX-License-Identifier: Apache-2.0
"""joe@corp.example signs in and tries to be jane@corp.example. Whatever he sends, no token is asked for in her name and
nothing reaches Salesforce as her. Each attempt ends as it must and not by chance: with the code that is written beside it,
while the same sent for himself ends as is written beside that, mostly with his being served."""

import base64
import subprocess

import pytest

import callers
import sections
from fake_salesforce.calls import JANE, envelope
from gateway_httpd import Response
from raw_http import PATH, chunked, post, responses_in
from soap_fault import fault_in

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


def outcomes(data, methods=()):
    """Of each response on a connection: "joe" or "jane", who was served; the code of our fault; the status of another."""
    return [outcome(response) for response in responses_in(data, methods)]


def outcome(response):
    if response.status == 200:
        return "jane" if JANE.encode() in response.body else "joe" if JOE.encode() in response.body else "200"
    return fault_in(response).code if b"SFJ" in response.body else str(response.status)


def sent(server, body, *headers, path=PATH, **more):
    (only,) = outcomes(server.send_raw(post(body, [SIGNED_IN, CLOSE, *headers], path, **more)))
    return only


def changed(old, new, session=JOE):
    body = envelope(session)
    assert old.encode() in body
    return body.replace(old.encode(), new.encode())


def block(who):
    return f"<m:SessionHeader><m:sessionId>{who}</m:sessionId></m:SessionHeader>"


def test_joe_may_act_as_joe(server, salesforce):
    assert sent(server, envelope(JOE)) == "joe"
    assert [request.user for request in salesforce.requests()] == [JOE]


OWN = f"<m:sessionId>{JOE}</m:sessionId>"
NIL = '<m:sessionId xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true">'
# The body that joe sends for a user, the result if the user is jane, and the result if it is joe: an invalid body is refused
# for both, and a valid one is forwarded for joe.
BODIES = {
    "plainly": (envelope, "SFJ0403", "joe"),
    "in capitals": (lambda who: envelope(who.upper()), "SFJ0403", "joe"),
    "a second block": (lambda who: changed("</e:Header>", block(who) + "</e:Header>"), "SFJ0305", "SFJ0305"),
    "a first block": (lambda who: changed("<e:Header>", "<e:Header>" + block(who)), "SFJ0305", "SFJ0305"),
    "a second sessionId": (lambda who: changed(OWN, OWN + f"<m:sessionId>{who}</m:sessionId>"), "SFJ0305", "SFJ0305"),
    "a first sessionId": (lambda who: changed(OWN, f"<m:sessionId>{who}</m:sessionId>" + OWN), "SFJ0305", "SFJ0305"),
    "an unqualified sessionId": (
        lambda who: changed(OWN, OWN + f'<sessionId xmlns="">{who}</sessionId>'), "SFJ0305", "SFJ0305"),
    "a block of another prefix": (
        lambda who: changed("</e:Header>", f'<n:SessionHeader xmlns:n="{API}"><n:sessionId>{who}</n:sessionId>'
                                           "</n:SessionHeader></e:Header>"), "SFJ0305", "SFJ0305"),
    "a block of another namespace": (
        lambda who: changed("</e:Header>", f'<SessionHeader xmlns="urn:x"><sessionId>{who}</sessionId></SessionHeader>'
                                           "</e:Header>"), "SFJ0305", "SFJ0305"),
    "his block of another namespace": (
        lambda who: changed("<e:Header>", f'<e:Header xmlns:m="{API}">' + block(who)).replace(
            b"<e:Envelope", b'<e:Envelope xmlns:x="urn:x"', 1), "SFJ0305", "SFJ0305"),
    "a prefix declared anew": (
        lambda who: changed("<m:SessionHeader>", '<m:SessionHeader xmlns:m="urn:x">').replace(
            b"<e:Header>", b"<e:Header>" + block(who).encode()), "SFJ0305", "SFJ0305"),
    "a block within a block": (
        lambda who: changed("</e:Header>", f"<m:CallOptions><m:client>x</m:client>{block(who)}</m:CallOptions>"
                                           "</e:Header>"), "SFJ0309", "SFJ0309"),
    "a block in Body": (lambda who: changed("<m:getUserInfo/>", block(who) + "<m:getUserInfo/>"), "SFJ0307", "SFJ0307"),
    "a block in the operation": (
        lambda who: changed("<m:getUserInfo/>", f"<m:getUserInfo>{block(who)}</m:getUserInfo>"), "SFJ0309", "SFJ0309"),
    "a second Header": (
        lambda who: changed("</e:Header>", f"</e:Header><e:Header>{block(who)}</e:Header>"), "SFJ0301", "SFJ0301"),
    "a Header behind Body": (
        lambda who: changed("</e:Body>", f"</e:Body><e:Header>{block(who)}</e:Header>"), "SFJ0301", "SFJ0301"),
    "an envelope in an envelope": (lambda who: changed("<m:getUserInfo/>", envelope(who).decode()), "SFJ0307", "SFJ0307"),
    "for another actor": (
        lambda who: changed("<m:SessionHeader>", '<m:SessionHeader e:actor="urn:x">').replace(
            b"<e:Header>", b"<e:Header>" + block(who).encode()), "SFJ0305", "SFJ0305"),
    "hers in a comment": (lambda who: changed(JOE, f"<!--{JOE}-->{who}"), "SFJ0403", "joe"),
    "his in a comment": (lambda who: changed(JOE, f"{who}<!--{JOE}-->"), "SFJ0403", "joe"),
    "in pieces": (
        lambda who: changed(JOE, f"{who[:2]}<!---->{who[2:4]}@<![CDATA[corp]]>&#46;example".replace("@@", "@")), "SFJ0403", "joe"),
    "by references": (lambda who: changed(JOE, "".join(f"&#{ord(c)};" for c in who)), "SFJ0403", "joe"),
    "behind his": (lambda who: changed(JOE, f"{JOE} {who}"), "SFJ0402", "SFJ0402"),
    "behind a comma": (lambda who: changed(JOE, f"{JOE},{who}"), "SFJ0402", "SFJ0402"),
    "behind a line": (lambda who: changed(JOE, f"{JOE}\n{who}"), "SFJ0402", "SFJ0402"),
    "with a comment of mail": (lambda who: changed(JOE, who.replace("@", "(joe)@")), "SFJ0403", "SFJ0403"),
    "by percent": (lambda who: changed(JOE, who.replace("@", "%40")), "SFJ0402", "SFJ0402"),
    "a full-width at": (lambda who: changed(JOE, who.replace("@", "\uff20")), "SFJ0402", "SFJ0402"),
    "a homoglyph": (lambda who: changed(JOE, who.translate({ord("a"): "\u0430", ord("o"): "\u043e"})), "SFJ0402", "SFJ0402"),
    "a soft hyphen": (lambda who: changed(JOE, who[:2] + "\u00ad" + who[2:]), "SFJ0402", "SFJ0402"),
    "a zero-width space": (lambda who: changed(JOE, who + "\u200b"), "SFJ0402", "SFJ0402"),
    "a no-break space": (lambda who: changed(JOE, "\u00a0" + who), "SFJ0402", "SFJ0402"),
    "right to left": (lambda who: changed(JOE, "\u202e" + who[::-1]), "SFJ0402", "SFJ0402"),
    "a combining accent": (lambda who: changed(JOE, who.replace("@", "\u0301@")), "SFJ0402", "SFJ0402"),
    "a carriage return": (lambda who: changed(JOE, f"{who}&#13;"), "SFJ0403", "joe"),
    "nil with content": (lambda who: changed("<m:sessionId>", NIL, who), "SFJ0309", "SFJ0309"),
    "quoted for JSON": (lambda who: changed(JOE, f'{JOE}","sub":"{who}'), "SFJ0402", "SFJ0402"),
    "a stolen session": (
        lambda who: changed(JOE, "00D000000000062!AQcAQH0dMHZfz972Szmpkb58urFRkgeBGsxL"), "SFJ0402", "SFJ0402"),
}  # fmt: skip


@pytest.mark.parametrize("what", BODIES, ids=lambda what: what.replace(" ", "-"))
@pytest.mark.parametrize("action", ['""', '"getUserInfo"', f'"{JANE}"'])
def test_by_what_the_body_says(server, salesforce, what, action):
    made_for, as_jane, as_joe = BODIES[what]
    ends = [sent(server, body, ("SOAPAction", action)) for body in (made_for(JANE), made_for(JOE), envelope(JOE))]
    assert ends == [as_jane, as_joe, "joe"]
    nothing_is_hers(salesforce)


# None of these says anything about who he is.
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
    refused = session == JANE and path == PATH  # below /named/ the session in the body says nothing
    assert sent(server, envelope(session), *HEADS[what], path=path) == ("SFJ0403" if refused else "joe")
    nothing_is_hers(salesforce)


def test_by_a_trailer_of_the_body(server, salesforce):
    data = chunked(envelope(JANE), 100)[:-2] + f"X-User: {JANE}\r\n\r\n".encode()
    how = {"path": "/named/u/66.0", "length": False}
    assert sent(server, data, ("Transfer-Encoding", "chunked"), ("Trailer", "X-User"), **how) == "joe"
    nothing_is_hers(salesforce)


# What becomes of her request, and of his; and of both without a sign-in.
PATHS = {
    "/services/Soap/u/66.0?wsdl": ("SFJ0403", "joe", "401"),
    "/services/Soap/u/66.0?WSDL&user=jane": ("SFJ0403", "joe", "401"),
    "/services/Soap/u/66.0;user=jane": ("SFJ0403", "SFJ0501", "401"),
    "/services//Soap/u/66.0": ("SFJ0403", "joe", "401"),
    "/services/./Soap/u/66.0": ("SFJ0403", "joe", "401"),
    "/services/Soap/../Soap/u/66.0": ("SFJ0403", "joe", "401"),
    "/services/Soap%2fu/66.0": ("SFJ0101", "SFJ0101", "404"),  # the error document is ours, which wants a POST
    "/services/Soap/%75/66.0": ("SFJ0403", "joe", "401"),
    "//services/Soap/u/66.0": ("SFJ0403", "joe", "401"),
    "/services/soap/u/66.0": ("403", "403", "403"),
    "/services/Soap/u/66.0/x": ("SFJ0403", "joe", "401"),
    "/services/Soap/u/66.0%0d%0aX-User:%20jane": ("SFJ0403", "SFJ0501", "401"),
    "/services/Soap/u/66.0%00": ("SFJ0101", "SFJ0101", "404"),
    "/named/../services/Soap/u/66.0": ("SFJ0403", "joe", "401"),
    "/nowhere": ("403", "403", "403"),
    "http://localhost/services/Soap/u/66.0": ("SFJ0403", "joe", "401"),
    "http://elsewhere.example/services/Soap/u/66.0": ("SFJ0403", "joe", "401"),
}


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("sign_in", [True, False])
def test_by_the_address(server, salesforce, path, sign_in):
    """Hers is never served; his is only when he has signed in."""
    as_jane, as_joe, unknown = PATHS[path]
    headers = [*[SIGNED_IN] * sign_in, CLOSE]
    ends = [outcomes(server.send_raw(post(envelope(session), headers, path))) for session in (JANE, JOE)]
    assert ends == ([[as_jane], [as_joe]] if sign_in else [[unknown]] * 2)
    assert not sign_in or sent(server, envelope(JOE)) == "joe"
    nothing_is_hers(salesforce)
    assert sign_in or salesforce.requests() == salesforce.token_requests() == []


@pytest.mark.parametrize("method", ["GET", "PUT", "HEAD", "OPTIONS", "TRACE", "PROPFIND", "post", "BREW"])
def test_by_another_method(server, salesforce, method):
    for session in (JANE, JOE):
        data = post(envelope(session), [SIGNED_IN, CLOSE]).replace(b"POST", method.encode(), 1)
        assert outcomes(server.send_raw(data), [method]) == ["405" if method == "HEAD" else "SFJ0101"]
    assert salesforce.requests() == salesforce.token_requests() == []
    assert sent(server, envelope(JOE)) == "joe"


def test_by_a_request_within_a_page(server, salesforce):
    """mod_include would ask with the caller's own headers."""
    data = (b"GET /pages/page.html HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + f"Authorization: {SIGNED_IN[1]}\r\nCookie: sid={JANE}\r\n\r\n".encode())  # fmt: skip
    (page,) = responses_in(server.send_raw(data))
    assert page.status == 200 and page.body.count(b"an error occurred while processing this directive") == 2
    assert salesforce.requests() == salesforce.token_requests() == []


def test_by_the_request_before_on_the_same_connection(server, salesforce):
    """Neither its user nor its body is left for the next one."""
    data = post(envelope(JOE), [SIGNED_IN]) + post(envelope(JANE), []) + post(envelope(JANE), [SIGNED_IN, CLOSE])
    assert outcomes(server.send_raw(data)) == ["joe", "401", "SFJ0403"]
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
         "-o", tmp_path / "answer", "-w", "%{http_version},%{http_code},%{content_type}",
         f"http://127.0.0.1:{server.port}{path}"],
        capture_output=True, text=True, timeout=30,
    )  # fmt: skip
    version, status, media_type = done.stdout.split(",")
    answer = Response(int(status), [("Content-Type", media_type)], (tmp_path / "answer").read_bytes())
    refused = session == JANE and path == PATH
    assert (version, outcome(answer)) == ("2", "SFJ0403" if refused else "joe"), done.stderr
    nothing_is_hers(salesforce)
