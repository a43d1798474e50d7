"""Whose phones the simulator shows: patients, agencies and staff of the demo, read from the product's database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from i18n.catalog import gettext as _
from i18n.catalog import spoken
from i18n.locales import get
from messaging import quiet_hours
from resources_db.models.directory import Organization
from resources_db.models.people import Patient
from resources_db.models.referrals import AgencyContact
from resources_db.models.tenants import AppUser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from i18n.locales import Language

HOME_ZONE = "America/New_York"


@dataclass(frozen=True, slots=True)
class PhoneOwner:
    """One phone: its number, whose it is as the page says it, the language its texts come in, its zone."""

    number: str
    name: str
    first_name: str
    kind: str
    lang: str
    zone: str

    @property
    def wants(self) -> Language:
        """The language its owner reads best."""
        return get(self.lang)

    @property
    def reads(self) -> Language:
        """The language its texts come in now: another one while hers is switched off."""
        return get(spoken(self.lang))


def owners(session: Session) -> dict[str, PhoneOwner]:
    """Every phone of the demo by number; a number that two people share shows the first."""
    found: dict[str, PhoneOwner] = {}
    for owner in (*_patients(session), *_agencies(session), *_staff(session)):
        found.setdefault(owner.number, owner)
    return found


def stranger(number: str) -> PhoneOwner:
    """A number that belongs to nobody we know."""
    return PhoneOwner(number, _("Unknown number"), _("this phone"), "", "en", HOME_ZONE)


def _patients(session: Session) -> Iterator[PhoneOwner]:
    for patient in session.scalars(select(Patient).where(Patient.phone_bix.is_not(None)).order_by(Patient.created_at)):
        name = f"{patient.first_name} {patient.last_name[:1]}."
        zone = quiet_hours.zones_of(patient.timezone, patient.zip, patient.phone, HOME_ZONE)[0]
        language = get(patient.language)
        yield PhoneOwner(patient.phone, name, patient.first_name, language.english_name, patient.language, zone)


def _agencies(session: Session) -> Iterator[PhoneOwner]:
    query = select(AgencyContact, Organization.name).join(
        Organization, Organization.id == AgencyContact.organization_id
    )
    for contact, name in session.execute(query.where(AgencyContact.phone != "", AgencyContact.ended_at.is_(None))):
        yield PhoneOwner(contact.phone, name, name, _("agency"), contact.language, HOME_ZONE)


def _staff(session: Session) -> Iterator[PhoneOwner]:
    for user in session.scalars(select(AppUser).where(AppUser.phone != "").order_by(AppUser.name)):
        first = user.name.partition(" ")[0]
        yield PhoneOwner(user.phone, user.name, first, _("staff"), user.language, HOME_ZONE)
