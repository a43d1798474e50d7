"""An agency answers a question about its listing by text; words about room that ended are asked after once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from messaging import suppression
from referrals import acting, ask_rests, campaign_clock, campaigns, room_checks
from referrals.listing_queue import Chosen
from resources_db import capacity, encryption, freshness
from resources_db.models.messages import Message
from resources_db.models.upkeep import CampaignAsk
from resources_db.tenancy import actor_of
from resources_db.vocab import AskState, CapacityState, FieldGroup, Purpose, SuppressionWhy
from tests.referrals.conftest import World
from tests.referrals.test_agency_texting import PANTRY, text

G = FieldGroup


@pytest.fixture
def asked(ready: World) -> World:
    """Hope Pantry takes texts and is asked about its listing, which nobody has confirmed."""
    contact = ready.cast.food_bank.contact
    contact.phone, contact.email, contact.phone_bix = PANTRY, "", encryption.phone_index(PANTRY)
    ready.cast.food_bank.service.confirmed_at = None
    ready.session.flush()
    return ready


def start(world: World) -> CampaignAsk:
    session = world.as_clock()
    campaign = campaigns.start(session, Chosen(grade="never"), name="x", org_id=world.cast.org.id, now=world.now)
    assert campaign is not None
    for ask_id in campaign_clock.planned(session, now=world.now):
        campaign_clock.take(session, ask_id, now=world.now)
    return session.scalars(select(CampaignAsk).where(CampaignAsk.contact_id == world.cast.food_bank.contact.id)).one()


def grades(world: World) -> dict[FieldGroup, str]:
    pantry = world.cast.food_bank
    found = freshness.of_listing(world.session, pantry.service.id, pantry.location.id, now=world.now)
    return {group: one.grade.value for group, one in found.groups.items()}


def bodies(world: World, *purposes: Purpose) -> list[str]:
    return [one.body for one in world.messages(*purposes)]


def test_one_confirms_phone_and_hours_only_and_is_thanked_with_the_link(asked):
    ask = start(asked)
    assert "Reply 1 all right, 2 something changed." in bodies(asked, Purpose.LISTING_DIGITS)[0]
    assert text(asked, "1")
    found = grades(asked)
    assert (found[G.CONTACT], found[G.HOURS]) == ("fresh", "fresh")
    assert {found[G.PLACE], found[G.WHO_CAN_GO], found[G.WHAT]} == {"never"}
    assert ask.state is AskState.ANSWERED
    assert "/r/" in bodies(asked, Purpose.LISTING_SAVED)[0]


def test_two_sends_the_link_and_confirms_nothing(asked):
    ask = start(asked)
    assert text(asked, "2")
    assert set(grades(asked).values()) == {"never"}
    assert ask.state is AskState.OPENED
    assert len(bodies(asked, Purpose.LISTING_CHANGE)) == 1


def test_the_same_digit_again_is_no_second_answer(asked):
    start(asked)
    assert text(asked, "1")
    assert not text(asked, "1")
    assert len(bodies(asked, Purpose.LISTING_SAVED)) == 1


def test_while_a_referral_waits_for_a_digit_the_question_offers_the_link_only(asked):
    asked.sent()
    start(asked)
    assert bodies(asked, Purpose.LISTING_DIGITS) == []
    (body,) = bodies(asked, Purpose.LISTING_CHECK)
    assert "Reply 1" not in body


def test_a_digit_for_a_newer_referral_is_not_taken_for_a_word_about_the_listing(asked):
    start(asked)
    asked.sent()
    assert text(asked, "1")
    assert set(grades(asked).values()) == {"never"}


def test_after_stop_no_text_goes_out(asked):
    suppression.suppress(asked.session, encryption.phone_index(PANTRY), SuppressionWhy.STOP_WORD, asked.now)
    session = asked.as_clock()
    found = campaigns.preview(session, Chosen(grade="never"), now=asked.now)
    assert [one.why_not for one in found.left_out] == [campaigns.STOPPED]


def full(world: World, until: date | None, said_at=None) -> None:
    pantry = world.cast.food_bank
    capacity.state(
        world.session,
        service_id=pantry.service.id,
        location_id=pantry.location.id,
        state=CapacityState.FULL,
        until=until,
        said_by="agency",
        now=said_at or world.now,
    )


def ask_after(world: World, now) -> int:
    session = world.as_clock()
    before = len(session.scalars(select(Message)).all())
    for statement_id in room_checks.planned(session, now=now):
        room_checks.ask(session, statement_id, now=now)
    return len(session.scalars(select(Message)).all()) - before


def test_full_until_a_day_is_asked_after_once_when_that_day_has_closed(asked):
    full(asked, date(2026, 11, 27))
    close = asked.now.replace(year=2026, month=11, day=28, hour=4, minute=59)  # 11:59 p.m. on the 27th at the place
    assert ask_after(asked, close) == 0
    assert ask_after(asked, close + timedelta(minutes=2)) == 1
    assert ask_after(asked, close + timedelta(days=1)) == 0
    assert len(bodies(asked, Purpose.ROOM_CHECK)) == 1


def test_a_newer_word_is_not_asked_after(asked):
    full(asked, date(2026, 11, 27))
    full(asked, date(2026, 12, 20), asked.now + timedelta(hours=1))
    assert ask_after(asked, asked.now + timedelta(days=8)) == 0


def test_full_without_a_day_is_asked_after_two_weeks(asked):
    full(asked, None)
    assert ask_after(asked, asked.now + timedelta(days=13)) == 0
    assert ask_after(asked, asked.now + timedelta(days=14, minutes=1)) == 1


def test_who_does_not_want_to_be_asked_is_not_asked_about_room(asked):
    full(asked, date(2026, 11, 27))
    ask_rests.rest(asked.session, asked.cast.food_bank.contact.id, until=None, said_by="agency", now=asked.now)
    assert ask_after(asked, asked.now + timedelta(days=6)) == 0


def test_looking_over_all_organizations_ends_with_the_block(asked):
    before = actor_of(asked.session)
    with acting.over_all(asked.session):
        assert actor_of(asked.session).org_id is None
    assert actor_of(asked.session) == before
