"""A word about having no room has come to its end: nobody knows now, and the agency is asked once, with one tap.

Never silently "open". Words about having room are not asked after: they lapse by themselves, and pester nobody.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from messaging import outbox
from referrals import acting, ask_rests, contacts, links, mails, senders, texts
from referrals.mails import Notice
from referrals.texts import Values
from resources_db import capacity
from resources_db.models.curation import CapacityStatement
from resources_db.models.directory import Location, Organization, Service
from resources_db.models.referrals import AgencyContact, Referral
from resources_db.models.tenants import Org
from resources_db.repositories.listing import DEFAULT_TIMEZONE
from resources_db.vocab import CapacityState, Channel, LinkPurpose, OrgKind, Purpose

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.access import AccessLink
    from resources_db.models.messages import Message

SUBJECT = "capacity_statement"
ASKED_ABOUT = (CapacityState.FULL, CapacityState.PAUSED, CapacityState.WAITLIST, CapacityState.OUT_OF_FUNDS)
LIFE = timedelta(days=14)
OVER_SINCE = timedelta(days=7)
"""What ended longer ago is not asked about any more."""
LONGEST = timedelta(days=400)
MOST = 200
A_DAY = 3


def planned(session: Session, *, now: datetime) -> list[uuid.UUID]:
    """Words that came to their end and were not asked about; only the newest word of a place counts."""
    newer = aliased(CapacityStatement)
    said_later = exists().where(
        newer.service_id == CapacityStatement.service_id,
        or_(newer.location_id == CapacityStatement.location_id, newer.location_id.is_(None)),
        newer.said_at > CapacityStatement.said_at,
    )
    stmt = (
        select(CapacityStatement, Location.timezone)
        .outerjoin(Location, Location.id == CapacityStatement.location_id)
        .where(
            CapacityStatement.asked_at.is_(None),
            CapacityStatement.state.in_(ASKED_ABOUT),
            CapacityStatement.said_at > now - LONGEST,
            or_(
                CapacityStatement.until.between((now - OVER_SINCE).date() - timedelta(days=1), now.date()),
                CapacityStatement.until.is_(None)
                & CapacityStatement.said_at.between(now - max(capacity.LASTS.values()) - OVER_SINCE, now),
            ),
            ~said_later,
        )
        .order_by(CapacityStatement.said_at)
        .limit(MOST)
    )
    return [
        said.id
        for said, zone in session.execute(stmt)
        if now - OVER_SINCE < capacity.ends_at(said, zone or DEFAULT_TIMEZONE) <= now
    ]


def ask(session: Session, statement_id: uuid.UUID, *, now: datetime) -> Message | None:
    """Ask the agency how it is now, once; None when nobody may be asked. The word counts as asked about either way."""
    said = session.get_one(CapacityStatement, statement_id)
    if said.asked_at is not None:
        return None
    said.asked_at = now
    service = session.get_one(Service, said.service_id)
    contact = contacts.of_listing(session, organization_id=service.organization_id, service_id=service.id)
    org_id = _org(session, service.id)
    if contact is None or org_id is None or ask_rests.resting(session, [contact.id], now=now):
        return None
    return _send(session, said, contact, org_id, f"room:{said.id}", now)


def renew(session: Session, link: AccessLink, *, now: datetime) -> Message | None:
    """The holder of a link that has ended asks for a new one, while this is still the newest word."""
    said = session.get(CapacityStatement, link.subject_id)
    contact = session.get(AgencyContact, link.contact_id) if link.contact_id else None
    if said is None or contact is None or contact.ended_at is not None or now - link.created_at > LIFE * 2:
        return None
    return _send(session, said, contact, link.org_id, f"room:{said.id}:again:{now.date()}", now)


def _send(
    session: Session, said: CapacityStatement, contact: AgencyContact, org_id: uuid.UUID, key: str, now: datetime
) -> Message | None:
    with acting.in_org(session, org_id):
        ways = contacts.reachable(session, contact)
        if not ways:
            return None
        subject = links.Subject(
            LinkPurpose.LISTING_CHECK, SUBJECT, said.id, org_id,
            contact_id=contact.id, number_bix=contact.phone_bix, language=contact.language,
        )  # fmt: skip
        url = links.url_of(links.issue(session, subject, now=now, life=LIFE)[1])
        sender = senders.of_org(session, org_id)
        if ways[0] is Channel.SMS:
            text = texts.render(Purpose.ROOM_CHECK, contact.language, sender, Values(link=url))
            return outbox.enqueue_text(
                session, org_id=org_id, to=contact.phone, body=text.body, lang=text.language, purpose=text.purpose,
                subject_kind=SUBJECT, subject_id=said.id, dedupe_key=key, now=now,
            )  # fmt: skip
        service = session.get_one(Service, said.service_id)
        agency = session.get_one(Organization, service.organization_id).name
        mail = mails.room_check(contact.language, sender, Notice(agency, "", url, now.date()), service.name)
        return outbox.enqueue_email(
            session, org_id=org_id, to=contact.email, subject=mail.subject, body=mail.body, lang=mail.language,
            purpose=mail.purpose, subject_kind=SUBJECT, subject_id=said.id, dedupe_key=key, now=now,
        )  # fmt: skip


def _org(session: Session, service_id: uuid.UUID) -> uuid.UUID | None:
    """Who asks: the care organization that sent somebody there last, else the directory team, else any care team."""
    last = select(Referral.org_id).where(Referral.service_id == service_id, Referral.sent_at.is_not(None))
    found = session.scalars(last.order_by(Referral.sent_at.desc()).limit(1)).first()
    others = select(Org.id).where(Org.kind.in_((OrgKind.DIRECTORY, OrgKind.CARE)))
    return found or session.scalars(others.order_by(Org.kind != OrgKind.DIRECTORY, Org.created_at).limit(1)).first()


def still_wanted(session: Session, message: Message) -> bool:
    """Whether nobody has said anything newer meanwhile."""
    said = session.get(CapacityStatement, message.subject_id)
    if said is None:
        return False
    newer = select(CapacityStatement.id).where(
        CapacityStatement.service_id == said.service_id, CapacityStatement.said_at > said.said_at
    )
    return session.scalars(newer.limit(1)).first() is None
