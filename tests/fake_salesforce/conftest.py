# SPDX-License-Identifier: Apache-2.0
import pytest

from fake_salesforce.client import FakeSalesforce


@pytest.fixture(scope="session")
def running(tmp_path_factory):
    with FakeSalesforce(tmp_path_factory.mktemp("fake"), "--http") as fake:
        yield fake


@pytest.fixture
def fake(running):
    running.reset()
    return running
