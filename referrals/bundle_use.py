"""Using a bundle: missing needs are added, one referral a need is sent with one text, all or nothing, and once.

A need without a place does not stop the others: it stands on the list of the care team.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import bundles, business_days, create, drafts, kit, needs, people, senders, worklist
from referrals.bundles import BundleChangedError
from referrals.drafts import Choice
from referrals.errors import BadInputError
from referrals.worklist import About
from resources_db import audit
from resources_db.models.referrals import SendBatch
from resources_db.vocab import HelpWanted, NeedSource, WhyCode

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from referrals.drafts import Wish
    from resources_db.listing_key import ListingKey
    from resources_db.models.people import Patient


@dataclass(frozen=True, slots=True)
class Use:
    """The pressed form. `places` has the needs that go along: each with its place, or None where there is none."""

    bundle_id: uuid.UUID
    version: int
    places: Mapping[str, ListingKey | None]
    fields: frozenset[str] | None = None
    came_home: date | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """What came of it. No batch: no need had a place, so nothing is sent."""

    batch: SendBatch | None
    without_place: tuple[str, ...]


def use(
    session: Session,
    patient_id: uuid.UUID,
    used: Use,
    *,
    form_key: str,
    now: datetime,
    wish: Wish = drafts.NOTHING_MORE,
) -> Used:
    """Send a bundle. The same form again is the first send.

    Raises BundleChangedError when the bundle is another one than was looked at, BadInputError for what the form lacks,
    NotSendableError when one of the places must not be sent: then nothing is kept.
    """
    patient = people.get(session, patient_id, lock=True)
    pressed = session.scalars(select(SendBatch).where(SendBatch.idempotency_key == form_key)).one_or_none()
    without = tuple(subneed for subneed, place in used.places.items() if place is None)
    if pressed is not None and pressed.patient_id == patient.id:
        return Used(pressed, without)
    kept = bundles.keep(session, used.bundle_id, now=now)
    subneeds = {item.subneed for item in kept.items}
    if kept.version != used.version or not set(used.places) <= subneeds:
        raise BundleChangedError
    if not used.places:
        raise BadInputError("places", "missing")
    if kept.discharge:
        _home(session, patient, used, now)
    for subneed in used.places:
        _wanted(session, patient, subneed, now)
    batch = _send(session, patient, used, form_key, replace(wish, bundle_id=kept.id), now)
    for subneed in without:
        _on_the_list(session, patient, subneed, now)
    audit.record(session, action="bundle.use", subject_kind="patient", subject_id=patient.id, now=now)
    return Used(batch, without)


def _home(session: Session, patient: Patient, used: Use, now: datetime) -> None:
    if used.came_home is None:
        raise BadInputError("came_home", "missing")
    kit.came_home(session, patient.id, used.came_home, now=now)


def _wanted(session: Session, patient: Patient, subneed: str, now: datetime) -> None:
    """The need as an open row: one that is there already is asked for again, a new one is written down."""
    need = needs.add(
        session, patient_id=patient.id, org_id=patient.org_id, subneed=subneed, source=NeedSource.TALK, now=now
    )
    if need.help_wanted is not HelpWanted.YES:
        needs.set_wanted(session, need, HelpWanted.YES, now=now)


def _send(session: Session, patient: Patient, used: Use, form_key: str, wish: Wish, now: datetime) -> SendBatch | None:
    choices = [
        Choice(place, used.fields, subneed=subneed) for subneed, place in used.places.items() if place is not None
    ]
    if not choices:
        return None
    return create.send(session, patient_id=patient.id, choices=choices, form_key=form_key, now=now, wish=wish)


def _on_the_list(session: Session, patient: Patient, subneed: str, now: datetime) -> None:
    need = next(one for one in needs.open_needs(session, patient.id) if needs.subneed_of(one) == subneed)
    zone = senders.org_of(session, patient.org_id).timezone
    about = About(WhyCode.NO_PLACE, patient.id, patient.org_id, need_id=need.id, facts={"subneed": need.subneed})
    worklist.open_item(session, about, due_at=business_days.later(now, 1, zone), now=now)
