"""Consent to share: recorded, found, revoked. Nothing leaves without one that covers the recipient at that moment.

Consent to be texted is another thing and lives in `texting`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import selectinload

from referrals import part2, people
from referrals.errors import BadInputError, NotFoundError
from referrals.needs import domain_of
from resources_db import audit
from resources_db.models.consents import Consent, ConsentRecipient
from resources_db.needs import DOMAINS
from resources_db.tenancy import actor_of
from resources_db.vocab import ConsentMethod, ConsentScope, RecipientKind

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

LIFE = timedelta(days=365)
ENDS_SOON = timedelta(days=14)
A_DAY = timedelta(days=1)
"""The site may be a day behind the clock of the server."""
WORDING = "share-2026-11"
PART2, BEHAVIORAL = part2.FLAG, "behavioral"
PART2_NEEDS = part2.NEEDS


@dataclass(frozen=True, slots=True)
class Recipient:
    """One organization of the directory, or all services of a need domain."""

    organization_id: uuid.UUID | None = None
    domain: str | None = None


@dataclass(frozen=True, slots=True)
class ConsentForm:
    """What is recorded when a person agrees. `witness` is who heard a spoken yes; `told` are words of `part2.Told`."""

    recipients: tuple[Recipient, ...]
    method: ConsentMethod
    language: str
    witness: str = ""
    given_by: str = "patient"
    scope: ConsentScope = ConsentScope.PROGRAM
    fields: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    interpreter: bool = False
    wording: str = WORDING
    expires_at: datetime | None = None
    replaces_id: uuid.UUID | None = None
    discloser: str = ""
    purpose: str = ""
    signed_on: date | None = None
    told: tuple[str, ...] = ()


def record(session: Session, *, patient_id: uuid.UUID, form: ConsentForm, now: datetime) -> Consent:
    """Store what the person agreed to. Raises BadInputError when an element is missing."""
    patient = people.get(session, patient_id)
    _check(form, now)
    consent = Consent(
        org_id=patient.org_id,
        patient_id=patient.id,
        given_by=form.given_by,
        scope=form.scope,
        categories=list(form.fields),
        flags=list(form.flags),
        discloser=form.discloser.strip(),
        purpose=form.purpose.strip(),
        signed_on=form.signed_on,
        told=list(form.told),
        method=form.method,
        witness=form.witness,
        wording_version=form.wording,
        language=form.language,
        interpreter=form.interpreter,
        effective_at=now,
        expires_at=form.expires_at or now + LIFE,
        replaces_id=form.replaces_id,
        created_at=now,
        created_by=actor_of(session).user_id,
    )
    session.add(consent)
    session.flush()  # recipients point at the row
    session.add_all(_recipient(consent, recipient) for recipient in form.recipients)
    if form.replaces_id is not None:
        _replaced(session, form.replaces_id, now)
    session.flush()
    audit.record(session, action="consent.record", subject_kind="patient", subject_id=patient.id, now=now)
    return consent


def covering(
    session: Session, patient_id: uuid.UUID, *, organization_id: uuid.UUID, subneed: str, now: datetime
) -> Consent | None:
    """The consent that lets us share with this organization about this need now; the longest one first."""
    named = ConsentRecipient.organization_id == organization_id
    of_class = ConsentRecipient.domain == domain_of(subneed)
    # Part 2: the recipient must be named, a class of services is not enough.
    fits = named if subneed in PART2_NEEDS else or_(named, of_class)
    query = _valid(patient_id, now).where(
        exists().where(ConsentRecipient.consent_id == Consent.id, ConsentRecipient.org_id == Consent.org_id, fits)
    )
    found = session.scalars(query.order_by(Consent.expires_at.desc(), Consent.id)).all()
    return next((consent for consent in found if allows(consent, subneed)), None)


def allows(consent: Consent, subneed: str) -> bool:
    """Whether a consent carries what this need asks beyond a general one."""
    if subneed in PART2_NEEDS:
        return PART2 in consent.flags and not part2.missing(consent, fields=consent.categories)
    if domain_of(subneed) == "behavioral_health":
        return BEHAVIORAL in consent.flags or PART2 in consent.flags
    return True


def standing(session: Session, patient_id: uuid.UUID, *, now: datetime) -> Sequence[Consent]:
    """Consents that hold now, with their recipients."""
    query = _valid(patient_id, now).options(selectinload(Consent.recipients))
    return session.scalars(query.order_by(Consent.effective_at.desc())).all()


def get(session: Session, consent_id: uuid.UUID) -> Consent:
    """The consent, if this actor may see it; raises NotFoundError."""
    consent = session.scalars(select(Consent).where(Consent.id == consent_id).with_for_update()).one_or_none()
    if consent is None:
        raise NotFoundError
    return consent


def is_valid(consent: Consent, now: datetime) -> bool:
    """Whether a consent holds at this moment."""
    ended = consent.expires_at is not None and consent.expires_at <= now
    return consent.revoked_at is None and consent.effective_at <= now and not ended


def take_back(session: Session, consent_id: uuid.UUID, *, how: str, now: datetime) -> Consent:
    """Mark a consent as revoked. What must follow for open referrals is in `revocation`."""
    consent = get(session, consent_id)
    if consent.revoked_at is None:
        consent.revoked_at, consent.revoked_how = now, how
        consent.revoked_by = actor_of(session).user_id
        session.flush()
        audit.record(session, action="consent.revoke", subject_kind="patient", subject_id=consent.patient_id, now=now)
    return consent


def _valid(patient_id: uuid.UUID, now: datetime) -> Select[Consent]:
    return select(Consent).where(
        Consent.patient_id == patient_id,
        Consent.revoked_at.is_(None),
        Consent.effective_at <= now,
        or_(Consent.expires_at.is_(None), Consent.expires_at > now),
    )


def _check(form: ConsentForm, now: datetime) -> None:
    if not form.recipients:
        raise BadInputError("recipients", "missing")
    for recipient in form.recipients:
        if (recipient.organization_id is None) == (recipient.domain is None):
            raise BadInputError("recipients", "one_kind")
        if recipient.domain is not None and recipient.domain not in DOMAINS:
            raise BadInputError("recipients", "unknown_domain")
    if form.method is ConsentMethod.VERBAL and not form.witness.strip():
        raise BadInputError("witness", "missing")
    if form.expires_at is not None and form.expires_at <= now:
        raise BadInputError("expires_at", "past")
    if form.signed_on is not None and form.signed_on > now.date() + A_DAY:
        raise BadInputError("signed_on", "ahead")
    if PART2 in form.flags:
        _check_part2(form)


def _check_part2(form: ConsentForm) -> None:
    named = all(recipient.organization_id is not None for recipient in form.recipients)
    for element in part2.missing(form, fields=form.fields, names_recipient=named):
        problem = "signature_needed" if element is part2.Element.SIGNATURE else "missing"
        raise BadInputError(element.value, problem)


def _recipient(consent: Consent, recipient: Recipient) -> ConsentRecipient:
    kind = RecipientKind.ORGANIZATION if recipient.organization_id else RecipientKind.DOMAIN
    return ConsentRecipient(
        org_id=consent.org_id,
        consent_id=consent.id,
        kind=kind,
        organization_id=recipient.organization_id,
        domain=recipient.domain,
    )


def _replaced(session: Session, consent_id: uuid.UUID, now: datetime) -> None:
    old = get(session, consent_id)
    if old.revoked_at is None:
        old.revoked_at, old.revoked_how = now, "replaced"
