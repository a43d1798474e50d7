"""The way home from hospital and the plan of a bundle: who came home when, and check-ins that never crowd one day."""

from __future__ import annotations

from datetime import time as clock_time
from datetime import timedelta
from typing import TYPE_CHECKING

from i18n import formatting
from referrals import bundles, business_days, check_ins, daily, people, senders
from referrals.errors import BadInputError
from resources_db import audit

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from resources_db.models.people import Patient
    from resources_db.models.referrals import SendBatch

NOON = clock_time(12)
AHEAD, BACK = timedelta(days=14), timedelta(days=60)
"""So far ahead a discharge may be planned, and so far back it is still news."""


def came_home(session: Session, patient_id: uuid.UUID, day: date, *, now: datetime) -> Patient:
    """The patient comes home on this day: the clock of two business days to a real talk starts.

    Raises BadInputError for a day that lies too far away. The same day again changes nothing.
    """
    patient = people.get(session, patient_id, lock=True)
    zone = senders.org_of(session, patient.org_id).timezone
    at = business_days.at(day, NOON, zone)
    if not now - BACK <= at <= now + AHEAD:
        raise BadInputError("came_home", "too_far")
    if home_on(patient, zone) != day:
        # Never later than this moment on the day itself: a talk of the same morning counts.
        patient.discharged_at = min(at, now) if day == formatting.local(now, zone).date() else at
        patient.version += 1
        session.flush()
        audit.record(session, action="person.discharge", subject_kind="patient", subject_id=patient.id, now=now)
    daily.home_from_hospital(session, patient, now=now)
    return patient


def home_on(patient: Patient, zone: str) -> date | None:
    """The day the patient came home, by the care team's clocks."""
    return formatting.local(patient.discharged_at, zone).date() if patient.discharged_at else None


def after_release(session: Session, batch: SendBatch, *, zone: str, now: datetime) -> bool:
    """Plan the check-ins of the bundle this send came from; False when it has none: the usual questions are asked."""
    if batch.bundle_id is None:
        return False
    kit = bundles.get(session, batch.bundle_id)
    if not kit.check_ins:
        return False
    today = formatting.local(now, zone).date()
    home = home_on(people.get(session, batch.patient_id), zone) if kit.discharge else None
    wished = [day_of(code, home or today) for code in kit.check_ins]
    taken = taken_days(session, batch.patient_id, zone)
    for day in spread(wished, taken, first=today + timedelta(days=1)):
        check_ins.plan(session, patient_id=batch.patient_id, batch_id=batch.id, day=day, now=now)
    return True


def day_of(code: str, start: date) -> date:
    """The day a check-in of the plan falls on: "2bd" is two business days after `start`, "7d" seven days."""
    if code.endswith("bd"):
        day = start
        for _ in range(int(code.removesuffix("bd"))):
            day = business_days.next_business_day(day)
        return day
    return start + timedelta(days=int(code.removesuffix("d")))


def spread(wished: Iterable[date], taken: Collection[date], *, first: date) -> tuple[date, ...]:
    """Each wished day, or the next free one after it: no two on one day, none on a taken day, none before `first`.

    A wish that has passed is dropped, except that the last one of those is asked on the first free day.
    """
    days = sorted(set(wished))
    late = [day for day in days if day < first]
    found: list[date] = []
    for day in [*late[-1:], *(day for day in days if day >= first)]:
        free = max(day, first)
        while free in taken or free in found:
            free += timedelta(days=1)
        found.append(free)
    return tuple(found)


def taken_days(session: Session, patient_id: uuid.UUID, zone: str) -> set[date]:
    """Days on which a text to this patient is planned already."""
    return {formatting.local(one.due_at, zone).date() for one in check_ins.planned(session, patient_id)}
