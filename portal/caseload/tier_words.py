"""The tiers of outreach in words, with the facts that decided and what a person pinned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext
from i18n.catalog import lazy_gettext as _
from referrals.tiers import Fact
from resources_db.vocab import Tier

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

TIERS = {
    Tier.TODAY: _("Today"),
    Tier.THIS_WEEK: _("This week"),
    Tier.IN_WORK: _("In work"),
    Tier.STEADY: _("Steady"),
}
FACTS = {
    Fact.SAFETY: _("a safety need"),
    Fact.NOTHING_TONIGHT: _("nothing for tonight"),
    Fact.DATE_WITHIN_2_DAYS: _("a date within 2 days"),
    Fact.CONTACT_DUE: _("home from hospital, not reached yet"),
    Fact.URGENT_OVERDUE: _("an urgent referral is late"),
    Fact.WANTS_CALL: _("wants a call"),
    Fact.OLD_DISAGREEMENT: _("an old disagreement"),
    Fact.DATE_WITHIN_14_DAYS: _("a date within 14 days"),
    Fact.HOME_FROM_HOSPITAL: _("home from hospital"),
    Fact.THREE_NEEDS: _("3 or more open needs"),
    Fact.TWO_FAILED: _("2 failed tries for one need"),
    Fact.WAITING_30_DAYS: _("waits more than 30 days"),
    Fact.NO_ANSWER_TWICE: _("did not answer twice"),
    Fact.OPEN_NEED: _("an open need"),
    Fact.NO_OPEN_NEED: _("no open need"),
}


def because(facts: Sequence[Fact]) -> str:
    """The facts that decided, in one line."""
    return formatting.list_of(str(FACTS[fact]) for fact in facts)


def pin(until: dt.date | None, why: str) -> str:
    """What somebody decided by hand: until when, and why."""
    day = gettext("Pinned until %(date)s", date=formatting.short_date(until)) if until else gettext("Pinned")
    return f"{day}: {why}" if why else day
