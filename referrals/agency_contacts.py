"""Changes an agency's contact on file: where its referrals go, in which language, how carefully. Reading: `contacts`.

A new address closes the links that went to the old one; what still waits for an answer is told again at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import or_, select, update

from messaging import phone as phones
from referrals import acting, contacts, lifecycle, links, notices
from referrals.errors import BadInputError, ChangedMeanwhileError, NotFoundError
from resources_db import audit
from resources_db.encryption import phone_index
from resources_db.models.directory import Organization, Service
from resources_db.models.referrals import AgencyContact, Referral
from resources_db.tenancy import act_as, actor_of, system
from resources_db.vocab import Channel, ReferralState

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
DIGEST_FROM, DIGEST_TO = 1, 50
ADDRESSES = frozenset({"email", "phone"})


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """A contact as the form holds it. `phone` is as typed; `ended`: no texts and mails, somebody calls."""

    name: str = ""
    email: str = ""
    phone: str = ""
    preferred: Channel = Channel.EMAIL
    language: str = "en"
    best_time: str = ""
    code_needed: bool = True
    digest: bool = True
    digest_over: int = 3
    ended: bool = False


@dataclass(frozen=True, slots=True)
class OnFile:
    """The contact that counts for a service, if there is one. `own`: it is for this service alone."""

    service: Service
    organization: Organization
    contact: AgencyContact | None
    own: bool


def on_file(session: Session, service_id: uuid.UUID) -> OnFile:
    """Where the referrals of this service go; an ended contact is shown too. Raises NotFoundError."""
    service = session.get(Service, service_id)
    if service is None:
        raise NotFoundError
    organization = session.get_one(Organization, service.organization_id)
    contact = contacts.of_listing(session, organization_id=organization.id, service_id=service.id)
    contact = contact or _newest(session, service)
    return OnFile(service, organization, contact, contact is not None and contact.service_id == service.id)


def save(
    session: Session,
    service_id: uuid.UUID,
    facts: ContactFacts,
    *,
    for_all: bool,
    now: datetime,
    expected_version: int | None = None,
) -> tuple[AgencyContact, int]:
    """Write the contact of a service, or of all services of its organization; how many referrals were told again.

    Raises BadInputError for a field that does not hold, ChangedMeanwhileError when somebody else saved since.
    """
    found = on_file(session, service_id)
    contact = found.contact if found.contact is not None and found.own is not for_all else None
    if contact is not None and expected_version not in {None, contact.version}:
        raise ChangedMeanwhileError(ReferralState.DRAFT, "", contact.changed_at)
    values = _values(facts, contact, now)
    if contact is None:
        contact = AgencyContact(
            organization_id=found.organization.id, service_id=None if for_all else service_id, created_at=now, version=0
        )
        session.add(contact)
        changed = set(values)
    else:
        changed = {name for name, value in values.items() if getattr(contact, name) != value}
    for name in changed:
        setattr(contact, name, values[name])
    contact.version += 1
    contact.changed_at, contact.changed_by = now, actor_of(session).user_id
    session.flush()
    audit.record(
        session, action="contact.edit", subject_kind="agency_contact", subject_id=contact.id, now=now,
        detail={"fields": sorted(changed - {"phone_bix"})},
    )  # fmt: skip
    return contact, _follow(session, found, contact, changed, now)


def _values(facts: ContactFacts, contact: AgencyContact | None, now: datetime) -> dict[str, object]:
    email, phone = facts.email.strip(), _phone(facts.phone)
    if email and not MAIL.fullmatch(email):
        raise BadInputError("email", "not_an_address")
    if not (email or phone or facts.ended):
        raise BadInputError("email", "no_way")
    if not DIGEST_FROM <= facts.digest_over <= DIGEST_TO:
        raise BadInputError("digest_over", "out_of_range")
    ways = [way for way, known in ((Channel.SMS, phone), (Channel.EMAIL, email)) if known]
    was_ended = contact.ended_at if contact is not None else None
    return {
        "name": facts.name.strip(),
        "email": email,
        "phone": phone,
        "phone_bix": phone_index(phone) if phone else None,
        "preferred": facts.preferred if facts.preferred in ways or not ways else ways[0],
        "language": facts.language,
        "best_time": facts.best_time.strip(),
        "code_needed": facts.code_needed,
        "digest": facts.digest,
        "digest_over": facts.digest_over,
        "ended_at": (was_ended or now) if facts.ended else None,
    }


def _phone(typed: str) -> str:
    if not typed.strip():
        return ""
    try:
        return phones.parse(typed)
    except phones.PhoneError as error:
        raise BadInputError("phone", error.fault.value) from None


def _follow(session: Session, found: OnFile, contact: AgencyContact, changed: set[str], now: datetime) -> int:
    """Old links close; referrals without a working contact get this one; those without an answer are told again.

    The contact is one for all care organizations, so all of their referrals are looked at; nothing of them is shown.
    """
    if not (ADDRESSES | {"ended_at"}) & changed:
        return 0
    before = actor_of(session)
    act_as(session, system())
    try:
        links.revoke_contact(session, contact_id=contact.id, now=now)
        return _tell_again(session, found, contact, now)
    finally:
        session.flush()
        act_as(session, before)


def _tell_again(session: Session, found: OnFile, contact: AgencyContact, now: datetime) -> int:
    if contact.ended_at is not None:
        return 0
    ended = select(AgencyContact.id).where(AgencyContact.ended_at.is_not(None))
    services = select(Service.id).where(Service.organization_id == found.organization.id)
    mine = Referral.service_id == contact.service_id if contact.service_id else Referral.service_id.in_(services)
    session.execute(
        update(Referral)
        .where(
            mine,
            Referral.state.in_(lifecycle.WITH_AGENCY),
            or_(Referral.contact_id.is_(None), Referral.contact_id.in_(ended)),
        )
        .values(contact_id=contact.id)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()
    waiting = select(Referral).where(Referral.contact_id == contact.id, Referral.state.in_(lifecycle.UNANSWERED))
    told = 0
    for referral in session.scalars(waiting.order_by(Referral.sent_at)).all():
        with acting.in_org(session, referral.org_id):
            told += notices.fresh_link(session, referral, now=now) is not None
    return told


def _newest(session: Session, service: Service) -> AgencyContact | None:
    """The last contact of the service or its organization, ended or without an address."""
    mine = or_(AgencyContact.service_id == service.id, AgencyContact.service_id.is_(None))
    query = select(AgencyContact).where(AgencyContact.organization_id == service.organization_id, mine)
    return session.scalars(query.order_by(AgencyContact.service_id.is_(None), AgencyContact.created_at.desc())).first()
