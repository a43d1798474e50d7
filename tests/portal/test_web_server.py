"""The server of `handrail run` reads large bodies at the addresses for files only."""

import pytest
from flask import Flask
from waitress.adjustments import Adjustments
from waitress.parser import HTTPRequestParser

from portal import uploads, web_server
from resources_db.importers.files import LARGEST_FILE


def begun(app: Flask, path: str, size: int) -> HTTPRequestParser:
    """A request whose head has arrived and whose body is to come."""
    parser = web_server.channels(app).parser_class(Adjustments(max_request_body_size=web_server.LARGEST_BODY))
    parser.received(f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {size}\r\n\r\n".encode())
    return parser


def test_the_address_for_imports_takes_what_an_import_may_have(app: Flask) -> None:
    assert uploads.large_paths(app)["/imports/new"] >= LARGEST_FILE
    assert begun(app, "/imports/new", LARGEST_FILE).error is None
    assert begun(app, "/imports/new?l=es", LARGEST_FILE).error is None


@pytest.mark.parametrize("path", ["/login", "/imports", "/imports/new/x", "/"])
def test_every_other_address_refuses_a_body_of_that_size(app: Flask, path: str) -> None:
    error = begun(app, path, LARGEST_FILE).error
    assert error is not None
    assert error.code == 413


def test_far_too_much_is_refused_before_it_is_read(app: Flask) -> None:
    error = begun(app, "/imports/new", 2 * LARGEST_FILE).error
    assert error is not None
    assert error.code == 413
