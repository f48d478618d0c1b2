# SPDX-License-Identifier: Apache-2.0
"""Configuration texts of the tests: a gateway to the fake Salesforce, with single directives changed."""

from gateway_httpd import SOURCE

SAMPLE_WSDL = SOURCE / "wsdl/sample-partner.wsdl"
ENTERPRISE_WSDL = SOURCE / "wsdl/sample-enterprise.wsdl"


def tls_to(salesforce):
    """What every https backend needs."""
    return f"""
SSLProxyEngine On
SSLProxyVerify require
SSLProxyCheckPeerName On
SSLProxyCheckPeerExpire On
SSLProxyCACertificateFile "{salesforce.ca}"
"""


def gateway(salesforce, *lines, path="/services/Soap/", target=None, tls=True, **directives):
    """A complete section. `lines` are added to it; a keyword names a directive: its value replaces the usual one, a
    list gives several lines, None leaves the directive out."""
    settings = {
        "SFJwt": "On",
        "SFJwtWsdl": f'"{SAMPLE_WSDL}"',
        "SFJwtClientId": salesforce.client_id,
        "SFJwtPrivateKey": f'"{salesforce.private_key}"',
        "SFJwtAudience": "production",
        "SFJwtTokenEndpoint": f"{salesforce.url}/services/oauth2/token",
        "SFJwtTokenCAFile": f'"{salesforce.ca}"',
        "SFJwtAllowSubject": r"match .+@corp\.example",
        "SFJwtAllowInstance": "localhost",
        **directives,
    }
    own = [f"  {name} {value}" for name, values in settings.items() for value in _several(values)]
    more = [f"  {line}" for line in lines]
    target = target or f"{salesforce.url}/services/Soap/"
    section = [f'<Location "{path}">', f"  ProxyPass {target}", *own, *more, "</Location>"]
    return (tls_to(salesforce) if tls else "") + "\n".join(section) + "\n"


def plain(salesforce, path="/services/Soap/"):
    """The same way without the module."""
    return f"{tls_to(salesforce)}ProxyPass {path} {salesforce.url}/services/Soap/\n"


def _several(values):
    if values is None:
        return []
    return values if isinstance(values, (list, tuple)) else [values]
