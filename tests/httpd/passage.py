# SPDX-License-Identifier: Apache-2.0
"""What must be true of messages on their way through a gateway that several tests share, however they are sent."""

import itertools

from fake_salesforce.calls import envelope
from fronts import Message

OF_ONE_HOP = {"transfer-encoding", "expect", "upgrade", "http2-settings", "trailer", "te", "content-encoding", "keep-alive"}
numbers = itertools.count()


def somebody():
    """A user no other test has."""
    return f"user{next(numbers)}@corp.example"


def query(user, size=0):
    """Of some `size` bytes, which do not pack too well: mod_deflate would take them for a bomb."""
    words = " ".join(map(str, range(size // 6)))
    return envelope(user, f"<m:query><m:queryString>{words}</m:queryString></m:query>")


def arrived(received, body):
    """That it is the body to the byte with the token in its place, and no header speaks of how it came here."""
    assert received.complete and received.body == body.replace(received.user.encode(), received.session.encode(), 1)
    assert received.header("Content-Length") == [str(len(received.body))]
    assert not OF_ONE_HOP & {name.lower() for name, _ in received.headers}


def renewed(salesforce, user, body):
    """That the body came twice, to the byte, first with a dead token and then with the one that was asked for."""
    dead, alive = [request for request in salesforce.requests() if getattr(request, "user", None) in (None, user)]
    assert dead.session != alive.session and alive.user == user
    for request in (dead, alive):
        assert request.body == body.replace(user.encode(), request.session.encode(), 1)
    assert [request.user for request in salesforce.token_requests()] == [user]


def on_one_connection(front, answers):
    return len({answer.connection for answer in answers}) == (1 if front.keeps else len(answers))


def came(salesforce, body):
    requests = [request for request in salesforce.requests() if hasattr(request, "user")]
    return [one for one in requests if one.body == body.replace(one.user.encode(), one.session.encode())]


def followed(front, server, salesforce, message, kept=False):
    """The answer to a message, after a look at what became of the connection: nothing of the message is taken for
    another, and the next one is answered. `kept`: on the same connection; else httpd may have closed it, as it does
    after each 500 of HTTP/1."""
    user = somebody()
    answers = front.exchange(server, [message, Message(query(user), headers=message.headers)])
    assert not (answers[0].closed and kept and front.keeps)
    if answers[0].closed and front.pipelines:
        assert len(answers) == 1 and not came(salesforce, query(user))
    else:
        assert [answer.status for answer in answers] == [answers[0].status, 200]
        assert came(salesforce, query(user))
        assert answers[0].closed or on_one_connection(front, answers)
    return answers[0]
