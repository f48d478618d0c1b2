# SPDX-License-Identifier: Apache-2.0
"""The token endpoint: RFC 7523 as Salesforce does it. Assertions are judged by PyJWT, so that the module under test
and its judge share no code."""

import json
import time
from urllib.parse import parse_qs

import jwt

from .org import ORGANISATION_ID, USER_ID
from .wire import Answer

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
JSON_HEADERS = [
    ("Cache-Control", "no-cache, no-store"),
    ("Pragma", "no-cache"),
    ("Content-Type", "application/json;charset=UTF-8"),
]
SECRET = ("assertion", "client_secret")  # not told with the request
USER_ERRORS = {
    "unapproved": ("invalid_grant", "user hasn't approved this consumer"),
    "not_admin_approved": ("invalid_app_access", "user is not admin approved to access this app"),
    "inactive": ("inactive_user", "user is inactive"),
    "locked": ("invalid_grant", "user is locked"),
}


class OAuthError(Exception):
    def __init__(self, code, description):
        super().__init__(description)
        self.code = code
        self.description = description

    def answer(self):
        return _json_answer(400, {"error": self.code, "error_description": self.description})


def _json_answer(status, value):
    return Answer(status, list(JSON_HEADERS), json.dumps(value, separators=(",", ":")).encode())


class AuthorizationServer:
    def __init__(self, org):
        self._org = org
        self.assertions = []

    def answer(self, record):
        """The answer to a token request; notes the claims and the verdict in the record."""
        try:
            user = self._user_of(record)
            record.notes["user"] = user
            self._check_state(user)
        except OAuthError as error:
            record.notes["verdict"] = f"{error.code}: {error.description}"
            return error.answer()
        record.notes["verdict"] = "ok"
        return _json_answer(200, self._reply(user))

    def _reply(self, user):
        return {
            "access_token": self._org.give_token(user),
            "scope": "web api",
            "instance_url": self._org.settings.instance_url,
            "id": f"https://login.salesforce.com/id/{ORGANISATION_ID}/{USER_ID}",
            "token_type": "Bearer",
        }

    def _user_of(self, record):
        if record.method != "POST":
            raise OAuthError("invalid_request", "must use HTTP POST")
        parameters = parse_qs(record.path.partition("?")[2], keep_blank_values=True)
        for name, values in parse_qs(record.body.decode("latin-1"), keep_blank_values=True).items():
            parameters.setdefault(name, []).extend(values)
        record.notes["parameters"] = {name: values for name, values in parameters.items() if name not in SECRET}
        if parameters.get("grant_type") != [GRANT_TYPE]:
            raise OAuthError("unsupported_grant_type", "grant type not supported")
        self._check_client_secret(parameters)
        assertions = parameters.get("assertion", [])
        self.assertions += assertions
        if len(assertions) != 1:
            raise OAuthError("invalid_grant", "invalid assertion")
        return self._subject(assertions[0], record)

    def _check_client_secret(self, parameters):
        settings = self._org.settings
        sent = (parameters.get("client_id"), parameters.get("client_secret"))
        if settings.client_secret and sent != ([settings.client_id], [settings.client_secret]):
            raise OAuthError("invalid_client", "invalid client credentials")

    def now(self):
        return time.time() + self._org.settings.clock_ahead

    def _subject(self, assertion, record):
        try:
            unverified = jwt.decode(assertion, options={"verify_signature": False})
            record.notes["header_of_jwt"] = jwt.get_unverified_header(assertion)
        except jwt.PyJWTError:
            raise OAuthError("invalid_grant", "invalid assertion") from None
        record.notes["claims"] = unverified
        settings = self._org.settings
        if unverified.get("iss") != settings.client_id:
            raise OAuthError("invalid_client_id", "client identifier invalid")
        claims = self._verified(assertion)
        subject = claims.get("prn", claims.get("sub"))  # the older name wins, as at Salesforce
        if not isinstance(subject, str) or not subject:
            raise OAuthError("invalid_grant", "invalid assertion")
        return subject

    def _verified(self, assertion):
        settings = self._org.settings
        for key in settings.public_keys:
            try:
                claims = jwt.decode(
                    assertion, key, algorithms=["RS256"], audience=settings.audiences, issuer=settings.client_id,
                    options={"require": ["exp", "iss", "aud"], "verify_exp": False},
                )  # fmt: skip
            except jwt.InvalidSignatureError:
                continue
            except jwt.InvalidAudienceError:
                raise OAuthError("invalid_grant", "audience is invalid") from None
            except (jwt.PyJWTError, ValueError):
                raise OAuthError("invalid_grant", "invalid assertion") from None
            self._check_strictly(claims)
            return claims
        raise OAuthError("invalid_grant", "invalid assertion")

    def _check_strictly(self, claims):
        """What PyJWT lets pass and Salesforce does not."""
        if not isinstance(claims["aud"], str):
            raise OAuthError("invalid_grant", "audience is invalid")
        if type(claims["exp"]) is not int:
            raise OAuthError("invalid_grant", "invalid assertion")
        if not self.now() < claims["exp"] <= self.now() + self._org.settings.max_assertion_lifetime:
            raise OAuthError("invalid_grant", "expired authorization code")

    def _check_state(self, user):
        error = USER_ERRORS.get(self._org.state_of(user))
        if error:
            raise OAuthError(*error)
