# SPDX-License-Identifier: Apache-2.0
"""Clients whose stubs are generated from a WSDL: generates and compiles them for our sample, once for a run of the
tests, and gives the command line of the program. For the whole partner WSDL that would take minutes."""

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

import sections

PROGRAMS = Path(__file__).with_name("clients")
WSDL = str(sections.SAMPLE_WSDL)
JARS = Path("/usr/share/java")
AXIS = ("axis", "axis-jaxrpc", "axis-saaj", "commons-logging", "commons-discovery", "wsdl4j")
JAX_WS = ("jaxws-tools", "jaxws-rt", "jaxws-api", "jaxb-api", "jaxb-runtime", "jaxb-core", "jaxb-xjc", "saaj-impl", "stax-ex",
          "streambuffer", "gmbal", "mimepull", "metro-policy", "jws-api", "istack-commons-runtime", "istack-commons-tools",
          "codemodel", "xsom", "rngom", "relaxngDatatype", "txw2", "dtd-parser", "javax.activation",
          "xml-resolver")  # fmt: skip


@functools.lru_cache
def _all():
    """The folder of everything generated here; goes with the process."""
    return tempfile.TemporaryDirectory(prefix="sfjwt-stubs-")


def _folder(name):
    folder = Path(_all().name) / name
    folder.mkdir()
    return folder


def _need(package, *programs):
    for program in programs:
        if not shutil.which(program):
            pytest.skip(f"{package} is not installed")


def _run(folder, *command):
    done = subprocess.run(
        [str(word) for word in command], cwd=folder, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{command[0]}: {done.stdout[-2000:]}"


def _class_path(package, names):
    jars = [JARS / f"{name}.jar" for name in names]
    if missing := [jar.name for jar in jars if not jar.is_file()]:
        pytest.skip(f"{package} is not installed: {missing[0]} is missing")
    return ":".join(map(str, jars))


def _compile_java(folder, class_path, program):
    sources = [str(file) for file in folder.rglob("*.java")]
    _run(folder, "javac", "-nowarn", "-encoding", "UTF-8", "-cp", class_path, "-d", folder, PROGRAMS / program, *sources)
    return ["java", "-cp", f"{folder}:{class_path}", Path(program).stem]


@functools.lru_cache
def axis():
    _need("a JDK", "javac")
    class_path = _class_path("libaxis-java", AXIS)
    folder = _folder("axis")
    _run(folder, "java", "-cp", class_path, "org.apache.axis.wsdl.WSDL2Java", "-o", folder, WSDL)
    return _compile_java(folder, class_path, "AxisCalls.java")


@functools.lru_cache
def jax_ws():
    _need("a JDK", "javac")
    class_path = _class_path("libjaxws-java", JAX_WS)
    folder = _folder("jax_ws")
    _run(folder, "java", "-cp", class_path, "com.sun.tools.ws.WsImport", "-Xnocompile", "-d", folder, WSDL)
    return [*_compile_java(folder, class_path, "JaxwsCalls.java"), WSDL]


@functools.lru_cache
def mono():
    _need("mono-devel", "mono", "mcs", "wsdl")
    folder = _folder("mono")
    _run(folder, "wsdl", "/out:Stubs.cs", WSDL)
    _run(folder, "mcs", "-nowarn:0649,0169,0414", "-r:System.Web.Services.dll", "-r:System.Xml.dll", "-out:calls.exe",
         "Stubs.cs", PROGRAMS / "MonoCalls.cs")  # fmt: skip
    return ["mono", str(folder / "calls.exe")]


@functools.lru_cache
def gsoap():
    _need("gsoap", "wsdl2h", "soapcpp2")
    if not Path("/usr/include/stdsoap2.h").is_file():
        pytest.skip("libgsoap-dev is not installed")
    folder = _folder("gsoap")
    _run(folder, "wsdl2h", "-o", "stubs.h", WSDL)
    _run(folder, "soapcpp2", "-C", "-j", "-x", "-I/usr/share/gsoap/import", "stubs.h")
    _run(folder, "g++", "-O0", "-I", folder, PROGRAMS / "gsoap_calls.cc", "soapC.cpp", "soapSamplePartnerBindingProxy.cpp",
         "-lgsoap++", "-o", "calls")  # fmt: skip
    return [str(folder / "calls")]
