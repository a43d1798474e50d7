"""Open now, next opening and the half-hour bits, in the place's own time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from resources_db.hours import HoursRule, OpenState, half_hour_bits, intervals, status_at
from resources_db.vocab import ScheduleKind

ZONE = "America/New_York"
WEEKDAYS = (0, 1, 2, 3, 4)
OFFICE = HoursRule(9 * 60, 17 * 60, weekdays=WEEKDAYS)


def local(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


def test_a_place_is_open_until_its_closing_time() -> None:
    status = status_at([OFFICE], ZONE, local(2026, 11, 23, 10))
    assert (status.state, status.until) == (OpenState.OPEN, local(2026, 11, 23, 17))


def test_a_closed_place_says_when_it_opens_next() -> None:
    status = status_at([OFFICE], ZONE, local(2026, 11, 20, 17))  # Friday, the closing minute itself
    assert (status.state, status.opens_at) == (OpenState.CLOSED, local(2026, 11, 23, 9))


def test_a_lunch_break_is_closed() -> None:
    rules = [HoursRule(540, 720, weekdays=(0,)), HoursRule(780, 1020, weekdays=(0,))]
    status = status_at(rules, ZONE, local(2026, 11, 23, 12, 30))
    assert (status.state, status.opens_at) == (OpenState.CLOSED, local(2026, 11, 23, 13))


def test_a_night_shelter_is_open_after_midnight() -> None:
    night = HoursRule(20 * 60, 31 * 60, weekdays=(6,))
    status = status_at([night], ZONE, local(2026, 11, 23, 3))  # Monday, opened on Sunday evening
    assert (status.state, status.until) == (OpenState.OPEN, local(2026, 11, 23, 7))


def test_a_place_that_never_closes_has_no_closing_time() -> None:
    always = HoursRule(weekdays=(0, 1, 2, 3, 4, 5, 6))
    assert status_at([always], ZONE, local(2026, 11, 23, 3)).until is None


def test_third_tuesday_is_found_weeks_ahead() -> None:
    pantry = HoursRule(600, 720, monthly=((3, 1),))
    status = status_at([pantry], ZONE, local(2026, 11, 22, 9))
    assert status.opens_at == local(2026, 12, 15, 10)


def test_last_friday_and_days_of_the_month() -> None:
    assert intervals([HoursRule(600, 720, monthly=((-1, 4),))], date(2026, 11, 27)) == [(600, 720)]
    assert intervals([HoursRule(600, 720, monthly=((-1, 4),))], date(2026, 11, 20)) == []
    assert intervals([HoursRule(600, 720, month_days=(1, -1))], date(2026, 11, 30)) == [(600, 720)]


def test_every_second_week_counts_from_its_start() -> None:
    rule = HoursRule(600, 720, weekdays=(0,), every=2, starts_on=date(2026, 11, 2))
    open_days = [day for day in range(1, 31) if intervals([rule], date(2026, 11, day))]
    assert open_days == [2, 16, 30]


def test_a_holiday_wins_over_the_regular_hours() -> None:
    holiday = HoursRule(
        kind=ScheduleKind.HOLIDAY, closed=True, valid_from=date(2026, 11, 26), valid_to=date(2026, 11, 27)
    )
    status = status_at([OFFICE, holiday], ZONE, local(2026, 11, 26, 10))
    assert (status.state, status.opens_at) == (OpenState.CLOSED, local(2026, 11, 30, 9))


def test_an_exception_may_give_other_hours() -> None:
    short = HoursRule(540, 660, kind=ScheduleKind.EXCEPTION, valid_from=date(2026, 11, 25), valid_to=date(2026, 11, 25))
    assert intervals([OFFICE, short], date(2026, 11, 25)) == [(540, 660)]


@pytest.mark.parametrize(
    ("rules", "facts", "expected"),
    [
        ([], {}, OpenState.UNKNOWN),
        ([], {"call_first": True}, OpenState.CALL_FIRST),
        ([HoursRule(540, 1020, weekdays=WEEKDAYS, confidence=0.8)], {}, OpenState.CALL_FIRST),
        ([OFFICE], {"alert": True}, OpenState.CALL_FIRST),
        ([OFFICE], {"active": False}, OpenState.CLOSED),
    ],
)
def test_open_is_never_claimed_without_good_ground(
    rules: list[HoursRule], facts: dict[str, bool], expected: OpenState
) -> None:
    assert status_at(rules, ZONE, local(2026, 11, 23, 10), **facts).state == expected


def test_hours_checked_more_than_a_year_ago_mean_call_first() -> None:
    now = local(2026, 11, 23, 10)
    assert status_at([OFFICE], ZONE, now, as_of=now - timedelta(days=366)).state == OpenState.CALL_FIRST
    assert status_at([OFFICE], ZONE, now, as_of=now - timedelta(days=365)).state == OpenState.OPEN


def test_an_opening_time_skipped_by_the_clock_change_moves_forward() -> None:
    early = HoursRule(150, 600, weekdays=(6,))  # 2:30 on the night of 14 March 2027 does not exist
    status = status_at([early], ZONE, local(2027, 3, 14, 1, 0))
    assert status.opens_at == local(2027, 3, 14, 3, 30)


def test_a_doubled_hour_counts_once() -> None:
    night = HoursRule(0, 120, weekdays=(6,))  # 1 November 2026: 1:00 to 2:00 happens twice
    second_half_past_one = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert status_at([night], ZONE, second_half_past_one).until == datetime(2026, 11, 1, 7, tzinfo=UTC)


def test_half_hour_bits_cover_whole_half_hours_of_the_week() -> None:
    bits = half_hour_bits([HoursRule(9 * 60 + 15, 10 * 60 + 45, weekdays=(0,))], date(2026, 11, 25))
    assert [i for i in range(336) if bits >> i & 1] == [19, 20]


def test_half_hour_bits_carry_a_sunday_night_into_monday() -> None:
    bits = half_hour_bits([HoursRule(23 * 60, 25 * 60, weekdays=(6,))], date(2026, 11, 25))
    assert [i for i in range(336) if bits >> i & 1] == [0, 1, 334, 335]


def test_doubtful_rules_set_no_bits() -> None:
    assert half_hour_bits([HoursRule(540, 1020, weekdays=WEEKDAYS, confidence=0.5)], date(2026, 11, 25)) == 0
