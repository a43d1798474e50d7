"""What the index says of opening hours is what the hours say: at any minute, at a chosen wall time, on clock nights."""

import random
import uuid
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from resources_db import hours
from resources_db.hours import HoursRule, OpenState
from resources_db.listing_key import ListingKey
from resources_db.repositories.listing import Listing
from resources_db.vocab import (
    Confidentiality,
    CostKind,
    GeocodeQuality,
    ScheduleKind,
    ServiceStatus,
    Visibility,
)
from search.answer import Relax, Why
from search.criteria import OPEN_AT_DAYS, OpenWhen, Sort
from search.rows import from_listing, minute
from tests.search.kit import ask, plain, row

AUTUMN = datetime(2026, 10, 29, 14, 30, tzinfo=UTC)  # the clock goes back on November 1
SPRING = datetime(2027, 3, 11, 18, 5, tzinfo=UTC)  # and forward on March 14
ZONES = ("America/New_York", "America/Phoenix", "America/Los_Angeles", "Pacific/Honolulu", "America/St_Johns")
MINUTE = timedelta(minutes=1)


def listing(number, rules, zone, **more):
    """A listing about which nothing is known but its hours."""
    id_ = uuid.UUID(int=number)
    known = {
        "key": ListingKey(id_), "service_id": id_, "organization_id": id_, "name": f"Place {number}",
        "geocode_quality": GeocodeQuality.NONE, "timezone": zone, "rules": tuple(rules), "cost_kind": CostKind.UNKNOWN,
        "confidentiality": Confidentiality.PUBLIC, "visibility": Visibility.PUBLIC, "status": ServiceStatus.ACTIVE,
        "needs": ("food_pantry",), "edited_at": AUTUMN, "version": 1, **more,
    }  # fmt: skip
    for one in fields(Listing):
        if one.name not in known and one.default is one.default_factory is MISSING:
            known[one.name] = "" if one.type is str else () if str(one.type).startswith("tuple") else None
    return Listing(**{**known, "call_first": False, "sensitive": False})


def made_up(seed, now, size=40):
    chance = random.Random(seed)
    return [
        listing(number, [_rule(chance, now) for _ in range(chance.randint(1, 3))], chance.choice(ZONES), edited_at=now)
        for number in range(1, size)
    ]


def _rule(chance, now):
    opens = chance.choice([0, 60, 90, 150, 9 * 60, 17 * 60, 22 * 60, chance.randint(0, 1439)])
    closes = chance.choice([opens + 60, opens + 45, 1440, 1440 + 90, 1440 + 150, opens + 700])
    closes = min(max(closes, opens + 15), opens + 1440)
    special = chance.random() < 0.2
    day = (now + timedelta(days=chance.randint(-1, 8))).date()
    return HoursRule(
        opens=opens,
        closes=closes,
        weekdays=() if special else tuple(chance.sample(range(7), chance.randint(1, 7))),
        kind=ScheduleKind.HOLIDAY if special else ScheduleKind.REGULAR,
        closed=special and chance.random() < 0.6,
        valid_from=day if special else None,
        valid_to=day if special else None,
        monthly=((1, chance.randint(0, 6)),) if not special and chance.random() < 0.2 else (),
        every=1,
        starts_on=date(2026, 1, 5),
    )


def open_ones(answer):
    """Numbers of the listings that passed the filter."""
    passed = [hit for hit in answer.hits if Why.MISSES not in {reason.code for reason in hit.why}]
    assert len(passed) == answer.strict_total
    return {hit.key.service_id.int for hit in passed}


def truly_open(listings, moment):
    return {one.service_id.int for one in listings if one.open_status(moment).state is OpenState.OPEN}


def indexed(listings, now):
    return plain([from_listing(one, now) for one in listings])


@pytest.mark.parametrize("now", [AUTUMN, SPRING], ids=["autumn", "spring"])
@pytest.mark.parametrize("seed", range(3))
def test_open_now_is_what_the_hours_say_at_any_minute_of_the_week(seed, now):
    listings = made_up(seed, now)
    snapshot, chance = indexed(listings, now), random.Random(seed)
    for _ in range(60):
        moment = now + chance.randint(0, 7 * 24 * 60) * MINUTE
        asked = ask(snapshot, now=moment, needs=("food_pantry",), open_when=OpenWhen.NOW, limit=100)
        assert open_ones(asked) == truly_open(listings, moment)


def moments_of(wall, zone):
    """Every moment at which a clock of the zone shows this; none on the night it is left out."""
    shown = {wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return {moment for moment in shown if moment.astimezone(zone).replace(tzinfo=None) == wall}


@pytest.mark.parametrize(
    "wall",
    [
        "2026-10-30T10:00", "2026-10-31T23:59", "2026-11-01T00:00", "2026-11-01T01:00", "2026-11-01T01:30",
        "2026-11-01T01:59", "2026-11-01T02:00", "2026-11-04T17:15",
    ],
)  # fmt: skip
def test_open_at_a_wall_time_is_asked_of_each_places_own_clock(wall):
    wall = datetime.fromisoformat(wall)
    listings = made_up(7, AUTUMN)
    asked = ask(indexed(listings, AUTUMN), now=AUTUMN, needs=("food_pantry",), open_at=wall, limit=100)
    expected = {
        one.service_id.int
        for one in listings
        if all(one.open_status(at).state is OpenState.OPEN for at in moments_of(wall, ZoneInfo(one.timezone)))
    }
    assert open_ones(asked) == expected != set()


def test_a_time_the_clock_leaves_out_is_read_an_hour_later():
    night = [listing(1, [HoursRule(180, 240, weekdays=tuple(range(7)))], "America/New_York", edited_at=SPRING)]
    answer = ask(
        indexed(night, SPRING), now=SPRING, needs=("food_pantry",), open_at=datetime.fromisoformat("2027-03-14T02:30")
    )
    assert answer.strict_total == 1


def test_a_place_that_closes_in_the_doubled_hour_is_not_surely_open_in_it():
    night = [listing(1, [HoursRule(22 * 60, 24 * 60 + 105, weekdays=tuple(range(7)))], "America/New_York")]
    asked = {
        wall: ask(
            indexed(night, AUTUMN), now=AUTUMN, needs=("food_pantry",), open_at=datetime.fromisoformat(wall)
        ).strict_total
        for wall in ("2026-11-01T00:30", "2026-11-01T01:30", "2026-11-02T01:30")
    }
    assert asked == {"2026-11-01T00:30": 1, "2026-11-01T01:30": 0, "2026-11-02T01:30": 1}


def test_a_chosen_time_is_a_reason_and_holidays_count():
    christmas = HoursRule(
        kind=ScheduleKind.HOLIDAY, closed=True, valid_from=date(2026, 11, 3), valid_to=date(2026, 11, 3)
    )
    daily = HoursRule(9 * 60, 17 * 60, weekdays=tuple(range(7)))
    snapshot = indexed([listing(1, [daily, christmas], "America/New_York")], AUTUMN)
    wall = datetime.fromisoformat("2026-11-02T10:00")
    hit = ask(snapshot, now=AUTUMN, needs=("food_pantry",), open_at=wall).hits[0]
    assert [one.facts["at"] for one in hit.why if one.code is Why.OPEN_THEN] == [wall]
    assert ask(snapshot, now=AUTUMN, needs=("food_pantry",), open_at=wall + timedelta(days=1)).strict_total == 0


@pytest.mark.parametrize("days", [-3, OPEN_AT_DAYS + 5, 4000])
def test_beyond_the_days_we_know_it_is_said_how_far_we_know(days):
    daily = [listing(1, [HoursRule(weekdays=tuple(range(7)))], "America/New_York")]
    wall = (AUTUMN + timedelta(days=days)).replace(tzinfo=None, second=0)
    answer = ask(indexed(daily, AUTUMN), now=AUTUMN, needs=("food_pantry",), open_at=wall)
    told = [one.facts.get("days") for one in answer.relaxed if one.step is Relax.WITHOUT_OPEN]
    assert told in ([OPEN_AT_DAYS], [])
    assert bool(told) is (answer.strict_total == 0)


def test_a_few_open_at_a_known_time_are_told_without_a_horizon():
    daily = [listing(1, [HoursRule(0, 60, weekdays=tuple(range(7)))], "America/New_York")]
    wall = datetime.fromisoformat("2026-10-30T10:00")
    answer = ask(indexed(daily, AUTUMN), now=AUTUMN, needs=("food_pantry",), open_at=wall)
    assert [(one.step, one.facts) for one in answer.relaxed] == [(Relax.WITHOUT_OPEN, {"added": 1})]


def test_who_never_closes_is_open_without_an_end():
    always = [listing(1, [HoursRule(weekdays=tuple(range(7)))], "America/New_York")]
    for later in (0, 7):
        moment = AUTUMN + timedelta(days=later)
        hit = ask(indexed(always, AUTUMN), now=moment, needs=("food_pantry",)).hits[0]
        assert (hit.open.state, hit.open.until) == (OpenState.OPEN, None)
        assert [one.facts for one in hit.why if one.code is Why.OPEN_NOW] == [{}]


def test_hours_that_grow_too_old_are_not_claimed_from_that_day_on():
    old = AUTUMN - hours.STALE + timedelta(days=2)
    daily = [listing(1, [HoursRule(weekdays=tuple(range(7)))], "America/New_York", edited_at=old)]
    snapshot = indexed(daily, AUTUMN)
    for later in (timedelta(days=1), timedelta(days=2), timedelta(days=2, minutes=1), timedelta(days=3)):
        asked = ask(snapshot, now=AUTUMN + later, needs=("food_pantry",), open_when=OpenWhen.NOW)
        assert open_ones(asked) == truly_open(daily, AUTUMN + later)


def windows(when, now, zone):
    """Every minute that counts as "then", told by the clock on the wall."""
    today = now.astimezone(zone).date()
    for step in range(9 * 24 * 60):
        moment = now + step * MINUTE
        wall = moment.astimezone(zone)
        tonight = wall.date() == today and (wall.hour >= 17 or (now.astimezone(zone).hour < 4 and wall.hour < 4))
        first_such_day = wall.date() - today < timedelta(days=7)
        if (
            (when is OpenWhen.TODAY and wall.date() == today)
            or (when is OpenWhen.TONIGHT and tonight and (now.astimezone(zone).hour >= 4 or wall.hour < 4))
            or (when is OpenWhen.SUN and first_such_day and wall.weekday() == 6)
            or (when is OpenWhen.WEEKEND and first_such_day and wall.weekday() >= 5 and _this_weekend(today, wall))
        ):
            yield moment


def _this_weekend(today, wall):
    return today.weekday() != 6 or wall.date() == today


@pytest.mark.parametrize("when", [OpenWhen.TODAY, OpenWhen.TONIGHT, OpenWhen.SUN, OpenWhen.WEEKEND])
@pytest.mark.parametrize("now", [AUTUMN, AUTUMN.replace(hour=6, minute=10), datetime(2026, 11, 1, 6, 20, tzinfo=UTC)])
def test_days_and_evenings_are_those_of_the_places_own_clock(when, now):
    listings = made_up(3, now, size=16)
    expected = set()
    for one in listings:
        zone = ZoneInfo(one.timezone)
        spans = hours.open_spans(one.rules, one.timezone, now)
        if any(opens <= moment < closes for moment in windows(when, now, zone) for opens, closes in spans):
            expected.add(one.service_id.int)
    asked = ask(indexed(listings, now), now=now, needs=("food_pantry",), open_when=when, limit=100)
    assert open_ones(asked) == expected


def test_soonest_is_open_now_the_longest_then_the_next_to_open_then_who_does_not_say():
    def at(number, name, opens, closes):
        span = (minute(AUTUMN) + opens, minute(AUTUMN) + closes)
        return row(number, name, "food_pantry", open_state=OpenState.CLOSED, spans=(span,))

    rows = [
        row(1, "Nobody knows", "food_pantry"),
        row(2, "Call first", "food_pantry", open_state=OpenState.CALL_FIRST),
        at(3, "Opens tomorrow", 1500, 1600),
        row(4, "Closed for long", "food_pantry", open_state=OpenState.CLOSED),
        at(5, "Closes soon", -60, 20),
        at(6, "Opens in an hour", 60, 90),
        at(7, "Open till night", -10, 600),
    ]
    answer = ask(plain(rows), now=AUTUMN, needs=("food_pantry",), sort=Sort.SOONEST)
    by_key = {one.key: one.name for one in rows}
    assert [by_key[str(hit.key)] for hit in answer.hits] == [
        "Open till night",
        "Closes soon",
        "Opens in an hour",
        "Opens tomorrow",
        "Closed for long",
        "Call first",
        "Nobody knows",
    ]
    unsure = {by_key[str(hit.key)] for hit in answer.hits if Why.NO_HOURS in {reason.code for reason in hit.why}}
    assert unsure == {"Call first", "Nobody knows"}
    usual = ask(plain(rows), now=AUTUMN, needs=("food_pantry",))
    assert not any(reason.code is Why.NO_HOURS for hit in usual.hits for reason in hit.why)


def test_a_notice_with_dates_is_a_hole_in_the_hours():
    told = {"alert": "The roof leaks.", "alert_from": date(2026, 11, 2), "alert_until": date(2026, 11, 3)}
    daily = [listing(1, [HoursRule(weekdays=tuple(range(7)))], "America/New_York", **told)]
    snapshot = indexed(daily, AUTUMN)
    found = set()
    for hours_later in range(0, 9 * 24, 3):
        moment = AUTUMN + timedelta(hours=hours_later)
        asked = ask(snapshot, now=moment, needs=("food_pantry",), open_when=OpenWhen.NOW)
        assert open_ones(asked) == truly_open(daily, moment)
        found.add(asked.strict_total)
    assert found == {0, 1}


def test_a_holiday_is_not_open_and_the_days_around_it_are():
    daily = [listing(1, [HoursRule(9 * 60, 17 * 60, weekdays=tuple(range(7)))], "America/New_York")]
    on_the_day = datetime(2026, 11, 11, 15, tzinfo=UTC)  # Veterans Day
    for made_at in (AUTUMN, on_the_day):  # an index made on the day itself is not blind on the next
        snapshot = indexed(daily, made_at)
        for days, is_open in ((0, 0), (1, 1)):
            moment = on_the_day + timedelta(days=days)
            asked = ask(snapshot, now=moment, needs=("food_pantry",), open_when=OpenWhen.NOW)
            assert (asked.strict_total, open_ones(asked)) == (is_open, truly_open(daily, moment))


def test_hours_nobody_is_sure_of_promise_nothing():
    sure = HoursRule(9 * 60, 17 * 60, weekdays=tuple(range(7)))
    unsure = HoursRule(9 * 60, 17 * 60, weekdays=tuple(range(7)), confidence=0.85)
    assert listing(1, [sure], "America/New_York").sure_spans(AUTUMN)
    assert listing(1, [sure, unsure], "America/New_York").sure_spans(AUTUMN) == []
    assert listing(1, [sure], "America/New_York", alert="Call before you come.").sure_spans(AUTUMN) == []
    assert listing(1, [sure], "America/New_York").sure_spans(AUTUMN + hours.STALE + MINUTE) == []
