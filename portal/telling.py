"""Tells agencies by mail what became of the changes they proposed, once the desk can no longer take it back.

Who sent a change through a link learns it at the contact on file, who used an account at its own address. Without
either it stands on their page only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from i18n.catalog import current_language, spoken_by_staff, use_language
from i18n.catalog import gettext as _
from messaging import outbox
from portal import told
from referrals import acting, contacts, senders
from resources_db import undoing
from resources_db.models.curation import ListingChange
from resources_db.models.directory import Organization, Service
from resources_db.models.tenants import AppUser, Org
from resources_db.vocab import ChangeOrigin, ChangeState, Channel, OrgKind, Purpose

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

SUBJECT: Final = "listing_change"
_DECIDED = (ChangeState.APPROVED, ChangeState.PARTLY, ChangeState.REJECTED)
_FROM_AGENCIES = (ChangeOrigin.AGENCY_LINK, ChangeOrigin.AGENCY_MEMBER, ChangeOrigin.CAMPAIGN)
_AT_ONCE = 200


def due(session: Session, *, now: datetime) -> list[uuid.UUID]:
    """Changes of agencies that a person decided a while ago and nobody has told them of."""
    stmt = select(ListingChange.id).where(
        ListingChange.state.in_(_DECIDED),
        ListingChange.origin.in_(_FROM_AGENCIES),
        ListingChange.by_policy.is_(False),
        ListingChange.told_at.is_(None),
        ListingChange.decided_at <= now - undoing.REOPEN_FOR,
    )
    return list(session.scalars(stmt.order_by(ListingChange.decided_at).limit(_AT_ONCE)))


def tell(session: Session, change_id: uuid.UUID, *, now: datetime) -> bool:
    """Promise the mail, once; False when there is no address to write to. The change counts as told either way."""
    loaded = select(ListingChange).where(ListingChange.id == change_id).options(selectinload(ListingChange.fields))
    change = session.scalars(loaded.with_for_update()).one()
    if change.told_at is not None:
        return False
    change.told_at = now
    service = session.get_one(Service, change.service_id)
    address, language = _address(session, change, service)
    org_id = _directory(session)
    if not address or org_id is None:
        return False
    sender = senders.of_org(session, org_id)
    with use_language(spoken_by_staff(language)), acting.in_org(session, org_id):
        outbox.enqueue_email(
            session,
            org_id=org_id,
            to=address,
            subject=_("%(org)s: what became of your change", org=sender.org),
            body=_letter(change, _name(session, service), now),
            lang=current_language().code,
            purpose=Purpose.LISTING_DECIDED,
            subject_kind=SUBJECT,
            subject_id=change.id,
            dedupe_key=f"{SUBJECT}:{change.id}:decided",
            now=now,
        )
    return True


def _address(session: Session, change: ListingChange, service: Service) -> tuple[str, str]:
    if change.origin is ChangeOrigin.AGENCY_MEMBER:
        person = session.get(AppUser, change.submitter_id) if change.submitter_id else None
        return (person.email, person.language) if person is not None and person.active else ("", "")
    contact = contacts.of_listing(session, organization_id=service.organization_id, service_id=service.id)
    if contact is None or Channel.EMAIL not in contacts.reachable(session, contact):
        return "", ""
    return contact.email, contact.language


def _directory(session: Session) -> uuid.UUID | None:
    """Who decides about listings is who writes."""
    first = select(Org.id).where(Org.kind == OrgKind.DIRECTORY).order_by(Org.created_at).limit(1)
    return session.scalars(first).first()


def _name(session: Session, service: Service) -> str:
    """A mail lies open on many desks: a sensitive service goes by the name of its agency."""
    if service.sensitive:
        return session.get_one(Organization, service.organization_id).name
    return service.name


def _letter(change: ListingChange, name: str, now: datetime) -> str:
    (one,) = told.of([change], now)
    lines = [f"- {' '.join(filter(None, (f'{field.label}: {field.verdict}.', field.why)))}" for field in one.fields]
    opening = _("Thank you for your change to %(name)s. This is what the directory team decided:", name=name)
    return "\n".join((opening, "", *lines, ""))
