"""The first tenant wall: an actor sees and writes rows of its own org only."""

import uuid

import pytest
from sqlalchemy import delete, exists, func, select, union_all, update
from sqlalchemy.orm import aliased

from resources_db import encryption
from resources_db.models.people import Patient
from resources_db.models.tenants import CareTeam, Org
from resources_db.tenancy import ForeignTenantError, NoActorError, UnfilteredError, system
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


# Statements whose results name no tenant's row, each made for the id of the foreign org; all count what they reach.
ROUNDABOUT = {
    "a count": lambda _: select(func.count()).select_from(Patient),
    "a count of an alias": lambda _: select(func.count()).select_from(aliased(Patient)),
    "a subquery": lambda _: select(func.count()).select_from(select(Patient.id).subquery()),
    "a common table": lambda _: select(func.count()).select_from(select(Patient.id).cte()),
    "a join": lambda _: select(func.count(Org.id)).join(Patient, Patient.org_id == Org.id),
    "a condition": lambda _: select(func.count(Org.id)).where(Org.id.in_(select(Patient.org_id))),
    "a union": lambda _: select(func.count()).select_from(
        union_all(select(Patient.id), select(Patient.id).where(Patient.id.is_(None))).subquery()
    ),
    "an existence": lambda foreign: select(func.count(Org.id)).where(
        ~exists().where(Patient.org_id == foreign), Org.id == foreign
    ),
}


@pytest.mark.parametrize("shape", ROUNDABOUT)
def test_no_roundabout_statement_reaches_foreign_rows(database, two_clinics, shape):
    (north, _), (south, _) = two_clinics
    with database.reading(system(north)) as session:
        assert session.scalar(ROUNDABOUT[shape](south)) == 1


@pytest.mark.parametrize("shape", ROUNDABOUT)
def test_a_session_without_an_actor_may_not_go_roundabout_either(database, two_clinics, shape):
    with database.reading() as session, pytest.raises(NoActorError):
        session.scalar(ROUNDABOUT[shape](two_clinics[1][0]))


def test_a_core_statement_that_no_filter_reaches_is_refused(database, two_clinics):
    with database.reading(system(two_clinics[0][0])) as session, pytest.raises(UnfilteredError):
        session.execute(select(Patient.__table__.c.id))


def test_tables_of_no_tenant_need_no_actor(database, two_clinics):
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Org)) == 2


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
