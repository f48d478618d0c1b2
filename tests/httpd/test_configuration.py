# SPDX-License-Identifier: Apache-2.0
"""What httpd -t says of a configuration, where directives may stand, and how sections inherit."""

import gzip
import os
import pwd
import re
import subprocess
from pathlib import Path

import pytest

import sections
from fake_salesforce.calls import JANE, envelope
from gateway_httpd import SOURCE
from soap_fault import fault_in

REQUEST = envelope(JANE)
SFJWTCTL = os.environ.get("SFJWTCTL", str(SOURCE / "build/release/sfjwtctl"))
DIRECTIVES = {
    "SFJwt": "On",
    "SFJwtWsdl": f'"{sections.SAMPLE_WSDL}"',
    "SFJwtValidate": "tolerant -short-ids",
    "SFJwtXmlLimits": "depth=40",
    "SFJwtMaxBody": "65536",
    "SFJwtClientId": "consumer",
    "SFJwtClientSecret": "file:/dev/null",
    "SFJwtPrivateKey": "/dev/null file:/dev/null",
    "SFJwtKeyId": "key-1",
    "SFJwtCertificate": "/dev/null",
    "SFJwtAudience": "production",
    "SFJwtTokenEndpoint": "https://login.salesforce.com/services/oauth2/token",
    "SFJwtAuthorizationEndpoint": "https://login.salesforce.com/services/oauth2/authorize",
    "SFJwtAssertionLifetime": "180",
    "SFJwtSubjectClaim": "sub",
    "SFJwtClaim": "name value",
    "SFJwtTokenParam": "name value",
    "SFJwtTokenTimeout": "8 3",
    "SFJwtTokenProxy": "http://proxy.corp.example:3128",
    "SFJwtTokenCAFile": "/dev/null",
    "SFJwtTokenClientCertificate": "/dev/null",
    "SFJwtSubject": "body",
    "SFJwtAllowSubject": "any",
    "SFJwtTokenIdle": "3300",
    "SFJwtTokenMaxAge": "43200",
    "SFJwtSessionGuard": "On -logout",
    "SFJwtRenew": "Off",
    "SFJwtAllowInstance": "localhost",
    "SFJwtStripHeader": "X-A",
    "SFJwtChecks": "-SFJ0926",
}


def says(configtest, config, *parts, **options):
    """That httpd -t refuses a configuration and says all these parts."""
    accepted, output = configtest(config, **options)
    assert not accepted, output
    for part in parts:
        assert part in output, output
    return output


def test_a_complete_section_is_accepted(salesforce, configtest):
    assert configtest(sections.gateway(salesforce)) == (True, "Syntax OK\n")


@pytest.mark.parametrize(
    "directive", ["SFJwtWsdl", "SFJwtClientId", "SFJwtPrivateKey", "SFJwtAudience", "SFJwtAllowSubject"]
)
def test_what_is_missing_is_named_with_its_section(salesforce, configtest, directive):
    config = sections.gateway(salesforce, **{directive: None})
    output = says(configtest, config, "SFJ0901", f"{directive} is missing", "httpd.conf:")
    assert output.count(" is missing") == 1


def test_all_that_is_missing_is_said_at_once(configtest):
    output = says(configtest, "<Location /s>\nSFJwt On\n</Location>", "SFJ0901: SFJwt On at ")
    assert output.count(" is missing") == 5


def test_a_section_that_is_off_may_lack_everything(configtest):
    assert configtest("SFJwt Off\n<Location /s>\nSFJwtClientId x\n</Location>")[0]


def test_the_server_does_not_start_with_an_incomplete_section(httpd):
    server = httpd("<Location /s>\nSFJwt On\nSFJwtChecks -SFJ0922\n</Location>", start=False)
    server.expect_log("SFJ0901: .*SFJwtWsdl is missing")
    server.allow_log("SFJ0901|AH00018")
    with pytest.raises(RuntimeError, match="httpd did not start"):
        server.start()
    server.kill()


@pytest.mark.parametrize(
    "line, words",
    [
        ("SFJwt Maybe", "SFJwt must be On or Off"),
        ("SFJwtMaxBody many", "SFJwtMaxBody: must be a number of bytes from 1024 to 1073741824"),
        ("SFJwtMaxBody 1023", "SFJwtMaxBody: must be a number"),
        ("SFJwtMaxBody 1073741825", "SFJwtMaxBody: must be a number"),
        ("SFJwtMaxBody 64K", "SFJwtMaxBody: must be a number"),
        ("SFJwtXmlLimits", "SFJwtXmlLimits"),
        ("SFJwtXmlLimits deep=4", "SFJwtXmlLimits: no limit deep=4; they are written name=number"),
        ("SFJwtXmlLimits depth=0", "SFJwtXmlLimits: depth must be a number"),
        ("SFJwtXmlLimits depth=40 attributes=129", "SFJwtXmlLimits: attributes must be a number"),
        ("SFJwtXmlLimits depth", "SFJwtXmlLimits: no limit depth"),
        ("SFJwtValidate lax", "SFJwtValidate: "),
        ("SFJwtValidate tolerant -everything", "SFJwtValidate: "),
        ("SFJwtValidate tolerant short-ids", "SFJwtValidate: "),
        ("SFJwtValidate strict +short-ids", "SFJwtValidate: "),
        ("SFJwtValidate", "SFJwtValidate"),
        ("SFJwtSessionGuard", "SFJwtSessionGuard: must begin with On or Off"),
        ("SFJwtSessionGuard Perhaps", "SFJwtSessionGuard: must begin with On or Off"),
        ("SFJwtSessionGuard On logout", "SFJwtSessionGuard: no guarded operation logout; they are written -name"),
        ("SFJwtSessionGuard On -query", "SFJwtSessionGuard: no guarded operation -query"),
        ("SFJwtSessionGuard On -login", "SFJwtSessionGuard: login is always refused"),
        ("SFJwtRenew Sometimes", "SFJwtRenew must be On or Off"),
        ('SFJwtClientId ""', "SFJwtClientId takes one argument"),
        ('SFJwtClientId "two words"', "SFJwtClientId: must be one word"),
        ("SFJwtAudience staging", "SFJwtAudience: must be production, sandbox or an https URL"),
        ("SFJwtAudience http://login.salesforce.com", "SFJwtAudience: must be production"),
        ("SFJwtTokenEndpoint http://localhost/token", "SFJwtTokenEndpoint: must be an https URL"),
        ("SFJwtTokenEndpoint https:///token", "SFJwtTokenEndpoint: must be an https URL with a host"),
        *((f"SFJwtTokenEndpoint https://login.salesforce.com{path}",
           "SFJwtTokenEndpoint: must have a path: write https://login.salesforce.com/services/oauth2/token")
          for path in ("", "/", "?so=00D")),
        ("SFJwtTokenEndpoint https://a:b@localhost/", "SFJwtTokenEndpoint: must be a URL without user information"),
        ("SFJwtAuthorizationEndpoint http://localhost/", "SFJwtAuthorizationEndpoint: must be an https URL"),
        ("SFJwtAssertionLifetime 9", "SFJwtAssertionLifetime: must be a number of seconds from 10 to 3600"),
        ("SFJwtAssertionLifetime 3601", "SFJwtAssertionLifetime: must be a number"),
        ("SFJwtSubjectClaim aud", "SFJwtSubjectClaim: must be sub or prn"),
        ("SFJwtKeyId \"two words\"", "SFJwtKeyId: must be one word"),
        ("SFJwtPrivateKey /k word", "SFJwtPrivateKey: the passphrase must be file:NAME, or exec:"),
        ("SFJwtPrivateKey /k exec:relative", "SFJwtPrivateKey: the passphrase must be"),
        ("SFJwtPrivateKey /k file:", "SFJwtPrivateKey: the passphrase must be"),
        ("SFJwtPrivateKey /k file:/a file:/b", "SFJwtPrivateKey takes 1-2 arguments"),
        ("SFJwtClientSecret secret", "SFJwtClientSecret: must be file:NAME, or exec:"),
        *((f"SFJwtTokenProxy {url}", "SFJwtTokenProxy: must be http://host:port or https://host:port")
          for url in ("proxy:3128", "http://proxy", "http://a:b@proxy:1", "socks5://proxy:1", "http://proxy:1/x")),
        *((f"SFJwtClaim {name} x", f"SFJwtClaim: claim {name} cannot be set") for name in
          ("iss", "sub", "prn", "aud", "exp", "iat", "nbf")),
        ("SFJwtClaim one", "SFJwtClaim takes two arguments"),
        *((f"SFJwtTokenParam {name} x", f"SFJwtTokenParam: parameter {name} cannot be set") for name in
          ("grant_type", "assertion", "client_id", "client_secret")),
        ("SFJwtClaim a 1\nSFJwtClaim a 2", "SFJwtClaim: a is given twice in this section"),
        ("SFJwtTokenTimeout 0", "SFJwtTokenTimeout: must be a number of seconds from 1 to 300"),
        ("SFJwtTokenTimeout 301", "SFJwtTokenTimeout: must be a number"),
        ("SFJwtTokenTimeout 5 6", "SFJwtTokenTimeout: must be a number of seconds for the connection from 1 to 5"),
        ("SFJwtTokenIdle 0", "SFJwtTokenIdle: must be a number of seconds from 1 to 43200"),
        ("SFJwtTokenIdle 43201", "SFJwtTokenIdle: must be a number"),
        ("SFJwtTokenMaxAge 2592001", "SFJwtTokenMaxAge: must be a number of seconds from 1 to 2592000"),
        *((f"SFJwtTokenCache {value}", f"SFJwtTokenCache: must be shm[:entries[:bytes]], or a provider whose module is "
          f"loaded, with its arguments: for {value} there is none (LoadModule socache_{value}_module") for value in
          ("none", "redis", "100000")),
        ("SFJwtTokenCache redis:localhost", "LoadModule socache_redis_module"),
        ("SFJwtTokenCache shmcb:relative(12)", "SFJwtTokenCache: shmcb: "),
        ("SFJwtTokenCacheKey secret", "SFJwtTokenCacheKey: must be file:NAME, or exec:"),
        ("SFJwtTokenCacheKey", "SFJwtTokenCacheKey takes one argument"),
        ("SFJwtTokenCache shm:255", "SFJwtTokenCache: must be a number of entries from 256 to 67108864"),
        ("SFJwtTokenCache shm:1000:100", "SFJwtTokenCache: must be a number of bytes for an entry from 256 to 8192"),
        ("SFJwtTokenCache shm:1000:480:1", "SFJwtTokenCache: must be a number of bytes"),
        *((f"<{section}>\n{line}\n</{section.split()[0]}>", f"{line.split()[0]}: is for the whole server")
          for section in ('Location "/x/"', "LocationMatch ^/x", 'Proxy "https://localhost/"', "ProxyMatch ^https",
                          "VirtualHost *:80")
          for line in ("SFJwtTokenCache shm", "SFJwtTokenCache redis:x", "SFJwtTokenCacheKey file:/dev/null",
                       "SFJwtMaxBuffered 1048576")),
        *((f"<{section}>\n{line}\n</{section.split()[0]}>", f"{line.split()[0]} cannot occur within <{section.split()[0]}")
          for section in ("Directory /x", "Files x", "If true")
          for line in ("SFJwtTokenCache shm", "SFJwtTokenCacheKey file:/dev/null", "SFJwtMaxBuffered 1048576")),
        ('SFJwtSubject "%{REMOTE_USER"', "SFJwtSubject: the expression is not understood"),
        ("SFJwtAllowSubject", "SFJwtAllowSubject: must be one of: any | same | match"),
        ("SFJwtAllowSubject all", "SFJwtAllowSubject: must be one of: any | same | match"),
        ("SFJwtAllowSubject any same", "SFJwtAllowSubject: must be one of"),
        ("SFJwtAllowSubject match", "SFJwtAllowSubject: must be one of"),
        ("SFJwtAllowSubject user x", "SFJwtAllowSubject: must be one of"),
        ('SFJwtAllowSubject match "(jane"', "SFJwtAllowSubject: regular expression 1:"),
        ('SFJwtAllowSubject user ".*" "[a"', "SFJwtAllowSubject: regular expression 2:"),
        ('SFJwtAllowSubject expr "%{REMOTE_USER} =="', "SFJwtAllowSubject: the expression is not understood"),
        ("SFJwtAllowInstance https://localhost", "SFJwtAllowInstance: "),
        ("SFJwtAllowInstance *", "SFJwtAllowInstance: "),
        ("SFJwtAllowInstance .com.*", "SFJwtAllowInstance: "),
        ("SFJwtStripHeader Content-Type", "SFJwtStripHeader: Content-Type cannot be left out of a request"),
        ("SFJwtStripHeader host", "SFJwtStripHeader: host cannot be left out of a request"),
        ('SFJwtStripHeader "X Y"', "SFJwtStripHeader: X Y is not a header name"),
        ("SFJwtStripHeader X-A:", "SFJwtStripHeader: X-A: is not a header name"),
        ('SFJwtWsdl ""', "SFJwtWsdl requires at least one argument"),
        ("SFJwtNoSuchThing x", "Invalid command 'SFJwtNoSuchThing'"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_with_what_would_be_right(configtest, line, words):
    says(configtest, line, words, "Syntax error on line ")


@pytest.mark.parametrize("name", DIRECTIVES)
@pytest.mark.parametrize("around", ["Directory /x", "Files x", "DirectoryMatch x", "If true", "Limit POST"])
def test_a_directive_is_refused_where_it_has_no_meaning(configtest, name, around):
    kind = around.partition(" ")[0]
    inside = f"<{around}>\n{name} {DIRECTIVES[name]}\n</{kind}>\n"
    if kind == "Limit":
        inside = f"<Location /x>\n{inside}</Location>\n"
    says(configtest, inside, name, "<" + kind)


@pytest.mark.parametrize("name", DIRECTIVES)
@pytest.mark.parametrize("around", ["", "Location /x", "LocationMatch ^/x", "Proxy https://localhost/x",
                                    "ProxyMatch ^https", "VirtualHost *:9"])  # fmt: skip
def test_a_directive_may_stand_in_servers_and_sections(configtest, name, around):
    value = "Off" if name == "SFJwt" else DIRECTIVES[name]
    line = f"{name} {value}\n"
    if around:
        line = f"<{around}>\n{line}</{around.partition(' ')[0]}>\n"
    assert configtest(line)[0]


def test_a_htaccess_file_decides_nothing(salesforce, httpd):
    config = '<Directory "{folder}/htdocs">\n  AllowOverride All\n  Require all granted\n</Directory>\n'
    server = httpd(config + sections.gateway(salesforce))
    (server.folder / "htdocs/.htaccess").write_text("SFJwtAllowSubject any\n")
    server.expect_log("SFJwtAllowSubject not allowed")
    assert server.request("GET", "/x").status == 500


# Files


@pytest.mark.parametrize(
    "content, words",
    [
        (None, "SFJ0911"),
        ("", "SFJ0911"),
        ("<a/>", "SFJ0911"),
        ("<definitions", "SFJ0911"),
        ('<!DOCTYPE a [<!ENTITY b SYSTEM "/etc/passwd">]><a>&b;</a>', "SFJ0911"),
    ],
    ids=["absent", "empty", "no-wsdl", "malformed", "entity"],
)
def test_a_bad_wsdl_is_named(salesforce, configtest, tmp_path, content, words):
    file = tmp_path / "my.wsdl"
    if content is not None:
        file.write_text(content)
    output = says(configtest, sections.gateway(salesforce, SFJwtWsdl=f'"{file}"'), words, str(file))
    assert "root:" not in output


@pytest.mark.parametrize(
    "content, words",
    [
        (b"<!DOCTYPE html>\n<html><title>Login | Salesforce</title><br></html>", "is a web page (HTML), not a WSDL"),
        (gzip.compress(b"<definitions/>"), "is compressed with gzip: unpack it (gunzip)"),
        (b"", "is empty"),
        (b'[{"errorCode": "INVALID_SESSION_ID"}]', "is JSON, not a WSDL"),
        (b'{"openapi": "3.0.0"}', "is an OpenAPI description"),
        (b'<x:schema xmlns:x="http://www.w3.org/2001/XMLSchema"/>', "is an XML Schema alone (XSD), not a WSDL"),
        (b'<application xmlns="http://wadl.dev.java.net/2009/02"/>', "is a WADL"),
        ("<a/>".encode("utf-16-le"), "is not UTF-8"),
    ],
    ids=["web-page", "gzip", "empty", "json", "openapi", "schema", "wadl", "unmarked-utf-16"],
)
def test_a_file_that_is_no_wsdl_is_called_what_it_is(salesforce, configtest, tmp_path, content, words):
    file = tmp_path / "file.wsdl"
    file.write_bytes(content)
    config = sections.gateway(salesforce, SFJwtWsdl=f'"{file}"')
    says(configtest, config, f"SFJ0911: SFJwtWsdl {file}", words)
    own = subprocess.run([SFJWTCTL, "wsdl", file], capture_output=True, text=True)
    assert own.returncode != 0 and words in own.stderr


def test_a_wsdl_in_utf_16_is_served(salesforce, configtest, tmp_path):
    file = tmp_path / "file.wsdl"
    file.write_bytes(sections.SAMPLE_WSDL.read_text(encoding="utf-8").encode("utf-16"))
    assert configtest(sections.gateway(salesforce, SFJwtWsdl=f'"{file}"')) == (True, "Syntax OK\n")


def with_types(file, *types):
    """The sample WSDL with a type Twice once for each type of its element."""
    xsd = 'xmlns:s="http://www.w3.org/2001/XMLSchema"'
    definition = '<s:complexType {} name="Twice"><s:sequence><s:element name="a" type="s:{}"/></s:sequence></s:complexType>'
    end = re.search(r"</(\w+:)?schema>", text := sections.SAMPLE_WSDL.read_text()).start()
    file.write_text(text[:end] + "".join(definition.format(xsd, each) for each in types) + text[end:])
    return f'"{file}"'


def test_a_type_that_a_wsdl_defines_twice_alike_is_a_warning(salesforce, configtest, tmp_path):
    file = tmp_path / "my.wsdl"
    accepted, output = configtest(sections.gateway(salesforce, SFJwtWsdl=with_types(file, "string", "string")))
    assert accepted, output
    assert f"SFJwtWsdl {file}:" in output and "Twice is defined twice, alike both times" in output, output


def test_a_type_that_a_wsdl_defines_in_two_ways_is_an_error(salesforce, configtest, tmp_path):
    file = tmp_path / "my.wsdl"
    config = sections.gateway(salesforce, SFJwtWsdl=with_types(file, "string", "int"))
    says(configtest, config, "SFJ0911", f"{file}:", "Twice is defined twice, and not alike")


def test_the_same_operation_in_two_wsdls_is_an_error(salesforce, configtest, tmp_path):
    copy = tmp_path / "copy.wsdl"
    copy.write_bytes(sections.SAMPLE_WSDL.read_bytes())
    config = sections.gateway(salesforce, SFJwtWsdl=f'"{sections.SAMPLE_WSDL}" "{copy}"')
    says(configtest, config, "SFJ0911", "copy.wsdl")


def test_two_apis_may_share_a_section(salesforce, httpd):
    enterprise = SOURCE / "wsdl/sample-enterprise.wsdl"
    server = httpd(sections.gateway(salesforce, SFJwtWsdl=[f'"{sections.SAMPLE_WSDL}"', f'"{enterprise}"']))
    assert server.post(REQUEST).status == 200
    other = envelope(JANE, namespace="urn:enterprise.soap.sforce.com")
    assert server.post(other, path="/services/Soap/c/66.0").status == 200


@pytest.fixture
def key_file(salesforce, tmp_path):
    """key_file(kind) gives the name of a wrong key file."""

    def openssl(*command):
        file = tmp_path / "key"
        subprocess.run(["openssl", *command, "-out", file], check=True, capture_output=True)
        return file

    makers = {
        "elliptic curve": lambda: openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
        "short": lambda: openssl("genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"),
        "encrypted": lambda: openssl("pkey", "-in", salesforce.private_key, "-aes128", "-passout", "pass:word"),
        "certificate": lambda: openssl("req", "-x509", "-key", salesforce.private_key, "-subj", "/CN=x"),
        "public key": lambda: openssl("pkey", "-in", salesforce.private_key, "-pubout"),
        "folder": lambda: tmp_path,
        "absent": lambda: tmp_path / "absent",
        "empty": lambda: (tmp_path / "empty").write_bytes(b"") or tmp_path / "empty",
        "text": lambda: (tmp_path / "text").write_bytes(b"canary-of-the-key\n") or tmp_path / "text",
        "large": lambda: (tmp_path / "large").write_bytes(b"x" * 70_000) or tmp_path / "large",
    }
    return lambda kind: makers[kind]()


@pytest.mark.parametrize(
    "kind", ["elliptic curve", "short", "encrypted", "certificate", "public key", "folder", "absent", "empty", "text",
             "large"],
)  # fmt: skip
def test_a_bad_key_is_named_and_not_shown(salesforce, configtest, key_file, kind):
    file = key_file(kind)
    config = sections.gateway(salesforce, SFJwtPrivateKey=f'"{file}"')
    output = says(configtest, config, "SFJ0912: SFJwtPrivateKey", str(file))
    assert "canary" not in output


def test_a_key_everybody_may_read_is_a_warning(salesforce, configtest, tmp_path):
    key = tmp_path / "key.pem"
    with open(salesforce.private_key, "rb") as file:
        key.write_bytes(file.read())
    key.chmod(0o644)
    accepted, output = configtest(sections.gateway(salesforce, SFJwtPrivateKey=f'"{key}"'))
    assert accepted and "SFJwtPrivateKey" in output and str(key) in output


@pytest.fixture
def group_file(tmp_path):
    """group_file(content, mode) is a file of a group that is not root's, such as httpd's children have."""

    def make(content, mode):
        file = tmp_path / "secret"
        file.write_bytes(content)
        if os.geteuid() == 0:
            os.chown(file, -1, pwd.getpwnam("nobody").pw_gid)
        file.chmod(mode)
        return file

    return make


@pytest.mark.parametrize("mode, verb", [(0o640, "read"), (0o460, "read"), (0o620, "replace")])
def test_a_key_a_group_may_read_is_a_warning(salesforce, configtest, group_file, mode, verb):
    key = group_file(Path(salesforce.private_key).read_bytes(), mode)
    accepted, output = configtest(sections.gateway(salesforce, SFJwtPrivateKey=f'"{key}"'))
    assert accepted and f"SFJwtPrivateKey: {key}: group " in output
    assert f"can {verb} this file, which holds a secret (mode {mode:04o}); chmod 600" in output


def test_a_secret_a_group_may_read_is_a_warning(salesforce, configtest, group_file):
    config = sections.gateway(salesforce, SFJwtClientSecret=f"file:{group_file(b'canary', 0o640)}")
    accepted, output = configtest(config)
    assert accepted and "SFJwtClientSecret: " in output and "can read this file" in output and "canary" not in output


def test_a_key_that_its_owner_alone_may_read_is_no_warning(salesforce, configtest, group_file):
    key = group_file(Path(salesforce.private_key).read_bytes(), 0o600)
    assert configtest(sections.gateway(salesforce, SFJwtPrivateKey=f'"{key}"')) == (True, "Syntax OK\n")


def test_a_ca_file_that_is_not_there_is_named(salesforce, configtest):
    file = "/nonexistent/ca.pem"
    says(configtest, sections.gateway(salesforce, SFJwtTokenCAFile=f'"{file}"'), "SFJ0913", file)


def test_a_relative_file_is_below_the_server_root(salesforce, httpd):
    server = httpd(sections.gateway(salesforce, SFJwtWsdl="run/my.wsdl"), start=False)
    (server.folder / "run/my.wsdl").write_bytes(sections.SAMPLE_WSDL.read_bytes())
    assert server.start().post(REQUEST).status == 200


# Inheritance


def test_a_section_inherits_from_its_server(salesforce, httpd):
    complete = sections.gateway(salesforce)
    inside = [line.strip() for line in complete.splitlines() if line.strip().startswith("SFJwt")]
    outer = "\n".join(line for line in inside if line != "SFJwt On")
    server = httpd(
        sections.tls_to(salesforce) + outer
        + f"\n<Location /services/Soap/>\nProxyPass {salesforce.url}/services/Soap/\nSFJwt On\n</Location>\n"
    )  # fmt: skip
    assert server.post(REQUEST).status == 200


def test_a_server_wide_gateway_is_switched_off_in_a_section(salesforce, httpd):
    complete = sections.gateway(salesforce)
    outer = "\n".join(line for line in complete.splitlines() if line.strip().startswith("SFJwt"))
    server = httpd(
        sections.tls_to(salesforce) + outer
        + f"\nProxyPass /services/Soap/ {salesforce.url}/services/Soap/\n"
        + "<Location /services/Soap/T/>\nSFJwt Off\n</Location>\n"
    )  # fmt: skip
    assert server.post(REQUEST).status == 200
    server.post(REQUEST, path="/services/Soap/T/66.0")
    with_token, plain = salesforce.requests()
    assert with_token.user == JANE and plain.body == REQUEST


def test_an_inner_list_replaces_the_outer_one(salesforce, httpd):
    inner = "<Location /services/Soap/u/66.0>\n  SFJwtAllowSubject match joe@corp\\.example\n</Location>\n"
    server = httpd(sections.gateway(salesforce, SFJwtAllowSubject="any") + inner)
    server.expect_log("SFJ0403")
    assert fault_in(server.post(REQUEST)).code == "SFJ0403"
    assert server.post(envelope("joe@corp.example")).status == 200
    assert server.post(REQUEST, path="/services/Soap/u/65.0").status == 200


def test_an_inner_value_replaces_the_outer_one(salesforce, httpd):
    inner = "<Location /services/Soap/u/66.0>\n  SFJwtMaxBody 1024\n</Location>\n"
    server = httpd(sections.gateway(salesforce) + inner)
    body = REQUEST + b" " * 1024
    assert server.post(body).status == 413
    assert server.post(body, path="/services/Soap/u/65.0").status == 200


def test_inner_sections_may_add_what_the_outer_has_not(salesforce, httpd):
    inner = "<Location /services/Soap/u/66.0>\n  SFJwtClaim region emea\n</Location>\n"
    server = httpd(sections.gateway(salesforce) + inner)
    assert server.post(REQUEST, path="/services/Soap/u/65.0").status == 200
    assert server.post(REQUEST).status == 200
    assert [request.claims.get("region") for request in salesforce.token_requests()] == [None, "emea"]


def test_sections_that_only_together_are_on_and_strict_are_both(salesforce, httpd):
    """One switches on, another, later one narrows: a request of both meets both."""
    lines = [line.strip() for line in sections.gateway(salesforce).splitlines() if line.strip().startswith("SFJwt")]
    settings = "\n".join(line for line in lines if line != "SFJwt On")
    config = (
        sections.tls_to(salesforce)
        + f"<Location /services/>\n{settings}\n</Location>\n"
        + f"ProxyPass /services/Soap/ {salesforce.url}/services/Soap/\n"
        + f"<LocationMatch ^/services/Soap/u/66>\n{settings}\nSFJwt On\n</LocationMatch>\n"
        + "<Location /services/Soap/u/66.0>\nSFJwtAllowSubject match joe@corp\\.example\n</Location>\n"
    )
    server = httpd(config)
    server.allow_log("SFJ0403")
    assert fault_in(server.post(REQUEST)).code == "SFJ0403"
    assert server.post(envelope("joe@corp.example")).status == 200


def test_virtual_hosts_have_settings_of_their_own(salesforce, httpd):
    def host(name, pattern):
        section = sections.gateway(salesforce, SFJwtAllowSubject=f"match {pattern}")
        return f"<VirtualHost 127.0.0.1:{{port}}>\nServerName {name}\n{section}</VirtualHost>\n"

    server = httpd(host("a.example", r"jane@corp\.example") + host("b.example", r"joe@corp\.example"))
    server.allow_log("SFJ0403")
    assert server.post(REQUEST, headers={"Host": "a.example"}).status == 200
    assert fault_in(server.post(REQUEST, headers={"Host": "b.example"})).code == "SFJ0403"


def test_a_virtual_host_must_not_take_back_what_the_server_verifies(salesforce, configtest):
    section = sections.gateway(salesforce, tls=False)
    host = f"<VirtualHost *:9>\nSSLProxyEngine On\nSSLProxyVerify none\n{section}</VirtualHost>\n"
    says(configtest, sections.tls_to(salesforce) + host, "SFJ0914")


# What is delivered


def test_the_delivered_configuration_loads_as_it_is(configtest):
    assert configtest(f'Include "{SOURCE}/conf/sfjwt.conf"') == (True, "Syntax OK\n")


def test_the_delivered_configuration_is_right_without_its_comments(configtest):
    """SFJwt stays Off, so files need not be there."""
    lines = [line.strip() for line in (SOURCE / "conf/sfjwt.conf").read_text().splitlines()]
    live = [line[1:] for line in lines if line.startswith("#SFJwt")]
    accepted, output = configtest("\n".join(live))
    assert accepted, output
    assert {line.split()[0] for line in live} >= set(DIRECTIVES)


def test_the_module_can_be_loaded_and_not_used(httpd, salesforce):
    server = httpd(sections.plain(salesforce))
    server.post(REQUEST)
    (received,) = salesforce.requests()
    assert received.body == REQUEST and received.session == JANE
