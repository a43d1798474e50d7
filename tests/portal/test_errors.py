"""Every error is a page, a fragment or a document with plain words, and holds nothing of anybody."""

from __future__ import annotations

import pytest
from flask import Flask, request
from sqlalchemy.exc import OperationalError

from portal import errors, limits
from portal.auth.guards import api, public
from portal.limits import TooManyError
from referrals.errors import ChangedMeanwhileError, NotFoundError, TooLateError
from resources_db.tenancy import ForeignTenantError, NoActorError
from resources_db.vocab import ReferralState
from tests.pages import Browser

SECRET = "ZZCANARY"


class LockedError(Exception):
    def __str__(self):
        return "database is locked"


TROUBLES = {
    "404": (NotFoundError, 404),
    "foreign": (ForeignTenantError, 404),
    "409": (lambda: ChangedMeanwhileError(ReferralState.SENT, "agency", None), 409),
    "late": (TooLateError, 409),
    "429": (lambda: TooManyError(limits.EXPORT, None, 42), 429),
    "503": (lambda: OperationalError(f"UPDATE x SET name='{SECRET}'", {"name": SECRET}, LockedError()), 503),
    "500": (lambda: RuntimeError(SECRET), 500),
    "no actor": (lambda: NoActorError(SECRET), 500),
    "422": (lambda: errors.DomainError("bad_input", name=SECRET), 422),
}


@pytest.fixture
def broken(app: Flask) -> Browser:
    """An app with a page for each trouble."""
    app.config["PROPAGATE_EXCEPTIONS"] = False

    def fail():
        raise TROUBLES[request.args["with"]][0]()  # noqa: RSE102 - makes the error

    app.add_url_rule("/break", "break", public(fail), methods=["GET", "POST"])
    app.add_url_rule("/api/break", "api_break", api("directory.read")(fail), methods=["GET"])
    return Browser(app)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_trouble_is_a_page_a_fragment_and_a_document(broken, trouble):
    status = TROUBLES[trouble][1]
    page = broken.get(f"/break?with={trouble}", expect=status)
    fragment = broken.get(f"/break?with={trouble}", expect=status, htmx=True)
    document = broken.client.get(f"/api/break?with={trouble}")
    assert "<html" in page.html
    assert "<html" not in fragment.html
    assert 'role="alert"' in fragment.html
    assert document.mimetype == "application/problem+json"
    assert document.get_json()["status"] == document.status_code == status
    for text in (page.html, fragment.html, document.text):
        assert SECRET not in text
        assert "Traceback" not in text
        assert "UPDATE" not in text


@pytest.mark.bad_input(122)
def test_an_unforeseen_error_shows_a_number_and_logs_the_same_without_what_was_typed(broken, caplog):
    import json
    import logging

    from portal.logs import Lines

    logging.getLogger("handrail").propagate = True
    page = broken.get("/break?with=500", expect=500)
    logging.getLogger("handrail").propagate = False
    number = page.response.headers["X-Request-ID"]
    assert number in page.text
    line = Lines().format(caplog.records[-1])
    assert SECRET not in line
    assert json.loads(line)["error"] == "RuntimeError"


@pytest.mark.bad_input(119)
def test_who_lost_a_race_is_told_who_and_when(app, now):
    from portal import error_words

    with app.test_request_context("/"):
        app.preprocess_request()
        code, facts = error_words.read(ChangedMeanwhileError(ReferralState.ACCEPTED, "agency", now))
        words = error_words.of_code(code, facts)
    assert "The agency" in words.text
    assert "Nov 23, 2026" in words.text


def test_a_busy_database_gives_the_text_back_with_a_button(broken):
    token = broken.token("/login")
    page = broken.post("/break?with=503", {"csrf_token": token, "note": "a long note", "pin_code": "1234"}, expect=503)
    kept = page.form("/break").values()
    assert kept["note"] == "a long note"
    assert "1234" not in page.html
    assert page.response.headers["Retry-After"] == "5"


def test_too_many_tries_says_when_to_come_back(broken):
    page = broken.get("/break?with=429", expect=429)
    assert page.response.headers["Retry-After"] == "42"
    assert "42" in page.text
    assert "211" in page.text


def test_pages_nobody_made_are_404_in_the_readers_language(browser):
    assert browser.get("/nowhere", expect=404).h1 == "We cannot find this page"
    assert browser.get("/nowhere?l=es", expect=404).tree.all("html")[0].attrs["lang"] == "es"


@pytest.mark.bad_input(33, 35)
def test_unknown_links_are_one_same_page_and_are_slowed_down(browser):
    pages = {
        browser.get(f"/r/{token}", expect=404).html for token in ("a" * 22, "Zz9" * 7 + "x", "a", "a-b", "x" * 500)
    }
    assert len(pages) == 1
    for _ in range(10):
        browser.client.get("/r/" + "b" * 22)
    assert browser.client.get("/r/" + "c" * 22).status_code == 429


def test_every_status_we_answer_has_words_of_its_own():
    from portal import error_words

    for status in (400, 401, 403, 404, 405, 409, 413, 419, 422, 429, 500, 503):
        assert status in error_words.STATUS
