# SPDX-License-Identifier: Apache-2.0
"""What httpd -t says of proxies that do not verify whom they give a token to, in every way this can be written."""

import pytest

import sections

VERIFIED = "SSLProxyEngine On\nSSLProxyVerify require\n"


@pytest.fixture
def gateway(salesforce):
    """gateway(**directives) is a complete section without any setting of mod_ssl. What backends are verified with
    (SFJ0930), and whether a token may go to the address (SFJ0923), is not what these tests are about."""
    return lambda *lines, **directives: sections.gateway(
        salesforce, "SFJwtChecks -SFJ0922 -SFJ0923 -SFJ0930", *lines, tls=False, **directives
    )


def host(content, name="a.example"):
    return f"<VirtualHost *:9>\nServerName {name}\n{content}</VirtualHost>\n"


@pytest.fixture
def refused(configtest):
    """refused(config, parts...): httpd -t refuses it with SFJ0914, says the parts, and gives what it says."""

    def check(config, *parts, **options):
        accepted, output = configtest(config, **options)
        assert not accepted and "SFJ0914" in output, output
        for part in parts:
            assert part in output, output
        return output

    return check


@pytest.fixture
def accepted(configtest):
    def check(config, **options):
        assert configtest(config, **options) == (True, "Syntax OK\n")

    return check


# Virtual hosts inherit the sections of the main server


UNVERIFIED = {
    "engine alone": "SSLProxyEngine On\n",
    "verify none": VERIFIED + "SSLProxyVerify none\n",
    "names off": VERIFIED + "SSLProxyCheckPeerName off\n",
    "proxy section": VERIFIED + '<Proxy "https://localhost/">\nSSLProxyVerify none\n</Proxy>\n',
}


@pytest.mark.parametrize("kind", UNVERIFIED)
def test_a_virtual_host_that_inherits_a_location_must_be_verified(gateway, refused, kind):
    output = refused(gateway() + host(UNVERIFIED[kind]), "SSLProxyVerify require")
    assert "inherited by the virtual host a.example at " in output


@pytest.mark.parametrize("kind", UNVERIFIED)
def test_a_virtual_host_that_inherits_a_server_wide_gateway_must_be_verified(salesforce, gateway, refused, kind):
    lines = [line.strip() for line in gateway().splitlines() if line.strip().startswith("SFJwt")]
    config = "\n".join(lines) + f"\nProxyPass /services/Soap/ {salesforce.url}/services/Soap/\n"
    refused(config + host(UNVERIFIED[kind]), "inherited by the virtual host a.example at ")


def test_each_virtual_host_that_is_not_verified_is_named(gateway, refused):
    config = gateway() + "".join(host("SSLProxyEngine On\n", name) for name in ("a.example", "b.example"))
    config += host(VERIFIED, "c.example")
    output = refused(config, "virtual host a.example at ", "virtual host b.example at ")
    assert "c.example" not in output


def test_the_place_of_an_unverified_virtual_host_is_told(gateway, configtest, refused):
    config = gateway() + host(VERIFIED, "a.example") + host("SSLProxyEngine On\n", "b.example")
    output = refused(config)
    place = output.partition("virtual host b.example at ")[2].partition(":")
    _, known = configtest(config.replace("ServerName b.example", "ServerName b.example\nNoSuchDirective"))
    error_line = int(known.partition("Syntax error on line ")[2].partition(" ")[0])
    assert place[2].split(":")[0] == str(error_line - 2)


def test_virtual_hosts_that_are_verified_are_accepted(gateway, accepted):
    accepted(gateway() + host(VERIFIED) + host("SSLProxyEngine On\nSSLProxyVerify on\n", "b.example"))


def test_virtual_hosts_whose_proxy_speaks_no_tls_need_not_verify(gateway, configtest):
    """mod_proxy cannot connect to an https address there, so nothing is sent. That, no server can, ends the start."""
    started, output = configtest(gateway() + host("SSLProxyVerify none\n") + host("", "b.example"))
    assert not started and "SFJ0929" in output and "SFJ0914" not in output


def test_a_virtual_host_that_switches_the_server_wide_gateway_off_may_do_as_it_likes(gateway, accepted):
    lines = [line.strip() for line in gateway().splitlines() if line.strip().startswith("SFJwt")]
    accepted("\n".join(lines) + "\n" + host("SFJwt Off\nSSLProxyEngine On\n"))


def test_the_main_server_does_not_inherit_from_a_virtual_host(gateway, accepted):
    accepted("SSLProxyEngine On\n" + host(VERIFIED + gateway()) + host("SSLProxyEngine On\n", "b.example"))


def test_a_virtual_host_takes_what_it_does_not_say_from_the_main_server(gateway, refused):
    refused("SSLProxyCheckPeerName off\n" + host(VERIFIED + gateway()))


def test_what_a_virtual_host_changes_in_an_inherited_section_is_judged(gateway, configtest):
    config = VERIFIED + gateway() + host("SFJwtSubject body\nSFJwtDenyOperation query\n") + host("SFJwtKeyId a\n", "b")
    assert configtest(config) == (True, "Syntax OK\n")
    # The virtual host gives what the section inherits; two ids do not fit its one key.
    accepted, output = configtest(VERIFIED + gateway() + host("SFJwtKeyId a\nSFJwtKeyId b\n"))
    assert not accepted and "SFJ0912: SFJwtKeyId" in output


# Virtual hosts are told apart


MACRO = """
<Macro Host $name $verify>
  <VirtualHost *:9>
    ServerName $name
    SSLProxyEngine On
    SSLProxyVerify $verify
  </VirtualHost>
</Macro>
"""


@pytest.mark.parametrize("order", [("require", "none"), ("none", "require")])
def test_virtual_hosts_of_a_macro_are_told_apart(gateway, refused, order):
    uses = "".join(f"Use Host {verify}.example {verify}\n" for verify in order)
    output = refused(gateway() + MACRO + uses, "virtual host none.example at macro 'host'", modules=["macro"])
    assert "require.example" not in output


@pytest.mark.parametrize("order", [("require", "none"), ("none", "require")])
def test_virtual_hosts_of_a_file_included_twice_are_told_apart(gateway, refused, tmp_path, order):
    file = tmp_path / "host.conf"
    file.write_text(host("SSLProxyEngine On\nSSLProxyVerify ${VERIFY}\n", "${VERIFY}.example"))
    uses = "".join(f'Define VERIFY {verify}\nInclude "{file}"\n' for verify in order)
    output = refused(gateway() + uses, f"virtual host none.example at {file}:1")
    assert "require.example" not in output


def test_a_virtual_host_with_included_settings_is_judged_by_them(gateway, refused, tmp_path):
    file = tmp_path / "tls.conf"
    file.write_text('<Proxy "https://localhost/">\nSSLProxyVerify none\n</Proxy>\n')
    config = gateway() + host(f'{VERIFIED}<IfModule ssl_module>\nInclude "{file}"\n</IfModule>\n')
    refused(config, f"in the <Proxy> section at {file}:1")


@pytest.mark.parametrize("around", ["{}", "<IfModule ssl_module>\n{}\n</IfModule>"])
def test_a_section_of_a_file_that_a_virtual_host_includes_is_its_own(gateway, refused, tmp_path, around):
    file = tmp_path / "gateway.conf"
    file.write_text(around.format(gateway()) + "\n")
    output = refused(host(f'ServerAlias a\nInclude "{file}"\nSSLProxyEngine On\n'), f"SFJwt On at {file}:")
    assert "inherited" not in output


# The name check


@pytest.mark.parametrize(
    "checks, checked",
    [
        ("", True),
        ("SSLProxyCheckPeerCN off", False),
        ("SSLProxyCheckPeerCN off\nSSLProxyCheckPeerName on", True),
        ("SSLProxyCheckPeerName on\nSSLProxyCheckPeerCN off", True),
        ("SSLProxyCheckPeerName off\nSSLProxyCheckPeerName on", True),
        ("SSLProxyCheckPeerCN on", True),
        ("SSLProxyCheckPeerName off\nSSLProxyCheckPeerCN off", False),
        ("SSLProxyCheckPeerCN off\n<Proxy *>\nSSLProxyCheckPeerName on\n</Proxy>", False),
        ('<Proxy "https://localhost/">\nSSLProxyCheckPeerCN off\n</Proxy>', False),
        ('SSLProxyCheckPeerName on\n<Proxy "https://localhost/">\nSSLProxyCheckPeerCN off\n</Proxy>', True),
    ],
)
def test_the_name_check_is_judged_as_mod_ssl_combines_it(gateway, configtest, checks, checked):
    accepted, output = configtest(VERIFIED + checks + "\n" + gateway())
    assert accepted == checked, output
    assert checked or "SFJ0914" in output and "SSLProxyCheckPeerName On" in output


def test_a_virtual_host_ends_the_name_check_of_the_main_server(gateway, refused):
    refused(VERIFIED + gateway() + host("SSLProxyCheckPeerCN off\n"), "SSLProxyCheckPeerCN Off alone ends")


# <Proxy> sections


def proxy(address, setting="SSLProxyVerify none", kind="Proxy"):
    return f"<{kind} {address}>\n{setting}\n</{kind}>\n"


@pytest.mark.parametrize(
    "address",
    ['"https://127.0.0"', '"https://1"', "https://127.0.0.1/", "'https://127.0.0.1:8443/services/'", '"https:"', '""',
     '"proxy:https://127.0.0.1"', '"HTTPS://127"', '"https://127.*"', '"https://[1]27.0.0.1/*"', "*",
     '"balancer://anything"', '"h2://127.0.0.1"'],
)  # fmt: skip
def test_a_proxy_section_counts_when_an_address_with_a_token_may_begin_with_it(gateway, refused, address):
    config = VERIFIED + proxy(address) + gateway(SFJwtAllowInstance="127.0.0.1")
    refused(config, "in the <Proxy> section at ", "SSLProxyVerify require")


@pytest.mark.parametrize(
    "address",
    ['"https://127.0.0/"', '"https://127.0.0.2"', '"https://127.0.0:443"', "https://partner.example",
     '"https://partner.example/*"', '"ajp://127.0.0.1"', "'https://127.0.0.1.example/'"],
)  # fmt: skip
def test_a_proxy_section_of_another_host_does_not_count(gateway, accepted, address):
    accepted(VERIFIED + proxy(address) + gateway(SFJwtAllowInstance="127.0.0.1"))


def test_a_proxy_section_without_a_slash_may_be_of_a_longer_host(gateway, refused, accepted):
    config = VERIFIED + proxy('"https://partner.example"') + gateway(SFJwtAllowInstance=".salesforce.com")
    refused(config, "end its address with a slash")
    accepted(config.replace('partner.example"', 'partner.example/"'))


def test_a_regular_expression_counts_for_every_host(gateway, refused):
    refused(VERIFIED + proxy('"^https://partner\\.example/"', kind="ProxyMatch") + gateway(),
            "in the <ProxyMatch> section at ")  # fmt: skip


def test_a_proxy_section_is_judged_by_the_hosts_of_inner_sections(gateway, refused):
    inner = (
        "<Location /services/Soap/u/66.0>\n  ProxyPass https://inner.example/services/Soap/u/66.0\n"
        "  SFJwtAllowInstance inner.example\n</Location>\n"
    )
    refused(VERIFIED + proxy('"https://inner.example/"') + gateway() + inner, "in the <Proxy> section at ")


def test_a_proxy_section_is_judged_by_the_hosts_of_inherited_sections(gateway, refused):
    own = gateway(SFJwtAllowInstance="other.example", path="/other/")
    config = gateway() + host(VERIFIED + proxy('"https://localhost/"') + own)
    refused(config, "in the <Proxy> section at ")


def test_a_proxy_section_is_not_judged_by_the_hosts_of_other_virtual_hosts(gateway, accepted):
    own = host(VERIFIED + proxy('"https://localhost/"') + gateway(SFJwtAllowInstance="other.example"))
    accepted(own + host(VERIFIED + gateway(), "b.example"))


@pytest.mark.parametrize("condition", ["If true", 'If "%{HTTP:X} == \'1\'"'])
@pytest.mark.parametrize("setting", ["SSLProxyVerify none", "SSLProxyCheckPeerCN off"])
def test_a_condition_in_a_proxy_section_counts_as_if_it_held(gateway, refused, condition, setting):
    inside = f"<{condition}>\n{setting}\n</If>"
    refused(VERIFIED + proxy('"https://localhost/"', inside) + gateway(), "in the <Proxy> section at ")


def test_a_proxy_section_that_says_nothing_of_tls_is_accepted(gateway, accepted):
    accepted(VERIFIED + proxy('"https://localhost/"', "ProxySet keepalive=On") + gateway())


# mod_ssl completes a <Proxy> of the main server once for all servers: tried with a stranger's certificate.
SHARED = proxy('"https://localhost/"', "SSLProxyCheckPeerExpire On")


def test_a_shared_proxy_section_is_not_verified_by_a_virtual_host(gateway, refused):
    refused("SSLProxyEngine On\n" + SHARED + host("SSLProxyVerify require\n" + gateway()), "in the <Proxy> section at ")


@pytest.mark.parametrize("order", [1, -1])
def test_a_shared_proxy_section_loses_its_name_check_to_another_virtual_host(gateway, refused, order):
    hosts = [host(gateway()), host("SSLProxyCheckPeerName off\n", "b.example")]
    refused(VERIFIED + SHARED + "".join(hosts[::order]), "in the <Proxy> section at ", "SSLProxyCheckPeerName is off")


def test_a_shared_proxy_section_that_says_all_itself_is_accepted(gateway, accepted):
    own = proxy('"https://localhost/"', VERIFIED + "SSLProxyCheckPeerName on")
    accepted("SSLProxyEngine On\n" + own + host(VERIFIED + gateway()) + host("SSLProxyCheckPeerName off\n", "b.example"))


# Words


@pytest.mark.parametrize("engine", ["'On'", '"On"', "on", "'oN'"])
def test_words_are_read_as_httpd_reads_them(gateway, refused, engine):
    refused(f"SSLProxyEngine {engine}\n" + gateway())


@pytest.mark.parametrize("verify", ["'require'", '"require"', "REQUIRE", "on", "'On'"])
def test_every_spelling_of_require_is_taken(gateway, accepted, verify):
    accepted(f"'SSLProxyEngine' 'On'\nSSLProxyVerify {verify}\nSSLProxyCheckPeerName 'on'\n" + gateway())


@pytest.mark.parametrize("setting", ["SSLProxyVerify 'none'", "SSLProxyCheckPeerName 'off'", "SSLProxyVerify 'off'"])
@pytest.mark.parametrize("around", ["{}", "<Proxy 'https://localhost'>\n{}\n</Proxy>", "<IfDefine !X>\n{}\n</IfDefine>"])
def test_quoted_words_that_end_the_verification_are_seen(gateway, refused, setting, around):
    refused(VERIFIED + around.format(setting) + "\n" + gateway())


def test_a_quoted_proxypreservehost_is_seen(gateway, refused):
    refused(VERIFIED + gateway("ProxyPreserveHost 'On'"), "ProxyPreserveHost at ")
