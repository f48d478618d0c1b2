# SPDX-License-Identifier: Apache-2.0
"""Other modules of httpd beside the gateway: how each is configured, and what it makes of an answer."""

import base64
import gzip
from dataclasses import dataclass, replace
from typing import Callable

import callers

# What the distribution recommends, in earnest and with everything written down.
SECURITY = f"""
Include "{{folder}}/run/security.conf"
SecDataDir "{{folder}}/tmp"
SecAuditLog "{{folder}}/logs/audit"
SecTmpDir "{{folder}}/tmp"
SecRuleEngine On
SecAuditEngine On
SecAuditLogParts ABCDEFHIJKZ
SecRequestBodyInMemoryLimit 1000
SecRule XML:/* "@contains hostile" "id:1,phase:2,deny,status:403"
SecRule RESPONSE_BODY "@contains INVALID_SESSION_ID" "id:2,phase:4,deny,status:403"
"""


def as_it_is(answer):
    return answer


def unpacked(answer):
    assert answer.header("Content-Encoding") == ["gzip"]
    return replace(answer, body=gzip.decompress(answer.body))


def unpacked_unless_an_error(answer):
    """mod_filter leaves errors alone."""
    return unpacked(answer) if answer.status < 400 else answer


def substituted(answer):
    assert b"Envelope" not in answer.body
    return replace(answer, body=answer.body.replace(b"Cover", b"Envelope"))


def edited(answer):
    """As substituted(); sed ends the last line too."""
    answer = substituted(answer)
    assert answer.body.endswith(b"\n")
    return replace(answer, body=answer.body[:-1])


def marked(answer):
    assert answer.header("X-Neighbour") == ["was here"]
    return answer


@dataclass(frozen=True)
class Neighbour:
    name: str
    modules: tuple = ()
    server: str = ""  # lines of the server
    section: tuple = ()  # lines of the section of the gateway
    headers: tuple = ()  # of each request
    inflates: bool = True  # or at least leaves it to others
    undo: Callable = as_it_is  # gives an answer as it was before the module changed it, once it is sure that it did

    def __str__(self):
        return self.name


DOCUMENTS = "".join(f"ErrorDocument {status} /error-{status}.html\n" for status in (400, 401, 403, 413, 415))
SIGNED_IN = base64.b64encode(f"billing:{callers.PASSWORD}".encode()).decode()
ACCEPT_GZIP = (("Accept-Encoding", "gzip"),)
NEIGHBOURS = [
    Neighbour("security2", ("unique_id", "security2"), SECURITY, inflates=False),
    Neighbour("deflate", (), "", ("SetOutputFilter DEFLATE",), ACCEPT_GZIP, undo=unpacked),
    Neighbour("deflate-inflates-both", (), "", ("SetInputFilter DEFLATE", "SetOutputFilter INFLATE")),
    Neighbour("brotli", ("brotli",), "", ("SetOutputFilter BROTLI_COMPRESS",)),
    Neighbour("substitute", ("substitute",), "", ("SetOutputFilter SUBSTITUTE", 'Substitute "s|Envelope|Cover|n"'),
              undo=substituted),
    Neighbour("sed", ("sed",), "", ("SetOutputFilter SED", 'OutputSed "s/Envelope/Cover/g"'), undo=edited),
    Neighbour("substitute-and-deflate", ("substitute",), "",
              ("SetOutputFilter INFLATE;SUBSTITUTE;DEFLATE", 'Substitute "s|Envelope|Cover|n"'), ACCEPT_GZIP,
              undo=lambda answer: substituted(unpacked(answer))),
    Neighbour("headers", (), 'RequestHeader set X-From-Here yes\nHeader always set X-Neighbour "was here"\n',
              ("RequestHeader unset User-Agent", "Header edit Content-Type ^text/plain text/html"), undo=marked),
    Neighbour("reqtimeout", ("reqtimeout",), "RequestReadTimeout header=5,MinRate=500 body=5,MinRate=500\n"),
    Neighbour("ratelimit", ("ratelimit",), "", ("SetOutputFilter RATE_LIMIT", "SetEnv rate-limit 4000")),
    Neighbour("buffer", ("buffer",), "", ("SetInputFilter BUFFER", "SetOutputFilter BUFFER", "BufferSize 10000000")),
    Neighbour("request", ("request",), "", ("KeptBodySize 1000000",)),
    Neighbour("filter", (), "", ("FilterDeclare pack", "FilterProvider pack DEFLATE true", "FilterChain pack"),
              ACCEPT_GZIP, undo=unpacked_unless_an_error),
    Neighbour("ext_filter", ("ext_filter",), "ExtFilterDefine through mode=output cmd=/bin/cat\n",
              ("SetOutputFilter through",)),
    Neighbour("auth_basic", tuple(callers.AUTH_MODULES), "", callers.SIGN_IN, (("Authorization", f"Basic {SIGNED_IN}"),)),
    Neighbour("cache", ("cache", "cache_socache"), "CacheEnable socache /\nCacheSocache shmcb\nCacheQuickHandler Off\n"),
    Neighbour("remoteip-setenvif-usertrack", ("remoteip", "usertrack"),
              "RemoteIPHeader X-Forwarded-For\nCookieTracking On\nSetEnvIf Request_URI . nokeepalive-not=1\n"),
    Neighbour("log_forensic", ("log_forensic", "unique_id"), 'ForensicLog "{folder}/logs/forensic"\n'),
    Neighbour("error-documents", (), DOCUMENTS),
    Neighbour("error-override", (), "ProxyErrorOverride On 502 503 504\n"),
    Neighbour("http-protocol-options", (), "HttpProtocolOptions Strict\nLimitRequestBody 100\nDeflateInflateLimitRequestBody 1000000\nTraceEnable Off\n"),
]  # fmt: skip
