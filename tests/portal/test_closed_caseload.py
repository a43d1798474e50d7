"""Where an org closes its caseloads, a navigator meets only patients they lead or cover for, on every page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from referrals import worklist
from resources_db import caseload_wall
from resources_db.base import Base, TenantRow
from resources_db.models.people import Assignment
from resources_db.models.referrals import Referral
from resources_db.tenancy import system
from resources_db.vocab import Role, WhyCode
from tests import factories
from tests.portal.caseload_world import Danas, press_send, release_all, rows


@pytest.fixture
def staff_of_the_org(runtime, world, clock):
    with runtime.database.writing(system()) as session, session.begin():
        org = session.merge(world.org)
        found = {
            name: factories.make_user(
                session, org=org, now=clock(), name=name, email=f"{name.lower()}@riverside.example", role=role
            )
            for name, role in (
                ("Marcus", Role.NAVIGATOR),
                ("Priya", Role.SUPERVISOR),
                ("Alex", Role.CARE_ADMIN),
            )
        }
        for one in found.values():
            one.demo = True
        session.flush()
        session.expunge_all()
    return found


def signed_in(app, person):
    browser = Danas(app)
    browser.be(person)
    browser.csrf = browser.token("/patients")
    return browser


@pytest.fixture
def marcus(app, staff_of_the_org):
    return signed_in(app, staff_of_the_org["Marcus"])


@pytest.fixture
def closed(app, staff_of_the_org):
    """The care administrator takes the tick away."""
    alex = Danas(app)
    alex.be(staff_of_the_org["Alex"])
    alex.csrf = alex.token("/admin/users")
    page = alex.post("/admin/caseload", {})
    assert "Navigators see their own patients only." in page.text
    return alex


def test_an_open_caseload_shows_colleagues_patients(marcus, world):
    assert "Rosa" in marcus.get(f"/patients/{world.rosa.id}").h1
    assert "Rosa" in marcus.get("/patients?view=team").text


def test_a_closed_one_hides_them_from_every_door(marcus, closed, dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    (referral,) = rows(runtime, Referral)
    with runtime.database.writing(system()) as session, session.begin():
        about = worklist.About(WhyCode.PATIENT_WANTS_CALL, world.rosa.id, world.org.id)
        worklist.open_item(session, about, due_at=clock(), now=clock())
    for path in (
        f"/patients/{world.rosa.id}",
        f"/patients/{world.rosa.id}/edit",
        f"/patients/{world.rosa.id}/consent",
        f"/patients/{world.rosa.id}/goals/new",
        f"/patients/{world.rosa.id}/texts",
        f"/patients/{world.rosa.id}/send?listing={world.food_bank.service.id}.{world.food_bank.location.id}",
        f"/referrals/{referral.id}",
    ):
        marcus.get(path, expect=404)
    assert "Nobody found" in marcus.post("/patients/find", {"q": "Rosa"}).text
    assert "Rosa" not in marcus.get("/patients?view=team").text
    assert "Rosa" not in marcus.get("/today?view=team").text
    marcus.post(f"/patients/{world.rosa.id}/notes", {"body": "x"}, expect=404)


def test_the_lead_and_the_supervisor_see_on(dana, closed, app, staff_of_the_org, world):
    assert "Rosa" in dana.get(f"/patients/{world.rosa.id}").h1
    assert "Rosa" in dana.get("/patients").text
    assert "Rosa" in signed_in(app, staff_of_the_org["Priya"]).get(f"/patients/{world.rosa.id}").h1


def test_a_cover_sees_them_until_the_last_day(dana, marcus, closed, staff_of_the_org, world, clock):
    today = clock().date()
    dana.post(
        "/patients/cover",
        {
            "cover_id": str(staff_of_the_org["Marcus"].id),
            "from_on": today.isoformat(),
            "until_on": (today + timedelta(days=1)).isoformat(),
        },
    )
    assert "Rosa" in marcus.get(f"/patients/{world.rosa.id}").h1
    clock.forward(days=2)
    marcus.be(staff_of_the_org["Marcus"])
    marcus.get(f"/patients/{world.rosa.id}", expect=404)


def test_a_new_patient_and_one_handed_over_come_into_sight(dana, marcus, closed, staff_of_the_org, world, runtime):
    page = marcus.post("/patients/new", {"first_name": "Ana", "language": "es"})
    assert "Ana" in page.h1
    after = dana.post(
        "/patients/hand-over", {"patient": str(world.rosa.id), "to": str(staff_of_the_org["Marcus"].id), "note": ""}
    )
    assert "Rosa" in marcus.get(f"/patients/{world.rosa.id}").h1
    dana.get(f"/patients/{world.rosa.id}", expect=404)
    dana.post(after.form("/undo").action)
    assert "Rosa" in dana.get(f"/patients/{world.rosa.id}").h1
    marcus.get(f"/patients/{world.rosa.id}", expect=404)
    open_ones = [one for one in rows(runtime, Assignment) if one.patient_id == world.rosa.id and one.ended_at is None]
    assert [one.navigator_id for one in open_ones] == [world.dana.id]


def test_a_navigator_does_not_open_the_caseload(marcus, closed):
    marcus.post("/admin/caseload", {"open": "on"}, expect=403)


def test_every_table_of_patients_is_behind_the_wall():
    tables = {one.class_ for one in Base.registry.mappers if "patient_id" in one.columns}
    behind = {table for table, _ in caseload_wall._behind()}
    assert {one for one in tables if issubclass(one, TenantRow)} - behind == {Assignment}
