# SPDX-License-Identifier: Apache-2.0
"""What bash offers after <Tab> (packaging/completions/sfjwtctl)."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("SFJWTCTL", str(ROOT / "build/release/sfjwtctl"))
SCRIPT = """
. "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_sfjwtctl "$1"
printf '%s\\n' "${COMPREPLY[@]}"
"""


def offered(*words):
    done = subprocess.run(["bash", "-c", SCRIPT, "-", ROOT / "packaging/completions/sfjwtctl", PROGRAM, *words],
                          capture_output=True, text=True, timeout=60, check=True)  # fmt: skip
    assert done.stderr == ""
    return done.stdout.split()


def test_all_commands():
    assert offered("") == ["validate", "well-formed", "rewrite", "wsdl", "bench", "assert", "token", "key"]


@pytest.mark.parametrize(
    "words, completions",
    [
        (["we"], ["well-formed"]),
        (["--v"], ["--version"]),
        (["validate", "--x"], ["--xml-limit"]),
        (["validate", "--mode", "s"], ["strict", "structure"]),
        (["validate", "--mode", "=", "s"], ["strict", "structure"]),
        (["token", "--audience", "="], ["production", "sandbox"]),
        (["key", "--c"], ["--certificate"]),
    ],
)
def test_words_that_fit(words, completions):
    assert offered(*words) == completions


def test_files_are_left_to_bash():
    assert offered("validate", "--wsdl", "par") == []
    assert offered("validate", "request") == []
