# SPDX-License-Identifier: Apache-2.0
"""packaging/install-deps.sh beside an apt of the test's own: what it would install, upgrade and ask the archive for."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "packaging/install-deps.sh"

# As much of the commands as the script asks of them; sudo only writes down what it was to do.
COMMANDS = {
    "id": "echo 1000",
    "sudo": 'echo "$*" >>"$FAKE/done"; case $* in *apt-get*" update") [ -z "$OFFLINE" ] ;; tee*) cat >/dev/null ;; esac',
    "dpkg-query": """
case $3 in
  *Status-Status*) for name in $MISSING; do [ "$name" != "$4" ] || exit 1; done; printf installed ;;
  *Version*) echo "$LIBSSL" ;;
  *Depends*) echo "clang-$CLANG (>= $CLANG~)" ;;
  *Package*) echo "install ok installed:libssl3"; echo "$HOLD ok installed:libcurl4" ;;
esac""",
    "apt-cache": """
case $1 in
  depends) printf "clang\\n  Depends: clang-%s\\n  Breaks: <clang-3.2>\\n" "$CLANG" ;;
  show) [ "$2" != "$UNKNOWN" ] ;;
esac""",
    "apt-get": """
for library in $OUTDATED; do
  case " $* " in *" $library "*) echo "Inst $library [1] (2 Debian:12 [amd64])" ;; esac
done
echo "Inst new-package (1 Debian:12 [amd64])"
""",
    "apxs": 'echo "$FAKE"',
}


@pytest.fixture
def machine(tmp_path):
    """Runs the script on a machine as described; gives what came of it and what it did as root."""
    for name, body in COMMANDS.items():
        (tmp_path / name).write_text(f"#!/bin/bash\n{body}\n")
        (tmp_path / name).chmod(0o755)
    (tmp_path / "mod_ssl.so").write_bytes(b"\0\nOpenSSL 3.0.22 25 Aug 2026\0OpenSSL 3.0.22 25 Aug 2026\0\n")

    def run(missing="", outdated="", libssl="3.0.22-1~deb12u2", clang="14", hold="install", unknown="", offline="", sudo=True):
        if not sudo:
            (tmp_path / "sudo").unlink()
        tools = tmp_path / "tools"
        tools.mkdir()
        for tool in ("bash", "sed", "sort", "head", "tail", "grep", "env", "cat", "dpkg"):
            (tools / tool).symlink_to(next(p for p in (f"/usr/bin/{tool}", f"/bin/{tool}") if os.path.exists(p)))
        settings = {"MISSING": missing, "OUTDATED": outdated, "LIBSSL": libssl, "CLANG": clang, "HOLD": hold,
                    "UNKNOWN": unknown}  # fmt: skip
        done = subprocess.run(
            ["bash", SCRIPT, "test"], capture_output=True, text=True, timeout=60,
            env={"PATH": f"{tmp_path}:{tools}", "FAKE": str(tmp_path), "OFFLINE": offline, **settings},
        )  # fmt: skip
        log = tmp_path / "done"
        asked = [line.split("--no-install-recommends ")[1] for line in (log.read_text().splitlines() if log.exists() else ())
                 if "apt-get" in line]  # fmt: skip
        return done, asked

    return run


def test_nothing_is_asked_of_the_archive_when_all_is_there(machine):
    done, asked = machine()
    assert (done.returncode, done.stdout, done.stderr, asked) == (0, "", "", [])


def test_a_library_older_than_the_archives_is_upgraded(machine):
    done, asked = machine(outdated="libssl3")
    assert done.returncode == 0
    assert asked == ["--only-upgrade --no-remove install libssl3"]


def test_a_library_on_hold_is_left_alone(machine):
    assert machine(outdated="libcurl4", hold="hold")[1] == []


def test_a_mod_ssl_newer_than_its_library_makes_it_read_the_archive_again(machine):
    assert machine(libssl="3.0.19-1~deb12u2")[1] == ["update"]


def test_what_is_missing_is_installed_and_libraries_are_upgraded_before(machine):
    done, asked = machine(missing="g++ valgrind", outdated="libssl3")
    assert done.returncode == 0
    assert asked == ["update", "--only-upgrade --no-remove install libssl3", "install g++ valgrind"]


@pytest.mark.parametrize("version", ["14", "19"])
@pytest.mark.parametrize("clang", ["", "clang "])
def test_the_runtime_of_the_sanitizers_is_that_of_the_clang_there_is(machine, version, clang):
    asked = machine(missing=f"{clang}libclang-rt-{version}-dev", clang=version)[1]
    assert asked == ["update", f"install {clang}libclang-rt-{version}-dev"]


def test_a_compiler_the_distribution_does_not_have_is_not_asked_for(machine):
    assert machine(missing="g++-11", unknown="g++-11")[1] == []


def test_an_archive_that_does_not_answer_is_no_error_when_nothing_is_missing(machine):
    done, asked = machine(libssl="3.0.19-1~deb12u2", offline="yes")
    assert (done.returncode, asked) == (0, ["update"])


def test_an_archive_that_does_not_answer_is_an_error_when_something_is_missing(machine):
    done, asked = machine(missing="g++", offline="yes")
    assert (done.returncode, asked) == (1, ["update"])


def test_who_may_not_upgrade_is_told_and_goes_on(machine):
    done, _ = machine(outdated="libssl3", sudo=False)
    assert done.returncode == 0 and "libssl3" in done.stderr


def test_who_may_not_install_what_is_missing_is_told_what(machine):
    done, _ = machine(missing="g++", sudo=False)
    assert done.returncode == 1 and "install: g++" in done.stderr
