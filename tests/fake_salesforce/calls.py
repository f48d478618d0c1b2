# SPDX-License-Identifier: Apache-2.0
"""What the tests of the fake send to it."""

import json
import time
from pathlib import Path
from urllib.parse import urlencode

import jwt

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
JANE = "jane@corp.example"


def claims(fake, **changes):
    good = {"iss": fake.client_id, "sub": JANE, "aud": "https://login.salesforce.com", "exp": int(time.time()) + 180}
    return {name: value for name, value in {**good, **changes}.items() if value is not None}


def signed(fake, **changes):
    return jwt.encode(claims(fake, **changes), Path(fake.private_key).read_text(), algorithm="RS256")


def send(fake, method, path, body=b"", headers=None):
    connection = fake.connection()
    try:
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def ask(fake, assertion, **parameters):
    form = urlencode({"grant_type": GRANT_TYPE, "assertion": assertion, **parameters})
    response, body = send(fake, "POST", "/services/oauth2/token", form)
    return response.status, json.loads(body)


def token(fake, **changes):
    status, reply = ask(fake, signed(fake, **changes))
    assert status == 200, reply
    return reply["access_token"]


def envelope(session, operation="<m:getUserInfo/>", namespace="urn:partner.soap.sforce.com"):
    return (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" '
        f'xmlns:m="{namespace}"><e:Header><m:SessionHeader><m:sessionId>{session}</m:sessionId></m:SessionHeader>'
        f"</e:Header><e:Body>{operation}</e:Body></e:Envelope>"
    ).encode()


def call(fake, session, operation="<m:getUserInfo/>", path="/services/Soap/u/66.0", **more):
    return send(fake, "POST", path, envelope(session, operation, **more), {"Content-Type": "text/xml"})
