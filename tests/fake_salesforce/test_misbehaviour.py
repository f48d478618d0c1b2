# SPDX-License-Identifier: Apache-2.0
import gzip
import http.client
import json
import socket
import ssl
import threading
import urllib.request

import pytest

from fake_salesforce.calls import JANE, ask, call, envelope, send, signed, token


def test_a_misbehaviour_is_spent_after_its_times(fake):
    session = token(fake)
    fake.misbehave_soap(times=2, status=503)
    assert [call(fake, session)[0].status for _ in range(3)] == [503, 503, 200]


def test_a_misbehaviour_meets_only_what_it_names(fake):
    session = token(fake)
    fake.misbehave_soap(user="john@corp.example", status=503)
    fake.misbehave_soap(operation="query", status=504)
    fake.misbehave_soap(skip=1, status=505)
    assert [call(fake, session)[0].status for _ in range(2)] == [200, 505]
    assert call(fake, session, "<m:query/>")[0].status == 504


def test_an_unknown_key_is_refused(fake):
    with pytest.raises(ValueError, match="statsu"):
        fake.misbehave_soap(statsu=503)
    with pytest.raises(ValueError):
        fake.settings(no_such_setting=1)
    with pytest.raises(ValueError):
        fake.users({JANE: "sleepy"})


def test_body_and_headers_are_replaced(fake):
    fake.misbehave_soap(status=500, body=b"\xff\x00", headers=[["Content-Type", "a/b"], ["Set-Cookie", "c=d"]])
    response, body = call(fake, "x")
    assert body == b"\xff\x00"
    assert response.headers.get_all("Content-Type") == ["a/b"] and response.headers.get_all("Set-Cookie") == ["c=d"]


def test_token_fields_are_merged_and_a_token_so_given_is_known_as_secret(fake):
    changes = {"instance_url": "http://x.example", "expires_in": 5, "scope": None, "access_token": "a.b.c"}
    fake.misbehave_token(fields=changes)
    _, reply = ask(fake, signed(fake))
    assert reply["instance_url"] == "http://x.example" and reply["expires_in"] == 5 and "scope" not in reply
    assert "a.b.c" in fake.secrets()["tokens"]


def test_oauth_errors_and_soap_faults_come_in_their_shape(fake):
    fake.misbehave_token(error=["rate_limit_exceeded", "login rate exceeded"])
    assert ask(fake, signed(fake)) == (
        400,
        {"error": "rate_limit_exceeded", "error_description": "login rate exceeded"},
    )
    fake.misbehave_soap(fault=["REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."])
    response, body = call(fake, token(fake))
    assert response.status == 500 and b"<faultcode>sf:REQUEST_LIMIT_EXCEEDED</faultcode>" in body


def test_gzip_and_chunks(fake):
    fake.misbehave_soap(gzip=True, chunked=7)
    response, body = call(fake, token(fake))
    assert response.headers["Transfer-Encoding"] == "chunked" and response.headers["Content-Encoding"] == "gzip"
    assert JANE.encode() in gzip.decompress(body)


def test_raw_bytes_are_the_whole_answer(fake):
    fake.misbehave_soap(raw=b"HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 2\r\n\r\nab")
    response, body = call(fake, "x")
    assert (response.headers["X"], body) == ("y", b"ab")


def test_an_answer_can_be_cut_short(fake):
    fake.misbehave_soap(cut=-10)
    with pytest.raises(http.client.IncompleteRead):
        call(fake, "x")


def test_an_answer_can_be_cut_by_a_reset(fake):
    fake.misbehave_soap(cut=0, reset=True)
    connection = socket.create_connection(("127.0.0.1", fake.http_port))
    body = envelope("x")
    head = b"POST /services/Soap/u/66.0 HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body)
    connection.sendall(head + body)
    with pytest.raises(ConnectionResetError):
        connection.recv(1)
    connection.close()


def test_an_answer_can_come_in_drops(fake):
    fake.misbehave_soap(drip={"bytes": 100, "pause": 0.001})
    assert JANE.encode() in call(fake, token(fake))[1]


def test_a_held_request_waits_for_its_release(fake):
    fake.misbehave_token(hold="gate", times=None)
    given = []
    askers = [threading.Thread(target=lambda: given.append(ask(fake, signed(fake)))) for _ in range(3)]
    for asker in askers:
        asker.start()
    fake.wait_until(lambda state: state["held"] == {"gate": 3})
    assert given == []
    fake.release("gate")
    for asker in askers:
        asker.join()
    assert [status for status, _ in given] == [200, 200, 200]


def test_a_redirect_is_a_status_and_a_header(fake):
    fake.misbehave_token(status=302, headers=[["Location", "https://elsewhere.example/"]])
    response, _ = send(fake, "POST", "/services/oauth2/token")
    assert (response.status, response.headers["Location"]) == (302, "https://elsewhere.example/")


def test_reset_forgets_everything(fake):
    session = token(fake)
    fake.misbehave_soap(status=503, times=None)
    fake.users({JANE: "locked"})
    fake.settings(client_id="other")
    fake.reset()
    assert call(fake, session)[0].status == 500 and fake.state()["soap_requests"] == 1
    assert token(fake)


def test_the_certificate_is_not_trusted_without_the_ca(fake):
    with pytest.raises(ssl.SSLError):
        ssl.create_default_context().wrap_socket(
            socket.create_connection(("localhost", fake.https_port)), server_hostname="localhost"
        )


def test_the_plain_http_port_serves_the_same(fake):
    with urllib.request.urlopen(f"http://127.0.0.1:{fake.http_port}/_control/state") as response:
        assert json.load(response)["soap_requests"] == 0
