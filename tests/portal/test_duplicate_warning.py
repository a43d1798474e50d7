"""The warning on the send page: who sent before, why one goes on, and joining instead; without JavaScript."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from referrals import worklist
from referrals.worklist import About
from resources_db.models.referrals import Referral, ReferralEvent, WorklistItem
from resources_db.tenancy import system
from resources_db.vocab import EventKind, ReferralState, WhyCode
from tests import factories
from tests.portal.caseload_world import press_send, release_all, rows, send_form


@pytest.fixture
def kitchen(runtime, world, clock):
    with runtime.database.writing(system()) as session, session.begin():
        made = factories.make_listing(session, now=clock(), name="St. Anne Kitchen", needs=["food_pantry"])
        session.expunge_all()
    return made


@pytest.fixture
def marcus(runtime, world, clock, another):
    """A colleague of Dana's at his own browser."""
    with runtime.database.writing(system()) as session, session.begin():
        user = factories.make_user(
            session, org=world.org, now=clock(), name="Marcus Reed", email="m@x.example", team=world.team
        )
        user.demo = True
        session.flush()
        session.expunge_all()
    browser = another()
    browser.be(user)
    return browser


@pytest.fixture
def sent(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    return rows(runtime, Referral)[0]


def test_the_warning_offers_reasons_with_the_usual_one_chosen_and_keeps_what_was_chosen(
    dana, world, sent, kitchen, runtime
):
    page, form = send_form(dana, world, kitchen)
    assert "One more referral for this need is open: Hope Pantry" in page.text
    assert form.values()["go_on"] == "two_tries"
    dana.post(form.action, {**form.values(), "go_on": "asked_for"})
    notes = [one for one in rows(runtime, ReferralEvent) if one.kind is EventKind.NOTE]
    assert [one.facts["go_on"] for one in notes] == ["asked_for"]


def test_going_on_stands_on_the_rail_with_name_and_reason(dana, world, sent, kitchen, runtime, clock):
    _page, form = send_form(dana, world, kitchen)
    dana.post(form.action, form.values())
    release_all(runtime, clock)
    newest = max(rows(runtime, Referral), key=lambda one: one.created_at)
    page = dana.get(f"/referrals/{newest.id}")
    assert "Dana Cole was warned of a double and went on" in page.text
    assert "Try two places at once" in page.text


def test_a_first_send_asks_no_reason(dana, world):
    page, form = send_form(dana, world)
    assert "Why send all the same?" not in page.text
    assert "go_on" not in form.values()


def test_one_does_not_join_oneself(dana, world, sent, kitchen):
    page, _form = send_form(dana, world, kitchen)
    assert "Join instead" not in page.text


def test_a_colleague_is_named_and_can_be_joined(dana, marcus, world, sent, kitchen, runtime):
    page, form = send_form(marcus, world, kitchen)
    assert "Dana Cole is already helping with this need: Hope Pantry" in page.text
    (button,) = [one for one in page.tree.all("button") if "formaction" in one.attrs]
    joined = marcus.post(button.attrs["formaction"], form.values())
    assert joined.path == f"/referrals/{sent.id}"
    assert "Marcus Reed joined" in joined.text
    assert len(rows(runtime, Referral)) == 1, "nothing was sent"
    with runtime.database.reading(system()) as session:
        item = session.scalars(select(WorklistItem).where(WorklistItem.why == WhyCode.MANUAL)).one()
    assert item.owner_id == world.dana.id
    assert "Marcus Reed also looks after this now" in dana.get("/today").text


def test_what_was_sent_before_is_told_with_its_day_and_sender(dana, marcus, world, sent, runtime):
    with runtime.database.writing(system()) as session, session.begin():
        session.get_one(Referral, sent.id).state = ReferralState.DECLINED
    page, _form = send_form(marcus, world)
    assert "Already referred to Hope Pantry on Nov 23 by Dana Cole." in page.text
    assert "Join instead" not in page.text


def test_an_item_that_a_fact_settled_says_so_on_the_rail(dana, world, sent, runtime, clock):

    with runtime.database.writing(system(world.org.id)) as session, session.begin():
        about = About(
            WhyCode.NO_REPLY,
            world.rosa.id,
            world.org.id,
            referral_id=sent.id,
            facts={"agency": "Hope Pantry", "days": 3},
        )
        worklist.open_item(session, about, due_at=clock(), now=clock())
        worklist.clear(session, referral_id=sent.id, whys=[WhyCode.NO_REPLY], now=clock())
    page = dana.get(f"/referrals/{sent.id}")
    assert "Off the list by itself: No reply from Hope Pantry in 3 days" in page.text
