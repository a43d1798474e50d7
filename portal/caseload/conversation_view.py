"""What the conversation page shows: bubbles by day, the draft, what is planned, the sends a check-in can be about."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from i18n import catalog, formatting
from i18n.catalog import gettext as _
from messaging import opt_out
from portal.caseload import presenters, reason_words, text_words, texting_words
from referrals import check_ins, notices, replies, threads
from resources_db.models.messages import Message
from resources_db.models.referrals import PatientAnswer, Referral
from resources_db.models.tenants import AppUser
from resources_db.vocab import MessageState, Question

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy.orm import Session

    from messaging.sms_text import Measure
    from referrals.staff_texts import Draft
    from referrals.threads import Text
    from resources_db.models.messages import InboundMessage
    from resources_db.models.people import Patient

NEWEST = 12
"""So many texts at first; a link shows the rest."""
A_MOMENT = timedelta(minutes=2)
ON_THE_WAY = frozenset({MessageState.QUEUED, MessageState.SENDING, MessageState.ACCEPTED, MessageState.SENT})


@dataclass(frozen=True, slots=True)
class Bubble:
    """One text. `when` is a clock time, or for a waiting text when it leaves; `meant` what an answer meant."""

    body: str
    mine: bool
    lang: str
    state: str
    waits: str
    at: str
    about: str
    meant: str
    failed: str
    segments: int
    may_mean: tuple[tuple[int, str], ...] = ()
    """Answers that words may be, to the question that was open when they came: digit and words."""
    probably: int = 0
    """The digit such words most likely stand for; 0 when nobody can say."""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """The texts of one day."""

    name: str
    bubbles: tuple[Bubble, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """The days shown, and how many earlier texts are not."""

    days: tuple[Day, ...]
    hidden: int
    moving: bool
    """Whether a text is on its way this minute, so that its ticks are worth asking for again."""


@dataclass(frozen=True, slots=True)
class DraftView:
    """What was typed, as it would leave."""

    body: str
    measure: Measure
    typed: bool
    too_long: bool
    goes_out: str
    reached: bool
    too_late: bool
    names: bool


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One text to come."""

    id: uuid.UUID
    words: str
    when: str
    may_cancel: bool


def days(session: Session, patient: Patient, zone: str, *, now: dt.datetime, every: bool) -> Thread:
    """The conversation in order, by day."""
    found = threads.of_patient(session, patient)
    shown = found if every else found[-NEWEST:]
    words = _answers(session, shown)
    names = _writers(session, shown)
    by_day: dict[dt.date, list[Bubble]] = {}
    for one in shown:
        day = formatting.local(threads.at(one), zone).date()
        bubble = _bubble(one, zone, words, names)
        by_day.setdefault(day, []).append(bubble if isinstance(one, Message) else _open(session, one, bubble))
    listed = tuple(Day(formatting.long_day(day), tuple(bubbles)) for day, bubbles in by_day.items())
    moving = any(isinstance(one, Message) and one.state in ON_THE_WAY and now - one.due_at < A_MOMENT for one in shown)
    return Thread(listed, len(found) - len(shown), moving)


def draft(found: Draft, zone: str, *, typed: bool) -> DraftView:
    """The draft with its words."""
    return DraftView(
        body=found.body,
        measure=found.measure,
        typed=typed,
        too_long=found.too_long,
        goes_out=texting_words.goes_out(found.timing, zone),
        reached=found.timing.reached is not None,
        too_late=found.timing.too_late,
        names=found.names,
    )


def planned(session: Session, patient: Patient, zone: str) -> list[PlannedRow]:
    """What is going to be texted."""
    return [
        PlannedRow(one.id, str(text_words.PLANNED[one.kind]), formatting.date_time(one.due_at, zone), one.may_cancel)
        for one in check_ins.planned(session, patient.id)
    ]


def sends(session: Session, patient: Patient, zone: str) -> list[tuple[str, str]]:
    """The sends a check-in can be about: their agencies and the day."""
    listed = []
    for batch in check_ins.sends(session, patient.id):
        referrals = session.scalars(select(Referral).where(Referral.batch_id == batch.id).order_by(Referral.ref))
        agencies = formatting.list_of(dict.fromkeys(notices.agency_name(session, one) for one in referrals))
        day = formatting.short_date(formatting.local(batch.created_at, zone).date())
        listed.append((str(batch.id), _("%(agencies)s, %(day)s", agencies=agencies, day=day)))
    return listed


def languages(patient: Patient) -> list[tuple[str, str]]:
    """The languages a text can be written in: the patient's, then those we have words for."""
    codes = dict.fromkeys((patient.language, *(one.code for one in catalog.offered())))
    return [(code, presenters.language_name(code)) for code in codes]


def _bubble(one: Text, zone: str, words: dict[uuid.UUID, str], names: dict[uuid.UUID, str]) -> Bubble:
    clock = formatting.time(threads.at(one), zone)
    if not isinstance(one, Message):
        meant = words.get(one.id, "") or text_words.read_as(one.read_as)
        return Bubble(one.body, False, "", "received", "", clock, "", meant, "", 0)
    waits = ""
    if one.state is MessageState.QUEUED and one.not_before is not None:
        waits = formatting.date_time(one.not_before, zone)
    writer = names.get(one.created_by, "") if one.created_by else ""
    about = text_words.about(one.purpose)
    return Bubble(
        body=one.body,
        mine=True,
        lang=presenters.language_tag(one.lang),
        state=one.state.value,
        waits=waits,
        at=clock,
        about=" · ".join(word for word in (about, writer) if word),
        meant="",
        failed=text_words.failed(one.error_code),
        segments=one.segments,
    )


def _open(session: Session, one: InboundMessage, bubble: Bubble) -> Bubble:
    """Words that may answer a question offer its answers; a bare yes is probably the first, and counts as none."""
    question = replies.open_to(session, one)
    if question is None:
        return bubble
    offered = replies.answers_of(Question(question.question))
    listed = tuple((number, reason_words.word(word)) for number, word in offered.items())
    return replace(bubble, may_mean=listed, probably=1 if opt_out.read(one.body).said_yes else 0, id=str(one.id))


def _answers(session: Session, shown: tuple[Text, ...]) -> dict[uuid.UUID, str]:
    """What the digits meant, by the text they came in."""
    keys = {f"inbound:{one.id}": one.id for one in shown if not isinstance(one, Message)}
    told = select(PatientAnswer.idempotency_key, PatientAnswer.word).where(PatientAnswer.idempotency_key.in_(keys))
    return {keys[key]: reason_words.word(word) for key, word in session.execute(told)}


def _writers(session: Session, shown: tuple[Text, ...]) -> dict[uuid.UUID, str]:
    wanted = {one.created_by for one in shown if isinstance(one, Message) and one.created_by is not None}
    found = session.execute(select(AppUser.id, AppUser.name).where(AppUser.id.in_(wanted)))
    return {user_id: name for user_id, name in found}  # noqa: C416 - rows are no pairs
