# SPDX-License-Identifier: Apache-2.0
"""What httpd -t says of settings of httpd itself that do not go together with a gateway."""

import pytest

import sections

READS_A_HEADER = {
    "SFJwtSubject": {"SFJwtSubject": '"%{HTTP:X-User}"'},
    "SFJwtAllowSubject": {"SFJwtAllowSubject": "expr \"%{HTTP:X-Role} == 'admin'\""},
    "SFJwtAllowOperation": {"SFJwtAllowOperation": "query \"expr=req('X-Role') == 'admin'\""},
    "SFJwtDenyOperation": {"SFJwtDenyOperation": "query \"expr=req('X-Role') != 'admin'\""},
}


def host(content, name="a.example"):
    return f"<VirtualHost *:9>\nServerName {name}\n{content}</VirtualHost>\n"


# CoreDumpDirectory


def test_a_folder_for_cores_is_told_at_start(salesforce, configtest):
    accepted, output = configtest("CoreDumpDirectory /tmp\n" + sections.gateway(salesforce))
    assert accepted and output.count("SFJ0919: CoreDumpDirectory at ") == 1
    assert "httpd.conf:" in output.partition("SFJ0919")[2]


def test_a_folder_for_cores_is_told_once_however_many_sections_there_are(salesforce, configtest):
    more = sections.gateway(salesforce, path="/other/", tls=False)
    assert configtest("CoreDumpDirectory /tmp\n" + sections.gateway(salesforce) + more)[1].count("SFJ0919") == 1


def test_a_folder_for_cores_is_nothing_to_us_without_a_gateway(salesforce, configtest):
    assert "SFJ0919" not in configtest("CoreDumpDirectory /tmp\n" + sections.gateway(salesforce, SFJwt="Off"))[1]


# MergeTrailers


@pytest.mark.parametrize("directive", READS_A_HEADER)
def test_trailers_must_not_be_merged_where_an_expression_decides(salesforce, configtest, directive):
    section = sections.gateway(salesforce, **READS_A_HEADER[directive])
    accepted, output = configtest("MergeTrailers On\n" + section)
    assert not accepted and "SFJ0920: MergeTrailers On at " in output
    assert configtest(section) == (True, "Syntax OK\n")


def test_merged_trailers_are_told_with_the_places_of_both(salesforce, configtest):
    section = sections.gateway(salesforce, SFJwtSubject='"%{HTTP:X-User}"')
    _, output = configtest("MergeTrailers On\n" + section)
    lines = ("MergeTrailers On\n" + section).splitlines()
    distance = next(number for number, line in enumerate(lines) if "SFJwtSubject " in line)
    merged, expression = (int(part.split(" ")[0]) for part in output.split("httpd.conf:")[1:3])
    assert expression - merged == distance


def test_trailers_may_be_merged_where_no_expression_decides(salesforce, configtest):
    assert configtest("MergeTrailers On\n" + sections.gateway(salesforce)) == (True, "Syntax OK\n")


@pytest.mark.parametrize("word", ["'On'", "on"])
def test_a_virtual_host_that_merges_trailers_must_not_inherit_an_expression(salesforce, configtest, word):
    section = sections.gateway(salesforce, SFJwtSubject='"%{HTTP:X-User}"')
    accepted, output = configtest(section + host(f"MergeTrailers {word}\n"))
    assert not accepted and "SFJ0920" in output


def test_a_virtual_host_may_switch_the_merging_of_trailers_off(salesforce, configtest):
    section = sections.gateway(salesforce, SFJwtSubject='"%{HTTP:X-User}"')
    config = sections.tls_to(salesforce) + "MergeTrailers On\n" + host("MergeTrailers Off\n" + section)
    assert configtest(config) == (True, "Syntax OK\n")


def test_an_inner_section_must_not_add_an_expression_where_trailers_are_merged(salesforce, configtest):
    inner = '<Location /services/Soap/u/66.0>\n  SFJwtSubject "%{HTTP:X-User}"\n</Location>\n'
    accepted, output = configtest("MergeTrailers On\n" + sections.gateway(salesforce) + inner)
    assert not accepted and "SFJ0920" in output


# ProxyErrorOverride


@pytest.mark.parametrize("value, told", [("'On'", 1), ("On 502 '500'", 1), ("On 502 503", 0), ("'Off'", 0)])
def test_an_error_override_is_read_as_httpd_reads_it(salesforce, configtest, value, told):
    accepted, output = configtest(sections.gateway(salesforce, f"ProxyErrorOverride {value}"))
    assert accepted and output.count("SFJ0916") == told, output
