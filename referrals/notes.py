"""Notes: the team's own, and the plain-text note a navigator pastes into the health record.

The record note has at most 15 lines of at most 80 columns, is in English, and leaves sensitive needs out
(referrals design, section 9). Codes are worded as suggestions for a clinician.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from i18n import formatting, locales
from i18n.catalog import use_language
from referrals import needs, people, record, senders
from referrals.errors import BadInputError
from referrals.outcomes import Said, said
from resources_db import needs as catalog
from resources_db.models.people import Note
from resources_db.models.tenants import AppUser
from resources_db.tenancy import actor_of
from resources_db.vocab import ConsentMethod, NeedStatus, ReferralState

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.record import Attempt, NeedFacts, Record

COLUMNS = 80
LINES = 15
CUT = "  (more in Handrail)"
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


def add(session: Session, *, patient_id: uuid.UUID, body: str, now: datetime) -> Note:
    """A note of the team about a patient; raises BadInputError when it is empty."""
    if not body.strip():
        raise BadInputError("body", "missing")
    patient = people.get(session, patient_id)
    note = Note(
        org_id=patient.org_id,
        patient_id=patient.id,
        body=body.strip(),
        created_at=now,
        created_by=actor_of(session).user_id,
    )
    session.add(note)
    session.flush()
    return note


def for_record(session: Session, patient_id: uuid.UUID, *, navigator_id: uuid.UUID, now: datetime) -> str:
    """The note for the health record."""
    with use_language("en"):
        found = record.of_patient(session, patient_id, now=now)
        zone = senders.org_of(session, found.patient.org_id).timezone
        lines = [_head(found, now, zone)]
        for facts in found.needs:
            if not catalog.is_sensitive([facts.subneed]) and needs.domain_of(facts.subneed) in catalog.DOMAINS:
                lines += _need(facts, zone)
        lines += [_consent(found, zone), _last(session, found, navigator_id, zone)]
    return "\n".join(_fitted(lines)) + "\n"


def _head(found: Record, now: datetime, zone: str) -> str:
    language = locales.get(found.patient.language).english_name
    interpreter = "yes" if found.patient.interpreter else "no"
    today = formatting.local(now, zone).date()
    return f"SOCIAL NEEDS REFERRAL NOTE  {today}  Language: {language} (interpreter: {interpreter})"


def _need(facts: NeedFacts, zone: str) -> list[str]:
    known = catalog.NEEDS.get(facts.subneed)
    label = known.label if known else facts.subneed
    days = f", {facts.days} days" if facts.days is not None else ""
    code = f" Suggested code for clinician review: {known.icd10cm[0]}" if known and known.icd10cm else ""
    lines = [f"Need: {label}. Status: {STATUS[facts.need.status]}{days}.{code}"]
    tries = [one for one in reversed(facts.attempts) if one.referral.state in STATES]
    return lines + [f"  {number} {_attempt(one, zone)}" for number, one in enumerate(tries, start=1)]


def _attempt(attempt: Attempt, zone: str) -> str:
    referral = attempt.referral
    sent = _day(referral.sent_at, zone)
    at = _day(referral.terminal_at or referral.answered_at, zone)
    state = STATES[referral.state] + (f" {at}" if at else "")
    reason = f" ({referral.reason.value.replace('-', ' ')})" if referral.reason else ""
    word = PATIENT[said(attempt.word)]
    return f"{attempt.place or 'Place'}: sent {sent}, {state}{reason}. {word}"


def _consent(found: Record, zone: str) -> str:
    texts = "no"
    if found.texting.allowed:
        texts = f"yes, details {'yes' if found.texting.details else 'no'}"
    if not found.consents:
        return f"Consent to share: none on file. Texts: {texts}"
    newest = found.consents[0]
    witness = f", witness {newest.witness}" if newest.witness else ""
    given = formatting.local(newest.effective_at, zone).date()
    return f"Consent: {METHODS[newest.method]}, {given}{witness}. Texts: {texts}"


def _last(session: Session, found: Record, navigator_id: uuid.UUID, zone: str) -> str:
    asks = [one.next_question_at for one in found.attempts if one.next_question_at is not None]
    planned = f"ask patient {formatting.local(min(asks), zone).date()}" if asks else "nothing planned"
    user = session.get(AppUser, navigator_id)
    who = f"{user.name}, {formatting.phone(user.phone)}" if user and user.phone else (user.name if user else "")
    return f"Next: {planned}. Navigator: {who}"


def _day(moment: datetime | None, zone: str) -> str:
    return formatting.local(moment, zone).strftime("%m-%d") if moment else ""


def _fitted(lines: list[str]) -> list[str]:
    """At most 15 lines of 80 columns; what does not fit is said to be in Handrail, the last two lines always stay."""
    wrapped = [textwrap.wrap(line, COLUMNS, subsequent_indent="    ") for line in lines]
    head, tail = [part for one in wrapped[:-2] for part in one], [part for one in wrapped[-2:] for part in one]
    room = LINES - len(tail)
    if len(head) > room:
        head = [*head[: room - 1], CUT]
    return head + tail
