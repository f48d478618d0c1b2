# SPDX-License-Identifier: Apache-2.0
"""The Salesforce user that stands for a subject: SFJwtSubjectMap."""

import pytest

import callers
import sections
from callers import users_served, verdict
from fake_salesforce.calls import JANE, envelope
from soap_fault import fault_in

MAP = "# e-mail -> username\njane@corp.example\tjane@corp.example.uat\nJoe@Corp.example  shared@corp.example.uat\n"
FILE = '"{folder}/run/map"'
UAT = r"match .+@corp\.example\.uat"


def gateway(httpd, salesforce, *lines, table=MAP, **directives):
    directives = {"sign_in": False, "SFJwtAllowSubject": UAT, **directives}
    return callers.gateway(httpd, salesforce, *lines, files={"map": table}, **directives)


def test_a_table_names_the_user_of_an_email(httpd, salesforce):
    server = gateway(httpd, salesforce, SFJwtSubjectMap=FILE)
    assert [verdict(server, one) for one in (" JANE@corp.example", "joe@corp.example")] == ["ok", "ok"]
    assert users_served(salesforce) == ["jane@corp.example.uat", "shared@corp.example.uat"]
    assert [one.claims["sub"] for one in salesforce.token_requests()] == users_served(salesforce)


def test_an_expression_adds_the_suffix_of_a_sandbox(httpd, salesforce):
    server = gateway(httpd, salesforce, SFJwtSubjectMap=r'"(.+@corp\.example)" "$1.uat"')
    assert verdict(server, JANE) == "ok"
    assert users_served(salesforce) == ["jane@corp.example.uat"]


@pytest.mark.parametrize(
    "session",
    ["x@corp.example", "jane@corp.example.uat", "jane@corp.example.evil.example", "shared@corp.example.uat"],
)
def test_who_is_not_in_the_map_is_refused_even_by_the_name_of_a_user(httpd, salesforce, session):
    server = gateway(httpd, salesforce, SFJwtSubjectMap=FILE, SFJwtAllowSubject="any")
    assert verdict(server, session) == "SFJ0403" and "SFJ0405: " in server.error_log()
    assert salesforce.token_requests() == salesforce.requests() == []


@pytest.mark.parametrize("detail", ["full", "brief"])
def test_a_caller_cannot_tell_who_is_in_the_map(httpd, salesforce, detail):
    """Jane is, and the caller may not act as her; Kim is not. Joe's line names no user."""
    server = gateway(httpd, salesforce, SFJwtSubjectMap=[FILE, '"(joe2)@(.+)" "$1 $2"'], SFJwtFaultDetail=detail,
                     SFJwtAllowSubject=r"match nobody@corp\.example")
    answers = [server.post(envelope(one)) for one in (JANE, "kims@corp.example", "joe2@corp.example")]
    said = {(one.status, one.body, tuple(sorted(pair for pair in one.headers if pair[0] != "Date"))) for one in answers}
    assert len(said) == 1 and fault_in(answers[0]).code == "SFJ0403"
    assert [server.error_log().count(code) for code in ("SFJ0403: ", "SFJ0405: ")] == [1, 2]
    assert salesforce.token_requests() == salesforce.requests() == []


def test_the_first_line_that_knows_a_subject_decides(httpd, salesforce):
    server = gateway(httpd, salesforce, SFJwtSubjectMap=[FILE, r'"(.+)@corp\.example" "$1@corp.example.uat"'])
    assert [verdict(server, one) for one in ("joe@corp.example", "kim@corp.example")] == ["ok", "ok"]
    assert users_served(salesforce) == ["shared@corp.example.uat", "kim@corp.example.uat"]


def test_rules_see_the_user_and_not_the_email(httpd, salesforce):
    server = gateway(httpd, salesforce, SFJwtSubjectMap=FILE, SFJwtAllowSubject=r"match .+@corp\.example")
    assert verdict(server, JANE) == "SFJ0403"
    server.wait_until(lambda: "subject=jane@corp.example.uat token=none" in server.access_log(), "the access log")


def test_what_a_replacement_makes_is_held_to_the_rules_of_subjects(httpd, salesforce):
    server = gateway(httpd, salesforce, SFJwtSubjectMap='"(.+)@(.+)" "$1 $2"', SFJwtAllowSubject="any")
    assert verdict(server, JANE) == "SFJ0403" and "SFJ0405: " in server.error_log()
    assert salesforce.token_requests() == []


@pytest.mark.parametrize(
    "caller, session, expected",
    [
        ("jane@corp.example", JANE, "ok"),
        ("Jane@Corp.Example", "JANE@corp.example", "ok"),
        ("jane@corp.example", "joe@corp.example", "SFJ0403"),
        ("joe@corp.example", JANE, "SFJ0403"),
        ("nobody", JANE, "SFJ0403"),
    ],
)
def test_same_compares_what_both_stand_for(httpd, salesforce, caller, session, expected):
    server = gateway(httpd, salesforce, sign_in=True, SFJwtSubjectMap=FILE, SFJwtAllowSubject="same")
    assert verdict(server, session, caller) == expected


def test_the_subject_of_an_expression_is_mapped_too(httpd, salesforce):
    server = gateway(httpd, salesforce, sign_in=True, SFJwtSubjectMap=FILE, SFJwtSubject='"%{REMOTE_USER}"')
    assert verdict(server, "x", "jane@corp.example") == "ok"
    assert users_served(salesforce) == ["jane@corp.example.uat"]


def test_a_graceful_restart_reads_the_table_anew(httpd, salesforce):
    server = gateway(httpd, salesforce, SFJwtSubjectMap=FILE)
    assert verdict(server, "kim@corp.example") == "SFJ0403"
    (server.folder / "run/map").write_text("kim@corp.example kim@corp.example.uat\n")
    server.graceful()
    assert verdict(server, "kim@corp.example") == "ok" and verdict(server, JANE) == "SFJ0403"


BACKTRACKING = [
    r'"(\w+\.?)+@(uat|corp)\.example\.uat|.+@corp\.example" "lowpriv@corp.example"',
    r'".*.*.*.*@ext\.example|.+@corp\.example" "lowpriv@corp.example"',
]


@pytest.mark.parametrize("rule", BACKTRACKING)
def test_a_line_that_can_reach_the_limits_of_matching_is_refused_at_start(httpd, salesforce, rule):
    server = gateway(httpd, salesforce, start=False, SFJwtSubjectMap=[rule, '"(.*)" "$1"'])
    accepted, output = server.configtest()
    assert not accepted
    assert "Syntax error on line" in output and str(server.folder) in output
    assert "it can take too long on names of 255 characters" in output


# Its own limit lets it pass the trial at start, which does not come upon "joe" in this spelling.
LIMITED = r'"(*LIMIT_MATCH=100)[j][o][e](?:[a-z]|-)*@corp\.example" "lowpriv@corp.example"'
LONG_NAME = f"joe{'y' * 200}@corp.example"


@pytest.fixture
def limited(httpd, salesforce):
    return gateway(httpd, salesforce, SFJwtSubjectMap=[LIMITED, '"(.*)" "$1"'], SFJwtAllowSubject="any")


def test_a_name_on_which_matching_reaches_a_limit_is_refused(limited, salesforce):
    assert verdict(limited, "joe@corp.example") == "ok" and users_served(salesforce) == ["lowpriv@corp.example"]
    limited.expect_log("SFJ0408")
    assert verdict(limited, LONG_NAME) == "SFJ0403"
    assert len(salesforce.token_requests()) == len(salesforce.requests()) == 1


def test_the_log_names_the_line_that_could_not_be_evaluated_and_no_name(limited):
    limited.expect_log("SFJ0408")
    verdict(limited, LONG_NAME)
    conf = limited.folder / "httpd.conf"
    number = 1 + next(i for i, line in enumerate(conf.read_text().splitlines()) if "LIMIT_MATCH" in line)
    limited.wait_until(lambda: f"SFJwtSubjectMap ({conf}:{number}) could not be" in limited.error_log(), "the log")
    assert "yyyy" not in limited.error_log()


def test_a_caller_who_is_not_allowed_reads_the_same_as_one_whose_name_cannot_be_evaluated(httpd, salesforce):
    server = gateway(
        httpd, salesforce, SFJwtSubjectMap=[LIMITED, '"(.*)" "$1"'], SFJwtAllowSubject="match lowpriv@.+"
    )
    server.expect_log("SFJ0408")
    told = [fault_in(callers.call(server, envelope(name))) for name in (LONG_NAME, JANE)]
    assert told[0] == told[1]


@pytest.mark.parametrize(
    "table, complaint",
    [
        ("a@b c@d\njane@corp.example\n", "line 2: two names are expected"),
        ("\n\na b@c\n", "line 3: the first name is not an e-mail address"),
        ("a@b c@d e@f\n", "line 1: the rest of the line is not one name"),
        ("a@b c@d\nA@B c@e\n", "line 2: this subject has a line already"),
    ],
)
def test_a_bad_line_of_a_table_is_refused_at_start(httpd, salesforce, table, complaint):
    server = gateway(httpd, salesforce, table=table, start=False, SFJwtSubjectMap=FILE)
    accepted, output = server.configtest()
    assert not accepted and f"{server.folder}/run/map, {complaint}" in output


@pytest.mark.parametrize(
    "line, complaint",
    [
        ('SFJwtSubjectMap "/nowhere/map"', "/nowhere/map: is not a file"),
        ('SFJwtSubjectMap "(" "x@y"', "regular expression: "),
        ('SFJwtSubjectMap "(.+)" "$2"', "replacement: $2 refers to no group"),
        ('SFJwtSubjectMap "(.+)" "$x"', "replacement: a $ must be followed by"),
    ],
)
def test_a_line_that_cannot_map_anything_is_refused_at_start(configtest, salesforce, line, complaint):
    accepted, output = configtest(sections.gateway(salesforce, line))
    assert not accepted and complaint in output
