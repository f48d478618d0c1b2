# SPDX-License-Identifier: Apache-2.0
"""The harness of the conformance cases: it must not be green for the wrong reason."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("SFJWTCTL", str(TESTS.parent / "build/release/sfjwtctl"))


def run(*words):
    return subprocess.run(
        ["/usr/bin/python3", TESTS / "run_w3c.py", *words],
        env={**os.environ, "SFJWTCTL": PROGRAM},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def total(done):
    agree, disagree, outside = next(line.split()[1:] for line in done.stdout.splitlines() if line.startswith("all "))
    return int(agree), int(disagree), int(outside)


XMLCONF = """<TESTSUITE><TESTCASES PROFILE="some">
  <TEST TYPE="{}" ID="one" URI="one.xml" SECTIONS="1"/>{}</TESTCASES></TESTSUITE>"""

TEST_SET = """<t:testSet xmlns:t="http://www.w3.org/XML/2004/xml-schema-test-suite/" name="some"
    xmlns:x="http://www.w3.org/1999/xlink"><t:testGroup name="group">
  <t:schemaTest name="s"><t:schemaDocument x:href="s.xsd"/><t:expected validity="valid"/></t:schemaTest>
  <t:instanceTest name="one"><t:instanceDocument x:href="one.xml"/><t:expected validity="{}"/></t:instanceTest>
</t:testGroup></t:testSet>"""

SCHEMA = """<s:schema xmlns:s="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:n">
  <s:element name="r" type="s:int"/>{}</s:schema>"""


@pytest.mark.parametrize(
    "kind, document, result, code",
    [
        ("valid", "<r/>", (1, 0, 0), 0),
        ("not-wf", "<r>", (1, 0, 0), 0),
        ("not-wf", "<r/>", (0, 1, 0), 1),
        ("valid", "<r>", (0, 1, 0), 1),
        ("valid", "<!DOCTYPE r><r/>", (0, 0, 1), 2),
        ("valid", "<?p i?><r/>", (0, 0, 1), 2),
        ("error", "<r>", (0, 0, 1), 2),
    ],
)
def test_a_document_agrees_disagrees_or_is_outside(tmp_path, kind, document, result, code):
    (tmp_path / "xmlconf.xml").write_text(XMLCONF.format(kind, ""))
    (tmp_path / "one.xml").write_text(document)
    done = run(tmp_path)
    assert (total(done), done.returncode) == (result, code), done.stdout
    assert ("disagreement: some: one: " in done.stdout) == (code == 1)


@pytest.mark.parametrize(
    "validity, value, more, result, code",
    [
        ("valid", "1", "", (1, 0, 0), 0),
        ("invalid", "x", "", (1, 0, 0), 0),
        ("valid", "x", "", (0, 1, 0), 1),
        ("invalid", "1", "", (0, 1, 0), 1),
        ("notKnown", "1", "", (0, 0, 1), 2),
        ("valid", "1", '<s:group name="g"/>', (0, 0, 1), 2),
        ("valid", "1", '<s:element name="r" type="s:string"/>', (0, 1, 0), 1),
    ],
)
def test_an_instance_agrees_disagrees_or_is_outside(tmp_path, validity, value, more, result, code):
    (tmp_path / "some.testSet").write_text(TEST_SET.format(validity))
    (tmp_path / "s.xsd").write_text(SCHEMA.format(more))
    (tmp_path / "one.xml").write_text(f'<r xmlns="urn:n">{value}</r>')
    done = run(tmp_path)
    assert (total(done), done.returncode) == (result, code), done.stdout


def test_schemas_are_read_with_what_they_include_and_import_wherever_it_lies(tmp_path):
    (tmp_path / "some.testSet").write_text(TEST_SET.format("valid"))
    (tmp_path / "s.xsd").write_text(
        """<!DOCTYPE s:schema [<!ENTITY t "T">]>
        <s:schema xmlns:s="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:n" xmlns="urn:n" xmlns:o="urn:o">
          <s:include schemaLocation="parts/types.xsd"/><s:import namespace="urn:o" schemaLocation="../o.xsd"/>
          <s:element name="r" type="&t;"/></s:schema>"""
    )
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts/types.xsd").write_text(
        """<s:schema xmlns:s="http://www.w3.org/2001/XMLSchema">
          <s:simpleType name="T"><s:restriction base="s:int"/></s:simpleType></s:schema>"""
    )
    (tmp_path.parent / "o.xsd").write_text(
        '<s:schema xmlns:s="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:o"/>'
    )
    (tmp_path / "one.xml").write_text('<r xmlns="urn:n">1</r>')
    done = run(tmp_path)
    assert (total(done), done.returncode) == ((1, 0, 0), 0), done.stdout + done.stderr


@pytest.mark.parametrize(
    "schema, reason",
    [
        (None, "a schema that cannot be read"),
        ("<s:schema", "a schema that cannot be read"),
        (SCHEMA.format('<s:include schemaLocation="http://localhost/x"/>'), "a schema that would have to be fetched"),
        (SCHEMA.format('<s:import namespace="urn:x" schemaLocation="none.xsd"/>'), "a schema that cannot be read"),
    ],
)
def test_a_schema_that_cannot_be_had_is_outside(tmp_path, schema, reason):
    (tmp_path / "some.testSet").write_text(TEST_SET.format("valid"))
    if schema:
        (tmp_path / "s.xsd").write_text(schema)
    (tmp_path / "one.xml").write_text('<r xmlns="urn:n">1</r>')
    done = run(tmp_path)
    assert (total(done), done.returncode) == ((0, 0, 1), 2), done.stdout + done.stderr
    assert f"1  {reason}" in done.stdout


def test_a_schema_without_a_namespace_can_be_run(tmp_path):
    (tmp_path / "some.testSet").write_text(TEST_SET.format("valid"))
    (tmp_path / "s.xsd").write_text(SCHEMA.format("").replace(' targetNamespace="urn:n"', ""))
    (tmp_path / "one.xml").write_text("<?xml version='1.0'?><!-- a --><r>1</r><!-- b -->")
    done = run(tmp_path)
    assert (total(done), done.returncode) == ((1, 0, 0), 0), done.stdout + done.stderr


def test_a_fault_of_libxml2_that_is_not_listed_is_a_disagreement(tmp_path):
    shutil.copytree(TESTS / "w3c/schema", tmp_path / "schema")
    (tmp_path / "faults.tsv").write_text("")
    done = run("--libxml2", tmp_path / "faults.tsv", tmp_path)
    assert done.returncode == 1
    assert "int-valid-04: libxml2 refuses it" in done.stdout


def test_the_cases_are_as_many_as_they_were():
    done = run(TESTS / "w3c")
    assert total(done)[0] >= 1644
