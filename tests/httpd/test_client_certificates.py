# SPDX-License-Identifier: Apache-2.0
"""Callers who show a certificate, in the first handshake or in a second one that their request begins, while its body is
on the way."""

import ssl
from dataclasses import dataclass

import pytest

import sections
from fake_salesforce.calls import JANE
from fronts import Front, Message, Pipeline, Streams
from http2_client import StreamReset
from passage import query
from soap_fault import fault_in

GATEWAY = "gateway@corp.example"  # of the certificate
BUFFER = 131072  # what mod_ssl keeps of a body during a second handshake, SSLRenegBufferSize
VERSIONS = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


def showing(way, salesforce, version, shows=True, **more):
    """A front as `way`, whose clients show the certificate."""

    @dataclass(frozen=True)
    class Certified(way):
        def context(self):
            context = super().context()
            context.minimum_version = context.maximum_version = version
            context.post_handshake_auth = True
            if shows:
                context.load_cert_chain(salesforce.folder / "client.pem")
            return context

    return Certified("certified", tls=True, **more)


def gateway(salesforce, httpd, host, *section):
    """For the user of the certificate, whoever stands in the request."""
    lines = f'Protocols h2 http/1.1\n{Front("", tls=True).config(salesforce)}SSLCACertificateFile "{salesforce.ca}"\n'
    own = sections.gateway(salesforce, *section, SFJwtSubject='"%{SSL_CLIENT_S_DN_CN}@corp.example"')
    server = httpd(lines + host + "\n" + own, modules=["http2"])
    server.allow_log("ssl:|SFJ040[1-3]")
    return server


def served_and_renewed(front, server, salesforce, size):
    body = query(JANE, size)
    for _ in range(2):
        answers = front.exchange(server, [Message(body), Message(body)])
        assert [answer.status for answer in answers] == [200, 200]
        for request in salesforce.requests()[-2:]:
            assert request.user == GATEWAY and request.body == body.replace(JANE.encode(), request.session.encode(), 1)
        salesforce.revoke(user=GATEWAY)
        salesforce.forget()
    (answer,) = front.exchange(server, [Message(body)])
    assert answer.status == 200 and len(salesforce.requests()) == 2 and len(salesforce.token_requests()) == 1


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
@pytest.mark.parametrize("way", [Front, Pipeline, Streams], ids=lambda way: way.__name__.lower())
@pytest.mark.parametrize("verify", ["require", "optional"])
def test_the_certificate_of_the_connection_says_who_it_is(salesforce, httpd, version, way, verify):
    server = gateway(salesforce, httpd, f"SSLVerifyClient {verify}")
    served_and_renewed(showing(way, salesforce, version), server, salesforce, 300_000)


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
def test_who_may_show_a_certificate_and_does_not_is_nobody(salesforce, httpd, version):
    server = gateway(salesforce, httpd, "SSLVerifyClient optional")
    front = showing(Front, salesforce, version, shows=False)
    answer, _ = front.exchange(server, [Message(query(JANE))] * 2)
    assert fault_in(answer).code == "SFJ0402" and salesforce.requests() == salesforce.token_requests() == []


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
@pytest.mark.parametrize("way", [{}, {"chunks": 1000}, {"waits": True}], ids=["length", "chunked", "waits"])
@pytest.mark.parametrize("size", [0, BUFFER - 2000])
def test_a_certificate_may_be_asked_for_while_the_body_is_on_the_way(salesforce, httpd, version, way, size):
    server = gateway(salesforce, httpd, "", "SSLVerifyClient require")
    served_and_renewed(showing(Front, salesforce, version, **way), server, salesforce, size)


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
def test_a_body_that_mod_ssl_cannot_keep_until_then_is_refused_by_it(salesforce, httpd, version):
    server = gateway(salesforce, httpd, "", "SSLVerifyClient require")
    front = showing(Front, salesforce, version)
    (answer,) = front.exchange(server, [Message(query(JANE, BUFFER + 100_000))])
    assert answer.status == 413 and b"SFJ" not in answer.body
    assert salesforce.requests() == salesforce.token_requests() == []


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.name)
def test_who_shows_none_when_asked_gets_nothing(salesforce, httpd, version):
    server = gateway(salesforce, httpd, "", "SSLVerifyClient require")
    front = showing(Front, salesforce, version, shows=False)
    try:
        answers = front.exchange(server, [Message(query(JANE))])
        assert [answer.status for answer in answers] == [403]
    except (ssl.SSLError, ConnectionError):
        pass
    assert salesforce.requests() == salesforce.token_requests() == []


@pytest.mark.parametrize("mpm", ["event", "worker"], indirect=True)
def test_http_2_cannot_ask_for_a_certificate_later(salesforce, httpd):
    """RFC 9113 section 9.2.1. mod_http2 tells the client to come with HTTP/1.1."""
    server = gateway(salesforce, httpd, "", "SSLVerifyClient require")
    with pytest.raises(StreamReset, match="HTTP_1_1_REQUIRED"):
        showing(Streams, salesforce, VERSIONS[1]).exchange(server, [Message(query(JANE))])
    assert salesforce.requests() == salesforce.token_requests() == []
