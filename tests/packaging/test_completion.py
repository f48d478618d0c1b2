# SPDX-License-Identifier: Apache-2.0
"""packaging/completions/sfjwtctl: what bash offers after the words that are typed. SFJWTCTL names the program."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SFJWTCTL", str(ROOT / "build/release/sfjwtctl"))
COMMANDS = ("validate", "well-formed", "rewrite", "wsdl", "bench", "assert", "token", "key")
NO_VALUE = ("--help", "--show")

# Bash itself calls compopt only while it completes.
SCRIPT = """\
compopt() { :; }
. "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_sfjwtctl
printf '%s\\n' "${COMPREPLY[@]}"
"""


def offered(*words, folder=ROOT):
    """What is offered for the last word, words as bash splits them."""
    command = ["bash", "-c", SCRIPT, "bash", ROOT / "packaging/completions/sfjwtctl", PROGRAM, *words]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=60, check=True)
    assert done.stderr == ""
    return done.stdout.split()


def options_of(command):
    usage = subprocess.run([PROGRAM, command, "--help"], capture_output=True, text=True, timeout=60, check=True).stdout
    return re.findall(r"^  (?:-h,)?(--[a-z-]+)", usage, re.MULTILINE)


def test_every_command_is_offered():
    assert offered("") == list(COMMANDS)
    assert offered("w") == ["well-formed", "wsdl"]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_is_offered(command):
    assert len(options_of(command)) > 1
    assert offered(command, "--") == options_of(command)


def test_the_words_of_an_option_are_offered_also_after_an_equals_sign():
    assert offered("wsdl", "--mode", "st") == ["strict", "structure"]
    assert offered("wsdl", "--mode", "=") == ["strict", "tolerant", "report", "structure"]
    assert offered("wsdl", "--mode", "=", "t") == ["tolerant"]
    assert offered("validate", "--xml-limit", "d") == ["depth="]


def test_the_relaxations_are_those_of_the_source():
    source = (ROOT / "mod_sfjwt/schema/validation.h").read_text()
    assert offered("validate", "--no-relaxation", "") == re.findall(r'{"([a-z-]+)", &Relaxations::', source)


def test_files_are_offered_where_a_file_is_read(tmp_path):
    (tmp_path / "partner.wsdl").touch()
    assert offered("wsdl", "p", folder=tmp_path) == ["partner.wsdl"]
    assert offered("validate", "--wsdl", "", folder=tmp_path) == ["partner.wsdl"]
    assert offered("token", "--show", "p", folder=tmp_path) == []
    assert offered("token", "--client-id", "p", folder=tmp_path) == []


def test_a_value_with_the_name_of_a_command_is_a_value():
    assert offered("--mode", "key", "tok") == ["token"]


def test_bash_completes_by_it():
    done = subprocess.run(
        ["bash", "-c", '. "$1" && complete -p sfjwtctl', "bash", ROOT / "packaging/completions/sfjwtctl"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "complete -F _sfjwtctl sfjwtctl"
