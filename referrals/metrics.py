"""The numbers of the reports: answered, closed, served, need met, agreement, each with what it was counted from.

A read side over events: what was recorded up to `as_of` decides, so the same moment always gives the same figures.
"Closed" is defined here and nowhere else (referrals design, section 13). The counting itself is in `counting`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from referrals import counting, outcomes
from referrals.counting import Attempt, Wanted
from referrals.needs import domain_of
from resources_db.models.people import Need, Patient
from resources_db.models.referrals import PatientAnswer, Referral, ReferralEvent, ServiceRequest
from resources_db.vocab import EventKind, HelpWanted, NeedStatus, Reason, ReferralState, Side

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.figures import Rate

BY_MISTAKE = frozenset({Reason.DUPLICATE, Reason.WRONG_SERVICE, Reason.WRONG_PATIENT})
MISTAKE_WITHIN = timedelta(hours=1)
ANSWER_DAYS = (7, 14, 30)
CLOSE_DAYS = (30, 60, 90)
NEED_DAYS = (30, 90)


@dataclass(frozen=True, slots=True)
class Period:
    """Referrals sent, and needs found, from `since` until before `until`, as known at `as_of`."""

    since: datetime
    until: datetime
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a period. Rates by days are keyed by the number of days."""

    period: Period
    sent: int
    answered: dict[int, Rate]
    closed: dict[int, Rate]
    served: Rate
    served_first_try: Rate
    agreement: Rate
    need_met: dict[int, counting.NeedsMet]
    days_to_answer: float | None
    by_domain: tuple[counting.DomainRow, ...]


def report(session: Session, period: Period) -> Report:
    """All figures of a period, for the org of the session's actor."""
    attempts = attempts_of(session, period)
    wanted = needs_of(session, period)
    return Report(
        period=period,
        sent=len(attempts),
        answered={days: counting.answered(attempts, days, period.as_of) for days in ANSWER_DAYS},
        closed={days: counting.closed(attempts, days, period.as_of) for days in CLOSE_DAYS},
        served=counting.served(attempts),
        served_first_try=counting.served(attempts, first_try=True),
        agreement=counting.agreement(attempts),
        need_met={days: counting.need_met(wanted, days, period.as_of) for days in NEED_DAYS},
        days_to_answer=counting.median_days_to_answer(attempts),
        by_domain=counting.by_domain(attempts),
    )


def attempts_of(session: Session, period: Period) -> tuple[Attempt, ...]:
    """The referrals that count: sent in the period, not replaced by a correction, not sent by mistake."""
    later = aliased(Referral)
    corrected = select(later.correction_of).where(later.correction_of.is_not(None), later.created_at <= period.as_of)
    rows = session.execute(
        select(Referral.id, Referral.batch_id, Referral.sent_at, Need.subneed)
        .join(ServiceRequest, ServiceRequest.id == Referral.request_id)
        .join(Need, Need.id == ServiceRequest.need_id)
        .where(Referral.sent_at >= period.since, Referral.sent_at < period.until, Referral.id.not_in(corrected))
        .order_by(Referral.sent_at, Referral.id)
    ).all()
    moves = _moves(session, [row.id for row in rows], period.as_of)
    words = _words(session, {row.id: row.batch_id for row in rows}, period.as_of)
    again = _second_tries(session)
    attempts = (
        _attempt(row.sent_at, domain_of(row.subneed), row.id not in again, moves.get(row.id, ()), words.get(row.id))
        for row in rows
    )
    return tuple(attempt for attempt in attempts if attempt is not None)


def needs_of(session: Session, period: Period) -> tuple[Wanted, ...]:
    """The needs with wanted help that were found in the period."""
    rows = session.execute(
        select(Need.identified_at, Need.met_at, Need.status)
        .join(Patient, Patient.id == Need.patient_id)
        .where(
            Need.help_wanted == HelpWanted.YES,
            Need.identified_at >= period.since,
            Need.identified_at < period.until,
        )
    )
    return tuple(
        Wanted(
            identified_at=row.identified_at,
            met_at=row.met_at if row.met_at is not None and row.met_at <= period.as_of else None,
            unknown=row.status is NeedStatus.UNKNOWN,
        )
        for row in rows
    )


def _second_tries(session: Session) -> set[uuid.UUID]:
    """Referrals made because an earlier one failed. A correction is the same try as the referral it corrects."""
    linked = select(Referral.id, Referral.previous_id, Referral.correction_of).where(Referral.previous_id.is_not(None))
    before = {row.id: (row.previous_id, row.correction_of) for row in session.execute(linked)}

    def is_second(referral_id: uuid.UUID) -> bool:
        while referral_id in before and before[referral_id][1] is not None:
            referral_id = before[referral_id][1]
        return referral_id in before

    return {referral_id for referral_id in before if is_second(referral_id)}


def _moves(
    session: Session, referral_ids: Sequence[uuid.UUID], as_of: datetime
) -> dict[uuid.UUID, tuple[ReferralEvent, ...]]:
    query = (
        select(ReferralEvent)
        .where(
            ReferralEvent.referral_id.in_(referral_ids),
            ReferralEvent.kind == EventKind.MOVE,
            ReferralEvent.recorded_at <= as_of,
        )
        .order_by(ReferralEvent.referral_id, ReferralEvent.seq)
    )
    found: dict[uuid.UUID, tuple[ReferralEvent, ...]] = {}
    for event in session.scalars(query):
        found[event.referral_id] = (*found.get(event.referral_id, ()), event)
    return found


def _words(
    session: Session, batch_of: dict[uuid.UUID, uuid.UUID | None], as_of: datetime
) -> dict[uuid.UUID, outcomes.Said]:
    """What each patient said last about each referral, or about the whole send it was part of."""
    batches = {batch_id for batch_id in batch_of.values() if batch_id is not None}
    query = (
        select(PatientAnswer)
        .where(
            or_(PatientAnswer.referral_id.in_(batch_of), PatientAnswer.batch_id.in_(batches)),
            PatientAnswer.need_id.is_(None),
            PatientAnswer.word.in_(outcomes.SAID),
            PatientAnswer.at <= as_of,
        )
        .order_by(PatientAnswer.at)
    )
    said: dict[uuid.UUID, outcomes.Said] = {}
    for answer in session.scalars(query):
        whole = answer.referral_id is None
        about: list[uuid.UUID | None] = (
            [one for one, batch_id in batch_of.items() if batch_id == answer.batch_id] if whole else []
        )
        for referral_id in about or [answer.referral_id]:
            if referral_id is not None and referral_id in batch_of:
                said[referral_id] = outcomes.said(answer.word)
    return said


def _attempt(
    sent_at: datetime, domain: str, first_try: bool, moves: Iterable[ReferralEvent], word: outcomes.Said | None
) -> Attempt | None:
    history = tuple(moves)
    if not history:
        return None
    last = history[-1]
    assert last.to_state is not None
    if last.to_state is ReferralState.ERROR or _by_mistake(last, sent_at):
        return None
    return Attempt(
        sent_at=sent_at,
        state=last.to_state,
        first_try=first_try,
        domain=domain,
        answered_at=next((move.occurred_at for move in history if _agencys_answer(move)), None),
        closed_at=last.occurred_at,
        by_client=last.reason in counting.CLIENTS_OWN_REASONS,
        word=word,
    )


def _agencys_answer(move: ReferralEvent) -> bool:
    agencys = move.side is Side.AGENCY or bool(move.said_by)
    return agencys and move.to_state is not ReferralState.SEEN


def _by_mistake(last: ReferralEvent, sent_at: datetime) -> bool:
    withdrawn = last.to_state is ReferralState.WITHDRAWN and last.reason in BY_MISTAKE
    return withdrawn and last.occurred_at - sent_at <= MISTAKE_WITHIN
