# SPDX-License-Identifier: Apache-2.0
"""A private httpd: own folder, free ports, no service of the machine involved; and what it left behind, judged."""

import functools
import http.client
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import left_behind

SOURCE = Path(__file__).resolve().parents[2]
MODULE = Path(os.environ.get("SFJWT_MODULE", SOURCE / "build/release/mod_sfjwt.so")).resolve()
DEADLINE = 30.0  # seconds for anything to happen on a slow machine
POLL = 0.02
MODULES = ("unixd", "log_config", "logio", "env", "setenvif", "headers", "authz_core", "filter", "deflate",
           "socache_shmcb", "ssl", "proxy", "proxy_http")  # fmt: skip
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "GCOV_PREFIX", "GCOV_PREFIX_STRIP")
# The run-time library of the sanitizer the module is built with. It must be the first in the process, and httpd is the only
# process of a test that needs it: php and curl do not start with it.
SANITIZER = os.environ.get("SFJWT_SANITIZER_RUNTIME", "")

BASE = """\
ServerRoot "{folder}"
ServerName localhost
Listen 127.0.0.1:{port}
DefaultRuntimeDir "{folder}/run"
PidFile "{folder}/run/httpd.pid"
ErrorLog "{folder}/logs/error_log"
{modules}
{identity}
LogLevel {log_level}
LogFormat "%h %u %t \\"%r\\" %>s %b renewed=%{{SFJWT_RENEWED}}e operation=%{{SFJWT_OPERATION}}e subject=%{{SFJWT_SUBJECT}}e \
token=%{{SFJWT_TOKEN}}e" gateway
CustomLog "{folder}/logs/access_log" gateway
SSLSessionCache "shmcb:{folder}/run/ssl_sessions(512000)"
DocumentRoot "{folder}/htdocs"
<Directory "/">
  AllowOverride None
  Require all denied
</Directory>
StartServers 1
MaxConnectionsPerChild 0
<IfModule !mpm_prefork_module>
  ThreadsPerChild 16
  MinSpareThreads 1
  MaxSpareThreads 32
  MaxRequestWorkers 32
</IfModule>
<IfModule mpm_prefork_module>
  MinSpareServers 1
  MaxSpareServers 8
  MaxRequestWorkers 32
</IfModule>
{config}
"""


@functools.lru_cache
def httpd_binary():
    search = os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin"
    found = next(filter(None, (shutil.which(name, path=search) for name in ("apache2", "httpd"))), None)
    if not found:
        raise RuntimeError("no apache2 or httpd; packaging/install-deps.sh installs it")
    return found


@functools.lru_cache
def module_folder():
    apxs = shutil.which("apxs") or shutil.which("apxs2")
    if not apxs:
        raise RuntimeError("no apxs; packaging/install-deps.sh installs it")
    return Path(subprocess.run([apxs, "-q", "LIBEXECDIR"], capture_output=True, text=True, check=True).stdout.strip())


@functools.lru_cache
def compiled_in():
    text = subprocess.run([httpd_binary(), "-l"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"mod_(\w+)\.c", text))


def free_port():
    """A port nobody has now; whoever binds it later must be ready to try another."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Response:
    status: int
    headers: list  # (name, value) in order
    body: bytes

    def header(self, name):
        """All values of a header, in order."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


class GatewayHttpd:
    """One httpd. `config` is what follows the base configuration; {port} and {folder} in it are replaced, other
    braces stay; {folder} is replaced in values of `environment`, too. Files with secrets belong into `secrets`, where the search for leaks does not look."""

    def __init__(self, config, *, mpm="event", modules=(), log_level="info", with_module=True, environment=None):
        self.folder = Path(tempfile.mkdtemp(prefix="sfjwt-httpd-"))
        self.folder.chmod(0o755)  # children run as another user
        for name, mode in (("logs", 0o755), ("run", 0o755), ("htdocs", 0o755), ("tmp", 0o1777), ("secrets", 0o700)):
            (self.folder / name).mkdir()
            (self.folder / name).chmod(mode)
        self.secrets = self.folder / "secrets"
        self.port = None
        self._config = config
        self.mpm = mpm
        self._modules = (f"mpm_{mpm}", *MODULES, *modules)
        self._with_module = with_module
        self._log_level = log_level + (" sfjwt:trace8" if with_module and "sfjwt:" not in log_level else "")
        self._environment = environment or {}
        self._process = None
        self._generations_before = 0
        self._required = []
        self._allowed = []
        self._canaries = []
        if mpm == "prefork" and "http2" in modules:
            self.allow_log("AH10034")  # it warns that it will not be of use

    # Life

    def start(self):
        for _ in range(5):
            self.write_config()
            self._launch()
            if self._wait_until_serving():
                return self
        raise RuntimeError(f"no free port found:\n{self.console()}")

    def _launch(self):
        command = [httpd_binary(), "-D", "FOREGROUND", "-f", str(self.config_file)]
        self._generations_before = self.generations()
        with open(self.folder / "logs/console", "ab") as console:
            # A session of its own: prefork ends its whole process group when it stops.
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=console, stderr=console, cwd=self.folder,
                env=self._env(), start_new_session=True,
            )  # fmt: skip

    def _wait_until_serving(self):
        """False when the port was taken by somebody else; raises when httpd does not start."""
        end = time.monotonic() + DEADLINE
        while time.monotonic() < end:
            if self._process.poll() is not None:
                taken = "could not bind" in self.console() or "no listening sockets" in self.console()
                if taken:
                    (self.folder / "logs/console").unlink()
                    self.port = None
                    return False
                raise RuntimeError(f"httpd did not start:\n{self.console()}{self.error_log()}")
            # It accepts before it is ready for signals: one that came too early would be lost.
            if self.generations() > self._generations_before and self._accepts():
                return True
            time.sleep(POLL)
        self.kill()
        raise RuntimeError(f"httpd did not serve within {DEADLINE} s:\n{self.console()}{self.error_log()}")

    def _accepts(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            return True
        except OSError:
            return False

    def graceful(self):
        """Restarts gracefully and waits until the new generation serves."""
        self._restart(signal.SIGUSR1)

    def restart(self):
        self._settle()
        self._restart(signal.SIGHUP)

    def _settle(self):
        """Gives connections that are about to end a moment: told to stop at once, mpm_event closes the sockets of busy
        threads while these free them, which it logs as errors, and once in some hundred times it crashes."""
        end = time.monotonic() + 0.5
        while self._connections() and time.monotonic() < end:
            time.sleep(0.005)

    def _connections(self):
        """Sockets of the port that are neither listening (0A) nor closed by this side (06)."""
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return [row for row in rows if int(row[1].split(":")[1], 16) == self.port and row[3] not in ("0A", "06")]

    def _restart(self, number):
        before, old_children = self.generations(), set(self.children())
        os.kill(self.pid, number)
        self.wait_until(lambda: self.generations() > before and set(self.children()) - old_children, "the restart")

    def generations(self):
        return self.error_log().count("resuming normal operations")

    def stop(self, number=signal.SIGTERM):
        """Stops (SIGWINCH: gracefully) and waits until every process of it is gone; start() may follow."""
        if self._process is None:
            return
        try:
            if self._process.poll() is not None:
                raise RuntimeError(f"httpd had ended by itself: {self._process.returncode}")
            self._settle()
            os.kill(self.pid, number)
            self._process.wait(DEADLINE)
            self.wait_until(lambda: not self.lives(), "the end of the children")
        except (subprocess.TimeoutExpired, TimeoutError):
            raise RuntimeError("httpd did not stop in time") from None
        finally:
            self.kill()

    def kill(self, children_too=True):
        """kill -9."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        if not children_too:
            return
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process = None

    def lives(self):
        """Whether the parent or any child is there."""
        if self._process is None:
            return False
        try:
            os.killpg(self.pid, 0)
            return True
        except ProcessLookupError:
            return False

    @property
    def pid(self):
        return self._process.pid

    def children(self):
        """The process ids of the children."""
        text = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(word) for word in text.split()]

    def wait_until(self, condition, what="the condition"):
        end = time.monotonic() + DEADLINE
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"{what} did not come in {DEADLINE} s\n{self.error_log()}")
            time.sleep(POLL)

    # Configuration

    @property
    def config_file(self):
        return self.folder / "httpd.conf"

    @property
    def pid_file(self):
        return self.folder / "run/httpd.pid"

    def write_config(self, config=None):
        """Writes httpd.conf, with another configuration if one is given; a restart reads it."""
        if config is not None:
            self._config = config
        if self.port is None:
            self.port = free_port()
        own = self._config.replace("{port}", str(self.port)).replace("{folder}", str(self.folder))
        self.config_file.write_text(
            BASE.format(
                folder=self.folder, port=self.port, modules=self._load_lines(), identity=_identity(),
                log_level=self._log_level, config=own,
            )
        )  # fmt: skip

    def configtest(self):
        """(whether it is accepted, what httpd -t says)."""
        self.write_config()
        done = subprocess.run(
            [httpd_binary(), "-t", "-f", str(self.config_file)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=self.folder,
            env=self._env(), timeout=DEADLINE,
        )  # fmt: skip
        if reports := left_behind.sanitizer_reports(self.folder):
            raise RuntimeError("\n".join(reports))
        return done.returncode == 0, done.stdout

    def _load_lines(self):
        wanted = [name for name in dict.fromkeys(self._modules) if name not in compiled_in()]
        lines = [f'LoadModule {name}_module "{module_folder()}/mod_{name}.so"' for name in wanted]
        if self._with_module:
            if not MODULE.is_file():
                raise RuntimeError(f"{MODULE} is not built (SFJWT_MODULE names another)")
            lines.append(f'LoadModule sfjwt_module "{MODULE}"')
        return "\n".join(lines)

    def _env(self):
        """Little is inherited: proxies and locales of the tester must not decide a test."""
        inherited = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        own = {name: value.replace("{folder}", str(self.folder)) for name, value in self._environment.items()}
        sanitizer = left_behind.sanitizer_environment(self.folder, SANITIZER) if SANITIZER else {}
        if "LD_PRELOAD" in sanitizer and "LD_PRELOAD" in own:
            own["LD_PRELOAD"] = f"{sanitizer['LD_PRELOAD']}:{own['LD_PRELOAD']}"  # its runtime must come first
        return {**inherited, "TMPDIR": str(self.folder / "tmp"), "LC_ALL": "C", **sanitizer, **own}

    # Requests

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)

    def request(self, method, path, body=None, headers=None):
        connection = self.connection()
        try:
            connection.request(method, path, body, dict(headers or {}))
            answer = connection.getresponse()
            return Response(answer.status, answer.getheaders(), answer.read())
        finally:
            connection.close()

    def post(self, body, path="/services/Soap/u/66.0", headers=None):
        """A SOAP 1.1 request as clients send it."""
        usual = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
        return self.request("POST", path, body, {**usual, **(headers or {})})

    def send_raw(self, data, half_close=False):
        """Sends the bytes as they are and gives all bytes that come until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=DEADLINE) as connection:
            connection.sendall(data)
            if half_close:
                connection.shutdown(socket.SHUT_WR)
            pieces = []
            while piece := connection.recv(65536):
                pieces.append(piece)
            return b"".join(pieces)

    # What it left behind

    def error_log(self):
        return self._text("logs/error_log")

    def access_log(self):
        return self._text("logs/access_log")

    def console(self):
        return self._text("logs/console")

    def _text(self, name):
        file = self.folder / name
        return file.read_text(errors="replace") if file.exists() else ""

    def expect_log(self, pattern):
        """A warning or error that this test provokes: it must appear, and it is no failure."""
        self._required.append(re.compile(pattern))

    def allow_log(self, pattern):
        """A warning or error that may appear."""
        self._allowed.append(re.compile(pattern))

    def canary(self, secret):
        """Bytes that must not be found in any file this httpd writes."""
        self._canaries.append(secret if isinstance(secret, bytes) else secret.encode())

    def complaints(self):
        """What is wrong with the logs: lines nobody expected, expected lines that did not come, and what a sanitizer says."""
        log = left_behind.complaints(self.error_log() + self.console(), self._required, self._allowed)
        return log + left_behind.sanitizer_reports(self.folder)

    def leaks(self, secrets=()):
        """Files below the folder, secrets/ aside, that contain one of the secrets or canaries."""
        return left_behind.leaks(self.folder, self.secrets, [*self._canaries, *secrets])

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def _identity():
    """Root drops its rights as in production; anybody else cannot and need not."""
    if os.geteuid() != 0:
        return ""
    known = {user.pw_name for user in pwd.getpwall()}
    user = next(name for name in ("www-data", "apache", "nobody") if name in known)
    return f"User {user}\nGroup #{pwd.getpwnam(user).pw_gid}"
