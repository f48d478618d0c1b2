# SPDX-License-Identifier: Apache-2.0
"""Prints and checks what the simulated Salesforce of the demo received. run.sh calls it with fake_salesforce on
PYTHONPATH.

  show.py received STATE REQUEST EMAIL   prints the last request that Salesforce received, its token masked; fails
                                         unless it equals REQUEST with a token in place of EMAIL
  show.py fetched STATE EMAIL            prints the number of token requests for EMAIL
  show.py assertion STATE                prints the claims of the last token request
  show.py secrets STATE FILE...          fails if one of the files contains a token or an assertion
  show.py pretty FILE                    prints the XML, indented
  show.py port                           prints a free port
"""

import datetime
import json
import socket
import sys
import xml.dom.minidom
from pathlib import Path

from fake_salesforce.client import Control


def control(state):
    return Control(json.loads(Path(state).read_text()))


def received(state, request, email):
    salesforce = control(state)
    last = salesforce.requests()[-1]
    session = last.session or ""
    if session not in salesforce.tokens(email):
        raise SystemExit(f"Salesforce received a sessionId that is not a token of {email}")
    masked = session[:16] + "*" * 8
    print(last.body.replace(session.encode(), masked.encode()).decode(), end="")
    if last.body.replace(session.encode(), email.encode()) != Path(request).read_bytes():
        raise SystemExit("the request that Salesforce received differs in other bytes too")
    if last.status != 200:
        raise SystemExit(f"Salesforce responded with status {last.status}")


def fetched(state, email):
    print(control(state).state()["token_requests_by_user"].get(email, 0))


def assertion(state):
    last = control(state).token_requests()[-1]
    if last.verdict != "ok":
        raise SystemExit(f"Salesforce refused the assertion: {last.verdict}")
    expiry = datetime.datetime.fromtimestamp(last.claims["exp"], datetime.timezone.utc)
    for name, value in {"alg": last.header_of_jwt["alg"], **last.claims, "exp": f"{expiry:%H:%M:%S} UTC"}.items():
        print(f"{name:4} {value}")


def secrets(state, *files):
    known = control(state).secrets()
    for file in files:
        data = Path(file).read_bytes()
        if any(secret.encode() in data for secret in known["tokens"] + known["assertions"]):
            raise SystemExit(f"{file} contains a token or an assertion")


def pretty(file):
    print(xml.dom.minidom.parse(file).documentElement.toprettyxml(indent="  "), end="")


def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        print(probe.getsockname()[1])


if __name__ == "__main__":
    commands = (received, fetched, assertion, secrets, pretty, port)
    {command.__name__: command for command in commands}[sys.argv[1]](*sys.argv[2:])
