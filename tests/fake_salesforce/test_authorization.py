# SPDX-License-Identifier: Apache-2.0
import base64
import hashlib
import hmac
import json
import re
import time
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from fake_salesforce.calls import JANE, ask, claims, send, signed, token
from fake_salesforce.certificates import public_pem

TOKEN = re.compile(r"00D[A-Za-z0-9]{12}![A-Za-z0-9._]{96}")


def unpadded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def test_a_good_assertion_gets_a_token_of_salesforce_shape_without_expires_in(fake):
    status, reply = ask(fake, signed(fake))
    assert status == 200
    assert TOKEN.fullmatch(reply["access_token"])
    assert reply["instance_url"] == fake.url
    assert set(reply) == {"access_token", "scope", "instance_url", "id", "token_type"}


def test_a_signature_of_another_key_is_refused(fake):
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert ask(fake, jwt.encode(claims(fake), other, "RS256"))[1]["error_description"] == "invalid assertion"


def test_a_changed_payload_is_refused(fake):
    head, _, signature = signed(fake).split(".")
    payload = unpadded(json.dumps(claims(fake, sub="john@corp.example")).encode())
    assert ask(fake, f"{head}.{payload}.{signature}") == (
        400,
        {"error": "invalid_grant", "error_description": "invalid assertion"},
    )


def test_alg_none_is_refused(fake):
    assert ask(fake, jwt.encode(claims(fake), None, "none"))[1]["error_description"] == "invalid assertion"


def test_hs256_keyed_with_the_public_key_is_refused(fake):
    signed_part = unpadded(b'{"alg":"HS256","typ":"JWT"}') + "." + unpadded(json.dumps(claims(fake)).encode())
    mac = hmac.new(Path(fake.public_key).read_bytes(), signed_part.encode(), hashlib.sha256).digest()
    assert ask(fake, f"{signed_part}.{unpadded(mac)}")[1]["error_description"] == "invalid assertion"


def test_rs512_is_refused(fake):
    key = Path(fake.private_key).read_text()
    assert ask(fake, jwt.encode(claims(fake), key, "RS512"))[1]["error_description"] == "invalid assertion"


@pytest.mark.parametrize(
    "changes, error, description",
    [
        ({"aud": "https://wrong.example"}, "invalid_grant", "audience is invalid"),
        ({"aud": ["https://login.salesforce.com"]}, "invalid_grant", "audience is invalid"),
        ({"aud": None}, "invalid_grant", "invalid assertion"),
        ({"iss": "somebody else"}, "invalid_client_id", "client identifier invalid"),
        ({"exp": 1}, "invalid_grant", "expired authorization code"),
        ({"exp": None}, "invalid_grant", "invalid assertion"),
        ({"exp": str(int(time.time()) + 100)}, "invalid_grant", "invalid assertion"),
        ({"exp": int(time.time()) + 3600}, "invalid_grant", "expired authorization code"),
        ({"exp": int(time.time() * 1000) + 180_000}, "invalid_grant", "expired authorization code"),
        ({"sub": None}, "invalid_grant", "invalid assertion"),
        ({"sub": ""}, "invalid_grant", "invalid assertion"),
    ],
)
def test_a_wrong_claim_is_refused(fake, changes, error, description):
    assert ask(fake, signed(fake, **changes)) == (400, {"error": error, "error_description": description})
    assert fake.secrets()["tokens"] == []


@pytest.mark.parametrize("assertion", ["", "x", "a.b.c", "....", "é.é.é"])
def test_what_is_no_jwt_is_refused(fake, assertion):
    assert ask(fake, assertion)[0] == 400


def test_another_grant_type_is_refused(fake):
    assert ask(fake, signed(fake), grant_type="password")[1]["error"] == "unsupported_grant_type"


def test_get_is_refused(fake):
    assert send(fake, "GET", "/services/oauth2/token")[0].status == 400


def test_prn_wins_over_sub(fake):
    ask(fake, signed(fake, prn="john@corp.example"))
    assert list(fake.state()["living_tokens"]) == ["john@corp.example"]


@pytest.mark.parametrize(
    "state, error",
    [
        ("unapproved", "invalid_grant"),
        ("not_admin_approved", "invalid_app_access"),
        ("inactive", "inactive_user"),
        ("locked", "invalid_grant"),
    ],
)
def test_a_user_who_may_not_gets_no_token(fake, state, error):
    fake.users({JANE: state})
    assert ask(fake, signed(fake))[1]["error"] == error
    assert fake.tokens(JANE) == []


def test_each_grant_gives_a_new_token_unless_switched(fake):
    assert token(fake) != token(fake)
    fake.settings(same_token=True)
    assert token(fake) == token(fake)
    fake.revoke(user=JANE)
    assert token(fake) not in fake.secrets()["tokens"][:-1]


def test_a_second_key_is_accepted_when_it_is_registered(fake):
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assertion = jwt.encode(claims(fake), other, "RS256")
    fake.settings(public_keys=[Path(fake.public_key).read_text(), public_pem(other).decode()])
    assert ask(fake, assertion)[0] == 200
    assert ask(fake, signed(fake))[0] == 200


def test_token_requests_are_counted_per_user_and_recorded_with_claims_and_verdict(fake):
    token(fake)
    token(fake, sub="john@corp.example")
    ask(fake, signed(fake, aud="x"), so="00D")
    state = fake.state()
    assert state["token_requests"] == 3
    assert state["token_requests_by_user"] == {JANE: 1, "john@corp.example": 1, "?": 1}
    good, _, bad = fake.token_requests()
    assert good.claims["sub"] == JANE and good.verdict == "ok"
    assert bad.verdict == "invalid_grant: audience is invalid" and bad.parameters["so"] == ["00D"]


@pytest.mark.parametrize("ahead, granted", [(0, True), (-250, False), (250, False)])
def test_the_clock_of_the_server_judges_the_times(fake, ahead, granted):
    fake.settings(clock_ahead=ahead)
    status, reply = ask(fake, signed(fake, exp=int(time.time()) + 200))
    assert (status == 200) is granted
    assert granted or reply["error_description"] == "expired authorization code"


def test_a_client_secret_is_asked_for_when_there_is_one(fake):
    fake.settings(client_secret="word")
    assert ask(fake, signed(fake))[1]["error"] == "invalid_client"
