"""Agreements as Dana records them: by kind of service, by name, signed for Part 2; and who received what."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from resources_db.models.access import AuditEvent
from resources_db.models.consents import Consent, ConsentRecipient, Disclosure
from resources_db.models.referrals import Referral
from resources_db.tenancy import system
from resources_db.vocab import ReferralState
from tests import factories
from tests.portal.caseload_world import key_of, own_form, press_send, release_all, rows


@pytest.fixture
def program(world, runtime, clock):
    """A program for substance use treatment."""
    with runtime.database.writing(system()) as session, session.begin():
        made = factories.make_listing(session, now=clock(), name="River Program", needs=["detox"])
        session.flush()
        session.expunge_all()
    return made


def signed(dana, world, program, expect=None, **typed):
    page = dana.get(f"/patients/{world.rosa.id}/consent/protected?listing={key_of(program)}")
    form = own_form(page)
    filled = {
        "fields": ["first_name", "phone"],
        "told": ["may_revoke"],
        "method": "paper_scan",
        "agencies": str(program.organization.id),
    }
    return dana.post(form.action, {**form.values(), **filled, **typed}, expect=expect)


def test_what_somebody_wants_to_send_is_ticked_already(dana, world):
    page = dana.get(f"/patients/{world.minh.id}/consent?listing={key_of(world.food_bank)}")
    values = own_form(page).values()
    assert values["domains"] == "nutrition"
    assert "Hope Pantry" in page.text


def test_an_agreement_can_name_one_agency_and_end_after_thirty_days(dana, world, runtime, clock):
    form = own_form(dana.get(f"/patients/{world.minh.id}/consent?listing={key_of(world.food_bank)}"))
    typed = {"domains": [], "agencies": str(world.food_bank.organization.id), "lasts": "30", "given_by": "parent"}
    dana.post(form.action, {**form.values(), **typed})
    (recipient,) = [one for one in rows(runtime, ConsentRecipient) if one.organization_id]
    assert recipient.organization_id == world.food_bank.organization.id
    kept = next(one for one in rows(runtime, Consent) if one.id == recipient.consent_id)
    assert kept.expires_at == clock() + timedelta(days=30)
    assert kept.given_by == "parent"


def test_a_program_for_drugs_or_alcohol_leads_to_the_signed_agreement(dana, world, program):
    page = dana.get(f"/patients/{world.rosa.id}/send?listing={key_of(program)}")
    asked = dana.get(page.links()["Record the agreement"])
    protected = dana.get(asked.links()["Fill in the signed agreement"])
    assert "River Program" in protected.text
    assert "told" not in own_form(protected).values()  # nobody ticks for the person


@pytest.mark.parametrize(
    "element", ["discloser", "agencies", "fields", "purpose", "until", "told", "method", "signed_on"]
)
def test_a_missing_element_is_named_beside_its_field_and_nothing_is_kept(dana, world, program, runtime, element):
    before = len(rows(runtime, Consent))
    nothing = [] if element in {"agencies", "fields", "told", "method"} else ""
    page = signed(dana, world, program, expect=422, **{element: nothing})
    assert page.tree.all(id=f"{element}-error")
    assert len(rows(runtime, Consent)) == before


def test_with_every_element_the_referral_may_leave_with_the_named_facts_only(dana, world, program, runtime, clock):
    signed(dana, world, program)
    press_send(dana, world, program)
    release_all(runtime, clock)
    (referral,) = rows(runtime, Referral)
    assert referral.state is ReferralState.SENT
    assert set(referral.shared_fields) <= {"first_name", "phone"}
    (row,) = rows(runtime, Disclosure)
    assert row.notice_version.startswith("42cfr2.32")


def test_who_received_what_stands_on_one_page_and_in_one_file(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    page = dana.get(f"/patients/{world.rosa.id}")
    told = dana.get(page.links()["Who received what"])
    assert "Hope Pantry" in told.text
    assert "Food" in told.text
    file = dana.get(told.links()["Download as a file"])
    (line,) = list(csv.DictReader(io.StringIO(file.response.text.lstrip("\ufeff"))))
    assert line["recipient"] == "Hope Pantry"
    assert "first_name" in line["facts"]
    with runtime.database.reading() as session:
        actions = session.scalars(select(AuditEvent.action)).all()
    assert {"disclosures.read", "export"} <= set(actions)


def test_an_ended_agreement_stays_in_the_history_with_how_it_ended(dana, world):
    page = dana.get(f"/patients/{world.rosa.id}")
    dana.submit(page.form("/revoke"))
    told = dana.get(f"/patients/{world.rosa.id}/disclosures").text
    assert "taken back, told to us" in told
    assert "Nothing was shared yet" in told


def test_a_foreign_patient_has_no_such_page(dana, world, runtime, clock):
    with runtime.database.writing(system()) as session, session.begin():
        org = factories.make_org(session, now=clock(), name="Northside")
        team = factories.make_team(session, org=org, now=clock(), name="North team")
        stranger = factories.make_patient(session, team=team, now=clock())
        foreign = stranger.id
    for path in ("disclosures", "disclosures.csv", "consent/protected", "consent"):
        dana.get(f"/patients/{foreign}/{path}", expect=404)
