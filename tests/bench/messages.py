#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the messages of the benchmark for a WSDL: what applications send, valid to its letter, the same on every run.

    messages.py WSDL FOLDER

query.xml            a query of 0.8 KB
create-200.xml       200 new accounts and contacts, as many as Salesforce takes at once
create-5mb.xml       as many as make 5 MB
attachment-5mb.xml   one new attachment of 5 MB in base64
"""

import base64
import random
import sys
import xml.etree.ElementTree as tree
from pathlib import Path

XSD = "{http://www.w3.org/2001/XMLSchema}"
# What applications fill in, of the fields that a WSDL may have.
FIELDS = {
    "Account": """AccountNumber AnnualRevenue BillingCity BillingCountry BillingPostalCode BillingState BillingStreet
        Description Industry IsDeleted LastActivityDate Name NumberOfEmployees OwnerId ParentId Phone Rating
        SLAExpirationDate__c SLA__c ShippingCity ShippingCountry ShippingStreet Site Type Website""".split(),
    "Contact": """AccountId AssistantName Birthdate Department Description Email FirstName HasOptedOutOfEmail
        LastModifiedDate LastName LeadSource Level__c MailingCity MailingCountry MailingPostalCode MailingStreet
        MobilePhone OwnerId Phone Score__c Title""".split(),
}
TYPES = {
    "AnnualRevenue": "double",
    "Score__c": "double",
    "NumberOfEmployees": "int",
    "IsDeleted": "boolean",
    "HasOptedOutOfEmail": "boolean",
    "LastModifiedDate": "dateTime",
    "Birthdate": "date",
    "LastActivityDate": "date",
    "SLAExpirationDate__c": "date",
}
WORDS = """Acme Global Northwind Werke Industries Holding Partners Logistics Energy Systems Trading Data Labs Medical
    North South Company Limited Services""".split()
RARE_WORDS = ("Söhne", "München", "株式会社", "&amp;", "R&amp;D")
STREETS = "Main Street,Market Square,Königsallee,Rue de Rivoli,Via Roma,5th Avenue,Station Road".split(",")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class Messages:
    """The messages for one WSDL."""

    def __init__(self, wsdl):
        self.random = random.Random(20)
        root = tree.parse(wsdl).getroot()
        self.main = root.get("targetNamespace")
        self.types = {}  # of the namespace with sObject: name to the names of its fields in order
        for schema in root.iter(XSD + "schema"):
            if any(kind.get("name") == "sObject" for kind in schema.iter(XSD + "complexType")):
                self.objects = schema.get("targetNamespace")
                self.types = {
                    kind.get("name"): [field.get("name") for field in kind.iter(XSD + "element")]
                    for kind in schema.iter(XSD + "complexType")
                }
        self.generic = "Account" not in self.types  # partner: records are named by an element, fields are free

    def salesforce_id(self, prefix):
        return prefix + "".join(self.random.choices(LETTERS, k=15))

    def text(self, most):
        count = self.random.randint(1, most)
        return " ".join(self.random.choice(WORDS if self.random.random() < 0.97 else RARE_WORDS) for _ in range(count))

    def value(self, name):
        pick = self.random.randint
        kind = TYPES.get(name) or ("id" if name.endswith("Id") else "string")
        if kind == "double":
            return f"{pick(0, 10**9) / 100:.2f}"
        if kind == "int":
            return str(pick(1, 250000))
        if kind == "boolean":
            return self.random.choice(("true", "false"))
        if kind == "date":
            return f"{pick(1930, 2030)}-{pick(1, 12):02}-{pick(1, 28):02}"
        if kind == "dateTime":
            return f"{self.value('Birthdate')}T{pick(0, 23):02}:{pick(0, 59):02}:{pick(0, 59):02}.{pick(0, 999):03}Z"
        if kind == "id":
            return self.salesforce_id("001")
        if "Phone" in name:
            return f"+{pick(1, 99)} {pick(100, 999)} {pick(100000, 9999999)}"
        if "Street" in name:
            return f"{self.random.choice(STREETS)} {pick(1, 250)}"
        if name in ("Email", "Website"):
            return f"{self.random.choice(('info', 'sales', 'jane.doe'))}@unit{pick(1, 9999)}.example"
        if name == "Description":
            return self.text(24) + "\n" + self.text(24)
        return self.text(4)

    def start(self, kind):
        """The start tag of a record and the fields that every one of the kind has."""
        if self.generic:
            return f'<urn:sObjects><ns:type>{kind}</ns:type><ns:Id xsi:nil="true"/>'
        return f'<urn:sObjects xsi:type="ns:{kind}"><ns:Id xsi:nil="true"/>'

    def record(self):
        kind = self.random.choice(tuple(FIELDS))
        known = FIELDS[kind] if self.generic else [name for name in self.types[kind] if name in FIELDS[kind]]
        some = [name for name in known if self.random.random() < 0.45]
        fields = "".join(
            f'<ns:{name} xsi:nil="true"/>'
            if self.random.random() < 0.05
            else f"<ns:{name}>{self.value(name)}</ns:{name}>"
            for name in some
        )
        return f"{self.start(kind)}{fields}</urn:sObjects>"

    def envelope(self, body):
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
            f'xmlns:urn="{self.main}" xmlns:ns="{self.objects}" '
            'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Header>'
            "<urn:SessionHeader><urn:sessionId>jane@corp.example</urn:sessionId></urn:SessionHeader>"
            f"</soapenv:Header><soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>"
        )

    def query(self):
        text = (
            "SELECT Id, Name, Phone, Industry, OwnerId, CreatedDate, LastModifiedDate FROM Account WHERE Name LIKE 'Acme%' "
            "AND Industry IN ('Energy', 'Banking') AND AnnualRevenue &gt; 100000 "
            "AND LastModifiedDate &gt; 2026-01-01T00:00:00Z ORDER BY LastModifiedDate DESC NULLS LAST LIMIT 200"
        )
        return self.envelope(
            f"<urn:query><urn:queryString>{text}</urn:queryString></urn:query>",
        )

    def create(self, records):
        return self.envelope(f"<urn:create>{''.join(records)}</urn:create>")

    def create_of(self, most):
        records, size = [], 0
        while size < most:
            records.append(self.record())
            size += len(records[-1].encode())
        return self.create(records)

    def attachment(self, size):
        data = base64.b64encode(self.random.randbytes(size * 3 // 4)).decode()
        return self.create(
            [f"{self.start('Attachment')}<ns:Body>{data}</ns:Body><ns:Name>scan.pdf</ns:Name></urn:sObjects>"]
        )


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    messages, folder = Messages(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (
        ("query", messages.query()),
        ("create-200", messages.create([messages.record() for _ in range(200)])),
        ("create-5mb", messages.create_of(5_000_000)),
        ("attachment-5mb", messages.attachment(5_000_000)),
    ):
        (folder / f"{name}.xml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
