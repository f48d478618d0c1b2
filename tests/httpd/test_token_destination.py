# SPDX-License-Identifier: Apache-2.0
"""Where a token may go, and what else must not go with it."""

import base64
import subprocess

import pytest

import sections
from fake_salesforce.calls import JANE, envelope
from soap_fault import fault_in

REQUEST = envelope(JANE)
PATH = "/services/Soap/u/66.0"
NOT_AT_START = "SFJwtChecks -SFJ0923"  # which warns of such addresses; here they are refused when a request comes


def http_url(salesforce):
    return f"http://localhost:{salesforce.http_port}"


def refused(server, salesforce, **request):
    """That a request is refused for its target: SFJ0501, one line, nothing sent, no token asked for."""
    server.expect_log("SFJ0501")
    answer = server.post(REQUEST, **request)
    fault = fault_in(answer)
    assert (answer.status, fault.code, fault.faultcode) == (500, "SFJ0501", "Server")
    assert server.error_log().count("SFJ0501") == 1
    assert salesforce.requests() == []
    return fault


def balancer(salesforce, *members):
    lines = "".join(f"  BalancerMember {member}\n" for member in members)
    return (
        f"<Proxy balancer://salesforce>\n{lines}</Proxy>\n"
        + sections.gateway(salesforce, target="balancer://salesforce/services/Soap/")
    )  # fmt: skip


BALANCER = ["slotmem_shm", "lbmethod_byrequests", "proxy_balancer"]


def test_http_to_this_machine_is_allowed(salesforce, httpd):
    server = httpd(sections.gateway(salesforce, target=http_url(salesforce) + "/services/Soap/"))
    assert server.post(REQUEST).status == 200
    assert not salesforce.requests()[0].tls


# No name of these resolves: were one asked for, the request would fail in another way.
@pytest.mark.parametrize(
    "target, allowed, reason",
    [
        ("http://org.my.salesforce.com/services/Soap/", ".salesforce.com", "http is allowed to this machine only"),
        ("https://evil.example/services/Soap/", ".salesforce.com", "SFJwtAllowInstance does not allow the host"),
        ("https://evilsalesforce.com/services/Soap/", ".salesforce.com", "does not allow the host"),
        ("https://org.my.salesforce.com.evil.example/services/Soap/", ".salesforce.com", "does not allow the host"),
        ("https://org.my.salesforce.com:444/services/Soap/", ".salesforce.com", "is neither 443 nor 8443"),
        ("https://org.my.salesforce.com/services/apexrest/", ".salesforce.com", "does not begin with /services/Soap/"),
        ("https://org.my.salesforce.com/services/soap/", ".salesforce.com", "does not begin with /services/Soap/"),
        ("https://org.my.salesforce.com/", "other.my.salesforce.com", "does not allow the host"),
        ("ajp://localhost/services/Soap/", "localhost", "neither an https nor an http URL"),
        ("fcgi://localhost:9/services/Soap/", "localhost", "neither an https nor an http URL"),
    ],
)
def test_a_token_is_not_sent_to_another_address(salesforce, httpd, target, allowed, reason):
    config = sections.gateway(salesforce, NOT_AT_START, target=target, SFJwtAllowInstance=allowed)
    fault = refused(httpd(config, modules=["proxy_ajp", "proxy_fcgi"]), salesforce)
    assert reason in fault.text
    assert salesforce.token_requests() == []


def test_by_default_only_salesforce_gets_a_token(salesforce, httpd):
    server = httpd(sections.gateway(salesforce, NOT_AT_START, SFJwtAllowInstance=None))
    assert "does not allow the host localhost" in refused(server, salesforce).text
    assert salesforce.token_requests() == []


def test_a_path_outside_of_soap_gets_no_token(salesforce, httpd):
    server = httpd(sections.gateway(salesforce, path="/", target=salesforce.url + "/"))
    assert "/services/Soap/" in refused(server, salesforce, path="/services/data/v66.0/query").text
    assert salesforce.token_requests() == []
    assert server.post(REQUEST, path=PATH).status == 200


@pytest.mark.parametrize(
    "path, arrives",
    [
        ("/services/Soap/../data/v66.0", None),
        ("/services/Soap/%2e%2e/data/v66.0", None),
        ("/services/Soap/u/..%2f..%2fdata", None),
        ("/services/Soap/u/..%5c..%5cdata", None),
        ("/services/Soap/u/66.0%00", None),
        ("/services/Soap/u/66.0%0d%0aX-A:%20b", None),
        ("/services/Soap/u/66.0%3fa=b", None),
        ("/services/Soap/u/66.0;/../data", "/services/Soap/u/data"),
        ("//services/Soap/u/66.0", "/services/Soap/u/66.0"),
        ("/services/Soap/u/66.0?a=/../b", "/services/Soap/u/66.0?a=/../b"),
    ],
)
def test_no_spelling_of_a_path_leads_out_of_soap(salesforce, httpd, path, arrives):
    gateway = sections.gateway(salesforce, path="/", target=salesforce.url + "/")
    server = httpd("AllowEncodedSlashes NoDecode\n" + gateway)
    server.allow_log("SFJ0501|AH0")
    answer = server.post(REQUEST, path=path)
    assert [request.path for request in salesforce.requests()] == ([arrives] if arrives else [])
    if not arrives:
        assert answer.status in (404, 500)
        assert salesforce.token_requests() == []


def test_a_host_chosen_by_the_client_gets_no_token(salesforce, httpd):
    rules = (
        'RewriteEngine On\nRewriteCond "%{HTTP:X-Backend}" "(.+)"\n'
        'RewriteRule "^/services/Soap/(.*)" "https://%1/services/Soap/$1" [P]\n'
    )
    server = httpd(rules + sections.gateway(salesforce), modules=["rewrite"])
    assert "does not allow the host" in refused(server, salesforce, headers={"X-Backend": "evil.example"}).text
    assert salesforce.token_requests() == []
    good = f"localhost:{salesforce.https_port}"
    assert server.post(REQUEST, headers={"X-Backend": good}).status == 200


def test_a_user_name_in_the_address_does_not_hide_the_host(salesforce, httpd):
    disguised = "https://localhost:x@evil.example/services/Soap/$1"
    rules = f'RewriteEngine On\nRewriteRule "^/services/Soap/(.*)" "{disguised}" [P]\n'
    server = httpd(rules + sections.gateway(salesforce), modules=["rewrite"])
    server.allow_log("AH0")
    server.allow_log("SFJ0501")
    assert server.post(REQUEST).status in (400, 500)
    assert salesforce.requests() == salesforce.token_requests() == []


def by_handler(salesforce, handler):
    """SetHandler forwards to its URL with the file name of the request behind it, all in small letters."""
    config = sections.gateway(salesforce, "Require all granted")
    own = f"ProxyPass {salesforce.url}/services/Soap/"
    assert own in config
    return 'Alias "/services" "/services"\n' + config.replace(own, f'SetHandler "{handler}"')


@pytest.mark.parametrize("path", ["", "/services/Soap/u/66.0"], ids=["another-path", "small-letters"])
def test_a_handler_that_forwards_to_another_path_gets_no_token(salesforce, httpd, path):
    server = httpd(by_handler(salesforce, f"proxy:{salesforce.url}{path}"), modules=["alias"])
    assert "does not begin with /services/Soap/" in refused(server, salesforce).text
    assert salesforce.token_requests() == []


def test_a_balancer_with_a_right_member_serves(salesforce, httpd):
    server = httpd(balancer(salesforce, salesforce.url), modules=BALANCER)
    assert server.post(REQUEST).status == 200
    assert salesforce.requests()[0].user == JANE


def test_a_wrong_member_of_a_balancer_gets_no_token(salesforce, httpd):
    server = httpd(balancer(salesforce, "https://evil.example"), modules=BALANCER)
    assert "does not allow the host" in refused(server, salesforce).text


def test_a_balancer_does_not_fail_over_to_a_wrong_member(salesforce, httpd):
    members = ["https://localhost:1", "https://evil.example"]
    server = httpd(balancer(salesforce, *members), modules=BALANCER)
    server.allow_log("SFJ0501|SFJ070[12]|AH0")
    codes = {fault_in(server.post(REQUEST)).code for _ in range(4)}
    assert codes <= {"SFJ0501", "SFJ0701", "SFJ0702"} and "SFJ0501" in codes
    assert salesforce.requests() == []


def test_another_proxy_on_the_way_in_the_clear_gets_no_token(salesforce, httpd):
    remote = f'ProxyRemote "*" "{http_url(salesforce)}"\n'
    server = httpd(remote + sections.gateway(salesforce, target=http_url(salesforce) + "/services/Soap/"))
    server.expect_log("SFJ0501")
    assert fault_in(server.post(REQUEST)).code == "SFJ0501"
    assert salesforce.requests() == []


def test_an_instance_of_another_host_in_the_token_reply_is_refused(salesforce, httpd):
    salesforce.settings(instance_url="https://evil.example")
    server = httpd(sections.gateway(salesforce))
    server.expect_log("SFJ060")
    assert fault_in(server.post(REQUEST)).code.startswith("SFJ060")
    assert salesforce.requests() == []


def test_a_backend_whose_certificate_is_of_another_ca_sees_nothing(salesforce, httpd, tmp_path, running_salesforce):
    with type(running_salesforce)(tmp_path / "stranger") as stranger:
        server = httpd(sections.gateway(salesforce, target=f"{stranger.url}/services/Soap/"))
        server.expect_log("AH02039|AH01084|AH01097|AH00961|AH00898|AH01114|SSL Library Error|AH02003|AH02008|SFJ070[12]")
        answer = server.post(REQUEST)
        assert answer.status == 500 and fault_in(answer).code == "SFJ0701"
        assert stranger.requests() == [] == salesforce.requests()


# What else must not go.

SECRETS_OF_THE_CALLER = {
    "Authorization": "Basic " + base64.b64encode(b"billing:canary-password").decode(),
    "Proxy-Authorization": "Basic canary-of-the-proxy",
    "Cookie": "session=canary-cookie",
    "X-Remote-User": "canary-user",
    "X-Forwarded-Client-Cert": "canary-certificate",
}


@pytest.fixture
def authenticated(salesforce, httpd, tmp_path):
    """A gateway whose callers sign in, that writes three request headers to its access log."""
    users = subprocess.run(
        ["openssl", "passwd", "-apr1", "canary-password"], capture_output=True, text=True, check=True
    ).stdout
    server = httpd(
        'LogFormat "%{Cookie}i|%{X-Remote-User}i|%{Authorization}i|%u" canary\n'
        'CustomLog "{folder}/secrets/headers" canary\n'
        + sections.gateway(
            salesforce, "AuthType Basic", "AuthName gateway", "AuthBasicProvider file",
            'AuthUserFile "{folder}/htdocs/users"', "Require valid-user",
            SFJwtStripHeader="X-Remote-User X-Forwarded-Client-Cert",
        ),
        modules=["auth_basic", "authn_core", "authn_file", "authz_user"], start=False,
    )  # fmt: skip
    (server.folder / "htdocs/users").write_text("billing:" + users)
    return server.start()


def test_what_identifies_the_caller_stays_here(authenticated, salesforce):
    assert authenticated.post(REQUEST, headers={**SECRETS_OF_THE_CALLER, "X-Other": "goes"}).status == 200
    (received,) = salesforce.requests()
    assert received.header("X-Other") == ["goes"]
    for name in SECRETS_OF_THE_CALLER:
        assert received.header(name) == [], name
    assert "canary" not in str(received.headers)


def test_what_identifies_the_caller_can_still_be_logged(authenticated, salesforce):
    authenticated.post(REQUEST, headers=SECRETS_OF_THE_CALLER)
    headers = authenticated.secrets / "headers"
    authenticated.wait_until(lambda: headers.exists() and headers.read_text())
    authorization = SECRETS_OF_THE_CALLER["Authorization"]
    assert headers.read_text() == f"session=canary-cookie|canary-user|{authorization}|billing\n"


def test_without_a_password_nothing_is_done(authenticated, salesforce):
    assert authenticated.post(REQUEST).status == 401
    assert salesforce.requests() == salesforce.token_requests() == []


def test_cookies_of_salesforce_do_not_reach_the_client(salesforce, httpd):
    own = 'Header always add Set-Cookie "gateway=1"\n'
    server = httpd(own + sections.gateway(salesforce))
    assert server.post(REQUEST).header("Set-Cookie") == ["gateway=1"]
    plain = httpd(own + sections.plain(salesforce), with_module=False)
    assert len(plain.post(REQUEST).header("Set-Cookie")) == 2, "the fake sets no cookie: the test proves nothing"


def test_cookies_of_a_fault_do_not_reach_the_client(salesforce, httpd):
    server = httpd(sections.gateway(salesforce))
    salesforce.misbehave_soap(fault=["MALFORMED_QUERY", "unexpected token"])
    answer = server.post(REQUEST)
    assert answer.status == 500 and b"MALFORMED_QUERY" in answer.body
    assert answer.header("Set-Cookie") == []


# TLS to the backend is checked before the server starts.


@pytest.mark.parametrize(
    "tls",
    [
        "SSLProxyEngine On",
        "SSLProxyEngine On\nSSLProxyVerify none",
        "SSLProxyEngine On\nSSLProxyVerify optional",
        "SSLProxyEngine On\nSSLProxyVerify optional_no_ca",
        "SSLProxyEngine On\nSSLProxyVerify require\nSSLProxyCheckPeerName Off",
        "SSLProxyEngine On\nSSLProxyVerify require\n<Proxy https://localhost>\n  SSLProxyVerify none\n</Proxy>",
        "SSLProxyEngine On\nSSLProxyVerify require\n<Proxy *>\n  SSLProxyCheckPeerName off\n</Proxy>",
    ],
)
def test_configtest_wants_the_backend_verified(salesforce, configtest, tls):
    config = f'SSLProxyCACertificateFile "{salesforce.ca}"\n{tls}\n' + sections.gateway(salesforce, tls=False)
    accepted, output = configtest(config)
    assert not accepted and "SFJ0914" in output and "SSLProxyVerify require" in output


@pytest.mark.parametrize(
    "around",
    [
        "<IfModule ssl_module>\nSSLProxyVerify none\n</IfModule>",
        "<IfDefine !NOTHING>\nSSLProxyCheckPeerName off\n</IfDefine>",
        "Define VERIFY none\nSSLProxyVerify ${VERIFY}",
    ],
)
def test_configtest_sees_through_conditions(salesforce, configtest, around):
    accepted, output = configtest(sections.tls_to(salesforce) + around + "\n" + sections.gateway(salesforce, tls=False))
    assert not accepted and "SFJ0914" in output
