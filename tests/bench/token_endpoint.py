# SPDX-License-Identifier: Apache-2.0
"""Fetches tokens at the fake Salesforce and counts what it saw: token_endpoint.py BENCH FOLDER COUNT"""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from fake_salesforce.client import FakeSalesforce  # noqa: E402

bench, folder, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
with FakeSalesforce(folder) as salesforce:
    endpoint = salesforce.url + "/services/oauth2/token"
    words = (endpoint, salesforce.ca, salesforce.private_key, salesforce.client_id, str(count))
    done = subprocess.run([bench, "fetch", *words], check=False)
    requests = salesforce.token_requests()
connections = len({request.connection for request in requests})
print(f"{count} fetches: {len(requests)} token requests on {connections} connections")
sys.exit(done.returncode or len(requests) != count or connections > 1 + count // 100)
