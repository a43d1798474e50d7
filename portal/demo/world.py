"""The organizations and staff of the demo. Nobody has a password: one click at /dev/people is the only door."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from resources_db import encryption
from resources_db.base import new_id
from resources_db.models.directory import Organization, Service
from resources_db.models.referrals import AgencyContact
from resources_db.models.tenants import AppUser, CareTeam, CareTeamMember, Membership, Org
from resources_db.tenancy import Actor
from resources_db.vocab import ActorKind, Channel, OrgKind, Role

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

CARE = "Riverside Care"
TEAM = "Riverside Care Team"
PANTRY = "Hope Pantry"
DIRECTORY = "Queen City Directory"
DENISE_PHONE = "+15135550137"


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff; `name` says who, `phone` is where patients reach her or him."""

    name: str
    email: str
    role: Role
    org: str = CARE
    phone: str = "+15135550142"
    grants: tuple[str, ...] = ()
    texting_name: str = ""


STAFF = (
    Person("Dana Cole", "dana@riverside.example", Role.NAVIGATOR),
    Person("Marcus Reed", "marcus@riverside.example", Role.NAVIGATOR),
    Person("Linh Tran", "linh@riverside.example", Role.NAVIGATOR),
    Person("Priya Raman", "priya@riverside.example", Role.SUPERVISOR),
    Person("Alex Whitfield", "alex@riverside.example", Role.CARE_ADMIN),
    Person("Denise Fuller", "denise@hopepantry.example", Role.AGENCY_WORKER, org=PANTRY, phone=DENISE_PHONE),
    Person("Walter Hayes", "walter@hopepantry.example", Role.AGENCY_ADMIN, org=PANTRY, phone=""),
    Person("Sam Ortiz", "sam@queencitydirectory.example", Role.CURATOR, org=DIRECTORY, phone=""),
    Person("Nadia Brooks", "nadia@queencitydirectory.example", Role.DIRECTORY_ADMIN, org=DIRECTORY, phone=""),
)
KINDS = {CARE: OrgKind.CARE, PANTRY: OrgKind.AGENCY, DIRECTORY: OrgKind.DIRECTORY}


@dataclass(slots=True)
class World:
    """What the later steps need of it."""

    orgs: dict[str, Org] = field(default_factory=dict)
    staff: dict[str, AppUser] = field(default_factory=dict)
    team: CareTeam | None = None

    @property
    def care(self) -> Org:
        """The care organization."""
        return self.orgs[CARE]

    def navigator(self, first_name: str) -> AppUser:
        """The navigator the data files call by first name."""
        return self.staff[first_name]

    def actor(self, user_id: uuid.UUID | None) -> Actor:
        """A navigator of the care organization at work."""
        return Actor(ActorKind.USER, self.care.id, user_id, Role.NAVIGATOR)


def make(session: Session, *, now: datetime) -> World:
    """Orgs with their keys, the staff, the care team."""
    world = World()
    for name, kind in KINDS.items():
        world.orgs[name] = _org(session, name, kind, now)
    for person in STAFF:
        world.staff[person.name.split(" ", maxsplit=1)[0]] = _user(session, person, world.orgs[person.org].id, now)
    world.team = _team(session, world, now)
    return world


def claim(session: Session, world: World) -> None:
    """Tie the pantry's account to its record in the directory."""
    pantry = session.scalars(select(Organization).where(Organization.name == PANTRY)).one()
    world.orgs[PANTRY].organization_id = pantry.id


def contacts(session: Session, *, now: datetime) -> int:
    """Where each agency wants its referrals. The pantry takes texts and asks for no code; the others get mail."""
    made = 0
    for organization in session.scalars(select(Organization).where(Organization.email != "")):
        session.add(_pantry_contact(organization, now) if organization.name == PANTRY else _contact(organization, now))
        made += 1
    for service in session.scalars(select(Service).where(Service.email != "", Service.name != PANTRY)):
        session.add(
            AgencyContact(
                organization_id=service.organization_id,
                service_id=service.id,
                name=service.name,
                email=service.email,
                created_at=now,
            )
        )
    session.flush()
    return made


def _org(session: Session, name: str, kind: OrgKind, now: datetime) -> Org:
    phone = {OrgKind.CARE: "+15135550142", OrgKind.DIRECTORY: "+15135550211"}.get(kind, "")
    org = Org(kind=kind, name=name, sms_label=name[:16], phone=phone, created_at=now)
    session.add(org)
    session.flush()  # the key is bound to the org's id
    encryption.vault().add_org(session, org.id)
    return org


def _user(session: Session, person: Person, org_id: uuid.UUID, now: datetime) -> AppUser:
    user = AppUser(
        email=person.email,
        name=person.name,
        texting_name=person.texting_name or person.name.split(" ", maxsplit=1)[0],
        phone=person.phone,
        fs_uniquifier=new_id().hex,
        confirmed_at=now,
        demo=True,
        created_at=now,
    )
    session.add(user)
    session.flush()  # the membership points at it
    session.add(
        Membership(org_id=org_id, user_id=user.id, role=person.role, grants=list(person.grants), created_at=now)
    )
    return user


def _team(session: Session, world: World, now: datetime) -> CareTeam:
    team = CareTeam(org_id=world.care.id, name=TEAM, created_at=now)
    session.add(team)
    session.flush()  # members point at it
    for person in STAFF:
        if person.org == CARE and person.role in (Role.NAVIGATOR, Role.SUPERVISOR):
            user = world.staff[person.name.split(" ", maxsplit=1)[0]]
            session.add(CareTeamMember(org_id=world.care.id, care_team_id=team.id, user_id=user.id, created_at=now))
    session.flush()
    return team


def _contact(organization: Organization, now: datetime) -> AgencyContact:
    return AgencyContact(
        organization_id=organization.id, name=organization.name, email=organization.email, created_at=now
    )


def _pantry_contact(organization: Organization, now: datetime) -> AgencyContact:
    return AgencyContact(
        organization_id=organization.id,
        name="Denise Fuller",
        email="denise@hopepantry.example",
        phone=DENISE_PHONE,
        phone_bix=encryption.phone_index(DENISE_PHONE),
        preferred=Channel.SMS,
        code_needed=False,
        best_time="before 10 a.m.",
        created_at=now,
    )
