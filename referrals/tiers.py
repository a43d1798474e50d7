"""How soon a person should hear from us: four tiers decided by plain facts, no score. Pure.

Which facts are true of whom is `tier_facts`. Race, ethnicity, language, sex and insurance are never inputs.
"""

from collections.abc import Collection
from enum import StrEnum, unique

from resources_db.vocab import Tier


@unique
class Fact(StrEnum):
    """A fact that decided a tier; pages turn it into words."""

    SAFETY = "safety"
    NOTHING_TONIGHT = "nothing_tonight"
    DATE_WITHIN_2_DAYS = "date_within_2_days"
    CONTACT_DUE = "contact_due"
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


F = Fact
DECIDES = {
    Tier.TODAY: (
        *(F.SAFETY, F.NOTHING_TONIGHT, F.DATE_WITHIN_2_DAYS, F.CONTACT_DUE),
        *(F.URGENT_OVERDUE, F.WANTS_CALL, F.OLD_DISAGREEMENT),
    ),
    Tier.THIS_WEEK: (
        *(F.DATE_WITHIN_14_DAYS, F.HOME_FROM_HOSPITAL, F.THREE_NEEDS),
        *(F.TWO_FAILED, F.WAITING_30_DAYS, F.NO_ANSWER_TWICE),
    ),
    Tier.IN_WORK: (F.OPEN_NEED,),
}
"""Any of these facts puts a person into the tier; the first tier that has one decides (referrals.md section 12)."""


def decide(true: Collection[Fact]) -> tuple[Tier, tuple[Fact, ...]]:
    """The tier of somebody of whom these facts are true, and those of them that decided it."""
    for tier, facts in DECIDES.items():
        found = tuple(fact for fact in facts if fact in true)
        if found:
            return tier, found
    return Tier.STEADY, (Fact.NO_OPEN_NEED,)
