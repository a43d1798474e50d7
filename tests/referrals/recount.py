"""A slow, obvious recount of the reports, from events alone. It calls none of the counting code on purpose."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db.models.referrals import PatientAnswer, Referral, ReferralEvent

ENDS = {"served", "partly_served", "declined", "not_served", "withdrawn", "no_response", "error"}
KNOWN = {"served", "partly_served", "declined", "not_served"}
CLIENTS = {"client-declined", "need-met-elsewhere", "client-moved", "died"}
MISTAKES = {"duplicate", "wrong-service", "wrong-patient"}
FULL = {"no-capacity", "waitlist-only", "funding-exhausted"}
HELPED = {"got_help": True, "solved": True}
SAYS_SOMETHING = {
    *("got_help", "solved", "partly", "partly_solved", "not_yet", "could_not", "not_solved"),
    *("other_help", "not_needed"),
}


@dataclass
class Story:
    """One referral as its events tell it up to a moment."""

    referral: Referral
    state: str = "draft"
    reason: str = ""
    sent: datetime | None = None
    answered: datetime | None = None
    ended: datetime | None = None
    word: str = ""
    moves: list[ReferralEvent] = field(default_factory=list)


def stories(session: Session, as_of: datetime) -> list[Story]:
    """Every referral that was sent, as it was known then; of a chain of corrections only the last one."""
    told = {one.id: Story(one) for one in session.scalars(select(Referral))}
    events = session.scalars(select(ReferralEvent).where(ReferralEvent.recorded_at <= as_of))
    for event in sorted(events, key=lambda one: (str(one.referral_id), one.seq)):
        if event.kind.value == "move":
            happened(told[event.referral_id], event)
    for one in told.values():
        root = one
        while root.referral.correction_of is not None:
            root = told[root.referral.correction_of]
        if one.sent is not None:
            one.sent = root.sent
    replaced = {one.referral.correction_of for one in told.values() if one.sent is not None}
    kept = [one for one in told.values() if one.sent is not None and one.referral.id not in replaced]
    for one in kept:
        one.word = last_word(session, one.referral, as_of)
    return [one for one in kept if not by_mistake(one)]


def happened(story: Story, event: ReferralEvent) -> None:
    story.moves.append(event)
    story.state = event.to_state.value
    story.reason = event.reason.value if event.reason else ""
    story.ended = event.occurred_at if story.state in ENDS else None
    if story.state == "sent":
        story.sent = event.occurred_at
    agencys = event.side.value == "agency" or bool(event.said_by)
    if agencys and story.state != "seen" and story.answered is None:
        story.answered = event.occurred_at


def last_word(session: Session, referral: Referral, as_of: datetime) -> str:
    word = ""
    answers = session.scalars(select(PatientAnswer).where(PatientAnswer.at <= as_of)).all()
    for answer in sorted(answers, key=lambda one: (one.at, one.referral_id is not None)):
        about = answer.referral_id or answer.batch_id
        if answer.need_id is None and answer.word.value in SAYS_SOMETHING and about in {referral.id, referral.batch_id}:
            word = answer.word.value
    return word


def by_mistake(one: Story) -> bool:
    wrong = one.state == "withdrawn" and one.reason in MISTAKES
    return wrong and one.ended - one.sent <= timedelta(hours=1)


def counts(session: Session, as_of: datetime) -> dict[str, tuple[int, int, int]]:
    """Numerator, denominator and the too young of each rate of referrals."""
    all_of_them = stories(session, as_of)
    found = {}
    for days in (7, 14, 30):
        found[f"answered_{days}"] = within(all_of_them, days, as_of, lambda one: one.answered)
    for days in (30, 60, 90):
        found[f"closed_{days}"] = within(
            all_of_them, days, as_of, lambda one: one.ended if outcome_known(one) else None
        )
    helped = [one for one in all_of_them if one.state in {"served", "partly_served"}]
    found["served"] = (len(helped), len(all_of_them), 0)
    first = [one for one in all_of_them if is_first(session, one.referral)]
    found["first_try"] = (len([one for one in first if one in helped]), len(first), 0)
    both = [one for one in helped if one.word]
    found["agreement"] = (len([one for one in both if HELPED.get(one.word)]), len(both), 0)
    full = [one for one in all_of_them if one.state in {"declined", "waitlisted"} and one.reason in FULL]
    found["no_room"] = (len(full), len(all_of_them), 0)
    return found


def outcome_known(one: Story) -> bool:
    return one.state in KNOWN or (one.state == "withdrawn" and one.reason in CLIENTS)


def is_first(session: Session, referral: Referral) -> bool:
    while referral.correction_of is not None:
        referral = session.get_one(Referral, referral.correction_of)
    return referral.previous_id is None


def within(all_of_them, days, as_of, moment) -> tuple[int, int, int]:
    span = timedelta(days=days)
    old = [one for one in all_of_them if as_of - one.sent >= span]
    hits = [one for one in old if moment(one) is not None and moment(one) - one.sent <= span]
    return len(hits), len(old), len(all_of_them) - len(old)
