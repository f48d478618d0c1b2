# SPDX-License-Identifier: Apache-2.0
"""Calls with suds, see client_stacks.py: suds_calls.py WSDL"""

import sys

import suds
from suds.client import Client

QUERY = "SELECT Id, Name FROM Account WHERE Name LIKE 'A & B%'"
client = Client("file://" + sys.argv[1], cache=None)


def create():
    account = client.factory.create("{urn:sobject.partner.soap.sforce.com}sObject")
    account.type, account.Name = "Account", "Smith & Sons"
    return client.service.create([account])[0].success


calls = {
    "query": lambda: client.service.query(QUERY).size,
    "getUserInfo": lambda: client.service.getUserInfo().userName,
    "create": create,
    "logout": lambda: client.service.logout(),
    "delete": lambda: client.service.delete(["not-an-id"]),
}
logged_in = None
for line in sys.stdin:
    location, session, operation, *password = line.split()
    if session == "-":
        location, session = logged_in.serverUrl, logged_in.sessionId
    header = client.factory.create("{urn:partner.soap.sforce.com}SessionHeader")
    header.sessionId = session
    client.set_options(location=location, soapheaders=() if password else header)
    try:
        if password:
            logged_in = client.service.login(session, *password)
            value = logged_in.serverUrl
        else:
            value = calls[operation]()
        print("ok", value, flush=True)
    except suds.WebFault as fault:
        print("WebFault", fault.fault.faultcode, fault.fault.faultstring, flush=True)
