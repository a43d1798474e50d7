"""When a text to a patient would leave: at once, when quiet hours end, or when a limit has room. Asked before Send."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from messaging import limits, outbox, quiet_hours, recipients
from messaging.limits import Asked
from messaging.quiet_hours import Window
from messaging.settings import Limits
from referrals import senders
from resources_db.tenancy import actor_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from messaging.limits import Use
    from resources_db.models.people import Patient


@dataclass(frozen=True, slots=True)
class Rules:
    """What the deployment allows."""

    hours: Window = quiet_hours.PATIENT
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Timing:
    """`reached` is the limit in the way, `nearly` one that is nearly used up; `too_late`: it would not arrive."""

    leaves_at: datetime
    quiet: bool = False
    reached: Use | None = None
    nearly: Use | None = None
    too_late: bool = False


USUAL = Rules()


def of_text(
    session: Session, patient: Patient, *, segments: int, now: datetime, rules: Rules = USUAL, with_person: bool = False
) -> Timing:
    """When a text of so many parts would leave if it were promised now; the gate asks the same again when it leaves."""
    zones = _zones(session, patient)
    window = quiet_hours.WIDEST if with_person else rules.hours
    opens = quiet_hours.next_allowed(now, zones, window)
    if patient.phone_bix is None:
        return Timing(opens, quiet=opens > now)
    asked = Asked(patient.org_id, patient.phone_bix, segments, actor_of(session).user_id)
    reached, nearly = limits.before(session, asked, rules.limits, now, zones[0])
    if reached is None:
        return Timing(opens, quiet=opens > now, nearly=nearly)
    morning = quiet_hours.next_morning(max(now, reached.room_at or now), zones, window)
    too_late = morning - now >= outbox.GOOD_FOR_OTHERS
    return Timing(morning, quiet=opens > now, reached=reached, nearly=nearly, too_late=too_late)


def leaves_at(
    session: Session, patient: Patient, *, now: datetime, with_person: bool, hours: Window = quiet_hours.PATIENT
) -> datetime:
    """When quiet hours let a text to this patient go: now, or when the morning begins where they are."""
    window = quiet_hours.WIDEST if with_person else hours
    return quiet_hours.next_allowed(now, _zones(session, patient), window)


def _zones(session: Session, patient: Patient) -> tuple[str, ...]:
    fallback = senders.org_of(session, patient.org_id).timezone
    if patient.phone_bix is None:
        return quiet_hours.zones_of(patient.timezone, patient.zip, None, fallback)
    return recipients.of_number(session, patient.phone_bix, patient.phone, fallback)
