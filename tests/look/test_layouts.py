"""Layouts: the frame of each kind of page says who it is for and keeps its promises."""

import json
import re

import pytest
from jinja2 import Environment

from i18n.catalog import use_language
from portal.dev.samples import SAMPLES
from tests.look.stage import ROOT, stage

PAGES = sorted(file.name for file in (ROOT / "tests" / "look" / "pages").glob("*.html"))
OWN = [*(ROOT / "templates" / "layouts").glob("*.html"), *(ROOT / "templates" / "components").glob("*.html")]


@pytest.fixture(scope="module")
def env() -> Environment:
    return stage()


def page(env: Environment, name: str) -> str:
    return env.get_template(name).render(samples=SAMPLES)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("code", ["en", "es", "ar", "yi"])
def test_a_page_has_one_heading_a_title_that_begins_with_it_and_its_language(
    env: Environment, name: str, code: str
) -> None:
    with use_language(code, exact=True):
        html = page(env, name)
    assert html.count("<h1") == 1
    assert html.count("<main") == 1
    assert re.search(rf'<html lang="{code}" dir="(ltr|rtl)">', html)
    assert html.lstrip().startswith("<!doctype html>")


@pytest.mark.parametrize("file", OWN, ids=lambda file: file.name)
def test_nothing_inline_that_the_content_policy_refuses(file: object) -> None:
    source = file.read_text("utf-8")  # type: ignore[attr-defined]
    assert re.findall(r"\sstyle=|\son[a-z]+=|hx-on|js:|hx-ext|hx-boost|<script(?![^>]*\ssrc=)|\|safe", source) == []


def test_htmx_is_tuned_as_the_security_paper_says(env: Environment) -> None:
    html = page(env, "today.html")
    tuning = json.loads(re.search(r"name=\"htmx-config\" content='([^']+)'", html)[1])  # type: ignore[index]
    shown = [one["code"] for one in tuning.pop("responseHandling") if one["swap"]]
    assert tuning == {
        "historyCacheSize": 0,
        "allowEval": False,
        "allowScriptTags": False,
        "includeIndicatorStyles": False,
        "historyRestoreAsHxRequest": False,
        "selfRequestsOnly": True,
    }
    for status in ("200", "422", "409", "419", "429", "503"):
        assert any(re.fullmatch(code, status) for code in shown)
    assert not any(re.fullmatch(code, "404") for code in shown)


def test_a_staff_page_keeps_nothing_in_the_browser_and_names_no_one_in_an_address(env: Environment) -> None:
    html = page(env, "today.html")
    assert 'hx-history="false"' in html
    find = re.search(r"<form class=\"find-person\"[^>]*>", html)
    assert find
    assert 'method="post"' in find[0]
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", html, flags=re.DOTALL):
        assert "csrf_token" in form
    assert json.loads(re.search(r"hx-headers='([^']+)'", html)[1]) == {"X-CSRFToken": "t"}  # type: ignore[index]


def test_places_that_do_not_fit_a_phone_stand_under_more(env: Environment) -> None:
    html = page(env, "today.html")
    assert html.count('class="wide"') == 3
    assert re.search(r'<li class="more"><details>.*Reports', html)


def test_a_flashed_word_can_carry_its_undo() -> None:
    html = page(stage(words=[("/todo/1/undo", "Done: Minh T.")]), "today.html")
    region = html.split("data-toasts")[1].split("<template")[0]
    assert "Done: Minh T." in region
    assert 'action="/todo/1/undo"' in region


def test_the_demo_says_that_no_real_texts_are_sent() -> None:
    assert "No real texts are sent." in page(stage(demo=True), "today.html")
    assert "No real texts are sent." not in page(stage(), "today.html")


def test_a_stranger_sees_the_way_in_and_no_bar_of_staff() -> None:
    html = page(stage(signed_in=False), "guest.html")
    assert "Sign in" in html
    assert "find-person" not in html
    assert "csrf" not in html


def test_the_public_layout_gives_staff_their_own_bar() -> None:
    source = '{% extends "layouts/public.html" %}{% block main %}<h1>x</h1>{% endblock %}'
    assert "Dana Cole" in stage().from_string(source).render()
    assert "Dana Cole" not in stage(signed_in=False).from_string(source).render()


def test_the_patients_page_has_no_script_no_token_and_one_sheet(env: Environment) -> None:
    html = page(env, "patient.html")
    assert "<script" not in html
    assert "csrf" not in html
    assert html.count('rel="stylesheet"') == 1
    assert 'name="robots" content="noindex"' in html
    assert 'name="referrer" content="no-referrer"' in html
    assert 'action="/r/x/not-for-me"' in html


def test_the_agencys_page_needs_no_script_and_offers_no_menu(env: Environment) -> None:
    html = page(env, "agency.html")
    assert "<script" not in html
    assert "<title>A referral for your agency</title>" in html
    assert 'aria-label="Main"' not in html


def test_an_error_page_asks_nothing_of_session_or_database() -> None:
    broken = stage()

    def fail(*_: object, **__: object) -> object:
        raise AssertionError

    broken.globals.update(
        me=None, may=fail, nav=fail, nav_count=fail, csrf=fail, csrf_token=fail, flashes=fail, org_name=fail
    )
    assert "We cannot find this page" in page(broken, "oops.html")
