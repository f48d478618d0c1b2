# SPDX-License-Identifier: Apache-2.0
"""Requests recorded from real clients, where they are at hand: a folder shared/data beside the checkout."""

import csv
import functools
import gzip
import re
from dataclasses import dataclass
from pathlib import Path

from gateway_httpd import SOURCE

DATA = SOURCE.parent / "shared/data"
WSDLS = DATA / "wsdl/salesforce"
ABSENT = "no recorded messages: ../shared/data is not there"
VERDICTS = DATA / "messages/LIBXML2-VERDICTS.tsv"
SESSION_ID = re.compile(rb"(<(?:[\w.-]+:)?sessionId(?:\s[^>]*)?>)([^<]*)(</)")
API_LETTERS = {"partner": "u", "enterprise": "c", "metadata": "m", "tooling": "T", "apex": "s"}


@dataclass
class Message:
    file: Path
    wsdl: Path
    well_formed: bool

    @property
    def id(self):
        return f"{self.file.parent.name.removeprefix('captured-')}/{self.file.name}"

    @property
    def path(self):
        """Where clients of this WSDL post to."""
        api, _, version = self.wsdl.stem.partition("-")
        return f"/services/Soap/{API_LETTERS[api]}/{version}"

    @property
    def is_compressed(self):
        return self.file.suffix == ".gz"

    @property
    def body(self):
        data = self.file.read_bytes()
        return gzip.decompress(data) if self.is_compressed else data

    @property
    def has_session(self):
        return bool(SESSION_ID.search(self.body))

    @property
    def user(self):
        """An e-mail of its own, so that each message fetches its own token."""
        return re.sub(r"[^a-z0-9]+", ".", self.id.lower()).strip(".") + "@corp.example"

    def with_session(self, value):
        """The bytes with another session id."""
        changed, count = SESSION_ID.subn(lambda match: match[1] + value.encode() + match[3], self.body)
        assert count == 1
        return changed


@functools.lru_cache
def messages():
    """All recorded requests, also those recorded compressed."""
    if not VERDICTS.is_file():
        return []
    wsdls, malformed = {}, set()
    with open(VERDICTS, newline="") as table:
        for message, wsdl, _, verdict, _ in list(csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]:
            wsdls[message] = WSDLS / wsdl
            if verdict == "not-well-formed":
                malformed.add(message)
    return [
        Message(file, wsdls[name], name not in malformed)
        for file in sorted(DATA.glob("messages/captured-*/*.xml*"))
        if (name := str(file.relative_to(DATA)).removesuffix(".gz")) in wsdls
    ]
