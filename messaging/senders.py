"""Whose thread an incoming text belongs to: by the open question, the last message to that number, or a patient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from messaging import questions
from resources_db.models.messages import Message, SmsQuestion
from resources_db.models.people import Patient
from resources_db.models.tenants import Org
from resources_db.vocab import OrgKind

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Sender:
    """The number behind an incoming text. `patient_id` only where exactly one person has the number."""

    phone_bix: bytes
    org_id: uuid.UUID
    lang: str
    patient_id: uuid.UUID | None = None
    question: SmsQuestion | None = None


def find(session: Session, phone_bix: bytes, now: datetime) -> Sender | None:
    """The sender of a text; a number nobody knows belongs to the first care org. None without any org."""
    question = questions.open_question(session, phone_bix, now)
    last = _last_message(session, phone_bix)
    people = list(session.scalars(select(Patient).where(Patient.phone_bix == phone_bix)))
    org_id = _org(session, question, last, people)
    if org_id is None:
        return None
    ours = [one for one in people if one.org_id == org_id]
    lang = last.lang if last is not None else (ours[0].language if ours else "en")
    return Sender(phone_bix, org_id, lang, ours[0].id if len(ours) == 1 else None, question)


def _org(
    session: Session, question: SmsQuestion | None, last: Message | None, people: list[Patient]
) -> uuid.UUID | None:
    for row in (question, last, *people):
        if row is not None:
            return row.org_id
    first = select(Org.id).where(Org.kind == OrgKind.CARE).order_by(Org.created_at)
    return session.scalars(first).first()


def _last_message(session: Session, phone_bix: bytes) -> Message | None:
    newest = select(Message).where(Message.to_bix == phone_bix).order_by(Message.created_at.desc())
    return session.scalars(newest.limit(1)).first()
