"""A patient's page: needs with their clocks, the attempts in two voices, consent, texts, notes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from i18n import catalog, formatting
from i18n.catalog import gettext as _
from portal import db, htmx, need_words, screening_words
from portal.auth import current
from portal.auth.guards import needs
from portal.auth.permissions import allows
from portal.caseload import (
    goals_pages,
    presenters,
    safe_contact,
    send_words,
    texting_words,
    tier_words,
    timeline,
)
from portal.caseload.blueprint import blueprint
from portal.caseload.need_cards import need_card
from portal.parts import Step
from referrals import patient_table, people, record, screening_record, senders, texting_past
from referrals.errors import Why
from referrals.lifecycle import WITH_AGENCY
from referrals.texting import UNREACHABLE
from resources_db import audit
from resources_db.models.messages import InboundMessage, Message
from resources_db.vocab import RecipientKind

if TYPE_CHECKING:
    import datetime as dt

    from flask.typing import ResponseReturnValue

    from referrals.record import Attempt, Record
    from resources_db.models.consents import Consent


@dataclass(frozen=True, slots=True)
class AttemptCard:
    """One attempt: its heading, status and rail."""

    id: uuid.UUID
    heading: str
    try_words: str
    state: str
    steps: tuple[Step, ...]
    closed: bool
    under_way: bool
    phone: str
    ref: str


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text to or from the patient."""

    body: str
    mine: bool
    state: str
    when: str
    lang: str


@blueprint.get("/patients/<uuid:patient_id>", endpoint="record")
@needs("person.read")
def record_page(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Everything the team knows of a patient; reading it is audited."""
    now = db.now()
    with db.transaction() as session:
        found = record.of_patient(session, patient_id, now=now)
        audit.record(session, action="person.read", subject_kind="patient", subject_id=patient_id, now=now)
        zone = senders.org_of(session, found.patient.org_id).timezone
        context = _context(found, zone, now)
        (row,) = patient_table.rows_of(session, [patient_id], patient_table.moment(session, now, [patient_id]))
        context["tier"] = _tier(row)
        context["screenings"] = screening_words.history(screening_record.of_patient(session, patient_id), zone)
        context["texting_past"] = texting_words.past(texting_past.of_patient(session, found.patient), zone)
    return htmx.render("caseload/record.html", block=None, status=200, **context)


def _context(found: Record, zone: str, now: dt.datetime) -> dict[str, object]:
    patient = found.patient
    first = patient.first_name
    home = presenters.household_words(people.household_of(patient))
    facts = (
        presenters.language_name(patient.language),
        _("needs an interpreter") if patient.interpreter else "",
        presenters.age(patient, now.date()),
        presenters.zip_words(patient.zip),
        home,
    )
    cards = [attempt_card(one, first, patient.language, zone) for one in _in_order(found)]
    waiting, member = found.waiting, current.member()
    reads_texts = member is not None and allows("message.read", member.role)
    return {
        "person": presenters.person(patient, now=now),
        "first_name": first,
        "safe": safe_contact.of(patient),
        "closed": patient.closed_at is not None,
        "facts": " · ".join(fact for fact in facts if fact),
        "needs": sorted((need_card(one, zone) for one in found.needs), key=lambda card: not card.open),
        "goals": [goals_pages.goal_row(one, zone) for one in found.goals],
        "attempts": cards,
        "consents": [_consent(one, zone) for one in found.consents],
        "texting": found.texting,
        "text_why": texting_words.why(found.texting),
        "held": found.texting.why is Why.ON_HOLD,
        "held_words": _held_words(found) if reads_texts else "",
        "unreachable": found.texting.more == UNREACHABLE,
        "text_language": presenters.language_name(catalog.spoken(patient.language)),
        "messages": [_text(one, zone) for one in found.messages] if reads_texts else [],
        "notes": [(one.body, formatting.date_time(one.created_at, zone)) for one in found.notes],
        "lead": _led(found, zone),
        "search_url": presenters.search_for(patient.id),
        "waiting_undo": url_for("caseload.undo_send", batch_id=waiting.id) if waiting else "",
        "waiting_seconds": max(0, int((waiting.releasing_at - now).total_seconds())) if waiting else 0,
        "waiting_who": send_words.sent_to(
            first, [one.place for one in found.attempts if waiting and one.referral.batch_id == waiting.id]
        ),
        "member": member,
        "hides": found.hides,
    }


def _tier(row: patient_table.CaseRow) -> dict[str, str]:
    """How soon this person should hear from us, and why."""
    return {
        "word": str(tier_words.TIERS[row.tier]),
        "because": tier_words.because(row.because),
        "pin": tier_words.pin(row.pinned_until, row.pinned_because) if row.pinned_until or row.pinned_because else "",
    }


def _led(found: Record, zone: str) -> str:
    if found.lead is None:
        return _("Nobody leads yet")
    since = formatting.short_date(formatting.local(found.lead.since, zone).date())
    if found.lead.from_name:
        return _(
            "Led by %(name)s since %(date)s, handed over by %(giver)s",
            name=found.lead.name,
            date=since,
            giver=found.lead.from_name,
        )
    return _("Led by %(name)s since %(date)s", name=found.lead.name, date=since)


def _held_words(found: Record) -> str:
    """What came in that may mean STOP."""
    doubtful = [one.body for one in found.messages if isinstance(one, InboundMessage) and one.read_as == "hold"]
    return doubtful[-1] if doubtful else ""


def _in_order(found: Record) -> list[Attempt]:
    """What leaves now and what is under way come first; the sort keeps the newest on top among equals."""

    def rests(one: Attempt) -> bool:
        leaving = found.waiting is not None and one.referral.batch_id == found.waiting.id
        return not leaving and one.referral.state not in WITH_AGENCY

    return sorted(found.attempts, key=rests)


def attempt_card(attempt: Attempt, first_name: str, language: str, zone: str) -> AttemptCard:
    """One attempt as the page shows it."""
    contact_phone = attempt.listing.main_phone if attempt.listing else None
    state = attempt.referral.state
    return AttemptCard(
        id=attempt.referral.id,
        heading=_("%(need)s: %(place)s", need=need_words.need(attempt.subneed), place=attempt.place),
        try_words=_("Try %(number)s of %(total)s.", number=attempt.number, total=attempt.of),
        state=timeline.state_shown(attempt),
        steps=tuple(timeline.steps(attempt, patient=first_name, zone=zone, language=language)),
        closed=state not in WITH_AGENCY,
        under_way=state in WITH_AGENCY,
        phone=contact_phone.number if contact_phone else "",
        ref=attempt.referral.ref,
    )


def _consent(one: Consent, zone: str) -> dict[str, object]:
    classes = [row.domain for row in one.recipients if row.kind is RecipientKind.DOMAIN and row.domain]
    services = formatting.list_of(need_words.domain(domain) for domain in classes)
    given = formatting.date(formatting.local(one.effective_at, zone).date())
    ends = formatting.date(formatting.local(one.expires_at, zone).date()) if one.expires_at else ""
    return {
        "id": one.id,
        "label": _("Share with: %(services)s", services=services) if classes else _("Share with one agency"),
        "more": _("%(date)s. Ends %(end)s", date=given, end=ends) if ends else given,
    }


def _text(one: Message | InboundMessage, zone: str) -> TextRow:
    if isinstance(one, Message):
        return TextRow(one.body, True, one.state.value, formatting.date_time(one.created_at, zone), one.lang)
    return TextRow(one.body, False, "received", formatting.date_time(one.at, zone), "")
