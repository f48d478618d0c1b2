# SPDX-License-Identifier: Apache-2.0
"""A private LDAP server, OpenLDAP's slapd, on free ports, with TLS and a few entries below dc=corp,dc=example."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

import callers
from gateway_httpd import DEADLINE, POLL, free_port

SUFFIX = "dc=corp,dc=example"
GATEWAY = f"cn=gateway,ou=services,{SUFFIX}"  # may search, and sees no passwords
GATEWAY_PASSWORD = "password-of-the-gateway"
ADMIN = f"cn=admin,{SUFFIX}"
CONFIGURATION = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile {folder}/pid
TLSCertificateFile {certificate}.pem
TLSCertificateKeyFile {certificate}.key
database mdb
directory {folder}/entries
suffix "{SUFFIX}"
rootdn "{ADMIN}"
rootpw {ADMIN_PASSWORD}
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{GATEWAY}" read by * none
"""
ADMIN_PASSWORD = "password-of-the-admin"


def _entry(name, *lines):
    return "\n".join((f"dn: {name},{SUFFIX}" if name else f"dn: {SUFFIX}", *lines, "", ""))


def _entries(members, others):
    """Persons by name, with their mail address; members of the group salesforce, and others."""
    yield _entry("", "objectClass: dcObject", "objectClass: organization", "o: Corp")
    for unit in ("people", "services", "groups"):
        yield _entry(f"ou={unit}", "objectClass: organizationalUnit")
    yield _entry("cn=gateway,ou=services", "objectClass: applicationProcess", "objectClass: simpleSecurityObject",
                 f"userPassword: {GATEWAY_PASSWORD}")  # fmt: skip
    for mail in (*members, *others):
        yield _entry(f"cn={mail.partition('@')[0]},ou=people", "objectClass: inetOrgPerson", "sn: Doe", f"mail: {mail}",
                     f"userPassword: {callers.PASSWORD}")  # fmt: skip
    names = (f"member: cn={mail.partition('@')[0]},ou=people,{SUFFIX}" for mail in members)
    yield _entry("cn=salesforce,ou=groups", "objectClass: groupOfNames", *names)


class Slapd:
    def __init__(self, certificate, members, others):
        """`certificate`, without .pem and .key, is that of 127.0.0.1."""
        if not shutil.which("slapd", path="/usr/sbin") or not shutil.which("ldapadd"):
            pytest.skip("slapd and ldap-utils are not installed")
        self.port = self.tls_port = None
        self._process = None
        self._temporary = tempfile.TemporaryDirectory(prefix="sfjwt-slapd-")
        folder = Path(self._temporary.name)
        (folder / "entries").mkdir()
        self._file = folder / "slapd.conf"
        self._file.write_text(CONFIGURATION.format(folder=folder, certificate=certificate, **globals()))
        self.start()
        self._add("".join(_entries(members, others)))

    @property
    def url(self):
        return f"ldap://127.0.0.1:{self.port}"

    @property
    def tls_url(self):
        return f"ldaps://127.0.0.1:{self.tls_port}"  # for localhost, the library compares the name of the machine

    def start(self):
        """Starts it, again on the ports it had."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            ports = self.port or free_port(), self.tls_port or free_port()
            self._process = subprocess.Popen(
                ["/usr/sbin/slapd", "-d", "0", "-f", self._file,
                 "-h", f"ldap://127.0.0.1:{ports[0]} ldaps://127.0.0.1:{ports[1]}"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            while self._process.poll() is None and time.monotonic() < end:
                if all(map(_listens, ports)):
                    self.port, self.tls_port = ports
                    return
                time.sleep(POLL)
        raise RuntimeError("slapd did not start")

    def stop(self):
        self._process.terminate()
        self._process.wait()

    def remove(self):
        self.stop()
        self._temporary.cleanup()

    def _add(self, entries):
        command = ["ldapadd", "-x", "-H", self.url, "-D", ADMIN, "-w", ADMIN_PASSWORD]
        done = subprocess.run(command, input=entries, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def _listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=DEADLINE).close()
        return True
    except OSError:
        return False
