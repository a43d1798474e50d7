"""Notices to an agency about one referral: a text or a mail with a fresh link, by the preferred way or the other."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from messaging import outbox, questions
from referrals import contacts, links, mails, senders, texts
from referrals.mails import Notice
from referrals.texts import Values
from resources_db.models.directory import Organization
from resources_db.models.messages import Message
from resources_db.models.referrals import AgencyContact, Referral
from resources_db.vocab import Channel, LinkPurpose, MessageState, Purpose, ReferralState

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.access import AccessLink

WRITERS = {
    Purpose.AGENCY_NEW: mails.new,
    Purpose.AGENCY_REMINDER: mails.reminder,
    Purpose.AGENCY_CONFIRM: mails.news,
    Purpose.AGENCY_STOP: mails.stop,
    Purpose.AGENCY_LINK: mails.link,
}
ANSWERED_BY_DIGIT = frozenset({Purpose.AGENCY_NEW, Purpose.AGENCY_REMINDER})
SUBJECT = "referral"
FRESH, FRESH_A_DAY = "fresh", 3
NO_NEW_LINK = frozenset({ReferralState.DRAFT, ReferralState.WITHDRAWN, ReferralState.ERROR})
"""Whoever holds an old link of these learns nothing more, and gets no further door."""
_WENT_OUT = (MessageState.ACCEPTED, MessageState.SENT, MessageState.DELIVERED)


def send(
    session: Session, referral: Referral, purpose: Purpose, *, number: int | str, now: datetime, other_way: bool = False
) -> Message | None:
    """Tell the agency; None when nobody is on file. The same notice number is told once, however often it is asked."""
    contact = session.get(AgencyContact, referral.contact_id) if referral.contact_id else None
    ways = contacts.reachable(session, contact) if contact is not None else ()
    if contact is None or not ways:
        return None
    way = ways[-1] if other_way else ways[0]
    dedupe_key = f"referral:{referral.id}:{purpose.value}:{number}:{way.value}"
    known = _promised(session, referral, dedupe_key)
    if known is not None:
        return known
    notice = _notice(session, referral, link_to(session, referral, contact, now), now)
    write = _text if way is Channel.SMS else _mail
    return write(session, referral, contact, purpose, notice, dedupe_key, now)


def ask_for_news(session: Session, referral: Referral, *, now: datetime) -> Message | None:
    """Ask the agency how it goes, once a day; None when nobody is on file."""
    return send(session, referral, Purpose.AGENCY_CONFIRM, number=now.date().toordinal(), now=now)


def renew(session: Session, link: AccessLink, *, now: datetime) -> Message | None:
    """The holder of a link that has ended asks for a new one. None, and nothing sent, when it has no use any more."""
    referral = session.get(Referral, link.subject_id)
    if referral is None or referral.state in NO_NEW_LINK:
        return None
    if referral.terminal_at is not None and now - referral.terminal_at > links.AFTER_CLOSING:
        return None
    return fresh_link(session, referral, now=now)


def fresh_link(session: Session, referral: Referral, *, now: datetime) -> Message | None:
    """A new link, to the contact on file only; at most three a day."""
    since = now - timedelta(days=1)
    asked = select(func.count(Message.id)).where(
        Message.subject_id == referral.id,
        Message.dedupe_key.contains(f":{FRESH}:"),
        Message.created_at > since,
    )
    if session.scalars(asked).one() >= FRESH_A_DAY:
        return None
    purpose = Purpose.AGENCY_STOP if referral.state is ReferralState.WITHDRAWN else Purpose.AGENCY_LINK
    return send(session, referral, purpose, number=f"{FRESH}:{int(now.timestamp())}", now=now)


def went_out(session: Session, referral_id: uuid.UUID) -> int:
    """How many notices of this referral left on a way that works."""
    counted = select(func.count(Message.id)).where(
        Message.subject_id == referral_id,
        Message.purpose.in_((Purpose.AGENCY_NEW, Purpose.AGENCY_REMINDER)),
        Message.state.in_(_WENT_OUT),
    )
    return session.scalars(counted).one()


def agency_name(session: Session, referral: Referral) -> str:
    """The public name of the agency."""
    organization = session.get(Organization, referral.organization_id)
    return organization.name if organization is not None else ""


def link_to(session: Session, referral: Referral, contact: AgencyContact, now: datetime) -> str:
    """A new link to the referral for this contact."""
    subject = links.Subject(
        LinkPurpose.AGENCY,
        "referral",
        referral.id,
        referral.org_id,
        contact_id=contact.id,
        number_bix=contact.phone_bix,
        language=contact.language,
    )
    return links.url_of(links.issue(session, subject, now=now)[1])


def _notice(session: Session, referral: Referral, link: str, now: datetime) -> Notice:
    zone = ZoneInfo(senders.org_of(session, referral.org_id).timezone)
    since = (referral.sent_at or now).astimezone(zone).date()
    return Notice(agency_name(session, referral), referral.ref, link, since)


def _text(
    session: Session,
    referral: Referral,
    contact: AgencyContact,
    purpose: Purpose,
    notice: Notice,
    dedupe_key: str,
    now: datetime,
) -> Message:
    sender = senders.of_org(session, referral.org_id)
    values = Values(link=notice.link, ref=notice.ref, since=notice.since)
    text = texts.render(purpose, contact.language, sender, values)
    if purpose in ANSWERED_BY_DIGIT:
        questions.ask(
            session,
            org_id=referral.org_id,
            phone=contact.phone,
            subject_kind=SUBJECT,
            subject_id=referral.id,
            role=questions.AGENCY,
            now=now,
        )
    return outbox.enqueue_text(
        session,
        org_id=referral.org_id,
        to=contact.phone,
        body=text.body,
        lang=text.language,
        purpose=purpose,
        subject_kind="referral",
        subject_id=referral.id,
        dedupe_key=dedupe_key,
        now=now,
    )


def _mail(
    session: Session,
    referral: Referral,
    contact: AgencyContact,
    purpose: Purpose,
    notice: Notice,
    dedupe_key: str,
    now: datetime,
) -> Message:
    mail = WRITERS[purpose](contact.language, senders.of_org(session, referral.org_id), notice)
    return outbox.enqueue_email(
        session,
        org_id=referral.org_id,
        to=contact.email,
        subject=mail.subject,
        body=mail.body,
        lang=mail.language,
        purpose=purpose,
        subject_kind="referral",
        subject_id=referral.id,
        dedupe_key=dedupe_key,
        now=now,
    )


def _promised(session: Session, referral: Referral, dedupe_key: str) -> Message | None:
    same = select(Message).where(Message.org_id == referral.org_id, Message.dedupe_key == dedupe_key)
    return session.scalars(same).one_or_none()
