"""What somebody asks of the table of patients: whose, which, in which order. Turns it into SQL; reads no rows itself.

Names and ZIP codes are sealed, so SQL knows neither; `patient_table` opens them where the list is short enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum, unique
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, case, func, literal, or_, select

from referrals import needs, tier_facts
from resources_db import needs as catalog
from resources_db.base import UtcDateTime
from resources_db.models.care import Screening, ScreeningAnswer
from resources_db.models.messages import InboundMessage
from resources_db.models.people import Assignment, ContactAttempt, Need, Patient
from resources_db.models.referrals import PatientAnswer, Referral, ServiceRequest, WorklistItem
from resources_db.vocab import HelpWanted, NeedSource, ScreeningState

if TYPE_CHECKING:
    import uuid

    from sqlalchemy import ColumnElement, Select, Subquery
    from sqlalchemy.orm import InstrumentedAttribute

    from referrals.tier_facts import Moment, Within
    from resources_db.vocab import Tier

LONG_SILENCE = timedelta(days=30)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
CONTACTS = (
    (ContactAttempt.patient_id, ContactAttempt.at),
    (PatientAnswer.patient_id, PatientAnswer.at),
    (InboundMessage.patient_id, InboundMessage.at),
)
"""Where a contact with a patient is written down: a try by voice or in person, an answer, a text from the phone."""


@unique
class Sort(StrEnum):
    """Columns the table can be sorted by."""

    TIER = "tier"
    NAME = "name"
    LANGUAGE = "language"
    CONTACT = "contact"
    NEEDS = "needs"
    WAITING = "waiting"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Ask:
    """One way of looking at the patients. `leads` empty means everybody's, and those of nobody."""

    leads: tuple[uuid.UUID, ...] = ()
    tier: Tier | None = None
    domain: str = ""
    language: str = ""
    zip: str = ""
    silent: bool = False
    waiting: bool = False
    untouched: bool = False
    sort: Sort = Sort.TIER
    backwards: bool = False


def filtered(ask: Ask, at: Moment, within: Within = None) -> Select[uuid.UUID]:
    """Ids of the patients that are asked for, without order; of a ZIP only its first three digits.

    `within` holds the ids behind `ask.leads`, where there are leads: then nothing of the other patients is read.
    """
    query = select(Patient.id).where(Patient.closed_at.is_(None))
    if ask.tier:
        facts = tier_facts.of(at, within)
        query = facts.joined(query).where(tier_facts.tier(facts, at) == ask.tier.value)
    for wanted, condition in (
        (within is not None, Patient.id.in_(within or [])),
        (ask.domain, Patient.id.in_(_with_need(ask.domain))),
        (ask.language, Patient.language == ask.language),
        (ask.zip, Patient.zip3 == ask.zip[:3]),
        (ask.silent, _silent(at)),
        (ask.waiting, Patient.id.in_(_waiting(at))),
        (ask.untouched, Patient.id.in_(_untouched())),
    ):
        if wanted:
            query = query.where(condition)
    return query


def ordered(query: Select[uuid.UUID], ask: Ask, at: Moment, within: Within = None) -> Select[uuid.UUID]:
    """The same in the order that is asked for; what is not known stands last."""
    oldest = _oldest(within)
    if ask.sort in (Sort.TIER, Sort.NAME):
        facts = tier_facts.of(at, within)
        query = query if ask.tier else facts.joined(query)
        first: ColumnElement[Any] = tier_facts.tier(facts, at) if not ask.tier else literal(0)
    elif ask.sort is Sort.LANGUAGE:
        first = Patient.language.expression
    elif ask.sort is Sort.NEEDS:
        counted = _counted()
        query = query.outerjoin(counted, counted.c.patient_id == Patient.id)
        # Most needs first is what somebody means who asks for this order.
        first = -counted.c.many
    elif ask.sort is Sort.WAITING:
        first = oldest.c.at
    elif ask.sort is Sort.DUE:
        due = _next_due()
        query = query.outerjoin(due, due.c.patient_id == Patient.id)
        first = due.c.at
    else:
        query, first = _joined(query, _contact())
    query = query.outerjoin(oldest, oldest.c.patient_id == Patient.id)
    turned = first.desc() if ask.backwards else first.asc()
    return query.order_by(turned.nulls_last(), oldest.c.at.asc().nulls_last(), Patient.id)


def _waiting(at: Moment) -> Select[uuid.UUID]:
    wanted = select(Need.patient_id).where(open_and_wanted(), Need.help_wanted == HelpWanted.YES)
    return wanted.where(Need.identified_at <= at.now - tier_facts.LONG_WAIT)


def led(leads: tuple[uuid.UUID, ...]) -> Select[uuid.UUID]:
    """Ids of the patients these people lead."""
    return select(Assignment.patient_id).where(Assignment.navigator_id.in_(leads), Assignment.ended_at.is_(None))


def open_and_wanted() -> ColumnElement[bool]:
    """A need that is not settled, and help is wanted or nobody has asked yet."""
    return and_(Need.status.in_(needs.OPEN), Need.closed_at.is_(None), Need.help_wanted != HelpWanted.NO)


def _with_need(domain: str) -> Select[uuid.UUID]:
    known = (domain, *(one.id for one in catalog.in_domain(domain)))
    return select(Need.patient_id).where(open_and_wanted(), Need.subneed.in_(known))


def _silent(at: Moment) -> ColumnElement[bool]:
    since = at.now - LONG_SILENCE
    heard = [Patient.id.not_in(select(who).where(when >= since, who.is_not(None))) for who, when in CONTACTS]
    return and_(Patient.created_at < since, *heard)


def _untouched() -> Select[uuid.UUID]:
    """A screening found something, help was not refused, and nobody has called, met or referred the person since."""
    found = (
        select(Screening.patient_id)
        .join(ScreeningAnswer, ScreeningAnswer.screening_id == Screening.id)
        .where(Screening.state == ScreeningState.DONE, ScreeningAnswer.positive.is_(True))
        .where(ScreeningAnswer.help_wanted != HelpWanted.NO)
        .where(~_touched(Screening.patient_id, Screening.finished_at))
    )
    requested = select(ServiceRequest.id).where(ServiceRequest.need_id == Need.id).exists()
    screened = select(Need.patient_id).where(
        open_and_wanted(),
        Need.source == NeedSource.SCREENING,
        ~requested,
        ~_touched(Need.patient_id, Need.identified_at),
    )
    return select(Patient.id).where(or_(Patient.id.in_(found), Patient.id.in_(screened)))


def _touched(
    patient_id: InstrumentedAttribute[uuid.UUID],
    since: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
) -> ColumnElement[bool]:
    called = select(ContactAttempt.id).where(ContactAttempt.patient_id == patient_id, ContactAttempt.at >= since)
    referred = select(Referral.id).where(Referral.patient_id == patient_id, Referral.sent_at >= since)
    return or_(called.exists(), referred.exists())


def _oldest(within: Within) -> Subquery:
    wanted = select(Need.patient_id, func.min(Need.identified_at).label("at"))
    wanted = wanted.where(open_and_wanted(), Need.help_wanted == HelpWanted.YES)
    wanted = wanted if within is None else wanted.where(Need.patient_id.in_(within))
    return wanted.group_by(Need.patient_id).subquery("oldest")


def _counted() -> Subquery:
    many = select(Need.patient_id, func.count().label("many")).where(open_and_wanted())
    return many.group_by(Need.patient_id).subquery("counted")


def _next_due() -> Subquery:
    due = select(WorklistItem.patient_id, func.min(WorklistItem.due_at).label("at"))
    return due.where(WorklistItem.done_at.is_(None)).group_by(WorklistItem.patient_id).subquery("due")


def _contact() -> list[Subquery]:
    return [
        select(who.label("patient_id"), func.max(when).label("at")).group_by(who).subquery(f"contact_{number}")
        for number, (who, when) in enumerate(CONTACTS)
    ]


def _joined(query: Select[uuid.UUID], contacts: list[Subquery]) -> tuple[Select[uuid.UUID], ColumnElement[Any]]:
    """The newest of three moments, in words both databases know. Never heard of stands as long ago."""
    never = literal(NEVER, UtcDateTime)
    moments = []
    for one in contacts:
        query = query.outerjoin(one, one.c.patient_id == Patient.id)
        moments.append(func.coalesce(one.c.at, never))
    first, second, third = moments
    newest = case(
        (and_(first >= second, first >= third), first), (and_(second >= first, second >= third), second), else_=third
    )
    return query, newest
