"""Is help as good in every language? Each rate by the language a person prefers, beside that of all, and the texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select

from referrals import cells, cohort, counting, wanted
from referrals.counting import Measure
from referrals.figures import Rate
from referrals.metrics import whole
from referrals.periods import By
from resources_db.models.messages import Message, SmsQuestion
from resources_db.models.people import Patient
from resources_db.models.referrals import SendBatch
from resources_db.repositories.columns import rows
from resources_db.vocab import MessageChannel, MessageState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from referrals.cells import Parts, Shown
    from referrals.metrics import Figure
    from referrals.periods import Period

ENOUGH = 30
"""A language is flagged only when so many referrals or needs speak for it."""
LOOKED_AT = (Measure.ANSWERED_7, Measure.CLOSED_30, Measure.SERVED, Measure.MET_30)
LEFT = (MessageState.ACCEPTED, MessageState.SENT, MessageState.DELIVERED, MessageState.UNDELIVERED, MessageState.FAILED)
PATIENTS = ("referral", "details", "reminder", "appointment", "said_yes", "news", "nudge", "solved", "welcome")
MESSAGE, QUESTION, BATCH, PATIENT = (one.__table__.c for one in (Message, SmsQuestion, SendBatch, Patient))


@dataclass(frozen=True, slots=True)
class Compared:
    """One language's rate beside that of all."""

    language: str
    rate: Rate
    ratio: float | None
    flag: str
    """better, worse, or nothing: the interval of the ratio must exclude 1, and n be 30 or more."""


@dataclass(frozen=True, slots=True)
class Equity:
    """One rate in every language that may be shown."""

    measure: Measure
    whole: Figure
    lines: tuple[Compared, ...]
    cells: Shown[str]


@dataclass(frozen=True, slots=True)
class Languages:
    """The rates, and the texts: delivered of those that left, questions answered of those asked."""

    rates: tuple[Equity, ...]
    delivered: Shown[str]
    answered: Shown[str]


def languages(session: Session, period: Period) -> Languages:
    """All of it for the months."""
    attempts, needs = cohort.read(session, period, (By.LANGUAGE,)), wanted.read(session, period, (By.LANGUAGE,))
    rates = []
    for measure in LOOKED_AT:
        of_needs = counting.OF_NEEDS.get(measure)
        counted = of_needs(needs) if of_needs is not None else counting.OF_REFERRALS[measure](attempts)
        parts = counted.parts(needs.groups if of_needs is not None else attempts.groups)
        rates.append(_equity(measure, whole(counted), {key[0]: both for key, both in parts.items() if sum(both)}))
    return Languages(tuple(rates), _delivered(session, period), _answered(session, period))


def compared(language: str, rate: Rate, of_all: float | None) -> Compared:
    """The ratio to all, and whether it tells of a difference."""
    if not of_all or rate.share is None or rate.interval is None:
        return Compared(language, rate, None, "")
    low, high = (end / of_all for end in rate.interval)
    clear = rate.n >= ENOUGH and not low <= 1 <= high
    return Compared(language, rate, rate.share / of_all, ("worse" if high < 1 else "better") if clear else "")


def _equity(measure: Measure, of_all: Figure, parts: Mapping[str, Parts]) -> Equity:
    shown = cells.protect(parts)
    share = of_all.rate.share if of_all.rate is not None else None
    lines = (compared(one, Rate(both[0], sum(both)), share) for one, both in shown.rows.items())
    return Equity(measure, of_all, tuple(sorted(lines, key=lambda line: -line.rate.n)), shown)


def _delivered(session: Session, period: Period) -> Shown[str]:
    arrived = func.sum(case((MESSAGE.state == MessageState.DELIVERED, 1), else_=0))
    query = (
        select(MESSAGE.lang, arrived, func.count())
        .where(MESSAGE.channel == MessageChannel.SMS, MESSAGE.state.in_(LEFT), MESSAGE.purpose.in_(PATIENTS))
        .where(MESSAGE.created_at >= period.since, MESSAGE.created_at < period.until)
        .where(MESSAGE.created_at <= period.as_of)
        .group_by(MESSAGE.lang)
    )
    return _shown(session, query)


def _answered(session: Session, period: Period) -> Shown[str]:
    told = func.sum(case((QUESTION.answered_at <= period.as_of, 1), else_=0))
    query = (
        select(PATIENT.language, told, func.count())
        .join_from(SmsQuestion.__table__, SendBatch.__table__, BATCH.id == QUESTION.subject_id)
        .join(Patient.__table__, PATIENT.id == BATCH.patient_id)
        .where(QUESTION.role == "patient", QUESTION.asked_at >= period.since, QUESTION.asked_at < period.until)
        .where(QUESTION.asked_at <= period.as_of)
        .group_by(PATIENT.language)
    )
    return _shown(session, query)


def _shown(session: Session, query: Select[*tuple[object, ...]]) -> Shown[str]:
    counts = ((str(language), int(str(some)), int(str(n))) for language, some, n in rows(session, query))
    return cells.protect({language: (some, n - some) for language, some, n in counts})
