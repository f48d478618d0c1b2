# SPDX-License-Identifier: Apache-2.0
"""A private redis-server on a free port, which keeps nothing on disk, and the few commands the tests speak to it; and
something in its place that does not speak as it should."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import tempfile
import threading
import time

from gateway_httpd import DEADLINE, POLL, free_port


class RedisServer:
    def __init__(self):
        self.port = None
        self._process = None
        self._folder = tempfile.TemporaryDirectory(prefix="sfjwt-redis-")
        self._password = None
        self.start()

    def start(self):
        """Starts it, again on the port it had; empty."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            port = self.port or free_port()
            self._process = subprocess.Popen(
                ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                 "--dir", self._folder.name, "--logfile", "log"],
                cwd=self._folder.name, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            )  # fmt: skip
            while self._process.poll() is None and time.monotonic() < end:
                if self._is_ours(port):
                    self.port = port
                    return
                time.sleep(POLL)
        raise RuntimeError("redis-server did not start")

    def _is_ours(self, port):
        try:
            return f"process_id:{self._process.pid}".encode() in self._ask(port, ("INFO", "server"))
        except OSError:
            return False

    def kill(self):
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def remove(self):
        self.kill()
        self._folder.cleanup()

    def hang(self):
        """From now on it takes commands and answers none."""
        os.kill(self._process.pid, signal.SIGSTOP)

    def go_on(self):
        os.kill(self._process.pid, signal.SIGCONT)

    def demand_password(self, password):
        self.command("CONFIG", "SET", "requirepass", password)
        self._password = password

    def command(self, *words):
        """The answer to a command: bytes, a number, None or a list of these."""
        return self._ask(self.port, words, self._password)

    def values(self):
        """All there is, by key."""
        return {key: self.command("GET", key) for key in self.command("KEYS", "*")}

    def asked(self):
        """How many values were asked for or stored since it started."""
        calls = re.findall(rb"^cmdstat_(?:get|set|setex):calls=(\d+)", self.command("INFO", "commandstats"), re.MULTILINE)
        return sum(map(int, calls))

    @staticmethod
    def _ask(port, words, password=None):
        with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE) as connection:
            stream = connection.makefile("rwb")
            for command in ((("AUTH", password),) if password else ()) + (words,):
                stream.write(b"*%d\r\n" % len(command))
                for word in command:
                    data = word if isinstance(word, bytes) else str(word).encode()
                    stream.write(b"$%d\r\n%s\r\n" % (len(data), data))
                stream.flush()
                answer = _answer(stream)
            return answer


class LyingRedis:
    """Gives these bytes in answer to every command, and closes the connection."""

    def __init__(self, answer):
        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                with connection, contextlib.suppress(OSError):
                    connection.recv(65536)
                    connection.sendall(self._answer)

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def _answer(stream):
    line = stream.readline()
    if not line.endswith(b"\r\n"):
        raise ConnectionError("redis-server closed the connection")
    kind, rest = line[:1], line[1:-2]
    if kind == b"-":
        raise AssertionError(f"redis-server says {rest.decode()}")
    if kind == b"+":
        return rest
    if kind == b":":
        return int(rest)
    count = int(rest)
    if count < 0:
        return None
    if kind == b"*":
        return [_answer(stream) for _ in range(count)]
    return stream.read(count + 2)[:-2]
