"""How the questions reach a patient who answers alone: a link in a text, or a page on a tablet of the house.

The text says that there are questions, nothing more. A tablet's link lives for hours, a text's for two weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from i18n import catalog
from messaging import outbox
from referrals import links, people, screening, senders, staff_texts, text_timing, texting, texts
from referrals.errors import NotFoundError, NotSendableError, TooLateError
from referrals.links import Subject
from referrals.texts import Values
from resources_db import audit
from resources_db.models.messages import Message
from resources_db.tenancy import actor_of
from resources_db.vocab import LinkPurpose, MessageState, Purpose, ScreeningState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from messaging.sms_text import Measure
    from referrals.errors import Why
    from referrals.text_timing import Rules, Timing
    from referrals.texts import Text
    from resources_db.models.care import Screening
    from resources_db.models.people import Patient

KIND = "screening"
"""What an access link says it opens."""
BY_TEXT, ON_TABLET = timedelta(days=14), timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Draft:
    """The text as it would leave. `why` says what stands in the way; `timing` is when it would leave."""

    body: str
    measure: Measure
    language: str
    why: Why | None
    timing: Timing


def prepare(session: Session, patient: Patient, *, language: str, form_key: str, rules: Rules, now: datetime) -> Draft:
    """What would be sent; nothing is written."""
    text = _text(session, patient, language, form_key)
    return Draft(
        body=text.body,
        measure=text.measure,
        language=text.language,
        why=texting.state(session, patient).why,
        timing=text_timing.of_text(session, patient, segments=text.measure.segments, now=now, rules=rules),
    )


def send(session: Session, asked: Screening, *, now: datetime) -> Message:
    """Promise the text of a screening; it leaves in ten seconds, and twice is once.

    Raises NotSendableError when the person may not be texted: the agreement is asked for again here.
    """
    patient = people.get(session, asked.patient_id, lock=True)
    why = texting.state(session, patient).why
    if why is not None:
        raise NotSendableError(why)
    known = message_of(session, asked)
    if known is not None:
        return known
    text = _text(session, patient, asked.language, asked.idempotency_key)
    _issue(session, asked, patient, now=now, life=BY_TEXT, token=links.token_of_form(asked.idempotency_key))
    message = outbox.enqueue_text(
        session,
        org_id=patient.org_id,
        to=patient.phone,
        body=text.body,
        lang=text.language,
        purpose=text.purpose,
        subject_kind=KIND,
        subject_id=asked.id,
        dedupe_key=f"screening:{asked.id}",
        now=now,
        due_at=now + staff_texts.UNDO,
        created_by=actor_of(session).user_id,
    )
    audit.record(session, action="message.send", subject_kind="patient", subject_id=patient.id, now=now)
    return message


def take_back(session: Session, asked: Screening, *, now: datetime) -> None:
    """The text does not leave, and the questions were never asked. Raises TooLateError once it is on its way."""
    message = message_of(session, asked)
    if message is None:
        raise NotFoundError
    if message.state is not MessageState.CANCELLED and not outbox.cancel(session, message, now):
        raise TooLateError
    links.revoke(session, subject_id=asked.id, now=now)
    screening.stop(session, asked, now=now)


def hand_over(session: Session, asked: Screening, *, now: datetime) -> str:
    """A page for the tablet in the patient's hand: its token."""
    patient = people.get(session, asked.patient_id)
    return _issue(session, asked, patient, now=now, life=ON_TABLET)


def hand_back(session: Session, asked: Screening, *, now: datetime) -> None:
    """The tablet is back: its page is closed. What was answered stays, also when not all was."""
    links.revoke(session, subject_id=asked.id, now=now)


def message_of(session: Session, asked: Screening) -> Message | None:
    """The text that brought the questions."""
    sent = select(Message).where(Message.subject_kind == KIND, Message.subject_id == asked.id)
    return session.scalars(sent.where(Message.purpose == Purpose.SCREENING)).first()


def is_open(session: Session, message: Message) -> bool:
    """Whether the text still has a use at the moment it leaves."""
    try:
        return screening.get(session, message.subject_id).state is ScreeningState.OPEN
    except NotFoundError:
        return False


def _text(session: Session, patient: Patient, language: str, form_key: str) -> Text:
    sender = senders.of_patient(session, patient.org_id, patient.id)
    link = links.url_of(links.token_of_form(form_key))
    return texts.render(Purpose.SCREENING, catalog.spoken(language), sender, Values(link=link))


def _issue(
    session: Session, asked: Screening, patient: Patient, *, now: datetime, life: timedelta, token: str | None = None
) -> str:
    subject = Subject(
        LinkPurpose.PATIENT,
        KIND,
        asked.id,
        asked.org_id,
        patient_id=patient.id,
        number_bix=patient.phone_bix,
        language=asked.language,
    )
    link, token = links.issue(session, subject, now=now, life=life, token=token)
    asked.link_id = link.id
    return token
