# SPDX-License-Identifier: Apache-2.0
"""SFJwtInstance follow: each request goes to the instance that its token names, over connections that are kept."""

import concurrent.futures
import os

import pytest

import sections
from fake_salesforce.calls import JANE, envelope
from fake_salesforce.client import FakeSalesforce
from raw_http import PATH
from soap_fault import fault_in

JOE = "joe@corp.example"
REQUEST = envelope(JANE)
HEADERS = {"Content-Type": "text/xml"}
HOSTS = "localhost 127.0.0.2 127.0.0.3"


def following(salesforce, *lines, **changes):
    return sections.gateway(salesforce, *lines, **{"SFJwtInstance": "follow", "SFJwtAllowInstance": HOSTS, **changes})


@pytest.fixture
def server(salesforce, httpd):
    return httpd(following(salesforce))


def host_of(received):
    (host,) = received.header("Host")
    return "https://" + host


def visited(salesforce):
    return [host_of(received) for received in salesforce.requests()]


def as_user_of(salesforce, server, user, instance):
    """A request of a user who has no token yet and belongs to this instance."""
    salesforce.settings(instance_url=instance)
    answer = server.post(envelope(user))
    assert answer.status == 200
    return answer


def refused(server, salesforce, code="SFJ0501"):
    """That the request is refused with this code and nothing is sent."""
    server.expect_log(code)
    fault = fault_in(server.post(REQUEST))
    assert fault.code == code
    assert salesforce.requests() == []
    return fault.text


# Where requests go


def test_each_user_goes_to_the_own_instance(salesforce, httpd, server):
    first, second = salesforce.instances
    as_user_of(salesforce, server, JANE, first)
    as_user_of(salesforce, server, JOE, second)
    server.post(envelope(JANE))
    server.post(envelope(JOE))
    assert visited(salesforce) == [first, second, first, second]
    assert len(salesforce.token_requests()) == 2
    for received in salesforce.requests():
        assert received.tls and received.path == PATH and received.user in (JANE, JOE)


def test_path_and_query_stay(salesforce, server):
    salesforce.settings(instance_url=salesforce.instances[0])
    assert server.post(REQUEST, path=PATH + "/00D000000000062?a=%20b&c").status == 200
    assert salesforce.requests()[0].path == PATH + "/00D000000000062?a=%20b&c"


def test_without_it_requests_go_where_they_are_proxied_to(salesforce, httpd):
    for instance in ("fixed", None):
        server = httpd(following(salesforce, SFJwtInstance=instance))
        as_user_of(salesforce, server, JANE, salesforce.instances[0])
    assert visited(salesforce) == [salesforce.url] * 2


def test_a_section_may_be_fixed_where_its_server_follows(salesforce, httpd):
    server = httpd("SFJwtInstance follow\n" + following(salesforce, SFJwtInstance=["fixed"]))
    as_user_of(salesforce, server, JANE, salesforce.instances[0])
    assert visited(salesforce) == [salesforce.url]


def rewritten(salesforce):
    rule = f'RewriteEngine On\nRewriteRule "^/services/Soap/(.*)$" "{salesforce.url}/services/Soap/$1" [P]\n'
    own = f"  ProxyPass {salesforce.url}/services/Soap/\n"
    return rule + following(salesforce).replace(own, "")


def by_pattern(salesforce):
    own = f"  ProxyPass {salesforce.url}/services/Soap/\n"
    return following(salesforce).replace(own, "") + (
        f'ProxyPassMatch "^/services/Soap/(.*)$" "{salesforce.url}/services/Soap/$1"\n'
    )


def from_http(salesforce):
    return following(salesforce, target=f"http://localhost:{salesforce.http_port}/services/Soap/")


@pytest.mark.parametrize("way", [rewritten, by_pattern, from_http], ids=lambda way: way.__name__)
def test_every_way_into_the_proxy_follows(salesforce, httpd, way):
    server = httpd(way(salesforce), modules=["rewrite"])
    as_user_of(salesforce, server, JANE, salesforce.instances[0])
    server.post(REQUEST)
    first, second = salesforce.requests()
    assert visited(salesforce) == [salesforce.instances[0]] * 2
    assert first.tls and first.path == PATH
    assert first.connection == second.connection


@pytest.fixture
def http2_instance(salesforce, httpd):
    """An instance that speaks HTTP/2 and hands everything to Salesforce; logs the protocol and the caller's port."""
    certificate = f'SSLEngine On\nSSLCertificateFile "{salesforce.folder}/server.pem"\n'
    certificate += f'SSLCertificateKeyFile "{salesforce.folder}/server.key"\n'
    listening = 'Listen 127.0.0.2:{port}\nProtocols h2\nCustomLog "{folder}/logs/callers" "%H %{remote}p"\n'
    backend = f"ProxyPass / http://localhost:{salesforce.http_port}/\n"
    return httpd(listening + certificate + backend, modules=["http2"], with_module=False)


@pytest.mark.parametrize("mpm", ["event"], indirect=True)  # prefork has no HTTP/2
def test_http_2_is_followed_by_http_2(salesforce, httpd, http2_instance):
    target = f"h2://localhost:{http2_instance.port}/services/Soap/"
    server = httpd(following(salesforce, target=target), modules=["proxy_http2"])
    salesforce.settings(instance_url=f"https://127.0.0.2:{http2_instance.port}")
    for _ in range(3):
        assert server.post(REQUEST).status == 200
        salesforce.revoke(user=JANE)
    assert len(salesforce.requests()) == 5
    log = http2_instance.folder / "logs/callers"
    http2_instance.wait_until(lambda: log.read_text().count("\n") == 5)
    callers = log.read_text().splitlines()
    assert all(caller.startswith("HTTP/2.0 ") for caller in callers)
    # Now and then mod_proxy takes a connection with unread frames for a dead one and opens another.
    assert len(set(callers)) < len(callers)


@pytest.mark.parametrize("target", ["balancer://salesforce/services/Soap/", '"unix:/x|https://localhost/services/Soap/"'])
def test_neither_a_balancer_nor_a_socket_is_followed_from(salesforce, httpd, target):
    member = f"<Proxy balancer://salesforce>\n  BalancerMember {salesforce.url}\n</Proxy>\n"
    modules = ["slotmem_shm", "lbmethod_byrequests", "proxy_balancer"]
    server = httpd(member + following(salesforce, target=target), modules=modules)
    assert "SFJwtInstance follow" in refused(server, salesforce)
    assert salesforce.token_requests() == []


# A session that is over


def test_a_renewed_token_of_another_instance_is_followed_there(salesforce, server):
    first, second = salesforce.instances
    as_user_of(salesforce, server, JANE, first)
    salesforce.revoke(user=JANE)
    salesforce.settings(instance_url=second)
    answer = server.post(REQUEST)
    assert answer.status == 200 and f"<userName>{JANE}</userName>".encode() in answer.body
    server.post(REQUEST)
    assert visited(salesforce) == [first, first, second, second]
    for received in salesforce.requests():
        assert received.body == REQUEST.replace(JANE.encode(), received.session.encode())


def test_a_renewed_token_of_a_forbidden_instance_leaves_the_fault(salesforce, server):
    as_user_of(salesforce, server, JANE, salesforce.instances[0])
    salesforce.revoke(user=JANE)
    salesforce.settings(instance_url="https://evil.example")
    server.expect_log(rf"SFJ0703: .*evil\.example.*\[operation \w+\] \[subject {JANE}\]")
    answer = server.post(REQUEST)
    assert answer.status == 500 and b"INVALID_SESSION_ID" in answer.body
    assert len(salesforce.requests()) == 2


# Where tokens do not go


@pytest.mark.parametrize(
    "instance",
    [
        "https://evil.example", "http://127.0.0.2", "https://127.0.0.4", "https://127.0.0.2.",
        "https://jane@127.0.0.2", "https://127.0.0.2/services/Soap/", "https://LOCALHOST.", "https://[::1]",
        "https://127.0.0.2%00", "https://127.0.0.2\r\nX-A: b", "//127.0.0.2", "", None, 7,
    ],
    ids=repr,
)  # fmt: skip
def test_a_reply_that_names_no_allowed_instance_gives_no_token(salesforce, server, instance):
    salesforce.settings(instance_url=instance)
    refused(server, salesforce, code="SFJ0602")


def test_a_token_from_the_cache_is_judged_by_the_section_that_uses_it(salesforce, httpd):
    wide = following(salesforce)
    narrow = following(salesforce, path="/services/Soap/c/", tls=False, SFJwtAllowInstance="localhost")
    narrow = narrow.replace(f"ProxyPass {salesforce.url}/services/Soap/", f"ProxyPass {salesforce.url}/services/Soap/c/")
    server = httpd(wide + narrow)
    as_user_of(salesforce, server, JANE, salesforce.instances[0])
    salesforce.forget()
    server.expect_log("SFJ0501")
    fault = fault_in(server.post(REQUEST, path="/services/Soap/c/66.0"))
    assert fault.code == "SFJ0501" and "does not allow" in fault.text
    assert salesforce.requests() == salesforce.token_requests() == []


def test_a_cache_that_outlives_a_change_of_the_list_does_not_matter(salesforce, server):
    as_user_of(salesforce, server, JANE, salesforce.instances[0])
    salesforce.forget()
    server.write_config(following(salesforce, SFJwtAllowInstance="localhost"))
    server.graceful()
    assert "does not allow" in refused(server, salesforce)
    assert salesforce.token_requests() == []


def test_the_address_that_is_proxied_to_must_be_allowed_too(salesforce, httpd):
    server = httpd(following(salesforce, target="https://other.example/services/Soap/"))
    assert "does not allow the host other.example" in refused(server, salesforce)
    assert salesforce.token_requests() == []


def test_a_path_outside_of_soap_is_not_followed(salesforce, httpd):
    server = httpd(following(salesforce, path="/", target=salesforce.url + "/"))
    server.expect_log("SFJ0501")
    assert fault_in(server.post(REQUEST, path="/services/data/v66.0")).code == "SFJ0501"
    assert salesforce.requests() == salesforce.token_requests() == []


@pytest.fixture
def stranger(salesforce, tmp_path):
    """A server of another CA, whose certificate is for localhost."""
    with FakeSalesforce(tmp_path / "stranger", "--names", "localhost") as fake:
        yield fake


def unreached(salesforce, server, stranger, instance):
    """That the instance is connected to and gets nothing."""
    salesforce.settings(instance_url=instance)
    server.expect_log("SSL Library Error|AH02411")
    server.allow_log("proxy")
    server.expect_log("SFJ0701")
    answer = server.post(REQUEST)
    assert (answer.status, fault_in(answer).code) == (500, "SFJ0701")
    assert stranger.requests() == salesforce.requests() == []


def test_an_instance_whose_certificate_is_of_another_ca_sees_nothing(salesforce, server, stranger):
    unreached(salesforce, server, stranger, stranger.url)


def test_an_instance_whose_certificate_has_another_name_sees_nothing(salesforce, httpd, stranger):
    server = httpd(sections.tls_to(stranger) + following(salesforce, tls=False, SFJwtAllowInstance="localhost 127.0.0.1"))
    unreached(salesforce, server, stranger, f"https://127.0.0.1:{stranger.https_port}")


def test_the_proxy_section_of_the_address_that_is_proxied_to_holds_for_its_instances_alone(salesforce, httpd, stranger):
    """The other section trusts another CA, and must not get at the connection of this one either."""
    places = {place: f"{salesforce.url}/services/Soap/{place}/" for place in "uc"}
    config = sections.tls_to(stranger)
    config += f'<Proxy "{places["u"]}">\n  SSLProxyCACertificateFile "{salesforce.ca}"\n</Proxy>\n'
    for place, target in places.items():
        config += following(salesforce, path=f"/services/Soap/{place}/", target=target, tls=False)
    server = httpd(config)
    as_user_of(salesforce, server, JANE, salesforce.instances[0])
    server.expect_log("SSL Library Error")
    server.allow_log("proxy|SFJ0701")
    assert fault_in(server.post(REQUEST, path="/services/Soap/c/66.0")).code == "SFJ0701"
    assert [received.path for received in salesforce.requests()] == [PATH]


def test_an_instance_that_is_down_is_a_fault_and_no_other_is_concerned(salesforce, server):
    first, second = salesforce.instances
    as_user_of(salesforce, server, JOE, second)
    salesforce.settings(instance_url=first.rpartition(":")[0] + ":1")
    server.expect_log("SFJ0701")
    server.allow_log("proxy")
    for _ in range(2):
        answer = server.post(REQUEST)
        assert (answer.status, fault_in(answer).code) == (500, "SFJ0701")
    assert server.post(envelope(JOE)).status == 200


# Connections


def calls(server, user, count):
    connection = server.connection()
    statuses = []
    for _ in range(count):
        connection.request("POST", PATH, envelope(user), HEADERS)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()
    return statuses


def connections(salesforce):
    return {received.connection for received in salesforce.requests()}


def test_a_thousand_requests_open_ten_connections_at_most(salesforce, server):
    users = {f"user{number}@corp.example": salesforce.instances[number % 2] for number in range(8)}
    for user, instance in users.items():
        as_user_of(salesforce, server, user, instance)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        assert all(set(done) == {200} for done in pool.map(lambda user: calls(server, user, 5), users))
        warm = connections(salesforce)
        assert all(set(done) == {200} for done in pool.map(lambda user: calls(server, user, 125), users))
    assert salesforce.state()["soap_requests"] == 8 + 40 + 1000
    assert len(connections(salesforce) - warm) <= 10
    assert len(salesforce.token_requests()) == 8


@pytest.fixture
def crowd(salesforce, tmp_path):
    """One more than connections are kept to, and one more."""
    with FakeSalesforce(tmp_path / "crowd", "--instances", *(f"127.0.1.{number}" for number in range(1, 67))) as fake:
        yield fake


def test_connections_are_kept_to_64_instances_and_others_are_served_without(crowd, httpd):
    hosts = " ".join(instance[8:].partition(":")[0] for instance in crowd.instances)
    listed = f'<Proxy "{crowd.instances[-1]}">\n  ProxySet keepalive=On\n</Proxy>\n'
    server = httpd(listed + following(crowd, SFJwtAllowInstance="localhost " + hosts))
    server.expect_log("SFJ0906")
    users = [f"user{number}@corp.example" for number in range(66)]
    for user, instance in zip(users, crowd.instances):
        as_user_of(crowd, server, user, instance)
    for user, opened in ((users[0], 0), (users[63], 0), (users[64], 3), (users[65], 0)):
        before = connections(crowd)
        assert calls(server, user, 3) == [200] * 3
        assert len(connections(crowd) - before) == opened, user
    assert visited(crowd)[:66] == crowd.instances
    assert server.error_log().count("SFJ0906") == 1


def test_what_is_said_of_the_connections_of_the_proxy_holds_for_those_of_an_instance(salesforce, httpd):
    server = httpd(following(salesforce, target=f"{salesforce.url}/services/Soap/ disablereuse=on"))
    salesforce.settings(instance_url=salesforce.instances[0])
    assert calls(server, JANE, 3) == [200] * 3
    assert len(connections(salesforce)) == 3
    assert "127.0.0.2" in visited(salesforce)[0]


def test_a_slow_instance_is_given_up_after_the_timeout_of_the_proxy(salesforce, httpd):
    server = httpd(following(salesforce, target=f"{salesforce.url}/services/Soap/ timeout=1"))
    as_user_of(salesforce, server, JANE, salesforce.instances[0])
    salesforce.misbehave_soap(hold="slow")
    server.expect_log("SFJ0702")
    server.allow_log("proxy")
    answer = server.post(REQUEST)
    salesforce.release("slow")
    assert answer.status == 500 and fault_in(answer).code == "SFJ0702"


def test_files_do_not_become_more(salesforce, server):
    for user, instance in zip((JANE, JOE), salesforce.instances):
        as_user_of(salesforce, server, user, instance)
    (child,) = server.children()
    before = len(os.listdir(f"/proc/{child}/fd"))
    for _ in range(10):
        calls(server, JANE, 5)
        calls(server, JOE, 5)
        salesforce.revoke(user=JANE)
    assert len(os.listdir(f"/proc/{child}/fd")) <= before + 4


def test_a_graceful_restart_does_no_harm(salesforce, server):
    as_user_of(salesforce, server, JANE, salesforce.instances[0])
    for _ in range(2):
        server.graceful()
        assert calls(server, JANE, 3) == [200] * 3
    assert len(salesforce.token_requests()) == 1
    assert len(connections(salesforce)) == 3


# The configuration


@pytest.mark.parametrize(
    "tls, says",
    [
        ("", "set 'SSLProxyEngine On'"),
        ("SSLProxyEngine On", "SSLProxyVerify require"),
        ("SSLProxyEngine On\nSSLProxyVerify optional", "SSLProxyVerify require"),
        ("SSLProxyEngine On\nSSLProxyVerify require\nSSLProxyCheckPeerName off", "SSLProxyCheckPeerName"),
        ("<Proxy *>\nSSLProxyEngine On\nSSLProxyVerify require\n</Proxy>", "set 'SSLProxyEngine On'"),
        ("SSLProxyEngine On\nSSLProxyVerify require\nProxyPreserveHost On", "ProxyPreserveHost at"),
        ("SSLProxyEngine On\nSSLProxyVerify require\n<Proxy http://localhost>\nSSLProxyVerify none\n</Proxy>",
         "in the <Proxy> section at"),
    ],
)  # fmt: skip
def test_configtest_wants_instances_verified_whatever_is_proxied_to(salesforce, configtest, tls, says):
    ca = f'SSLProxyCACertificateFile "{salesforce.ca}"\n'
    target = f"http://localhost:{salesforce.http_port}/services/Soap/"
    accepted, output = configtest(ca + tls + "\n" + following(salesforce, target=target, tls=False))
    assert not accepted and "SFJ0914" in output and says in output


def test_a_host_of_the_client_is_not_kept_in_an_inner_section(salesforce, httpd):
    inner = f"<Location {PATH}>\n  ProxyPreserveHost On\n</Location>\n"
    server = httpd(following(salesforce) + inner)
    assert "ProxyPreserveHost" in refused(server, salesforce)
    assert salesforce.token_requests() == []


def test_configtest_knows_two_words(salesforce, configtest):
    accepted, output = configtest(following(salesforce, SFJwtInstance="always"))
    assert not accepted and "must be fixed or follow" in output
