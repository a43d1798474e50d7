"""The report page and its file: definitions beside figures, small counts hidden, nothing of another org."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import exports
from portal.reports.asked import Asked
from referrals import by, progress
from referrals.answers import PatientSays
from resources_db.models.access import AuditEvent
from resources_db.models.referrals import Referral
from resources_db.models.tenants import AppUser
from resources_db.tenancy import Actor, act_as
from resources_db.vocab import ActorKind, PatientWord, ReferralState, Role
from tests import factories
from tests.portal.link_world import send


@pytest.fixture
def world(runtime, app, clock):
    """Twelve referrals of Rosa's, all answered and served at once."""
    sent = send(runtime, app, clock, places=12)

    def serve(session):
        for referral in sent.all(type(sent.referral())):
            act_as(session, Actor(ActorKind.LINK, referral.org_id, label="agency"))
            for to in (ReferralState.ACCEPTED, ReferralState.SERVED):
                progress.move(session, referral.id, to=to, by=by.AGENCY_LINK, key=f"{to}", now=clock())

    def hire(session):
        boss = factories.make_user(
            session, org=sent.cast.org, now=clock(), name="Priya Raman", email="priya@x.example", role=Role.CARE_ADMIN
        )
        boss.demo = True

    sent.change(serve)
    sent.change(hire)
    clock.forward(days=31)
    return sent


@pytest.fixture
def priya(browser, world):
    browser.be(world.one(AppUser, name="Priya Raman"))
    return browser


def say_more(session, world, now):
    """Rosa says of all twelve that she got help."""
    act_as(session, Actor(ActorKind.LINK, world.cast.org.id, label="patient"))
    batch = world.referral().batch_id
    for referral in session.scalars(select(Referral)):
        told = PatientSays(PatientWord.GOT_HELP, referral_id=referral.id)
        progress.answer(session, batch, says=told, by=by.PATIENT_LINK, key=f"r{referral.id}", now=now)


NONSENSE = (
    "from=x&to=2026-13",
    "from=9999-01&to=0000-00",
    "as_of=yesterday",
    "as_of=0001-01-01T00:00:00%2B00:00",
    "as_of=9999-12-31T23:59:59-12:00",
    "only=zip:45202",
    "only=language:",
    "measure=all&by=name",
    "from=٢٠٢٦-٠١",
    "days=30",
)


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_each_figure_stands_with_its_n_its_interval_and_its_definition(priya):
    page = priya.get("/reports")
    assert page.h1 == "Did people get help?"
    for words in (
        "100%",
        "12 of 12",
        "95% sure it is between",
        "Opening the link does not count.",
        "Nothing to count yet",
        "12 referrals are too new to count.",
    ):
        assert words in page.text, words
    assert "style=" not in page.html


@pytest.mark.bad_input(99)
def test_an_address_that_asks_nonsense_gets_the_usual_report(priya):
    for words in NONSENSE:
        assert "12 of 12" in priya.get(f"/reports?{words}").text, words
        assert priya.get(f"/reports/groups?{words}").status == 200, words


def test_the_months_are_in_the_address_and_empty_ones_say_so(priya, clock):
    sent = clock() - timedelta(days=31)
    empty = priya.get(f"/reports?from={sent.year - 1}-01&to={sent.year - 1}-02")
    assert "No referral was sent in this time." in empty.text
    assert "12 of 12" in priya.get(f"/reports?from={sent:%Y-%m}&to={sent:%Y-%m}").text


def test_the_months_before_are_as_many_and_end_where_these_begin():
    asked = Asked(date(2026, 1, 1), date(2026, 3, 1), datetime(2026, 4, 2, tzinfo=UTC), "America/New_York")
    assert asked.before.since == datetime(2025, 10, 1, 4, tzinfo=UTC)
    assert asked.before.until == asked.period.since == datetime(2026, 1, 1, 5, tzinfo=UTC)
    assert asked.period.until == datetime(2026, 4, 1, 4, tzinfo=UTC)


def test_the_file_is_audited_with_its_moment_and_gives_the_same_again(priya, world, clock):
    link = priya.get("/reports").links()["CSV"]
    first = priya.client.get(link)
    assert first.mimetype == "text/csv"
    assert first.data.startswith(b"\xef\xbb\xbf")
    rows = {(row["figure"], row["part"]): row for row in rows_of(first)}
    assert (rows["answered_7", ""]["count"], rows["answered_7", ""]["of"]) == ("12", "12")
    assert rows["met_30", ""]["count"] == "<11"
    assert rows["met_30", ""]["percent"] == ""
    assert rows["closed_60", ""]["too_new"] == "12"
    (detail,) = [row.detail for row in world.all(AuditEvent, action="export")]
    assert detail["as_of"] == rows["served", ""]["as_of"] == clock().isoformat()
    clock.forward(minutes=5)
    world.change(lambda session: say_more(session, world, clock()))
    assert rows_of(priya.client.get("/reports.csv")) != rows_of(first)
    assert priya.client.get(link).data == first.data


def test_another_org_sees_nothing_of_it(app, another, staff, world):
    stranger = another()
    stranger.be(staff.stranger)
    assert "No referral was sent in this time." in stranger.get("/reports").text


@pytest.mark.bad_input(99)
@pytest.mark.parametrize(
    "text", ['=HYPERLINK("x")', " =1", "+15135550148", "-1", "@A1", "\t=1", "＝1", "\u00a0=1", "|cmd"]
)
def test_no_text_of_a_file_becomes_a_formula(text):
    assert exports.harmless(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["Rosa", "", "a=b", -3, 0.5, None])
def test_harmless_cells_and_numbers_stay_as_they_are(cell):
    assert exports.harmless(cell) == cell


@pytest.mark.parametrize(
    ("role", "leads_to"), [(Role.AGENCY_ADMIN, "/agency/figures"), (Role.DIRECTORY_ADMIN, "/reports/gaps")]
)
def test_who_sends_nobody_is_led_to_their_own_figures(browser, staff, role, leads_to):
    browser.be(staff[role])
    assert browser.client.get("/reports").headers["Location"] == leads_to
    browser.get(leads_to)
