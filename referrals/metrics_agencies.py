"""How soon agencies answer, and where there is no room. An agency sees its own figures first: see `GRACE`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import or_, select

from referrals import cells, clocks, cohort, counting, survival
from referrals.clocks import Step
from referrals.counting import Counted
from referrals.metrics import whole
from referrals.periods import By
from resources_db.models.care import AgencyClock
from resources_db.repositories.columns import raw, rows
from resources_db.vocab import Priority, ReferralState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from referrals.cells import Parts, Shown
    from referrals.clocks import Pace
    from referrals.cohort import Attempts
    from referrals.metrics import Figure
    from referrals.periods import Flags, Period, Times
    from resources_db.base import JsonDict

GRACE = timedelta(days=14)
"""An agency sees its own figures at once. Care teams see those of a month so long after its end."""
CLOCK = AgencyClock.__table__.c
DAY = counting.SECONDS_A_DAY


@dataclass(frozen=True, slots=True)
class Responsiveness:
    """Of each agency that may be shown: yes and the rest. Times in seconds, None where half have not answered."""

    until: datetime
    in_time: Shown[str]
    overdue: Shown[str]
    silent: Shown[str]
    median: Mapping[str, float | None]
    whole: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class NoRoom:
    """No for lack of room or money, of all that was sent: by service and by week."""

    by_service: Shown[str]
    by_week: Shown[str]
    whole: Figure


def seen_by_agencies(period: Period) -> Period:
    """The part of a period whose months ended long enough ago."""
    zone = ZoneInfo(period.zone)
    month = (period.as_of - GRACE).astimezone(zone).date().replace(day=1)
    until = datetime.combine(month, time(), zone).astimezone(UTC)
    return replace(period, until=max(min(period.until, until), period.since))


def responsiveness(session: Session, period: Period) -> Responsiveness:
    """How soon each agency answered what was sent to it, as far as it has seen that itself."""
    period = seen_by_agencies(period)
    attempts = cohort.read(session, period, (By.AGENCY,))
    due = _due(attempts, _paces(session, period.as_of), period.zone)
    is_over = ~np.isnan(attempts.answered) | (due <= attempts.as_of)
    silent = attempts.is_in({ReferralState.NO_RESPONSE})
    everything = np.ones(len(attempts), dtype=np.bool_)
    late = np.isnan(attempts.answered) & np.isnan(attempts.closed) & (due <= attempts.as_of)
    counted = {
        "in_time": Counted(is_over & (attempts.answered <= due), is_over, ~is_over),
        "overdue": Counted(late, everything),
        "silent": Counted(silent, everything),
    }
    shown = {name: _by_name(one, attempts) for name, one in counted.items()}
    return Responsiveness(
        until=period.until,
        in_time=shown["in_time"],
        overdue=shown["overdue"],
        silent=shown["silent"],
        median=_medians(attempts, shown["in_time"].rows),
        whole={name: whole(one) for name, one in counted.items()},
    )


def no_room(session: Session, period: Period) -> NoRoom:
    """Where people were turned away, as far as the agencies have seen it; weeks of all agencies up to now."""
    attempts = cohort.read(session, period, (By.SERVICE, By.WEEK))
    counted = counting.no_room(attempts)
    old = attempts.only(attempts.sent < seen_by_agencies(period).until.timestamp())
    of_services = counting.no_room(old).parts(old.groups.along(0))
    of_weeks = counted.parts(attempts.groups.along(1))
    return NoRoom(_protected(of_services), _protected(of_weeks), whole(counted))


def _by_name(counted: Counted, attempts: Attempts) -> Shown[str]:
    return _protected(counted.parts(attempts.groups))


def _protected(parts: Mapping[tuple[str, ...], Parts]) -> Shown[str]:
    return cells.protect({key[0]: both for key, both in parts.items() if sum(both)})


def _medians(attempts: Attempts, shown: Mapping[str, Parts]) -> Mapping[str, float | None]:
    happened = ~np.isnan(attempts.answered)
    silent = attempts.is_in({ReferralState.NO_RESPONSE})
    left = np.where(np.isnan(attempts.closed) | silent, attempts.as_of, attempts.closed)
    spans: Times = np.where(happened, attempts.answered, left) - attempts.sent
    order = np.argsort(attempts.groups.code, kind="stable")
    ends = np.searchsorted(attempts.groups.code[order], np.arange(len(attempts.groups.keys) + 1))
    found = {}
    for at, key in enumerate(attempts.groups.keys):
        if key[0] in shown:
            mine = order[ends[at] : ends[at + 1]]
            spread = survival.spread(spans[mine], happened[mine])
            found[key[0]] = None if spread.is_hidden else spread.median
    return found


def _paces(session: Session, as_of: datetime) -> Mapping[str, list[JsonDict]]:
    """What was set for each agency then; under "" what was set for all."""
    query = select(raw(CLOCK.organization_id), CLOCK.steps, CLOCK.created_at).where(
        CLOCK.created_at <= as_of, or_(CLOCK.ended_at.is_(None), CLOCK.ended_at > as_of)
    )
    found: dict[str, list[JsonDict]] = defaultdict(list)
    for organization, steps, _at in rows(session, query.order_by(CLOCK.created_at)):
        assert isinstance(steps, dict)
        found[str(organization or "")].append(steps)
    return found


def _due(attempts: Attempts, paces: Mapping[str, list[JsonDict]], zone: str) -> Times:
    """When each was called late. Business days are looked up once a day, pace and priority."""
    due = np.full(len(attempts), np.nan)
    days = np.floor_divide(attempts.sent, DAY)
    own = [at for at, key in enumerate(attempts.groups.keys) if key[0] in paces]
    for at in (-1, *own):
        here = ~np.isin(attempts.groups.code, own) if at < 0 else attempts.groups.code == at
        changes = [*paces.get("", []), *(paces[attempts.groups.keys[at][0]] if at >= 0 else [])]
        for priority, flags in ((Priority.ROUTINE, here & ~attempts.urgent), (Priority.URGENT, here & attempts.urgent)):
            _fill(due, attempts.sent, days, flags, clocks.merged(priority, *changes), zone)
    return due


def _fill(due: Times, sent: Times, days: Times, flags: Flags, pace: Pace, zone: str) -> None:
    named, place = np.unique(days[flags], return_inverse=True)
    spans = [_span(float(day) * DAY + DAY * 2 / 3, pace, zone) for day in named]
    due[flags] = sent[flags] + np.array(spans, dtype=np.float64)[place]


def _span(moment: float, pace: Pace, zone: str) -> float:
    """Seconds from a sending in the afternoon (office hours in all of the country) until it is late."""
    sent = datetime.fromtimestamp(moment, UTC)
    return (pace.at(Step.OVERDUE, sent, zone) - sent).total_seconds()
