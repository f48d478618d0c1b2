#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the SBOM of a release as SPDX 2.3 in JSON: what is published, with checksums, and the libraries that the Debian
packages depend on, with the versions they were built with.

    packaging/sbom.py VERSION SECONDS FOLDER

SECONDS since 1970 is the time of the release. The output depends on the arguments and the machine's packages only."""

import hashlib
import json
import re
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

NAMESPACE = "https://spdx.org/spdxdocs/mod_sfjwt"
SUFFIXES = (".tar.gz", ".deb", ".src.rpm")


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def identifier(name):
    """Letters, digits, dots and hyphens (SPDX 2.3, section 7.2)."""
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def package(name, version, licence, **more):
    return {
        "SPDXID": identifier(f"{name}-{version}"),
        "name": name,
        "versionInfo": version,
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": licence,
        "licenseDeclared": licence,
        "copyrightText": "NOASSERTION",
        **more,
    }


def artifact(file, version):
    checksum = {"algorithm": "SHA256", "checksumValue": hashlib.sha256(file.read_bytes()).hexdigest()}
    found = package(file.name, version, "Apache-2.0", packageFileName=file.name, checksums=[checksum])
    return {**found, "SPDXID": identifier(file.name), "primaryPackagePurpose": "INSTALL"}


def dependencies(deb):
    """Names of the packages that a Debian package depends on; of alternatives, the one that is installed."""
    for alternatives in output("dpkg-deb", "-f", deb, "Depends").strip().split(","):
        names = [re.split(r"[ (:]", name.strip())[0] for name in alternatives.split("|")]
        yield next((name for name in names if installed_version(name)), names[0])


def installed_version(name):
    found = subprocess.run(["dpkg-query", "-W", "-f", "${Version}\n", name], capture_output=True, text=True)
    return found.stdout.split("\n")[0] if found.returncode == 0 else ""


def related(one, kind, other):
    return {"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}


def document(version, seconds, folder):
    project = package("mod_sfjwt", version, "Apache-2.0", primaryPackagePurpose="SOURCE")
    packages, relationships = [project], [related("SPDXRef-DOCUMENT", "DESCRIBES", project["SPDXID"])]
    libraries = {}
    for file in sorted(file for file in folder.iterdir() if file.name.endswith(SUFFIXES)):
        own = artifact(file, version)
        packages.append(own)
        relationships.append(related(own["SPDXID"], "GENERATED_FROM", project["SPDXID"]))
        for name in sorted(set(dependencies(file))) if file.suffix == ".deb" else []:
            built_with = installed_version(name)
            if not built_with:
                continue  # a virtual package, such as apache2-api-20120211
            locator = f"pkg:deb/debian/{name}@{built_with}"
            reference = {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": locator}
            libraries[name] = package(name, built_with, "NOASSERTION", externalRefs=[reference])
            relationships.append(related(own["SPDXID"], "DEPENDS_ON", libraries[name]["SPDXID"]))
    files = "".join(each["checksums"][0]["checksumValue"] for each in packages if "checksums" in each)
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"mod_sfjwt-{version}",
        "documentNamespace": f"{NAMESPACE}-{version}-{hashlib.sha256(files.encode()).hexdigest()[:16]}",
        "creationInfo": {
            "created": datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "creators": ["Tool: packaging/sbom.py"],
        },
        "packages": packages + [libraries[name] for name in sorted(libraries)],
        "relationships": relationships,
    }


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    print(json.dumps(document(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])), indent=2))
