"""Patients, their agreements and needs, as Dana writes them down: without JavaScript, on both databases."""

from __future__ import annotations

import re
import uuid

import pytest

from resources_db.models.access import AuditEvent
from resources_db.models.consents import Consent
from resources_db.models.people import Patient
from resources_db.models.referrals import Referral
from resources_db.tenancy import system
from resources_db.vocab import (
    ReferralState,
)
from tests import factories
from tests.portal.caseload_world import (
    own_form,
    press_send,
    release_all,
    rows,
)


def test_a_patient_is_found_by_a_part_of_the_name_without_the_name_in_the_address(dana, world):
    page = dana.post("/patients/find", {"q": "rosa"})
    assert "Rosa Martinez" in page.h1
    assert "rosa" not in page.path.lower()


def test_nobody_found_says_what_to_try(dana):
    page = dana.post("/patients/find", {"q": "Zebulon"})
    assert "Nobody found" in page.text


def test_the_title_of_a_patients_page_does_not_name_the_patient(dana, world):
    page = dana.get(f"/patients/{world.rosa.id}")
    titles = [one.text for one in page.tree.all("title") if one.inside("svg") is None]
    assert titles == ["Patient - Handrail"]


def test_reading_a_patient_is_audited(dana, world, runtime):
    dana.get(f"/patients/{world.rosa.id}")
    reads = [one for one in rows(runtime, AuditEvent) if one.action == "person.read"]
    assert [one.subject_id for one in reads] == [str(world.rosa.id)]


def test_the_pages_that_tell_of_a_patient_elsewhere_are_audited_as_reads(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    (referral,) = rows(runtime, Referral)
    for path in (f"/patients/{world.rosa.id}/edit", f"/referrals/{referral.id}"):
        before = reads_of(runtime, world.rosa)
        dana.get(path)
        assert reads_of(runtime, world.rosa) == before + 1


def reads_of(runtime, patient):
    reads = [one for one in rows(runtime, AuditEvent) if one.action == "person.read"]
    return sum(one.subject_id == str(patient.id) for one in reads)


@pytest.mark.bad_input(59)
def test_a_patient_of_another_org_is_as_missing_as_an_unknown_one(dana, runtime, clock):
    with runtime.database.writing(system()) as session, session.begin():
        other = factories.make_org(session, now=clock(), name="Northside")
        team = factories.make_team(session, org=other, now=clock(), name="North team")
        foreign = factories.make_patient(session, team=team, now=clock()).id
    page = dana.get(f"/patients/{foreign}", expect=404)
    unknown = dana.get(f"/patients/{uuid.uuid4()}", expect=404)
    assert without_ids(page.html) == without_ids(unknown.html)


def without_ids(html):
    return re.sub(
        r"[0-9a-f]{8,}(-[0-9a-f]{4,})*", "#", re.sub(r'value="[^"]*"', "", re.sub(r"hx-headers='[^']*'", "", html))
    )


@pytest.mark.bad_input(1, 7, 90, 95)
@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("phone", "503-555", "10 digits"),
        ("phone", "five", "10 digits"),
        ("phone", "900-555-1212", "costs"),
        ("zip", "0501", "5 digits"),
        ("zip", "abcde", "5 digits"),
        ("birth_date", "2001-02-29", "year-month-day"),
        ("birth_date", "yesterday", "year-month-day"),
        ("birth_date", "2099-05-14", "Look at the year"),
        ("birth_date", "1890-05-14", "Look at the year"),
        ("first_name", " ", "at least one name"),
        ("adults", "31", "from 0 to 30"),
        ("adults", "two", "from 0 to 30"),
        ("children", "9" * 400, "from 0 to 30"),
    ],
)
def test_a_bad_value_is_named_beside_its_field_and_everything_typed_stays(dana, runtime, field, typed, words):
    before = len(rows(runtime, Patient))
    filled = {
        "first_name": "Ana",
        "last_name": "Ortega",
        "language": "es",
        "safe_contact": "call after 5",
        field: typed,
    }
    page = dana.post("/patients/new", filled, expect=422)
    assert words in page.text
    values = own_form(page).values()
    assert values["last_name"] == "Ortega"
    assert values["safe_contact"] == "call after 5"
    assert len(rows(runtime, Patient)) == before


@pytest.mark.bad_input(87)
@pytest.mark.parametrize("name", ["李", "O’Brien", "José", "أمينة", "👋🏽 Ana"])
def test_names_of_every_kind_are_taken_and_shown(dana, name):
    page = dana.post("/patients/new", {"first_name": name, "language": "en"})
    assert name in page.h1


def test_a_new_patient_is_led_by_the_one_who_wrote_them_down(dana):
    dana.post("/patients/new", {"first_name": "Ana", "language": "es", "zip": "45202"})
    assert "Ana" in dana.get("/patients").text


def test_an_older_page_does_not_overwrite_a_newer_change(dana, world):
    form = own_form(dana.get(f"/patients/{world.rosa.id}/edit")).values()
    dana.post(f"/patients/{world.rosa.id}/edit", {**form, "last_name": "Martinez Lopez"})
    dana.post(f"/patients/{world.rosa.id}/edit", {**form, "last_name": "Old"}, expect=409)
    assert "Martinez Lopez" in dana.get(f"/patients/{world.rosa.id}").h1


def test_the_agreement_page_reads_the_script_in_the_patients_language(dana, world):
    assert "¿Le podemos mandar textos" in dana.get(f"/patients/{world.rosa.id}/consent").text


def agreed(dana, patient, typed, **how):
    form = own_form(dana.get(f"/patients/{patient.id}/consent"))
    return dana.post(form.action, {**form.values(), **typed}, **how)


def test_an_agreement_needs_a_witness_for_a_spoken_yes(dana, world, runtime):
    before = len(rows(runtime, Consent))
    page = agreed(dana, world.minh, {"domains": "housing", "witness": ""}, expect=422)
    assert "who heard" in page.text
    assert len(rows(runtime, Consent)) == before


def test_an_agreement_is_kept_and_shown(dana, world):
    page = agreed(dana, world.minh, {"domains": ["housing", "nutrition"], "witness": "Dana Cole"})
    assert "Share with: Food and Housing" in page.text or "Share with: Housing and Food" in page.text


def test_an_agreement_to_nothing_is_not_called_saved(dana, world, runtime):
    before = len(rows(runtime, Consent))
    page = agreed(dana, world.rosa, {"witness": "Dana Cole", "texts": []}, expect=422)
    assert "Tick at least one kind of service." in page.text
    assert len(rows(runtime, Consent)) == before


def test_taking_an_agreement_back_stops_what_was_sent(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    page = dana.get(f"/patients/{world.rosa.id}")
    dana.post(page.form("/revoke").action, page.form("/revoke").values())
    assert [one.state for one in rows(runtime, Referral)] == [ReferralState.WITHDRAWN]


def test_a_need_is_added_and_settled(dana, world):
    form = own_form(dana.get(f"/patients/{world.minh.id}/needs/new"))
    page = dana.post(form.action, {**form.values(), "subneed": "food_pantry", "urgency": "urgent"})
    assert "Food pantry" in page.text
    settle = page.form("/settle")
    after = dana.post(settle.action, {**settle.values(), "as": "met"})
    assert "Need met" in after.text


@pytest.mark.bad_input(92)
def test_a_date_that_is_none_is_named_beside_its_field(dana, world):
    form = own_form(dana.get(f"/patients/{world.minh.id}/needs/new"))
    page = dana.post(form.action, {**form.values(), "date_at_risk": "soon"}, expect=422)
    assert "year-month-day" in page.text


def test_an_agreement_is_taken_back_on_its_own_patients_page_only(dana, world, runtime):
    (agreement,) = rows(runtime, Consent)
    dana.post(f"/patients/{world.minh.id}/consent/{agreement.id}/revoke", expect=404)
    assert [one.revoked_at for one in rows(runtime, Consent)] == [None]


def test_a_word_that_settles_nothing_is_refused(dana, world):
    form = own_form(dana.get(f"/patients/{world.minh.id}/needs/new"))
    settle = dana.post(form.action, {**form.values(), "subneed": "food_pantry"}).form("/settle")
    dana.post(settle.action, {**settle.values(), "as": "magic"}, expect=400)
