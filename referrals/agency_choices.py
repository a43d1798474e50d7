"""The answers an agency can press, which state each leads to, and which are offered when. Pure."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum, unique

from referrals import lifecycle
from resources_db.vocab import BusinessStatus, Reason, ReferralState, Side

S = ReferralState


@unique
class Choice(StrEnum):
    """The buttons of the page: five at first, more after a yes."""

    YES = "yes"
    WAITLIST = "waitlist"
    NO = "no"
    HELPED = "helped"
    COULD_NOT_REACH = "could_not_reach"
    SCHEDULED = "scheduled"
    MISSED = "missed"
    NEEDS_DOCUMENTS = "needs_documents"
    STARTED = "started"
    PARTLY = "partly"
    CANNOT = "cannot"
    NEXT_STEP = "next_step"


BEFORE_CODE = frozenset({Choice.NO, Choice.WAITLIST})
FIRST = (Choice.YES, Choice.WAITLIST, Choice.NO, Choice.HELPED, Choice.COULD_NOT_REACH)
TO = {
    Choice.YES: S.ACCEPTED,
    Choice.WAITLIST: S.WAITLISTED,
    Choice.NO: S.DECLINED,
    Choice.HELPED: S.SERVED,
    Choice.COULD_NOT_REACH: S.CONTACTING,
    Choice.SCHEDULED: S.SCHEDULED,
    Choice.MISSED: S.MISSED,
    Choice.NEEDS_DOCUMENTS: S.NEEDS_CLIENT,
    Choice.STARTED: S.RECEIVING,
    Choice.PARTLY: S.PARTLY_SERVED,
    Choice.CANNOT: S.NOT_SERVED,
    Choice.NEXT_STEP: S.ACCEPTED,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What was pressed, and what was given with it."""

    choice: Choice
    reason: Reason | None = None
    text: str = ""
    next_on: date | None = None
    at_clock: time | None = None
    business_status: BusinessStatus | None = None


def choices(state: ReferralState) -> tuple[Choice, ...]:
    """The answers that can be pressed now, in the order of the page."""
    if state in lifecycle.UNANSWERED or state is S.NO_RESPONSE:
        return FIRST
    # a date can be changed, and the day of the next step named
    possible = {*lifecycle.next_moves(state, Side.AGENCY), *({state} & {S.SCHEDULED, S.ACCEPTED})}
    return tuple(choice for choice, to in TO.items() if to in possible and choice not in {Choice.YES, Choice.NO})
