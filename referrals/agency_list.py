"""Several referrals of one agency in one read, for its weekly list, its inbox, its table. Pages decide what is shown.

What of a person may be shown is `disclosure.person_view` of the shared fields, and each showing is written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import disclosure, lifecycle, needs, part2
from resources_db.models.consents import Consent
from resources_db.models.directory import Service
from resources_db.models.people import Need, Patient
from resources_db.models.referrals import Referral, ServiceRequest
from resources_db.vocab import Channel

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from referrals.disclosure import PersonView

MOST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One referral with what its agency may know: the service, the need, the shared facts of the person."""

    referral: Referral
    service: str
    subneed: str
    person: PersonView
    protected: bool
    """Whether the notice of 42 CFR 2.32 goes with the person's facts."""


def lines(session: Session, *wanted: ColumnElement[bool], most: int = MOST) -> list[Line]:
    """The referrals that fit, the oldest first. One query, however many."""
    query = (
        select(Referral, Service.name, Need, Patient, Consent.flags)
        .join(Service, Service.id == Referral.service_id)
        .join(ServiceRequest, ServiceRequest.id == Referral.request_id)
        .join(Need, Need.id == ServiceRequest.need_id)
        .join(Patient, Patient.id == Referral.patient_id)
        .outerjoin(Consent, Consent.id == Referral.consent_id)
        .where(*wanted)
        .order_by(Referral.sent_at, Referral.id)
        .limit(most)
    )
    return [
        Line(
            referral=referral,
            service=service,
            subneed=needs.subneed_of(need),
            person=disclosure.person_view(patient, referral.shared_fields),
            protected=part2.FLAG in (flags or ()),
        )
        for referral, service, need, patient, flags in session.execute(query)
    ]


def open_to(contact_id: uuid.UUID) -> tuple[ColumnElement[bool], ...]:
    """The referrals that wait for an answer of this contact, or are in its hands."""
    return Referral.contact_id == contact_id, Referral.state.in_(lifecycle.WITH_AGENCY)


def disclose(
    session: Session, shown: Iterable[Line], *, contact_id: uuid.UUID | None, channel: Channel, now: datetime
) -> None:
    """Write down that the shared facts of these persons were shown."""
    for line in shown:
        disclosure.record(
            session,
            line.referral,
            shared=line.referral.shared_fields,
            recipient=disclosure.to_agency(contact_id or line.referral.contact_id),
            channel=channel,
            now=now,
        )
