"""Puts a made-up year of one care organization into a database, in bulk: as the use cases would have left the rows."""

import random
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.orm import Session

from bench.year import lives
from bench.year.rows import DOMAINS, Place, one_patient
from resources_db import encryption
from resources_db.base import Base
from resources_db.models.directory import Service
from resources_db.models.referrals import AgencyContact
from resources_db.models.tenants import AppUser, CareTeam, CareTeamMember, Membership, Org
from resources_db.vocab import OrgKind, Role

PATIENTS_AT_ONCE = 250
FIRST = "Rosa Minh Amina Curtis Gloria Hassan Lan Luz Pedro Jean Marie Olga Ivan Ruth Fatima Omar Ana Sam".split()
LAST = "Martinez Tran Hassan Brown Simmons Nguyen Garcia Lopez Pierre Joseph Petrov Kim Ali Khan Smith Cole".split()


@dataclass(frozen=True, slots=True)
class Size:
    """How big the organization is."""

    navigators: int = 300
    patients: int = 15_000
    referrals: int = 120_000


@dataclass(slots=True)
class Staff:
    """Whom the measurement signs in as, and whose pages it asks for."""

    org: uuid.UUID
    supervisor: uuid.UUID
    teams: list[uuid.UUID] = field(default_factory=list)
    navigators: list[uuid.UUID] = field(default_factory=list)
    patients: dict[uuid.UUID, list[uuid.UUID]] = field(default_factory=lambda: defaultdict(list))


def fill(engine: Engine, size: Size, now: datetime) -> Staff:
    """The whole year; the directory must be there already."""
    chance = random.Random(11)  # the same year each time
    with engine.begin() as connection:
        staff = _staff(connection, size, now)
        places = _places(connection, now)
        rows: dict[type[Base], list[Mapping[str, object]]] = defaultdict(list)
        for number in range(size.patients):
            lead = staff.navigators[number % size.navigators]
            team = staff.teams[(number % size.navigators) % len(staff.teams)]
            name = (chance.choice(FIRST), chance.choice(LAST))
            wanted = size.referrals // size.patients
            patient = one_patient(rows, chance, places, staff.org, team, lead, name, number, wanted, now)
            staff.patients[lead].append(patient)
            if number % PATIENTS_AT_ONCE == PATIENTS_AT_ONCE - 1 or number == size.patients - 1:
                _write(connection, rows)
    return staff


def _staff(connection: Connection, size: Size, now: datetime) -> Staff:
    begun = now - lives.YEAR
    made = Staff(uuid.uuid4(), uuid.uuid4())
    made.navigators = [uuid.uuid4() for _ in range(size.navigators)]
    made.teams = [uuid.uuid4() for _ in range(max(size.navigators // 10, 1))]
    org = {"id": made.org, "kind": OrgKind.CARE, "name": "Riverside Care", "sms_label": "Riverside"}
    connection.execute(insert(Org), [{**org, "phone": "+15135550142", "created_at": begun}])
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        encryption.vault().add_org(session, made.org)
        session.commit()
    rows: dict[type[Base], list[Mapping[str, object]]] = defaultdict(list)
    for number, team in enumerate(made.teams):
        rows[CareTeam].append({"id": team, "org_id": made.org, "name": f"Team {number + 1}", "created_at": begun})
    for number, user in enumerate((made.supervisor, *made.navigators)):
        account = {"id": user, "email": f"staff{number}@x.example", "name": f"{FIRST[number % 18]} {LAST[number % 16]}"}
        rows[AppUser].append({**account, "fs_uniquifier": user.hex, "demo": True, "created_at": begun})
        member = {"id": uuid.uuid4(), "org_id": made.org, "user_id": user, "created_at": begun}
        rows[Membership].append({**member, "role": Role.NAVIGATOR if number else Role.SUPERVISOR})
        rows[CareTeamMember].append({**member, "care_team_id": made.teams[max(number - 1, 0) % len(made.teams)]})
    _write(connection, rows)
    return made


def _places(connection: Connection, now: datetime) -> Sequence[Place]:
    """Every service of the four domains that are sent to, with somebody to ask there."""
    found, contacts = [], []
    for service, organization, needs in connection.execute(select(Service.id, Service.organization_id, Service.needs)):
        wanted = next((need for need in needs if need in DOMAINS), None)
        if wanted is None:
            continue
        contact = uuid.uuid4()
        contacts.append(
            {"id": contact, "organization_id": organization, "service_id": service, "email": f"a{len(found)}@x.example"}
        )
        found.append(Place(service, organization, contact, wanted))
    connection.execute(insert(AgencyContact), [{**one, "created_at": now - timedelta(days=400)} for one in contacts])
    return found


def _write(connection: Connection, rows: dict[type[Base], list[Mapping[str, object]]]) -> None:
    """In the order of the foreign keys; rows of one table all have the same columns."""
    for table in Base.metadata.sorted_tables:
        for model, some in rows.items():
            if model.__table__ is table and some:
                connection.execute(insert(table), some)
    rows.clear()
