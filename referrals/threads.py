"""Whose texts are whose: by what each text was about. A number alone does not tell, it can be shared or change hands.

Texts to agencies are nobody's here: they hold links and codes that are for the agency only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from sqlalchemy import and_, case, or_, select

from messaging.opt_out import Kind
from referrals.errors import NotFoundError
from resources_db.models.messages import InboundMessage, Message
from resources_db.models.people import Patient
from resources_db.models.referrals import AgencyContact, ReferralTask, SendBatch
from resources_db.tenancy import actor_of
from resources_db.vocab import MessageChannel

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

Text: TypeAlias = Message | InboundMessage

PATIENT = "patient"
MOST_NOBODYS = 50
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
    return tuple(sorted([*out, *session.scalars(select(InboundMessage).where(theirs))], key=_in_order))


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
    rows = sorted(rows, key=lambda row: _in_order(row[0]), reverse=True)[:most]
    known = _patients(session, {who for _, who in rows if who is not None})
    return [(text, known.get(who) if who is not None else None) for text, who in rows]


def nobodys(session: Session) -> list[InboundMessage]:
    """Words nobody has read yet from numbers that are no patient's and no agency's, the newest first."""
    known = select(AgencyContact.phone_bix).where(AgencyContact.phone_bix == InboundMessage.from_bix)
    query = select(InboundMessage).where(
        InboundMessage.patient_id.is_(None),
        InboundMessage.handled_at.is_(None),
        InboundMessage.read_as.in_((Kind.FREE, Kind.HOLD)),
        ~known.exists(),
    )
    shared = select(Patient.id).where(Patient.phone_bix == InboundMessage.from_bix)
    return list(session.scalars(query.where(~shared.exists()).order_by(InboundMessage.at.desc()).limit(MOST_NOBODYS)))


def read(session: Session, inbound_id: uuid.UUID, *, now: datetime) -> None:
    """Somebody has read this text; raises NotFoundError for a foreign one. The first reader stays written down."""
    inbound = session.scalars(select(InboundMessage).where(InboundMessage.id == inbound_id)).one_or_none()
    if inbound is None:
        raise NotFoundError
    if inbound.handled_at is None:
        inbound.handled_at, inbound.handled_by = now, actor_of(session).user_id


def at(text: Text) -> datetime:
    """When it was written."""
    return text.created_at if isinstance(text, Message) else text.at


def _in_order(text: Text) -> tuple[datetime, bool]:
    """An answer is written in the moment its question comes, and stands behind it."""
    return at(text), isinstance(text, Message)


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
