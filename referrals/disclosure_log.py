"""Who received what about a person, and under which agreement: read on demand (42 CFR 2.24, 45 CFR 164.528)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from referrals import part2, people, sight
from resources_db.models.consents import Consent, Disclosure, TextingConsent
from resources_db.models.directory import Organization
from resources_db.models.referrals import Referral

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.vocab import Channel

YEARS_SHOWN = timedelta(days=3 * 366)
"""As far back as a person may ask (three years for Part 2, six for what a clinic keeps)."""


@dataclass(frozen=True, slots=True)
class Received:
    """One time that facts of the person left the house. `withdrawn`: it was the wrong person or place."""

    at: datetime
    recipient: str
    """The agency's name, or the word of another kind of recipient (patient, print, export)."""
    fields: tuple[str, ...]
    channel: Channel
    ref: str
    protected: bool
    consent_id: uuid.UUID | None
    withdrawn: str


def of_patient(session: Session, patient_id: uuid.UUID, *, now: datetime) -> list[Received]:
    """Everything of the last three years, the newest first. Raises NotFoundError for a foreign patient."""
    people.get(session, patient_id)
    shown = sight.sees(session, patient_id)
    rows = session.execute(
        select(Disclosure, Organization.name, Referral.ref, Consent.flags, Referral.sensitive)
        .outerjoin(Organization, Organization.id == Disclosure.organization_id)
        .outerjoin(Referral, Referral.id == Disclosure.referral_id)
        .outerjoin(Consent, Consent.id == Disclosure.consent_id)
        .where(Disclosure.patient_id == patient_id, Disclosure.at > now - YEARS_SHOWN)
        .order_by(Disclosure.at.desc(), Disclosure.id)
    )
    return [_received(*row[:4]) for row in rows if shown or not row[4]]


def agreements(session: Session, patient_id: uuid.UUID) -> Sequence[Consent]:
    """Every agreement to share there ever was, ended ones too, the newest first."""
    query = select(Consent).where(Consent.patient_id == patient_id).options(selectinload(Consent.recipients))
    found = session.scalars(query.order_by(Consent.effective_at.desc(), Consent.id)).all()
    return found if sight.sees(session, patient_id) else [one for one in found if not one.flags]


def texting_agreements(session: Session, patient_id: uuid.UUID) -> Sequence[TextingConsent]:
    """Every agreement to be texted, the newest first."""
    query = select(TextingConsent).where(TextingConsent.patient_id == patient_id)
    return session.scalars(query.order_by(TextingConsent.given_at.desc(), TextingConsent.id)).all()


def names_of(session: Session, consents: Sequence[Consent]) -> dict[uuid.UUID, str]:
    """The names of the organizations that these agreements name."""
    ids = {one.organization_id for consent in consents for one in consent.recipients if one.organization_id}
    rows = session.execute(select(Organization.id, Organization.name).where(Organization.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def _received(row: Disclosure, agency: str | None, ref: str | None, flags: list[str] | None) -> Received:
    return Received(
        at=row.at,
        recipient=agency or row.recipient.partition(":")[0],
        fields=tuple(row.fields),
        channel=row.channel,
        ref=ref or "",
        protected=part2.FLAG in (flags or ()),
        consent_id=row.consent_id,
        withdrawn=row.withdrawn_note or "",
    )
