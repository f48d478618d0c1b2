# SPDX-License-Identifier: Apache-2.0
"""Gateways that share their tokens: two private httpd, a real redis-server between them, and what becomes of both when
it fails, lies, or is read by somebody."""

import base64
import concurrent.futures
import os
import tempfile
import time

import pytest

import sealed
import sections
from fake_salesforce.calls import JANE, envelope
from redis_server import LyingRedis, RedisServer
from soap_fault import fault_in
from test_secrets import copies, own_copies

REQUEST = envelope(JANE)


@pytest.fixture
def redis():
    server = RedisServer()
    yield server
    server.remove()


@pytest.fixture
def key(tmp_path):
    return KeyFile(tmp_path, "cache.key")


class KeyFile:
    def __init__(self, folder, name, text=None):
        self.text = text or sealed.new_key()
        self.path = folder / name
        self.path.write_text(self.text + "\n")
        self.path.chmod(0o600)
        self.seal = sealed.Seal(self.text)


def configuration(salesforce, provider, *keys, lines=(), **directives):
    own = [f"SFJwtTokenCache {provider}", *(f'SFJwtTokenCacheKey "file:{key.path}"' for key in keys), *lines]
    if provider.startswith("redis:"):
        own += ["RedisConnPoolTTL 4", "LogLevel socache_redis:alert"]  # as conf/directives.md has it
    return "\n".join(own) + "\n" + sections.gateway(salesforce, **directives)


@pytest.fixture
def gateways(salesforce, httpd, redis, key):
    """Starts gateways that share their tokens through redis: gateways(count, keys=[...], **directives)."""

    def start(count=2, keys=(key,), **more):
        config = configuration(salesforce, f"redis:127.0.0.1:{redis.port}", *keys, **more)
        return [httpd(config, modules=("socache_redis",)) for _ in range(count)]

    return start


def posts(server, *users):
    return [server.post(envelope(user)).status for user in users]


def users_of_token_requests(salesforce):
    return [request.user for request in salesforce.token_requests()]


def warnings(server, code="SFJ0907"):
    return server.error_log().count(code)


def stored(redis, key, salesforce, user=JANE):
    """The value that is stored for a user, and its id."""
    number = key.seal.id_of(sealed.token_key(salesforce, user))
    return redis.command("GET", sealed.redis_key(number)), number


# One token for all


def test_a_token_fetched_by_one_is_used_by_the_other(salesforce, gateways):
    one, other = gateways()
    assert one.post(REQUEST).status == other.post(REQUEST).status == 200
    assert len(salesforce.token_requests()) == 1
    assert len({request.session for request in salesforce.requests()}) == 1


def test_tokens_outlive_a_full_stop_of_all_gateways(salesforce, gateways):
    servers = gateways()
    assert posts(servers[0], JANE) == [200]
    for server in servers:
        server.stop()
        server.start()
    assert [posts(server, JANE) for server in servers] == [[200], [200]]
    assert len(salesforce.token_requests()) == 1


def test_on_a_cold_start_under_load_each_asks_at_most_once_for_a_user(salesforce, gateways):
    servers = gateways()
    for server in servers:
        server.allow_log("SFJ0907")  # 50 ms are little on a machine that has too much to do
    users = [f"user{number}@corp.example" for number in range(4)]
    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        answers = [pool.submit(servers[n % 2].post, envelope(users[n // 2 % 4])) for n in range(48)]
        assert {answer.result().status for answer in answers} == {200}
    asked = users_of_token_requests(salesforce)
    assert all(1 <= asked.count(user) <= 2 for user in users)
    salesforce.forget()
    assert {status for server in servers for status in posts(server, *users)} == {200}
    assert salesforce.token_requests() == []


def test_a_session_that_is_over_is_renewed_by_one_and_the_other_uses_the_new_token(salesforce, gateways):
    one, other = gateways()
    assert posts(one, JANE) == posts(other, JANE) == [200]
    salesforce.revoke(user=JANE)
    assert posts(one, JANE) == posts(other, JANE) == posts(one, JANE) == [200]
    assert len(salesforce.token_requests()) == 2


def test_users_and_clients_do_not_meet(salesforce, gateways):
    (one,) = gateways(1)
    assert posts(one, JANE) == [200]
    (other,) = gateways(1, SFJwtAudience="https://other.corp.example")
    other.expect_log("SFJ0601|SFJ0602|SFJ0603")
    answer = other.post(REQUEST)
    assert answer.status == 500 and fault_in(answer).code.startswith("SFJ06")


# What is stored


def test_what_is_stored_is_what_the_documentation_says(salesforce, gateways, redis, key):
    (server,) = gateways(1)
    begin = int(time.time())
    assert posts(server, JANE) == [200]
    value, number = stored(redis, key, salesforce)
    expires_at, record = key.seal.decrypt(number, value)
    token = sealed.SharedToken.of(record)
    assert token.value == salesforce.requests()[-1].session
    assert 0 <= token.issued_at - begin <= 5 and token.used_at == token.issued_at and token.unproven == 0
    assert expires_at == token.issued_at + 3300 and token.not_after == token.issued_at + 43200
    assert 3290 <= redis.command("TTL", sealed.redis_key(number)) <= 3300


def test_what_another_implementation_has_sealed_is_used(salesforce, gateways, redis, key):
    (server,) = gateways(1)
    assert posts(server, "joe@corp.example") == [200]
    value, number = stored(redis, key, salesforce, "joe@corp.example")
    expires_at, record = key.seal.decrypt(number, value)
    of_jane = key.seal.id_of(sealed.token_key(salesforce, JANE))
    redis.command("SET", sealed.redis_key(of_jane), key.seal.encrypt(of_jane, expires_at, record))
    assert posts(server, JANE) == [200]
    assert len({request.session for request in salesforce.requests()}) == 1
    assert users_of_token_requests(salesforce) == ["joe@corp.example"]


def test_nothing_of_a_token_or_user_can_be_read_in_the_store(salesforce, gateways, redis):
    (server,) = gateways(1)
    assert posts(server, JANE, "joe@corp.example") == [200, 200]
    everything = redis.values()
    assert len(everything) == 2
    secrets = [part for request in salesforce.requests() for part in request.session.split("!")]
    names = ["jane", "joe", "corp.example", "localhost", "services", salesforce.client_id]
    text = b"".join(name + value for name, value in everything.items())
    assert not [word for word in secrets + names if word.encode() in text]


@pytest.mark.parametrize("mpm", ["event"], indirect=True)
def test_in_memory_stands_no_more_for_it(salesforce, gateways, key):
    servers = gateways()
    users = [f"user{number}@corp.example" for number in range(6)]
    for server in servers:
        assert set(posts(server, *users, *users)) == {200}
    tokens = [token.encode() for token in salesforce.secrets()["tokens"]]
    assert len(tokens) == 6
    for server in servers:
        (child,) = server.children()
        assert all(len(own_copies(child, token)) <= 1 for token in tokens)
        for secret in (key.text.encode(), base64.b64decode(key.text)):
            assert not copies(child, secret) and not copies(server.pid, secret)


def test_the_same_token_is_never_stored_as_the_same_bytes(salesforce, gateways, redis, key):
    values = set()
    for server in gateways():
        assert posts(server, JANE) == [200]
        values.add(stored(redis, key, salesforce)[0])
        redis.command("FLUSHALL")
    assert len(values) == 2


# A store that lies


def flipped(value, at):
    return value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]


TAMPERED = {
    "version": lambda value: flipped(value, 0),
    "expiry": lambda value: flipped(value, 8),
    "nonce": lambda value: flipped(value, 9),
    "text": lambda value: flipped(value, 30),
    "tag": lambda value: flipped(value, len(value) - 1),
    "cut": lambda value: value[:-1],
    "header-alone": lambda value: value[:9],
    "longer": lambda value: value + b"\0",
    "one-byte": lambda value: value[:1],
    "zeros": lambda value: bytes(len(value)),
    "oversized": lambda value: value * 100,
    "text-of-the-store": lambda value: b"-ERR no\r\n$5\r\nhello\r\n",
}


def test_a_value_that_was_tampered_with_is_passed_over_and_replaced(salesforce, gateways, redis, key):
    one, other = gateways()
    other.expect_log("SFJ0909")
    users = {f"{name}@corp.example": change for name, change in TAMPERED.items()}
    assert set(posts(one, *users)) == {200}
    for user, change in users.items():
        value, number = stored(redis, key, salesforce, user)
        redis.command("SET", sealed.redis_key(number), change(value))
    salesforce.forget()
    assert set(posts(other, *users)) == {200}
    assert users_of_token_requests(salesforce) == list(users)
    assert (warnings(other, "SFJ0909"), warnings(other)) == (1, 0)
    for user in users:
        value, number = stored(redis, key, salesforce, user)
        key.seal.decrypt(number, value)


def test_values_swapped_between_users_are_not_used(salesforce, gateways, redis, key):
    one, other = gateways()
    other.expect_log("SFJ0909")
    joe = "joe@corp.example"
    assert posts(one, JANE, joe) == [200, 200]
    (jane_value, jane_id), (joe_value, joe_id) = (stored(redis, key, salesforce, user) for user in (JANE, joe))
    redis.command("SET", sealed.redis_key(jane_id), joe_value)
    redis.command("SET", sealed.redis_key(joe_id), jane_value)
    salesforce.forget()
    assert posts(other, JANE, joe) == [200, 200]
    assert users_of_token_requests(salesforce) == [JANE, joe]


def test_an_old_value_that_comes_back_is_not_used_after_its_time(salesforce, gateways, redis, key):
    (server,) = gateways(1)
    number = key.seal.id_of(sealed.token_key(salesforce, JANE))
    now = int(time.time())
    token = sealed.SharedToken(now - 4000, now + 4000, now - 10, 0, "https://localhost", "00D!over")
    redis.command("SET", sealed.redis_key(number), key.seal.encrypt(number, now - 1, token.record()))
    assert posts(server, JANE) == [200]
    assert users_of_token_requests(salesforce) == [JANE]


def test_a_gateway_with_another_key_finds_nothing_and_disturbs_nobody(salesforce, gateways, redis, key, tmp_path):
    (one,), (stranger,) = gateways(1), gateways(1, keys=[KeyFile(tmp_path, "other.key")])
    assert posts(one, JANE) == posts(stranger, JANE) == [200]
    assert len(salesforce.token_requests()) == 2 and len(redis.values()) == 2
    # An attacker who can write to the store has no value that the other gateway accepts.
    (foreign,) = set(redis.values()) - {sealed.redis_key(stored(redis, key, salesforce)[1])}
    redis.command("SET", foreign, stored(redis, key, salesforce)[0])
    stranger.stop()
    stranger.start()
    stranger.expect_log("SFJ0909")
    salesforce.forget()
    assert posts(stranger, JANE) == [200]
    assert users_of_token_requests(salesforce) == [JANE]


# A store that fails


def test_a_store_that_is_gone_is_warned_of_once_and_used_again_when_it_is_back(salesforce, gateways, redis):
    one, other = gateways()
    one.expect_log("SFJ0907")
    assert posts(one, JANE) == posts(other, JANE) == [200]
    redis.kill()
    users = [f"user{number}@corp.example" for number in range(20)]
    assert set(posts(one, JANE, *users)) == {200}
    assert warnings(one) == 1
    redis.start()
    assert warnings(one, "SFJ0908") == 0
    number = iter(range(10**6))

    def works_again():
        assert posts(one, f"late{next(number)}@corp.example") == [200]
        return warnings(one, "SFJ0908")

    one.wait_until(works_again, "the notice")
    assert (warnings(one), warnings(one, "SFJ0908")) == (1, 1)
    salesforce.forget()
    assert posts(other, f"late{next(number) - 1}@corp.example") == [200]
    assert salesforce.token_requests() == [] and warnings(other) == 0


def test_a_store_that_hangs_is_not_waited_for_by_each_request(salesforce, gateways, redis):
    (server,) = gateways(1)
    server.expect_log("SFJ0907")
    assert posts(server, JANE) == [200]
    before = redis.asked()
    redis.hang()
    assert set(posts(server, JANE, *(f"user{number}@corp.example" for number in range(30)))) == {200}
    assert warnings(server) == 1
    redis.go_on()
    # Once for each time the pause ends; without it each request would ask twice.
    assert redis.asked() - before < 15


def test_a_server_stops_while_the_store_hangs(salesforce, gateways, redis):
    (server,) = gateways(1)
    server.expect_log("SFJ0907")
    redis.hang()
    assert posts(server, JANE) == [200]
    server.graceful()
    server.stop()
    redis.go_on()


def test_a_store_that_was_emptied_is_filled_again(salesforce, gateways, redis):
    one, other = gateways()
    assert posts(one, JANE) == [200]
    redis.command("FLUSHALL")
    assert posts(other, JANE) == posts(one, JANE) == [200]
    assert len(salesforce.token_requests()) == 2 and len(redis.values()) == 1
    assert warnings(one) == warnings(other) == 0


def test_a_store_that_demands_a_password_is_a_store_that_fails(salesforce, gateways, redis):
    (server,) = gateways(1)
    server.expect_log("SFJ0907")
    redis.demand_password("secret")
    assert set(posts(server, JANE, "joe@corp.example", JANE)) == {200}
    assert warnings(server) == 1 and len(salesforce.token_requests()) == 2


@pytest.mark.parametrize(
    "answer",
    [b"$100\r\ncut", b"$-7\r\n", b"$2147483647\r\nmuch", b"$5\r\nhello\r\n", b"+OK\r\n", b"HTTP/1.1 200 OK\r\n\r\n", b"\xff" * 9000, b""],
    ids=["cut", "negative", "much", "hello", "ok", "http", "no-end", "nothing"],
)  # fmt: skip
def test_what_does_not_speak_as_redis_does_is_a_store_that_fails(salesforce, httpd, key, answer):
    liar = LyingRedis(answer)
    server = httpd(configuration(salesforce, f"redis:127.0.0.1:{liar.port}", key), modules=("socache_redis",))
    server.allow_log("SFJ0907|SFJ0909")
    child = server.children()
    users = [f"user{number}@corp.example" for number in range(8)]
    assert set(posts(server, *users)) == {200}
    assert users_of_token_requests(salesforce) == users
    assert warnings(server) <= 1 and server.children() == child
    liar.close()


# Keys


def test_a_key_is_exchanged_without_asking_for_tokens(salesforce, gateways, key, tmp_path):
    new = KeyFile(tmp_path, "new.key")
    (old_one,) = gateways(1)
    assert posts(old_one, JANE) == [200]
    (both,) = gateways(1, keys=[new, key])
    assert posts(both, JANE, "joe@corp.example") == [200, 200]
    (new_one,) = gateways(1, keys=[new])
    assert posts(new_one, "joe@corp.example") == [200]
    assert users_of_token_requests(salesforce) == [JANE, "joe@corp.example"]


def refused(configtest, config, *parts):
    accepted, output = configtest(config, modules=("socache_redis",))
    assert not accepted and all(part in output for part in parts), output


def test_a_provider_without_a_key_is_refused_with_how_to_make_one(salesforce, configtest):
    refused(configtest, configuration(salesforce, "redis:127.0.0.1:1"), "SFJ0917", "openssl rand -base64 32")


@pytest.mark.parametrize(
    "text",
    ["short", "A" * 43 + "=" + "A", "A" * 42 + "==", "A" * 42 + "B=", "-" * 43 + "=", "%" * 43 + "=", "A" * 44],
)  # fmt: skip
def test_what_is_no_key_is_refused(salesforce, configtest, tmp_path, text):
    bad = KeyFile(tmp_path, "bad.key")
    bad.path.write_text(text)
    output = ("SFJ0917: SFJwtTokenCacheKey: file:", "holds no key", "openssl rand")
    refused(configtest, configuration(salesforce, "redis:127.0.0.1:1", bad), *output)


@pytest.mark.parametrize("kind, words", [("empty", "is empty"), ("folder", "is a directory"), ("gone", "No such file")])
def test_a_key_file_that_is_none_is_refused(salesforce, configtest, tmp_path, kind, words):
    bad = KeyFile(tmp_path, "bad.key")
    bad.path.unlink()
    if kind == "empty":
        bad.path.touch()
    elif kind == "folder":
        bad.path.mkdir()
    refused(configtest, configuration(salesforce, "redis:127.0.0.1:1", bad), "SFJ0917: SFJwtTokenCacheKey:", words)


def test_a_key_that_everybody_can_read_is_warned_of(salesforce, configtest, key):
    key.path.chmod(0o644)
    accepted, output = configtest(configuration(salesforce, "redis:127.0.0.1:1", key), modules=("socache_redis",))
    assert accepted and "every user of this machine can read" in output


def test_a_third_key_and_a_second_provider_are_refused(salesforce, configtest, key):
    refused(configtest, configuration(salesforce, "redis:127.0.0.1:1", key, key, key), "given a third time")
    more = ["SFJwtTokenCache redis:127.0.0.1:2"]
    refused(configtest, configuration(salesforce, "redis:127.0.0.1:1", key, lines=more), "names a second provider")


def test_a_provider_whose_module_is_not_loaded_is_refused_with_its_name(salesforce, configtest, key):
    accepted, output = configtest(configuration(salesforce, "memcache:127.0.0.1:1", key), modules=("socache_redis",))
    assert not accepted and "LoadModule socache_memcache_module" in output


# Other providers


def test_gateways_of_one_machine_can_share_a_dbm_file(salesforce, httpd, key):
    with tempfile.TemporaryDirectory(prefix="sfjwt-dbm-") as folder:
        os.chmod(folder, 0o755)
        config = configuration(salesforce, f"dbm:{folder}/tokens", key)
        one, other = (httpd(config, modules=("socache_dbm",)) for _ in range(2))
        assert posts(one, JANE) == posts(other, JANE) == [200]
        assert len(salesforce.token_requests()) == 1
        for server in (one, other):
            server.stop()


def test_a_provider_that_needs_a_lock_gets_one(salesforce, httpd, key):
    config = configuration(salesforce, "shmcb:{folder}/run/tokens(512000)", key)
    server = httpd(config)
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: posts(server, f"user{n % 8}@corp.example"), range(32)))
    assert answers == [[200]] * 32 and len(salesforce.token_requests()) == 8
    server.stop()
    server.write_config("Mutex posixsem sfjwt-cache\n" + config)
    server.allow_log("SFJ0917|AH00018")
    with pytest.raises(RuntimeError, match="SFJ0917: .*Mutex pthread sfjwt-cache"):
        server.start()
    server.kill()
