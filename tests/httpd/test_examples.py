# SPDX-License-Identifier: Apache-2.0
"""Each file of conf/examples as it is shipped, with only names of files and hosts changed: what it lets through, and
what somebody tries who wants to be somebody else."""

import base64
import http.client
import re
import ssl
import subprocess
from pathlib import Path

import pytest

import callers
import sealed
import sections
import slapd
from fake_salesforce.calls import JANE, envelope
from gateway_httpd import DEADLINE, SOURCE, Response
from redis_server import RedisServer
from soap_fault import fault_in

EXAMPLES = SOURCE / "conf/examples"
INTEGRATION = "integration@corp.example"
CREATE = (
    '<m:create xmlns:o="urn:sobject.partner.soap.sforce.com"><m:sObjects><o:type>Account</o:type>'
    '<o:Id xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:nil="true"/></m:sObjects></m:create>'
)
LOGIN = f"<m:login><m:username>{JANE}</m:username><m:password>{{}}</m:password></m:login>"
PROXY, STRANGER = "127.0.0.2", "127.0.0.1"


def configured(name, salesforce, certificates=None):
    """The text of an example, for the private httpd and the fake Salesforce."""
    text = (EXAMPLES / name).read_text()
    fake = Path(salesforce.ca).parent
    changes = {
        "*:443": "127.0.0.1:{port}",
        "/etc/apache2/sfjwt/gateway.crt": f'"{fake}/server.pem"',
        "/etc/apache2/sfjwt/gateway.key": f'"{fake}/server.key"',
        "/etc/apache2/sfjwt/partner.wsdl": f'"{sections.SAMPLE_WSDL}"',
        "/etc/apache2/sfjwt/client.key": f'"{salesforce.private_key}"',
        "/etc/apache2/sfjwt/callers-ca.crt": f'"{certificates}/ca.crt"',
        "/etc/apache2/sfjwt/ldap.password": "{folder}/secrets/ldap.password",
        "/etc/apache2/sfjwt/users": '"{folder}/run/users"',
        "/etc/apache2/sfjwt/callers": '"{folder}/run/users"',
        "/etc/ssl/certs/ca-certificates.crt": f'"{salesforce.ca}"',
        "https://example.my.salesforce.com": salesforce.url,
        "example.my.salesforce.com": "localhost",
        "https://login.salesforce.com": salesforce.url,
        "login.salesforce.com": "localhost",
        "north.my.salesforce.com": "127.0.0.2",
        "south.my.salesforce.com": "127.0.0.3",
        "3MVG9exampleConsumerKey": salesforce.client_id,
        "ServerName gateway.corp.example": "ServerName localhost",
        "192.0.2.10": PROXY,
        "/etc/apache2/sfjwt/cache.key": "{folder}/secrets/cache.key",
        "SFJwtAudience production": "SFJwtAudience production\n"
        f"SFJwtTokenEndpoint {salesforce.url}/services/oauth2/token\n"
        f'SFJwtTokenCAFile "{salesforce.ca}"',
    }
    for old, new in changes.items():
        text = text.replace(old, new)
    # Nothing of a real system is left, and the directives are those of the file.
    assert "/etc/" not in text and "salesforce.com" not in text
    return text


def call(server, session, operation=None, certificate=None, source=STRANGER, caller=None, headers=()):
    """By TLS, from the address `source`, with a client certificate if one is given."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if certificate:
        context.load_cert_chain(certificate.with_suffix(".crt"), certificate.with_suffix(".key"))
    connection = http.client.HTTPSConnection(
        "127.0.0.1", server.port, timeout=DEADLINE, context=context, source_address=(source, 0)
    )
    body = envelope(session, operation) if operation else envelope(session)
    lines = [("Content-Type", "text/xml; charset=utf-8"), ("Content-Length", str(len(body))), *headers]
    if caller:
        word = base64.b64encode(f"{caller}:{callers.PASSWORD}".encode()).decode()
        lines.append(("Authorization", f"Basic {word}"))
    try:
        connection.putrequest("POST", "/services/Soap/u/66.0")
        for name, value in lines:
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        return Response(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()


def verdict(*arguments, **more):
    """"ok", the code of the refusal, or the HTTP status of one by httpd."""
    answer = call(*arguments, **more)
    if answer.status == 200:
        return "ok"
    return fault_in(answer).code if answer.status == 500 else answer.status


def test_every_example_has_its_tests():
    tested = set(re.findall(r'"([a-z-]+\.conf)"', open(__file__).read()))
    assert {file.name for file in EXAMPLES.iterdir()} == tested


@pytest.fixture
def basic(httpd, salesforce):
    server = httpd(configured("basic-auth.conf", salesforce), modules=callers.AUTH_MODULES, start=False)
    (server.folder / "run/users").write_text(callers.user_file())
    server.allow_log("SFJ040[36]|AH0161[78]|auth_basic")
    return server.start()


@pytest.mark.parametrize(
    "caller, session, operation, expected",
    [
        ("billing", INTEGRATION, None, "ok"),
        ("billing", INTEGRATION, CREATE, "ok"),
        ("jane@corp.example", JANE, None, "ok"),
        ("billing", JANE, None, "SFJ0403"),
        ("billing", "xintegration@corp.example", None, "SFJ0403"),
        ("reports", INTEGRATION, None, "SFJ0403"),
        ("jane@corp.example", INTEGRATION, None, "SFJ0403"),
        ("jane@corp.example", "joe@corp.example", None, "SFJ0403"),
        ("jane@corp.example", JANE, CREATE, "SFJ0406"),
        ("unknown", JANE, None, 401),
        (None, JANE, None, 401),
    ],
)
def test_basic_authentication(basic, salesforce, caller, session, operation, expected):
    assert verdict(basic, session, operation, caller=caller) == expected
    if expected == "ok":
        (request,) = salesforce.requests()
        assert request.user == session and "authorization" not in {name.lower() for name, _ in request.headers}
    else:
        assert salesforce.requests() == salesforce.token_requests() == []


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    """Certificates by name: of the authority of the example, and two that are not."""
    folder = tmp_path_factory.mktemp("certificates")
    folder.chmod(0o755)

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    def issue(name, common_name, alternative=None, authority="ca"):
        extension = ["-addext", f"subjectAltName={alternative}"] if alternative else []
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={common_name}", *extension, "-keyout",
                f"{name}.key", "-out", f"{name}.csr")  # fmt: skip
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.crt", "-CAkey", f"{authority}.key",
                "-CAcreateserial", "-copy_extensions", "copy", "-days", "2", "-out", f"{name}.crt")  # fmt: skip

    for authority in ("ca", "other-ca"):
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={authority}", "-days", "2",
                "-keyout", f"{authority}.key", "-out", f"{authority}.crt")  # fmt: skip
    issue("jane", "Jane", "email:jane@corp.example")
    issue("billing", "billing", "email:billing@corp.example")
    issue("nobody", "nobody")
    issue("two", "two", "email:joe@corp.example,email:jane@corp.example")
    issue("strange", "billing", "email:jane@corp.example", authority="other-ca")
    return folder


@pytest.fixture
def mutual(httpd, salesforce, certificates):
    server = httpd(configured("client-certificates.conf", salesforce, certificates))
    server.allow_log("SFJ0403|AH02227|AH02008|AH02039|AH02261|SSL Library Error|AH0226[0-9]|AH01998")
    return server


@pytest.mark.parametrize(
    "certificate, session, headers, expected",
    [
        ("jane", JANE, [], "ok"),
        ("jane", "JANE@Corp.Example", [], "ok"),
        ("billing", INTEGRATION, [], "ok"),
        ("jane", "joe@corp.example", [], "SFJ0403"),
        ("jane", INTEGRATION, [("SSL_CLIENT_S_DN_CN", "billing"), ("Ssl-Client-S-Dn-Cn", "billing")], "SFJ0403"),
        ("billing", JANE, [], "SFJ0403"),
        ("nobody", JANE, [("Remote-User", JANE), ("X-Remote-User", JANE)], "SFJ0403"),
        ("nobody", INTEGRATION, [], "SFJ0403"),
        ("two", "joe@corp.example", [], "ok"),
        ("two", JANE, [], "SFJ0403"),
    ],
)
def test_client_certificates(mutual, salesforce, certificates, certificate, session, headers, expected):
    assert verdict(mutual, session, certificate=certificates / certificate, headers=headers) == expected
    assert len(salesforce.requests()) == (expected == "ok")


@pytest.mark.parametrize("certificate", [None, "strange"])
def test_without_a_certificate_of_the_authority_nobody_gets_in(mutual, salesforce, certificates, certificate):
    with pytest.raises((ssl.SSLError, ConnectionError, http.client.RemoteDisconnected)):
        call(mutual, JANE, certificate=certificates / certificate if certificate else None)
    assert salesforce.requests() == salesforce.token_requests() == []


@pytest.fixture
def after_proxy(httpd, salesforce):
    # mod_remoteip trusts everybody here: the example must hold all the same.
    text = configured("authenticating-proxy.conf", salesforce) + "RemoteIPHeader X-Forwarded-For\n"
    server = httpd(text, modules=["remoteip"])
    server.allow_log("SFJ040[1235]|AH0163[0-9]")
    return server


JOE = "joe@corp.example"


@pytest.mark.parametrize(
    "headers, expected",
    [
        ([("X-Remote-User", JOE)], "ok"),
        ([], "SFJ0401"),
        ([("X-Remote-User", "")], "SFJ0401"),
        ([("X_Remote_User", JOE)], "SFJ0401"),
        ([("X-Remote-User", JANE), ("X-Remote-User", JOE)], "SFJ0402"),
        ([("X-Remote-User", f"{JANE},{JOE}")], "SFJ0402"),
        ([("X-Remote-User", "joe@other.example")], "SFJ0403"),
        ([("X-Remote-User", JOE), ("X-Forwarded-For", "198.51.100.1")], "ok"),
        ([("X-Remote-User", JOE), ("Connection", "X-Remote-User")], "ok"),
    ],
)
def test_a_proxy_that_signs_users_in(after_proxy, salesforce, headers, expected):
    assert verdict(after_proxy, JANE, source=PROXY, headers=headers) == expected
    if expected != "ok":
        assert salesforce.requests() == salesforce.token_requests() == []
        return
    (request,) = salesforce.requests()
    assert request.user == JOE and "x-remote-user" not in {name.lower() for name, _ in request.headers}


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("X-Forwarded-For", PROXY)],
        [("X-Forwarded-For", f"{PROXY}, {PROXY}")],
        [("X-Real-IP", PROXY), ("Forwarded", f"for={PROXY}")],
    ],
)
def test_past_the_proxy_nobody_gets_in(after_proxy, salesforce, headers):
    assert verdict(after_proxy, JANE, headers=[("X-Remote-User", JANE), *headers]) == 403
    assert salesforce.requests() == salesforce.token_requests() == []


@pytest.fixture
def orgs(httpd, salesforce):
    return httpd(configured("several-orgs.conf", salesforce), modules=["authz_host"])


def test_users_of_several_orgs(orgs, salesforce):
    users = ("jane@north.corp.example", "joe@south.corp.example")
    for user, instance in zip(users, salesforce.instances):
        salesforce.settings(instance_url=instance)
        assert verdict(orgs, user, source=PROXY) == "ok"
    assert verdict(orgs, users[0], source=PROXY) == "ok"
    hosts = [request.header("Host")[0].partition(":")[0] for request in salesforce.requests()]
    assert hosts == ["127.0.0.2", "127.0.0.3", "127.0.0.2"]
    assert len(salesforce.token_requests()) == 2


def test_users_of_other_orgs_get_nowhere(orgs, salesforce):
    orgs.expect_log("SFJ0602")
    salesforce.settings(instance_url="https://west.my.salesforce.com")
    assert verdict(orgs, "jane@north.corp.example", source=PROXY) == "SFJ0602"
    assert salesforce.requests() == []


@pytest.mark.parametrize(
    "session, source, expected",
    [(JANE, PROXY, "SFJ0403"), ("jane@west.corp.example", PROXY, "SFJ0403"), ("jane@north.corp.example", STRANGER, 403)],
)
def test_who_gets_to_no_org_at_all(orgs, salesforce, session, source, expected):
    orgs.allow_log("SFJ0403|AH0163[0-9]")
    assert verdict(orgs, session, source=source) == expected
    assert salesforce.requests() == salesforce.token_requests() == []


@pytest.fixture
def login_by_file(httpd, salesforce):
    server = httpd(configured("login-file.conf", salesforce), modules=["authn_core", "authn_file"], start=False)
    (server.folder / "run/users").write_text(callers.user_file())
    server.allow_log("SFJ0403|SFJ0411|AH0161[78]")
    return server.start()


def test_logins_by_file(login_by_file, salesforce):
    answer = call(login_by_file, "", LOGIN.format(callers.PASSWORD))
    handle = re.search(rb"<sessionId>([^<]+)</sessionId>", answer.body)[1].decode()
    assert verdict(login_by_file, handle) == "ok"
    assert [request.user for request in salesforce.requests()] == [JANE, JANE]


def test_logins_by_ldap(httpd, salesforce):
    directory = slapd.Slapd(salesforce.ca.removesuffix("ca.pem") + "server", members=[JANE], others=["joe@corp.example"])
    try:
        text = configured("login-ldap.conf", salesforce).replace("ldaps://ldap.corp.example", directory.tls_url)
        server = httpd(text, modules=["authn_core", "ldap", "authnz_ldap"], start=False)
        (server.secrets / "ldap.password").write_text(slapd.GATEWAY_PASSWORD)
        server.allow_log("SFJ0411|AH01695")
        server.start()
        assert b"<sessionId>" in call(server, "", LOGIN.format(callers.PASSWORD)).body
        assert verdict(server, "", LOGIN.format(callers.PASSWORD).replace(JANE, "joe@corp.example")) == "SFJ0411"
    finally:
        directory.remove()


@pytest.mark.parametrize(
    "session, operation, expected", [("", LOGIN.format("wrong"), "SFJ0411"), (JANE, None, "SFJ0403")]
)
def test_without_a_login_nobody_gets_in(login_by_file, salesforce, session, operation, expected):
    assert verdict(login_by_file, session, operation) == expected
    assert salesforce.requests() == salesforce.token_requests() == []


def test_several_gateways_share_their_tokens(httpd, salesforce):
    redis = RedisServer()
    try:
        text = configured("several-gateways.conf", salesforce).replace("192.0.2.30:6379", f"127.0.0.1:{redis.port}")
        key = sealed.new_key()
        for _ in range(2):
            server = httpd(text, modules=["socache_redis", "authz_host"], start=False)
            (server.secrets / "cache.key").write_text(key)
            (server.secrets / "cache.key").chmod(0o600)
            server.start()
            assert verdict(server, JANE, source=PROXY) == "ok"
        assert len(salesforce.token_requests()) == 1
    finally:
        redis.remove()
