"""The parser against a corpus of texts: what it claims is right, and the traps claim nothing."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from resources_db import holidays
from resources_db.hours import OpenState, intervals, parse, status_at
from resources_db.hours_rules import DAY, TRUSTED, WEEKDAYS, HoursRule
from resources_db.vocab import ScheduleKind

CORPUS = Path(__file__).with_name("hours_corpus.txt")
ZONE = "America/Chicago"
WEEKS = tuple(date(2026, 11, 23) + timedelta(days=ahead) for ahead in range(70))  # over Thanksgiving and Christmas


def lines() -> list[tuple[str, str]]:
    kept = [line for line in CORPUS.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    pairs = [line.split(" => ") for line in kept]
    return [(text.replace("\\n", "\n"), said) for text, said in pairs]


READABLE = [(text, said) for text, said in lines() if said != "?"]
TRAPS = [text for text, said in lines() if said == "?"]


def clock(text: str) -> int:
    hour, _, minute = text.partition(":")
    return int(hour) * 60 + int(minute or 0)


def weekdays(text: str) -> tuple[int, ...]:
    if text == "*":
        return tuple(range(7))
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        found += [(start + step) % 7 for step in range((end - start) % 7 + 1)] if last else [start]
    return tuple(found)


def closures(name: str) -> list[HoursRule]:
    if name[0].isdigit():
        first, _, last = name.partition("..")
        span = date.fromisoformat(first), date.fromisoformat(last or first)
        return [HoursRule(0, DAY, kind=ScheduleKind.EXCEPTION, closed=True, valid_from=span[0], valid_to=span[1])]
    names = holidays.FEDERAL if name == "federal" else (name,)
    return [HoursRule(0, DAY, kind=ScheduleKind.HOLIDAY, closed=True, holiday=one) for one in names]


def said_rules(said: str) -> list[HoursRule]:
    """The rules that a person read out of the text."""
    words, rules = said.split(), []
    while words:
        word = words.pop(0)
        if word.startswith("!"):
            rules += closures(word[1:])
            continue
        opens, closes = map(clock, words.pop(0).split("-"))
        parts = word.split(",")
        if word.startswith("d"):
            rules.append(HoursRule(opens, closes, month_days=tuple(int(part[1:]) for part in parts)))
        elif word[0].isdigit() or word[0] == "-":
            monthly = tuple((int(part[:-2]), WEEKDAYS.index(part[-2:])) for part in parts)
            rules.append(HoursRule(opens, closes, monthly=monthly))
        else:
            rules.append(HoursRule(opens, closes, weekdays=weekdays(word)))
    return rules


def days_of(rules: list[HoursRule] | tuple[HoursRule, ...]) -> set[tuple[date, int, int]]:
    return {(day, opens, closes) for day in WEEKS for opens, closes in intervals(rules, day)}


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(lines()) >= 200
    assert len(TRAPS) >= 60
    assert len({text for text, _ in lines()}) == len(lines())


@pytest.mark.parametrize(("text", "said"), READABLE)
def test_what_is_claimed_of_a_text_is_what_it_says(text: str, said: str) -> None:
    read = parse(text)
    if read.confidence >= TRUSTED:
        assert days_of(read.rules) == days_of(said_rules(said))


def test_nearly_all_plain_texts_are_read_without_doubt_and_nearly_all_claims_are_right() -> None:
    trusted = [(parse(text).rules, said) for text, said in READABLE if parse(text).confidence >= TRUSTED]
    claimed = [claim for rules, said in trusted for claim in _claims(rules, said)]
    assert len(trusted) >= 0.95 * len(READABLE)
    assert sum(claimed) >= 0.95 * len(claimed)


def _claims(rules: tuple[HoursRule, ...], said: str) -> list[bool]:
    true = days_of(said_rules(said))
    return [claim in true for claim in days_of(rules)]


@pytest.mark.parametrize("text", TRAPS)
def test_a_trap_is_never_open_now(text: str) -> None:
    rules = parse(text).rules
    start = datetime(2026, 11, 23, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    moments = [start + timedelta(minutes=30 * step) for step in range(7 * 48)]
    assert {status_at(rules, ZONE, moment).state for moment in moments} <= {OpenState.CALL_FIRST, OpenState.UNKNOWN}
