"""What may happen to a referral in a made-up year: the paths through the lifecycle and how often each is taken.

Pure: knows no database. The shares are guesses in the neighbourhood of what 211 lines report, not anybody's data.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from referrals.lifecycle import RULES, is_edge
from resources_db.vocab import BusinessStatus, PatientReason, PatientWord, Reason, ReferralState, Side

S = ReferralState
YEAR = timedelta(days=365)
ENDED: Sequence[tuple[float, tuple[ReferralState, ...], Reason | None]] = (
    (0.30, (S.SENT, S.SEEN, S.ACCEPTED, S.SERVED), None),
    (0.12, (S.SENT, S.ACCEPTED, S.CONTACTING, S.SCHEDULED, S.SERVED), None),
    (0.05, (S.SENT, S.SEEN, S.ACCEPTED, S.RECEIVING, S.PARTLY_SERVED), None),
    (0.10, (S.SENT, S.SEEN, S.DECLINED), Reason.NO_CAPACITY),
    (0.05, (S.SENT, S.DECLINED), Reason.NOT_ELIGIBLE),
    (0.02, (S.SENT, S.DECLINED), Reason.FUNDING_EXHAUSTED),
    (0.08, (S.SENT, S.ACCEPTED, S.CONTACTING, S.NOT_SERVED), Reason.CLIENT_DECLINED_HELP),
    (0.03, (S.SENT, S.ACCEPTED, S.WAITLISTED, S.NOT_SERVED), Reason.FOUND_INELIGIBLE),
    (0.05, (S.SENT, S.WITHDRAWN), Reason.NEED_MET_ELSEWHERE),
    (0.20, (S.SENT, S.NO_RESPONSE), None),
)
OPEN: Sequence[tuple[float, tuple[ReferralState, ...]]] = (
    (0.34, (S.SENT,)),
    (0.14, (S.SENT, S.SEEN)),
    (0.18, (S.SENT, S.ACCEPTED)),
    (0.10, (S.SENT, S.ACCEPTED, S.CONTACTING)),
    (0.08, (S.SENT, S.ACCEPTED, S.SCHEDULED)),
    (0.10, (S.SENT, S.ACCEPTED, S.WAITLISTED)),
    (0.06, (S.SENT, S.ACCEPTED, S.RECEIVING)),
)
WORDS = (
    (PatientWord.GOT_HELP, None),
    (PatientWord.GOT_HELP, None),
    (PatientWord.NOT_YET, None),
    (PatientWord.COULD_NOT, PatientReason.CLOSED),
    (PatientWord.COULD_NOT, PatientReason.FULL),
)


@dataclass(frozen=True, slots=True)
class Step:
    """One move: where from, where to, when, by whom."""

    start: ReferralState
    to: ReferralState
    at: datetime
    side: Side
    status: BusinessStatus | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Life:
    """One referral from sending to where it stands now."""

    steps: tuple[Step, ...]
    word: tuple[PatientWord, PatientReason | None] | None
    """What the patient said three days later, if anything."""

    @property
    def state(self) -> ReferralState:
        return self.steps[-1].to

    @property
    def sent_at(self) -> datetime:
        return self.steps[0].at

    @property
    def answered_at(self) -> datetime | None:
        return next((one.at for one in self.steps if one.side is Side.AGENCY and one.to is not S.SEEN), None)

    @property
    def terminal_at(self) -> datetime | None:
        return self.steps[-1].at if not RULES[self.state].moves_to else None


def of(chance: random.Random, sent_at: datetime, now: datetime, *, still_open: bool) -> Life:
    """A life that began at `sent_at` and has come as far as `now` allows."""
    if still_open:
        states, reason = chance.choices([path for _, path in OPEN], [share for share, _ in OPEN])[0], None
    else:
        number = chance.choices(range(len(ENDED)), [share for share, _, _ in ENDED])[0]
        _, states, reason = ENDED[number]
    steps, at, before = [], sent_at, S.DRAFT
    for state in states:
        if at > now:
            break
        assert is_edge(before, state)
        last = state is states[-1] and reason is not None
        why = reason if last else Reason.NO_CAPACITY if state is S.WAITLISTED else None
        steps.append(Step(before, state, at, _side(state), next(iter(RULES[state].statuses), None), why))
        before = state
        at += _wait(chance, states, state)
    word = chance.choice(WORDS) if len(steps) > 1 and chance.random() < 0.45 else None
    return Life(tuple(steps), word)


def _side(state: ReferralState) -> Side:
    if state in {S.SENT, S.NO_RESPONSE}:
        return Side.CLOCK
    return Side.NAVIGATOR if state is S.WITHDRAWN else Side.AGENCY


def _wait(chance: random.Random, states: Sequence[ReferralState], state: ReferralState) -> timedelta:
    """Minutes to weeks; silence lasts two weeks until the clock ends it."""
    if S.NO_RESPONSE in states:
        return timedelta(days=14, hours=chance.randint(1, 30))
    return timedelta(hours=min(chance.expovariate(1 / 40), 500) + (0.2 if state is S.SEEN else 1))
