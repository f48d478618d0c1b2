# SPDX-License-Identifier: Apache-2.0
"""A thousand requests at a time in eight children that have no token yet, and a token that is renewed before its end."""

import collections
import concurrent.futures
import itertools

import pytest

import sections
from fake_salesforce.calls import JANE, envelope

pytestmark = pytest.mark.skipif("not os.environ.get('SFJWT_SOAK')", reason="takes minutes: tests/run.sh --soak")
REQUESTS = 1000
EIGHT_CHILDREN = """
CustomLog "{folder}/logs/children" "%P"
ListenBacklog 2000
<IfModule mpm_prefork_module>
  ServerLimit 1000
  StartServers 8
  MinSpareServers 8
  MaxSpareServers 1000
  MaxRequestWorkers 1000
</IfModule>
<IfModule !mpm_prefork_module>
  ThreadLimit 128
  ThreadsPerChild 128
  ServerLimit 8
  StartServers 8
  MinSpareThreads 1024
  MaxSpareThreads 1024
  MaxRequestWorkers 1024
</IfModule>
"""


@pytest.mark.parametrize("count", [1, 50])
def test_a_thousand_cold_requests_ask_once_for_each_user(salesforce, httpd, count):
    target = f"http://localhost:{salesforce.http_port}/services/Soap/"
    server = httpd(EIGHT_CHILDREN + sections.gateway(salesforce, target=target))
    server.allow_log("server reached MaxRequestWorkers|server seems busy|within MinSpareThreads")
    server.wait_until(lambda: len(server.children()) >= 8, "the children")
    users = [f"user{number}@corp.example" for number in range(count)]
    salesforce.misbehave_token(delay=0.5, times=None)
    with concurrent.futures.ThreadPoolExecutor(REQUESTS) as pool:
        answers = list(pool.map(lambda number: server.post(envelope(users[number % count])).status, range(REQUESTS)))
    assert collections.Counter(answers) == {200: REQUESTS}
    assert sorted(request.user for request in salesforce.token_requests()) == sorted(users)
    assert len(set((server.folder / "logs/children").read_text().split())) >= 8


def test_a_token_that_ages_is_renewed_by_one_request_while_the_others_go_on(salesforce, httpd):
    server = httpd(sections.gateway(salesforce, SFJwtTokenMaxAge="20"))
    assert server.post(envelope(JANE)).status == 200
    (old,) = salesforce.tokens(JANE)
    salesforce.misbehave_token(hold="next")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        pending = set()
        rounds = itertools.count()
        while not salesforce.state()["held"]:
            assert next(rounds) < 2000
            pending.add(pool.submit(server.post, envelope(JANE)))
            done, pending = concurrent.futures.wait(pending, timeout=0.05)
            assert {answer.result().status for answer in done} <= {200}
        salesforce.forget()
        assert [server.post(envelope(JANE)).status for _ in range(5)] == [200] * 5
        assert {request.session for request in salesforce.requests()} == {old}
        salesforce.release("next")
        assert {answer.result().status for answer in pending} == {200}
    assert server.post(envelope(JANE)).status == 200
    assert salesforce.requests()[-1].session == salesforce.tokens(JANE)[-1] != old
