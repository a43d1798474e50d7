"""The drafts of one send: each place becomes a referral on the open request of the need it answers. Nothing leaves."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import by, disclosure, duplicates, events, lifecycle, needs
from referrals.errors import Why
from resources_db.models.people import Need
from resources_db.models.referrals import Referral, SendBatch
from resources_db.tenancy import actor_of
from resources_db.vocab import BatchState, EventKind, NeedSource, Priority, ReferralState

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.disclosure import Field
    from referrals.duplicates import GoOn
    from referrals.prepare import Place
    from resources_db.listing_key import ListingKey

REF_LETTERS = "23456789CDFGHJKMNPQRTVWXYZ"
GO_ON = "go_on"
"""The fact of an event: why somebody sent although they were warned (`duplicates.GoOn`)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One place as chosen on the send page. `fields` None shares all that the need allows and we know."""

    key: ListingKey
    fields: frozenset[str] | None = None
    previous_id: uuid.UUID | None = None
    subneed: str = ""
    """The need it is for, where that was chosen with it; else the open need that the place answers."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The rest of the send form."""

    note: str = ""
    language: str | None = None
    text: bool = True
    wanted: tuple[str, ...] = ()
    priority: Priority = Priority.ROUTINE
    with_person: bool = False
    bundle_id: uuid.UUID | None = None
    go_on: GoOn | None = None
    """Why it is sent although the page warned."""


NOTHING_MORE = Wish()


def write(session: Session, batch: SendBatch, place: Place, choice: Choice, wish: Wish, *, now: datetime) -> Referral:
    """The draft of one place, with the need and the request it belongs to."""
    need = place.need or _new_need(session, batch, place, wish, now)
    request = needs.request_for(session, need, priority=wish.priority, now=now)
    referral = _unsent(session, request.id, place) or _blank(session, batch, place, now)
    referral.request_id, referral.batch_id = request.id, batch.id
    referral.location_id = place.listing.location_id
    referral.priority, referral.sensitive = wish.priority, place.sensitive
    referral.shared_fields = [field.value for field in _shared(place, choice.fields)]
    referral.note_for_agency = wish.note.strip()
    referral.consent_id = place.consent.id if place.consent is not None else None
    referral.previous_id = choice.previous_id
    session.add(referral)
    session.flush()
    if wish.go_on is not None:
        _although(session, referral, batch, place, wish.go_on, now)
    return referral


def _although(session: Session, referral: Referral, batch: SendBatch, place: Place, why: GoOn, now: datetime) -> None:
    """The history says of what the sender was warned, and why they went on."""
    told = duplicates.warnings(
        session, batch.patient_id, [(place.listing, place.subneed)], now=now, after=referral.previous_id
    )
    key = f"although:{batch.idempotency_key}"
    if told and events.with_key(session, referral.id, key) is None:
        kinds = list(dict.fromkeys(one.kind.value for one in told))
        facts: dict[str, object] = {GO_ON: why.value, "warned": kinds}
        events.append(session, referral, kind=EventKind.NOTE, by=by.NAVIGATOR, key=key, now=now, facts=facts)


def _shared(place: Place, wished: frozenset[str] | None) -> tuple[Field, ...]:
    if wished is None:
        return place.fields
    allowed = disclosure.permitted(place.subneed, wished, place.consent)
    return tuple(field for field in allowed if field in place.fields)


def _new_need(session: Session, batch: SendBatch, place: Place, wish: Wish, now: datetime) -> Need:
    return needs.add(
        session,
        patient_id=batch.patient_id,
        org_id=batch.org_id,
        subneed=place.subneed,
        source=NeedSource.TALK,
        urgency=wish.priority,
        now=now,
    )


def _unsent(session: Session, request_id: uuid.UUID, place: Place) -> Referral | None:
    draft = select(Referral).where(
        Referral.request_id == request_id,
        Referral.service_id == place.listing.service_id,
        Referral.state == ReferralState.DRAFT,
    )
    return session.scalars(draft).first()


def _blank(session: Session, batch: SendBatch, place: Place, now: datetime) -> Referral:
    return Referral(
        org_id=batch.org_id,
        ref=new_ref(session, batch.org_id),
        patient_id=batch.patient_id,
        organization_id=place.listing.organization_id,
        service_id=place.listing.service_id,
        state=ReferralState.DRAFT,
        version=1,
        created_at=now,
        created_by=actor_of(session).user_id,
    )


def new_ref(session: Session, org_id: uuid.UUID) -> str:
    """Four letters nobody mistakes on the phone, unused in this org."""
    while True:
        ref = "".join(secrets.choice(REF_LETTERS) for _ in range(4))
        taken = select(Referral.id).where(Referral.org_id == org_id, Referral.ref == ref)
        if session.scalars(taken).first() is None:
            return ref


def already_open(session: Session, place: Place) -> Why | None:
    """One attempt with a service for a need at a time; an unsent draft of it is taken up again."""
    if place.need is None:
        return None
    request = needs.open_request(session, place.need)
    if request is None:
        return None
    under_way = select(Referral.id).where(
        Referral.request_id == request.id,
        Referral.service_id == place.listing.service_id,
        Referral.state.in_(lifecycle.WITH_AGENCY),
    )
    waiting = (
        select(Referral.id)
        .join(SendBatch, SendBatch.id == Referral.batch_id)
        .where(
            Referral.request_id == request.id,
            Referral.service_id == place.listing.service_id,
            SendBatch.state == BatchState.WAITING,
        )
    )
    taken = session.scalars(under_way).first() or session.scalars(waiting).first()
    return Why.ALREADY_OPEN if taken is not None else None
