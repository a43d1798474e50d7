"""Texts about hours, as directories really write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resources_db.hours import TRUSTED, parse

SURE = [
    ("Mon-Fri 9am-5pm", [(540, 1020, (0, 1, 2, 3, 4))]),
    ("Monday - Friday: 9:00 a.m. - 5:00 p.m.", [(540, 1020, (0, 1, 2, 3, 4))]),
    ("Mon 830am-4pm", [(510, 960, (0,))]),
    ("Fri 4:00pm-12:00am", [(960, 1440, (4,))]),
    ("24/7", [(0, 1440, (0, 1, 2, 3, 4, 5, 6))]),
    ("Open 24 hours", [(0, 1440, (0, 1, 2, 3, 4, 5, 6))]),
    ("Daily 0900-1700", [(540, 1020, (0, 1, 2, 3, 4, 5, 6))]),
    ("Weekdays 13:00-17:30", [(780, 1050, (0, 1, 2, 3, 4))]),
    ("Sat-Sun 00:00-23:59", [(0, 1440, (5, 6))]),
    ("Mon, Wed, Fri 10am to 2pm; Sat 9am-noon", [(600, 840, (0, 2, 4)), (540, 720, (5,))]),
    ("Time: Mondays, Wednesdays & Fridays 11 a.m. to 1 p.m", [(660, 780, (0, 2, 4))]),
    ("11am-1pm Mondays, 2pm-4pm Tuesdays", [(660, 780, (0,)), (840, 960, (1,))]),
    ("Mon-Thu 9:00am-12:00pm, 1:00pm-5:00pm; Fri closed", [(540, 720, (0, 1, 2, 3)), (780, 1020, (0, 1, 2, 3))]),
    ("Tuesdays and Thursdays from 12-2pm", [(720, 840, (1, 3))]),
    ("Sun overnight 8pm-7am", [(1200, 1860, (6,))]),
    ("Mon 8:30amÔÇô4:30pm", [(510, 990, (0,))]),
]


@pytest.mark.parametrize(("text", "expected"), SURE)
def test_common_forms_are_read_without_doubt(text: str, expected: list[tuple[int, int, tuple[int, ...]]]) -> None:
    parsed = parse(text)
    assert [(rule.opens, rule.closes, rule.weekdays) for rule in parsed.rules] == expected
    assert parsed.confidence >= TRUSTED


@pytest.mark.parametrize(
    ("text", "monthly"),
    [
        ("2nd & 4th Weds 11:30 -1:00PM", ((2, 2), (4, 2))),
        ("1st and 3rd Saturday of each month 9am - 11am", ((1, 5), (3, 5))),
        ("Last Friday 10am-noon", ((-1, 4),)),
    ],
)
def test_monthly_forms_are_read(text: str, monthly: tuple[tuple[int, int], ...]) -> None:
    parsed = parse(text)
    assert (parsed.rules[0].monthly, parsed.confidence >= TRUSTED) == (monthly, True)


@pytest.mark.parametrize(
    "text",
    [
        "8:00m-5:00pm",
        "Mon 3:00am-5:00pm",
        "third Tuesday 100 times 9am-10am except Jan 02",
        "Mon 9am-5pm, Tue by appointment",
        "Mon 9am-5pm, call first",
        "Mon-Fri 9am-5pm (summer only)",
        "Sunday: 6pm - 2am",
        "9am-5pm",
        "M-F 9-5",
        "Mon 9am-5pm, Tue",
        "Contact site for details",
        "call 412-555-0142",
        "",
        "Saturday",
    ],
)
def test_a_doubtful_text_is_never_trusted(text: str) -> None:
    assert parse(text).confidence < TRUSTED


@given(st.text(max_size=120))
def test_any_text_is_read_without_an_error(text: str) -> None:
    parsed = parse(text)
    assert all(0 <= rule.opens < rule.closes <= 2880 for rule in parsed.rules)
