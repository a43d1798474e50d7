"""The report page and its file: definitions beside figures, small counts hidden, nothing of another org."""

from __future__ import annotations

import csv
import io

import pytest

from portal import exports
from referrals import by, progress
from resources_db.models.access import AuditEvent
from resources_db.models.tenants import AppUser
from resources_db.tenancy import Actor, act_as
from resources_db.vocab import ActorKind, ReferralState, Role
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
    ):
        assert words in page.text, words
    assert "style=" not in page.html


def test_the_period_is_in_the_address_and_an_empty_one_says_so(priya, clock):
    page = priya.get("/reports?days=30")
    assert "No referral was sent in this time." in page.text
    assert "12 of 12" in priya.get("/reports?days=365").text
    assert "12 of 12" in priya.get("/reports?days=999999999999").text


def test_the_file_hides_small_counts_and_is_audited(priya, world):
    answer = priya.client.get("/reports.csv?days=90")
    assert answer.mimetype == "text/csv"
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = {(row["measure"], row["days"]): row for row in rows_of(answer)}
    assert (rows["answered", "7"]["numerator"], rows["answered", "7"]["n"]) == ("12", "12")
    assert rows["need_met", "30"]["n"] == "<11"
    assert rows["need_met", "30"]["share"] == ""
    assert rows["closed", "60"]["too_new"] == "12"
    assert [row.detail for row in world.all(AuditEvent, action="export")] == [{"days": 90}]


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
