# SPDX-License-Identifier: Apache-2.0
"""SOAP stacks, and the program for each of them in clients/.

It reads lines of location, session and operation from its standard input and writes a line for each: `ok` and a value of
the result, or the name of the exception the stack has raised, the fault code as it gives it, and the text. For login the
session is the user name, a password follows, and the value is the server URL; where location and session are `-`, the
program takes those that the last login has returned."""

import shutil
import subprocess
from pathlib import Path

import pytest

import generated_stubs
import npm_packages

PROGRAMS = Path(__file__).with_name("clients")


def python(module, program):
    def command(wsdl):
        pytest.importorskip(module, reason=f"python3-{module} is not installed")
        return ["/usr/bin/python3", PROGRAMS / program, wsdl]

    return command


def perl(_wsdl):
    if subprocess.run(["perl", "-MSOAP::Lite", "-e1"], capture_output=True, check=False).returncode != 0:
        pytest.skip("libsoap-lite-perl is not installed")
    return ["perl", PROGRAMS / "soap_lite.pl"]


def php(wsdl):
    if not shutil.which("php"):
        pytest.skip("php-cli is not installed")
    if "soap" not in subprocess.run(["php", "-m"], capture_output=True, text=True, check=True).stdout.split():
        pytest.skip("php-soap is not installed")
    return ["php", PROGRAMS / "php_calls.php", wsdl]


def node(client):
    def command(wsdl):
        return ["env", f"NODE_PATH={npm_packages.folder()}", "node", PROGRAMS / "node_calls.js", client, wsdl]

    return command


STACKS = {  # its command line for a WSDL, and the exception that its users catch
    "zeep": (python("zeep", "zeep_calls.py"), "Fault"),
    "suds": (python("suds", "suds_calls.py"), "WebFault"),
    "php": (php, "SoapFault"),
    "soap-lite": (perl, "SOAP::SOM"),
    "npm-soap": (node("soap"), "Error"),
    "strong-soap": (node("strong-soap"), "Error"),
    "jsforce-1": (node("jsforce1"), "Error"),
    "jsforce-2": (node("jsforce2"), "HttpApiError"),
    "jsforce-3": (node("jsforce"), "HttpApiError"),
}
GENERATED = {  # from our sample alone: for the whole WSDL that takes minutes
    "axis-1": (lambda _: generated_stubs.axis(), "UnexpectedErrorFault"),
    "jax-ws": (lambda _: generated_stubs.jax_ws(), "UnexpectedErrorFault"),
    "gsoap": (lambda _: generated_stubs.gsoap(), "soap_fault"),
    "mono": (lambda _: generated_stubs.mono(), "SoapException"),
}
