# SPDX-License-Identifier: Apache-2.0
"""Runs the fake Salesforce until SIGTERM, SIGINT or, with --until-stdin-closes, the end of its starter."""

import argparse
import asyncio
import errno
import json
import os
import signal
import socket
import ssl
import sys
from pathlib import Path

from aiohttp import web

from . import certificates
from .service import Service


def arguments():
    parser = argparse.ArgumentParser(prog="fake_salesforce", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="where certificates, keys and state.json go")
    parser.add_argument("--http", action="store_true", help="listen on plain http too")
    parser.add_argument("--names", nargs="+", default=certificates.DEFAULT_NAMES, help="names in the certificate")
    parser.add_argument("--ask-for-certificate", action="store_true", help="clients may show one signed by the CA")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end with the process that started it")
    return parser.parse_args()


def loopback_sockets():
    """One free port on 127.0.0.1 and, where the machine has it, the same on ::1: localhost may mean either."""
    for _ in range(20):
        first = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        first.bind(("127.0.0.1", 0))
        try:
            second = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
            second.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            second.bind(("::1", first.getsockname()[1]))
            return [first, second]
        except OSError as error:
            if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT):
                return [first]
            first.close()
    raise SystemExit("fake_salesforce: no port is free on both 127.0.0.1 and ::1")


async def listen(runner, tls=None):
    sockets = loopback_sockets()
    for listener in sockets:
        await web.SockSite(runner, listener, ssl_context=tls, backlog=1024, shutdown_timeout=0.2).start()
    return sockets[0].getsockname()[1]


async def run(options):
    options.folder.mkdir(parents=True, exist_ok=True)
    files = certificates.create(options.folder, options.names)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(files.server_certificate, files.server_key)

    if options.ask_for_certificate:
        tls.verify_mode = ssl.CERT_OPTIONAL
        tls.load_verify_locations(files.ca)

    service = Service(files.public_key.read_text())
    runner = web.AppRunner(service.application(), auto_decompress=False, access_log=None)
    await runner.setup()
    https_port = await listen(runner, tls)
    http_port = await listen(runner) if options.http else None
    service.org.serve_at(f"https://localhost:{https_port}")
    tell(options.folder, service, files, https_port, http_port)
    await the_end(options.until_stdin_closes)
    await runner.cleanup()


def tell(folder, service, files, https_port, http_port):
    state = {
        "pid": os.getpid(),
        "https_port": https_port,
        "http_port": http_port,
        "url": f"https://localhost:{https_port}",
        "ca": str(files.ca.resolve()),
        "private_key": str(files.private_key.resolve()),
        "client_certificate": str(files.client_certificate.resolve()),
        "public_key": str(files.public_key.resolve()),
        "client_id": service.org.settings.client_id,
    }
    line = json.dumps(state)
    unfinished = folder / "state.json.new"
    unfinished.write_text(line + "\n")
    unfinished.replace(folder / "state.json")
    print(line, flush=True)


async def the_end(with_stdin):
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    if with_stdin:
        loop.add_reader(sys.stdin.fileno(), lambda: os.read(0, 4096) or ended.set())
    await ended.wait()


if __name__ == "__main__":
    asyncio.run(run(arguments()))
