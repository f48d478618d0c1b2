# SPDX-License-Identifier: Apache-2.0
"""Modules of the tests' own (modules/*.c): what somebody else's module in the same httpd may do."""

import atexit
import functools
import shutil
import subprocess
import tempfile
from pathlib import Path

SOURCES = Path(__file__).with_name("modules")


def load_line(name):
    """The LoadModule line of modules/mod_<name>.c."""
    return f'LoadModule {name}_module "{_compiled(f"mod_{name}")}"\n'


def resolving(host, address):
    """The environment in which a host has this address."""
    return {"LD_PRELOAD": _compiled("resolver"), "RESOLVED_HOST": host, "RESOLVED_ADDRESS": address}


def denying(port):
    """The environment in which SELinux is enforcing and denies a port."""
    library = _compiled("denied")
    enforce = Path(library).with_name("enforce")
    enforce.write_text("1")
    return {"LD_PRELOAD": library, "DENIED_PORT": str(port), "SELINUX_ENFORCE": str(enforce)}


@functools.lru_cache
def _compiled(name):
    folder = Path(tempfile.mkdtemp(prefix="sfjwt-modules-"))
    folder.chmod(0o755)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    library = str(folder / f"{name}.so")
    includes = _said("apxs", "-q", "INCLUDEDIR"), _said("apr-1-config", "--includedir")
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-Wall", *_said("apr-1-config", "--cppflags").split(),
         *(f"-I{one}" for one in includes), "-o", library, str(SOURCES / f"{name}.c"), "-lssl", "-ldl"],
        check=True,
    )  # fmt: skip
    return library


def _said(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
