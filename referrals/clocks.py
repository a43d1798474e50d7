"""The pace of an agency's clock: the usual steps, what an organisation or an agency changed, both together. Pure.

Knows no SQL and no clock. What is stored, and for whom, is in `referrals.paces`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from types import MappingProxyType
from typing import TYPE_CHECKING

from referrals import lifecycle
from referrals.lifecycle import Span
from resources_db.vocab import Priority

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    Change = Mapping[str, object]
    """What is stored of a pace: days for each step and priority."""

MOST = 90
"""No step may be set farther off than so many days: a referral nobody looks at for longer is forgotten."""


@unique
class Step(StrEnum):
    """The steps of referrals.md section 7 whose day can be set; the stored words."""

    NOTICE_2 = "notice_2"
    NOTICE_3 = "notice_3"
    OVERDUE = "overdue"
    NO_RESPONSE = "no_response"
    SILENT = "silent"


CALENDAR = frozenset({Step.NO_RESPONSE, Step.SILENT})
"""Steps counted in calendar days; the others are counted in business days."""
IN_ORDER = (Step.NOTICE_2, Step.NOTICE_3, Step.OVERDUE, Step.NO_RESPONSE)
"""The steps of an unanswered referral; none may come before the one in front of it."""
USUAL: Mapping[Priority, Mapping[Step, Span]] = MappingProxyType(
    {
        Priority.ROUTINE: MappingProxyType(
            {
                Step.NOTICE_2: Span(business_days=2),
                Step.NOTICE_3: Span(business_days=4),
                Step.OVERDUE: Span(business_days=7),
                Step.NO_RESPONSE: Span(days=14),
                Step.SILENT: Span(days=30),
            }
        ),
        Priority.URGENT: MappingProxyType(
            {
                Step.NOTICE_2: Span(business_days=1),
                Step.NOTICE_3: Span(business_days=2),
                Step.OVERDUE: Span(business_days=2, hours=4),
                Step.NO_RESPONSE: Span(days=3),
                Step.SILENT: Span(days=10),
            }
        ),
    }
)
LOOK_BEFORE = {Priority.ROUTINE: 10, Priority.URGENT: 3}
"""So many days before a silent referral ends, somebody is asked to look at it (20 and 7 days at the usual pace)."""


@dataclass(frozen=True, slots=True)
class Pace:
    """When each step comes, for one priority."""

    steps: Mapping[Step, Span]
    priority: Priority

    def at(self, step: Step, sent_at: datetime, zone: str) -> datetime:
        """The moment of a step. A step never comes before the one in front of it, however the days were set."""
        moment = lifecycle.after(self.steps[step], sent_at, zone)
        if step not in IN_ORDER:
            return moment
        before = IN_ORDER[: IN_ORDER.index(step)]
        return max([moment, *(lifecycle.after(self.steps[one], sent_at, zone) for one in before)])

    @property
    def silent_days(self) -> int:
        """Calendar days of silence after a yes that end a referral."""
        return self.steps[Step.SILENT].days

    @property
    def look_days(self) -> int:
        """Calendar days of silence after a yes that put it on somebody's list."""
        return max(1, self.silent_days - LOOK_BEFORE[self.priority])


def merged(priority: Priority, *changes: Change) -> Pace:
    """The usual pace with the changes laid over it, the later over the earlier; what is left out stays usual."""
    steps = dict(USUAL[priority])
    for change in changes:
        for step in Step:
            days = days_of(change, step, priority)
            if days is not None:
                steps[step] = Span(days=days) if step in CALENDAR else Span(business_days=days)
    return Pace(MappingProxyType(steps), priority)


def days_of(change: Change, step: Step, priority: Priority) -> int | None:
    """The days a change names for a step; None where it names none, or something that cannot be meant."""
    of_step = change.get(step.value)
    days = of_step.get(priority.value) if isinstance(of_step, dict) else None
    return days if isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= MOST else None


def usual_days(step: Step, priority: Priority) -> int:
    """The days of the usual pace."""
    span = USUAL[priority][step]
    return span.days or span.business_days
