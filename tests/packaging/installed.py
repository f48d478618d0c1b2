# SPDX-License-Identifier: Apache-2.0
"""What a package installs below SFJWT_ROOT, with the httpd of this machine and the simulated Salesforce. A script of
packaging/ runs this; pytest does not collect it by itself."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(os.environ["SFJWT_ROOT"])
HTTPD = ROOT / "etc/httpd"
SOURCE = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(SOURCE / "tests"), str(SOURCE / "tests/httpd")]

import sections  # noqa: E402
from fake_salesforce.calls import JANE, envelope  # noqa: E402
from fake_salesforce.client import FakeSalesforce  # noqa: E402
from gateway_httpd import GatewayHttpd  # noqa: E402

QUERY = envelope(JANE, "<m:getUserInfo/>")


@pytest.fixture(name="salesforce", scope="module")
def fixture_salesforce(tmp_path_factory):
    folder = tmp_path_factory.mktemp("salesforce")
    for parent in (folder, *folder.parents):
        if parent.name.startswith("pytest-"):
            parent.chmod(0o755)  # httpd's children read the CA file
    with FakeSalesforce(folder) as running:
        yield running


@pytest.fixture(name="httpd")
def fixture_httpd():
    """httpd(config) starts one with the configuration files of the package; its ServerRoot has modules as /etc/httpd has."""
    servers = []

    def launch(config):
        includes = f'Include "{HTTPD}/conf.modules.d/10-sfjwt.conf"\nInclude "{HTTPD}/conf.d/sfjwt.conf"\n'
        server = GatewayHttpd(includes + config, with_module=False, log_level="info")
        (server.folder / "modules").symlink_to(module().parent)
        servers.append(server)
        return server.start()

    yield launch
    for server in servers:
        server.stop()
        server.remove()


def module():
    return next(ROOT.glob("usr/lib*/httpd/modules/mod_sfjwt.so"))


def test_the_module_serves_a_request(salesforce, httpd):
    server = httpd(sections.gateway(salesforce))
    response = server.post(QUERY)
    assert response.status == 200
    assert JANE.encode() in response.body
    assert JANE.encode() not in salesforce.requests()[-1].body
    assert "SFJ0936" in server.error_log()


def test_the_tool_runs_and_says_the_version():
    tool = ROOT / "usr/bin/sfjwtctl"
    version = subprocess.run([SOURCE / "packaging/version.sh"], capture_output=True, text=True, check=True).stdout.strip()
    said = subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout
    assert version.replace("~", "-") in said.replace("~", "-")


def test_binaries_are_stripped():
    for file in (module(), ROOT / "usr/bin/sfjwtctl"):
        headers = subprocess.run(["readelf", "-S", "-W", file], capture_output=True, text=True, check=True).stdout
        assert ".debug_info" not in headers


def test_no_file_names_a_folder_of_debian():
    for folder in ("etc/httpd", "usr/share/doc/mod_sfjwt/examples"):
        for file in (ROOT / folder).rglob("*"):
            if file.is_file():
                assert not re.search(r"/etc/apache2|/var/log/apache2|APACHE_LOG_DIR", file.read_text()), file


@pytest.mark.parametrize("page", ["man1/sfjwtctl.1", "man5/mod_sfjwt.5"])
def test_manual_pages_are_shown(page):
    (file,) = ROOT.glob(f"usr/share/man/{page}*")
    done = subprocess.run(
        ["man", "--warnings", "-l", file], capture_output=True, text=True, check=True,
        env={"PATH": os.environ["PATH"], "MANWIDTH": "100", "MANPAGER": "cat", "LC_ALL": "C.UTF-8"},
    )  # fmt: skip
    assert done.stderr == ""
    assert "SFJwt" in done.stdout
