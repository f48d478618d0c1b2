# SPDX-License-Identifier: Apache-2.0
"""Mistakes that httpd accepts: each is reported once, with its code and the place of the directive, and the right
configuration next to it is not."""

import re

import pytest

import callers
import gateway_httpd
import sections
from gateway_httpd import GatewayHttpd

CODE = re.compile(r"SFJ09(?:2[1-9]|3[01])")
OPEN = "Listen 8099\n"  # on all addresses; the base configuration listens on 127.0.0.1 alone
PROXY_PASS = "ProxyPass https://localhost/services/Soap/"
BASIC = ('AuthType Basic', 'AuthName "gateway"', "Require valid-user")


class Report:
    def __init__(self, server):
        self.accepted, self.output = server.configtest()
        self._file, self._lines = server.config_file, server.config_file.read_text().splitlines()

    def codes(self):
        return CODE.findall(self.output)

    def place(self, directive):
        """Where the only line that begins so stands."""
        (number,) = [i for i, line in enumerate(self._lines, 1) if line.strip().startswith(directive)]
        return f"{self._file}:{number}"


@pytest.fixture
def checked(mpm):
    """checked(config, modules=[...], without=[...]) is what httpd -t says."""
    servers = []

    def check(config, without=(), **options):
        server = GatewayHttpd(config, mpm=mpm, **options)
        server._modules = tuple(name for name in server._modules if name not in without)
        servers.append(server)
        return Report(server)

    yield check
    for server in servers:
        server.remove()


@pytest.fixture
def warned(checked):
    """warned(config, code, directive, parts...): accepted with this one warning, which names the place of the directive."""

    def check(config, code, directive, *parts, **options):
        report = checked(config, **options)
        assert report.accepted and report.codes() == [code], report.output
        for part in (report.place(directive), *parts):
            assert part in report.output, report.output

    return check


@pytest.fixture
def refused(checked):
    """As warned, but the configuration is refused."""

    def check(config, code, directive, *parts, **options):
        report = checked(config, **options)
        assert not report.accepted and report.codes() == [code], report.output
        for part in (report.place(directive), *parts):
            assert part in report.output, report.output

    return check


@pytest.fixture
def quiet(checked):
    def check(config, **options):
        report = checked(config, **options)
        assert report.accepted and report.codes() == [], report.output

    return check


def host(content, name="a.example", address="*:9"):
    return f"<VirtualHost {address}>\nServerName {name}\n{content}</VirtualHost>\n"


def without_proxy_pass(config):
    return re.sub(r"  ProxyPass .*\n", "", config)


def location(*lines, path="/services/Soap/"):
    return "\n".join([f'<Location "{path}">', *lines, "</Location>\n"])


# SFJ0921: SFJwt On is missing


def test_directives_of_a_section_without_sfjwt_are_reported(salesforce, warned):
    warned(sections.gateway(salesforce, SFJwt=None), "SFJ0921", "SFJwtWsdl", "add 'SFJwt On'")


def test_directives_of_a_server_that_no_section_uses_are_reported(salesforce, warned):
    config = "SFJwtClientId consumer\n" + sections.plain(salesforce) + host("")
    warned(config, "SFJ0921", "SFJwtClientId")


@pytest.mark.parametrize("word", ["On", "Off"])
def test_a_section_that_says_on_or_off_is_intended(salesforce, quiet, word):
    quiet(sections.gateway(salesforce, SFJwt=word))


@pytest.mark.parametrize(
    "path", ["/", "/services/", "/services/Soap/", "/services/Soap/u/"], ids=["root", "outer", "same", "inner"]
)
def test_a_section_is_used_by_those_of_overlapping_paths(salesforce, quiet, path):
    quiet(sections.gateway(salesforce) + location("SFJwtMaxBody 65536", path=path))


def test_a_section_of_another_path_is_not_used(salesforce, warned):
    config = sections.gateway(salesforce) + location("SFJwtMaxBody 65536", path="/other/")
    warned(config, "SFJ0921", "SFJwtMaxBody")


@pytest.mark.parametrize("section", ["LocationMatch ^/other", 'Location "/o*"', "Proxy https://localhost/"])
def test_a_section_of_a_pattern_may_be_used(salesforce, quiet, section):
    name = section.split()[0]
    quiet(sections.gateway(salesforce) + f"<{section}>\nSFJwtMaxBody 65536\n</{name}>\n")


def test_directives_of_a_server_that_virtual_hosts_use_are_intended(salesforce, quiet):
    section = sections.gateway(salesforce, tls=False, SFJwtClientId=None)
    quiet(f"SFJwtClientId {salesforce.client_id}\n" + sections.tls_to(salesforce) + host(section))


def test_directives_of_the_whole_httpd_are_no_gateway(quiet):
    quiet("SFJwtTokenCache shm:256\nSFJwtMaxBuffered 1000000000\nSFJwtChecks -SFJ0926\n")


# SFJ0922: nothing is proxied


def test_a_section_that_nothing_forwards_is_reported(salesforce, warned):
    warned(without_proxy_pass(sections.gateway(salesforce)), "SFJ0922", "SFJwt On", "add a ProxyPass")


@pytest.mark.parametrize("path", ["/service/Soap/", "/other/"])
def test_a_proxy_pass_of_another_path_does_not_forward_it(salesforce, warned, path):
    config = without_proxy_pass(sections.gateway(salesforce)) + f"ProxyPass {path} https://localhost/services/Soap/\n"
    warned(config, "SFJ0922", "SFJwt On")


def test_an_exception_does_not_forward_it(salesforce, warned):
    config = without_proxy_pass(sections.gateway(salesforce)) + "ProxyPass /services/Soap/ !\n"
    warned(config, "SFJ0922", "SFJwt On")


FORWARDING = {
    "same path": "ProxyPass /services/Soap/ https://localhost/services/Soap/",
    "outer path": "ProxyPass / https://localhost/",
    "inner path": "ProxyPass /services/Soap/u/ https://localhost/services/Soap/u/",
    "pattern": "ProxyPassMatch ^/services/(.*) https://localhost/services/$1",
    "another section": location(PROXY_PASS),
    "section of a pattern": "<LocationMatch ^/services>\nProxyPass https://localhost/services/Soap/\n</LocationMatch>",
    "rewrite rule": "RewriteEngine On\nRewriteRule ^/services/(.*) https://localhost/services/$1 [L,P]",
    "handler": '<Location "/">\nSetHandler "proxy:https://localhost/"\n</Location>',
    "htaccess": '<Directory "{folder}/htdocs">\nAllowOverride FileInfo\n</Directory>',
}


@pytest.mark.parametrize("way", FORWARDING)
def test_a_section_that_may_be_forwarded_is_accepted(salesforce, quiet, way):
    quiet(without_proxy_pass(sections.gateway(salesforce)) + FORWARDING[way] + "\n", modules=["rewrite"])


def test_a_section_that_one_of_the_virtual_hosts_forwards_is_accepted(salesforce, quiet):
    forwards = host("ProxyPass /services/Soap/ https://localhost/services/Soap/\n")
    quiet(without_proxy_pass(sections.gateway(salesforce)) + forwards + host("", name="b.example"))


def test_a_section_that_virtual_hosts_inherit_is_reported_once(salesforce, warned):
    config = without_proxy_pass(sections.gateway(salesforce)) + host("") + host("", name="b.example")
    warned(config, "SFJ0922", "SFJwt On")


# SFJ0923: no token may go there


@pytest.mark.parametrize(
    "target, reason",
    [
        ("https://evil.example/services/Soap/", "SFJwtAllowInstance does not allow the host evil.example"),
        ("https://org.my.salesforce.com:444/services/Soap/", "is neither 443 nor 8443"),
        ("http://org.my.salesforce.com/services/Soap/", "http is allowed to this machine only"),
        ("https://org.my.salesforce.com/services/data/", "does not begin with /services/Soap/"),
    ],
)
def test_an_address_that_no_token_may_go_to_is_reported(salesforce, warned, target, reason):
    config = sections.gateway(salesforce, target=target, SFJwtAllowInstance=".my.salesforce.com")
    warned(config, "SFJ0923", "ProxyPass", reason, "SFJ0501")


def test_it_is_reported_once_for_all_virtual_hosts_and_with_follow(salesforce, warned):
    config = sections.gateway(salesforce, SFJwtAllowInstance=".my.salesforce.com", SFJwtInstance="follow")
    warned(config + host(""), "SFJ0923", "ProxyPass", "does not allow the host localhost")


def test_an_address_of_the_server_is_judged_for_the_paths_of_the_section(salesforce, warned):
    config = without_proxy_pass(sections.gateway(salesforce, path="/services/Apex/")) + "ProxyPass / https://localhost/\n"
    warned(config, "SFJ0923", "ProxyPass", "does not begin with /services/Soap/")


@pytest.mark.parametrize(
    "config",
    [
        "ProxyPass / https://localhost/\n",
        "ProxyPass /services/ https://localhost/services/\n",
        "ProxyPass /services/Soap/u/ https://localhost/services/Soap/u/\n",
        "ProxyPass /services/Soap/c/ !\nProxyPass /services/Soap/u/ https://localhost/services/Soap/u/\n",
        "ProxyPass /services/Soap/ https://${elsewhere}/services/Soap/ interpolate\n",
        "ProxyPassMatch ^/services/(.*) https://other.example/$1\n",
        "ProxyPass /app/ http://app.corp.example/\nProxyPass / https://localhost/\n",
    ],
)
def test_addresses_that_a_token_can_go_to_are_accepted(salesforce, quiet, config):
    quiet(without_proxy_pass(sections.gateway(salesforce)) + config)


def test_an_address_that_another_one_may_precede_is_not_judged(salesforce, quiet):
    config = "ProxyPass /services/ https://localhost/services/\nProxyPass / http://app.corp.example/\n"
    quiet(without_proxy_pass(sections.gateway(salesforce)) + config)


def test_an_address_for_which_the_gateway_is_off_is_not_judged(salesforce, quiet):
    off = location("SFJwt Off", "ProxyPass http://app.corp.example/", path="/services/Soap/app/")
    inherited = sections.gateway(salesforce, path="/", target=f"{salesforce.url}/")
    quiet(without_proxy_pass(inherited) + f"ProxyPass /services/ {salesforce.url}/services/\n" + off)


def test_hosts_of_an_inner_section_count(salesforce, quiet):
    config = sections.gateway(salesforce, SFJwtAllowInstance=".my.salesforce.com")
    quiet(config + location("SFJwtAllowInstance localhost", path="/services/Soap/u/"))


# SFJ0924: slashes


@pytest.mark.parametrize(
    "path, target", [("/services/Soap/", "https://localhost/services/Soap"), ("/services/Soap", PROXY_PASS.split()[1])]
)
def test_slashes_that_do_not_go_together_are_reported(salesforce, warned, path, target):
    warned(sections.gateway(salesforce, path=path, target=target), "SFJ0924", "ProxyPass", f"'{path}'")
    of_the_server = without_proxy_pass(sections.gateway(salesforce)) + f"ProxyPass {path} {target}\n"
    warned(of_the_server, "SFJ0924", "ProxyPass", f"'{path}'")


def test_a_host_without_a_slash_is_reported_once(salesforce, warned):
    warned(sections.gateway(salesforce, path="/", target="https://localhost"), "SFJ0924", "ProxyPass")


@pytest.mark.parametrize(
    "path, target",
    [
        ("/services/Soap", "https://localhost/services/Soap"),
        ("/services/Soap/u/66.0", "https://localhost/services/Soap/u/66.0"),
        ("/services/Soap", "unix:/run/proxy.sock|http://localhost/services/Soap/"),
        ("/services/Soap/", "https://localhost/services/Soap/?x=1"),
    ],
)
def test_slashes_that_go_together_are_accepted(salesforce, quiet, path, target):
    quiet(sections.gateway(salesforce, path=path, target=target))


# SFJ0925: REMOTE_USER without authentication

NEEDS_USER = {
    "same": ("SFJwtAllowSubject", {"SFJwtAllowSubject": "same"}),
    "user": ("SFJwtAllowSubject", {"SFJwtAllowSubject": r'user billing ".+@corp\.example"'}),
    "allow expression": ("SFJwtAllowSubject", {"SFJwtAllowSubject": "expr \"%{REMOTE_USER} == 'billing'\""}),
    "subject": ("SFJwtSubject", {"SFJwtSubject": '"%{REMOTE_USER}"', "SFJwtAllowSubject": "any"}),
}


@pytest.mark.parametrize("kind", NEEDS_USER)
def test_rules_about_the_caller_without_authentication_are_reported(salesforce, warned, kind):
    directive, rules = NEEDS_USER[kind]
    for lines in ((), ("AuthType None",), ("AuthType Basic", "Require ip 192.0.2.1"), ("AuthType Basic",)):
        config = sections.gateway(salesforce, *lines, **rules)
        place = f"{directive} {rules[directive]}"
        warned(config, "SFJ0925", place, "REMOTE_USER", modules=["authz_host", *callers.AUTH_MODULES])


AUTHENTICATED = {
    "basic": BASIC,
    "group": ("AuthType Basic", "<RequireAny>", "Require ip 192.0.2.1", "Require user billing", "</RequireAny>"),
    "of another module": ("AuthType openid-connect", "Require claim role:admin"),
    "certificate": ("Require ssl-verify-client", "SSLUserName SSL_CLIENT_S_DN_CN"),
    "certificate as password": ("SSLVerifyClient require", "SSLOptions +FakeBasicAuth"),
    "condition": ("<If \"%{HTTPS} == 'on'\">", *BASIC, "</If>"),
}


@pytest.mark.parametrize("way", [way for way in AUTHENTICATED if way not in ("of another module", "certificate")])
@pytest.mark.parametrize("kind", NEEDS_USER)
def test_rules_about_the_caller_with_authentication_are_accepted(salesforce, quiet, kind, way):
    quiet(
        sections.gateway(salesforce, *AUTHENTICATED[way], **NEEDS_USER[kind][1]),
        modules=["authz_host", *callers.AUTH_MODULES],
    )


def test_the_user_of_a_certificate_counts(salesforce, quiet):
    quiet("SSLUserName SSL_CLIENT_S_DN_CN\n" + sections.gateway(salesforce, SFJwtAllowSubject="same"))


def test_authentication_in_an_outer_section_counts(salesforce, quiet):
    outer = location(*BASIC, path="/services/")
    quiet(outer + sections.gateway(salesforce, SFJwtAllowSubject="same"), modules=callers.AUTH_MODULES)


def test_authentication_for_files_does_not_count(salesforce, warned):
    files = '<Directory "{folder}/htdocs">\n' + "\n".join(BASIC) + "\n</Directory>\n"
    config = files + sections.gateway(salesforce, SFJwtAllowSubject="same")
    warned(config, "SFJ0925", "SFJwtAllowSubject", modules=callers.AUTH_MODULES)


def test_rules_that_do_not_ask_for_the_caller_need_no_authentication(salesforce, quiet):
    rules = ["any", "expr \"%{HTTP:X-REMOTE_USER} == 'billing'\""]
    quiet(sections.gateway(salesforce, SFJwtAllowSubject=rules))


# SFJ0926: no access control


@pytest.mark.parametrize("rule", ["any", r"match .+@corp\.example"])
def test_a_section_that_lets_everybody_in_is_reported(salesforce, warned, rule):
    for lines in ((), ("Require all granted",), ("AuthType None", "Require all granted")):
        config = OPEN + sections.gateway(salesforce, *lines, SFJwtAllowSubject=rule)
        warned(config, "SFJ0926", "SFJwt On", "add Require", modules=["authn_core"])


def test_it_is_reported_once_for_all_virtual_hosts(salesforce, warned):
    inherits = host("", address="*:8099") + host("", name="b.example", address="*:8099")
    warned(OPEN + sections.gateway(salesforce) + inherits, "SFJ0926", "SFJwt On")


CONTROLLED = {
    "addresses": ("Require ip 192.0.2.1",),
    "user": BASIC,
    "nested": ("<RequireAny>", "Require all granted", "Require ip 192.0.2.1", "</RequireAny>"),
    "method": ("<LimitExcept GET>", "Require ip 192.0.2.1", "</LimitExcept>"),
    "of httpd 2.2": ("Order deny,allow", "Deny from all", "Allow from 192.0.2.1"),
    "rewrite rule": ("RewriteEngine On", "RewriteRule .* - [F]"),
    "expression": ("SSLRequire %{SSL_CLIENT_VERIFY} eq 'SUCCESS'",),
}


@pytest.mark.parametrize("way", CONTROLLED)
def test_a_section_with_access_control_is_accepted(salesforce, quiet, way):
    modules = ["authz_host", "access_compat", "rewrite", *callers.AUTH_MODULES]
    quiet(OPEN + sections.gateway(salesforce, *CONTROLLED[way]), modules=modules)


def test_access_control_of_httpd_2_2_that_lets_everybody_in_is_reported(salesforce, warned):
    config = OPEN + sections.gateway(salesforce, "Order allow,deny", "Allow from all")
    warned(config, "SFJ0926", "SFJwt On", modules=["authz_host", "access_compat"])


def test_client_certificates_of_the_server_are_access_control(salesforce, quiet):
    quiet(OPEN + "SSLVerifyClient require\n" + sections.gateway(salesforce))


def test_access_control_of_another_section_does_not_count(salesforce, warned):
    config = OPEN + sections.gateway(salesforce) + location("Require ip 192.0.2.1", path="/other/")
    warned(config, "SFJ0926", "SFJwt On", modules=["authz_host"])


def test_a_section_that_this_machine_alone_can_reach_is_accepted(salesforce, quiet):
    quiet(sections.gateway(salesforce))
    local = host(sections.gateway(salesforce), address="127.0.0.1:8099 [::1]:8099")
    quiet(OPEN + local)


def test_a_rule_that_asks_for_the_caller_is_access_control(salesforce, quiet):
    quiet(OPEN + sections.gateway(salesforce, SFJwtAllowSubject="expr \"%{REMOTE_ADDR} == '192.0.2.1'\""))


# SFJ0927, SFJ0928: regular expressions


@pytest.mark.parametrize(
    "directive, value, better",
    [
        ("SFJwtAllowSubject", "match .+@corp.example", "'.+@corp[.]example'"),
        ("SFJwtAllowSubject", 'user billing ".+@(north|south).corp.example"', "'.+@(north|south)[.]corp[.]example'"),
        ("SFJwtSubjectMap", '"(.+@corp.example)" "$1.uat"', "'(.+@corp[.]example)'"),
    ],
)
def test_a_dot_that_is_not_escaped_is_reported(salesforce, warned, directive, value, better):
    needs = BASIC if "user" in value else ()
    config = sections.gateway(salesforce, *needs, **{directive: value})
    warned(config, "SFJ0927", directive, better, modules=callers.AUTH_MODULES)


def test_it_is_reported_once_where_virtual_hosts_inherit_it(salesforce, warned):
    config = "SFJwtAllowSubject match .+@corp.example\n" + sections.gateway(salesforce, SFJwtAllowSubject=None)
    warned(config + host(""), "SFJ0927", "SFJwtAllowSubject")


@pytest.mark.parametrize("value", ["match jane", r"match corp\.example", r'match "(jane|joe)"'])
def test_an_expression_that_matches_no_user_is_reported(salesforce, warned, value):
    warned(sections.gateway(salesforce, SFJwtAllowSubject=value), "SFJ0928", "SFJwtAllowSubject", "never matches")


def test_the_name_of_a_caller_need_not_contain_an_at_sign(salesforce, quiet):
    quiet(
        sections.gateway(salesforce, *BASIC, SFJwtAllowSubject=r'user billing ".*@corp\.example"'),
        modules=callers.AUTH_MODULES,
    )


def test_expressions_that_match_users_are_accepted(salesforce, quiet):
    rules = [r"match .+@corp\.example", "match .*", r"match [^@]+@.+\.example", r"match jane@.*", r"match \S+"]
    quiet(sections.gateway(salesforce, SFJwtAllowSubject=rules))


# SFJ0929: modules


@pytest.mark.parametrize(
    "target, without, remedy",
    [
        ("https://localhost/services/Soap/", ["proxy_http"], "a2enmod proxy_http'"),
        ("http://localhost/services/Soap/", ["proxy_http"], "LoadModule proxy_http_module modules/mod_proxy_http.so"),
        ("h2://localhost/services/Soap/", [], "a2enmod proxy_http2'"),
        ("balancer://orgs/services/Soap/", [], "a2enmod proxy_balancer'"),
    ],
)
def test_a_scheme_that_no_module_serves_is_refused(salesforce, refused, target, without, remedy):
    refused(sections.gateway(salesforce, target=target), "SFJ0929", "ProxyPass", remedy, without=without)


def test_https_without_mod_ssl_is_refused(salesforce, refused, monkeypatch):
    lines = gateway_httpd.BASE.splitlines(keepends=True)
    monkeypatch.setattr(gateway_httpd, "BASE", "".join(line for line in lines if not line.startswith("SSL")))
    config = sections.gateway(salesforce, tls=False)
    refused(config, "SFJ0929", "ProxyPass", "a2enmod ssl'", "SSLProxyEngine On", without=["ssl"])


def test_https_without_sslproxyengine_is_refused(salesforce, refused):
    config = sections.gateway(salesforce, tls=False)
    refused(config, "SFJ0929", "ProxyPass", "'SSLProxyEngine On'")
    refused(config + host(""), "SFJ0929", "ProxyPass", "'SSLProxyEngine On'")


def test_tls_of_a_virtual_host_or_a_proxy_section_is_enough(salesforce, quiet):
    section = sections.gateway(salesforce, tls=False)
    quiet(section + host(sections.tls_to(salesforce)))
    quiet(section + f'<Proxy "{salesforce.url}/">\n{sections.tls_to(salesforce)}</Proxy>\n')


def test_schemes_of_sections_that_are_off_are_not_judged(salesforce, quiet):
    quiet(sections.gateway(salesforce, tls=False, SFJwt="Off"), without=["proxy_http"])


# SFJ0930: certificates of authorities


def test_verification_without_certificates_is_reported(salesforce, warned):
    tls = "SSLProxyEngine On\nSSLProxyVerify require\n"
    config = tls + sections.gateway(salesforce, tls=False)
    warned(config, "SFJ0930", "SSLProxyVerify", "SSLProxyCACertificateFile")
    warned(config + host(""), "SFJ0930", "SSLProxyVerify", "SSLProxyCACertificateFile")


def test_certificates_may_be_named_elsewhere(salesforce, quiet):
    tls = "SSLProxyEngine On\nSSLProxyVerify require\n"
    authorities = f'SSLProxyCACertificateFile "{salesforce.ca}"\n'
    section = sections.gateway(salesforce, tls=False)
    quiet(tls + section + f'<Proxy "{salesforce.url}/">\n{authorities}</Proxy>\n')
    quiet(authorities + host(tls + section))


def test_backends_without_tls_need_no_certificates(salesforce, quiet):
    target = "http://localhost/services/Soap/"
    quiet("SSLProxyEngine On\nSSLProxyVerify require\n" + sections.gateway(salesforce, tls=False, target=target))


# SFJwtChecks


@pytest.mark.parametrize("level", ["section", "server"])
def test_a_warning_can_be_silenced(salesforce, quiet, level):
    line = "SFJwtChecks -SFJ0926"
    section = sections.gateway(salesforce, *([line] if level == "section" else []))
    quiet(OPEN + (line + "\n" if level == "server" else "") + section)


def test_only_the_warnings_that_are_named_are_silenced(salesforce, warned):
    config = sections.gateway(
        salesforce,
        "SFJwtChecks -SFJ0926 -sfj0922",
        "SFJwtChecks -SFJ0928",
        SFJwtAllowSubject=["match jane", "match .+@corp.example"],
    )
    warned(OPEN + config, "SFJ0927", "SFJwtAllowSubject match .+")


def test_an_inner_section_replaces_the_codes_of_the_server(salesforce, warned):
    config = "SFJwtChecks -SFJ0926\n" + sections.gateway(salesforce, "SFJwtChecks -SFJ0922")
    warned(OPEN + config, "SFJ0926", "SFJwt On")


@pytest.mark.parametrize("word", ["-SFJ0929", "-SFJ0901", "-SFJ0999", "SFJ0926", "-SFJ09260", "-", "Off"])
def test_what_is_not_such_a_warning_is_refused_with_the_codes(salesforce, configtest, word):
    accepted, output = configtest(sections.gateway(salesforce, f"SFJwtChecks {word}"))
    assert not accepted and f"SFJwtChecks: {word} is not a warning that can be silenced" in output
    assert all(f"-SFJ09{number}" in output for number in (21, 22, 23, 24, 25, 26, 27, 28, 30))
    assert "SFJ0929" not in output.partition("these can:")[2]
