"""A request from the public pages becomes work: a patient, their need, what they agreed to, a draft, an item.

A person decides whether it is somebody we know; nothing leaves the house before a navigator sends it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING

from sqlalchemy import select

from messaging import suppression
from referrals import (
    business_days,
    consent,
    drafts,
    intake,
    lifecycle,
    needs,
    notes,
    people,
    senders,
    texting,
    worklist,
)
from referrals.consent import ConsentForm, Recipient
from referrals.errors import NotFoundError, TooLateError
from referrals.people import PatientFacts
from referrals.worklist import About
from resources_db import audit
from resources_db import needs as catalog
from resources_db.listing_key import ListingKey
from resources_db.models.people import Patient
from resources_db.models.referrals import Referral
from resources_db.repositories import listings
from resources_db.tenancy import actor_of
from resources_db.vocab import (
    ConsentMethod,
    IntakeState,
    NeedSource,
    Priority,
    ReferralState,
    TextingLevel,
    WhyCode,
)

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.intake import Request
    from resources_db.models.care import Intake
    from resources_db.models.people import Need
    from resources_db.repositories.listing import Listing

MOST_MATCHES = 6


@unique
class Alike(StrEnum):
    """What a request and a patient have in common."""

    PHONE = "phone"
    NAME = "name"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Match:
    """A patient whom the request may be from."""

    patient: Patient
    alike: Alike


@dataclass(frozen=True, slots=True)
class Decision:
    """What the person at the queue chose. No patient: a new one. No sub-need: it is not clear yet."""

    patient_id: uuid.UUID | None = None
    subneed: str = ""


def matches(session: Session, request: Request) -> tuple[Match, ...]:
    """Patients of this org with the same phone or the same name, the surest first. None is chosen by itself."""
    by_phone = {one.id: one for one in people.find(session, request.phone)} if request.phone else {}
    by_name = {one.id: one for one in people.find(session, request.name)} if len(request.name) > 1 else {}
    both = [Match(one, Alike.BOTH) for key, one in by_phone.items() if key in by_name]
    phone = [Match(one, Alike.PHONE) for key, one in by_phone.items() if key not in by_name]
    name = [Match(one, Alike.NAME) for key, one in by_name.items() if key not in by_phone]
    return tuple([*both, *phone, *name][:MOST_MATCHES])


def take_up(session: Session, request_id: uuid.UUID, decision: Decision, *, now: datetime) -> Patient:
    """Make a patient of a request, or tie it to one we know. Twice is once; a refused one raises TooLateError."""
    row = intake.get(session, request_id, lock=True)
    if row.state is IntakeState.TAKEN and row.patient_id is not None:
        return people.get(session, row.patient_id)
    if row.state is not IntakeState.NEW:
        raise TooLateError
    request = intake.opened(row)
    patient = people.get(session, decision.patient_id) if decision.patient_id else _new(session, row, request, now)
    row.state, row.patient_id = IntakeState.TAKEN, patient.id
    row.decided_at, row.decided_by = now, actor_of(session).user_id
    listing = _listing(session, row)
    subneed = decision.subneed if decision.subneed in catalog.NEEDS else ""
    need = _need(session, patient, request, subneed, now) if subneed else None
    if request.words:
        notes.add(session, patient_id=patient.id, body=request.words, now=now)
    _agreements(session, patient, row, request, subneed, listing, now)
    draft = _draft(session, patient, need, listing, subneed, now)
    _item(session, patient, row, request, subneed, draft, listing, now)
    audit.record(session, action="intake.take_up", subject_kind="intake", subject_id=row.id, now=now)
    return patient


def _new(session: Session, row: Intake, request: Request, now: datetime) -> Patient:
    if row.care_team_id is None:
        raise NotFoundError
    first, _, last = request.name.partition(" ")
    facts = PatientFacts(
        first_name=first,
        last_name=last.strip(),
        phone=request.phone,
        zip=request.zip,
        language=request.language,
        safe_contact=request.reach,
    )
    lead = actor_of(session).user_id
    return people.create(session, care_team_id=row.care_team_id, facts=facts, lead_id=lead, now=now)


def _need(session: Session, patient: Patient, request: Request, subneed: str, now: datetime) -> Need:
    return needs.add(
        session,
        patient_id=patient.id,
        org_id=patient.org_id,
        subneed=subneed,
        source=NeedSource.PATIENT,
        urgency=Priority.URGENT if request.danger else Priority.ROUTINE,
        details=request.words,
        now=now,
    )


def _agreements(
    session: Session,
    patient: Patient,
    row: Intake,
    request: Request,
    subneed: str,
    listing: Listing | None,
    now: datetime,
) -> None:
    """What was agreed to on the page, in its words. It never undoes a stop, and covers nothing sensitive."""
    same_phone = row.phone_bix is not None and row.phone_bix == patient.phone_bix
    stopped = row.phone_bix is not None and suppression.open_suppression(session, row.phone_bix) is not None
    if request.may_text and same_phone and not stopped and not patient.never_text:
        texting.record(
            session,
            patient_id=patient.id,
            level=TextingLevel.NEUTRAL,
            how="page",
            language=request.language,
            now=now,
            shown=texting.Shown(row.wording_version, str(request.agreed.get("text", ""))),
        )
    recipient = _recipient(subneed, listing)
    if request.may_share and recipient is not None:
        form = ConsentForm(
            recipients=(recipient,),
            method=ConsentMethod.PATIENT_PAGE,
            language=request.language,
            wording=row.wording_version,
        )
        consent.record(session, patient_id=patient.id, form=form, now=now)


def _recipient(subneed: str, listing: Listing | None) -> Recipient | None:
    """The one place that was asked about, else all services of the need's kind; sensitive needs ask for more."""
    offers = [subneed] if subneed else list(listing.needs[:1]) if listing else []
    if not offers or catalog.is_sensitive(offers) or (listing is not None and listing.sensitive):
        return None
    if listing is not None:
        return Recipient(organization_id=listing.organization_id)
    return Recipient(domain=needs.domain_of(subneed))


def _listing(session: Session, row: Intake) -> Listing | None:
    if row.service_id is None:
        return None
    found = listings.load(session, [ListingKey(row.service_id, row.location_id)], include_staff=True)
    return found[0] if found else None


def _draft(
    session: Session, patient: Patient, need: Need | None, listing: Listing | None, subneed: str, now: datetime
) -> Referral | None:
    """A draft to the place that was asked about; it stays here until a navigator sends it."""
    if need is None or listing is None or subneed in needs.SAFETY:
        return None
    request = needs.request_for(session, need, priority=need.urgency, now=now)
    ended = {one.value for one in lifecycle.TERMINAL}
    under_way = select(Referral.id).where(
        Referral.request_id == request.id,
        Referral.service_id == listing.service_id,
        Referral.state.not_in(ended),
    )
    if session.scalars(under_way).first() is not None:
        return None
    draft = Referral(
        org_id=patient.org_id,
        ref=drafts.new_ref(session, patient.org_id),
        request_id=request.id,
        patient_id=patient.id,
        organization_id=listing.organization_id,
        service_id=listing.service_id,
        location_id=listing.location_id,
        state=ReferralState.DRAFT,
        priority=need.urgency,
        sensitive=listing.sensitive or catalog.is_sensitive([subneed]),
        shared_fields=[],
        version=1,
        created_at=now,
        created_by=actor_of(session).user_id,
    )
    session.add(draft)
    session.flush()
    return draft


def _item(
    session: Session,
    patient: Patient,
    row: Intake,
    request: Request,
    subneed: str,
    draft: Referral | None,
    listing: Listing | None,
    now: datetime,
) -> None:
    zone = senders.org_of(session, patient.org_id).timezone
    facts: dict[str, object] = {"intake": str(row.id), "asked_on": request.at.date().isoformat()}
    if subneed and not catalog.is_sensitive([subneed]):
        facts["subneed"] = subneed
    if request.danger:
        facts["danger"] = True
    if listing is not None and not listing.sensitive:
        facts["agency"] = listing.name
    about = About(
        WhyCode.SELF_REFERRED,
        patient.id,
        patient.org_id,
        referral_id=draft.id if draft is not None else None,
        facts=facts,
        words=request.words,
        of=str(row.id),
    )
    promised = intake.call_by(request.at, zone)
    due_at = max(now, business_days.end_of_day(now, zone)) if request.danger else promised
    worklist.open_item(session, about, due_at=due_at, now=now)
