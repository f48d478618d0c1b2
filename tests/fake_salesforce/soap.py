# SPDX-License-Identifier: Apache-2.0
"""The SOAP endpoints: finds operation and session with a real XML parser and answers in the request's dialect."""

import gzip
import itertools
import re
import zlib
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from . import soap_results
from .wire import Answer

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ENDPOINT = re.compile(
    r"/services/Soap/(?:(?P<api>[cuTms])(?:/(?P<version>\d+(?:\.\d+)?))?|class/(?P<class>[\w/]+))(?:[/?].*)?$"
)
NAMESPACES = {
    "c": "urn:enterprise.soap.sforce.com",
    "u": "urn:partner.soap.sforce.com",
    "T": "urn:tooling.soap.sforce.com",
    "m": "http://soap.sforce.com/2006/04/metadata",
    "s": "http://soap.sforce.com/2006/08/apex",
}
CLASS_NAMESPACE = "http://soap.sforce.com/schemas/class/"
INVALID_SESSION = ("INVALID_SESSION_ID", "Invalid Session ID found in SessionHeader: Illegal Session")


class SoapFault(Exception):
    def __init__(self, code, text):
        super().__init__(text)
        self.code = code
        self.text = text


@dataclass
class Call:
    namespace: str
    operation: str
    element: ElementTree.Element
    session: str = None


class SoapService:
    def __init__(self, org):
        self._org = org
        self._calls = itertools.count(1)

    def read(self, record):
        """Notes operation, session and user in the record; the call, or the fault to answer."""
        namespace = None
        try:
            namespace = self._namespace(record.path)
            call = _read(record)
            record.notes.update(operation=call.operation, session=call.session)
            if call.namespace != namespace:
                raise SoapFault("", f"No operation available for request {{{call.namespace}}}{call.operation}")
            if call.operation == "login":
                raise SoapFault(
                    "INVALID_LOGIN", "Invalid username, password, security token; or user locked out."
                )
            session = self._org.use(call.session)
            if session is None:
                raise SoapFault(*INVALID_SESSION)
            record.notes["user"] = session.user
            return call
        except SoapFault as fault:
            return self.fault(namespace or NAMESPACES["u"], fault.code, fault.text)

    def answer(self, call, record):
        if call.operation == "logout":
            self._org.end(token=call.session)
        result = soap_results.result(call, record.notes["user"])
        dialect = call.namespace.partition(":")[2]
        sobjects = f' xmlns:sf="urn:sobject.{dialect}"' if dialect.endswith("soap.sforce.com") else ""
        header = ""
        if sobjects:
            header = (
                "<soapenv:Header><LimitInfoHeader><limitInfo>"
                f"<current>{next(self._calls)}</current><limit>15000</limit><type>API REQUESTS</type>"
                "</limitInfo></LimitInfoHeader></soapenv:Header>"
            )
        body = f"<{call.operation}Response>{result}</{call.operation}Response>"
        return _answer(
            200,
            f'<soapenv:Envelope xmlns:soapenv="{ENVELOPE}" xmlns="{escape(call.namespace)}"{sobjects}'
            f' xmlns:xsi="{XSI}">{header}<soapenv:Body>{body}</soapenv:Body></soapenv:Envelope>',
        )

    def fault(self, namespace, code, text):
        """A fault as this API sends it; an empty code is the SOAP layer's own fault, soapenv:Client."""
        dialect = namespace.partition(":")[2]
        typed = dialect.endswith("soap.sforce.com") and code
        fault_namespace = f"urn:fault.{dialect}" if typed else namespace
        detail = ""
        if typed:
            detail = (
                '<detail><sf:UnexpectedErrorFault xsi:type="sf:UnexpectedErrorFault">'
                f"<sf:exceptionCode>{code}</sf:exceptionCode>"
                f"<sf:exceptionMessage>{escape(text)}</sf:exceptionMessage>"
                "</sf:UnexpectedErrorFault></detail>"
            )
        name, prefix = (f"sf:{code}", f"{code}: ") if code else ("soapenv:Client", "")
        return _answer(
            500,
            f'<soapenv:Envelope xmlns:soapenv="{ENVELOPE}" xmlns:sf="{escape(fault_namespace)}" xmlns:xsi="{XSI}">'
            f"<soapenv:Body><soapenv:Fault><faultcode>{name}</faultcode>"
            f"<faultstring>{prefix}{escape(text)}</faultstring>{detail}"
            "</soapenv:Fault></soapenv:Body></soapenv:Envelope>",
        )

    def namespace_of(self, path):
        """The namespace of the endpoint, the partner one where there is none."""
        try:
            return self._namespace(path)
        except SoapFault:
            return NAMESPACES["u"]

    def _namespace(self, path):
        match = ENDPOINT.match(path)
        if not match:
            raise SoapFault("", f"No service available for class '{path}'")
        if match["class"]:
            return CLASS_NAMESPACE + match["class"]
        if match["version"] and float(match["version"]) < self._org.settings.oldest_api:
            raise SoapFault("UNSUPPORTED_API_VERSION", "Invalid Api version specified on URL")
        return NAMESPACES[match["api"]]


def _answer(status, envelope):
    headers = [
        ("Set-Cookie", "BrowserId=fake-browser-id; path=/; secure; HttpOnly"),
        ("Content-Type", "text/xml; charset=utf-8"),
        ("Vary", "Accept-Encoding"),
    ]
    return Answer(status, headers, ('<?xml version="1.0" encoding="UTF-8"?>' + envelope).encode())


def _read(record):
    try:
        envelope = ElementTree.fromstring(_decoded(record))
    except (ElementTree.ParseError, ValueError, OSError, EOFError, zlib.error) as error:
        raise SoapFault("", f"The request could not be parsed: {error}") from None
    if envelope.tag != f"{{{ENVELOPE}}}Envelope":
        raise SoapFault("", f"Not a SOAP 1.1 envelope: {envelope.tag}")
    body = envelope.findall(f"{{{ENVELOPE}}}Body")
    if len(body) != 1 or len(body[0]) != 1:
        raise SoapFault("", "Exactly one Body with one element is needed")
    operation = body[0][0]
    namespace, _, name = operation.tag.rpartition("}")
    call = Call(namespace.lstrip("{"), name, operation)
    sessions = [
        session
        for header in envelope.findall(f"{{{ENVELOPE}}}Header")
        for block in header.findall(f"{{{call.namespace}}}SessionHeader")
        for session in block.findall(f"{{{call.namespace}}}sessionId") + block.findall("sessionId")
    ]
    if len(sessions) == 1:
        call.session = "".join(sessions[0].itertext())
    return call


def _decoded(record):
    coding = [value.lower() for name, value in record.headers if name.lower() == "content-encoding"]
    if coding == ["gzip"]:
        return gzip.decompress(record.body)
    if coding == ["deflate"]:
        return zlib.decompress(record.body)
    return record.body
