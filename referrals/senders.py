"""Who a text or page speaks for: the org's label and number, and the navigator whom the person knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import people
from referrals.errors import NotFoundError
from referrals.texts import Sender
from resources_db.models.tenants import AppUser, Org
from resources_db.vocab import OrgKind

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session


def org_of(session: Session, org_id: uuid.UUID) -> Org:
    """The org of a row."""
    org = session.get(Org, org_id)
    if org is None:
        raise NotFoundError
    return org


def of_org(session: Session, org_id: uuid.UUID) -> Sender:
    """The org itself, for agencies."""
    org = org_of(session, org_id)
    return Sender(label_of(org), label_of(org), org.phone)


def of_patient(session: Session, org_id: uuid.UUID, patient_id: uuid.UUID) -> Sender:
    """The patient's lead navigator, else the org: whom a patient should call."""
    org = org_of(session, org_id)
    lead = session.get(AppUser, user_id) if (user_id := people.lead_of(session, patient_id)) else None
    if lead is None:
        return Sender(label_of(org), label_of(org), org.phone)
    return Sender(label_of(org), lead.texting_name or lead.name.split(" ", maxsplit=1)[0], lead.phone or org.phone)


def only_care_org(session: Session) -> Sender | None:
    """The one care organization of an installation, where there is one: whom to call when nothing else is known."""
    found = session.scalars(select(Org).where(Org.kind == OrgKind.CARE, Org.phone != "").limit(2)).all()
    return Sender(found[0].name, found[0].name, found[0].phone) if len(found) == 1 else None


def label_of(org: Org) -> str:
    """The label that opens every text of an org."""
    return org.sms_label or org.name[:16]
