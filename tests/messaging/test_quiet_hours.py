"""Quiet hours by the local clock of wherever the person may be: properties over zones and the nights clocks change."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging import quiet_hours
from messaging.quiet_hours import AGENCY, PATIENT, WIDEST, Window

ZONES = [
    "America/New_York", "America/Detroit", "America/Indiana/Indianapolis", "America/Kentucky/Louisville",
    "America/Chicago", "America/Menominee", "America/Denver", "America/Boise", "America/Phoenix",
    "America/Los_Angeles", "America/Anchorage", "America/Adak", "Pacific/Honolulu", "Pacific/Guam",
    "Pacific/Pago_Pago", "America/Puerto_Rico",
]  # fmt: skip
NIGHTS = [(2026, 3, 8), (2026, 11, 1), (2027, 3, 14), (2027, 11, 7), (2028, 3, 12), (2028, 11, 5)]
"""Clocks change at two in the morning of these Sundays."""
STEP = timedelta(minutes=15)
"""Every opening and closing stands on such a minute in every zone."""


def around(night):
    """Any second from noon of the day before to noon of the day after, wherever in the country it is."""
    start = datetime(*night, tzinfo=UTC) - timedelta(hours=20)
    return st.integers(0, 60 * 60 * 60).map(lambda seconds: start + timedelta(seconds=seconds))


CHANGES = st.sampled_from(NIGHTS).flatmap(around)
ANY_DAY = st.integers(1_767_225_600, 1_893_456_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
MOMENTS = st.one_of(CHANGES, ANY_DAY)
SOME_ZONES = st.lists(st.sampled_from(ZONES), min_size=1, max_size=3, unique=True)
WINDOWS = st.sampled_from([PATIENT, WIDEST, Window(time(10), time(18, 30))])


def allows(moment, zones, window):
    """What the rule says, asked of the wall clock of each place, without the code under test."""
    walls = [moment.astimezone(ZoneInfo(zone)) for zone in zones]
    return all(window.opens <= wall.time() < window.closes and wall.weekday() in window.days for wall in walls)


@given(MOMENTS, SOME_ZONES, WINDOWS)
@pytest.mark.bad_input(17)
def test_a_text_leaves_only_when_the_wall_clock_of_every_place_allows_it(moment, zones, window):
    leaves = quiet_hours.next_allowed(moment, zones, window)
    assert leaves >= moment
    suiting = zones
    while not any(allows(moment + STEP * n, suiting, window) for n in range(8 * 96)):
        suiting = suiting[:-1]  # no hour of the day suits all: the least trusted place is left out
    assert allows(leaves, suiting, window)


@given(MOMENTS, SOME_ZONES, WINDOWS)
def test_it_leaves_at_the_first_moment_that_is_allowed(moment, zones, window):
    leaves = quiet_hours.next_allowed(moment, zones, window)
    earlier = moment
    if any(allows(moment + STEP * n, zones, window) for n in range(8 * 96)):
        while earlier < leaves:
            assert not allows(earlier, zones, window)
            earlier += STEP


@given(MOMENTS, SOME_ZONES)
def test_asking_again_at_that_moment_says_now(moment, zones):
    leaves = quiet_hours.next_allowed(moment, zones)
    assert quiet_hours.next_allowed(leaves, zones) == leaves


@given(MOMENTS, st.sampled_from(ZONES))
def test_agencies_get_texts_on_work_days_in_working_hours(moment, zone):
    wall = quiet_hours.next_allowed(moment, [zone], AGENCY).astimezone(ZoneInfo(zone))
    assert wall.weekday() < 5
    assert time(8) <= wall.time() < time(18)


@given(MOMENTS, SOME_ZONES)
def test_a_text_over_a_limit_waits_for_another_day_in_every_place(moment, zones):
    leaves = quiet_hours.next_morning(moment, zones)
    for zone in zones[:1]:
        place = ZoneInfo(zone)
        assert leaves.astimezone(place).date() > moment.astimezone(place).date()


@given(CHANGES, st.sampled_from(ZONES), st.integers(1, 10))
def test_in_so_many_days_keeps_the_wall_time_over_a_change_of_clocks(moment, zone, days):
    place = ZoneInfo(zone)
    wall = moment.astimezone(place)
    later = quiet_hours.same_wall_time(moment, days, zone).astimezone(place)
    assert later.date() == wall.date() + timedelta(days=days)
    gap = timedelta(hours=1) if time(2) <= wall.time() < time(3) else timedelta(0)
    assert abs(later.replace(tzinfo=None) - wall.replace(tzinfo=None, fold=0) - timedelta(days=days)) <= gap


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("night", NIGHTS)
def test_on_the_night_the_clocks_change_the_morning_begins_at_nine_by_the_new_clock(zone, night):
    place = ZoneInfo(zone)
    evening = datetime(*night, tzinfo=place) - timedelta(hours=3)
    leaves = quiet_hours.next_allowed(evening.astimezone(UTC), [zone]).astimezone(place)
    assert (leaves.date(), leaves.time()) == (date(*night), time(9))


def test_the_night_is_an_hour_longer_or_shorter_when_the_clocks_change():
    place = ZoneInfo("America/New_York")

    def hours_of_quiet(year, month, day):
        evening = datetime(year, month, day, 20, tzinfo=place).astimezone(UTC)
        return (quiet_hours.next_allowed(evening, [place.key]) - evening).total_seconds() / 3600

    assert [hours_of_quiet(2026, 10, 30), hours_of_quiet(2026, 10, 31), hours_of_quiet(2027, 3, 13)] == [13, 14, 12]


def test_the_hour_that_comes_twice_is_quiet_both_times():
    place = ZoneInfo("America/New_York")
    both = [datetime(2026, 11, 1, 1, 30, fold=fold, tzinfo=place).astimezone(UTC) for fold in (0, 1)]
    assert both[1] - both[0] == timedelta(hours=1)
    assert {quiet_hours.next_allowed(one, [place.key]) for one in both} == {datetime(2026, 11, 1, 14, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("stored", "zip_code", "number", "zones"),
    [
        ("America/Denver", "45202", "+18085550142", ("America/Denver",)),  # what somebody wrote down is sure
        (None, "45202", "+15135550142", ("America/New_York",)),
        (None, "45202", "+18085550142", ("America/New_York", "Pacific/Honolulu")),
        (None, None, "+18085550142", ("Pacific/Honolulu",)),
        (None, "96910", "+12125550142", ("Pacific/Guam", "America/New_York")),
        ("Mars/Base", "45202", None, ("America/New_York",)),
        (None, None, "+18005550142", ("America/Chicago",)),
        (None, None, None, ("America/Chicago",)),
    ],
)
@pytest.mark.bad_input(17)
def test_where_zip_and_area_code_differ_both_count(stored, zip_code, number, zones):
    assert quiet_hours.zones_of(stored, zip_code, number, "America/Chicago") == zones


@pytest.mark.parametrize(
    ("area", "offsets"),
    [("850", {-5, -6}), ("605", {-6, -7}), ("541", {-8, -7}), ("208", {-8, -7}), ("907", {-9, -10}), ("513", {-5})],
)
def test_an_area_code_that_a_border_runs_through_counts_with_both_sides(area, offsets):
    zones = quiet_hours.zones_of(None, None, f"+1{area}5550142", "America/New_York")
    winter = datetime(2026, 12, 1, tzinfo=UTC)
    assert {winter.astimezone(ZoneInfo(zone)).utcoffset() / timedelta(hours=1) for zone in zones} == offsets


def test_a_guam_phone_and_a_cincinnati_zip_leave_a_short_evening():
    zones = quiet_hours.zones_of(None, "45202", "+16715550142", "America/New_York")
    morning = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
    leaves = quiet_hours.next_allowed(morning, zones)
    assert leaves == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # 18:00 there, 9:00 in Guam


def test_where_no_hour_suits_both_the_better_known_place_counts():
    zones = ["Pacific/Palau", "America/Puerto_Rico"]
    noon = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)  # noon in Palau, eleven at night in Puerto Rico
    assert quiet_hours.next_allowed(noon, zones) == noon


def test_openings_of_a_week_are_a_day_apart_by_the_wall_clock():
    moment, place = datetime(2026, 10, 30, tzinfo=UTC), ZoneInfo("America/New_York")
    openings = []
    for _ in range(5):
        moment = quiet_hours.next_allowed(moment, [place.key])
        openings.append(moment)
        moment = quiet_hours.next_morning(moment, [place.key])
    assert [(later - earlier).total_seconds() / 3600 for earlier, later in pairwise(openings)] == [24, 25, 24, 24]
