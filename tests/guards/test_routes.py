"""Every route has exactly one guard, and the map says for each role what it opens."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from portal import templating
from portal.auth import guards
from portal.auth.guards import Kind, UnguardedViewError, needs, public
from portal.auth.permissions import PERMISSIONS, ROLES_OF, allows, as_markdown
from resources_db.vocab import Role
from tests.conftest import ROOT

MISSING = "00000000-0000-0000-0000-00000000dead"
STRANGER_GETS = {Kind.NEEDS: {303, 401}, Kind.PUBLIC: {200, 302, 303, 404, 405}, Kind.DEMO_ONLY: {200, 303, 404}}


def test_every_route_has_a_guard(app):
    for rule in app.url_map.iter_rules():
        assert guards.policy_of(app, rule.endpoint) is not None, rule.rule


def test_an_app_with_an_unguarded_view_does_not_start():
    app = Flask("x")
    app.add_url_rule("/open", "open", lambda: "")
    with pytest.raises(UnguardedViewError, match="open"):
        guards.refuse_unguarded(app)


def test_a_view_with_two_guards_is_refused():
    with pytest.raises(UnguardedViewError):
        public(needs("person.read")(lambda: ""))


def test_a_misspelt_permission_is_refused_when_the_module_is_read():
    with pytest.raises(KeyError):
        needs("person.reed")


def test_the_printed_map_is_the_map():
    assert (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8") == as_markdown()


def test_every_role_can_be_given_somewhere():
    assert {role for roles in ROLES_OF.values() for role in roles} == set(Role)


def test_templates_ask_for_permissions_that_exist():
    asked = {
        name
        for file in templating.TEMPLATES.rglob("*.html")
        for name in re.findall(r"""\bmay\(["']([^"']+)["']""", file.read_text(encoding="utf-8"))
    }
    assert asked <= set(PERMISSIONS)


def test_no_template_asks_for_a_role():
    for file in templating.TEMPLATES.rglob("*.html"):
        assert not re.search(r"\bme\.role\b", file.read_text(encoding="utf-8")), file


def address(rule):
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda found: "1" if found[1] == "int" else MISSING, rule.rule)


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_each_role_gets_what_the_map_gives_it_and_nothing_else(app, browser, staff, role):
    if role is not None:
        browser.be(staff[role])
    for rule in app.url_map.iter_rules():
        policy = guards.policy_of(app, rule.endpoint)
        if policy.kind is not Kind.NEEDS or "GET" not in rule.methods or rule.endpoint.startswith("security."):
            continue
        status = browser.client.get(address(rule)).status_code
        if role is None:
            assert status in STRANGER_GETS[Kind.NEEDS], rule.rule
        elif not allows(policy.what, role):
            assert status == 403, f"{role} on {rule.rule}: {status}"
        else:
            assert status not in {401, 403, 405, 500}, f"{role} on {rule.rule}: {status}"


@pytest.mark.parametrize("role", [None, *Role], ids=str)
def test_forms_that_change_something_are_refused_to_everybody_else(app, browser, staff, role):
    token = browser.be(staff[role]) and browser.token("/account") if role else browser.token("/login")
    for rule in app.url_map.iter_rules():
        policy = guards.policy_of(app, rule.endpoint)
        if policy.kind is not Kind.NEEDS or "POST" not in rule.methods or rule.endpoint.startswith("security."):
            continue
        if role is not None and allows(policy.what, role):
            continue
        status = browser.client.post(address(rule), data={"csrf_token": token}).status_code
        assert status == (403 if role else 303), f"{role} on {rule.rule}: {status}"


def test_an_expired_session_sends_a_fragment_to_the_sign_in_page_and_not_into_the_page(browser):
    answer = browser.client.get("/account", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/login?next=/account"
