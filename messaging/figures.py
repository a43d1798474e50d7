"""How sending is doing, from the rows themselves: times to the provider and to the phone, what waits, what failed.

Also the alarms: what a person must look at now. Works for all orgs together; no number, no text, no name.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from messaging import pauses
from messaging.errors import rule_of
from resources_db.models.messages import Message, MessageEvent, SmsUsage
from resources_db.vocab import MessageChannel, MessageState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.orm import Session

EDGES = (1.0, 5.0, 10.0, 60.0, 300.0)
"""Seconds: the upper ends of the histogram's bars; the last bar is everything slower."""
TARGETS = ((10.0, 0.95), (60.0, 0.99))
"""Of texts outside quiet hours so many are with the provider within so many seconds."""
LOOK_BACK = timedelta(days=7)
MOST_ROWS = 20_000
OLDEST_DUE = timedelta(minutes=5)
UNCONFIRMED_FOR = timedelta(minutes=15)
LEAST_FOR_SHARE, LEAST_SHARE = 20, 0.85
_DOUBTFUL = (MessageState.SENDING, MessageState.UNKNOWN)
_ENDED = (MessageState.DELIVERED, MessageState.UNDELIVERED, MessageState.FAILED)


@unique
class Alarm(StrEnum):
    """What calls for a person now."""

    PAUSED = "paused"
    OLD_QUEUE = "old_queue"
    UNCONFIRMED = "unconfirmed"
    DOUBLED = "doubled"
    FEW_DELIVERED = "few_delivered"


@dataclass(frozen=True, slots=True)
class Histogram:
    """`bars` has one entry more than EDGES."""

    bars: tuple[int, ...]

    @property
    def n(self) -> int:
        """How many were measured."""
        return sum(self.bars)

    def within(self, seconds: float) -> float:
        """The share that took at most so long (0 to 1); 1 where nothing was measured. `seconds` is one of EDGES."""
        return sum(self.bars[: EDGES.index(seconds) + 1]) / self.n if self.n else 1.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Texts of the last seven days, and how the queue stands now."""

    to_provider: Histogram
    to_phone: Histogram
    waiting: int
    oldest_due: timedelta
    unconfirmed: int
    unconfirmed_for: timedelta
    paused_why: str
    paused_since: datetime | None
    failures: tuple[tuple[str, int], ...]
    """Provider codes, the commonest first."""
    doubled: int
    ended_last_hour: int
    delivered_last_hour: int
    segments_this_month: int

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """What calls for a person, the gravest first."""
        share = self.delivered_last_hour / self.ended_last_hour if self.ended_last_hour else 1.0
        found = {
            Alarm.PAUSED: bool(self.paused_why),
            Alarm.DOUBLED: self.doubled > 0,
            Alarm.UNCONFIRMED: self.unconfirmed_for > UNCONFIRMED_FOR,
            Alarm.OLD_QUEUE: self.oldest_due > OLDEST_DUE and not self.paused_why,
            Alarm.FEW_DELIVERED: self.ended_last_hour >= LEAST_FOR_SHARE and share < LEAST_SHARE,
        }
        return tuple(alarm for alarm, rings in found.items() if rings)


def read(session: Session, now: datetime, *, protocol_now: datetime) -> Figures:
    """The figures at this moment of the product's clock; intents are written by the clock of the protocol."""
    since = now - LOOK_BACK
    pause = pauses.open_pause(session)
    waiting, oldest = _waiting(session, now)
    unconfirmed, doubtful_since = _unconfirmed(session)
    ended = _last_hour(session, now)
    return Figures(
        to_provider=_to_provider(session, since),
        to_phone=_to_phone(session, since),
        waiting=waiting,
        oldest_due=_age(oldest, now),
        unconfirmed=unconfirmed,
        unconfirmed_for=_age(doubtful_since, protocol_now),
        paused_why=rule_of(pause.why).meaning if pause else "",
        paused_since=pause.since if pause else None,
        failures=_failures(session, since),
        doubled=_doubled(session, since),
        ended_last_hour=sum(ended.values()),
        delivered_last_hour=ended[MessageState.DELIVERED],
        segments_this_month=_segments(session, now),
    )


def histogram(seconds: Iterable[float]) -> Histogram:
    """So many took at most 1 s, at most 5 s, ..., longer."""
    bars = [0] * (len(EDGES) + 1)
    for took in seconds:
        bars[bisect_left(EDGES, max(took, 0.0))] += 1
    return Histogram(tuple(bars))


def _to_provider(session: Session, since: datetime) -> Histogram:
    """From when a text could leave (its undo time and quiet hours over) until the provider had it."""
    rows = session.execute(
        select(Message.due_at, Message.not_before, Message.accepted_at)
        .where(Message.channel == MessageChannel.SMS, Message.accepted_at >= since)
        .order_by(Message.accepted_at.desc())
        .limit(MOST_ROWS)
    )
    return histogram((taken - max(due, held or due)).total_seconds() for due, held, taken in rows if taken)


def _to_phone(session: Session, since: datetime) -> Histogram:
    rows = session.execute(
        select(Message.accepted_at, Message.delivered_at)
        .where(Message.channel == MessageChannel.SMS, Message.delivered_at >= since, Message.accepted_at.is_not(None))
        .order_by(Message.delivered_at.desc())
        .limit(MOST_ROWS)
    )
    return histogram((delivered - taken).total_seconds() for taken, delivered in rows if taken and delivered)


def _waiting(session: Session, now: datetime) -> tuple[int, datetime | None]:
    """Texts that could leave now and have not; what waits for its hour is not late."""
    ready = func.coalesce(Message.not_before, Message.due_at)
    found = session.execute(
        select(func.count(), func.min(ready)).where(
            Message.state == MessageState.QUEUED, Message.due_at <= now, ready <= now
        )
    ).one()
    return int(found[0]), found[1]


def _unconfirmed(session: Session) -> tuple[int, datetime | None]:
    found = session.execute(select(func.count(), func.min(Message.intent_at)).where(Message.state.in_(_DOUBTFUL))).one()
    return int(found[0]), found[1]


def _failures(session: Session, since: datetime) -> tuple[tuple[str, int], ...]:
    rows = session.execute(
        select(Message.error_code, func.count())
        .where(Message.error_code.is_not(None), Message.error_code != "", Message.created_at >= since)
        .group_by(Message.error_code)
    )
    return tuple(Counter({str(code): int(n) for code, n in rows}).most_common())


def _doubled(session: Session, since: datetime) -> int:
    found = select(func.count()).where(MessageEvent.kind == "dup_sid", MessageEvent.at >= since)
    return int(session.scalar(found) or 0)


def _last_hour(session: Session, now: datetime) -> Counter[MessageState]:
    rows = session.execute(
        select(Message.state, func.count())
        .where(
            Message.channel == MessageChannel.SMS,
            Message.state.in_(_ENDED),
            Message.accepted_at >= now - timedelta(hours=1),
        )
        .group_by(Message.state)
    )
    return Counter({state: int(n) for state, n in rows})


def _segments(session: Session, now: datetime) -> int:
    first = now.date().replace(day=1)
    return int(session.scalar(select(func.sum(SmsUsage.segments)).where(SmsUsage.day >= first)) or 0)


def _age(since: datetime | None, now: datetime) -> timedelta:
    return max(now - since, timedelta(0)) if since else timedelta(0)
