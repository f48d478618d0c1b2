# SPDX-License-Identifier: Apache-2.0
"""What hostile documents cost, in instructions for each of their bytes: of the scanner alone, of the whole pass over a
request, and of one that is refused at its last byte, whose place is looked for then.

HOSTILE_COST names the program; without it, build/release/hostile_cost is taken."""

import os
import re
import subprocess
from pathlib import Path

import pytest

PROGRAM = os.environ.get("HOSTILE_COST", Path(__file__).resolve().parents[2] / "build/release/hostile_cost")
BYTES = 128 * 1024
PASSES = {"scan": 125, "judge": 125, "refuse": 240}  # instructions a byte may cost at most
GROWTH = 1.05  # times what a byte of a document half as large costs


@pytest.fixture(scope="module")
def costs(tmp_path_factory):
    """Instructions per byte, by pass and document, of the smaller and of the larger document."""
    folder = tmp_path_factory.mktemp("callgrind")
    subprocess.run(
        ["valgrind", "-q", "--tool=callgrind", f"--callgrind-out-file={folder}/out", PROGRAM, str(BYTES)],
        check=True, timeout=600,
    )  # fmt: skip
    found = {}
    for file in folder.iterdir():
        text = file.read_text()
        name = re.search(r"^desc: Trigger: Client Request: (\w+)\t(\d+)\t(.*)$", text, re.MULTILINE)
        if name:
            instructions = int(re.search(r"^(?:summary|totals): (\d+)", text, re.MULTILINE)[1])
            found.setdefault((name[1], name[3]), {})[int(name[2])] = instructions / int(name[2])
    return {key: [each[size] for size in sorted(each)] for key, each in found.items()}


def of(costs, wanted):
    documents = {what: pair for (step, what), pair in costs.items() if step == wanted}
    assert len(documents) >= 28 and all(len(pair) == 2 for pair in documents.values())
    return documents


@pytest.mark.parametrize("step", PASSES)
def test_a_byte_costs_no_more_in_a_document_twice_as_large(costs, step):
    assert {what: pair for what, pair in of(costs, step).items() if pair[1] > pair[0] * GROWTH} == {}


@pytest.mark.parametrize("step, most", PASSES.items())
def test_a_byte_costs_a_bounded_number_of_instructions(costs, step, most):
    assert {what: pair[1] for what, pair in of(costs, step).items() if pair[1] > most} == {}
