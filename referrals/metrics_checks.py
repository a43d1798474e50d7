"""After a positive screening, and after the way home from a hospital: did something happen in time?"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from referrals import business_days
from referrals.cohort import EVENT, REFERRAL, not_corrected
from referrals.figures import Rate
from referrals.instruments_shipped import SHIPPED
from referrals.lifecycle import HELPED
from referrals.metrics_times import TRIED
from referrals.needs import domain_of
from resources_db.encryption import vault
from resources_db.models.care import Screening, ScreeningAnswer
from resources_db.models.messages import InboundMessage
from resources_db.models.people import ContactAttempt, Need, Patient
from resources_db.models.referrals import PatientAnswer, Referral, ReferralEvent, ServiceRequest
from resources_db.repositories.columns import raw, rows
from resources_db.seconds import seconds
from resources_db.vocab import ContactResult, EventKind, ScreeningState

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

    from referrals.periods import Period

SNS_E = frozenset({"nutrition", "housing", "transportation"})
"""Food, housing, rides: what HEDIS measure SNS-E looks at."""
INTERVENTION_DAYS, CONTACT_DAYS, SERVED_DAYS, CONTACT_BUSINESS_DAYS = 30, 60, 14, 2
ADULT = 18
DAY = 86_400
_TABLES = (Screening, ScreeningAnswer, Need, Patient, ServiceRequest, ContactAttempt, InboundMessage, PatientAnswer)
SCREENING, ITEM, NEED, PATIENT, REQUEST, CONTACT, INBOUND, ANSWER = (one.__table__.c for one in _TABLES)


@dataclass(frozen=True, slots=True)
class Checks:
    """Each with its n and what is too young. `age_unknown`: not among the adults for want of a birth date."""

    intervention: Rate
    contact: Rate
    age_unknown: int
    home_contact: Rate
    home_referral: Rate
    home_served: Rate


@dataclass(frozen=True, slots=True)
class _Positive:
    patient: object
    at: float
    domain: str


def checks(session: Session, period: Period) -> Checks:
    """Screenings finished, and people who came home, in the period."""
    positives = _positives(session, period)
    sent, tried = _sent(session, period), _tried(session, period)
    adults, unknown = _adults(session, period, {one.patient: one.at for one in positives})
    asked = {(one.patient, one.at): one for one in positives if one.patient in adults}.values()
    looked_at = [one for one in positives if one.domain in SNS_E]
    as_of = period.as_of.timestamp()
    return Checks(
        intervention=_rate(looked_at, INTERVENTION_DAYS, as_of, lambda one: sent.get((one.patient, one.domain), ())),
        contact=_rate(asked, CONTACT_DAYS, as_of, lambda one: tried.get(one.patient, ())),
        age_unknown=unknown,
        **_homes(session, period),
    )


def _rate(
    asked: Iterable[_Positive], days: int, as_of: float, happened: Callable[[_Positive], Sequence[float]]
) -> Rate:
    every = list(asked)
    old = [one for one in every if as_of - one.at >= days * DAY]
    done = sum(any(0 <= at - one.at <= days * DAY for at in happened(one)) for one in old)
    return Rate(done, len(old), len(every) - len(old))


def _finished(period: Period) -> tuple[ColumnElement[bool], ...]:
    return (
        SCREENING.state == ScreeningState.DONE,
        SCREENING.finished_at >= period.since,
        SCREENING.finished_at < period.until,
        SCREENING.finished_at <= period.as_of,
    )


def _positives(session: Session, period: Period) -> list[_Positive]:
    """A person, a screening, a kind of need: once each."""
    query = (
        select(raw(SCREENING.patient_id), seconds(SCREENING.finished_at), ITEM.item, NEED.subneed)
        .join_from(Screening.__table__, ScreeningAnswer.__table__, ITEM.screening_id == SCREENING.id)
        .outerjoin(Need.__table__, NEED.id == ITEM.need_id)
        .where(*_finished(period), ITEM.positive.is_(True))
    )
    of_item = _domains()
    found: dict[_Positive, None] = {}
    for patient, at, item, subneed in rows(session, query):
        assert isinstance(at, float)
        one = _Positive(patient, at, domain_of(str(subneed)) if subneed else of_item.get(str(item), ""))
        found[one] = None
    return list(found)


def _domains() -> Mapping[str, str]:
    """The kind of need each shipped question asks about: for answers of which no need was made."""
    return {
        question.id: domain_of(choice.lead.subneed)
        for instrument in SHIPPED.values()
        for question in instrument.questions
        for choice in question.choices
        if choice.lead is not None and choice.lead.subneed
    }


def _screened(period: Period) -> Select[tuple[UUID]]:
    return select(SCREENING.patient_id).where(*_finished(period))


def _sent(session: Session, period: Period) -> Mapping[object, list[float]]:
    query = (
        select(raw(REFERRAL.patient_id), NEED.subneed, seconds(REFERRAL.sent_at))
        .join_from(Referral.__table__, ServiceRequest.__table__, REQUEST.id == REFERRAL.request_id)
        .join(Need.__table__, NEED.id == REQUEST.need_id)
        .where(REFERRAL.patient_id.in_(_screened(period)), REFERRAL.sent_at <= period.as_of)
    )
    found: dict[object, list[float]] = defaultdict(list)
    for patient, subneed, at in rows(session, query):
        found[patient, domain_of(str(subneed))].append(float(str(at)))
    return found


def _tried(session: Session, period: Period) -> Mapping[object, list[float]]:
    query = (
        select(raw(REFERRAL.patient_id), seconds(EVENT.occurred_at))
        .join_from(ReferralEvent.__table__, Referral.__table__, REFERRAL.id == EVENT.referral_id)
        .where(EVENT.kind == EventKind.MOVE, EVENT.to_state.in_(TRIED), EVENT.recorded_at <= period.as_of)
        .where(REFERRAL.patient_id.in_(_screened(period)))
    )
    return _by_patient(session, query)


def _by_patient(session: Session, *queries: Select[*tuple[object, ...]]) -> Mapping[object, list[float]]:
    found: dict[object, list[float]] = defaultdict(list)
    for query in queries:
        for patient, at in rows(session, query):
            found[patient].append(float(str(at)))
    return found


def _adults(session: Session, period: Period, screened_at: Mapping[object, float]) -> tuple[set[object], int]:
    """Who was 18 when asked, and of how many nobody knows."""
    query = select(raw(PATIENT.id), PATIENT.id, PATIENT.org_id, PATIENT.birth_date_enc)
    adults, unknown = set(), 0
    for name, one, org_id, sealed in rows(session, query.where(PATIENT.id.in_(_screened(period)))):
        if name not in screened_at:
            continue
        born = _born(session, sealed, org_id, one)
        if born is None:
            unknown += 1
        elif _age(born, datetime.fromtimestamp(screened_at[name], UTC).date()) >= ADULT:
            adults.add(name)
    return adults, unknown


def _born(session: Session, sealed: object, org_id: object, one: object) -> date | None:
    if not isinstance(sealed, bytes):
        return None
    assert isinstance(org_id, UUID)
    assert isinstance(one, UUID)
    text = vault().decrypt(sealed, "patient.birth_date", org_id, one, session)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _homes(session: Session, period: Period) -> dict[str, Rate]:
    """What happened after each way home: spoken with, referred, served."""
    home = (
        PATIENT.discharged_at >= period.since,
        PATIENT.discharged_at < period.until,
        PATIENT.discharged_at <= period.as_of,
    )
    came = select(PATIENT.id).where(*home)
    moments = select(raw(PATIENT.id), seconds(PATIENT.discharged_at)).where(*home)
    at = {one: float(str(moment)) for one, moment in rows(session, moments)}
    soon = {one: _two_days(moment, period.zone) for one, moment in at.items()}
    late = {one: moment + SERVED_DAYS * DAY for one, moment in at.items()}
    sent = select(raw(REFERRAL.patient_id), seconds(REFERRAL.sent_at)).where(
        REFERRAL.patient_id.in_(came), REFERRAL.sent_at <= period.as_of, not_corrected(period.as_of)
    )
    served = (
        select(raw(REFERRAL.patient_id), seconds(EVENT.occurred_at))
        .join_from(ReferralEvent.__table__, Referral.__table__, REFERRAL.id == EVENT.referral_id)
        .where(EVENT.kind == EventKind.MOVE, EVENT.to_state.in_(HELPED), EVENT.recorded_at <= period.as_of)
        .where(REFERRAL.patient_id.in_(came))
    )
    as_of = period.as_of.timestamp()
    return {
        "home_contact": _in_time(at, soon, _heard(session, period, came), as_of),
        "home_referral": _in_time(at, soon, _by_patient(session, sent), as_of),
        "home_served": _in_time(at, late, _by_patient(session, served), as_of),
    }


def _heard(session: Session, period: Period, came: Select[tuple[UUID]]) -> Mapping[object, list[float]]:
    """Two-way: somebody spoke with the person, or the person wrote or answered."""
    reached = select(raw(CONTACT.patient_id), seconds(CONTACT.at)).where(
        CONTACT.patient_id.in_(came), CONTACT.result == ContactResult.REACHED, CONTACT.at <= period.as_of
    )
    wrote = select(raw(INBOUND.patient_id), seconds(INBOUND.at)).where(
        INBOUND.patient_id.in_(came), INBOUND.at <= period.as_of
    )
    answered = select(raw(ANSWER.patient_id), seconds(ANSWER.at)).where(
        ANSWER.patient_id.in_(came), ANSWER.at <= period.as_of
    )
    return _by_patient(session, reached, wrote, answered)


def _two_days(moment: float, zone: str) -> float:
    return business_days.later(datetime.fromtimestamp(moment, UTC), CONTACT_BUSINESS_DAYS, zone).timestamp()


def _in_time(
    at: Mapping[object, float], until: Mapping[object, float], happened: Mapping[object, list[float]], as_of: float
) -> Rate:
    """Of those whose time is over."""
    over = [one for one in at if until[one] <= as_of]
    done = sum(any(at[one] <= moment <= until[one] for moment in happened.get(one, ())) for one in over)
    return Rate(done, len(over), len(at) - len(over))
