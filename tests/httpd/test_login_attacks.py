# SPDX-License-Identifier: Apache-2.0
"""Attempts to misuse logins and their handles: nobody gets more than a right password gives, and everybody learns as little."""

import callers
import sections
from fake_salesforce.calls import JANE, envelope
from gateway_httpd import free_port
from test_login import USERS_FILE, assert_session_over, gateway, log_in, login_body, result_of


def started(httpd, config):
    server = httpd(config, modules=("authn_core", "authn_file"), start=False)
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
