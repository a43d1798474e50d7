"""The question as an address: it can be read back, and nothing typed into an address breaks it."""

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources_db.needs import DOMAINS, NEEDS
from search.criteria import CONSTRAINT_WORDS, OpenWhen, Problem, SearchCriteria, Sort, clean_text, from_query

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
    has_room=st.booleans(),
    no_papers=st.booleans(),
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
        ("q", "a\x00b", Problem.BAD_CHARACTER),
        ("q", "\ud800", Problem.BAD_CHARACTER),
        ("q", "a" * 301, Problem.TOO_LONG),
    ],
)
def test_what_cannot_be_read_is_told_by_field_and_left_out(field, value, problem):
    _read, problems = from_query({field: [value]})
    assert [(one.field, one.problem) for one in problems] == [(field, problem)]


@pytest.mark.bad_input(86)
def test_direction_marks_and_zero_width_letters_are_taken_out():
    assert from_query({"q": ["\u202efood\u200b \ufeffpantry"]})[0].q == "food pantry"


def test_a_removed_chip_stays_removed_and_a_chosen_need_goes():
    assert SearchCriteria(q="food").without_chip("food_pantry").without == ("food_pantry",)
    assert SearchCriteria(needs=("snap",)).without_chip("snap").needs == ()


@given(
    st.dictionaries(
        st.sampled_from(["q", "near", "limit", "need", "open", "sort", "lang"]), st.lists(st.text(), max_size=3)
    )
)
def test_no_address_raises(values):
    from_query(values)
