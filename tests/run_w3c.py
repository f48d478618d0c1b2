#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs conformance cases through the engine and prints a table of the results.

    tests/run_w3c.py [--verbose] [--libxml2 FAULTS] DIR...

DIR holds cases in the layouts of the W3C: xmlconf*.xml of the XML conformance suite, and *.testSet of the XML Schema
test suite. What lies outside the profile of the gateway is counted with the reason: documents with a DOCTYPE or a
processing instruction, not in UTF-8, or of XML 1.1, which must be refused whatever the case says; rules of other
editions; schemas with constructs that the gateway refuses at configuration; verdicts that the suite leaves open.

Each disagreement is named, and the exit code is 1 if there is one, 2 if there is nothing to run. With --libxml2 the
expectations are held to libxml2 too; FAULTS is a table (case, tab, why) of what libxml2 gets wrong.
SFJWTCTL names the program; without it, build/release/sfjwtctl is taken."""

import argparse
import collections
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote, unquote
from xml.sax.saxutils import quoteattr

try:
    from lxml import etree
except ImportError:  # the distribution's interpreter has the distribution's packages, whatever python3 is first in PATH
    if sys.executable == "/usr/bin/python3":
        raise
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

PROGRAM = os.environ.get("SFJWTCTL", str(Path(__file__).resolve().parent.parent / "build/release/sfjwtctl"))
XSD = "{http://www.w3.org/2001/XMLSchema}"
XSTS = "{http://www.w3.org/XML/2004/xml-schema-test-suite/}"
HREF = "{http://www.w3.org/1999/xlink}href"
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


class Results:
    """What came out, by set of cases."""

    def __init__(self, faults):
        self.faults = faults  # of libxml2, by case; None when it is not asked
        self.unused_faults = set(faults or ())
        self.agreed = collections.Counter()
        self.outside = collections.defaultdict(collections.Counter)
        self.disagreements = []

    def skip(self, suite, reason):
        self.outside[suite][reason] += 1

    def must_be_refused(self, suite, case, reason, found):
        """Outside by what the bytes are: the engine has to refuse it."""
        if found[0]:
            self.disagreements.append((suite, f"{case}: accepted in spite of: {reason}"))
        else:
            self.skip(suite, reason)

    def judge(self, suite, case, expected, found, second=None):
        """Expected and found: whether the case is accepted; found comes with what the engine said."""
        accepted, words = found
        if accepted == expected:
            self.agreed[suite] += 1
        else:
            wanted = "accepted" if expected else "refused"
            self.disagreements.append((suite, f"{case}: to be {wanted}, but the engine says: {words}"))
        if self.faults is None or second is None:  # libxml2 is not asked, or cannot tell
            return
        self.unused_faults.discard(case)
        if (second != expected) != (case in self.faults):
            says = "accepts" if second else "refuses"
            self.disagreements.append((suite, f"{case}: libxml2 {says} it, unlike expected of it"))

    def print(self, verbose):
        wrong = collections.Counter(suite for suite, _ in self.disagreements)
        suites = sorted(set(self.agreed) | set(self.outside) | set(wrong))
        width = max(map(len, suites), default=0) + 2
        print(f"{'':{width}}{'agree':>8}{'disagree':>10}{'outside':>9}")
        for suite in suites:
            outside = sum(self.outside[suite].values())
            print(f"{suite:{width}}{self.agreed[suite]:8}{wrong[suite]:10}{outside:9}")
        total = sum((counter for counter in self.outside.values()), collections.Counter())
        print(f"{'all':{width}}{self.agreed.total():8}{len(self.disagreements):10}{total.total():9}")
        print("\noutside the profile:")
        for reason, count in total.most_common(None if verbose else 25):
            print(f"{count:8}  {reason}")
        for suite, line in self.disagreements:
            print(f"disagreement: {suite}: {line}")
        for case in sorted(self.unused_faults):
            print(f"disagreement: {case} is in the list of libxml2's faults, but is no case")


def verdicts(*words):
    """What sfjwtctl says of each file: accepted or not, and the words."""
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, timeout=300, check=False)
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    if done.returncode not in (0, 1) or not lines:
        return None, done.stderr.decode("utf-8", "replace").strip()
    found = [re.fullmatch(r".*?: (ok|refused)\b ?(.*)", line) for line in lines]
    return [(match[1] == "ok", match[2] or "ok") for match in found], ""


def outside_reason(document):
    """Why these bytes are no document for the gateway, or nothing."""
    if document[:2] in (b"\xff\xfe", b"\xfe\xff") or document[:4] == b"\0\0\0<" or b"\0<" in document[:4]:
        return "not UTF-8"
    declaration = re.match(rb"(?:\xef\xbb\xbf)?<\?xml\s[^>]*\?>", document)
    if declaration:
        encoding = re.search(rb"""encoding\s*=\s*["']([^"']*)["']""", declaration[0])
        if encoding and encoding[1].upper() != b"UTF-8" and re.fullmatch(rb"[A-Za-z][A-Za-z0-9._-]*", encoding[1]):
            return "not UTF-8"
        if re.search(rb"""version\s*=\s*["']1\.1["']""", declaration[0]):
            return "XML 1.1"
    markup = re.sub(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", b"", document, flags=re.S)
    if b"<!DOCTYPE" in markup:
        return "DOCTYPE"
    if re.search(rb"<\?(?!xml[\s?])[A-Za-z_:\x80-\xff]", markup):
        return "processing instruction"
    return None


# --- XML conformance


def libxml2_reads(document):
    """Whether libxml2 finds the document well-formed and its namespaces in order."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        etree.fromstring(document, parser)
    except etree.XMLSyntaxError:
        return False
    opinions = ("WAR_NS_URI", "WAR_NS_URI_RELATIVE")  # on the syntax of namespace names, which are no rules
    return not any(e.level > etree.ErrorLevels.WARNING and e.type_name not in opinions for e in parser.error_log)


def xml_case_reason(test):
    """Why a TEST element is not for the gateway, or nothing."""
    if test.get("TYPE") == "error":
        return "the processor may choose"
    if test.get("RECOMMENDATION", "XML1.0") in ("XML1.1", "NS1.1"):
        return "XML 1.1"
    if "5" not in test.get("EDITION", "5").split():
        return "another edition than the fifth"
    if test.get("NAMESPACE") == "no":
        return "without namespaces"
    return None


def xml_cases(catalog):
    """The TEST elements with their files."""
    parser = etree.XMLParser(load_dtd=True, resolve_entities=True, no_network=True)
    for test in etree.parse(str(catalog), parser).iter("TEST"):
        folder = Path(catalog).parent
        for element in reversed([test, *test.iterancestors()]):
            folder = folder / unquote(element.get(XML_BASE) or "")
        yield test, folder / unquote(test.get("URI"))


def run_xml(catalog, results):
    """One xmlconf.xml."""
    cases = []
    for test, file in xml_cases(catalog):
        profiles = [parent.get("PROFILE") for parent in test.iterancestors("TESTCASES") if parent.get("PROFILE")]
        suite = profiles[-1] if profiles else catalog.name
        reason = xml_case_reason(test) if file.exists() else "the file is not there"
        if reason:
            results.skip(suite, reason)
        else:
            cases.append((suite, test.get("ID"), test.get("TYPE") in ("valid", "invalid"), file))
    for at in range(0, len(cases), 200):
        some = cases[at : at + 200]
        found, problem = verdicts("well-formed", *(file for *_, file in some))
        if found is None:
            raise RuntimeError(problem)
        for (suite, name, expected, file), verdict in zip(some, found, strict=True):
            document = file.read_bytes()
            if reason := outside_reason(document):
                results.must_be_refused(suite, name, reason, verdict)
            else:
                results.judge(suite, name, expected, verdict, results.faults is not None and libxml2_reads(document))


# --- XML Schema


def definitions(schemas, roots):
    """A WSDL that imports these schemas (namespace and place) and whose operations take these roots."""
    imports, messages, port, binding = "", "", "", ""
    for namespace, place in schemas:
        named = f"namespace={quoteattr(namespace)} " if namespace else ""
        imports += f"<x:import {named}schemaLocation={quoteattr(quote(place))}/>"
    for number, (namespace, name) in enumerate(roots):
        element = f'element="r:{name}" xmlns:r={quoteattr(namespace)}' if namespace else f'element="{name}"'
        messages += f'<w:message name="m{number}"><w:part name="p" {element}/></w:message>'
        port += f'<w:operation name="o{number}"><w:input message="t:m{number}"/></w:operation>'
        binding += f'<w:operation name="o{number}"><w:input><s:body use="literal"/></w:input></w:operation>'
    return (
        '<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" '
        'xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:run-w3c" targetNamespace="urn:run-w3c">'
        f'<w:types><x:schema targetNamespace="urn:run-w3c">{imports}</x:schema></w:types>{messages}'
        f'<w:portType name="p">{port}</w:portType><w:binding name="b" type="t:p">'
        f'<s:binding transport="http://schemas.xmlsoap.org/soap/http"/>{binding}</w:binding></w:definitions>'
    )


def with_related(files):
    """The schemas in these files and all that they include and import, by path; raises LookupError with a reason."""
    found, waiting = {}, list(files)
    while waiting:
        file = waiting.pop()
        if file in found:
            continue
        try:
            found[file] = etree.parse(str(file)).getroot()
        except (OSError, etree.XMLSyntaxError) as problem:
            raise LookupError("a schema that cannot be read") from problem
        for item in found[file].iter(XSD + "include", XSD + "import", XSD + "redefine"):
            location = item.get("schemaLocation")
            if location and re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", location):
                raise LookupError("a schema that would have to be fetched")
            if location:
                waiting.append((file.parent / unquote(location)).resolve())
    return found


def root_text(document):
    """The root element as it stands in the document."""
    text = document.removeprefix(b"\xef\xbb\xbf")
    return re.sub(rb"\A(?:<\?xml\s.*?\?>)?(?:\s|<!--.*?-->)*", b"", text, flags=re.S)


def expected_validity(test):
    """valid, invalid or another word, by version 1.0."""
    for expected in test.findall(XSTS + "expected"):
        if expected.get("version") in (None, "1.0"):
            return expected.get("validity")
    return "notKnown"


def version_reason(element):
    return "XML Schema 1.1" if "1.0" not in element.get("version", "1.0").split() else None


class Group:
    """A testGroup: one schema, several instances."""

    def __init__(self, group, folder, scratch):
        self.group, self.folder, self.scratch = group, folder, scratch
        self.instances = group.findall(XSTS + "instanceTest")

    def file(self, element):
        return self.folder / unquote(element.get(HREF))

    def schema_files(self):
        return [self.file(document) for document in self.group.findall(f"{XSTS}schemaTest/{XSTS}schemaDocument")]

    def reason(self):
        """Why none of the instances can be run, or nothing."""
        test = self.group.find(XSTS + "schemaTest")
        if test is None:
            return "no schema"
        if expected_validity(test) != "valid":
            return "a schema that is to be refused"
        return version_reason(self.group) or version_reason(test)

    def wsdl(self, roots):
        """Writes a WSDL, with the schemas below it as they lie to each other; raises LookupError with a reason."""
        files = [file.resolve() for file in self.schema_files()]
        schemas = with_related(files)
        top = Path(os.path.commonpath([file.parent for file in schemas]))
        for file, root in schemas.items():
            copy = self.scratch / file.relative_to(top)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(etree.tostring(root, with_tail=False, encoding="UTF-8"))
        places = [(schemas[file].get("targetNamespace", ""), str(file.relative_to(top))) for file in files]
        path = self.scratch / "case.wsdl"
        path.write_text(definitions(places, sorted(roots)), encoding="utf-8")
        return path

    def libxml2_schema(self):
        try:
            return etree.XMLSchema(etree.parse(str(self.schema_files()[0])))
        except (etree.XMLSchemaParseError, etree.XMLSyntaxError, OSError, IndexError):
            return None


def runnable(group, results, suite):
    """The instances inside the profile: name, expectation, file, root."""
    whole = group.reason()
    for test in group.instances:
        validity = expected_validity(test)
        file = group.file(test.find(XSTS + "instanceDocument"))
        reason = whole or version_reason(test)
        if not reason and validity not in ("valid", "invalid"):
            reason = "a verdict that the suite leaves open"
        if not reason and not file.exists():
            reason = "the file is not there"
        document = b"" if reason else file.read_bytes()
        reason = reason or outside_reason(document)
        root = None
        if not reason:
            try:
                root = etree.QName(etree.fromstring(document))
            except etree.XMLSyntaxError:
                reason = "an instance that is not well-formed"
        if reason:
            results.skip(suite, reason)
        else:
            yield test.get("name"), validity == "valid", file, root


def short(problem):
    """What a refused schema has, without file, line and names."""
    words = re.sub(r"^sfjwtctl: [^:]*:\d+: ", "", problem.splitlines()[-1] if problem else "?")
    return re.sub(r"\{[^}]*\}\S*|\"[^\"]*\"", "...", words)


def run_group(group, suite, results):
    cases = list(runnable(group, results, suite))
    if not cases:
        return
    try:
        wsdl = group.wsdl({(root.namespace or "", root.localname) for *_, root in cases})
    except LookupError as reason:
        for _ in cases:
            results.skip(suite, str(reason))
        return
    requests = []
    for number, (_, _, file, _) in enumerate(cases):
        requests.append(group.scratch / f"{number}.request")
        requests[-1].write_bytes(
            f'<run-w3c:Envelope xmlns:run-w3c="{SOAP}"><run-w3c:Body>'.encode()
            + root_text(file.read_bytes())
            + b"</run-w3c:Body></run-w3c:Envelope>"
        )
    found, problem = verdicts("validate", "--mode", "strict", "--wsdl", wsdl, *requests)
    schema = group.libxml2_schema() if results.faults is not None else None
    for number, (name, expected, file, _) in enumerate(cases):
        if found is None and re.search(r"not supported|part refers to the element", problem):
            results.skip(suite, short(problem))
        elif found is None:
            results.judge(suite, name, expected, (None, problem))
        else:
            second = schema.validate(etree.parse(str(file))) if schema is not None else None
            results.judge(suite, name, expected, found[number], second)


def run_test_set(path, results):
    """One *.testSet."""
    root = etree.parse(str(path)).getroot()
    if root.tag != XSTS + "testSet":
        return
    suite = root.get("name") or path.stem
    for element in root.iter(XSTS + "testGroup"):
        with tempfile.TemporaryDirectory(prefix="sfjwt-w3c.") as scratch:
            run_group(Group(element, path.parent, Path(scratch)), suite, results)


def catalogs_in(folder):
    """Those of the XML suite; one below the folder of another is a part of it."""
    found = []
    for catalog in sorted(folder.rglob("xmlconf*.xml"), key=lambda path: len(path.parts)):
        if not any(other.parent in catalog.parents for other in found):
            found.append(catalog)
    return found


def faults_in(table):
    rows = [line.split("\t") for line in Path(table).read_text(encoding="utf-8").splitlines()]
    return {row[0]: row[1] for row in rows if not row[0].startswith("#")}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verbose", action="store_true", help="every reason for being outside")
    parser.add_argument("--libxml2", metavar="FAULTS")
    parser.add_argument("dir", metavar="DIR", nargs="+", type=Path)
    options = parser.parse_args()
    results = Results(faults_in(options.libxml2) if options.libxml2 else None)
    for folder in options.dir:
        for catalog in catalogs_in(folder):
            run_xml(catalog, results)
        for path in sorted(folder.rglob("*.testSet")):
            run_test_set(path, results)
    results.print(options.verbose)
    if results.disagreements or results.unused_faults:
        return 1
    return 0 if results.agreed else 2


if __name__ == "__main__":
    sys.exit(main())
