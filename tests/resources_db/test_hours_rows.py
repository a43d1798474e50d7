"""Schedule records become rules and come back."""

from datetime import date

import pytest

from resources_db.hours import HoursRule, intervals
from resources_db.hours_rows import columns_of, rules_of
from resources_db.models.directory import Schedule


def rule(**columns: object) -> HoursRule:
    defaults = {"parse_confidence": 1.0, "kind": "regular", "closed": False, "closes_next_day": False}
    texts = dict.fromkeys(("freq", "byday", "byweekno", "bymonthday", "byyearday", "opens_at", "closes_at"), "")
    return rules_of([Schedule(**{**defaults, **texts, **columns})])[0]


@pytest.mark.parametrize(
    "hours",
    [
        HoursRule(540, 1020, weekdays=(0, 4)),
        HoursRule(1200, 1860, weekdays=(6,)),
        HoursRule(weekdays=(0, 1, 2, 3, 4, 5, 6)),
        HoursRule(600, 720, monthly=((3, 1), (-1, 4)), confidence=0.95),
        HoursRule(600, 720, month_days=(1, 15)),
        HoursRule(600, 720, weekdays=(2,), every=2, starts_on=date(2026, 11, 4)),
    ],
)
def test_a_rule_survives_its_record(hours: HoursRule) -> None:
    assert rule(**columns_of(hours)) == hours


def test_a_record_with_only_words_gives_no_rule() -> None:
    words = Schedule(kind="regular", closed=False, opens_at="", closes_at="", parse_confidence=0.0)
    assert rules_of([words]) == ()


def test_a_count_of_occurrences_becomes_a_last_day() -> None:
    weekly = rule(freq="WEEKLY", byday="MO", opens_at="10:00", closes_at="12:00", dtstart=date(2026, 11, 2), count=3)
    assert weekly.valid_to == date(2026, 11, 16)
    assert intervals([weekly], date(2026, 11, 23)) == []


def test_rules_we_cannot_compute_are_never_trusted() -> None:
    odd = rule(freq="WEEKLY", byday="TH,FR", byweekno="41,42", opens_at="10:00", closes_at="18:00")
    assert odd.confidence < 0.9


def test_a_single_day_is_open_on_that_day_only() -> None:
    event = rule(dtstart=date(2026, 11, 24), opens_at="10:00", closes_at="12:00")
    assert intervals([event], date(2026, 11, 24)) == [(600, 720)]
    assert intervals([event], date(2026, 12, 1)) == []
