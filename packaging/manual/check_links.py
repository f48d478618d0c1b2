#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that every link in these HTML pages that does not leave them leads to a file and, if it names one, to an anchor."""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.anchors = set()
        self.links = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name in ("id", "name"):
                self.anchors.add(value)
            elif name in ("href", "src"):
                self.links.append((self.getpos()[0], value))


def main():
    pages = {path.resolve(): Page(path.read_text()) for path in map(Path, sys.argv[1:])}
    broken = 0
    for path, page in pages.items():
        for line, link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            found = target.exists() and (not parts.fragment or unquote(parts.fragment) in getattr(pages.get(target), "anchors", ()))
            if not found:
                print(f"{path}:{line}: {link} leads nowhere", file=sys.stderr)
                broken += 1
    sys.exit(1 if broken or not pages else 0)


if __name__ == "__main__":
    main()
