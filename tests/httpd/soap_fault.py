# SPDX-License-Identifier: Apache-2.0
"""A refusal as a client reads it: with an XML parser, by its SOAP version and media type."""

import re
from dataclasses import dataclass
from xml.etree import ElementTree

SOAP_1_1 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_1_2 = "http://www.w3.org/2003/05/soap-envelope"
MEDIA_TYPES = {SOAP_1_1: "text/xml; charset=utf-8", SOAP_1_2: "application/soap+xml; charset=utf-8"}
CODE = re.compile(r"SFJ\d{4}\b")


@dataclass
class Fault:
    version: str  # the namespace of its Envelope
    faultcode: str  # local name: Client, Server, VersionMismatch, MustUnderstand, Sender, Receiver
    text: str
    code: str  # ours, SFJ0301
    exception_code: str  # of the typed detail; "" when there is none


def fault_in(response):
    """The fault of a response; fails unless it is one well-formed SOAP fault with the media type of its version."""
    envelope = ElementTree.fromstring(response.body)
    version = envelope.tag[1:].partition("}")[0]
    assert envelope.tag == f"{{{version}}}Envelope" and version in MEDIA_TYPES
    assert [value.lower() for value in response.header("Content-Type")] == [MEDIA_TYPES[version]]
    body = envelope[-1]  # a Header may stand before it: SOAP 1.2 part 1 section 5.4.7, Upgrade
    assert body.tag == f"{{{version}}}Body" and [child.tag for child in body] == [f"{{{version}}}Fault"]
    fault = body[0]
    if version == SOAP_1_1:
        name, text, detail = fault.find("faultcode").text, fault.find("faultstring").text, fault.find("detail")
    else:
        name = fault.find(f"{{{version}}}Code/{{{version}}}Value").text
        text = fault.find(f"{{{version}}}Reason/{{{version}}}Text").text
        detail = fault.find(f"{{{version}}}Detail")
    codes = CODE.findall(text)
    assert len(codes) == 1, f"one code in the fault is expected: {text}"
    return Fault(version, name.partition(":")[2], text, codes[0], exception_code(detail, text))


def exception_code(detail, text):
    """What a client made from the WSDL finds in the detail, which must say the same as the fault."""
    if detail is None:
        return ""
    (entry,) = detail
    code, message = entry
    assert code.tag.endswith("}exceptionCode") and message.tag.endswith("}exceptionMessage") and message.text == text
    return code.text
