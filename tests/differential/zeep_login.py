# SPDX-License-Identifier: Apache-2.0
"""Reads a response to login as a client made with zeep does: zeep_login.py WSDL RESPONSE"""
import sys
from pathlib import Path

from zeep import Client


class Answer:
    status_code = 200
    headers = {"Content-Type": "text/xml; charset=utf-8"}
    encoding = "utf-8"

    def __init__(self, content):
        self.content = content


wsdl, document = sys.argv[1:]
client = Client(wsdl)
result = client.service._binding.process_reply(
    client, client.service._binding._operations["login"], Answer(Path(document).read_bytes()))
assert result.sessionId == "sfjwt.handle-of_the.user", result
assert result.serverUrl.startswith("https://gateway.corp.example/services/Soap/u/64.0/"), result
assert result.passwordExpired is False, result
assert result.userInfo.organizationId == "00DA0000000YpZ4MAK", result
assert result.userId == result.userInfo.userId == "005A000000AAAAAIAY", result
