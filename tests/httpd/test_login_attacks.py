# SPDX-License-Identifier: Apache-2.0
"""Attempts to misuse logins and their handles: nobody gets more than a right password gives, and everybody learns as little."""

import base64
import concurrent.futures
import hashlib
import os
import re
import socket
import struct
import time

import pytest

import callers
import raw_http
import sealed
import sections
from fake_salesforce.calls import JANE, envelope
from gateway_httpd import DEADLINE, free_port
from soap_fault import fault_in
from test_end_of_attempt import BALANCER
from test_login import USERS_FILE, assert_invalid_login, assert_session_over, gateway, log_in, login_body, result_of


def started(httpd, config, *modules):
    server = httpd(config, modules=("authn_core", "authn_file", *modules), start=False)
    (server.folder / "run" / "users").write_text(callers.user_file())
    return server.start()


def section(salesforce, **directives):
    return sections.gateway(salesforce, USERS_FILE, SFJwtLogin="file", SFJwtAllowSubject="login", tls=False, **directives)


# Handles where they do not belong


def test_virtual_hosts_of_the_same_name_have_their_own_handles(salesforce, httpd):
    """Two ports, and two hosts that differ in their aliases."""
    ports = ("{port}", str(free_port()))
    hosts = [(ports[0], "a.corp.example"), (ports[0], "b.corp.example"), (ports[1], "a.corp.example")]
    config = f"Listen 127.0.0.1:{ports[1]}\n"
    for port, alias in hosts:
        inner = sections.tls_to(salesforce) + section(salesforce)
        config += f"<VirtualHost 127.0.0.1:{port}>\nServerName gateway\nServerAlias {alias}\n{inner}</VirtualHost>\n"
    server = started(httpd, config)
    handle = result_of(log_in(server, Host="a.corp.example"))["sessionId"]
    assert server.post(envelope(handle), headers={"Host": "a.corp.example"}).status == 200
    server.expect_log("SFJ0410")
    assert_session_over(server.post(envelope(handle), headers={"Host": "b.corp.example"}))
    server.port, first = int(ports[1]), server.port
    assert_session_over(server.post(envelope(handle), headers={"Host": "a.corp.example"}))
    server.port = first


def test_proxy_sections_have_their_own_handles(salesforce, httpd):
    config = sections.tls_to(salesforce)
    for path, api in (("/a", "u/64.0"), ("/b", "u/66.0")):
        backend = f"{salesforce.url}/services/Soap/{api}"
        directives = section(salesforce).splitlines()[2:-1]
        config += "\n".join([f"ProxyPass {path} {backend}", f'<Proxy "{backend}">', *directives, "</Proxy>", ""])
    server = started(httpd, config)
    handle = result_of(log_in(server, path="/a"))["sessionId"]
    assert server.post(envelope(handle), path="/a").status == 200
    server.expect_log("SFJ0410")
    assert_session_over(server.post(envelope(handle), path="/b"))


def test_the_handle_of_a_caller_proves_no_password(salesforce, httpd):
    """With SFJwtLogin caller, another line must admit each request, as it had to admit the login."""
    allowed = ["login", "expr \"%{HTTP:X-Shift} == 'day'\""]
    server = callers.gateway(httpd, salesforce, SFJwtLogin="caller", SFJwtAllowSubject=allowed)
    answer = callers.call(server, login_body(JANE, "ignored"), "billing", **{"X-Shift": "day"})
    handle = result_of(answer)["sessionId"]
    assert callers.verdict(server, handle, "billing", **{"X-Shift": "day"}) == "ok"
    assert callers.verdict(server, handle, "billing") == "SFJ0403"


def test_operation_rules_do_not_keep_a_handle_alive(salesforce, httpd):
    server = gateway(httpd, salesforce, SFJwtAllowOperation="login getUserInfo")
    handle = result_of(log_in(server))["sessionId"]
    assert server.post(envelope(handle, "<m:logout/>")).status == 200
    server.expect_log("SFJ0410")
    assert_session_over(server.post(envelope(handle)))


# Handles that are not what was issued


class Forger:
    """Whoever has the key: another implementation of what login/handle.h says."""

    def __init__(self):
        self.key = sealed.new_key()

    def handle(self, subject=JANE, kind=1, issued=None, expires=None, realm="realm corp", caller=b"", key=None):
        now = time.time()
        issued = int(now * 1000) if issued is None else issued
        content = bytes([kind]) + struct.pack(">Q", issued) + os.urandom(16) + caller + subject.encode()
        seal = sealed.Seal(key or self.key)
        number = seal.id_of(b"mod_sfjwt login handle 1: " + realm.encode())
        value = seal.encrypt(number, int(now) + 60 if expires is None else expires, content)
        return "sfjwt-" + base64.urlsafe_b64encode(value).decode().rstrip("=")


@pytest.fixture
def forger(httpd, salesforce):
    """And a gateway that has the key, too."""
    forger = Forger()
    config = 'SFJwtLoginKey "file:{folder}/secrets/key"\n' + sections.tls_to(salesforce)
    server = httpd(config + section(salesforce, SFJwtLoginRealm="corp"), modules=("authn_core", "authn_file"), start=False)
    (server.folder / "run" / "users").write_text(callers.user_file())
    (server.secrets / "key").write_text(forger.key)
    (server.secrets / "key").chmod(0o600)
    forger.server = server.start()
    assert server.post(envelope(forger.handle())).status == 200
    return forger


def test_no_byte_of_a_handle_can_be_changed(forger):
    good = forger.handle()
    forger.server.expect_log("SFJ0410")
    changed = [good[:at] + ("A" if good[at] != "A" else "B") + good[at + 1 :] for at in range(6, len(good))]
    for handle in [*changed, *(good[:-cut] for cut in range(1, 9)), good + "A", good + good]:
        assert_session_over(forger.server.post(envelope(handle)))
    assert forger.server.post(envelope(good)).status == 200


def test_content_that_is_never_sealed_is_refused(forger, salesforce):
    now = int(time.time())
    forger.server.expect_log("SFJ04(02|10)")
    salesforce.forget()
    for change in (
        {"key": sealed.new_key()}, {"realm": "section corp"}, {"realm": ""}, {"kind": 0}, {"kind": 2}, {"kind": 3},
        {"kind": 2, "caller": hashlib.sha256(b"").digest()}, {"expires": now}, {"expires": now - 1}, {"expires": 2**62},
        {"issued": 0}, {"issued": 2**63}, {"issued": (now + 120) * 1000}, {"subject": "JANE@corp.example"},
        {"subject": " " + JANE}, {"subject": JANE + "\0"}, {"subject": "jane"}, {"subject": "j" * 250 + "@corp.example"},
    ):  # fmt: skip
        assert forger.server.post(envelope(forger.handle(**change))).status == 500, change
    assert salesforce.requests() == []


def test_a_handle_is_read_in_its_place_alone(forger, salesforce):
    handle = forger.handle()
    header = f"<m:SessionHeader><m:sessionId>{handle}</m:sessionId></m:SessionHeader>"
    other = header.replace(handle, "joe@corp.example")
    whole = envelope(handle).decode()
    forger.server.expect_log("SFJ0[34]")
    salesforce.forget()
    for instead in (
        header + header, header + other, other + header, header.replace("</m:SessionHeader>", "<m:sessionId/></m:SessionHeader>"),
        other.replace("<m:sessionId>", f'<m:sessionId x="{handle}">'), header.upper(), header.replace(handle, handle + "&#160;"),
        header.replace(handle, f"{handle} {handle}"), header.replace(handle, f"<m:x>{handle}</m:x>"),
        f"<m:CallOptions><m:client>{handle}</m:client></m:CallOptions>{other}", f"<!-- {header} -->{other}",
    ):  # fmt: skip
        assert forger.server.post(whole.replace(header, instead).encode()).status == 500, instead
    for name in ("Authorization", "X-SFDC-Session", "Cookie"):
        assert forger.server.post(envelope(JANE), headers={name: handle}).status == 500
    assert salesforce.requests() == []


def test_a_handle_never_reaches_salesforce(forger, salesforce):
    handle = forger.handle()
    salesforce.forget()
    for name in ("X-SFDC-Session", "Authorization", "Cookie", "SOAPAction", "Referer", "X-Any"):
        assert forger.server.post(envelope(handle), headers={name: f"sid={handle};"}).status in (200, 500)
    (*_, last) = salesforce.requests()
    assert last.user == JANE
    for request in salesforce.requests():
        assert not any(handle in value for _, value in request.headers) and handle.encode() not in request.body
    salesforce.forget()
    forger.server.expect_log("SFJ0305")
    for address in (f"/services/Soap/u/64.0?sid={handle}", f"/services/Soap/u/64.0/{handle}"):
        assert fault_in(forger.server.post(envelope(handle), path=address)).code == "SFJ0305"
    query = f"<m:query><m:queryString>x{handle}!</m:queryString></m:query>"
    for body in (envelope(handle, query), envelope(JANE, query), envelope(handle).replace(b"<e:Body>", f"<e:Body><!--{handle}-->".encode())):
        assert fault_in(forger.server.post(body)).code == "SFJ0305"
    assert salesforce.requests() == []


# Passwords


def test_all_spellings_of_a_name_count_together(salesforce, httpd):
    server = gateway(httpd, salesforce)
    server.allow_log("AH0161|SFJ0411")
    blanks = [*(" " * count + JANE for count in range(4)), *(JANE + "\t" * count for count in range(4))]
    names = [*blanks, "Jane@Corp.Example", "<![CDATA[jane]]>@corp&#46;example"]
    with concurrent.futures.ThreadPoolExecutor(len(names)) as pool:
        assert all(answer.status == 500 for answer in pool.map(lambda name: log_in(server, name, "wrong"), names))
    assert_invalid_login(log_in(server))
    assert "too many failed logins of this user from this address" in server.error_log()


def test_the_password_of_a_name_that_leads_to_no_user_is_not_tried(salesforce, httpd):
    """A provider may take it for another spelling, so that the difference would tell the right password."""
    server = gateway(httpd, salesforce, r'SFJwtSubjectMap "(jane@corp\\.example)" "$1"')
    server.expect_log("SFJ0411: Login refused without a look at the password")
    for name in ("nobody", "billing", "joe@corp.example"):
        assert_invalid_login(log_in(server, name))
    assert result_of(log_in(server))["userInfo"]["userName"] == JANE


def test_no_caller_is_none_with_sfjwtlogin_caller(salesforce, httpd):
    """Even if httpd lets requests in that do not sign in."""
    lines = ("<RequireAny>", "Require method POST", "Require valid-user", "</RequireAny>")
    server = callers.gateway(httpd, salesforce, *callers.SIGN_IN[:-1], *lines, sign_in=False,
                             SFJwtLogin="caller", SFJwtAllowSubject=["same", "any"])  # fmt: skip
    server.expect_log("SFJ0411")
    assert_invalid_login(log_in(server))
    assert_invalid_login(callers.call(server, login_body(), JANE))
    assert salesforce.requests() == []


def test_a_dump_of_all_input_is_told_at_start(salesforce, httpd):
    server = gateway(httpd, salesforce, start=False, modules=("authn_core", "authn_file", "dumpio"))
    server.write_config("DumpIOInput On\n" + server._config)
    server.start()
    server.expect_log("SFJ0918: DumpIOInput at .* writes what clients send into the log, the passwords")


def test_an_odd_address_stays_an_address(salesforce, httpd):
    """What a client writes into the path comes back in serverUrl."""
    text = section(salesforce, path="/x").replace(f"ProxyPass {salesforce.url}/services/Soap/", "")
    rule = f"RewriteEngine On\nRewriteRule ^/x {salesforce.url}/services/Soap/u/64.0 [P]\n"
    server = started(httpd, sections.tls_to(salesforce) + rule + text, "rewrite")
    url = result_of(log_in(server, path="/x/%0d%0aA:%20b%3Fc%23d%22%3Ce%3E%25%C3%A4//evil@host"))["serverUrl"]
    assert re.fullmatch(rf"http://localhost:{server.port}/x/%0d%0aA:%20b%3fc%23d%22%3ce%3e%25%c3%a4/+evil@host/00D\w+", url)


# Ways in


@pytest.mark.parametrize(
    "host", ["localhost:1", "LOCALHOST:{port}", "localhost.:{port}", "[::1]:{port}", "user@localhost:{port}", "x:{port}", ""]
)
def test_no_spelling_of_the_host_is_another_address(salesforce, httpd, host):
    server = gateway(httpd, salesforce)
    answer = log_in(server, Host=host.format(port=server.port))
    if answer.status != 400:  # httpd itself refuses some
        assert result_of(answer)["serverUrl"].startswith(f"http://localhost:{server.port}/services/")


def test_logins_in_one_stream_do_not_mix(salesforce, httpd):
    """Pipelined and chunked, in small pieces, with a wrong password between."""
    server = gateway(httpd, salesforce)
    server.allow_log("SFJ0411|AH01617")
    bodies = [login_body(), login_body("joe@corp.example"), login_body(password="wrong"), login_body("joe@corp.example")]
    head = f"POST /services/Soap/u/64.0 HTTP/1.1\r\nHost: localhost:{server.port}\r\nContent-Type: text/xml\r\n"
    requests = [(head + "Transfer-Encoding: chunked\r\n\r\n").encode() + raw_http.chunked(body, 7) for body in bodies[:3]]
    requests.append((head + f"Connection: close\r\nContent-Length: {len(bodies[3])}\r\n\r\n").encode() + bodies[3])
    with socket.create_connection(("127.0.0.1", server.port), DEADLINE) as connection:
        connection.sendall(b"".join(requests))
        received = b"".join(iter(lambda: connection.recv(65536), b""))
    users = re.findall(rb"<userName>([^<]+)</userName>|(INVALID_LOGIN)</", received)
    # httpd closes the connection after a status of 500
    assert [name or code for name, code in users] == [JANE.encode(), b"joe@corp.example", b"INVALID_LOGIN"]


def test_a_login_through_a_balancer(salesforce, httpd):
    member = f"  BalancerMember {salesforce.url}\n  ProxySet failonstatus=500\n"
    target = "balancer://sf/services/Soap/"
    section_ = sections.gateway(salesforce, USERS_FILE, target=target, SFJwtLogin="file", SFJwtAllowSubject="login")
    server = started(httpd, f"<Proxy balancer://sf>\n{member}</Proxy>\n{section_}", *BALANCER)
    for _ in range(2):
        assert result_of(log_in(server))["userInfo"]["userName"] == JANE
        salesforce.revoke(user=JANE)


def test_a_backend_that_says_nothing(salesforce, httpd):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        target = f"http://localhost:{silent.getsockname()[1]}/services/Soap/"
        server = started(httpd, "ProxyTimeout 1\n" + section(salesforce, target=target))
        server.allow_log("SFJ0702|proxy")
        answer = log_in(server)
    assert fault_in(answer).code == "SFJ0702" and b"LoginFault>" in answer.body and b"sfjwt-" not in answer.body
