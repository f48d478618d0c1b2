# SPDX-License-Identifier: Apache-2.0
"""The SOAP clients of npm that npm/package-lock.json names, installed once for a checkout."""

import fcntl
import functools
import shutil
import subprocess
from pathlib import Path

import pytest

from gateway_httpd import SOURCE

LOCK = Path(__file__).with_name("npm") / "package-lock.json"


@functools.lru_cache
def _installed():
    """(their folder, None) or (None, why there is none)."""
    if not shutil.which("npm"):
        return None, "npm is not installed"
    folder = SOURCE / "build/npm"
    folder.mkdir(parents=True, exist_ok=True)
    # Two suites run side by side, and both may come here first.
    with open(folder / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _install_into(folder)


def _install_into(folder):
    installed = folder / "installed.json"
    if not installed.is_file() or installed.read_bytes() != LOCK.read_bytes():
        for file in (LOCK, LOCK.with_name("package.json")):
            shutil.copy(file, folder)
        done = subprocess.run(
            ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        if done.returncode != 0:
            return None, f"npm cannot install the clients: {done.stderr.strip().splitlines()[:1]}"
        shutil.copy(LOCK, installed)
    return folder / "node_modules", None


def folder():
    """Their folder; skips the test when npm is not there or cannot install them."""
    found, reason = _installed()
    if not found:
        pytest.skip(reason)
    return found
