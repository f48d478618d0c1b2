# SPDX-License-Identifier: Apache-2.0
"""Gateways whose callers sign in by name and password, and what such callers are told."""

import base64
import functools
import subprocess

import sections
from fake_salesforce.calls import JANE, envelope
from soap_fault import fault_in

CALLERS = ("billing", "reports", "jane@corp.example", "Jane@Corp.Example", "joe@corp.example", "nobody")
PASSWORD = "not-a-secret"
AUTH_MODULES = ["auth_basic", "authn_core", "authn_file", "authz_user"]
SIGN_IN = ("AuthType Basic", "AuthName gateway", "AuthBasicProvider file", 'AuthUserFile "{folder}/run/users"',
           "Require valid-user")  # fmt: skip


@functools.lru_cache
def user_file():
    """The lines of an AuthUserFile."""
    command = ["openssl", "passwd", "-apr1", PASSWORD]
    word = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    return "".join(f"{name}:{word}\n" for name in CALLERS)


def gateway(httpd, salesforce, *lines, sign_in=True, files=None, start=True, **directives):
    """A started gateway; `files` are further files of its folder run, by name."""
    config = sections.gateway(salesforce, *SIGN_IN * sign_in, *lines, **directives)
    server = httpd(config, modules=AUTH_MODULES, start=False)
    for name, text in {"users": user_file(), **(files or {})}.items():
        (server.folder / "run" / name).write_text(text)
    server.allow_log("SFJ040[1-6]")
    return server.start() if start else server


def call(server, body=None, caller=None, **headers):
    if caller:
        headers["Authorization"] = "Basic " + base64.b64encode(f"{caller}:{PASSWORD}".encode()).decode()
    return server.post(envelope(JANE) if body is None else body, headers=headers)


def verdict(server, session, caller=None, operation=None, **headers):
    """"ok", or the code of the refusal."""
    body = envelope(session, operation) if operation else envelope(session)
    answer = call(server, body, caller, **headers)
    return "ok" if answer.status == 200 else fault_in(answer).code


def users_served(salesforce):
    return [request.user for request in salesforce.requests()]
