"""What was asked and answered, for staff to read: one screening whole, and the list of a patient. Reads only."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from referrals import diagnosis_codes, instruments_flow, need_codes, needs, people, screening, screening_answers
from referrals.instruments_shipped import SHIPPED
from resources_db.models.care import Questionnaire, Screening, ScreeningAnswer
from resources_db.models.people import Need
from resources_db.models.tenants import AppUser
from resources_db.vocab import HelpWanted, ScreeningState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from referrals.instruments import Instrument, Question, Result, Words
    from resources_db.base import JsonDict
    from resources_db.models.care import NeedCode
    from resources_db.models.people import Patient

MOST = 50
"""Screenings on a patient's page."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One question with its answer, in the order of the questions."""

    question: Question
    answer: Sequence[JsonDict]
    positive: bool
    danger: bool
    help_wanted: HelpWanted
    help_asked: bool
    needs: tuple[Need, ...]
    suggested: tuple[str, ...]
    """ICD-10-CM codes for a clinician to look at, that nobody has confirmed yet."""


@dataclass(frozen=True, slots=True)
class Found:
    """One screening whole."""

    screening: Screening
    patient: Patient
    instrument: Instrument
    answered: tuple[Answered, ...]
    result: Result | None
    codes: Mapping[uuid.UUID, tuple[NeedCode, ...]]
    """Confirmed codes by need."""
    asked_by: str
    """The name of the person who asked or sent it."""


@dataclass(frozen=True, slots=True)
class Past:
    """One screening in a list."""

    screening: Screening
    title: Words | str
    positive: int
    wanted: int
    answered: int


def of(session: Session, screening_id: uuid.UUID) -> Found:
    """One screening; raises NotFoundError. The caller audits the read."""
    row = screening.get(session, screening_id)
    instrument, patient = screening.instrument_of(session, row), people.get(session, row.patient_id)
    answers = screening_answers.rows(session, row)
    own = session.scalars(select(Need).where(Need.patient_id == patient.id).order_by(Need.identified_at)).all()
    codes: dict[uuid.UUID, list[NeedCode]] = {}
    for code in need_codes.standing(session, [need.id for need in own]):
        codes.setdefault(code.need_id, []).append(code)
    home = people.household_of(patient)
    alone = None if home is None else home.adults + home.children == 1
    by_item = {one.item: one for one in answers}
    who = session.get(AppUser, row.created_by) if row.created_by else None
    return Found(
        screening=row,
        patient=patient,
        instrument=instrument,
        answered=tuple(
            _answered(question, by_item[question.id], own, codes, lives_alone=alone)
            for question in instrument.questions
            if question.id in by_item
        ),
        result=instruments_flow.result(instrument, screening_answers.by_question(answers)),
        codes={need: tuple(rows) for need, rows in codes.items()},
        asked_by=who.name if who else "",
    )


def of_patient(session: Session, patient_id: uuid.UUID) -> list[Past]:
    """What was asked of a patient, newest first. Two queries, however many there are."""
    yes = (ScreeningAnswer.help_wanted == HelpWanted.YES) & ScreeningAnswer.positive
    counted = (
        select(
            Screening,
            func.count(ScreeningAnswer.id),
            func.coalesce(func.sum(case((ScreeningAnswer.positive, 1), else_=0)), 0),
            func.coalesce(func.sum(case((yes, 1), else_=0)), 0),
        )
        .outerjoin(ScreeningAnswer, ScreeningAnswer.screening_id == Screening.id)
        .where(Screening.patient_id == patient_id)
        .group_by(Screening.id)
        .order_by(Screening.created_at.desc(), Screening.id)
        .limit(MOST)
    )
    found = session.execute(counted).all()
    titles = _titles(session, [row[0] for row in found])
    return [
        Past(row[0], titles[row[0].instrument, row[0].instrument_version], int(row[2]), int(row[3]), int(row[1]))
        for row in found
    ]


def _titles(session: Session, found: Sequence[Screening]) -> Mapping[tuple[str, str], Words | str]:
    wanted = Counter((one.instrument, one.instrument_version) for one in found)
    titles: dict[tuple[str, str], Words | str] = {
        key: SHIPPED[key[0]].title if key[0] in SHIPPED else key[0] for key in wanted
    }
    own = [url for url, _version in wanted if url not in SHIPPED]
    if own:
        query = select(Questionnaire.url, Questionnaire.version, Questionnaire.title)
        for url, version, title in session.execute(query.where(Questionnaire.url.in_(own))):
            titles[url, version] = title
    return titles


def is_over(row: Screening) -> bool:
    """Whether nothing can be answered any more."""
    return row.state is not ScreeningState.OPEN


def _answered(
    question: Question,
    row: ScreeningAnswer,
    own: Sequence[Need],
    codes: Mapping[uuid.UUID, Sequence[NeedCode]],
    *,
    lives_alone: bool | None,
) -> Answered:
    answer = screening_answers.given(row)
    leads = instruments_flow.leads(question, answer)
    mine = [need for lead in leads if (need := _need_of(lead.subneed, row, own)) is not None]
    confirmed = {code.code for need in mine for code in codes.get(need.id, ())}
    suggested = [
        code
        for lead in leads
        for code in diagnosis_codes.suggested(lead.subneed, lead.codes, lives_alone=lives_alone)
        if code not in confirmed
    ]
    return Answered(
        question=question,
        answer=answer,
        positive=row.positive,
        danger=instruments_flow.is_danger(question, answer),
        help_wanted=row.help_wanted,
        help_asked=row.help_asked,
        needs=tuple(dict.fromkeys(mine)),
        suggested=tuple(dict.fromkeys(suggested)),
    )


def _need_of(subneed: str, row: ScreeningAnswer, own: Sequence[Need]) -> Need | None:
    """The need that this answer made or met: the one kept with it, else the newest of the same name."""
    same = [need for need in own if subneed and needs.subneed_of(need) == subneed]
    return next((need for need in same if need.id == row.need_id), same[-1] if same else None)
