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
    parser.add_argument("--instances", nargs="+", default=[], help="further addresses of this machine, 127.x.y.z, "
                        "to listen on with https, all on the same port and named in the certificate")
    parser.add_argument("--ask-for-certificate", action="store_true", help="clients may show one signed by the CA")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end with the process that started it")
    return parser.parse_args()


def bound(family, address, port):
    listener = socket.socket(family, socket.SOCK_STREAM)
    if family == socket.AF_INET6:
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    try:
        listener.bind((address, port))
    except OSError:
        listener.close()
        raise
    return listener


def loopback_sockets(more=()):
    """One free port on 127.0.0.1, on the addresses that are given and, where the machine has it, on ::1: localhost
    may mean either."""
    for _ in range(20):
        sockets = [bound(socket.AF_INET, "127.0.0.1", 0)]
        port = sockets[0].getsockname()[1]
        try:
            sockets += [bound(socket.AF_INET, address, port) for address in more]
            return [*sockets, bound(socket.AF_INET6, "::1", port)]
        except OSError as error:
            if error.errno in (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT):
                return sockets
            for listener in sockets:
                listener.close()
    raise SystemExit("fake_salesforce: no port is free on both 127.0.0.1 and ::1")


async def listen(runner, tls=None, more=()):
    sockets = loopback_sockets(more)
    for listener in sockets:
        await web.SockSite(runner, listener, ssl_context=tls, backlog=1024, shutdown_timeout=0.2).start()
    return sockets[0].getsockname()[1]


async def run(options):
    options.folder.mkdir(parents=True, exist_ok=True)
    files = certificates.create(options.folder, [*options.names, *options.instances])
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(files.server_certificate, files.server_key)

    if options.ask_for_certificate:
        tls.verify_mode = ssl.CERT_OPTIONAL
        tls.load_verify_locations(files.ca)

    service = Service(files.public_key.read_text())
    runner = web.AppRunner(service.application(), auto_decompress=False, access_log=None)
    await runner.setup()
    https_port = await listen(runner, tls, options.instances)
    http_port = await listen(runner) if options.http else None
    service.org.serve_at(f"https://localhost:{https_port}")
    instances = [f"https://{address}:{https_port}" for address in options.instances]
    tell(options.folder, service, files, https_port=https_port, http_port=http_port, instances=instances)
    await the_end(options.until_stdin_closes)
    await runner.cleanup()


def tell(folder, service, files, **listening):
    state = {
        "pid": os.getpid(),
        **listening,
        "url": f"https://localhost:{listening['https_port']}",
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
