# SPDX-License-Identifier: Apache-2.0
"""What large bodies cost, in both directions, and clients that do not wait for the end."""

import socket
import threading
from pathlib import Path

import pytest

import sections
from byte_server import ByteServer
from fake_salesforce.calls import JANE, envelope
from gateway_httpd import DEADLINE
from raw_http import chunked, post, responses_in

REQUEST = envelope(JANE)
MEGABYTE = 1 << 20
ANSWER = b"<a/>"


def gateway(salesforce, httpd, backend):
    """A gateway of two workers, that has a token for Jane."""
    threads = "<IfModule !mpm_prefork_module>\nThreadsPerChild 2\n</IfModule>\nMaxRequestWorkers 2\n"
    server = httpd(threads + sections.gateway(salesforce, target=f"{backend.url}/services/Soap/"))
    server.allow_log("server reached MaxRequestWorkers")
    assert server.post(REQUEST).status == 200
    return server


def peak(server):
    """The most memory any child has had, in bytes."""
    peaks = []
    for child in server.children():
        status = Path(f"/proc/{child}/status").read_text()
        peaks.append(int(status.partition("VmHWM:")[2].split()[0]) << 10)
    return max(peaks)


# Responses


@pytest.mark.parametrize("status", [200, 500])
def test_a_response_of_200_megabytes_takes_no_memory(salesforce, httpd, status):
    piece, count = b"x" * MEGABYTE, 200

    def serve(connection, _head, _body):
        served.append(1)
        if len(served) == 1:
            return connection.answer(ANSWER)
        connection.send(f"HTTP/1.1 {status} x\r\nContent-Length: {count * MEGABYTE}\r\n\r\n".encode())
        for _ in range(count):
            connection.send(piece)

    served = []
    with ByteServer(serve) as backend:
        server = gateway(salesforce, httpd, backend)
        before = peak(server)
        connection = server.connection()
        connection.request("POST", "/services/Soap/u/66.0", REQUEST, {"Content-Type": "text/xml"})
        answer = connection.getresponse()
        received = 0
        while data := answer.read(MEGABYTE):
            received += len(data)
        connection.close()
        assert (answer.status, received) == (status, count * MEGABYTE)
        assert peak(server) - before < 4 * MEGABYTE


def test_the_first_byte_does_not_wait_for_the_last(salesforce, httpd):
    seen = threading.Event()

    def serve(connection, _head, _body):
        served.append(1)
        if len(served) == 1:
            return connection.answer(ANSWER)
        connection.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
        assert seen.wait(DEADLINE)
        connection.send(b"4\r\nlast\r\n0\r\n\r\n")

    served = []
    with ByteServer(serve) as backend:
        server = gateway(salesforce, httpd, backend)
        connection = server.connection()
        connection.request("POST", "/services/Soap/u/66.0", REQUEST, {"Content-Type": "text/xml"})
        answer = connection.getresponse()
        assert answer.read(5) == b"first"
        seen.set()
        assert answer.read() == b"last"
        connection.close()


def test_a_client_that_leaves_frees_its_worker_and_the_backend(salesforce, httpd):
    """There are two of them; each would be lost with its client."""
    freed = threading.Semaphore(0)

    def serve(connection, _head, _body):
        served.append(1)
        if len(served) in (1, 6):
            return connection.answer(ANSWER)
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
        try:
            while True:
                connection.send(b"x" * MEGABYTE)
        except OSError:
            freed.release()
            raise

    served = []
    with ByteServer(serve) as backend:
        server = gateway(salesforce, httpd, backend)
        for _ in range(4):
            with socket.create_connection(("127.0.0.1", server.port), timeout=DEADLINE) as client:
                client.sendall(post(REQUEST))
                assert client.recv(1000)
            assert freed.acquire(timeout=DEADLINE), "the backend is still being read"
        assert server.post(REQUEST).body == ANSWER


# Requests


@pytest.mark.parametrize("way", ["length", "chunked"])
def test_a_request_of_50_megabytes_takes_little_more_than_its_size(salesforce, httpd, way):
    body = envelope(JANE, f"<m:query><m:queryString>{'x' * 50_000_000}</m:queryString></m:query>")
    sizes = []

    def serve(connection, _head, received):
        sizes.append(len(received))
        connection.answer(ANSWER)

    with ByteServer(serve) as backend:
        server = gateway(salesforce, httpd, backend)
        before = peak(server)
        end = [("Connection", "close")]
        if way == "chunked":
            data = post(chunked(body, 60_000), [("Transfer-Encoding", "chunked"), *end], length=False)
        else:
            data = post(body, end)
        (answer,) = responses_in(server.send_raw(data))
        assert answer.status == 200 and sizes[-1] > len(body)
        assert peak(server) - before < 1.3 * len(body)


def test_no_body_is_written_to_a_file(salesforce, httpd):
    """A file that lived for a moment only would have changed the folder."""
    body = envelope(JANE, f"<m:query><m:queryString>{'x' * 3_000_000}</m:queryString></m:query>")
    with ByteServer(lambda connection, *_: connection.answer(ANSWER)) as backend:
        server = gateway(salesforce, httpd, backend)
        before = (server.folder / "tmp").stat().st_mtime_ns
        for data in (post(body), post(chunked(body, 9000), [("Transfer-Encoding", "chunked")], length=False)):
            (answer,) = responses_in(server.send_raw(data.replace(b"\r\n", b"\r\nConnection: close\r\n", 1)))
            assert answer.status == 200
        assert (server.folder / "tmp").stat().st_mtime_ns == before
