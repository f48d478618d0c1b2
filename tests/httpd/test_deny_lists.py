# SPDX-License-Identifier: Apache-2.0
"""The lists of nested sections that deny operations or keep headers back add up."""

import pytest

import sections
from fake_salesforce.calls import JANE, envelope
from soap_fault import fault_in

SELECT = "<m:query><m:queryString>SELECT Id FROM Account</m:queryString></m:query>"
QUERY = envelope(JANE, SELECT)
GET = envelope(JANE)
DELETE = envelope(JANE, "<m:delete><m:ids>001000000000001AAA</m:ids></m:delete>")
PATH = "/services/Soap/u/66.0"
OUTER_PATH = "/services/Soap/u/65.0"


def inside(*lines, path=PATH):
    return f"<Location {path}>\n" + "".join(f"  {line}\n" for line in lines) + "</Location>\n"


def settings_of(salesforce, **directives):
    """The directives of a complete section without what is about it, for the server itself."""
    lines = sections.gateway(salesforce, tls=False, **directives).splitlines()
    return "".join(f"{line.strip()}\n" for line in lines if line.strip().startswith("SFJwt"))


def denied(server, body, path=PATH):
    answer = server.post(body, path=path)
    return answer.status == 500 and fault_in(answer).code == "SFJ0406"


@pytest.fixture
def start(httpd):
    def launch(config):
        server = httpd(config)
        server.allow_log("SFJ0406")
        return server

    return launch


# SFJwtDenyOperation


def test_an_inner_deny_list_adds_to_the_outer_one(salesforce, start):
    server = start(sections.gateway(salesforce, SFJwtDenyOperation="query") + inside("SFJwtDenyOperation getUserInfo"))
    assert [denied(server, body) for body in (QUERY, GET)] == [True, True]
    assert [denied(server, body, OUTER_PATH) for body in (QUERY, GET)] == [True, False]


def test_deny_lists_of_server_section_and_inner_section_add_up(salesforce, start):
    config = sections.tls_to(salesforce) + "SFJwtDenyOperation query\n"
    config += sections.gateway(salesforce, tls=False, SFJwtDenyOperation="delete") + inside("SFJwtDenyOperation getUserInfo")
    server = start(config)
    assert [denied(server, body) for body in (QUERY, DELETE, GET)] == [True, True, True]
    assert [denied(server, body, OUTER_PATH) for body in (QUERY, DELETE, GET)] == [True, True, False]


def test_a_virtual_host_adds_to_the_deny_list_of_the_server(salesforce, start):
    own = "SFJwtDenyOperation getUserInfo\n" + sections.gateway(salesforce, tls=False)
    config = sections.tls_to(salesforce) + "SFJwtDenyOperation query\n"
    server = start(config + f"<VirtualHost 127.0.0.1:{{port}}>\nServerName a.example\n{own}</VirtualHost>\n")
    assert [denied(server, body) for body in (QUERY, GET)] == [True, True]


def test_deny_lists_of_sections_that_match_together_add_up(salesforce, start):
    both = inside("SFJwtDenyOperation query", path="/services/Soap/u/") + (
        "<LocationMatch 66>\n  SFJwtDenyOperation getUserInfo\n</LocationMatch>\n"
    )
    server = start(sections.gateway(salesforce) + both)
    assert [denied(server, body) for body in (QUERY, GET)] == [True, True]
    assert [denied(server, body, OUTER_PATH) for body in (QUERY, GET)] == [True, False]


def test_none_clears_the_deny_list_that_is_inherited(salesforce, start):
    config = sections.gateway(salesforce, SFJwtDenyOperation="query")
    server = start(config + inside("SFJwtDenyOperation none", "SFJwtDenyOperation getUserInfo"))
    assert [denied(server, body) for body in (QUERY, GET)] == [False, True]
    assert [denied(server, body, OUTER_PATH) for body in (QUERY, GET)] == [True, False]


def test_none_clears_what_every_outer_section_denies(salesforce, start):
    config = "SFJwtDenyOperation query\n" + sections.gateway(salesforce, SFJwtDenyOperation="getUserInfo")
    server = start(config + inside("SFJwtDenyOperation none"))
    assert [denied(server, body) for body in (QUERY, GET)] == [False, False]


def test_a_condition_of_an_outer_deny_list_stays(salesforce, start):
    outer = sections.gateway(salesforce, SFJwtDenyOperation="query \"expr=%{reqenv:SFJWT_SUBJECT} =~ /^jane/\"")
    server = start(outer + inside("SFJwtDenyOperation getUserInfo"))
    assert [denied(server, body) for body in (QUERY, envelope("joe@corp.example", SELECT))] == [True, False]


def test_requests_of_sections_that_add_up_share_one_gateway_and_its_tokens(salesforce, start):
    config = sections.gateway(salesforce, SFJwtDenyOperation="query")
    server = start(config + inside("SFJwtDenyOperation delete", path="/services/Soap/u/") + inside("SFJwtMaxBody 65536"))
    for _ in range(3):
        assert server.post(GET).status == 200
    assert len(salesforce.token_requests()) == 1


def test_more_nested_deny_lists_than_there_is_room_for_are_refused(salesforce, httpd):
    nested = "".join(
        f"<LocationMatch 66{'.*' * depth}>\n  SFJwtDenyOperation getUserInfo\n</LocationMatch>\n" for depth in range(17)
    )
    server = httpd(sections.gateway(salesforce) + nested)
    server.expect_log("SFJ0901: .*more than 16 nested sections")
    server.allow_log("SFJ0901: This gateway is not configured completely")
    assert fault_in(server.post(QUERY)).code == "SFJ0901"
    assert server.post(QUERY, path=OUTER_PATH).status == 200
    assert len(salesforce.requests()) == 1


# Names in SFJwtDenyOperation


@pytest.fixture
def other_wsdl(tmp_path):
    """A WSDL that has queryOther in the place of queryMore."""
    file = tmp_path / "other.wsdl"
    file.write_text(sections.SAMPLE_WSDL.read_text().replace("queryMore", "queryOther"))
    return file


def test_a_name_that_is_inherited_need_not_be_in_the_wsdls_of_the_section(salesforce, start, other_wsdl):
    config = sections.gateway(salesforce, SFJwtDenyOperation="query queryMore")
    server = start(config + inside(f'SFJwtWsdl "{other_wsdl}"', "SFJwtDenyOperation queryOther"))
    assert denied(server, QUERY)
    assert denied(server, envelope(JANE, "<m:queryOther><m:queryLocator>x</m:queryLocator></m:queryOther>"))
    assert not denied(server, GET)


def test_a_name_written_in_a_section_is_not_taken_from_the_wsdl_of_another(salesforce, configtest, other_wsdl):
    config = sections.gateway(salesforce, SFJwtDenyOperation="queryOther")
    more = sections.gateway(salesforce, path="/other/", tls=False, SFJwtWsdl=f'"{other_wsdl}"')
    accepted, output = configtest(config + more)
    assert not accepted and "operation queryOther is not in the WSDLs of this section" in output


def test_a_name_written_in_a_section_must_be_in_its_wsdls(salesforce, configtest):
    accepted, output = configtest(sections.gateway(salesforce, SFJwtDenyOperation="qeury"))
    assert not accepted and "SFJ0901: SFJwt On at " in output
    assert "SFJwtDenyOperation: operation qeury is not in the WSDLs of this section" in output


@pytest.mark.parametrize("name, known", [("query", True), ("qeury", False)])
def test_a_name_of_an_outer_section_must_be_in_some_wsdl_of_the_server(salesforce, configtest, name, known):
    config = sections.tls_to(salesforce) + f"SFJwtDenyOperation {name}\n" + sections.gateway(salesforce, tls=False)
    accepted, output = configtest(config)
    assert accepted == known, output
    assert known or f"SFJ0901: SFJwtDenyOperation: operation {name} is in no WSDL of this server" in output


def test_a_name_of_the_main_server_may_be_in_a_wsdl_of_a_virtual_host(salesforce, configtest):
    own = sections.gateway(salesforce, tls=False)
    config = sections.tls_to(salesforce) + "SFJwtDenyOperation query\n"
    assert configtest(config + f"<VirtualHost *:9>\n{own}</VirtualHost>\n") == (True, "Syntax OK\n")


def test_a_misspelt_name_of_an_inner_section_is_found_at_start(salesforce, configtest):
    config = sections.gateway(salesforce) + inside("SFJwtDenyOperation qeury")
    accepted, output = configtest(config)
    assert not accepted and "operation qeury is in no WSDL of this server" in output


@pytest.mark.parametrize(
    "lines, words",
    [
        ("SFJwtDenyOperation query\nSFJwtDenyOperation none", "SFJwtDenyOperation: none clears what is inherited"),
        ("SFJwtStripHeader X-A none", "SFJwtStripHeader: none clears what is inherited"),
    ],
)
def test_none_behind_names_of_its_section_is_refused(configtest, lines, words):
    accepted, output = configtest(lines)
    assert not accepted and words in output


# SFJwtStripHeader


HEADERS = {"X-Outer": "1", "X-Inner": "2", "X-Innermost": "3"}


def forwarded(server, salesforce, path):
    assert server.post(QUERY, path=path, headers=HEADERS).status == 200
    received = {name.lower() for name, _ in salesforce.requests()[-1].headers}
    return {name for name in HEADERS if name.lower() in received}


def test_inner_strip_lists_add_to_the_outer_ones(salesforce, start):
    config = "SFJwtStripHeader X-Outer\n" + sections.gateway(salesforce, SFJwtStripHeader="X-Inner")
    server = start(config + inside("SFJwtStripHeader X-Innermost"))
    assert forwarded(server, salesforce, PATH) == set()
    assert forwarded(server, salesforce, OUTER_PATH) == {"X-Innermost"}


@pytest.mark.parametrize("lines", [["SFJwtStripHeader none X-Innermost"],
                                   ["SFJwtStripHeader none", "SFJwtStripHeader X-Innermost"]])  # fmt: skip
def test_none_clears_the_strip_list_that_is_inherited(salesforce, start, lines):
    config = "SFJwtStripHeader X-Outer\n" + sections.gateway(salesforce, SFJwtStripHeader="X-Inner")
    server = start(config + inside(*lines))
    assert forwarded(server, salesforce, PATH) == {"X-Outer", "X-Inner"}
    assert forwarded(server, salesforce, OUTER_PATH) == {"X-Innermost"}
