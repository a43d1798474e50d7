"""What a care team changes about a need: the wish, how soon, until when; settled how, opened again. And its history.

Every change is a need event. What a member of the team settles is the third fact, beside the agency's and the
person's: "care team found".
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import needs
from referrals.errors import BadInputError
from referrals.lifecycle import WITH_AGENCY
from resources_db.models.people import Need, NeedEvent
from resources_db.models.referrals import Referral, ServiceRequest
from resources_db.models.tenants import AppUser
from resources_db.tenancy import actor_of
from resources_db.vocab import ActorKind, HelpWanted, NeedStatus, Priority

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

METHODS = ("talk", "visit", "document")
"""How a care team can have learned what became of a need (referrals.md section 4)."""
SETTLED = {"met": NeedStatus.MET, "unmet": NeedStatus.UNMET_CLOSED, "not_wanted": NeedStatus.NOT_WANTED}
REOPENED = "reopened"
URGENCY, DATE, DETAILS = "urgency_changed", "date_changed", "details_changed"
LONGEST_DETAILS = 1_000


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to a need: from, to, how, by whom. `by` is empty for the person, an agency, the clock."""

    before: NeedStatus | None
    after: NeedStatus
    method: str
    by: str
    side: str
    at: datetime

    @property
    def care_team_found(self) -> bool:
        """Whether a member of the team said what became of it."""
        return self.method in METHODS and self.before is not self.after and bool(self.by)


def edit(
    session: Session,
    need_id: uuid.UUID,
    *,
    help_wanted: HelpWanted,
    urgency: Priority,
    date_at_risk: date | None,
    details: str,
    now: datetime,
) -> Need:
    """Change what is known of a need that is open; a settled one is opened first. Writes an event for each change."""
    need = needs.get(session, need_id)
    details = details.strip()
    if len(details) > LONGEST_DETAILS:
        raise BadInputError("details", "too_long")
    if need.status not in needs.OPEN:
        raise BadInputError("help_wanted", "settled")
    for name, value, method in (
        ("urgency", urgency, URGENCY),
        ("date_at_risk", date_at_risk, DATE),
        ("details", details, DETAILS),
    ):
        if getattr(need, name) != value:
            setattr(need, name, value)
            _note(session, need, method, now)
    needs.set_wanted(session, need, help_wanted, now=now)
    return need


def settle(session: Session, need_id: uuid.UUID, status: NeedStatus, *, method: str, now: datetime) -> Need:
    """What the care team found: met, not met, or not wanted. Raises BadInputError for a method nobody knows."""
    if method not in METHODS:
        raise BadInputError("method", "unknown")
    need = needs.get(session, need_id)
    if status is NeedStatus.NOT_WANTED:
        need.help_wanted = HelpWanted.NO
    needs.set_status(session, need, status, method=method, now=now)
    return need


def reopen(session: Session, need_id: uuid.UUID, *, now: datetime) -> Need:
    """It was not settled after all: the days count on from when it was found. Open already: nothing happens.

    Raises BadInputError when the same need was written down anew meanwhile.
    """
    need = needs.get(session, need_id)
    if need.status in needs.OPEN and need.closed_at is None:
        return need
    if any(needs.subneed_of(one) == needs.subneed_of(need) for one in needs.open_needs(session, need.patient_id)):
        raise BadInputError("need", "open_again")
    if need.help_wanted is HelpWanted.NO:
        need.help_wanted = HelpWanted.YES
    under_way = select(Referral.id).join(ServiceRequest, ServiceRequest.id == Referral.request_id)
    under_way = under_way.where(ServiceRequest.need_id == need.id, Referral.state.in_(WITH_AGENCY))
    status = NeedStatus.IN_WORK if session.scalars(under_way).first() else NeedStatus.OPEN
    needs.set_status(session, need, status, method=REOPENED, now=now)
    need.met_at = need.met_method = need.closed_at = None
    return need


def history(session: Session, need_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, tuple[Change, ...]]:
    """What happened to these needs, oldest first, in two queries."""
    query = select(NeedEvent).where(NeedEvent.need_id.in_(need_ids)).order_by(NeedEvent.at, NeedEvent.id)
    events = session.scalars(query).all()
    actors = {one.actor_id for one in events if one.actor_id is not None}
    named = session.execute(select(AppUser.id, AppUser.name).where(AppUser.id.in_(actors)))
    names = {row[0]: row[1] for row in named}
    found: dict[uuid.UUID, list[Change]] = defaultdict(list)
    for one in events:
        staff = one.actor_kind == ActorKind.USER.value and one.actor_id is not None
        found[one.need_id].append(
            Change(
                before=NeedStatus(one.from_status) if one.from_status else None,
                after=NeedStatus(one.to_status),
                method=one.method or "",
                by=names.get(one.actor_id, "") if staff and one.actor_id else "",
                side=one.actor_kind,
                at=one.at,
            )
        )
    return {need_id: tuple(changes) for need_id, changes in found.items()}


def _note(session: Session, need: Need, method: str, now: datetime) -> None:
    actor = actor_of(session)
    session.add(
        NeedEvent(
            org_id=need.org_id,
            need_id=need.id,
            from_status=need.status.value,
            to_status=need.status.value,
            method=method,
            actor_kind=actor.kind.value,
            actor_id=actor.user_id,
            at=now,
        )
    )
