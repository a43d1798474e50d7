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

from sqlalchemy import func, select, update

from i18n.catalog import spoken
from messaging import outbox
from messaging import texts as message_texts
from referrals import contacts, mails, notices, senders, worklist
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
PASS_LIFE = timedelta(minutes=30)
UNOPENED = timedelta(days=14)


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
    if (
        _sent(session, link, now - timedelta(hours=1)) >= AN_HOUR
        or _sent(session, link, now - timedelta(days=1)) >= A_DAY
    ):
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
        return Checked(passed=True, left=TRIES)
    if tries >= TRIES:
        _lock(session, link, now)
    return Checked(passed=False, left=TRIES - tries, locked=tries >= TRIES)


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
    referral = session.get(Referral, link.subject_id)
    if referral is None:
        return
    facts: dict[str, object] = {"agency": notices.agency_name(session, referral)}
    about = About(WhyCode.LINK_LOCKED, referral.patient_id, referral.org_id, referral_id=referral.id, facts=facts)
    worklist.open_item(session, about, due_at=now, now=now)


def _hash(link: AccessLink, digits: str) -> bytes:
    return blind_index("link.code", f"{link.id}|{digits}")


def _asked_too_often(session: Session, link: AccessLink, now: datetime) -> bool:
    this_hour, today = now - timedelta(hours=1), now - timedelta(days=1)
    return _sent(session, link, this_hour) >= AN_HOUR or _sent(session, link, today) >= A_DAY


def _sent(session: Session, link: AccessLink, since: datetime) -> int:
    counted = select(func.count(Message.id)).where(
        Message.subject_id == link.id, Message.purpose == Purpose.CODE, Message.created_at > since
    )
    return session.scalars(counted).one()


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
