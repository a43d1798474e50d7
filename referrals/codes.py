"""The six digits that prove who holds a link: sent to the contact on file, good for ten minutes and five tries.

A wrong try is counted by the same statement that allows it, and a result is given back, not raised: the count must be
committed even though the door stays shut.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, unique
from typing import TYPE_CHECKING

from sqlalchemy import case, or_, select, update

from i18n.catalog import spoken
from messaging import outbox
from messaging import texts as message_texts
from referrals import contacts, lifecycle, mails, notices, senders, worklist
from referrals.worklist import About
from resources_db.encryption import blind_index
from resources_db.models.access import AccessLink, LinkPass
from resources_db.models.messages import Message
from resources_db.models.referrals import AgencyContact, Referral
from resources_db.vocab import Channel, Purpose, WhyCode

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

LIFE = timedelta(minutes=10)
TRIES = 5
AN_HOUR, A_DAY = 3, 5
"""Codes for one link."""
CONTACT_AN_HOUR, CONTACT_A_DAY = 10, 20
"""Codes for one contact, over all its links: many referrals must not be a way to ring a phone all day."""
CONTACT_MISSES = 15
"""Wrong codes at one contact within a day, over all its links: more links are not more tries."""
PASS_LIFE = timedelta(minutes=30)
UNOPENED = timedelta(days=14)
A_WHOLE_DAY = timedelta(days=1)


@unique
class Sent(StrEnum):
    """What came of asking for a code."""

    BY_SMS = "sms"
    BY_EMAIL = "email"
    TOO_MANY = "too_many"
    LOCKED = "locked"
    NO_CONTACT = "no_contact"


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of typing a code. `left` tries remain; `locked`: a navigator has to open the link again."""

    passed: bool
    left: int
    locked: bool = False


def needed(link: AccessLink, referral: Referral, contact: AgencyContact | None, now: datetime) -> bool:
    """Whether this link must be confirmed before it shows anything of a person."""
    return contact is None or contact.code_needed or referral.sensitive or left_lying(link, now)


def left_lying(link: AccessLink, now: datetime) -> bool:
    """Whether nobody proved for two weeks that this link is still in the right hands."""
    return now - (link.opened_at or link.created_at) > UNOPENED


def send(session: Session, link: AccessLink, *, now: datetime) -> Sent:
    """Send a fresh code to the contact on file; the one before it is dead."""
    contact = session.get(AgencyContact, link.contact_id) if link.contact_id else None
    ways = contacts.channels(contact) if contact is not None else ()
    if link.locked_at is not None:
        return Sent.LOCKED
    if contact is None or not ways:
        return Sent.NO_CONTACT
    if _asked_too_often(session, link, contact, now) or _missed_too_often(contact, now):
        return Sent.TOO_MANY
    digits = f"{secrets.randbelow(1_000_000):06d}"
    link.code_hash, link.code_tries, link.code_expires_at = _hash(link, digits), 0, now + LIFE
    session.flush()
    _promise(session, link, contact, ways[0], digits, now)
    return Sent.BY_SMS if ways[0] is Channel.SMS else Sent.BY_EMAIL


def check(session: Session, link: AccessLink, digits: str, *, now: datetime) -> Checked:
    """Compare a typed code. Fifty at once are counted one by one: five tries, then the link is locked."""
    tries = session.execute(
        update(AccessLink)
        .where(
            AccessLink.id == link.id,
            AccessLink.locked_at.is_(None),
            AccessLink.code_tries < TRIES,
            AccessLink.code_expires_at > now,
        )
        .values(code_tries=AccessLink.code_tries + 1)
        .returning(AccessLink.code_tries)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    session.refresh(link)
    if tries is None:
        return Checked(passed=False, left=0, locked=link.locked_at is not None)
    if link.code_hash is not None and hmac.compare_digest(link.code_hash, _hash(link, digits.strip())):
        link.code_hash = link.code_expires_at = None
        link.opened_at = now
        _forget_misses(session, link)
        return Checked(passed=True, left=TRIES)
    too_many = _missed(session, link, now) or tries >= TRIES
    if too_many:
        _lock(session, link, now)
    return Checked(passed=False, left=0 if too_many else TRIES - tries, locked=too_many)


def grant(session: Session, link: AccessLink, *, stepped_up: bool, now: datetime) -> str:
    """A pass for one browser: the secret for its short cookie, stored as a hash."""
    secret = secrets.token_urlsafe(24)
    session.add(
        LinkPass(
            org_id=link.org_id,
            link_id=link.id,
            secret_hash=hashlib.sha256(secret.encode()).digest(),
            stepped_up=stepped_up,
            created_at=now,
            expires_at=now + PASS_LIFE,
        )
    )
    session.flush()
    return secret


def pass_of(session: Session, link: AccessLink, secret: str, *, now: datetime) -> LinkPass | None:
    """The pass a cookie names, if it is for this link and still good."""
    return session.scalars(
        select(LinkPass).where(
            LinkPass.link_id == link.id,
            LinkPass.secret_hash == hashlib.sha256(secret.encode()).digest(),
            LinkPass.expires_at > now,
        )
    ).one_or_none()


def unlock(session: Session, referral: Referral, *, now: datetime) -> Message | None:
    """A navigator opens the door again: the agency gets a fresh link, the locked one stays shut."""
    worklist.clear(session, referral_id=referral.id, whys=(WhyCode.LINK_LOCKED,), now=now)
    return notices.fresh_link(session, referral, now=now)


def _lock(session: Session, link: AccessLink, now: datetime) -> None:
    link.locked_at, link.code_hash = now, None
    referral = session.get(Referral, link.subject_id) or _oldest_open(session, link)
    if referral is None:
        return
    facts: dict[str, object] = {"agency": notices.agency_name(session, referral)}
    about = About(WhyCode.LINK_LOCKED, referral.patient_id, referral.org_id, referral_id=referral.id, facts=facts)
    worklist.open_item(session, about, due_at=now, now=now)


def _oldest_open(session: Session, link: AccessLink) -> Referral | None:
    """What a locked weekly list is about, for the navigator: the referral that waits longest."""
    is_open = Referral.contact_id == link.contact_id, Referral.org_id == link.org_id
    waiting = select(Referral).where(*is_open, Referral.state.in_(lifecycle.WITH_AGENCY)).order_by(Referral.sent_at)
    return session.scalars(waiting.limit(1)).first() if link.contact_id is not None else None


def _hash(link: AccessLink, digits: str) -> bytes:
    return blind_index("link.code", f"{link.id}|{digits}")


def _asked_too_often(session: Session, link: AccessLink, contact: AgencyContact, now: datetime) -> bool:
    its_links = select(AccessLink.id).where(AccessLink.contact_id == contact.id)
    sent = session.execute(
        select(Message.subject_id, Message.created_at).where(
            Message.purpose == Purpose.CODE, Message.created_at > now - A_WHOLE_DAY, Message.subject_id.in_(its_links)
        )
    ).all()
    for rows, an_hour, a_day in (
        ([row for row in sent if row.subject_id == link.id], AN_HOUR, A_DAY),
        (sent, CONTACT_AN_HOUR, CONTACT_A_DAY),
    ):
        if len(rows) >= a_day or sum(row.created_at > now - timedelta(hours=1) for row in rows) >= an_hour:
            return True
    return False


def _missed_too_often(contact: AgencyContact, now: datetime) -> bool:
    at = contact.code_missed_at
    return at is not None and now - at < A_WHOLE_DAY and contact.code_misses >= CONTACT_MISSES


def _forget_misses(session: Session, link: AccessLink) -> None:
    contact = session.get(AgencyContact, link.contact_id) if link.contact_id else None
    if contact is not None:
        contact.code_misses, contact.code_missed_at = 0, None


def _missed(session: Session, link: AccessLink, now: datetime) -> bool:
    """Count a wrong code at the link's contact, by one statement; True when it is one too many."""
    new_day = or_(AgencyContact.code_missed_at.is_(None), AgencyContact.code_missed_at <= now - A_WHOLE_DAY)
    misses = session.execute(
        update(AgencyContact)
        .where(AgencyContact.id == link.contact_id)
        .values(
            code_misses=case((new_day, 1), else_=AgencyContact.code_misses + 1),
            code_missed_at=case((new_day, now), else_=AgencyContact.code_missed_at),
        )
        .returning(AgencyContact.code_misses)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    return misses is not None and misses >= CONTACT_MISSES


def _promise(
    session: Session, link: AccessLink, contact: AgencyContact, way: Channel, digits: str, now: datetime
) -> Message:
    org = senders.org_of(session, link.org_id)
    dedupe_key = f"link:{link.id}:code:{now.isoformat()}"
    if way is Channel.SMS:
        language = spoken(contact.language)
        return outbox.enqueue_text(
            session,
            org_id=link.org_id,
            to=contact.phone,
            body=message_texts.code(org, language, digits),
            lang=language,
            purpose=Purpose.CODE,
            subject_kind="access_link",
            subject_id=link.id,
            dedupe_key=dedupe_key,
            now=now,
        )
    mail = mails.code(contact.language, senders.of_org(session, link.org_id), digits)
    return outbox.enqueue_email(
        session,
        org_id=link.org_id,
        to=contact.email,
        subject=mail.subject,
        body=mail.body,
        lang=mail.language,
        purpose=Purpose.CODE,
        subject_kind="access_link",
        subject_id=link.id,
        dedupe_key=dedupe_key,
        now=now,
    )
