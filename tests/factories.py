"""The standing cast of the tests, and small makers for more of the same.

Rosa (es), Minh (vi) and Amina (ar) are patients of Riverside Care; Dana leads them; Food Bank and Clinic are listings.
Every maker flushes and never commits.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from resources_db import encryption
from resources_db.base import new_id
from resources_db.models.directory import (
    Address,
    Language,
    Location,
    Organization,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
)
from resources_db.models.people import Assignment, Need, Patient
from resources_db.models.referrals import AgencyContact
from resources_db.models.tenants import AppUser, CareTeam, CareTeamMember, Membership, Org
from resources_db.vocab import Access, CostKind, GeocodeQuality, NeedSource, OrgKind, Role


@dataclass(frozen=True, slots=True)
class Listing:
    """A service at a place, with whom to ask there."""

    organization: Organization
    service: Service
    location: Location
    contact: AgencyContact


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody a closed-loop story needs."""

    org: Org
    team: CareTeam
    dana: AppUser
    rosa: Patient
    minh: Patient
    amina: Patient
    food_bank: Listing
    clinic: Listing


def cast(session: Session, now: datetime) -> Cast:
    org = make_org(session, now=now)
    team = make_team(session, org=org, now=now)
    dana = make_user(session, org=org, now=now, name="Dana Cole", email="dana@riverside.example", team=team)
    people = {
        first: make_patient(session, team=team, lead=dana, now=now, first=first, last=last, language=lang, phone=phone)
        for first, last, lang, phone in (
            ("Rosa", "Martinez", "es", "+15135550148"),
            ("Minh", "Tran", "vi", "+15135550149"),
            ("Amina", "Hassan", "ar", "+15135550147"),
        )
    }
    return Cast(
        org=org,
        team=team,
        dana=dana,
        rosa=people["Rosa"],
        minh=people["Minh"],
        amina=people["Amina"],
        food_bank=make_listing(session, now=now, name="Hope Pantry", needs=["food_pantry"], languages=("en", "es")),
        clinic=make_listing(session, now=now, name="Queen City Clinic", needs=["primary_care"], languages=("en", "vi")),
    )


def make_org(session: Session, *, now: datetime, name: str = "Riverside Care", kind: OrgKind = OrgKind.CARE) -> Org:
    """A tenant with a data key, so that personal values can be written for it."""
    org = Org(kind=kind, name=name, sms_label=name[:16], phone="+15135550142", created_at=now)
    session.add(org)
    session.flush()
    encryption.vault().add_org(session, org.id)
    session.flush()
    return org


def make_team(session: Session, *, org: Org, now: datetime, name: str = "Riverside Care Team") -> CareTeam:
    team = CareTeam(org_id=org.id, name=name, created_at=now)
    session.add(team)
    session.flush()
    return team


def make_user(
    session: Session,
    *,
    org: Org,
    now: datetime,
    name: str,
    email: str,
    role: Role = Role.NAVIGATOR,
    team: CareTeam | None = None,
) -> AppUser:
    """A staff account with one membership; it has no password, so nobody signs in with it by accident."""
    user = AppUser(
        email=email, name=name, texting_name=name.split(maxsplit=1)[0], fs_uniquifier=new_id().hex, created_at=now
    )
    session.add(user)
    session.flush()
    session.add(Membership(org_id=org.id, user_id=user.id, role=role, created_at=now))
    if team is not None:
        session.add(CareTeamMember(org_id=org.id, care_team_id=team.id, user_id=user.id, created_at=now))
    session.flush()
    return user


def make_patient(
    session: Session,
    *,
    team: CareTeam,
    now: datetime,
    first: str = "Curtis",
    last: str = "Brown",
    language: str = "en",
    phone: str = "",
    zip_code: str = "45202",
    lead: AppUser | None = None,
) -> Patient:
    patient = Patient(
        org_id=team.org_id,
        care_team_id=team.id,
        first_name=first,
        last_name=last,
        phone=phone,
        phone_bix=encryption.phone_index(phone) if phone else None,
        zip=zip_code,
        zip3=zip_code[:3],
        language=language,
        created_at=now,
    )
    session.add(patient)
    session.flush()
    if lead is not None:
        session.add(
            Assignment(org_id=team.org_id, patient_id=patient.id, navigator_id=lead.id, started_at=now, created_at=now)
        )
        session.flush()
    return patient


def make_need(session: Session, *, patient: Patient, now: datetime, subneed: str = "food_pantry") -> Need:
    need = Need(
        org_id=patient.org_id,
        patient_id=patient.id,
        subneed=subneed,
        source=NeedSource.TALK,
        identified_at=now,
        created_at=now,
    )
    session.add(need)
    session.flush()
    return need


def make_listing(
    session: Session,
    *,
    now: datetime,
    name: str,
    needs: list[str],
    languages: tuple[str, ...] = ("en",),
    street: str = "1418 Vine St",
    zip_code: str = "45202",
    at: tuple[float, float] = (39.1103, -84.5154),
    phone: str = "+15135550160",
) -> Listing:
    """A free walk-in service in Cincinnati, open on weekdays from 9 to 17, with a mail address for referrals."""
    organization = Organization(name=name, edited_at=now, confirmed_at=now)
    session.add(organization)
    session.flush()
    service = Service(
        organization_id=organization.id,
        name=name,
        description=f"{name} helps people near Vine Street.",
        needs=needs,
        access=Access.WALK_IN,
        cost_kind=CostKind.FREE,
        edited_at=now,
        confirmed_at=now,
    )
    location = Location(
        organization_id=organization.id,
        name=name,
        latitude=at[0],
        longitude=at[1],
        timezone="America/New_York",
        geocode_quality=GeocodeQuality.ROOFTOP,
        edited_at=now,
        confirmed_at=now,
    )
    session.add_all([service, location])
    session.flush()
    contact = AgencyContact(
        organization_id=organization.id, service_id=service.id, email=mail_of(name), language="en", created_at=now
    )
    session.add(contact)
    session.add(ServiceAtLocation(service_id=service.id, location_id=location.id, edited_at=now, confirmed_at=now))
    session.add_all(parts_of(service.id, location.id, street, zip_code, phone, languages))
    session.flush()
    return Listing(organization, service, location, contact)


def parts_of(
    service_id: uuid.UUID, location_id: uuid.UUID, street: str, zip_code: str, phone: str, languages: tuple[str, ...]
) -> list[Address | Phone | Schedule | Language]:
    return [
        Address(
            location_id=location_id, address_1=street, city="Cincinnati", state_province="OH", postal_code=zip_code
        ),
        Phone(service_id=service_id, number=phone, e164=phone, type="voice"),
        Schedule(service_id=service_id, freq="WEEKLY", byday="MO,TU,WE,TH,FR", opens_at="09:00", closes_at="17:00"),
        *(Language(service_id=service_id, code=code, name=code) for code in languages),
    ]


def mail_of(name: str) -> str:
    return f"referrals@{name.lower().replace(' ', '-')}.example"
