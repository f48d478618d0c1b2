# SPDX-License-Identifier: Apache-2.0
"""A throw-away CA, a server certificate it signed, and the key pair of the connected app."""

import datetime
import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LIFETIME = datetime.timedelta(days=60)  # beyond the month in which the gateway warns
DEFAULT_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Certificates:
    """Where the files are; all PEM."""

    ca: Path
    server_certificate: Path
    server_key: Path
    private_key: Path
    public_key: Path
    client_certificate: Path  # certificate and key of somebody the CA knows


def create(folder, names=DEFAULT_NAMES):
    """Writes all files into the folder; keys are readable by their owner only."""
    folder = Path(folder)
    files = Certificates(
        ca=folder / "ca.pem",
        server_certificate=folder / "server.pem",
        server_key=folder / "server.key",
        private_key=folder / "connected-app.key",
        public_key=folder / "connected-app.pub",
        client_certificate=folder / "client.pem",
    )
    ca_key, server_key, app_key = _new_key(), _new_key(), _new_key()
    ca = _ca_certificate(ca_key)
    files.ca.write_bytes(_pem(ca))
    files.server_certificate.write_bytes(_pem(_server_certificate(server_key, ca, ca_key, names)))
    write_private_key(files.server_key, server_key)
    write_private_key(files.private_key, app_key)
    files.public_key.write_bytes(public_pem(app_key))
    write_private_key(files.client_certificate, app_key, before=_pem(_client_certificate(app_key, ca, ca_key)))
    return files


def public_pem(key):
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def write_private_key(path, key, before=b""):
    """PKCS#8 PEM, behind what is given, with mode 0600 from its first byte on."""
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(before + pem)


def _new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _pem(certificate):
    return certificate.public_bytes(serialization.Encoding.PEM)


def _builder(subject, issuer, public_key):
    now = datetime.datetime.utcnow()
    return (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + LIFETIME)
    )


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


CA_NAME = "throw-away CA of the fake Salesforce"


def _ca_certificate(key):
    return (
        _builder(CA_NAME, CA_NAME, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=False, content_commitment=False, key_encipherment=False,
                data_encipherment=False, key_agreement=False, key_cert_sign=True, crl_sign=True,
                encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )


def _client_certificate(key, ca, ca_key):
    return (
        _builder("gateway", CA_NAME, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .sign(ca_key, hashes.SHA256())
    )


def _server_certificate(key, ca, ca_key, names):
    alternatives = x509.SubjectAlternativeName([one for name in names for one in _alternatives(name)])
    return (
        _builder("fake Salesforce", CA_NAME, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        .add_extension(alternatives, critical=False)
        .sign(ca_key, hashes.SHA256())
    )


def _alternatives(name):
    """mod_ssl looks for an address of a backend among the DNS names; everybody else does not."""
    try:
        return [x509.IPAddress(ipaddress.ip_address(name)), x509.DNSName(name)]
    except ValueError:
        return [x509.DNSName(name)]
