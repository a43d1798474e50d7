"""The note for the health record: plain text in English, at most 15 lines of 80 columns (referrals design, section 9).

A sensitive need stands in it only when a person ticked it and the patient agreed that the chart may say so; needs of
safety never do, because patients' charts are read over shoulders. Codes are confirmed by a person, or suggestions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from i18n import formatting, locales
from i18n.catalog import use_language
from referrals import (
    check_ins,
    consent,
    diagnosis_codes,
    goals,
    need_codes,
    needs,
    note_lines,
    people,
    record,
    record_screening,
    senders,
)
from referrals.note_lines import Block
from referrals.outcomes import Said, said
from resources_db import needs as catalog
from resources_db.models.tenants import AppUser
from resources_db.vocab import ConsentMethod, GoalState, NeedStatus, ReferralState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.goals import GoalFacts
    from referrals.record import Attempt, NeedFacts, Record
    from resources_db.models.consents import Consent

RECENT = timedelta(days=30)
"""A settled need stands in the note for so long."""
CHART = "chart"
"""Flag of a consent: sensitive needs may stand in the health record."""
SETTLED = frozenset({NeedStatus.MET, NeedStatus.UNMET_CLOSED, NeedStatus.NOT_WANTED})
S = ReferralState

STATES = {
    S.SENT: "no answer yet",
    S.SEEN: "opened by agency",
    S.ACCEPTED: "agency said yes",
    S.CONTACTING: "agency is trying to reach patient",
    S.SCHEDULED: "date set",
    S.MISSED: "date missed",
    S.NEEDS_CLIENT: "agency needs papers",
    S.RECEIVING: "getting help",
    S.WAITLISTED: "on waitlist",
    S.SERVED: "agency says served",
    S.PARTLY_SERVED: "agency says partly served",
    S.DECLINED: "declined",
    S.NOT_SERVED: "could not help",
    S.WITHDRAWN: "withdrawn",
    S.NO_RESPONSE: "no answer from agency",
}
PATIENT = {
    Said.HELPED: "Patient: got help",
    Said.PARTLY: "Patient: got part",
    Said.NOT: "Patient: not helped",
    Said.NOT_NEEDED: "Patient: not needed",
    Said.NOTHING: "Patient: not asked yet",
}
STATUS = {
    NeedStatus.OPEN: "open",
    NeedStatus.IN_WORK: "in work",
    NeedStatus.MET: "met",
    NeedStatus.UNMET_CLOSED: "closed, not met",
    NeedStatus.NOT_WANTED: "help not wanted",
    NeedStatus.UNKNOWN: "not known",
}
METHODS = {
    ConsentMethod.VERBAL: "verbal",
    ConsentMethod.E_SIGN: "signed on screen",
    ConsentMethod.PAPER_SCAN: "signed on paper",
    ConsentMethod.PATIENT_PAGE: "on own page",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What the note is to hold: all needs or one, and the sensitive ones that were ticked."""

    need_id: uuid.UUID | None = None
    ticked: frozenset[uuid.UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Tick:
    """A sensitive need that may be ticked, if the patient agreed that the chart may hold it."""

    need_id: uuid.UUID
    subneed: str
    allowed: bool


ALL = Choice()


def write(
    session: Session, patient_id: uuid.UUID, *, navigator_id: uuid.UUID, now: datetime, choice: Choice = ALL
) -> str:
    """The note, ending in a line break. What was ticked without an agreement for the chart is left out all the same."""
    with use_language("en"):
        found = record.of_patient(session, patient_id, now=now)
        zone = senders.org_of(session, found.patient.org_id).timezone
        shown = [facts for facts in found.needs if _stands(facts, found.consents, choice, now)]
        shown.sort(key=lambda facts: facts.need.status in SETTLED)
        lines = [_head(found, now, zone)]
        if choice.need_id is None:
            lines += _home(found, zone, now) + record_screening.lines(session, patient_id, zone=zone)
        codes = _codes(session, found, shown)
        blocks = [_need(facts, codes[facts.need.id], zone) for facts in shown]
        wishes = _goals(goals.of_patient(session, patient_id), {facts.need.id for facts in shown}, choice)
        tail = [_consent(found, zone), _last(session, found, navigator_id, zone)]
        return "\n".join(note_lines.fitted(lines, blocks, wishes, tail)) + "\n"


def ticks(session: Session, patient_id: uuid.UUID, *, now: datetime, need_id: uuid.UUID | None = None) -> list[Tick]:
    """The sensitive needs of the patient that a person may want in the note."""
    found = record.of_patient(session, patient_id, now=now)
    return [
        Tick(facts.need.id, facts.subneed, chart_may_hold(facts.subneed, found.consents))
        for facts in found.needs
        if _fresh(facts, now) and _is_sensitive(facts) and need_id in {None, facts.need.id}
    ]


def chart_may_hold(subneed: str, consents: Iterable[Consent]) -> bool:
    """Whether a standing consent says that the chart may hold this sensitive need; never for needs of safety."""
    return subneed not in needs.SAFETY and any(CHART in one.flags and consent.allows(one, subneed) for one in consents)


def _stands(facts: NeedFacts, consents: Sequence[Consent], choice: Choice, now: datetime) -> bool:
    if choice.need_id not in {None, facts.need.id} or not _fresh(facts, now):
        return False
    if not _is_sensitive(facts):
        return needs.domain_of(facts.subneed) in catalog.DOMAINS
    return facts.need.id in choice.ticked and chart_may_hold(facts.subneed, consents)


def _fresh(facts: NeedFacts, now: datetime) -> bool:
    closed = facts.need.closed_at
    return facts.need.status not in SETTLED or closed is None or closed > now - RECENT


def _is_sensitive(facts: NeedFacts) -> bool:
    """Sensitive by its own id, or by being stored as its domain only."""
    return catalog.is_sensitive([facts.subneed]) or bool(facts.need.subneed_full)


def _codes(session: Session, found: Record, shown: Sequence[NeedFacts]) -> Mapping[uuid.UUID, str]:
    """For each need: the codes a person confirmed, else the first one to look at."""
    confirmed: dict[uuid.UUID, list[str]] = {}
    for row in need_codes.standing(session, [facts.need.id for facts in shown]):
        confirmed.setdefault(row.need_id, []).append(row.code)
    home = people.household_of(found.patient)
    alone = None if home is None else home.adults + home.children == 1
    words = {}
    for facts in shown:
        own = confirmed.get(facts.need.id, [])
        first = diagnosis_codes.suggested(facts.subneed, lives_alone=alone)[:1]
        if own:
            words[facts.need.id] = f"Code confirmed: {', '.join(own)}"
        else:
            words[facts.need.id] = f"Suggested code for clinician review: {first[0]}" if first else ""
    return words


def _head(found: Record, now: datetime, zone: str) -> str:
    language = locales.get(found.patient.language).english_name
    interpreter = "yes" if found.patient.interpreter else "no"
    today = formatting.local(now, zone).date()
    return f"SOCIAL NEEDS REFERRAL NOTE  {today}  Language: {language} (interpreter: {interpreter})"


def _home(found: Record, zone: str, now: datetime) -> list[str]:
    home = found.patient.discharged_at
    if home is None or not now - RECENT < home <= now:
        return []
    return [f"Home from hospital: {formatting.local(home, zone).date()}"]


def _need(facts: NeedFacts, code: str, zone: str) -> Block:
    known = catalog.NEEDS.get(facts.subneed)
    label = known.label if known else facts.subneed
    days = "" if facts.days is None else f", {facts.days} day" if facts.days == 1 else f", {facts.days} days"
    # A place may be sensitive where the need is not: its name would say what the need does not.
    named = [one for one in facts.attempts if _is_sensitive(facts) or not one.referral.sensitive]
    tries = [one for one in reversed(named) if one.referral.state in STATES]
    return Block(
        f"Need: {label}. Status: {STATUS[facts.need.status]}{days}.",
        code,
        tuple(f"  {number} {_attempt(one, zone)}" for number, one in enumerate(tries, start=1)),
    )


def _attempt(attempt: Attempt, zone: str) -> str:
    referral = attempt.referral
    sent = _day(referral.sent_at, zone)
    at = _day(referral.terminal_at or referral.answered_at, zone)
    state = STATES[referral.state] + (f" {at}" if at else "")
    reason = f" ({referral.reason.value.replace('-', ' ')})" if referral.reason else ""
    word = PATIENT[said(attempt.word)]
    return f"{note_lines.plain(attempt.place) or 'Place'}: sent {sent}, {state}{reason}. {word}"


def _goals(found: Iterable[GoalFacts], shown: Collection[uuid.UUID], choice: Choice) -> list[str]:
    """Goals of the needs that stand here, and those of life in general; words of one line."""
    return [
        note_lines.one_line(f"Goal: {goal.words}")
        for goal in found
        if goal.state is GoalState.ACTIVE
        and (goal.need_id in shown or (goal.need_id is None and choice.need_id is None))
    ]


def _consent(found: Record, zone: str) -> str:
    texts = "no"
    if found.texting.allowed:
        texts = f"yes, details {'yes' if found.texting.details else 'no'}"
    general = [one for one in found.consents if not _only_sensitive(one)]
    if not general:
        return f"Consent to share: none on file. Texts: {texts}"
    newest = general[0]
    witness = f", witness {note_lines.plain(newest.witness)}" if newest.witness else ""
    given = formatting.local(newest.effective_at, zone).date()
    return f"Consent: {METHODS[newest.method]}, {given}{witness}. Texts: {texts}"


def _only_sensitive(one: Consent) -> bool:
    """A consent whose very line would say what it is about."""
    kinds = {row.domain for row in one.recipients}
    return consent.PART2 in one.flags or kinds <= {"behavioral_health"}


def _last(session: Session, found: Record, navigator_id: uuid.UUID, zone: str) -> str:
    coming = check_ins.planned(session, found.patient.id)
    planned = f"ask patient {formatting.local(coming[0].due_at, zone).date()}" if coming else "nothing planned"
    user = session.get(AppUser, navigator_id)
    name = note_lines.plain(user.name) if user else ""
    who = f"{name}, {formatting.phone(user.phone)}" if user and user.phone else name
    return f"Next: {planned}. Navigator: {who}"


def _day(moment: datetime | None, zone: str) -> str:
    return formatting.local(moment, zone).strftime("%m-%d") if moment else ""
