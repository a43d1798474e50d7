"""Warnings before a send: somebody helps with this need already, or this place was tried. Never a block.

Only what the asker may see is named. Another team of the org is told of without a name, and only where the person
agreed that what they need may be shared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, unique
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from referrals import consent, lifecycle, people, sight
from referrals.needs import ALIKE, domain_of, is_protected, subneed_of
from resources_db.models.directory import Organization
from resources_db.models.people import Need, Patient
from resources_db.models.referrals import Referral, ServiceRequest
from resources_db.models.tenants import AppUser
from resources_db.tenancy import actor_of
from resources_db.vocab import ConsentScope, Reason, ReferralState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.repositories.listings import Listing

TRIED_WITHIN = timedelta(days=90)


@unique
class Duplicate(StrEnum):
    """Kinds of warning, the strongest first."""

    ALREADY_THERE = "already_there"
    SAID_DUPLICATE = "said_duplicate"
    OTHER_TEAM = "other_team"
    OTHER_PERSON = "other_person"
    SAME_SERVICE = "same_service"
    SAME_NEED = "same_need"


@unique
class GoOn(StrEnum):
    """Why a person sends although they were warned; kept in the history of the referral."""

    TWO_TRIES = "two_tries"
    CHANGED = "changed"
    OTHER_HELP = "other_help"
    ASKED_FOR = "asked_for"
    TALKED = "talked"


USUALLY: dict[Duplicate, GoOn] = {
    Duplicate.ALREADY_THERE: GoOn.OTHER_HELP,
    Duplicate.SAID_DUPLICATE: GoOn.CHANGED,
    Duplicate.OTHER_TEAM: GoOn.TALKED,
    Duplicate.OTHER_PERSON: GoOn.TALKED,
    Duplicate.SAME_SERVICE: GoOn.CHANGED,
    Duplicate.SAME_NEED: GoOn.TWO_TRIES,
}
"""The reason that stands chosen on the page for the strongest warning, so that going on stays one key."""


@dataclass(frozen=True, slots=True)
class Warned:
    """One earlier referral worth knowing before pressing Send. Of another team's nothing is told but that it is."""

    kind: Duplicate
    service_id: uuid.UUID | None = None
    referral_id: uuid.UUID | None = None
    agency: str = ""
    state: ReferralState | None = None
    reason: Reason | None = None
    sent_at: datetime | None = None
    sent_by: str = ""
    is_open: bool = False
    by_me: bool = False


def warnings(
    session: Session,
    patient_id: uuid.UUID,
    places: Iterable[tuple[Listing, str]],
    *,
    now: datetime,
    after: uuid.UUID | None = None,
) -> tuple[Warned, ...]:
    """What speaks against sending to these places for these sub-needs, the strongest first; one line each.

    `after` is the attempt that failed when this is the next one: nobody needs to be warned of it.
    """
    wanted = list(places)
    if not wanted:
        return ()
    me = actor_of(session).user_id
    found = [
        _warned(kind, row, me)
        for row in _earlier(session, patient_id, now)
        if row[0].id != after and (kind := _kind(row, wanted, me)) is not None
    ]
    found += _other_teams(session, patient_id, wanted, now)
    order = list(Duplicate)
    return tuple(sorted(found, key=lambda one: order.index(one.kind)))


def usual_reason(warned: Sequence[Warned]) -> GoOn | None:
    """The reason that stands chosen; None where nothing was warned of."""
    return USUALLY[warned[0].kind] if warned else None


Row = tuple[Referral, Need, str, str | None]


def _earlier(session: Session, patient_id: uuid.UUID, now: datetime) -> Sequence[Row]:
    lately = Referral.sent_at > now - TRIED_WITHIN
    query = (
        select(Referral, Need, Organization.name, AppUser.name)
        .join(ServiceRequest, ServiceRequest.id == Referral.request_id)
        .join(Need, Need.id == ServiceRequest.need_id)
        .join(Organization, Organization.id == Referral.organization_id)
        .outerjoin(AppUser, AppUser.id == Referral.created_by)
        .where(Referral.patient_id == patient_id, Referral.sent_at.is_not(None))
        .where(or_(lately, Referral.state.in_(lifecycle.WITH_AGENCY)))
        .order_by(Referral.sent_at.desc())
    )
    return [
        (referral, need, agency, sender)
        for referral, need, agency, sender in session.execute(query)
        if not is_protected(need) or sight.sees_need(need)
    ]


def _kind(row: Row, wanted: Sequence[tuple[Listing, str]], me: uuid.UUID | None) -> Duplicate | None:
    referral, need, _agency, _sender = row
    same_service = any(listing.service_id == referral.service_id for listing, _ in wanted)
    if same_service and referral.state in {ReferralState.RECEIVING, ReferralState.WAITLISTED}:
        return Duplicate.ALREADY_THERE
    if same_service and referral.reason is Reason.DUPLICATE:
        return Duplicate.SAID_DUPLICATE
    if same_service:
        return Duplicate.SAME_SERVICE
    if referral.state not in lifecycle.WITH_AGENCY or not _same_need(subneed_of(need), wanted):
        return None
    return Duplicate.SAME_NEED if referral.created_by in {me, None} else Duplicate.OTHER_PERSON


def _same_need(subneed: str, wanted: Sequence[tuple[Listing, str]]) -> bool:
    """The same sub-need; for food any need of food, as everywhere."""
    return any(
        one == subneed or (domain_of(one) == domain_of(subneed) and domain_of(one) in ALIKE) for _, one in wanted
    )


def _warned(kind: Duplicate, row: Row, me: uuid.UUID | None) -> Warned:
    referral, _need, agency, sender = row
    return Warned(
        kind,
        service_id=referral.service_id,
        referral_id=referral.id,
        agency=agency,
        state=referral.state,
        reason=referral.reason,
        sent_at=referral.sent_at,
        sent_by=sender or "",
        is_open=referral.state in lifecycle.WITH_AGENCY,
        by_me=referral.created_by in {me, None},
    )


def _other_teams(
    session: Session, patient_id: uuid.UUID, wanted: Sequence[tuple[Listing, str]], now: datetime
) -> Iterator[Warned]:
    """The same person in the records of another team of the org: told once, and only with that record's consent."""
    patient = people.get(session, patient_id)
    if patient.phone_bix is None:
        return
    others = (
        select(Referral, Need, Patient)
        .join(ServiceRequest, ServiceRequest.id == Referral.request_id)
        .join(Need, Need.id == ServiceRequest.need_id)
        .join(Patient, Patient.id == Referral.patient_id)
        .where(Patient.phone_bix == patient.phone_bix, Patient.id != patient.id, Patient.closed_at.is_(None))
        .where(Patient.care_team_id != patient.care_team_id, Referral.state.in_(lifecycle.WITH_AGENCY))
        .where(Referral.sensitive.is_(False))
    )
    for referral, need, other in session.execute(others).all():
        subneed = subneed_of(need)
        if _same_person(patient, other) and _same_need(subneed, wanted):
            agreed = consent.covering(
                session, other.id, organization_id=referral.organization_id, subneed=subneed, now=now
            )
            if agreed is not None and agreed.scope is not ConsentScope.ONE_REFERRAL:
                yield Warned(Duplicate.OTHER_TEAM)
                return


def _same_person(one: Patient, other: Patient) -> bool:
    """One phone may serve a family: the first name must be the same, and the birth date where both are known."""
    if one.first_name.casefold() != other.first_name.casefold():
        return False
    return not (one.birth_date and other.birth_date) or one.birth_date == other.birth_date
