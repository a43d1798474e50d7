"""The line about the newest screening in the note for the health record: what was found, and whether help is wanted.

No answer is ever turned into "no risk": what was not found is not said. Questions of danger and of sensitive needs
leave no trace here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from i18n import formatting
from referrals import instruments_flow, needs, screening_record
from resources_db import needs as catalog
from resources_db.models.care import Screening
from resources_db.vocab import HelpWanted, ScreeningState

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

    from referrals.instruments import Instrument, Lead
    from referrals.screening_record import Answered

DOMAINS = {
    "nutrition": "food",
    "transportation": "rides",
    "housing": "housing",
    "financial": "money and bills",
    "other": "other help",
}


def lines(session: Session, patient_id: uuid.UUID, *, zone: str) -> list[str]:
    """One line, or none where nothing was asked or where the questions themselves say too much."""
    newest = session.scalars(
        select(Screening.id)
        .where(Screening.patient_id == patient_id, Screening.state == ScreeningState.DONE)
        .order_by(Screening.finished_at.desc())
        .limit(1)
    ).one_or_none()
    if newest is None:
        return []
    found = screening_record.of(session, newest)
    if not _plain(found.instrument):
        return []
    at = found.screening.finished_at or found.screening.created_at
    day = formatting.local(at, zone).date()
    return [f"Screen: {found.instrument.title} {day}{_found(found.answered, at_risk=found.result is not None)}"]


def _found(answered: tuple[Answered, ...], *, at_risk: bool) -> str:
    shown = {one.question.id: (_domains(one), one.help_wanted) for one in answered if one.positive and not one.danger}
    shown = {item: pair for item, pair in shown.items() if pair[0]}
    if not shown:
        return ""
    domains = list(dict.fromkeys(domain for pair in shown.values() for domain in pair[0]))
    wishes = {pair[1] for pair in shown.values()}
    wanted = "yes" if HelpWanted.YES in wishes else "no" if wishes == {HelpWanted.NO} else "not known"
    what = "at risk" if at_risk else f"needs found: {', '.join(domains)}"
    return f", {what}. Help wanted: {wanted}"


def _domains(one: Answered) -> list[str]:
    return [
        DOMAINS[needs.domain_of(lead.subneed)]
        for lead in instruments_flow.leads(one.question, one.answer)
        if _shows(lead)
    ]


def _shows(lead: Lead) -> bool:
    return (
        not lead.danger
        and lead.subneed in catalog.NEEDS
        and not catalog.is_sensitive([lead.subneed])
        and needs.domain_of(lead.subneed) in DOMAINS
    )


def _plain(instrument: Instrument) -> bool:
    """Whether some of its questions are about something that may be named."""
    leads = (choice.lead for question in instrument.questions for choice in question.choices)
    return any(lead is not None and _shows(lead) for lead in leads)
