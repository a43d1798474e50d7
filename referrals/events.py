"""The append-only history of a referral: write one event, and read the state back out of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from resources_db.models.referrals import Referral, ReferralEvent
from resources_db.tenancy import actor_of
from resources_db.vocab import EventKind, ReferralState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from referrals.by import By
    from referrals.lifecycle import Step
    from resources_db.base import JsonDict
    from resources_db.vocab import Reason


def append(
    session: Session,
    referral: Referral,
    *,
    kind: EventKind,
    by: By,
    key: str,
    now: datetime,
    step: Step | None = None,
    reason: Reason | None = None,
    text: str = "",
    next_on: date | None = None,
    facts: JsonDict | None = None,
    occurred_at: datetime | None = None,
) -> ReferralEvent:
    """One more event. The caller holds the referral's row, so the sequence has no gap and no race."""
    actor = actor_of(session)
    event = ReferralEvent(
        org_id=referral.org_id,
        referral_id=referral.id,
        seq=_last_seq(session, referral.id) + 1,
        kind=kind,
        from_state=step.start if step else None,
        to_state=step.to if step else None,
        business_status=step.business_status if step else None,
        reason=reason,
        text=text,
        next_on=next_on,
        side=by.side,
        actor_kind=actor.kind.value,
        actor_id=actor.user_id,
        channel=by.channel,
        said_by=by.said_by or None,
        facts=facts or {},
        idempotency_key=key,
        occurred_at=occurred_at or now,
        recorded_at=now,
    )
    session.add(event)
    session.flush()  # the next event counts on from this one
    return event


def with_key(session: Session, referral_id: uuid.UUID, key: str) -> ReferralEvent | None:
    """The event this very form wrote already."""
    return session.scalars(
        select(ReferralEvent).where(ReferralEvent.referral_id == referral_id, ReferralEvent.idempotency_key == key)
    ).one_or_none()


def of(session: Session, referral_id: uuid.UUID) -> Sequence[ReferralEvent]:
    """The whole history, in order."""
    query = select(ReferralEvent).where(ReferralEvent.referral_id == referral_id)
    return session.scalars(query.order_by(ReferralEvent.seq)).all()


def last_move(session: Session, referral_id: uuid.UUID) -> ReferralEvent | None:
    """The newest move."""
    query = select(ReferralEvent).where(ReferralEvent.referral_id == referral_id, ReferralEvent.kind == EventKind.MOVE)
    return session.scalars(query.order_by(ReferralEvent.seq.desc()).limit(1)).one_or_none()


def attempts(session: Session, referral_id: uuid.UUID) -> tuple[datetime, ...]:
    """The moments at which the agency or a navigator tried to reach the person."""
    query = select(ReferralEvent.occurred_at).where(
        ReferralEvent.referral_id == referral_id,
        ReferralEvent.kind == EventKind.MOVE,
        ReferralEvent.to_state == ReferralState.CONTACTING,
    )
    return tuple(session.scalars(query.order_by(ReferralEvent.seq)))


def fold(history: Iterable[ReferralEvent]) -> ReferralState:
    """The state the moves lead to; it always equals the stored one."""
    state = ReferralState.DRAFT
    for event in history:
        if event.kind is EventKind.MOVE and event.to_state is not None:
            state = event.to_state
    return state


def _last_seq(session: Session, referral_id: uuid.UUID) -> int:
    newest = select(func.max(ReferralEvent.seq)).where(ReferralEvent.referral_id == referral_id)
    return session.scalars(newest).one() or 0
