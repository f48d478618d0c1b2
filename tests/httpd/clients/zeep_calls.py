# SPDX-License-Identifier: Apache-2.0
"""Calls with zeep, see client_stacks.py: zeep_calls.py WSDL"""

import sys

import zeep
from lxml import etree

QUERY = "SELECT Id, Name FROM Account WHERE Name LIKE 'A & B%'"
client = zeep.Client(sys.argv[1], settings=zeep.Settings(strict=False))
client.transport.session.trust_env = False  # a proxy of the tester must not decide a test
(binding,) = client.wsdl.bindings


def create(service, headers):
    name = etree.Element("Name")
    name.text = "Smith & Sons"
    record = client.get_type("{urn:sobject.partner.soap.sforce.com}sObject")
    account = record(type="Account", Id=None, _value_1=[name])
    return service.create([account], _soapheaders=headers).body.result[0].success


calls = {
    "query": lambda service, headers: service.query(QUERY, _soapheaders=headers).body.result.size,
    "getUserInfo": lambda service, headers: service.getUserInfo(_soapheaders=headers).body.result.userName,
    "create": create,
    "logout": lambda service, headers: service.logout(_soapheaders=headers) and "",
    "delete": lambda service, headers: service.delete(["not-an-id"], _soapheaders=headers),
}
logged_in = None
for line in sys.stdin:
    location, session, operation, *password = line.split()
    if session == "-":
        location, session = logged_in.serverUrl, logged_in.sessionId
    service = client.create_service(binding, location)
    try:
        if password:
            logged_in = service.login(session, *password)
            value = logged_in.serverUrl
        else:
            value = calls[operation](service, {"SessionHeader": {"sessionId": session}})
        print("ok", value, flush=True)
    except zeep.exceptions.Fault as fault:
        print("Fault", fault.code, fault.message, flush=True)
