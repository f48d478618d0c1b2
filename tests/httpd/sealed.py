# SPDX-License-Identifier: Apache-2.0
"""What gateways store for each other, made and opened by another implementation of what keys/seal.h, token_key.h and
token_record.h say."""

import base64
import hashlib
import hmac
import os
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def new_key():
    """As `openssl rand -base64 32` makes it."""
    return base64.b64encode(os.urandom(32)).decode()


def token_key(salesforce, user, audience="https://login.salesforce.com"):
    def text(value):
        return struct.pack(">Q", len(value)) + value.encode()

    parts = (f"{salesforce.url}/services/oauth2/token", salesforce.client_id, audience, "sub")
    no_pairs = struct.pack(">Q", 0)
    prefix = hashlib.sha256(b"".join(map(text, parts)) + no_pairs + no_pairs).digest()
    return hashlib.sha256(prefix + user.encode()).digest()


@dataclass
class SharedToken:
    issued_at: int
    not_after: int
    used_at: int
    unproven: int
    instance_url: str
    value: str

    def record(self):
        numbers = struct.pack("<4q", self.issued_at, self.not_after, self.used_at, self.unproven)
        texts = (self.instance_url.encode(), self.value.encode())
        return numbers + b"".join(struct.pack("<q", len(text)) + text for text in texts)

    @staticmethod
    def of(record):
        numbers = struct.unpack_from("<4q", record)
        texts, at = [], 32
        for _ in range(2):
            (size,) = struct.unpack_from("<q", record, at)
            texts.append(record[at + 8 : at + 8 + size].decode())
            at += 8 + size
        assert at == len(record)
        return SharedToken(*numbers, *texts)


class Seal:
    def __init__(self, key):
        self._id_key = self._derived(key, b"ids")
        self._values = AESGCM(self._derived(key, b"values"))

    @staticmethod
    def _derived(key, purpose):
        info = b"mod_sfjwt token cache 1: " + purpose
        return HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(base64.b64decode(key))

    def id_of(self, key):
        return hmac.digest(self._id_key, key, "sha256")

    def decrypt(self, number, value):
        """(when it expires, content)"""
        version, expires_at = struct.unpack(">bQ", value[:9])
        assert version == 1
        return expires_at, self._values.decrypt(value[9:21], value[21:], value[:9] + number)

    def encrypt(self, number, expires_at, content):
        header, nonce = struct.pack(">bQ", 1, expires_at), os.urandom(12)
        return header + nonce + self._values.encrypt(nonce, content, header + number)


def redis_key(number):
    """As mod_socache_redis writes an id."""
    return b"sfjwt:" + number.hex().encode()
