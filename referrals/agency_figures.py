"""An agency's own figures, for its own eyes first: how soon it answers. Counted from the referrals themselves.

Out: referrals a correction replaced, and those withdrawn before any answer. Maturity: one whose time is not over yet
counts in no rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from referrals import paces, senders
from referrals.clocks import Step
from referrals.figures import Rate
from resources_db.models.referrals import Referral
from resources_db.vocab import ReferralState

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.clocks import Pace

PERIOD = timedelta(days=90)
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the referrals sent in the last 90 days. `days_to_answer`: the median of those answered, None when none was."""

    sent: int
    in_time: Rate
    """Answered before it was called late, of those whose time is over or that were answered."""
    days_to_answer: float | None
    late: int
    """Without an answer now, and their time is over."""
    no_response: Rate
    """Ended without any answer, of all that were sent."""


def of(session: Session, organization_id: uuid.UUID, *, now: datetime) -> Figures:
    """The figures of one agency; the actor must be over all orgs, since referrals belong to care organizations."""
    later = aliased(Referral)
    replaced = select(later.correction_of).where(later.correction_of.is_not(None))
    query = select(Referral).where(
        Referral.organization_id == organization_id,
        Referral.sent_at > now - PERIOD,
        Referral.id.not_in(replaced),
        Referral.state.not_in((ReferralState.DRAFT, ReferralState.ERROR)),
    )
    rows = [one for one in session.scalars(query) if not _taken_back(one)]
    ends = _Ends(session)
    judged = [one for one in rows if one.answered_at is not None or ends.of(one) <= now]
    in_time = sum(one.answered_at is not None and one.answered_at <= ends.of(one) for one in judged)
    waits = [(one.answered_at - one.sent_at) / A_DAY for one in rows if one.answered_at and one.sent_at]
    silent = sum(one.state is ReferralState.NO_RESPONSE and one.answered_at is None for one in rows)
    return Figures(
        sent=len(rows),
        in_time=Rate(in_time, len(judged), len(rows) - len(judged)),
        days_to_answer=median(waits) if waits else None,
        late=sum(one.answered_at is None and one.terminal_at is None and ends.of(one) <= now for one in rows),
        no_response=Rate(silent, len(rows)),
    )


def _taken_back(referral: Referral) -> bool:
    """Withdrawn before the agency said a word: it had nothing to answer."""
    return referral.state is ReferralState.WITHDRAWN and referral.answered_at is None


class _Ends:
    """When each referral's time to answer is over, by the pace its care organization keeps with this agency."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._paces: dict[tuple[object, ...], tuple[Pace, str]] = {}

    def of(self, referral: Referral) -> datetime:
        key = (referral.org_id, referral.priority)
        if key not in self._paces:
            zone = senders.org_of(self._session, referral.org_id).timezone
            self._paces[key] = paces.of(self._session, referral), zone
        pace, zone = self._paces[key]
        assert referral.sent_at is not None, "the query asks for it"
        return pace.at(Step.OVERDUE, referral.sent_at, zone)
