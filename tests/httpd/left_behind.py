# SPDX-License-Identifier: Apache-2.0
"""What a server must not leave behind: log lines nobody expected, reports of a sanitizer, and secrets in files."""

import re
from pathlib import Path

LOG_LINE = re.compile(r"^\[[^\]]+\] \[[\w-]*:(?P<level>\w+)\] ")
BAD_LEVELS = {"warn", "error", "crit", "alert", "emerg"}
# Lines that are caused by the machine and not by the module, each with its reason.
IGNORED = (
    # mpm_event, for connections that end while it stops.
    re.compile(r"AH0309[23]: .*apr_pollset_add failure"),
    # mod_ssl, where the installed libssl3 is older than the one it was built with: packaging/install-deps.sh upgrades it
    # where it may, and everything works where it may not.
    re.compile(r"\[ssl:warn\] .*AH01882: .* was compiled against a newer library"),
)
BAD_WORDS = re.compile(r"exit signal|Sanitizer|runtime error:|terminate called")


def complaints(log, required, allowed):
    """Bad lines that match no pattern, and required patterns that match no line."""
    lines = [line for line in log.splitlines() if not any(one.search(line) for one in IGNORED)]
    known = [*required, *allowed]
    unexpected = [line for line in lines if _is_bad(line) and not any(pattern.search(line) for pattern in known)]
    missing = [one.pattern for one in required if not any(one.search(line) for line in lines)]
    return [f"unexpected: {line}" for line in unexpected] + [f"never logged: {pattern}" for pattern in missing]


def _is_bad(line):
    """Bad level, a crash, or a line that did not come through httpd's log: an assertion or a sanitizer speaking."""
    match = LOG_LINE.match(line)
    return bool(line.strip()) and (not match or match["level"] in BAD_LEVELS or bool(BAD_WORDS.search(line)))


def sanitizer_environment(folder, runtime):
    """How a server is started whose module is built with a sanitizer: every process of it writes its report, if it has one,
    into a file of its own below the folder. What is never freed is not reported: httpd ends without looking back."""
    log = f"log_path={folder}/tmp/sanitizer"
    return {"LD_PRELOAD": runtime, "ASAN_OPTIONS": f"detect_leaks=0:{log}", "UBSAN_OPTIONS": f"print_stacktrace=1:{log}"}


def sanitizer_reports(folder):
    return [f"{file.name}:\n{file.read_text(errors='replace')}" for file in sorted(folder.glob("tmp/sanitizer.*"))]


def leaks(folder, private_folder, secrets):
    """Files below the folder, the private one aside, that contain one of the secrets."""
    found = []
    for file in sorted(folder.rglob("*")):
        if private_folder in file.parents or not file.is_file():
            continue
        data = file.read_bytes()
        found += [f"leak: {file.relative_to(folder)} contains {_hint(one)}" for one in secrets if one in data]
    return found


def _hint(secret):
    return f"{len(secret)} secret bytes starting {secret[:6]!r}"


def secrets_of(salesforce):
    """The parts of tokens, assertions and the private key that nothing innocent contains."""
    known = salesforce.secrets()
    tokens = [token.partition("!")[2] or token for token in known["tokens"]]
    # Claims and signature apart: half an assertion in a log is a leak too. The header is the same for everyone.
    assertions = [part for assertion in known["assertions"] for part in assertion.split(".")[1:]]
    key_lines = Path(salesforce.private_key).read_text().splitlines()[1:-1]
    return [text.encode() for text in tokens + assertions + key_lines[:-1] if len(text) >= 16]
