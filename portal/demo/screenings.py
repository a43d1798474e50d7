"""What the demo's patients were asked: one by staff long ago, one by a link that waits to be read, one on a tablet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from i18n.catalog import use_language
from portal.demo import story
from referrals import need_codes, needs, screening
from referrals.instruments_flow import Given
from referrals.instruments_shipped import FOOD_ITEMS, NEEDS_CHECK, SHIPPED
from resources_db.tenancy import act_as
from resources_db.vocab import HelpWanted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.demo.world import World
    from resources_db.models.people import Patient

YES, NO, UNSURE = HelpWanted.YES, HelpWanted.NO, HelpWanted.UNKNOWN
ASKED = (
    ("Rosa Martinez", FOOD_ITEMS, screening.STAFF, 49, {"88122-7": ("LA28397-0", YES), "88123-5": ("LA6729-3", None)}),
    (
        "Gloria Simmons",
        NEEDS_CHECK,
        screening.TABLET,
        1,
        {"food": ("no", None), "home": ("stay", None), "rides": ("yes", NO), "lonely": ("often", UNSURE)},
    ),
    (
        "Amina Hassan",
        NEEDS_CHECK,
        screening.LINK,
        0,
        {"food": ("no", None), "home": ("stay", None), "utilities": ("notice", YES), "work": ("yes", YES)},
    ),
)
"""Who, which questions, who held the screen, how many days ago, and what was said."""


def make(session: Session, world: World, people: Mapping[str, Patient], *, now: datetime) -> None:
    """Ask them; what came of it stands on their records and on Dana's list."""
    dana = world.navigator("Dana")
    for name, instrument, by, days, said in ASKED:
        patient = people[name]
        act_as(session, world.actor(dana.id))
        _ask(session, patient, instrument, by, said, _when(now, days))


def _when(now: datetime, days: int) -> datetime:
    return story.office_hours(now, days) if days else now - timedelta(minutes=50)


def _ask(
    session: Session,
    patient: Patient,
    instrument: str,
    by: str,
    said: Mapping[str, tuple[str, HelpWanted | None]],
    now: datetime,
) -> None:
    asked = SHIPPED[instrument]
    row = screening.begin(
        session,
        patient_id=patient.id,
        instrument=asked,
        language=patient.language,
        asked_by=by,
        form_key=f"demo-screening-{patient.id}",
        interpreter=patient.interpreter and by == screening.STAFF,
        now=now,
    )
    with use_language(patient.language):
        for number, (question, (code, wanted)) in enumerate(said.items()):
            at = now + timedelta(seconds=20 * number)
            item = asked.by_id[question]
            screening.answer(session, row, item, Given((code,)), language=patient.language, now=at)
            if wanted is not None:
                screening.wish(session, row, item, wanted, now=at)
    if by == screening.LINK:
        screening.stop(session, row, now=now + timedelta(minutes=4))
    else:
        screening.finish(session, row, now=now + timedelta(minutes=4))
    if by == screening.STAFF:
        _confirmed(session, patient, now)


def _confirmed(session: Session, patient: Patient, now: datetime) -> None:
    """Dana confirmed the code for food."""
    food = next((one for one in needs.open_needs(session, patient.id) if needs.subneed_of(one) == "food_pantry"), None)
    if food is not None:
        need_codes.confirm(session, food, "Z59.41", now=now + timedelta(minutes=6))
