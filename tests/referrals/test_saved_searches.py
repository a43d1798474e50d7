"""Searches that wait for room: whose they are, what is new, who is told, and what settles it."""

import pytest
from sqlalchemy import select, text

from referrals import saved_searches
from referrals.errors import NotFoundError
from resources_db.models.finding import SavedSearchEvent
from resources_db.tenancy import Actor, act_as, system
from resources_db.vocab import ActorKind, Role, Tier, Visibility, WhyCode
from tests import factories
from tests.referrals.conftest import key_of

QUERY = "q=detox&near=45202"


def save(world, *, watch=True, known=(), patient=True):
    return saved_searches.save(
        world.as_dana(),
        query=QUERY,
        patient_id=world.cast.rosa.id if patient else None,
        watch=watch,
        known=known,
        now=world.now,
    )


def look(world, saved, *places):
    return saved_searches.take_in(
        world.as_clock(), saved.id, with_room=[key_of(place) for place in places], now=world.now
    )


def moves(world, saved):
    events = select(SavedSearchEvent).where(SavedSearchEvent.saved_search_id == saved.id)
    return [event.move.value for event in act_as(world.session, system()).scalars(events.order_by(SavedSearchEvent.at))]


def test_a_place_that_opens_stands_on_the_days_list_of_the_patient(world):
    saved = save(world)
    world.clock.forward(minutes=5)
    assert look(world, saved, world.kitchen) == [str(key_of(world.kitchen))]
    [item] = [item for item in world.items() if item.why is WhyCode.PLACE_OPENED]
    assert (item.patient_id, item.tier) == (world.cast.rosa.id, Tier.TODAY)
    assert item.facts["agency"] == "St. Anne Kitchen"


def test_places_that_had_room_when_it_was_saved_are_no_news(world):
    saved = save(world, known=[key_of(world.kitchen)])
    assert look(world, saved, world.kitchen) == []
    assert world.items() == []


def test_a_place_that_closes_and_opens_again_is_told_again(world):
    saved = save(world, known=[key_of(world.kitchen)])
    look(world, saved)
    assert look(world, saved, world.kitchen) == [str(key_of(world.kitchen))]


def test_news_that_is_gone_before_anybody_looked_is_not_shown_as_new(world):
    saved = save(world, patient=False)
    look(world, saved, world.kitchen)
    look(world, saved, world.cast.food_bank)
    assert saved.fresh == [str(key_of(world.cast.food_bank))]


def test_looking_settles_the_item_and_the_news(world):
    saved = save(world)
    look(world, saved, world.kitchen)
    saved_searches.see(world.as_dana(), saved.id, now=world.now)
    assert (saved.fresh, world.items()) == ([], [])


def test_a_place_nobody_may_see_is_no_news(world):
    saved = save(world)
    world.kitchen.service.visibility = Visibility.STAFF
    world.session.flush()
    assert look(world, saved, world.kitchen) == []


def test_the_same_question_for_the_same_patient_is_kept_once(world):
    first = save(world, watch=False)
    second = save(world)
    assert first.id == second.id
    assert second.watched
    assert save(world, patient=False).id != first.id


def test_a_search_of_somebody_else_is_not_found(world):
    saved = save(world)
    other = factories.make_user(
        world.session, org=world.cast.org, now=world.now, name="Marcus Reed", email="marcus@x.example"
    )
    stranger = act_as(world.session, Actor(ActorKind.USER, world.cast.org.id, other.id, Role.NAVIGATOR))
    with pytest.raises(NotFoundError):
        saved_searches.get(stranger, saved.id)
    assert saved_searches.mine(stranger) == []


def test_removed_ones_are_not_watched_and_can_come_back(world):
    saved = save(world)
    look(world, saved, world.kitchen)
    saved_searches.remove(world.as_dana(), saved.id, now=world.now)
    assert saved_searches.watched(world.as_clock()) == []
    assert look(world, saved, world.cast.food_bank) == []
    assert world.items() == []
    saved_searches.restore(world.as_dana(), saved.id, now=world.now)
    assert [one.query for one in saved_searches.watched(world.as_clock())] == [QUERY]


def test_nobody_waits_for_a_patient_who_left(world):
    save(world)
    world.cast.rosa.closed_at = world.now
    world.session.flush()
    assert saved_searches.watched(world.as_clock()) == []


def test_every_change_is_written_down(world):
    saved = save(world)
    for move in (
        lambda: look(world, saved, world.kitchen),
        lambda: saved_searches.see(world.as_dana(), saved.id, now=world.now),
        lambda: saved_searches.set_watch(world.as_dana(), saved.id, on=False, known=(), now=world.now),
        lambda: saved_searches.remove(world.as_dana(), saved.id, now=world.now),
        lambda: saved_searches.restore(world.as_dana(), saved.id, now=world.now),
    ):
        world.clock.forward(seconds=1)
        move()
    assert sorted(moves(world, saved)) == sorted(
        ["saved", "watched", "opened", "seen", "unwatched", "removed", "restored"]
    )


def test_the_question_is_kept_encrypted(world):
    saved = save(world)
    world.session.flush()
    stored = world.session.execute(text("SELECT query_enc FROM saved_search")).scalar_one()
    assert saved.query == QUERY
    assert b"45202" not in bytes(stored)
