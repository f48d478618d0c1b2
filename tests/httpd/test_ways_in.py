# SPDX-License-Identifier: Apache-2.0
"""Every way into mod_proxy and every kind of backend: a token goes along, and a session that is over is renewed."""

import pytest

import sections
from byte_server import ByteServer
from fake_salesforce.calls import JANE, envelope
from soap_fault import fault_in

REQUEST = envelope(JANE)
FOLDER = "/services/Soap/"
BALANCER = ["slotmem_shm", "lbmethod_byrequests", "proxy_balancer"]


def section(salesforce, **options):
    """A section of the gateway that leaves the proxying to somebody else."""
    marker = "https://not.here" + FOLDER
    return sections.gateway(salesforce, target=marker, **options).replace(f"  ProxyPass {marker}\n", "")


def server_wide(salesforce):
    return section(salesforce) + f"ProxyPass {FOLDER} {salesforce.url}{FOLDER}\n"


def in_location(salesforce):
    return sections.gateway(salesforce)


def by_pattern(salesforce):
    return section(salesforce) + f'ProxyPassMatch "^{FOLDER}(.*)$" "{salesforce.url}{FOLDER}$1"\n'


def rewritten(salesforce):
    rule = f'RewriteEngine On\nRewriteRule "^{FOLDER}(.*)$" "{salesforce.url}{FOLDER}$1" [P]\n'
    return rule + section(salesforce)


def rewritten_with_query(salesforce):
    return rewritten(salesforce).replace("[P]", "[P,QSA]")


def balanced(salesforce):
    member = f"<Proxy balancer://sf>\n  BalancerMember {salesforce.url}\n  ProxySet failonstatus=500,503\n</Proxy>\n"
    return member + sections.gateway(salesforce, target=f"balancer://sf{FOLDER}")


def balanced_by_the_server(salesforce):
    member = f"<Proxy balancer://sf>\n  BalancerMember {salesforce.url}{FOLDER[:-1]}\n</Proxy>\n"
    return member + section(salesforce) + f"ProxyPass {FOLDER} balancer://sf/\n"


def in_the_clear(salesforce):
    return sections.gateway(salesforce, target=f"http://localhost:{salesforce.http_port}{FOLDER}")


def in_a_virtual_host(salesforce):
    return f"<VirtualHost *:{{port}}>\n{sections.gateway(salesforce)}</VirtualHost>\n"


WAYS = [
    server_wide, in_location, by_pattern, rewritten, rewritten_with_query, balanced, balanced_by_the_server,
    in_the_clear, in_a_virtual_host,
]  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_token_goes_along_and_is_renewed(salesforce, httpd, way):
    server = httpd(way(salesforce), modules=["rewrite", *BALANCER])
    for _ in range(2):
        assert server.post(REQUEST).status == 200
        salesforce.revoke(user=JANE)
    first, dead, second = salesforce.requests()
    assert {request.path for request in (first, dead, second)} == {FOLDER + "u/66.0"}
    assert first.session == dead.session != second.session
    assert second.body == REQUEST.replace(JANE.encode(), second.session.encode())
    assert len(salesforce.token_requests()) == 2


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_backend_that_fails_is_a_fault_in_every_way(salesforce, httpd, way):
    server = httpd(way(salesforce), modules=["rewrite", *BALANCER])
    server.expect_log("SFJ0702")
    server.allow_log("proxy")
    salesforce.misbehave_soap(times=None, cut=0)
    answer = server.post(REQUEST)
    assert answer.status == 500 and fault_in(answer).code == "SFJ0702"


FAULT = (
    b'<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><e:Fault>'
    b"<faultcode>INVALID_SESSION_ID</faultcode><faultstring/></e:Fault></e:Body></e:Envelope>"
)


def test_a_backend_behind_a_unix_socket(salesforce, httpd):
    bodies = []

    def serve(connection, _head, body):
        bodies.append(body)
        connection.answer(*((FAULT, 500) if len(bodies) == 1 else (b"<a/>", 200)))

    folder = salesforce.folder / "sockets"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    path = folder / f"{id(bodies)}"
    with ByteServer(serve, path):
        path.chmod(0o777)
        server = httpd(sections.gateway(salesforce, target=f'"unix:{path}|http://localhost{FOLDER}"'))
        assert server.post(REQUEST).body == b"<a/>"
    assert len(bodies) == 2 and bodies[0] != bodies[1] and JANE.encode() not in bodies[0] + bodies[1]


@pytest.fixture
def http2_backend(salesforce, httpd):
    """An httpd that speaks HTTP/2 in the clear and hands everything to Salesforce."""
    config = f"Protocols h2c\nProxyPass / http://localhost:{salesforce.http_port}/\n"
    return httpd(config, modules=["http2"], with_module=False)


@pytest.mark.parametrize("mpm", ["event"], indirect=True)  # prefork has no HTTP/2
@pytest.mark.parametrize("size", [0, 200_000])
def test_a_backend_that_speaks_http_2(salesforce, httpd, http2_backend, size):
    target = f"h2c://localhost:{http2_backend.port}{FOLDER}"
    server = httpd(sections.gateway(salesforce, target=target), modules=["proxy_http2"])
    request = envelope(JANE, f"<m:query><m:queryString>{'x' * size}</m:queryString></m:query>")
    for _ in range(2):
        assert server.post(request).status == 200
        salesforce.revoke(user=JANE)
    first, dead, second = salesforce.requests()
    assert first.session == dead.session != second.session
    assert second.body == request.replace(JANE.encode(), second.session.encode())
    server.wait_until(lambda: server.access_log().count(" renewed=yes ") == 1)


def balanced_over_http_2(salesforce, httpd, http2_backend):
    member = f"BalancerMember h2c://localhost:{http2_backend.port}\n  ProxySet failonstatus=500"
    gateway = sections.gateway(salesforce, target=f"balancer://sf{FOLDER}")
    return httpd(f"<Proxy balancer://sf>\n  {member}\n</Proxy>\n{gateway}", modules=[*BALANCER, "proxy_http2"])


@pytest.mark.parametrize("mpm", ["event"], indirect=True)  # prefork has no HTTP/2
def test_a_balancer_keeps_its_member_of_http_2_when_a_session_is_over(salesforce, httpd, http2_backend):
    """What it says when it does not is an error in the log, which nobody expects here."""
    server = balanced_over_http_2(salesforce, httpd, http2_backend)
    for _ in range(3):
        assert server.post(REQUEST).status == 200
        salesforce.revoke(user=JANE)
    assert len(salesforce.requests()) == 5 and len(salesforce.token_requests()) == 3


@pytest.mark.parametrize("mpm", ["event"], indirect=True)  # prefork has no HTTP/2
def test_a_balancer_loses_its_member_of_http_2_for_another_fault(salesforce, httpd, http2_backend):
    server = balanced_over_http_2(salesforce, httpd, http2_backend)
    server.expect_log("AH01174")
    salesforce.misbehave_soap(fault=["MALFORMED_QUERY", "unexpected token"])
    answer = server.post(REQUEST)
    assert answer.status == 500 and b"MALFORMED_QUERY" in answer.body


@pytest.mark.parametrize("mpm", ["event"], indirect=True)  # prefork has no HTTP/2
def test_a_fault_over_http_2_that_is_another_passes(salesforce, httpd, http2_backend):
    target = f"h2c://localhost:{http2_backend.port}{FOLDER}"
    server = httpd(sections.gateway(salesforce, target=target), modules=["proxy_http2"])
    salesforce.misbehave_soap(fault=["MALFORMED_QUERY", "unexpected token"], headers=[["X-Own", "1"]])
    answer = server.post(REQUEST)
    assert answer.status == 500 and b"MALFORMED_QUERY" in answer.body and answer.header("X-Own") == ["1"]
    assert len(salesforce.requests()) == 1


@pytest.mark.parametrize("mpm", ["event"], indirect=True)  # prefork has no HTTP/2
@pytest.mark.parametrize("how", [{"cut": -5}, {"cut": 300, "chunked": 50}], ids=str)
def test_an_answer_over_http_2_that_breaks_off_is_not_repeated(salesforce, httpd, http2_backend, how):
    http2_backend.allow_log("proxy")
    target = f"h2c://localhost:{http2_backend.port}{FOLDER}"
    server = httpd(sections.gateway(salesforce, target=target), modules=["proxy_http2"])
    server.expect_log("SFJ0702")
    assert server.post(REQUEST).status == 200
    salesforce.revoke(user=JANE)
    salesforce.misbehave_soap(**how)
    answer = server.post(REQUEST)
    assert answer.status == 500 and fault_in(answer).code == "SFJ0702"
    assert len(salesforce.requests()) == 2 and len(salesforce.token_requests()) == 1


@pytest.mark.parametrize("how", ["file", "handler", "other-proxy"])
def test_what_does_not_go_through_the_gateway_is_left_alone(salesforce, httpd, how):
    settings = section(salesforce, path="/")
    more = '<Directory "{folder}/htdocs">\n  Require all granted\n</Directory>\n'
    more += "<Location /status>\n  SetHandler server-status\n</Location>\n"
    more += f"<Location /off/>\n  SFJwt Off\n  ProxyPass {salesforce.url}{FOLDER}\n</Location>\n"
    server = httpd(settings + more, modules=["status"], start=False)
    (server.folder / "htdocs/a.txt").write_text("hello")
    server.start()
    if how == "file":
        assert server.request("GET", "/a.txt").body == b"hello"
    elif how == "handler":
        assert b"Server Version" in server.request("GET", "/status").body
    else:
        server.post(REQUEST, path="/off/u/66.0")
        assert [request.body for request in salesforce.requests()] == [REQUEST]
    assert salesforce.token_requests() == []
