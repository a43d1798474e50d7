"""What a line of the demo's history says, read into dated happenings. Pure: days are counted back from now.

A step is written "17 accepted", "30 waitlisted no-capacity" or "16 scheduled +3": days ago, state, reason, and in how
many days the agreed date is. An answer is written "13 got_help" or "2 could_not no-answer".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from resources_db.vocab import PatientReason, PatientWord, Reason, ReferralState

ZONE = ZoneInfo("America/New_York")
OFFICE_OPENS = time(9, 30)
SPREAD = timedelta(minutes=4)
"""Lines of one day do not all happen in the same minute."""
STEP = timedelta(minutes=35)
JUST_NOW = timedelta(minutes=25)


class Order(IntEnum):
    """Happenings of one line in one moment keep this order."""

    FOUND = 0
    SENT = 1
    MOVED = 2
    ANSWERED = 3


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to one line of the history."""

    at: datetime
    order: Order
    line: int
    step: int = 0
    state: ReferralState | None = None
    reason: Reason | None = None
    next_on: date | None = None
    word: PatientWord | None = None
    why: PatientReason | None = None


def of_line(number: int, row: Mapping[str, str], now: datetime) -> Iterator[Happening]:
    """Everything one line says, oldest first."""
    yield Happening(_moment(now, int(row["identified"]), number, 0), Order.FOUND, number)
    if row["sent"]:
        yield Happening(_moment(now, int(row["sent"]), number, 1), Order.SENT, number)
    for count, text in enumerate(_parts(row["steps"]), start=2):
        yield _step(text, number, count, now)
    for count, text in enumerate(_parts(row["answers"]), start=10):
        yield _answer(text, number, count, now)


def office_hours(now: datetime, days: int) -> datetime:
    """A moment of office hours that many days ago."""
    return _moment(now, days, 0, 0)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _step(text: str, line: int, step: int, now: datetime) -> Happening:
    days, state, *rest = text.split()
    at = _moment(now, int(days), line, step)
    ahead = next((int(word) for word in rest if word.startswith("+")), None)
    reason = next((Reason(word) for word in rest if not word.startswith("+")), None)
    next_on = at.astimezone(ZONE).date() + timedelta(days=ahead) if ahead is not None else None
    return Happening(at, Order.MOVED, line, step, ReferralState(state), reason, next_on)


def _answer(text: str, line: int, step: int, now: datetime) -> Happening:
    days, word, *rest = text.split()
    why = PatientReason(rest[0]) if rest else None
    return Happening(_moment(now, int(days), line, step), Order.ANSWERED, line, step, word=PatientWord(word), why=why)


def _moment(now: datetime, days: int, line: int, step: int) -> datetime:
    """A moment of office hours that many days ago; today's things happened a little while ago."""
    if days == 0:
        return now - JUST_NOW
    day = now.astimezone(ZONE).date() - timedelta(days=days)
    opens = datetime.combine(day, OFFICE_OPENS, ZONE)
    at = opens + SPREAD * (line % 15) + STEP * min(step, 11)
    return min(at, now - JUST_NOW).astimezone(now.tzinfo)
