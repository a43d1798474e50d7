"""The question as an address: it can be read back, and nothing typed into an address breaks it."""

from datetime import datetime
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources_db.needs import DOMAINS, NEEDS
from search.audience import Group
from search.criteria import (
    CHECKED_DAYS,
    CONSTRAINT_WORDS,
    Cost,
    OpenWhen,
    Problem,
    SearchCriteria,
    Sort,
    Travel,
    clean_text,
    from_query,
)

minutes = st.datetimes(datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2999-12-31")).map(
    lambda at: at.replace(second=0, microsecond=0)
)
text = st.text(max_size=60).map(clean_text)
criteria = st.builds(
    SearchCriteria,
    q=text,
    near=text,
    radius_m=st.integers(100, 500_000),
    needs=st.lists(st.sampled_from(sorted(NEEDS)), max_size=4, unique=True).map(tuple),
    domain=st.sampled_from(["", *DOMAINS]),
    without=st.lists(st.sampled_from([*sorted(NEEDS), *CONSTRAINT_WORDS]), max_size=4, unique=True).map(tuple),
    language=st.sampled_from(["", "es", "vi", "ht"]),
    open_when=st.sampled_from([None, *OpenWhen]),
    open_at=st.none() | minutes,
    has_room=st.booleans(),
    no_papers=st.booleans(),
    by_phone=st.booleans(),
    who=st.sampled_from([None, *Group]),
    wheelchair=st.booleans(),
    cost=st.lists(st.sampled_from(list(Cost)), max_size=4, unique=True).map(tuple),
    checked=st.sampled_from([0, *CHECKED_DAYS]),
    travel=st.sampled_from([None, *Travel]),
    sort=st.sampled_from(list(Sort)),
    limit=st.integers(1, 100),
    offset=st.integers(0, 10_000),
)


@given(criteria)
def test_a_question_written_to_an_address_reads_back_the_same(asked):
    read, problems = from_query(parse_qs(asked.to_query()))
    assert (read, problems) == (asked, ())


@pytest.mark.bad_input(74, 82)
@pytest.mark.parametrize(
    ("field", "value", "held"),
    [
        ("limit", "1e9", 100),
        ("limit", "0", 1),
        ("limit", "-5", 1),
        ("offset", "9223372036854775808", 10_000),
        ("offset", "-1", 0),
        ("radius_m", "1e400", 500_000),
        ("radius_m", "0", 100),
    ],
)
def test_numbers_beyond_the_limits_are_held_at_them(field, value, held):
    read, problems = from_query({field: [value]})
    assert getattr(read, field) == held
    assert problems == ()


@pytest.mark.bad_input(74, 82, 83, 84)
@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("limit", "NaN", Problem.NOT_A_NUMBER),
        ("radius_m", "ten", Problem.NOT_A_NUMBER),
        ("sort", "name; drop", Problem.UNKNOWN_WORD),
        ("need", "bogus", Problem.UNKNOWN_WORD),
        ("language", "../etc", Problem.UNKNOWN_WORD),
        ("cost", "cheap", Problem.UNKNOWN_WORD),
        ("checked", "91", Problem.UNKNOWN_WORD),
        ("travel", "rocket", Problem.UNKNOWN_WORD),
        ("open_at", "saturday", Problem.NOT_A_TIME),
        ("open_at", "2026-06-31T10:00", Problem.NOT_A_TIME),
        ("open_at", "2026-06-30T24:00", Problem.NOT_A_TIME),
        ("open_at", "0001-01-01T00:00", Problem.NOT_A_TIME),
        ("open_at", "2026-06-30T10:00Z", Problem.NOT_A_TIME),
        ("open_at", "٢٠٢٦-06-30T10:00", Problem.NOT_A_TIME),
        ("q", "a\x00b", Problem.BAD_CHARACTER),
        ("q", "\ud800", Problem.BAD_CHARACTER),
        ("q", "a" * 301, Problem.TOO_LONG),
    ],
)
def test_what_cannot_be_read_is_told_by_field_and_left_out(field, value, problem):
    _read, problems = from_query({field: [value]})
    assert [(one.field, one.problem) for one in problems] == [(field, problem)]


@pytest.mark.parametrize(
    "typed", ["2026-11-28T10:30", "2026-11-28T10:30:00", " 2026-11-28 10:30 ", "2026-11-28T10:30:59.9"]
)
def test_a_chosen_time_is_a_wall_time_to_the_minute(typed):
    read, problems = from_query({"open_at": [typed]})
    assert (read.open_at, problems) == (datetime.fromisoformat("2026-11-28T10:30"), ())


@pytest.mark.bad_input(86)
def test_direction_marks_and_zero_width_letters_are_taken_out():
    assert from_query({"q": ["\u202efood\u200b \ufeffpantry"]})[0].q == "food pantry"


def test_a_removed_chip_stays_removed_and_a_chosen_need_goes():
    assert SearchCriteria(q="food").without_chip("food_pantry").without == ("food_pantry",)
    assert SearchCriteria(needs=("snap",)).without_chip("snap").needs == ()


@given(
    st.dictionaries(
        st.sampled_from(["q", "near", "limit", "need", "open", "open_at", "cost", "checked", "sort", "lang"]),
        st.lists(st.text(), max_size=3),
    )
)
def test_no_address_raises(values):
    from_query(values)
