"""How soon a person should hear from us: four tiers decided by plain facts, no score. Pure.

Race, ethnicity, language, sex and insurance are never inputs. The facts that decided are given back as the reason.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, unique

from referrals import business_days
from resources_db.vocab import Tier


@unique
class Fact(StrEnum):
    """A fact that decided a tier; pages turn it into words."""

    SAFETY = "safety"
    NOTHING_TONIGHT = "nothing_tonight"
    DATE_WITHIN_2_DAYS = "date_within_2_days"
    URGENT_OVERDUE = "urgent_overdue"
    WANTS_CALL = "wants_call"
    OLD_DISAGREEMENT = "old_disagreement"
    DATE_WITHIN_14_DAYS = "date_within_14_days"
    HOME_FROM_HOSPITAL = "home_from_hospital"
    THREE_NEEDS = "three_needs"
    TWO_FAILED = "two_failed"
    WAITING_30_DAYS = "waiting_30_days"
    NO_ANSWER_TWICE = "no_answer_twice"
    OPEN_NEED = "open_need"
    NO_OPEN_NEED = "no_open_need"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the tier of one person is decided from."""

    open_needs: int = 0
    oldest_need_days: int = 0
    next_date_at_risk: date | None = None
    discharged_at: datetime | None = None
    safety: bool = False
    nothing_tonight: bool = False
    urgent_overdue: bool = False
    wants_call: bool = False
    old_disagreement: bool = False
    most_failed_for_one_need: int = 0
    unanswered_questions: int = 0


def tier_of(person: Circumstances, today: date) -> tuple[Tier, tuple[Fact, ...]]:
    """The tier and the facts that decided it."""
    now = _facts_of_today(person, today)
    if now:
        return Tier.TODAY, now
    week = _facts_of_the_week(person, today)
    if week:
        return Tier.THIS_WEEK, week
    if person.open_needs:
        return Tier.IN_WORK, (Fact.OPEN_NEED,)
    return Tier.STEADY, (Fact.NO_OPEN_NEED,)


def _facts_of_today(person: Circumstances, today: date) -> tuple[Fact, ...]:
    second = business_days.next_business_day(business_days.next_business_day(today))
    at_risk = person.next_date_at_risk
    facts = (
        (Fact.SAFETY, person.safety),
        (Fact.NOTHING_TONIGHT, person.nothing_tonight),
        (Fact.DATE_WITHIN_2_DAYS, at_risk is not None and at_risk <= second),
        (Fact.URGENT_OVERDUE, person.urgent_overdue),
        (Fact.WANTS_CALL, person.wants_call),
        (Fact.OLD_DISAGREEMENT, person.old_disagreement),
    )
    return tuple(fact for fact, true in facts if true)


def _facts_of_the_week(person: Circumstances, today: date) -> tuple[Fact, ...]:
    at_risk, home = person.next_date_at_risk, person.discharged_at
    facts = (
        (Fact.DATE_WITHIN_14_DAYS, at_risk is not None and at_risk <= today + timedelta(days=14)),
        (Fact.HOME_FROM_HOSPITAL, home is not None and home.date() >= today - timedelta(days=30)),
        (Fact.THREE_NEEDS, person.open_needs >= 3),
        (Fact.TWO_FAILED, person.most_failed_for_one_need >= 2),
        (Fact.WAITING_30_DAYS, person.oldest_need_days > 30),
        (Fact.NO_ANSWER_TWICE, person.unanswered_questions >= 2),
    )
    return tuple(fact for fact, true in facts if true)
