"""The weekly list: one mail or text on Monday morning to an agency with many open referrals, and the link it holds.

It names nobody and no need. One list for a contact and a care organization, so that nobody reads another's referrals.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from messaging import outbox
from referrals import acting, business_days, contacts, lifecycle, links, mails, senders, texts
from referrals.mails import Notice
from referrals.texts import Values
from resources_db.models.directory import Location, Organization, Service, ServiceAtLocation
from resources_db.models.messages import Message
from resources_db.models.referrals import AgencyContact, Referral
from resources_db.vocab import Channel, LinkPurpose, Purpose

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.access import AccessLink

SUBJECT = "agency_contact"
LIFE = timedelta(days=14)
LASTS = timedelta(days=1)
"""No zone's Monday morning is farther from another's."""
A_DAY = 3


@dataclass(frozen=True, slots=True)
class DueList:
    """One list that should go out: to whom, from which care organization, for which week."""

    org_id: uuid.UUID
    contact_id: uuid.UUID
    week: str


def planned(session: Session, *, now: datetime) -> list[DueList]:
    """The lists that are due at this moment and were not sent yet, over all orgs. Nothing on other days."""
    day = day_of(now.date())
    if not day - LASTS <= now.date() <= day + LASTS:
        return []
    counted = (
        select(Referral.org_id, AgencyContact, func.count(Referral.id))
        .join(AgencyContact, AgencyContact.id == Referral.contact_id)
        .where(Referral.state.in_(lifecycle.WITH_AGENCY), AgencyContact.digest, AgencyContact.ended_at.is_(None))
        .group_by(Referral.org_id, AgencyContact.id)
        .having(func.count(Referral.id) > AgencyContact.digest_over)
    )
    found = []
    for org_id, contact, _count in session.execute(counted).all():
        local = now.astimezone(ZoneInfo(zone_of(session, contact, org_id)))
        if local.date() == day_of(local.date()) and business_days.OPENS_AT <= local.hour < business_days.CLOSES_AT:
            due = DueList(org_id, contact.id, week_of(local.date()))
            if not _sent(session, due):
                found.append(due)
    return found


def send(session: Session, due: DueList, *, now: datetime) -> Message | None:
    """Send one list; None when nothing is open any more or no way is left. The same week is sent once."""
    with acting.in_org(session, due.org_id):
        contact = session.get_one(AgencyContact, due.contact_id)
        if not contact.digest or open_count(session, contact.id) <= contact.digest_over:
            return None
        return _tell(session, due.org_id, contact, f"digest:{contact.id}:{due.week}", now)


def renew(session: Session, link: AccessLink, *, now: datetime) -> Message | None:
    """The holder of an ended list asks for a new link: to the contact on file, three a day, while something is open."""
    contact = session.get(AgencyContact, link.contact_id) if link.contact_id else None
    if contact is None or not open_count(session, contact.id):
        return None
    asked = select(func.count(Message.id)).where(
        Message.subject_id == contact.id,
        Message.dedupe_key.like(f"digest:{contact.id}:again:%"),
        Message.created_at > now - timedelta(days=1),
    )
    if session.scalars(asked).one() >= A_DAY:
        return None
    return _tell(session, link.org_id, contact, f"digest:{contact.id}:again:{int(now.timestamp())}", now)


def open_count(session: Session, contact_id: uuid.UUID) -> int:
    """How many referrals of the actor's org are open at this contact."""
    counted = select(func.count(Referral.id)).where(
        Referral.contact_id == contact_id, Referral.state.in_(lifecycle.WITH_AGENCY)
    )
    return session.scalars(counted).one()


def day_of(day: date) -> date:
    """The day of the list in the week of `day`: Monday, or the first business day after it."""
    monday = day - timedelta(days=day.weekday())
    return monday if business_days.is_business_day(monday) else business_days.next_business_day(monday)


def week_of(day: date) -> str:
    """The name of a week, such as 2026-W48."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def zone_of(session: Session, contact: AgencyContact, org_id: uuid.UUID) -> str:
    """Where the agency is: the zone of one of its places, else that of the care organization."""
    places = (
        select(Location.timezone)
        .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .where(Service.organization_id == contact.organization_id, Location.timezone != "")
    )
    if contact.service_id is not None:
        places = places.where(Service.id == contact.service_id)
    return session.scalars(places.limit(1)).first() or senders.org_of(session, org_id).timezone


def _tell(
    session: Session, org_id: uuid.UUID, contact: AgencyContact, dedupe_key: str, now: datetime
) -> Message | None:
    ways = contacts.reachable(session, contact)
    if not ways:
        return None
    subject = links.Subject(
        LinkPurpose.DIGEST, SUBJECT, contact.id, org_id,
        contact_id=contact.id, number_bix=contact.phone_bix, language=contact.language,
    )  # fmt: skip
    link, token = links.issue(session, subject, now=now, life=LIFE)
    write = _text if ways[0] is Channel.SMS else _mail
    message = write(session, org_id, contact, links.url_of(token), dedupe_key, now)
    if token not in message.body:
        link.revoked_at = now  # another worker was faster, and its list holds its own link
    return message


def _text(
    session: Session, org_id: uuid.UUID, contact: AgencyContact, url: str, dedupe_key: str, now: datetime
) -> Message:
    values = Values(link=url, count=open_count(session, contact.id))
    text = texts.render(Purpose.AGENCY_DIGEST, contact.language, senders.of_org(session, org_id), values)
    return outbox.enqueue_text(
        session, org_id=org_id, to=contact.phone, body=text.body, lang=text.language, purpose=Purpose.AGENCY_DIGEST,
        subject_kind=SUBJECT, subject_id=contact.id, dedupe_key=dedupe_key, now=now,
    )  # fmt: skip


def _mail(
    session: Session, org_id: uuid.UUID, contact: AgencyContact, url: str, dedupe_key: str, now: datetime
) -> Message:
    notice = Notice(session.get_one(Organization, contact.organization_id).name, "", url, now.date())
    count = open_count(session, contact.id)
    mail = mails.digest(contact.language, senders.of_org(session, org_id), notice, count)
    return outbox.enqueue_email(
        session, org_id=org_id, to=contact.email, subject=mail.subject, body=mail.body, lang=mail.language,
        purpose=Purpose.AGENCY_DIGEST, subject_kind=SUBJECT, subject_id=contact.id, dedupe_key=dedupe_key, now=now,
    )  # fmt: skip


def _sent(session: Session, due: DueList) -> bool:
    known = select(Message.id).where(
        Message.org_id == due.org_id, Message.dedupe_key == f"digest:{due.contact_id}:{due.week}"
    )
    return session.scalars(known).first() is not None
