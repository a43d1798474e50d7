"""Opening hours against a reference that walks minute by minute: clock nights in many zones, random rules, holidays."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resources_db import holidays
from resources_db.hours import HoursRule, OpenState, half_hour_bits, intervals, open_spans, status_at
from resources_db.hours_rows import columns_of, rules_of
from resources_db.models.directory import Schedule
from resources_db.vocab import ScheduleKind

AUTUMN, SPRING = date(2026, 11, 1), date(2027, 3, 14)  # the nights of the clock change
ZONES = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage",
    "America/Adak", "Pacific/Honolulu", "America/Phoenix", "America/Puerto_Rico", "Pacific/Guam", "America/St_Johns",
)  # fmt: skip
MINUTE = timedelta(minutes=1)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)
patient = settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no defect of the hours


@cache
def clock(zone: str, night: date) -> Mapping[datetime, datetime]:
    """The first moment at which a clock on the wall shows each minute of the days around a night."""
    shown: dict[datetime, datetime] = {}
    moment = datetime.combine(night - timedelta(days=4), time(), UTC)
    for _ in range(9 * 24 * 60):
        shown.setdefault(moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None), moment)
        moment += MINUTE
    return shown


def first_shown(zone: str, night: date, day: date, minutes: int) -> datetime:
    """A minute that the clock leaves out is the one that would have been it."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    shown = clock(zone, night)
    return shown[wall] if wall in shown else shown[wall + timedelta(hours=1)]


def speaks_of(rule: HoursRule, day: date) -> bool:
    return day.weekday() in rule.weekdays and (rule.starts_on is None or rule.starts_on <= day)


def truly_open(rules: list[HoursRule], zone: str, night: date, moment: datetime) -> bool:
    here = moment.astimezone(ZoneInfo(zone)).date()
    return any(
        first_shown(zone, night, day, rule.opens) <= moment < first_shown(zone, night, day, rule.closes)
        for rule in rules
        for day in (here - timedelta(days=1), here)
        if speaks_of(rule, day)
    )


spans = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(lambda pair: (pair[0], pair[0] + pair[1]))
weekly = st.builds(
    lambda span, days: HoursRule(span[0], span[1], weekdays=tuple(sorted(days))),
    spans,
    st.sets(st.integers(0, 6), min_size=1),
)


@patient
@given(
    rules=st.lists(weekly, min_size=1, max_size=4),
    zone=st.sampled_from(ZONES),
    night=st.sampled_from([AUTUMN, SPRING]),
    minute=st.integers(0, 3 * 24 * 60),
)
def test_open_is_what_a_clock_on_the_wall_would_say(
    rules: list[HoursRule], zone: str, night: date, minute: int
) -> None:
    moment = datetime.combine(night - timedelta(days=1), time(), UTC) + minute * MINUTE
    said = status_at(rules, zone, moment).state
    assert said == (OpenState.OPEN if truly_open(rules, zone, night, moment) else OpenState.CLOSED)


@patient
@given(rules=st.lists(weekly, min_size=1, max_size=3), zone=st.sampled_from(ZONES), minute=st.integers(0, 2880))
def test_closing_and_opening_times_are_the_minutes_where_it_turns(
    rules: list[HoursRule], zone: str, minute: int
) -> None:
    moment = datetime.combine(AUTUMN, time(), UTC) + minute * MINUTE
    status = status_at(rules, zone, moment)
    turn = status.until if status.state is OpenState.OPEN else status.opens_at
    if turn is None or turn - moment > timedelta(days=1):
        return
    assert truly_open(rules, zone, AUTUMN, turn) is not truly_open(rules, zone, AUTUMN, turn - MINUTE)
    assert all(
        truly_open(rules, zone, AUTUMN, moment + step * MINUTE) is (status.state is OpenState.OPEN)
        for step in range(0, int((turn - moment) / MINUTE), 7)
    )


@pytest.mark.parametrize("zone", ["America/Phoenix", "America/Puerto_Rico", "Pacific/Honolulu", "Pacific/Guam"])
@pytest.mark.parametrize("night", [AUTUMN, SPRING])
def test_where_no_clock_is_changed_a_night_shelter_is_open_the_same_hours(zone: str, night: date) -> None:
    shelter = HoursRule(20 * 60, 31 * 60, weekdays=EVERY_DAY)
    evening = datetime.combine(night - timedelta(days=1), time(20), ZoneInfo(zone))
    status = status_at([shelter], zone, evening)
    assert (status.state, status.until) == (OpenState.OPEN, (evening + timedelta(hours=11)).astimezone(UTC))


@pytest.mark.parametrize(("night", "hours"), [(AUTUMN, 12), (SPRING, 10)])
def test_where_the_clock_is_changed_the_night_is_an_hour_longer_or_shorter(night: date, hours: int) -> None:
    shelter = HoursRule(20 * 60, 31 * 60, weekdays=EVERY_DAY)
    evening = datetime.combine(night - timedelta(days=1), time(20), ZoneInfo("America/Chicago")).astimezone(UTC)
    assert status_at([shelter], "America/Chicago", evening).until == evening + timedelta(hours=hours)


@given(st.dates(date(1971, 1, 1), date(2100, 12, 31)))
def test_a_federal_holiday_is_never_observed_on_a_weekend_only(day: date) -> None:
    name = holidays.federal_on(day)
    if name and not holidays.falls_on(name, day, observed=False):
        assert day.weekday() in (0, 4)


HOLIDAYS = [
    ("thanksgiving", date(2026, 11, 26)), ("after_thanksgiving", date(2026, 11, 27)), ("mlk", date(2027, 1, 18)),
    ("presidents", date(2027, 2, 15)), ("memorial", date(2026, 5, 25)), ("memorial", date(2027, 5, 31)),
    ("labor", date(2026, 9, 7)), ("columbus", date(2026, 10, 12)), ("easter", date(2027, 3, 28)),
    ("good_friday", date(2026, 4, 3)), ("independence", date(2026, 7, 3)), ("new_year", date(2027, 12, 31)),
    ("christmas", date(2027, 12, 24)), ("veterans", date(2026, 11, 11)), ("juneteenth", date(2027, 6, 18)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "day"), HOLIDAYS)
def test_named_holidays_fall_on_their_day_of_each_year(name: str, day: date) -> None:
    assert holidays.falls_on(name, day)
    assert not holidays.falls_on(name, day + timedelta(days=7))


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("New Year's Eve and New Year’s Day", ("new_year", "new_years_eve")),
        ("the Friday after Thanksgiving", ("after_thanksgiving",)),
        ("Martin Luther King, Jr. Day", ("mlk",)),
        ("4th of July", ("independence",)),
        ("all federal holidays", holidays.FEDERAL),
        ("Good Friday and major holidays", ("new_year", "mlk", "presidents", "good_friday", *holidays.FEDERAL[3:])),
        ("Tuesday", ()),
    ],
)
def test_holidays_are_read_out_of_words(words: str, names: tuple[str, ...]) -> None:
    assert set(holidays.names_in(words)) == set(names)


OFFICE = HoursRule(540, 1020, weekdays=(0, 1, 2, 3, 4))
THANKSGIVING = datetime(2026, 11, 26, 15, tzinfo=UTC)


def test_on_a_holiday_nobody_spoke_of_the_usual_hours_are_not_claimed() -> None:
    status = status_at([OFFICE], "America/New_York", THANKSGIVING)
    assert (status.state, status.holiday) == (OpenState.CALL_FIRST, "thanksgiving")
    evening = status_at([OFFICE], "America/New_York", THANKSGIVING + timedelta(hours=9))
    assert (evening.state, evening.holiday) == (OpenState.CLOSED, "")
    assert all(
        date(2026, 11, 26) != opens.date() for opens, _ in open_spans([OFFICE], "America/New_York", THANKSGIVING)
    )
    assert half_hour_bits([OFFICE], date(2026, 11, 26)) == half_hour_bits(
        [HoursRule(540, 1020, weekdays=(0, 1, 2, 4))], date(2026, 11, 19)
    )


def test_a_door_that_never_closes_is_open_on_a_holiday_too() -> None:
    assert status_at([HoursRule(weekdays=EVERY_DAY)], "America/New_York", THANKSGIVING).state is OpenState.OPEN


def test_other_hours_on_a_holiday_win_and_come_back_every_year() -> None:
    short = HoursRule(540, 660, kind=ScheduleKind.HOLIDAY, holiday="thanksgiving")
    for year in (2026, 2027, 2031):
        day = next(day for day, names in holidays.days(year).items() if "thanksgiving" in names)
        assert intervals([OFFICE, short], day) == [(540, 660)]


def test_a_dated_closure_wins_over_a_holiday_and_a_single_day_over_a_long_break() -> None:
    day = date(2026, 12, 24)
    eve = HoursRule(540, 720, kind=ScheduleKind.HOLIDAY, holiday="christmas_eve")
    shut = HoursRule(kind=ScheduleKind.EXCEPTION, closed=True, valid_from=day, valid_to=day)
    assert intervals([OFFICE, eve], day) == [(540, 720)]
    assert intervals([OFFICE, eve, shut], day) == []
    winter = HoursRule(
        kind=ScheduleKind.EXCEPTION, closed=True, valid_from=date(2026, 12, 20), valid_to=date(2027, 1, 3)
    )
    open_once = HoursRule(600, 660, kind=ScheduleKind.EXCEPTION, valid_from=day, valid_to=day)
    assert intervals([OFFICE, winter, open_once], day) == [(600, 660)]
    assert intervals([OFFICE, winter, open_once], date(2026, 12, 23)) == []


@pytest.mark.bad_input(96)
@pytest.mark.parametrize("day", [date.max, date.min, date(9999, 12, 1)])
def test_the_ends_of_the_calendar_are_days_like_others(day: date) -> None:
    last_friday = HoursRule(600, 720, monthly=((-1, 4),), month_days=())
    assert isinstance(intervals([last_friday, OFFICE], day), list)
    assert holidays.federal_on(date.max) == ""


@patient
@given(rule=weekly, name=st.sampled_from(holidays.NAMES))
def test_rules_and_schedule_rows_say_the_same(rule: HoursRule, name: str) -> None:
    closed = HoursRule(kind=ScheduleKind.HOLIDAY, closed=True, holiday=name)
    rows = [Schedule(**columns_of(one)) for one in (rule, closed)]
    there_and_back = rules_of(rows)
    for day in range(366):
        at = date(2026, 1, 1) + timedelta(days=day)
        assert intervals(there_and_back, at) == intervals([rule, closed], at)
