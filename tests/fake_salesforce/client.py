# SPDX-License-Identifier: Apache-2.0
"""Starts the fake Salesforce from a test and talks to its control interface; nothing but the standard library."""

import base64
import http.client
import json
import os
import select
import ssl
import subprocess
import sys
import time
from pathlib import Path

PACKAGE_PARENT = Path(__file__).resolve().parent.parent
DEADLINE = 20.0  # seconds for anything to happen on a slow machine


class Received:
    """A recorded request; the attributes are those of recorder.Record and its notes."""

    def __init__(self, values):
        self.__dict__.update(values)
        self.body = base64.b64decode(values["body_base64"])

    def header(self, name):
        """All values of a header, in order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


class Control:
    """The control interface of a running fake, found by its state (see __main__.tell)."""

    def __init__(self, state):
        self.__dict__.update(state)
        self._context = ssl.create_default_context(cafile=self.ca)

    def connection(self):
        return http.client.HTTPSConnection("localhost", self.https_port, context=self._context, timeout=DEADLINE)

    def call(self, method, path, value=None):
        connection = self.connection()
        try:
            connection.request(method, "/_control/" + path, None if value is None else json.dumps(value))
            response = connection.getresponse()
            reply = json.loads(response.read())
        finally:
            connection.close()
        if response.status != 200:
            raise ValueError(f"{path}: {reply.get('error', reply)}")
        return reply

    def state(self):
        return self.call("GET", "state")

    def requests(self):
        return [Received(values) for values in self.call("GET", "requests")]

    def token_requests(self):
        return [Received(values) for values in self.call("GET", "token-requests")]

    def secrets(self):
        return self.call("GET", "secrets")

    def tokens(self, user):
        """The living tokens of a user, oldest first."""
        return self.state()["living_tokens"].get(user, [])

    def settings(self, **changes):
        self.call("POST", "settings", changes)

    def users(self, states_by_user):
        self.call("POST", "users", states_by_user)

    def revoke(self, **which):
        return self.call("POST", "revoke", which)["ended"]

    def expire(self):
        return self.call("POST", "expire", {})["ended"]

    def misbehave_token(self, **how):
        self._misbehave("token", how)

    def misbehave_soap(self, **how):
        self._misbehave("soap", how)

    def _misbehave(self, endpoint, how):
        for name in ("body", "raw"):
            if isinstance(how.get(name), bytes):
                how[name + "_base64"] = base64.b64encode(how.pop(name)).decode()
        self.call("POST", "misbehave/" + endpoint, how)

    def release(self, name):
        self.call("POST", "release", {"hold": name})

    def forget(self):
        self.call("POST", "forget", {})

    def reset(self):
        self.call("POST", "reset", {})

    def wait_until(self, condition, what="the condition"):
        """Polls the state until condition(state) holds; gives the state."""
        end = time.monotonic() + DEADLINE
        while True:
            state = self.state()
            if condition(state):
                return state
            if time.monotonic() > end:
                raise TimeoutError(f"{what} did not come true in {DEADLINE} s; state: {state}")
            time.sleep(0.01)


class FakeSalesforce(Control):
    """A fake of one's own; a context manager."""

    def __init__(self, folder, *options):
        command = [sys.executable, "-m", "fake_salesforce", "--folder", str(folder), "--until-stdin-closes", *options]
        environment = {**os.environ, "PYTHONPATH": str(PACKAGE_PARENT)}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )
        readable, _, _ = select.select([self._process.stdout], [], [], DEADLINE)
        line = self._process.stdout.readline() if readable else b""
        if not line:
            self.stop()
            raise RuntimeError("the fake Salesforce did not start; its standard error says why")
        self.folder = Path(folder)
        super().__init__(json.loads(line))

    def stop(self):
        self._process.stdin.close()
        try:
            self._process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
