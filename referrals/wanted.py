"""Reads the needs with wanted help that were found in a period as columns of numbers, as they were known at a moment.

What became of a need after the moment is taken back with the events of the need (`need_event`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import func, select

from referrals.cohort import REFERRAL, not_corrected
from referrals.grouping import Groups, Keys
from referrals.needs import WISH_WAS
from resources_db.models.people import Need, NeedEvent
from resources_db.models.referrals import Referral, ServiceRequest
from resources_db.repositories.columns import columns, numbers, raw, rows, words
from resources_db.seconds import seconds
from resources_db.vocab import HelpWanted, NeedStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.periods import By, Codes, Flags, Period, Times

NEED, EVENT, REQUEST = Need.__table__.c, NeedEvent.__table__.c, ServiceRequest.__table__.c
STATUSES: tuple[str, ...] = tuple(NeedStatus)
_NEVER = float("nan")


@dataclass(frozen=True, slots=True)
class _Change:
    before: str
    after: str
    method: str
    moment: float
    known: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """The needs with wanted help. Moments are seconds since 1970, NaN where nothing happened."""

    as_of: float
    found: Times
    met: Times
    status: Codes
    tries: Codes
    """Referrals sent for it so far; a correction is no try of its own."""
    groups: Groups

    def __len__(self) -> int:
        return len(self.found)

    def is_in(self, statuses: Iterable[NeedStatus]) -> Flags:
        """Which of them have one of these statuses."""
        found: Flags = np.isin(self.status, [STATUSES.index(one) for one in statuses])
        return found

    def only(self, kept: Flags) -> Wanted:
        """A part of them."""
        return replace(
            self,
            found=self.found[kept],
            met=self.met[kept],
            status=self.status[kept],
            tries=self.tries[kept],
            groups=self.groups.only(kept),
        )


def read(session: Session, period: Period, by: Sequence[By] = (), *, tries: bool = False) -> Wanted:
    """The needs found in the period with which the person wanted help. `tries` are counted only when asked for."""
    keys = Keys(session, by, period.zone)
    query = select(
        raw(NEED.id), seconds(NEED.identified_at), seconds(NEED.met_at), raw(NEED.status), raw(NEED.help_wanted)
    ).where(NEED.identified_at >= period.since, NEED.identified_at < period.until, NEED.identified_at <= period.as_of)
    ids, found, met, statuses, help_wanted, *named = columns(session, keys.of_needs(query))
    moments = numbers(found)
    needs = Wanted(
        as_of=period.as_of.timestamp(),
        found=moments,
        met=numbers(met),
        status=words(statuses, STATUSES),
        tries=_tries(session, ids, period.as_of) if tries else np.zeros(len(ids), dtype=np.int32),
        groups=keys.groups(named, moments),
    )
    wanted = _as_it_was(session, needs, ids, [one == HelpWanted.YES for one in help_wanted], period.as_of)
    needs.met[~needs.is_in({NeedStatus.MET})] = _NEVER
    return needs.only(wanted & ~needs.is_in({NeedStatus.NOT_WANTED}))


def _as_it_was(
    session: Session, needs: Wanted, ids: Sequence[object], wanted_now: Sequence[bool], as_of: datetime
) -> Flags:
    """Set back what changed after the moment; gives which needs wanted help then."""
    wanted = np.array(wanted_now, dtype=np.bool_)
    late = NeedEvent.__table__.alias()
    changed_later = select(late.c.need_id).where(late.c.at > as_of)
    events = (
        select(
            raw(EVENT.need_id),
            raw(EVENT.from_status),
            raw(EVENT.to_status),
            raw(EVENT.method),
            seconds(EVENT.at),
            EVENT.at <= as_of,
        )
        .where(EVENT.need_id.in_(changed_later))
        .order_by(EVENT.at)
    )
    by_need: dict[object, list[_Change]] = defaultdict(list)
    for one, *change in rows(session, events):
        by_need[one].append(_change(*change))
    if by_need:
        for at, one in enumerate(ids):
            if one in by_need:
                _set_back(needs, wanted, at, by_need[one])
    return wanted


def _change(before: object, after: object, method: object, moment: object, known: object) -> _Change:
    assert isinstance(moment, float)
    return _Change(str(before or ""), str(after), str(method or ""), moment, bool(known))


def _set_back(needs: Wanted, wanted: Flags, at: int, changes: Sequence[_Change]) -> None:
    before = [change for change in changes if change.known]
    after = [change for change in changes if not change.known]
    # what was known last, or what the first change after the moment changed
    status = before[-1].after if before else after[0].before or after[0].after
    met = [change.moment for change in before if change.after == NeedStatus.MET]
    needs.status[at], needs.met[at] = STATUSES.index(status), met[-1] if met else _NEVER
    was = next((change.method for change in after if change.method.startswith(WISH_WAS)), None)
    refused = any(change.after == NeedStatus.NOT_WANTED for change in after)
    wanted[at] = was == f"{WISH_WAS}{HelpWanted.YES}" if was else bool(wanted[at]) or refused


def _tries(session: Session, ids: Sequence[object], as_of: datetime) -> Codes:
    sent = (
        select(raw(REQUEST.need_id), func.count())
        .join_from(ServiceRequest.__table__, Referral.__table__, REFERRAL.request_id == REQUEST.id)
        .where(REFERRAL.sent_at <= as_of, not_corrected(as_of))
        .group_by(REQUEST.need_id)
    )
    tries = {need: int(str(count)) for need, count in rows(session, sent)}
    return np.fromiter((tries.get(one, 0) for one in ids), np.int32, len(ids))
