"""The bar: each role sees its own places, only those that exist, and where it stands."""

import uuid

import pytest
from flask import Flask

from portal import nav
from portal.auth import current
from resources_db.vocab import OrgKind, Role


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask("bar")
    for path in ("/today", "/patients", "/agency", "/search", "/dev/phone", "/curation", "/reports"):
        app.add_url_rule(path, path, lambda: "")
    return app


def person(role: Role) -> current.Member:
    return current.Member(
        user_id=uuid.uuid4(), membership_id=uuid.uuid4(), org_id=uuid.uuid4(), org_kind=OrgKind.CARE,
        org_name="Riverside Care", role=role, name="Dana Cole", email="dana@riverside.example", language="en",
        keys_on=True, grants=frozenset(), demo=True, timezone="America/New_York",
    )  # fmt: skip


def bar(app: Flask, role: Role | None, path: str = "/", here: str = "") -> list[nav.Entry]:
    with app.test_request_context(path):
        current.set_member(person(role) if role else None)
        return nav.entries(here)


def test_a_navigator_sees_people_and_finding_help_first(app: Flask) -> None:
    assert [entry.key for entry in bar(app, Role.NAVIGATOR)] == ["today", "patients", "find"]


def test_an_agency_sees_its_referrals_and_no_patients(app: Flask) -> None:
    assert [entry.key for entry in bar(app, Role.AGENCY_WORKER)] == ["agency", "find"]


def test_a_curator_sees_the_directory_and_the_reports(app: Flask) -> None:
    assert [entry.key for entry in bar(app, Role.CURATOR)] == ["find", "directory", "reports"]


def test_a_stranger_can_find_help(app: Flask) -> None:
    assert [entry.key for entry in bar(app, None)] == ["find"]


def test_a_place_without_a_page_is_left_out(app: Flask) -> None:
    assert "admin" not in {entry.key for entry in bar(app, Role.CARE_ADMIN)}


def test_the_bar_marks_where_the_page_is_or_says_it_is(app: Flask) -> None:
    assert [entry.key for entry in bar(app, Role.NAVIGATOR, "/patients/1/send") if entry.here] == ["patients"]
    assert [entry.key for entry in bar(app, Role.NAVIGATOR, "/patients/1/find", here="find") if entry.here] == ["find"]


def test_a_phone_shows_three_places_and_keeps_the_rest_under_more(app: Flask) -> None:
    shown = bar(app, Role.SUPERVISOR)
    assert [entry.first for entry in shown] == [True, True, True, *[False] * (len(shown) - 3)]
