# SPDX-License-Identifier: Apache-2.0
"""packaging/version.sh: the version of packages, from CMakeLists.txt."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def version(tmp_path):
    (tmp_path / "packaging").mkdir()
    shutil.copy(ROOT / "packaging/version.sh", tmp_path / "packaging")

    def run(cmake, *arguments):
        (tmp_path / "CMakeLists.txt").write_text(cmake)
        return subprocess.run([tmp_path / "packaging/version.sh", *arguments], capture_output=True, text=True, timeout=60)

    return run


FINAL = "project(mod_sfjwt VERSION 1.0.0 LANGUAGES CXX)\n"
CANDIDATE = FINAL + 'set(SFJWT_PRERELEASE "rc1")\n'


@pytest.mark.parametrize(
    "cmake, arguments, expected",
    [
        (FINAL, (), "1.0.0"),
        (FINAL + 'set(SFJWT_PRERELEASE "")\n', (), "1.0.0"),
        (CANDIDATE, (), "1.0.0~rc1"),
        (FINAL, ("--deb", "bookworm"), "1.0.0~deb12u1"),
        (CANDIDATE, ("--deb", "trixie"), "1.0.0~~rc1~deb13u1"),
    ],
)
def test_version(version, cmake, arguments, expected):
    assert version(cmake, *arguments).stdout == expected + "\n"


@pytest.mark.parametrize("cmake, arguments", [("", ()), (FINAL, ("--deb", "sid"))])
def test_no_version(version, cmake, arguments):
    done = version(cmake, *arguments)
    assert done.returncode != 0 and done.stdout == "" and done.stderr


@pytest.mark.skipif(not shutil.which("dpkg"), reason="dpkg compares versions")
def test_each_is_an_upgrade_of_the_one_before(version):
    versions = [version(cmake, "--deb", release).stdout.strip()
                for cmake in (CANDIDATE, FINAL) for release in ("bookworm", "trixie")]  # fmt: skip
    for older, newer in zip(versions, versions[1:]):
        assert subprocess.run(["dpkg", "--compare-versions", older, "lt", newer]).returncode == 0, (older, newer)
