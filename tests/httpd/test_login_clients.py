# SPDX-License-Identifier: Apache-2.0
"""SOAP stacks that sign in by login(), unmodified but for the address.

client_stacks.py says what their programs read and write."""

import functools
import os
import subprocess

import pytest

import callers
import sections
from client_stacks import GENERATED, STACKS
from fake_salesforce.calls import JANE
from real_messages import ABSENT, WSDLS
from sections import ENTERPRISE_WSDL, SAMPLE_WSDL

PARTNER = WSDLS / "partner-66.0.wsdl"
ENTERPRISE = WSDLS / "enterprise-64.0.wsdl"
PARTNER_PATH = "/services/Soap/u/66.0"
ENTERPRISE_PATH = "/services/Soap/c/64.0"
TYPED = ("zeep", "suds", "axis-1")  # they read no answer with more in it than the WSDL declares
LOGIN_EXCEPTIONS = {"axis-1": "LoginFault", "jax-ws": "LoginFault", "jsforce-2": "Error", "jsforce-3": "Error"}
LOGS_IN_AGAIN = ("jsforce-1", "jsforce-2", "jsforce-3")  # by themselves, when the session is over


def cases():
    absent = pytest.mark.skipif(not PARTNER.is_file(), reason=ABSENT)
    for name in [*STACKS, *GENERATED]:
        yield pytest.param(name, SAMPLE_WSDL, PARTNER_PATH, id=f"{name}-our-sample")
    for name in STACKS:
        yield pytest.param(name, PARTNER, PARTNER_PATH, id=f"{name}-partner-66", marks=absent)
    yield pytest.param("php", ENTERPRISE_WSDL, ENTERPRISE_PATH, id="php-our-enterprise-sample")
    yield pytest.param("php", ENTERPRISE, ENTERPRISE_PATH, id="php-enterprise-64", marks=absent)


@pytest.fixture(scope="module")
def server_for(shared_salesforce, shared_httpd):
    """server_for(wsdl), started once."""

    @functools.lru_cache
    def start(wsdl):
        users = 'AuthUserFile "{folder}/run/users"'
        directives = {"SFJwtLogin": "file", "SFJwtAllowSubject": "login", "SFJwtWsdl": f'"{wsdl}"'}
        server = shared_httpd(
            sections.gateway(shared_salesforce, users, **directives), modules=("authn_core", "authn_file"), start=False
        )
        (server.folder / "run" / "users").write_text(callers.user_file())
        server.allow_log("SFJ041[01]|AH0161[78]")
        return server.start()

    return start


class Application:
    """A process of a stack."""

    def __init__(self, command, home):
        self.errors = home / "stderr"
        self.process = subprocess.Popen(
            [str(word) for word in command], env={"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors.open("w"), text=True, bufsize=1,
        )  # fmt: skip

    def call(self, location, session, operation, *password):
        self.process.stdin.write(" ".join([location, session, operation, *password]) + "\n")
        return self.process.stdout.readline().rstrip("\n")

    def close(self):
        self.process.stdin.close()
        assert self.process.wait(timeout=30) == 0, self.errors.read_text()


@pytest.fixture
def application(tmp_path):
    started = []

    def start(name, wsdl):
        started.append(Application({**STACKS, **GENERATED}[name][0](wsdl), tmp_path))
        return started[0]

    yield start
    for process in started:
        process.close()


@pytest.mark.parametrize("name, wsdl, path", cases())
def test_login_calls_logout(application, server_for, shared_salesforce, name, wsdl, path):
    exception = {**STACKS, **GENERATED}[name][1]
    server = server_for(wsdl)
    address = f"http://localhost:{server.port}{path}"
    app = application(name, wsdl)

    refused = app.call(address, f"unknown-to-{name}@corp.example", "login", "wrong")
    assert refused.startswith(LOGIN_EXCEPTIONS.get(name, exception) + " ")
    assert "Invalid username, password, security token; or user locked out." in refused

    shared_salesforce.forget()
    server_url = app.call(address, JANE, "login", callers.PASSWORD)
    assert server_url.startswith(f"ok {address}")
    assert app.call("-", "-", "query") == "ok 2"
    assert app.call("-", "-", "create").lower() == "ok true"
    operations = ["getUserInfo", "query", "create"]
    if name not in TYPED or wsdl == PARTNER:
        assert app.call("-", "-", "getUserInfo") == f"ok {JANE}"
        operations.append("getUserInfo")
    assert app.call("-", "-", "logout").startswith("ok")
    over = app.call("-", "-", "query")
    assert over.startswith(exception + " ") and "INVALID_SESSION_ID" in over
    assert [(request.operation, request.user) for request in shared_salesforce.requests()] == [
        (operation, JANE) for operation in operations
    ]

    assert app.call(address, JANE, "login", callers.PASSWORD) == server_url
    assert app.call("-", "-", "query") == "ok 2"


@pytest.mark.parametrize("name", LOGS_IN_AGAIN)
def test_a_client_that_can_logs_in_again_when_the_session_is_over(application, server_for, shared_salesforce, name):
    server = server_for(SAMPLE_WSDL)
    app = application(name, SAMPLE_WSDL)
    assert app.call(f"http://localhost:{server.port}{PARTNER_PATH}", JANE, "login", callers.PASSWORD).startswith("ok ")
    assert app.call("-", "-", "query") == "ok 2"
    assert app.call("-", "-", "revoke") == "ok "
    shared_salesforce.forget()
    assert app.call("-", "-", "query") == "ok 2"
    assert [request.operation for request in shared_salesforce.requests()] == ["getUserInfo", "query"]
