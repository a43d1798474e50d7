"""Administrators see their own org and no other."""

from __future__ import annotations

import pytest

from resources_db import audit
from resources_db.tenancy import system
from resources_db.vocab import Role
from tests import factories


def test_the_status_page_says_what_works(browser, staff):
    browser.be(staff[Role.SITE_ADMIN])
    page = browser.get("/admin")
    assert "phone simulator" in page.text
    assert "Audit anchor" in page.text


def test_the_list_of_people_holds_the_own_org_only(browser, staff, runtime, now):
    with runtime.database.writing(system(staff.care.id)) as session, session.begin():
        factories.make_team(session, org=staff.care, now=now, name="Home visits")
    browser.be(staff[Role.CARE_ADMIN])
    text = browser.get("/admin/users").text
    assert "navigator@x.example" in text
    assert "Home visits" in text
    assert "nora@north.example" not in text
    assert "agency_worker@x.example" not in text


@pytest.mark.bad_input(62)
def test_the_audit_page_holds_the_own_chain_only(browser, another, staff):
    another().be(staff.stranger)
    browser.be(staff[Role.CARE_ADMIN])
    text = browser.get("/admin/audit").text
    assert "sign_in" in text
    assert "Nora North" not in text


def test_the_site_administrator_sees_events_of_the_installation_without_subjects(browser, staff, runtime, now):
    with runtime.database.writing(system()) as session, session.begin():
        audit.record(session, action="key.rotate", subject_kind="org_key", subject_id="ZZCANARY", now=now)
    browser.be(staff[Role.SITE_ADMIN])
    page = browser.get("/admin/audit")
    assert "key.rotate" in page.text
    assert "ZZCANARY" not in page.html


@pytest.mark.bad_input(82)
@pytest.mark.parametrize(
    "query", ["page=-1", "page=999999999999999999999", "page=NaN", "page=1&page=2", "page[]=1", "page="]
)
def test_any_page_number_is_answered(browser, staff, query):
    browser.be(staff[Role.AUDITOR])
    browser.get(f"/admin/audit?{query}")
