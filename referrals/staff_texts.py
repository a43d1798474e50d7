"""What staff write to a patient themselves: checked, measured, frozen, promised; ten seconds to take it back.

An answer to a text of the last days does not count towards the number of texts promised to the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from messaging import outbox, sms_text
from referrals import check_ins, links, people, senders, text_timing, texting, texts, worklist
from referrals.errors import BadInputError, NotFoundError, NotSendableError, TooLateError, Why
from referrals.text_timing import Timing
from referrals.texts import Values
from resources_db import audit
from resources_db.models.messages import InboundMessage, Message
from resources_db.tenancy import actor_of
from resources_db.vocab import MessageState, Purpose, WhyCode

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.text_timing import Rules
    from resources_db.models.people import Patient

UNDO = timedelta(seconds=10)
CONVERSATION = timedelta(days=3)
"""So long after a text from the person, ours is an answer."""
AT_ONCE = timedelta(minutes=5)
MOST_SEGMENTS = 3
OURS = frozenset({Purpose.STAFF_TEXT, Purpose.STAFF_REPLY, Purpose.REMINDER})
"""Purposes of texts that a person of the team sends, and can take back."""
SHORTEST_KEY = 16


@dataclass(frozen=True, slots=True)
class Draft:
    """A text as it would leave. `why` says what stands in the way; `names` that it holds a name of the patient."""

    body: str
    measure: sms_text.Measure
    language: str
    why: Why | None
    too_long: bool
    timing: Timing
    names: bool


def prepare_text(
    session: Session, *, patient_id: uuid.UUID, words: str, language: str, rules: Rules, now: datetime
) -> Draft:
    """What would be sent; nothing is written. The label of the org opens every text, so that it is known who writes."""
    patient = people.get(session, patient_id)
    body = _body(session, patient, words)
    measure = sms_text.measure(body)
    return Draft(
        body=body,
        measure=measure,
        language=language,
        why=texting.state(session, patient).why,
        too_long=measure.segments > MOST_SEGMENTS,
        timing=_timing(session, patient, measure.segments, rules, now),
        names=_names(patient, words),
    )


def send(
    session: Session, *, patient_id: uuid.UUID, words: str, language: str, form_key: str, now: datetime
) -> Message:
    """Promise the text; it leaves in ten seconds. The same form pressed twice is one text.

    Raises NotSendableError when the person may not be texted, BadInputError for no words or too many.
    """
    if len(form_key) < SHORTEST_KEY:
        raise BadInputError("form_key", "too_short")
    patient = people.get(session, patient_id, lock=True)
    why = texting.state(session, patient).why
    if why is not None:
        raise NotSendableError(why)
    if not words.strip():
        raise BadInputError("words", "missing")
    body = _body(session, patient, words)
    if sms_text.measure(body).segments > MOST_SEGMENTS:
        raise BadInputError("words", "too_long")
    answers = _last_word(session, patient)
    message = outbox.enqueue_text(
        session,
        org_id=patient.org_id,
        to=patient.phone,
        body=body,
        lang=language,
        purpose=_purpose(answers, now),
        subject_kind="patient",
        subject_id=patient.id,
        dedupe_key=f"patient:{patient.id}:staff:{form_key}",
        now=now,
        due_at=now + UNDO,
        created_by=actor_of(session).user_id,
        replies_to_inbound=_is_fresh(answers, now),
    )
    _answered(session, patient, now)
    audit.record(session, action="message.send", subject_kind="patient", subject_id=patient.id, now=now)
    return message


def send_list_again(session: Session, *, patient_id: uuid.UUID, form_key: str, now: datetime) -> Message:
    """The reminder with a new link to the newest send, for somebody who lost the first text; it can be taken back too.

    Raises NotSendableError when the person may not be texted or nothing was sent yet.
    """
    patient = people.get(session, patient_id, lock=True)
    why = texting.state(session, patient).why
    sends = check_ins.sends(session, patient.id)
    if why is not None or not sends:
        raise NotSendableError(why or Why.NO_PLACES)
    link = links.url_of(links.issue(session, links.of_batch(sends[0], patient), now=now)[1])
    sender = senders.of_patient(session, patient.org_id, patient.id)
    text = texts.render(Purpose.REMINDER, sends[0].language, sender, Values(link=link))
    message = outbox.enqueue_text(
        session,
        org_id=patient.org_id,
        to=patient.phone,
        body=text.body,
        lang=text.language,
        purpose=text.purpose,
        subject_kind="send_batch",
        subject_id=sends[0].id,
        dedupe_key=f"patient:{patient.id}:list:{form_key}",
        now=now,
        due_at=now + UNDO,
        created_by=actor_of(session).user_id,
    )
    audit.record(session, action="message.send", subject_kind="patient", subject_id=patient.id, now=now)
    return message


def undo(session: Session, message_id: uuid.UUID, *, now: datetime) -> Message:
    """Take a text of staff back; no provider call follows. Raises TooLateError once it is on its way."""
    found = select(Message).where(Message.id == message_id, Message.purpose.in_(OURS))
    message = session.scalars(found).one_or_none()
    if message is None:
        raise NotFoundError
    if message.state is not MessageState.CANCELLED and not outbox.cancel(session, message, now):
        raise TooLateError
    audit.record(session, action="message.undo", subject_kind="message", subject_id=message.id, now=now)
    return message


def waiting(session: Session, patient: Patient, now: datetime) -> Message | None:
    """The newest text of staff that can still be taken back by the toast."""
    query = select(Message).where(
        Message.to_bix == patient.phone_bix,
        Message.purpose.in_(OURS),
        Message.state == MessageState.QUEUED,
        Message.created_at > now - UNDO,
    )
    return session.scalars(query.order_by(Message.created_at.desc()).limit(1)).first()


def _body(session: Session, patient: Patient, words: str) -> str:
    label = senders.label_of(senders.org_of(session, patient.org_id))
    plain = sms_text.fold(" ".join(words.split()))
    return plain if plain.startswith(f"{label}:") else f"{label}: {plain}"


def _last_word(session: Session, patient: Patient) -> datetime | None:
    """When the person wrote to us last."""
    came = select(InboundMessage.at).where(InboundMessage.patient_id == patient.id)
    return session.scalars(came.order_by(InboundMessage.at.desc()).limit(1)).first()


def _is_fresh(answers: datetime | None, now: datetime) -> bool:
    """Whether the person wrote so lately that an answer may leave at any hour."""
    return answers is not None and now - answers <= AT_ONCE


def _purpose(answers: datetime | None, now: datetime) -> str:
    in_talk = answers is not None and now - answers <= CONVERSATION
    return (Purpose.STAFF_REPLY if in_talk else Purpose.STAFF_TEXT).value


def _answered(session: Session, patient: Patient, now: datetime) -> None:
    """What the person wrote has its answer: it leaves the list, and the texts are marked as read by whom."""
    worklist.clear_patient(session, patient_id=patient.id, whys=(WhyCode.PATIENT_WROTE,), now=now)
    unread = select(InboundMessage).where(InboundMessage.patient_id == patient.id, InboundMessage.handled_at.is_(None))
    for one in session.scalars(unread):
        one.handled_at, one.handled_by = now, actor_of(session).user_id


def _names(patient: Patient, words: str) -> bool:
    """Whether the words hold a name of the patient: somebody else may see the phone."""
    said = {word.strip(".,;:!?").casefold() for word in words.split()}
    return bool(said & ({patient.first_name.casefold(), (patient.last_name or "").casefold()} - {""}))


def _timing(session: Session, patient: Patient, segments: int, rules: Rules, now: datetime) -> Timing:
    """When it would leave. An answer is not limited, and one given at once may leave at any hour."""
    answers = _last_word(session, patient)
    if _is_fresh(answers, now):
        return Timing(now)
    if _purpose(answers, now) == Purpose.STAFF_REPLY:
        leaves_at = text_timing.leaves_at(session, patient, now=now, with_person=False, hours=rules.hours)
        return Timing(leaves_at, quiet=leaves_at > now)
    return text_timing.of_text(session, patient, segments=segments, now=now, rules=rules)
