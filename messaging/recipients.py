"""Where the person behind a number is: the zones in which quiet hours are counted, and the flag of a bad number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from messaging import quiet_hours
from messaging.limits import FOR_AGENCIES
from messaging.quiet_hours import Window
from resources_db.models.people import Patient
from resources_db.models.tenants import Org

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from resources_db.models.messages import Message

LAST_RESORT = "America/New_York"


def zones(session: Session, message: Message) -> tuple[str, ...]:
    """Every zone the recipient may be in; a number shared by several people gets the hours all of them allow."""
    org = session.get(Org, message.org_id)
    fallback = org.timezone if org is not None else LAST_RESORT
    if message.purpose in FOR_AGENCIES:
        return quiet_hours.zones_of(None, None, message.to, fallback)
    return of_number(session, message.to_bix, message.to, fallback)


def of_number(session: Session, phone_bix: bytes, e164: str, fallback: str) -> tuple[str, ...]:
    """Every zone that the people of a number may be in, as far as the session sees them."""
    people = session.scalars(select(Patient).where(Patient.phone_bix == phone_bix).order_by(Patient.created_at)).all()
    found = [zone for one in people for zone in quiet_hours.zones_of(one.timezone, one.zip, e164, fallback)]
    return tuple(dict.fromkeys(found)) or quiet_hours.zones_of(None, None, e164, fallback)


def window(message: Message, hours: Window = quiet_hours.PATIENT) -> Window:
    """The hours for this message; `hours` are those of the deployment for patients."""
    if message.purpose in FOR_AGENCIES:
        return quiet_hours.AGENCY
    return quiet_hours.WIDEST if message.with_person else hours


def flag_number(session: Session, phone_bix: bytes, why: str) -> None:
    """Remember why texts do not reach a number, so that staff offer a call or print instead."""
    for patient in session.scalars(select(Patient).where(Patient.phone_bix == phone_bix)):
        patient.phone_flag = why
