# SPDX-License-Identifier: Apache-2.0
"""Logins whose passwords an LDAP server checks, and other providers behind or before it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

import callers
import sections
import slapd
from fake_salesforce.calls import JANE, envelope
from soap_fault import fault_in
from test_login import assert_invalid_login, log_in, result_of

JOE = "joe@corp.example"  # of no group
MODULES = ("authn_core", "authn_file", "ldap", "authnz_ldap", "headers")
FILTER = f"(memberOf=cn=salesforce,ou=groups,{slapd.SUFFIX})"
TRUST = 'LDAPTrustedGlobalCert CA_BASE64 "{}"'


@pytest.fixture(scope="module")
def directory(shared_salesforce):
    certificate = shared_salesforce.ca.removesuffix("ca.pem") + "server"
    server = slapd.Slapd(certificate, members=[JANE, "billing@corp.example"], others=[JOE])
    yield server
    server.remove()


def gateway(httpd, salesforce, directory, *lines, start=True, tls=False, filter_="", **directives):
    url = directory.tls_url if tls else directory.url
    where = f"ou=people,{slapd.SUFFIX}?mail?sub?{filter_}"
    config = sections.gateway(
        salesforce, f'AuthLDAPURL "{url}/{where}"', f'AuthLDAPBindDN "{slapd.GATEWAY}"',
        f'AuthLDAPBindPassword "{slapd.GATEWAY_PASSWORD}"', 'AuthUserFile "{folder}/run/users"', *lines,
        **{"SFJwtLogin": "ldap", "SFJwtAllowSubject": "login", **directives},
    )  # fmt: skip
    server = httpd(TRUST.format(salesforce.ca) + "\n" + config, modules=MODULES, start=False)
    (server.folder / "run" / "users").write_text(callers.user_file())
    server.allow_log("SFJ0411|AH0161[78]|AH0170[0-9]|AH01617")
    return server.start() if start else server


@pytest.mark.parametrize("tls", [False, True])
def test_the_password_of_the_entry_is_the_right_one(salesforce, httpd, directory, tls):
    server = gateway(httpd, salesforce, directory, tls=tls)
    handle = result_of(log_in(server))["sessionId"]
    assert server.post(envelope(handle)).status == 200
    assert [request.user for request in salesforce.requests()] == [JANE, JANE]
    assert_invalid_login(log_in(server, password="wrong"))


@pytest.mark.parametrize(
    "user, password",
    [
        ("unknown@corp.example", callers.PASSWORD),
        (JANE, ""),  # the server would take it for an anonymous bind, which succeeds
        (JANE, "*"),
        ("*", callers.PASSWORD),
        ("jane*", callers.PASSWORD),
        ("*)(mail=jane@corp.example", callers.PASSWORD),
        ("jane@corp.example)(objectClass=*", callers.PASSWORD),
        ("jane@corp.example\\00", callers.PASSWORD),
        ("jane@corp.example ", callers.PASSWORD + " "),
        (JOE, callers.PASSWORD),
    ],
)
def test_nobody_else_gets_in(salesforce, httpd, directory, user, password):
    server = gateway(httpd, salesforce, directory, filter_=FILTER)
    assert_invalid_login(log_in(server, user, password))
    assert salesforce.requests() == [] == salesforce.token_requests()


def test_a_server_that_is_down_is_not_a_wrong_password(salesforce, httpd, directory):
    server = gateway(httpd, salesforce, directory)
    server.allow_log("SFJ0413|AH0169[0-9]|LDAP")
    directory.stop()
    try:
        with ThreadPoolExecutor(12) as clients:  # more than wrong passwords are allowed
            for answer in clients.map(lambda _: log_in(server), range(12)):
                assert fault_in(answer).code == "SFJ0413" and "could not be checked" in fault_in(answer).text
    finally:
        directory.start()
    assert log_in(server).status == 200


def test_the_next_provider_is_asked_only_for_users_unknown_to_the_one_before(salesforce, httpd, directory):
    server = gateway(httpd, salesforce, directory, SFJwtLogin="file ldap")
    users = server.folder / "run" / "users"
    users.write_text(callers.user_file().replace(f"{JANE}:", "nobody:"))
    assert log_in(server).status == 200
    users.write_text(f"{JANE}:$apr1$salt$notTheHashOfAnyPassword.\n")
    assert_invalid_login(log_in(server))


def test_variables_of_the_provider_do_not_stay(salesforce, httpd, directory):
    """mod_authnz_ldap sets one for each attribute that the URL names."""
    server = gateway(httpd, salesforce, directory, 'Header always set X-Mail "expr=%{reqenv:AUTHENTICATE_MAIL}|%{REMOTE_USER}"')
    answer = log_in(server)
    assert answer.status == 200 and answer.header("X-Mail") == ["|"]
