"""What STOP, START, HELP and free words from a phone put on the lists of those who look after its owner.

A number can belong to several patients, and nobody can say which of them wrote: each of their leads is told once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import acting, business_days, people, senders, worklist
from referrals.worklist import About
from resources_db.models.people import Patient
from resources_db.vocab import Tier, WhyCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from messaging.opt_out import Reading
    from resources_db.base import JsonDict
    from resources_db.models.messages import InboundMessage

ABOUT_STOP = frozenset({WhyCode.STOPPED_TEXTS, WhyCode.MAY_WANT_STOP})


def wrote(session: Session, inbound: InboundMessage, reading: Reading) -> None:
    """Words for a person: danger and a possible STOP today and on top, everything else the next work day."""
    why = WhyCode.MAY_WANT_STOP if reading.kind == "hold" else WhyCode.PATIENT_WROTE
    urgent = reading.danger or why is WhyCode.MAY_WANT_STOP
    facts: JsonDict = {"inbound": str(inbound.id), "danger": reading.danger}
    owners = _owners(session, inbound)
    for patient in _one_a_lead(session, owners):
        of = str(inbound.id) if inbound.patient_id else f"{inbound.id}:{patient.id}"
        about = About(
            why, patient.id, patient.org_id, facts=facts | _shared(owners, patient), words=inbound.body, of=of
        )
        with acting.in_org(session, patient.org_id):
            due_at = inbound.at if urgent else _next_work_day(session, patient, inbound.at)
            item = worklist.open_item(session, about, due_at=due_at, now=inbound.at)
            if urgent:
                item.tier = Tier.TODAY


def stopped(session: Session, inbound: InboundMessage, reading: Reading) -> None:
    """STOP: all texts have ended already. Whoever looks after somebody at this number, in any org, may call."""
    owners = _everybody(session, inbound)
    _settled(session, owners, inbound.at)
    facts: JsonDict = {"appointment": True} if reading.may_mean_appointment else {}
    for patient in _one_a_lead(session, owners):
        about = About(WhyCode.STOPPED_TEXTS, patient.id, patient.org_id, facts=facts | _shared(owners, patient))
        with acting.in_org(session, patient.org_id):
            due_at = _next_work_day(session, patient, inbound.at)
            worklist.open_item(session, about, due_at=due_at, now=inbound.at)


def started(session: Session, inbound: InboundMessage) -> None:
    """START: what waited because of a stop is settled."""
    _settled(session, _everybody(session, inbound), inbound.at)


def asked_for_help(session: Session, inbound: InboundMessage) -> None:
    """HELP may be a cry for help: a quiet line on the list."""
    owners = _owners(session, inbound)
    for patient in _one_a_lead(session, owners):
        facts: JsonDict = {"by": "help"}
        about = About(
            WhyCode.PATIENT_WANTS_CALL,
            patient.id,
            patient.org_id,
            facts=facts | _shared(owners, patient),
            of=str(patient.id),
        )
        with acting.in_org(session, patient.org_id):
            due_at = _next_work_day(session, patient, inbound.at)
            worklist.open_item(session, about, due_at=due_at, now=inbound.at)


def at_number(session: Session, phone_bix: bytes) -> Sequence[Patient]:
    """The patients with this number that the session may see, in a fixed order."""
    found = select(Patient).where(Patient.phone_bix == phone_bix)
    return session.scalars(found.order_by(Patient.created_at, Patient.id)).all()


def _owners(session: Session, inbound: InboundMessage) -> Sequence[Patient]:
    """Who may have written: the one person known, else everybody with the number, of the thread's org if it has one."""
    everybody = _everybody(session, inbound)
    known = [patient for patient in everybody if patient.id == inbound.patient_id]
    ours = [patient for patient in everybody if patient.org_id == inbound.org_id]
    return known or ours or everybody


def _everybody(session: Session, inbound: InboundMessage) -> Sequence[Patient]:
    return at_number(session, inbound.from_bix)


def _one_a_lead(session: Session, owners: Iterable[Patient]) -> Iterable[Patient]:
    """One of the patients for each person who looks after them."""
    first: dict[object, Patient] = {}
    for patient in owners:
        with acting.in_org(session, patient.org_id):
            lead = people.lead_of(session, patient.id)
        first.setdefault(lead or patient.id, patient)
    return first.values()


def _shared(owners: Sequence[Patient], patient: Patient) -> JsonDict:
    """How many patients of the reader's own org have the number, where it is more than one."""
    count = sum(one.org_id == patient.org_id for one in owners)
    return {"shared": count} if count > 1 else {}


def _settled(session: Session, owners: Iterable[Patient], now: datetime) -> None:
    for patient in owners:
        with acting.in_org(session, patient.org_id):
            worklist.clear_patient(session, patient_id=patient.id, whys=ABOUT_STOP, now=now)


def _next_work_day(session: Session, patient: Patient, now: datetime) -> datetime:
    return business_days.later(now, 1, senders.org_of(session, patient.org_id).timezone)
