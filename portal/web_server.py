"""What the server of `handrail run` takes in before the app sees it: large bodies at the addresses for files only."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Final

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser

from portal import uploads

if TYPE_CHECKING:
    from flask import Flask

MB: Final = 1024 * 1024
LARGEST_BODY: Final = 60 * MB
SLACK: Final = MB
"""A file that is a little too large is read all the same: the app then says so on a page of its own."""


def channels(app: Flask) -> type[HTTPChannel]:
    """The connections of this app's server. Larger bodies are kept in a temporary file, not in memory."""
    large = uploads.large_paths(app)

    class Parser(HTTPRequestParser):
        def parse_header(self, header_plus: bytes) -> None:
            super().parse_header(header_plus)
            most = large.get(self.path)  # type: ignore[attr-defined]
            if most is not None:
                self.adj = copy(self.adj)
                self.adj.max_request_body_size = most + SLACK

    class Channel(HTTPChannel):
        parser_class = Parser

    return Channel
