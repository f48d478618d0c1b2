# SPDX-License-Identifier: Apache-2.0
"""The organisation both endpoints belong to: the connected app, its users and their sessions."""

import secrets
import string
import time
from dataclasses import asdict, dataclass, field

ORGANISATION_ID = "00D000000000062EAA"
USER_ID = "005000000000001AAA"
TOKEN_ALPHABET = string.ascii_letters + string.digits + "._"
USER_STATES = ("approved", "unapproved", "not_admin_approved", "inactive", "locked")
DEFAULT_CLIENT_ID = "3MVG9fakeConsumerKeyOfTheConnectedApp.0123456789"


@dataclass
class Settings:
    client_id: str = DEFAULT_CLIENT_ID
    client_secret: str = ""  # empty: not asked for
    audiences: list = field(default_factory=lambda: ["https://login.salesforce.com", "https://test.salesforce.com"])
    public_keys: list = field(default_factory=list)  # PEM; any of them may have signed
    max_assertion_lifetime: int = 300  # seconds
    clock_ahead: float = 0.0  # seconds the token endpoint's clock is ahead of this machine's
    same_token: bool = False  # give the living session again instead of a new one
    token_lifetime: float = 7200.0  # seconds without a call after which a session dies
    instance_url: str = ""
    oldest_api: float = 31.0


@dataclass
class Session:
    token: str
    user: str
    dies_at: float  # time.monotonic()


class Org:
    def __init__(self, public_key):
        self._public_key = public_key
        self._own_url = ""
        self.reset()

    def reset(self):
        self.settings = Settings(public_keys=[self._public_key], instance_url=self._own_url)
        self.users = {}
        self.given_tokens = []
        self.owners = {}  # the user of each token, living or not
        self._sessions = {}

    def serve_at(self, url):
        """The instance_url of every token reply from now on."""
        self._own_url = self.settings.instance_url = url

    def set(self, changes):
        """Raises TypeError for a setting that does not exist."""
        self.settings = Settings(**{**asdict(self.settings), **changes})

    def set_users(self, states):
        for user, state in states.items():
            if state not in USER_STATES:
                raise ValueError(f"user state {state!r} is none of {USER_STATES}")
            self.users[user] = state

    def state_of(self, user):
        return self.users.get(user, "approved")

    def give_token(self, user):
        if self.settings.same_token:
            for session in self._sessions.values():
                if session.user == user and session.dies_at > time.monotonic():
                    return session.token
        token = ORGANISATION_ID[:15] + "!AQ" + "".join(secrets.choice(TOKEN_ALPHABET) for _ in range(94))
        self._sessions[token] = Session(token, user, time.monotonic() + self.settings.token_lifetime)
        self.given_tokens.append(token)
        self.owners[token] = user
        return token

    def use(self, token):
        """The session of a token, or None; a call keeps a session alive."""
        session = self._sessions.get(token)
        if session is None or session.dies_at <= time.monotonic():
            return None
        session.dies_at = time.monotonic() + self.settings.token_lifetime
        return session

    def end(self, *, user=None, token=None):
        """Ends the sessions of a user, of a token, or all; says how many."""
        ended = [
            key
            for key, session in self._sessions.items()
            if (user is None or session.user == user) and (token is None or key == token)
        ]
        for key in ended:
            del self._sessions[key]
        return len(ended)

    def living_tokens(self):
        now = time.monotonic()
        living = {}
        for session in self._sessions.values():
            if session.dies_at > now:
                living.setdefault(session.user, []).append(session.token)
        return living
