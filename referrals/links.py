"""Links in texts and mails: random, stored as a hash only, for one purpose, ending by themselves or closed at once.

Every link that does not work looks the same to whoever holds it. Reading a link's page changes nothing.
"""

from __future__ import annotations

import hashlib
import secrets
import string
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from resources_db.encryption import blind_index
from resources_db.models.access import AccessLink
from resources_db.tenancy import Actor, act_as
from resources_db.vocab import ActorKind, LinkPurpose

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.people import Patient
    from resources_db.models.referrals import SendBatch

ALPHABET = string.digits + string.ascii_letters
"""No dash and no underscore: phones cut them off at the end of a link."""
LENGTH = 22
LONGEST = timedelta(days=180)
AFTER_CLOSING = timedelta(days=30)
LISTING_CHECK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a link opens, and for whom."""

    purpose: LinkPurpose
    kind: str
    id: uuid.UUID
    org_id: uuid.UUID
    patient_id: uuid.UUID | None = None
    contact_id: uuid.UUID | None = None
    number_bix: bytes | None = None
    language: str = "en"


def of_batch(batch: SendBatch, patient: Patient) -> Subject:
    """A page of the patient with the places of one send."""
    return Subject(
        LinkPurpose.PATIENT,
        "send_batch",
        batch.id,
        batch.org_id,
        patient_id=patient.id,
        number_bix=patient.phone_bix,
        language=batch.language,
    )


class _Base:
    url = ""


def use_base(url: str) -> None:
    """The address links begin with; wiring says it once a process."""
    _Base.url = url.rstrip("/")


def url_of(token: str) -> str:
    """The address of a token; raises RuntimeError when wiring has not said where we live."""
    if not _Base.url:
        msg = "links need a base address"
        raise RuntimeError(msg)
    return f"{_Base.url}/r/{token}"


def new_token() -> str:
    """131 random bits in letters that survive a text message."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def token_of_form(form_key: str) -> str:
    """The token a form will use, so that a preview shows the very link that is sent. Secret: it needs the key ring."""
    number = int.from_bytes(blind_index("link.token", form_key), "big")
    letters = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def issue(
    session: Session, subject: Subject, *, now: datetime, life: timedelta = LONGEST, token: str | None = None
) -> tuple[AccessLink, str]:
    """A new link and its token. The token is given out here once and stored nowhere."""
    token = token or new_token()
    link = AccessLink(
        org_id=subject.org_id,
        token_hash=_hash(token),
        purpose=subject.purpose,
        subject_kind=subject.kind,
        subject_id=subject.id,
        patient_id=subject.patient_id,
        contact_id=subject.contact_id,
        number_bix=subject.number_bix,
        language=subject.language,
        created_at=now,
        expires_at=now + life,
        uses=0,
        code_tries=0,
    )
    session.add(link)
    session.flush()
    return link, token


def find(session: Session, token: str, *, now: datetime, purpose: LinkPurpose | None = None) -> AccessLink | None:
    """The link, if it works. Unknown, ended, closed and wrong purpose are all None."""
    link = find_any(session, token)
    if link is None or link.revoked_at is not None or link.expires_at <= now:
        return None
    return link if purpose is None or link.purpose is purpose else None


def find_any(session: Session, token: str) -> AccessLink | None:
    """The link, whether it still works or not: only to send a new one to the contact on file."""
    return session.scalars(select(AccessLink).where(AccessLink.token_hash == _hash(token))).one_or_none()


def enter(session: Session, token: str, purpose: LinkPurpose, *, now: datetime) -> AccessLink | None:
    """As `find`, and from here on the session acts as the link's holder in the link's org."""
    link = find(session, token, now=now, purpose=purpose)
    if link is not None:
        act_as(session, Actor(ActorKind.LINK, link.org_id, label=purpose.value))
    return link


def opened(session: Session, link: AccessLink, *, now: datetime) -> None:
    """Count one use; only a pressed button counts, fetches may be previews."""
    session.execute(
        update(AccessLink)
        .where(AccessLink.id == link.id)
        .values(uses=AccessLink.uses + 1, opened_at=link.opened_at or now)
        .execution_options(synchronize_session=False)
    )
    session.refresh(link)


def revoke(session: Session, *, subject_id: uuid.UUID, now: datetime) -> None:
    """Close every link that opens this."""
    _close(session, now, AccessLink.subject_id == subject_id)


def revoke_patient(session: Session, *, patient_id: uuid.UUID, now: datetime) -> None:
    """Close every page of this patient (not the agencies' links)."""
    _close(session, now, AccessLink.patient_id == patient_id, AccessLink.purpose == LinkPurpose.PATIENT)


def revoke_contact(session: Session, *, contact_id: uuid.UUID, now: datetime) -> None:
    """Close every link that went to this contact of an agency: its address is another one now."""
    _close(session, now, AccessLink.contact_id == contact_id)


def end_after(session: Session, *, subject_id: uuid.UUID, closed_at: datetime) -> None:
    """The referral closed: its links live 30 days more, never longer than before."""
    last = closed_at + AFTER_CLOSING
    session.execute(
        update(AccessLink)
        .where(AccessLink.subject_id == subject_id, AccessLink.expires_at > last)
        .values(expires_at=last)
        .execution_options(synchronize_session=False)
    )


def lead_to(session: Session, *, old_id: uuid.UUID, new_id: uuid.UUID, ends_at: datetime) -> None:
    """The links of a corrected referral open the one that replaced it."""
    session.execute(
        update(AccessLink)
        .where(AccessLink.subject_id == old_id, AccessLink.purpose == LinkPurpose.AGENCY)
        .values(subject_id=new_id, expires_at=ends_at)
        .execution_options(synchronize_session=False)
    )


def _close(session: Session, now: datetime, *which: object) -> None:
    session.execute(
        update(AccessLink)
        .where(AccessLink.revoked_at.is_(None), *which)  # type: ignore[arg-type]
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
