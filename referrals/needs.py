"""Needs of a patient: add, find the one a listing answers, count the days without help, set what became of them.

A sensitive need stands in the database as its domain only; what it is exactly is encrypted beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import sight
from referrals.errors import BadInputError, NotFoundError
from resources_db import needs as catalog
from resources_db.models.people import Need, NeedEvent
from resources_db.models.referrals import ServiceRequest
from resources_db.tenancy import actor_of
from resources_db.vocab import HelpWanted, NeedSource, NeedStatus, Priority, RequestStatus

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

OPEN = frozenset({NeedStatus.OPEN, NeedStatus.IN_WORK, NeedStatus.UNKNOWN})
ALIKE = frozenset({"nutrition"})
"""Domains in which one place may stand for another: a hot meal also answers the need for a pantry."""
WISH_WAS = "help_wanted_was_"
"""The method of an event that tells only of the wish for help, and what it was before."""
SAFETY = frozenset({"dv_safety"})
"""Nothing of the person leaves the house for these: the directory only (referrals.md section 11)."""


def add(
    session: Session,
    *,
    patient_id: uuid.UUID,
    org_id: uuid.UUID,
    subneed: str,
    source: NeedSource,
    now: datetime,
    help_wanted: HelpWanted = HelpWanted.YES,
    urgency: Priority = Priority.ROUTINE,
    date_at_risk: date | None = None,
    details: str = "",
) -> Need:
    """A new need. The same open need twice gives back the first one."""
    known = catalog.NEEDS.get(subneed)
    if known is None:
        raise BadInputError("subneed", "unknown")
    for need in open_needs(session, patient_id):
        if subneed_of(need) == subneed:
            return need
    need = Need(
        org_id=org_id,
        patient_id=patient_id,
        subneed=known.domain if known.sensitive else subneed,
        subneed_full=subneed if known.sensitive else "",
        details=details,
        source=source,
        help_wanted=help_wanted,
        status=NeedStatus.OPEN,
        urgency=urgency,
        identified_at=now,
        date_at_risk=date_at_risk,
        created_at=now,
        created_by=actor_of(session).user_id,
    )
    session.add(need)
    session.flush()  # the event points at the row
    _note(session, need, None, "", now)
    return need


def get(session: Session, need_id: uuid.UUID) -> Need:
    """The need, if this actor may see it; raises NotFoundError."""
    need = session.scalars(select(Need).where(Need.id == need_id)).one_or_none()
    if need is None:
        raise NotFoundError
    return need


def open_needs(session: Session, patient_id: uuid.UUID) -> Sequence[Need]:
    """Needs that are not settled, oldest first."""
    query = select(Need).where(Need.patient_id == patient_id, Need.status.in_(OPEN), Need.closed_at.is_(None))
    return session.scalars(query.order_by(Need.identified_at, Need.id)).all()


def subneed_of(need: Need) -> str:
    """The sub-need id; of a protected one that the session's actor may not see, the domain (`sight`)."""
    if not is_protected(need) or not sight.sees_need(need):
        return need.subneed
    return need.subneed_full


def is_protected(need: Need) -> bool:
    """Whether what the need is exactly is kept from other teams (`sight`)."""
    return need.subneed_full_enc is not None


def details_of(need: Need) -> str:
    """What was written about the need; nothing when it is protected and not for the session's actor."""
    return "" if is_protected(need) and not sight.sees_need(need) else need.details


def domain_of(subneed: str) -> str:
    """The domain of a sub-need id (a domain stands for itself)."""
    known = catalog.NEEDS.get(subneed)
    return known.domain if known else subneed


def answered_by(needs: Iterable[Need], offers: Sequence[str]) -> Need | None:
    """The need a listing with these sub-needs answers: the same sub-need; for food, any need of food."""
    wanted = [need for need in needs if need.help_wanted is not HelpWanted.NO]
    same = next((need for need in wanted if subneed_of(need) in offers), None)
    kinds = {domain_of(offer) for offer in offers} & ALIKE
    return same or next((need for need in wanted if domain_of(subneed_of(need)) in kinds), None)


def days_without_help(need: Need, now: datetime) -> int | None:
    """Days from when it was found until it was met; None while no help is wanted."""
    if need.help_wanted is not HelpWanted.YES:
        return None
    end = need.met_at or need.closed_at or now
    return max(0, (end - need.identified_at).days)


def set_status(session: Session, need: Need, status: NeedStatus, *, method: str, now: datetime) -> None:
    """Write what became of a need, with its event. Met and closed needs carry their moment."""
    if need.status is status:
        return
    before, need.status = need.status, status
    if status is NeedStatus.MET:
        need.met_at, need.met_method = now, method
    need.closed_at = now if status in {NeedStatus.MET, NeedStatus.UNMET_CLOSED, NeedStatus.NOT_WANTED} else None
    _note(session, need, before, method, now)
    if need.closed_at is not None:
        _close_requests(session, need, status, now)


def set_wanted(session: Session, need: Need, wanted: HelpWanted, *, now: datetime) -> None:
    """The person wants help, or does not; not wanted settles the need."""
    before, need.help_wanted = need.help_wanted, wanted
    if before is not wanted:  # a report as of an earlier day must still know it
        _note(session, need, need.status, f"{WISH_WAS}{before.value}", now)
    if wanted is HelpWanted.NO:
        set_status(session, need, NeedStatus.NOT_WANTED, method="talk", now=now)


def request_for(session: Session, need: Need, *, priority: Priority, now: datetime) -> ServiceRequest:
    """The open request of a need, made when there is none."""
    request = open_request(session, need)
    if request is not None:
        return request
    request = ServiceRequest(
        org_id=need.org_id,
        patient_id=need.patient_id,
        need_id=need.id,
        status=RequestStatus.ACTIVE,
        priority=priority,
        created_at=now,
        created_by=actor_of(session).user_id,
    )
    session.add(request)
    session.flush()
    return request


def open_request(session: Session, need: Need) -> ServiceRequest | None:
    """The open request of a need."""
    query = select(ServiceRequest).where(
        ServiceRequest.need_id == need.id, ServiceRequest.status == RequestStatus.ACTIVE
    )
    return session.scalars(query.order_by(ServiceRequest.created_at).limit(1)).one_or_none()


def _close_requests(session: Session, need: Need, status: NeedStatus, now: datetime) -> None:
    query = select(ServiceRequest).where(
        ServiceRequest.need_id == need.id, ServiceRequest.status == RequestStatus.ACTIVE
    )
    for request in session.scalars(query):
        request.status = RequestStatus.COMPLETED if status is NeedStatus.MET else RequestStatus.REVOKED
        request.closed_at = now


def _note(session: Session, need: Need, before: NeedStatus | None, method: str, now: datetime) -> None:
    actor = actor_of(session)
    session.add(
        NeedEvent(
            org_id=need.org_id,
            need_id=need.id,
            from_status=before.value if before else None,
            to_status=need.status.value,
            method=method or None,
            actor_kind=actor.kind.value,
            actor_id=actor.user_id,
            at=now,
        )
    )
