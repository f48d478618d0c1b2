# SPDX-License-Identifier: Apache-2.0
"""Private keys in the forms administrators have them in, made with openssl."""

import datetime
import os
import subprocess
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID


def openssl(*command):
    return subprocess.run(["openssl", *map(str, command)], check=True, capture_output=True).stdout


class KeyPair:
    """A new RSA key in `folder`."""

    def __init__(self, folder, name="new"):
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.file = write(folder / f"{name}.key", pem)
        self.public_pem = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ).decode()


def write(path, content, mode=0o600):
    """A file only its owner reads."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(mode)
    return path


def certificate(folder, key, days=90, name="certificate.pem", subject="gateway"):
    """A self-signed certificate of this common name; with negative days it has expired, which openssl x509 no longer makes."""
    file = folder / name
    private = serialization.load_pem_private_key(Path(key).read_bytes(), None)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    now = datetime.datetime.now(datetime.timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=max(1, 1 - days)))
        .not_valid_after(now + datetime.timedelta(days=days))
        .sign(private, hashes.SHA256())
    )
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return file


def encrypted(folder, key, form, passphrase):
    """The key encrypted: as PKCS#8 or the older PEM, as PKCS#8 in DER, or as PKCS#12."""
    file = folder / f"encrypted-{form}"
    to = ("-passout", f"pass:{passphrase}", "-out", file)
    if form == "pkcs8":
        openssl("pkcs8", "-topk8", "-v2", "aes-256-cbc", "-in", key, *to)
    elif form == "pkcs8-der":
        openssl("pkcs8", "-topk8", "-v2", "aes-256-cbc", "-outform", "DER", "-in", key, *to)
    elif form == "traditional":
        openssl("rsa", "-aes128", "-traditional", "-in", key, *to)
    else:
        openssl("pkcs12", "-export", "-inkey", key, "-in", certificate(folder, key), *to)
    os.chmod(file, 0o600)
    return file
