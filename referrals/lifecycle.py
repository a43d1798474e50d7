"""May this side move a referral from here to there, and what must it give? The state machine as one table. Pure.

Knows no SQL and no clock: the moment is passed in. Only `referrals.progress` and `referrals.create` act on the answers.
The edges are those of the Gravity SDOHCC task diagram: `sent` to `served` is none, so a shortcut writes both steps.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, unique
from itertools import pairwise

from referrals import business_days, reasons
from resources_db.vocab import BusinessStatus, Priority, Reason, ReferralState, Side, WhyCode

S, B = ReferralState, BusinessStatus
NAVIGATOR, AGENCY, CLOCK, SYSTEM = Side.NAVIGATOR, Side.AGENCY, Side.CLOCK, Side.SYSTEM


@unique
class Give(StrEnum):
    """What must be given to enter a state. `said_by` is asked of navigators only: they pass on an agency's word."""

    REASON = "reason"
    SAID_BY = "said_by"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Span:
    """How long a state may last: business days and hours of offices after them, calendar days, or hours."""

    business_days: int = 0
    days: int = 0
    hours: int = 0


@dataclass(frozen=True, slots=True)
class TimeOut:
    """When a state has lasted too long, and the worklist item that then appears."""

    routine: Span
    urgent: Span
    then: WhyCode


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: where a referral may go from a state, and how that state is entered."""

    moves_to: frozenset[ReferralState]
    entered_by: frozenset[Side]
    statuses: tuple[BusinessStatus, ...]
    must_give: frozenset[Give] = frozenset()
    time_out: TimeOut | None = None


def _set(*words: ReferralState) -> frozenset[ReferralState]:
    return frozenset(words)


def _by(*sides: Side) -> frozenset[Side]:
    return frozenset(sides)


_IN_WORK = _set(
    *(S.CONTACTING, S.SCHEDULED, S.MISSED, S.NEEDS_CLIENT, S.RECEIVING, S.WAITLISTED),
    *(S.SERVED, S.PARTLY_SERVED, S.NOT_SERVED, S.WITHDRAWN, S.NO_RESPONSE),
)
_ENDED = _set(S.SERVED, S.PARTLY_SERVED, S.NOT_SERVED, S.WITHDRAWN)
_NOWHERE: frozenset[ReferralState] = frozenset()
_EITHER = _by(NAVIGATOR, AGENCY)
_HANDS = _by(NAVIGATOR, SYSTEM)
_SAID, _WHY, _DATE = frozenset({Give.SAID_BY}), frozenset({Give.REASON}), frozenset({Give.DATE})


def _within(routine: Span, urgent: Span, then: WhyCode = WhyCode.NO_NEXT_STEP) -> TimeOut:
    return TimeOut(routine, urgent, then)


_NEWS = _within(Span(days=30), Span(days=30))
_RECHECK = _within(Span(days=30), Span(days=7), WhyCode.WAITLIST_30_DAYS)
_FIRST_CONTACT = _within(Span(business_days=3), Span(hours=8))
_RESULT = _within(Span(business_days=5), Span(business_days=2))
_REBOOK = _within(Span(business_days=5), Span(business_days=1))
_PAPERS = _within(Span(business_days=5), Span(business_days=1), WhyCode.NEEDS_PAPERS)
_UNSENT = _within(Span(days=7), Span(days=1), WhyCode.UNSENT_DRAFT)

# fmt: off
RULES: dict[ReferralState, Rule] = {
    # state:              may go to, entered by, business statuses (first is the default), what must be given, time-out
    S.DRAFT:         Rule(_set(S.SENT, S.ERROR), _HANDS, (), time_out=_UNSENT),
    S.SENT:          Rule(_set(S.SEEN, S.ACCEPTED, S.DECLINED, S.WITHDRAWN, S.NO_RESPONSE), _by(CLOCK), (B.SENT,)),
    S.SEEN:          Rule(_set(S.ACCEPTED, S.DECLINED, S.WITHDRAWN, S.NO_RESPONSE), _by(AGENCY), (B.VIEWED,)),
    S.ACCEPTED:      Rule(_IN_WORK, _EITHER, (B.ACCEPTED,), _SAID, _FIRST_CONTACT),
    S.CONTACTING:    Rule(_IN_WORK, _EITHER, (B.ATTEMPT_1, B.ATTEMPT_2, B.ATTEMPT_3), time_out=_RESULT),
    S.SCHEDULED:     Rule(_IN_WORK - {S.SCHEDULED}, _EITHER, (B.SCHEDULED,), _DATE),
    S.MISSED:        Rule(_IN_WORK - {S.MISSED}, _EITHER, (B.NO_SHOW,), time_out=_REBOOK),
    S.NEEDS_CLIENT:  Rule(_IN_WORK - {S.NEEDS_CLIENT}, _by(AGENCY), (B.NEEDS_DOCUMENTS, B.NEEDS_APPLICATION),
                          time_out=_PAPERS),
    S.RECEIVING:     Rule(_set(S.SCHEDULED, S.MISSED, S.NEEDS_CLIENT, S.WAITLISTED) | _ENDED, _EITHER,
                          (B.SERVICE_STARTED, B.ENROLLED), time_out=_NEWS),
    S.WAITLISTED:    Rule(_set(S.CONTACTING, S.SCHEDULED, S.NEEDS_CLIENT, S.RECEIVING) | _ENDED, _EITHER,
                          (B.WAITLIST,), _WHY, _RECHECK),
    S.SERVED:        Rule(_NOWHERE, _EITHER, (B.COMPLETED,), _SAID),
    S.PARTLY_SERVED: Rule(_NOWHERE, _EITHER, (B.COMPLETED_PARTLY,), _SAID),
    S.DECLINED:      Rule(_NOWHERE, _EITHER, (B.DECLINED,), _SAID | _WHY),
    S.NOT_SERVED:    Rule(_NOWHERE, _EITHER, (B.FAILED,), _SAID | _WHY),
    S.WITHDRAWN:     Rule(_NOWHERE, _EITHER | {SYSTEM}, (B.WITHDRAWN,), _WHY),
    S.NO_RESPONSE:   Rule(_NOWHERE, _by(CLOCK), (B.EXPIRED,)),
    S.ERROR:         Rule(_NOWHERE, _HANDS, ()),
}
# fmt: on

_YES_FIRST = (S.CONTACTING, S.SCHEDULED, S.NEEDS_CLIENT, S.RECEIVING, S.WAITLISTED, S.SERVED, S.PARTLY_SERVED)
SHORTCUTS: dict[tuple[ReferralState, ReferralState], ReferralState] = {
    (start, end): S.ACCEPTED for start in (S.SENT, S.SEEN) for end in _YES_FIRST
}
"""An agency that says more than yes in one breath: both steps are written, in one transaction."""

TERMINAL = frozenset(state for state, rule in RULES.items() if not rule.moves_to)
OPEN = frozenset(RULES) - TERMINAL
WITH_AGENCY = OPEN - {S.DRAFT}
UNANSWERED = frozenset({S.SENT, S.SEEN})
HELPED = frozenset({S.SERVED, S.PARTLY_SERVED})
FARTHEST = timedelta(days=3_650)
"""A day farther off is a slip of the keys ("9999" for "for ever"), and no calendar reaches past the last of them."""
ATTEMPTS_NEEDED = 3
ATTEMPT_DAYS = {Priority.ROUTINE: 5, Priority.URGENT: 1}
OTHER_TEXT_LETTERS = 3


@unique
class RefusalCode(StrEnum):
    """Why a move is refused; pages turn the code into words."""

    ENDED = "ended"
    NO_SUCH_MOVE = "no_such_move"
    NOT_YOURS = "not_yours"
    REASON_MISSING = "reason_missing"
    REASON_WRONG = "reason_wrong"
    TEXT_MISSING = "text_missing"
    SAID_BY_MISSING = "said_by_missing"
    DATE_MISSING = "date_missing"
    STATUS_WRONG = "status_wrong"
    BACKWARD_ATTEMPT = "backward_attempt"
    TOO_FEW_ATTEMPTS = "too_few_attempts"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A typed no: the code, and the moves that are possible from here for this side."""

    code: RefusalCode
    state: ReferralState
    possible: tuple[ReferralState, ...]


@dataclass(frozen=True, slots=True)
class Present:
    """A referral as it stands. `attempts` are the moments somebody tried to reach the person."""

    state: ReferralState
    business_status: BusinessStatus | None = None
    priority: Priority = Priority.ROUTINE
    attempts: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A wished move and all that was given with it."""

    to: ReferralState
    side: Side
    business_status: BusinessStatus | None = None
    reason: Reason | None = None
    text: str = ""
    said_by: str = ""
    next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One legal step, ready to be written as an event."""

    start: ReferralState
    to: ReferralState
    business_status: BusinessStatus | None


def check(present: Present, ask: Ask, *, now: datetime, zone: str = "America/New_York") -> tuple[Step, ...] | Refusal:
    """The steps that lead where `ask` wishes (two for a shortcut), or why not."""
    code = _refusal(present, ask, now, zone)
    if code is not None:
        return Refusal(code, present.state, next_moves(present.state, ask.side))
    states = (present.state, *_path(present.state, ask.to))
    return tuple(_step(present, ask, start, to) for start, to in pairwise(states))


def is_edge(start: ReferralState, to: ReferralState) -> bool:
    """Whether one event may lead from `start` to `to`."""
    return to in RULES[start].moves_to


def next_moves(state: ReferralState, side: Side) -> tuple[ReferralState, ...]:
    """Where this side may take a referral now, in the order of the table; shortcuts included."""
    return tuple(to for to, rule in RULES.items() if side in rule.entered_by and _path(state, to))


def next_attempt(present: Present) -> BusinessStatus:
    """The attempt that comes now: first, second, third; a fourth is counted as a third."""
    steps = RULES[S.CONTACTING].statuses
    return steps[min(len(present.attempts), len(steps) - 1)]


def enough_attempts(present: Present, *, now: datetime, zone: str) -> bool:
    """Whether "could not reach" may end the referral: three tries, spread over enough business days."""
    if len(present.attempts) < ATTEMPTS_NEEDED:
        return False
    return business_days.between(min(present.attempts), now, zone) >= ATTEMPT_DAYS[present.priority]


def time_out_at(state: ReferralState, priority: Priority, since: datetime, zone: str) -> datetime | None:
    """When a state entered at `since` has lasted too long; None when it never does by itself."""
    rule = RULES[state].time_out
    if rule is None:
        return None
    return after(rule.urgent if priority is Priority.URGENT else rule.routine, since, zone)


def after(span: Span, since: datetime, zone: str) -> datetime:
    """The moment a span ends that began at `since`, by the calendar of the zone."""
    if span.days:
        return business_days.same_wall_time(since, span.days, zone)
    later = business_days.later(since, span.business_days, zone)
    return business_days.in_office_hours(later + timedelta(hours=span.hours), zone) if span.hours else later


def _path(start: ReferralState, to: ReferralState) -> tuple[ReferralState, ...]:
    if is_edge(start, to):
        return (to,)
    between = SHORTCUTS.get((start, to))
    return (between, to) if between else ()


def _refusal(present: Present, ask: Ask, now: datetime, zone: str) -> RefusalCode | None:
    if present.state in TERMINAL:
        return RefusalCode.ENDED
    path = _path(present.state, ask.to)
    if not path:
        return RefusalCode.NO_SUCH_MOVE
    if ask.side not in RULES[ask.to].entered_by:
        return RefusalCode.NOT_YOURS
    if ask.next_on is not None and abs(ask.next_on - now.date()) > FARTHEST:
        return RefusalCode.DATE_MISSING
    return _not_given(ask, path) or _wrong_status(present, ask) or _wrong_attempts(present, ask, now, zone)


def _not_given(ask: Ask, path: tuple[ReferralState, ...]) -> RefusalCode | None:
    must = frozenset(give for state in path for give in RULES[state].must_give)
    if Give.SAID_BY in must and ask.side is NAVIGATOR and not ask.said_by.strip():
        return RefusalCode.SAID_BY_MISSING
    if Give.DATE in must and ask.next_on is None:
        return RefusalCode.DATE_MISSING
    if Give.REASON not in must:
        return None
    if ask.reason is None:
        return RefusalCode.REASON_MISSING
    if ask.reason not in reasons.allowed(ask.to, ask.side):
        return RefusalCode.REASON_WRONG
    letters = sum(letter.isalpha() for letter in ask.text)
    return RefusalCode.TEXT_MISSING if ask.reason is Reason.OTHER and letters < OTHER_TEXT_LETTERS else None


def _wrong_status(present: Present, ask: Ask) -> RefusalCode | None:
    statuses = RULES[ask.to].statuses
    if ask.business_status is None:
        return None
    if ask.business_status not in statuses:
        return RefusalCode.STATUS_WRONG
    if ask.to is S.CONTACTING and statuses.index(ask.business_status) < statuses.index(next_attempt(present)):
        return RefusalCode.BACKWARD_ATTEMPT
    return None


def _wrong_attempts(present: Present, ask: Ask, now: datetime, zone: str) -> RefusalCode | None:
    gives_up = ask.to is S.NOT_SERVED and ask.reason is Reason.COULD_NOT_REACH
    return RefusalCode.TOO_FEW_ATTEMPTS if gives_up and not enough_attempts(present, now=now, zone=zone) else None


def _step(present: Present, ask: Ask, start: ReferralState, to: ReferralState) -> Step:
    if to is ask.to and ask.business_status is not None:
        return Step(start, to, ask.business_status)
    if to is S.CONTACTING:
        return Step(start, to, next_attempt(present))
    return Step(start, to, next(iter(RULES[to].statuses), None))
