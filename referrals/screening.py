"""Asking a patient a set of questions: begin, answer, say whether help is wanted, finish. Writes both tables alone.

Whether an answer is positive and whether help is wanted are two fields, asked apart. Nothing negative is ever written
about a person. A finished screening never changes; asking again is a new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from referrals import instruments_flow, links, people, questionnaires, screening_effects
from referrals.errors import BadInputError, NotFoundError, TooLateError
from referrals.screening_answers import by_question, given, rows, stored, wishes
from resources_db import audit
from resources_db.models.care import Screening, ScreeningAnswer
from resources_db.tenancy import actor_of
from resources_db.vocab import HelpWanted, ScreeningState

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.instruments import Instrument, Question
    from referrals.instruments_flow import Given, Step

STAFF, TABLET, LINK = "staff", "tablet", "link"
"""Who holds the screen. `import` is the fourth word of the column."""
BY_PATIENT = frozenset({TABLET, LINK})
SHORTEST_KEY = 16
SHORTEST_REASON, LONGEST_REASON = 3, 300


def begin(
    session: Session,
    *,
    patient_id: uuid.UUID,
    instrument: Instrument,
    language: str,
    asked_by: str,
    form_key: str,
    now: datetime,
    interpreter: bool = False,
) -> Screening:
    """A new screening. The same form pressed twice is one."""
    if len(form_key) < SHORTEST_KEY:
        raise BadInputError("form_key", "too_short")
    patient = people.get(session, patient_id)
    known = select(Screening).where(Screening.idempotency_key == form_key, Screening.patient_id == patient.id)
    screening = Screening(
        org_id=patient.org_id,
        patient_id=patient.id,
        instrument=instrument.id,
        instrument_version=instrument.version,
        language=language,
        asked_by=asked_by,
        state=ScreeningState.OPEN,
        interpreter=interpreter,
        idempotency_key=form_key,
        created_at=now,
        created_by=actor_of(session).user_id,
    )
    before = session.scalars(known).one_or_none()
    if before is not None:
        return before
    try:
        with session.begin_nested():  # the same form may be pressed twice at this moment
            session.add(screening)
    except IntegrityError:
        return session.scalars(known).one()
    _audit(session, screening, "begin", now)
    return screening


def get(session: Session, screening_id: uuid.UUID, *, lock: bool = False) -> Screening:
    """The screening, if this actor may see it; raises NotFoundError."""
    query = select(Screening).where(Screening.id == screening_id)
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def instrument_of(session: Session, screening: Screening) -> Instrument:
    """The questions it asks."""
    return questionnaires.find(session, screening.instrument, screening.instrument_version)


def next_step(session: Session, screening: Screening, instrument: Instrument) -> Step | None:
    """What is asked next; None when everything was."""
    found = rows(session, screening)
    return instruments_flow.next_step(instrument, by_question(found), wishes(found))


def answer(
    session: Session, screening: Screening, question: Question, said: Given, *, language: str, now: datetime
) -> ScreeningAnswer:
    """Keep an answer; while the screening is open it may be given anew. Raises TooLateError after that."""
    instrument = _open(session, screening)
    value = instruments_flow.read(question, said)
    found = rows(session, screening)
    row = next((one for one in found if one.item == question.id), None)
    if row is None:
        row = ScreeningAnswer(org_id=screening.org_id, screening_id=screening.id, item=question.id, at=now)
        session.add(row)
    elif given(row) != value:
        row.help_wanted, row.help_asked = HelpWanted.UNKNOWN, False
    row.value = stored(value)
    row.positive = bool(instruments_flow.leads(question, value))
    row.at = now
    screening.language = language
    told = {**by_question(found), question.id: value}
    same = instruments_flow.same_wish(instrument, question, told, wishes(found))
    if row.positive and same is not None and not row.help_asked:
        row.help_wanted, row.help_asked = same, True
    session.flush()
    if instruments_flow.is_danger(question, value):
        screening_effects.danger(session, screening, now=now)
    return row


def wish(session: Session, screening: Screening, question: Question, wanted: HelpWanted, *, now: datetime) -> None:
    """Keep whether help is wanted with what a positive answer found; UNKNOWN is a word of its own: "not sure"."""
    _open(session, screening)
    row = next((one for one in rows(session, screening) if one.item == question.id), None)
    if row is None or not row.positive:
        raise BadInputError("help", "not_asked")
    row.help_wanted, row.help_asked, row.at = wanted, True, now
    session.flush()


def finish(session: Session, screening: Screening, *, now: datetime) -> None:
    """Close it: needs are made of what is wanted, and somebody is told. Finished already: nothing happens."""
    _close(session, screening, ScreeningState.DONE, now)


def stop(session: Session, screening: Screening, *, now: datetime) -> None:
    """The person stops here; what was answered counts as if all had been."""
    _close(session, screening, ScreeningState.STOPPED, now)


def decline(session: Session, screening: Screening, *, now: datetime) -> None:
    """The person does not want to be asked. Kept, so that nobody asks again tomorrow; nothing else follows."""
    if rows(session, screening):
        stop(session, screening, now=now)
        return
    _close(session, screening, ScreeningState.DECLINED, now)


def mark_wrong(session: Session, screening: Screening, *, reason: str, now: datetime) -> None:
    """Entered in error: the row stays and says so, with the reason. Needs made of it stay for a person to settle."""
    words = reason.strip()
    if not SHORTEST_REASON <= len(words) <= LONGEST_REASON:
        raise BadInputError("reason", "missing" if len(words) < SHORTEST_REASON else "too_long")
    if screening.state is ScreeningState.ENTERED_IN_ERROR:
        return
    screening.state = ScreeningState.ENTERED_IN_ERROR
    screening.finished_at = screening.finished_at or now
    screening.wrong_because = words
    links.revoke(session, subject_id=screening.id, now=now)
    screening_effects.settled(session, screening, now=now)
    _audit(session, screening, "mark_wrong", now)


def _open(session: Session, screening: Screening) -> Instrument:
    session.refresh(screening, with_for_update=True)
    if screening.state is not ScreeningState.OPEN:
        raise TooLateError
    return instrument_of(session, screening)


def _close(session: Session, screening: Screening, state: ScreeningState, now: datetime) -> None:
    session.refresh(screening, with_for_update=True)
    if screening.state is not ScreeningState.OPEN:
        return
    screening.state, screening.finished_at = state, now
    session.flush()
    if state is not ScreeningState.DECLINED:
        screening_effects.finished(session, screening, instrument_of(session, screening), now=now)
    _audit(session, screening, state.value, now)


def _audit(session: Session, screening: Screening, what: str, now: datetime) -> None:
    audit.record(session, action=f"screening.{what}", subject_kind="screening", subject_id=screening.id, now=now)
