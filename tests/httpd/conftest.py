# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the httpd tests.

    def test_the_token_takes_the_place_of_the_email(salesforce, httpd):
        server = httpd(sections.gateway(salesforce))
        response = server.post(query)
        assert response.status == 200
        assert salesforce.requests()[-1].body == query.replace(b"jane@corp.example", token)

After each test every server is stopped, and the test fails when a server logged a warning or an error that was not
declared (server.expect_log, server.allow_log) or when a token, an assertion, the private key or a canary stands in a
file below its folder. The folder of a failed test stays and is named. In a test use salesforce.forget(), not reset():
the search for leaks asks the fake for its secrets.
"""

import os
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

pytest.register_assert_rewrite("passage", "neighbours", "soap_fault")

from fake_salesforce.client import FakeSalesforce  # noqa: E402
from gateway_httpd import MODULE, GatewayHttpd  # noqa: E402
from left_behind import secrets_of  # noqa: E402

DEFAULT_MPM = os.environ.get("SFJWT_MPM", "event")
FAILED = pytest.StashKey()


def pytest_addoption(parser):
    parser.addoption(
        "--mpm",
        default=DEFAULT_MPM,
        help="comma-separated MPMs every httpd test runs with: event, worker, prefork (also SFJWT_MPM)",
    )


def pytest_generate_tests(metafunc):
    its_own = any("mpm" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "mpm" in metafunc.fixturenames and not its_own:
        # By way of a fixture of session scope: given to tests directly it would make pytest mix the modules, and
        # servers that tests share would start again and again.
        mpms = metafunc.config.getoption("--mpm", DEFAULT_MPM).split(",")
        metafunc.parametrize("mpm", mpms, indirect=True, scope="session")


@pytest.fixture(scope="session")
def mpm(request):
    return request.param


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Lets fixtures see whether the test itself failed."""
    report = (yield).get_result()
    if report.when == "call":
        item.stash[FAILED] = report.failed


@pytest.fixture(scope="session")
def running_salesforce():
    # Not below pytest's own folder, which is its user's alone: httpd's children read the CA file.
    with tempfile.TemporaryDirectory(prefix="sfjwt-salesforce-") as folder:
        os.chmod(folder, 0o755)
        with FakeSalesforce(folder, "--http", "--instances", "127.0.0.2", "127.0.0.3") as fake:
            yield fake


@pytest.fixture
def salesforce(running_salesforce):
    """The fake Salesforce as it is after its start; see fake_salesforce/__init__.py and client.py."""
    running_salesforce.reset()
    return running_salesforce


@pytest.fixture
def httpd(request, mpm, salesforce):
    """httpd(config, modules=[...], log_level=..., with_module=True, environment={...}) gives a started GatewayHttpd;
    start=False leaves the start to the test."""
    yield from launched(mpm, salesforce, failed=lambda: request.node.stash.get(FAILED, True))


@pytest.fixture(scope="module")
def shared_salesforce(running_salesforce):
    """The fake for servers all tests of a module share; never reset while their caches hold its tokens."""
    running_salesforce.reset()
    return running_salesforce


@pytest.fixture(scope="module")
def shared_httpd(mpm, shared_salesforce):
    """As httpd, for all tests of a module; judged after the last of them. For modules with many tests of one
    configuration: each test takes users of its own, and allow_log() holds for all."""
    yield from launched(mpm, shared_salesforce, failed=lambda: False)


def launched(mpm, salesforce, failed):
    servers = []

    def launch(config, *, start=True, **options):
        if options.get("with_module", True) and not MODULE.is_file():
            pytest.fail(f"{MODULE} is not built; SFJWT_MODULE names another")
        server = GatewayHttpd(config, mpm=mpm, **options)
        servers.append(server)
        return server.start() if start else server

    yield launch
    secrets = secrets_of(salesforce)
    problems = [problem for server in servers for problem in judged(server, secrets)]
    if problems or failed():
        for server in servers:
            print(f"kept: {server.folder}")
    else:
        for server in servers:
            server.remove()
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


@pytest.fixture
def configtest(mpm):
    """configtest(config, **options) gives (accepted, what httpd -t says)."""
    servers = []

    def run(config, **options):
        server = GatewayHttpd(config, mpm=mpm, **options)
        servers.append(server)
        return server.configtest()

    yield run
    for server in servers:
        server.remove()


def judged(server, secrets):
    try:
        server.stop()
        late = []
    except RuntimeError as error:
        late = [str(error)]
    return late + server.complaints() + server.leaks(secrets)
