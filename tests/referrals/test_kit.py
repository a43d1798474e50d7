"""The way home from hospital: the clock of two business days, and check-ins that never crowd one day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from i18n import formatting
from referrals import answers, bundle_use, bundles, by, check_ins, daily, follow_up, kit, texting
from referrals.answers import PatientSays
from referrals.bundle_use import Use
from referrals.errors import BadInputError
from resources_db.models.messages import Message
from resources_db.models.people import ContactAttempt
from resources_db.vocab import Channel, ContactResult, PatientWord, WhyCode
from tests import factories
from tests.referrals.conftest import World, key_of

KEY = "form-key-of-a-kit-0001"
MONDAY = date(2026, 11, 23)
ZONE = "America/New_York"
days = st.dates(date(2026, 1, 1), date(2026, 3, 1))


@given(wished=st.lists(days, max_size=8), taken=st.sets(days, max_size=40), first=days)
def test_check_ins_never_fall_on_one_day_nor_on_a_taken_one_nor_too_early(
    wished: list[date], taken: set[date], first: date
) -> None:
    found = kit.spread(wished, taken, first=first)
    assert len(set(found)) == len(found)
    assert list(found) == sorted(found)
    assert not set(found) & taken
    assert all(day >= first for day in found)
    ahead = {day for day in wished if day >= first}
    assert len(found) == len(ahead) + bool(set(wished) - ahead)
    assert all(any(free >= day for free in found) for day in ahead)


@given(wished=st.sets(days, max_size=8))
def test_days_that_are_free_are_kept_as_wished(wished: set[date]) -> None:
    assert kit.spread(wished, (), first=date(2026, 1, 1)) == tuple(sorted(wished))


def test_two_business_days_skip_the_weekend_and_a_holiday() -> None:
    assert kit.day_of("2bd", date(2026, 11, 25)) == date(2026, 11, 30)  # Thanksgiving, then a weekend
    assert kit.day_of("7d", MONDAY) == date(2026, 11, 30)


def use_kit(world: World, came_home: date | None = MONDAY, key: str = KEY) -> bundle_use.Used:
    found = next(one for one in bundles.of_org(world.as_dana()) if one.discharge)
    meals = factories.make_listing(world.session, now=world.now, name="Meals Home", needs=["home_delivered_meals"])
    places = {"home_delivered_meals": key_of(meals), "medical_ride": None}
    wanted = Use(found.id, found.version, places, came_home=came_home)
    return bundle_use.use(world.as_dana(), world.cast.rosa.id, wanted, form_key=key, now=world.now)


@pytest.fixture
def home(ready: World) -> World:
    """Rosa came home today; the kit was sent and has left."""
    used = use_kit(ready)
    assert used.batch is not None
    ready.release(used.batch)
    ready.as_dana()
    return ready


def planned_days(world: World) -> list[date]:
    return [formatting.local(one.due_at, ZONE).date() for one in check_ins.planned(world.session, world.cast.rosa.id)]


def contact(world: World, result: ContactResult) -> None:
    world.as_dana().add(
        ContactAttempt(
            org_id=world.cast.org.id,
            patient_id=world.cast.rosa.id,
            channel=Channel.PHONE,
            result=result,
            at=world.now,
            created_at=world.now,
        )
    )
    world.session.flush()


def clock_item(world: World) -> list[dict[str, object]]:
    return [item.facts for item in world.items() if item.why is WhyCode.HOME_FROM_HOSPITAL]


def test_the_kit_asks_at_two_business_days_a_week_two_weeks_and_a_month_and_not_at_day_3_and_10(home: World) -> None:
    assert planned_days(home) == [date(2026, 11, 25), date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 23)]


def test_the_clock_starts_at_once_and_is_due_in_two_business_days(home: World) -> None:
    [item] = [one for one in home.items() if one.why is WhyCode.HOME_FROM_HOSPITAL]
    assert formatting.local(item.due_at, ZONE).date() == date(2026, 11, 25)
    assert item.facts["tried"] == 0


def test_tries_are_counted_by_days_and_a_talk_ends_the_clock(home: World) -> None:
    contact(home, ContactResult.NO_ANSWER)
    contact(home, ContactResult.LEFT_MESSAGE)
    daily.look(home.as_clock(), now=home.now)
    assert [facts["tried"] for facts in clock_item(home)] == [1]
    home.clock.forward(days=1)
    contact(home, ContactResult.NO_ANSWER)
    daily.look(home.as_clock(), now=home.now)
    assert [facts["tried"] for facts in clock_item(home)] == [2]
    contact(home, ContactResult.REACHED)
    daily.look(home.as_clock(), now=home.now)
    assert clock_item(home) == []


def test_an_answer_of_the_patient_is_a_talk_too_and_stops_the_check_ins(home: World) -> None:
    home.clock.forward(hours=1)
    batch_id = next(iter(check_ins.sends(home.session, home.cast.rosa.id))).id
    says = PatientSays(PatientWord.GOT_HELP, language="es")
    answers.store(home.session, batch_id, says=says, by=by.PATIENT_LINK, key="a" * 20, now=home.now)
    daily.look(home.as_clock(), now=home.now)
    assert clock_item(home) == []
    home.clock.forward(days=3)
    assert "asked" not in follow_up.run_due(home.as_clock(), now=home.now)


def test_a_check_in_asks_with_digits_in_the_patients_language(home: World) -> None:
    home.clock.forward(days=2, hours=3)
    follow_up.run_due(home.as_clock(), now=home.now)
    [nudge] = home.messages("nudge")
    assert nudge.lang == "es"
    assert "1" in nudge.body
    assert "2" in nudge.body


def test_a_check_in_waits_for_a_day_without_another_text(home: World) -> None:
    home.clock.forward(days=2, hours=1)
    home.as_dana()
    other = Message(
        org_id=home.cast.org.id,
        channel="sms",
        token="t" * 20,
        to=home.cast.rosa.phone,
        to_bix=home.cast.rosa.phone_bix,
        body="Hola",
        lang="es",
        purpose="news",
        subject_kind="send_batch",
        subject_id=next(iter(check_ins.sends(home.session, home.cast.rosa.id))).id,
        created_at=home.now,
        due_at=home.now,
        dedupe_key="another",
    )
    home.session.add(other)
    home.session.flush()
    home.clock.forward(hours=2)
    assert follow_up.run_due(home.as_clock(), now=home.now)["moved"] == 1
    home.as_dana()
    assert planned_days(home)[0] == date(2026, 11, 26)
    home.clock.forward(days=1)
    assert follow_up.run_due(home.as_clock(), now=home.now)["asked"] == 1


def test_a_check_in_that_cannot_be_texted_becomes_a_call(home: World) -> None:
    texting.withdraw(home.as_dana(), patient_id=home.cast.rosa.id, how="staff", now=home.now)
    home.clock.forward(days=2, hours=3)
    follow_up.run_due(home.as_clock(), now=home.now)
    assert WhyCode.CONTACT_DUE.value in home.whys()


@pytest.mark.parametrize("day", [date(2026, 9, 1), date(2027, 1, 15)])
def test_a_day_far_away_is_no_way_home(ready: World, day: date) -> None:
    with pytest.raises(BadInputError):
        kit.came_home(ready.as_dana(), ready.cast.rosa.id, day, now=ready.now)


def test_a_discharge_planned_for_later_starts_the_clock_on_its_day(ready: World) -> None:
    kit.came_home(ready.as_dana(), ready.cast.rosa.id, MONDAY + timedelta(days=3), now=ready.now)
    assert clock_item(ready) == []
    ready.clock.forward(days=4)
    daily.look(ready.as_clock(), now=ready.now)
    assert len(clock_item(ready)) == 1


def test_the_kit_needs_the_day_of_the_way_home(ready: World) -> None:
    with pytest.raises(BadInputError):
        use_kit(ready, came_home=None)


def test_a_hand_planned_check_in_keeps_its_day_when_the_kit_comes_later(home: World) -> None:
    batch_id = next(iter(check_ins.sends(home.session, home.cast.rosa.id))).id
    check_ins.plan(home.session, patient_id=home.cast.rosa.id, batch_id=batch_id, day=date(2026, 12, 1), now=home.now)
    taken = kit.taken_days(home.session, home.cast.rosa.id, ZONE)
    assert kit.spread([date(2026, 12, 1)], taken, first=MONDAY) == (date(2026, 12, 2),)
