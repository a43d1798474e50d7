"""The first tenant wall: an actor sees and writes rows of its own org only."""

import uuid

import pytest
from sqlalchemy import delete, select, update

from resources_db import encryption
from resources_db.models.people import Patient
from resources_db.models.tenants import CareTeam, Org
from resources_db.tenancy import ForeignTenantError, NoActorError, system
from resources_db.vocab import OrgKind


def clinic(session, name, now):
    org = Org(kind=OrgKind.CARE, name=name, created_at=now)
    session.add(org)
    session.flush()
    encryption.vault().add_org(session, org.id)
    team = CareTeam(org_id=org.id, name=f"{name} team", created_at=now)
    session.add(team)
    session.flush()
    return org, team


@pytest.fixture
def two_clinics(database, now):
    with database.writing(system()) as session:
        rows = []
        for name in ("North", "South"):
            org, team = clinic(session, name, now)
            patient = Patient(org_id=org.id, care_team_id=team.id, first_name=f"Pat of {name}", created_at=now)
            session.add(patient)
            session.flush()
            rows.append((org.id, patient.id))
        session.commit()
    return rows


def test_a_session_without_an_actor_may_not_touch_a_tenant_table(database, two_clinics):
    with database.reading() as session, pytest.raises(NoActorError):
        session.scalars(select(Patient)).all()


def test_each_org_lists_its_own_patients_only(database, two_clinics):
    for org_id, patient_id in [*two_clinics, *reversed(two_clinics)]:
        with database.reading(system(org_id)) as session:
            assert [patient.id for patient in session.scalars(select(Patient))] == [patient_id]


def test_a_foreign_id_is_as_missing_as_an_unknown_one(database, two_clinics):
    (north, _), (_, foreign_patient) = two_clinics
    with database.reading(system(north)) as session:
        assert session.get(Patient, foreign_patient) is None
        assert session.get(Patient, uuid.uuid4()) is None


def test_the_system_without_an_org_sees_all(database, two_clinics):
    with database.reading(system()) as session:
        assert len(session.scalars(select(Patient)).all()) == 2


def test_updates_and_deletes_do_not_reach_foreign_rows(database, two_clinics):
    (north, own), (_, foreign) = two_clinics
    with database.writing(system(north)) as session:
        session.execute(update(Patient).values(language="vi"))
        session.execute(delete(Patient).where(Patient.id == foreign))
        session.commit()
    with database.reading(system()) as session:
        languages = {patient.id: patient.language for patient in session.scalars(select(Patient))}
    assert languages == {own: "vi", foreign: "en"}


def test_a_row_for_another_org_cannot_be_added(database, two_clinics, now):
    (north, _), (south, _) = two_clinics
    with database.writing(system(north)) as session:
        session.add(CareTeam(org_id=south, name="Trojan", created_at=now))
        with pytest.raises(ForeignTenantError):
            session.flush()
