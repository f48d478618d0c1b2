# SPDX-License-Identifier: Apache-2.0
"""A stand-in for Salesforce: the OAuth token endpoint and the SOAP endpoints, over https with a throw-away CA.

Start it with `/usr/bin/python3 -m fake_salesforce --folder DIR` (tests/ on PYTHONPATH), or from Python with
`fake_salesforce.client.FakeSalesforce(DIR)`. Ports are the kernel's choice and are told in one JSON line on standard
output and in DIR/state.json.

What tests can tell it and ask it is JSON below /_control/ on the same ports:

  GET  /_control/state            counters, open holds, living tokens, settings
  GET  /_control/requests         what the SOAP side received: method, path, headers in order, body_base64, user, ...
  GET  /_control/token-requests   what the token endpoint received: the same, with the claims and the verdict
  GET  /_control/secrets          every token given, whose it is, and every assertion received since the last reset
  POST /_control/settings         {"same_token": true, "token_lifetime": 7200, "max_assertion_lifetime": 300,
                                   "client_id": "...", "audiences": [...], "public_keys": [PEM, ...],
                                   "instance_url": "https://...", "oldest_api": 31.0,
                                   "client_secret": "", "clock_ahead": 0.0 (the token endpoint's, in seconds)}
  POST /_control/users            {"jane@corp.example": "approved|unapproved|not_admin_approved|inactive|locked"}
  POST /_control/revoke           {"user": ...} or {"token": ...}: its session is dead from now on
  POST /_control/expire           every session is dead from now on
  POST /_control/misbehave/token  see misbehaviour.py
  POST /_control/misbehave/soap
  POST /_control/release          {"hold": NAME}: requests held by {"hold": NAME} go on
  POST /_control/forget           records and counters are empty again
  POST /_control/reset            all is as it was at the start
"""
