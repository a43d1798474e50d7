"""Whose texts are whose: by what each text was about. A number alone does not tell, it can be shared or change hands.

Texts to agencies are nobody's here: they hold links and codes that are for the agency only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import and_, case, or_, select

from resources_db.models.messages import InboundMessage, Message
from resources_db.models.people import Patient
from resources_db.models.referrals import ReferralTask, SendBatch
from resources_db.vocab import MessageChannel

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

Text: TypeAlias = Message | InboundMessage

PATIENT = "patient"
ABOUT: dict[str, type[SendBatch | ReferralTask | InboundMessage]] = {
    "send_batch": SendBatch,
    "referral_task": ReferralTask,
    "inbound_message": InboundMessage,
}
"""What a text to a patient can be about, beside the patient: rows that name them."""


def of_patient(session: Session, patient: Patient) -> tuple[Text, ...]:
    """The texts to and from a patient, in order; also what came from their number and could be another person's."""
    theirs = InboundMessage.patient_id == patient.id
    if patient.phone_bix is not None:
        nobodys = InboundMessage.patient_id.is_(None) & (InboundMessage.from_bix == patient.phone_bix)
        theirs = or_(theirs, nobodys)
    ids: dict[str, Select[uuid.UUID]] = {
        "send_batch": select(SendBatch.id).where(SendBatch.patient_id == patient.id),
        "referral_task": select(ReferralTask.id).where(ReferralTask.patient_id == patient.id),
        "inbound_message": select(InboundMessage.id).where(theirs),
    }
    about = [and_(Message.subject_kind == PATIENT, Message.subject_id == patient.id)]
    about += [and_(Message.subject_kind == kind, Message.subject_id.in_(rows)) for kind, rows in ids.items()]
    out = session.scalars(select(Message).where(Message.channel == MessageChannel.SMS, or_(*about)))
    return tuple(sorted([*out, *session.scalars(select(InboundMessage).where(theirs))], key=at))


def newest(session: Session, most: int) -> list[tuple[Text, Patient | None]]:
    """The newest texts to and from patients, newest first; None where nobody can say who of several it was."""
    sent = (
        select(Message, _whose())
        .where(Message.channel == MessageChannel.SMS, Message.subject_kind.in_((PATIENT, *ABOUT)))
        .order_by(Message.created_at.desc())
        .limit(most)
    )
    came = select(InboundMessage, InboundMessage.patient_id).order_by(InboundMessage.at.desc()).limit(most)
    rows: list[tuple[Text, uuid.UUID | None]] = [(text, who) for text, who in session.execute(sent)]
    rows += [(text, who) for text, who in session.execute(came)]
    rows = sorted(rows, key=lambda row: at(row[0]), reverse=True)[:most]
    known = _patients(session, {who for _, who in rows if who is not None})
    return [(text, known.get(who) if who is not None else None) for text, who in rows]


def at(text: Text) -> datetime:
    """When it was written."""
    return text.created_at if isinstance(text, Message) else text.at


def _whose() -> ColumnElement[uuid.UUID | None]:
    known = [
        (
            Message.subject_kind == kind,
            select(row.patient_id).where(row.id == Message.subject_id).correlate(Message).scalar_subquery(),
        )
        for kind, row in ABOUT.items()
    ]
    return case((Message.subject_kind == PATIENT, Message.subject_id), *known)


def _patients(session: Session, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Patient]:
    return {one.id: one for one in session.scalars(select(Patient).where(Patient.id.in_(ids)))}
