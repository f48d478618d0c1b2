# SPDX-License-Identifier: Apache-2.0
"""tests/data/invalid_json.tsv holds what it says: another parser refuses the rows that are called invalid, and takes
those we refuse by decision. That our own parser refuses them all is for tests/unit/oauth to show."""

import json
import re
from pathlib import Path

ROWS = Path(__file__).resolve().parent.parent / "data/invalid_json.tsv"
REPLY = b'{"access_token":"a","instance_url":"https://acme.my.salesforce.com","x":%s}'


def rows():
    for line in ROWS.read_text(encoding="ascii").split("\n"):
        if line and not line.startswith("#"):
            kind, text = line.split("\t")
            yield kind, re.sub(r"\\x(..)", lambda match: chr(int(match[1], 16)), text).encode("latin-1")


def is_json(document):
    def no_constant(name):
        raise ValueError(name)

    try:
        json.loads(document.decode("utf-8"), parse_constant=no_constant)
        return True
    except ValueError:
        return False


def test_there_are_enough_rows_and_none_twice():
    documents = [document for _, document in rows()]
    assert len(documents) >= 190 and len(set(documents)) == len(documents)


def test_another_parser_refuses_what_is_called_invalid_also_inside_a_token_reply():
    taken = [row for kind, row in rows() if kind == "invalid" and (is_json(row) or is_json(REPLY % row))]
    assert taken == []


def test_another_parser_takes_what_we_refuse_by_decision():
    assert {kind for kind, _ in rows()} == {"invalid", "duplicate", "surrogate", "range"}
    assert [row for kind, row in rows() if kind != "invalid" and not is_json(row)] == []
