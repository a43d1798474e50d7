"""Whole page or block, ways on, and the trap in htmx-flask."""

from __future__ import annotations

import json

import pytest
from htmx_flask import make_response

from portal import htmx

FRAGMENT = {"HX-Request": "true"}
RESTORE = {"HX-Request": "true", "HX-History-Restore-Request": "true"}


@pytest.mark.parametrize(
    ("headers", "whole"), [({}, True), (FRAGMENT, False), (RESTORE, True), ({"HX-Request": "false"}, True)], ids=str
)
def test_htmx_gets_the_block_and_everybody_else_the_page(app, headers, whole):
    with app.test_request_context("/", headers=headers):
        app.preprocess_request()
        answer = htmx.render("auth/signed_out.html", block="main")
        assert ("<html" in answer.get_data(as_text=True)) is whole
        assert "You are signed out" in answer.get_data(as_text=True)


def test_a_post_goes_on_with_303_and_htmx_with_a_whole_navigation(app):
    with app.test_request_context("/", method="POST"):
        answer = htmx.redirect("/today")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/today")
    with app.test_request_context("/", method="POST", headers=FRAGMENT):
        answer = htmx.redirect("/today")
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/today")
        assert "Location" not in answer.headers


@pytest.mark.parametrize("how", sorted(htmx.RESWAPS))
def test_every_swap_of_htmx_2_can_be_asked_for(app, how):
    with app.test_request_context("/"):
        answer = htmx.reswap(htmx.render("auth/signed_out.html"), how, into="#list")
        assert answer.headers["HX-Reswap"] == how
        assert answer.headers["HX-Retarget"] == "#list"


def test_htmx_flask_itself_still_refuses_two_of_them(app):
    # When this fails, htmx-flask has mended its missing comma and portal.htmx may use it.
    with app.test_request_context("/"), pytest.raises(ValueError, match="reswap"):
        make_response("", reswap="beforebegin")


def test_an_unknown_swap_is_refused(app):
    with app.test_request_context("/"), pytest.raises(ValueError, match="innerhtml"):
        htmx.reswap(htmx.render("auth/signed_out.html"), "innerhtml")


def test_a_toast_survives_every_alphabet_in_a_header(app):
    with app.test_request_context("/"):
        answer = htmx.with_toast(
            htmx.render("auth/signed_out.html"), "Enviado a José 李", undo_url="/undo/1", seconds=10
        )
        assert json.loads(answer.headers["HX-Trigger"])["toast"] == {
            "message": "Enviado a José 李",
            "undo": "/undo/1",
            "seconds": 10,
        }
        assert answer.headers["HX-Trigger"].isascii()


def test_no_other_module_reads_or_writes_an_hx_header():
    from tests.conftest import ROOT

    allowed = {"portal/htmx.py", "portal/security.py"}  # the second names HX-Request in Vary
    found = {
        str(file.relative_to(ROOT))
        for file in (ROOT / "portal").rglob("*.py")
        if '"HX-' in file.read_text(encoding="utf-8")
    }
    assert found <= allowed
