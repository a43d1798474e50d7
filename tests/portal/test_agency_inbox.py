"""The inbox of an agency with accounts: its own referrals, no person in the list, the same page behind each."""

from __future__ import annotations

import pytest

from resources_db.models.access import AccessLink
from resources_db.models.consents import Disclosure
from resources_db.models.referrals import Referral
from resources_db.models.tenants import AppUser, Org
from resources_db.vocab import OrgKind, ReferralState, Role
from tests import factories
from tests.portal.link_world import send


@pytest.fixture
def sent(runtime, app, clock):
    """Two referrals of one send; the one to Hope Pantry needs the code by link."""
    return send(runtime, app, clock, places=2)


@pytest.fixture
def denise(sent, browser, clock):
    def hire(session):
        agency = factories.make_org(session, now=clock(), name="Hope Pantry", kind=OrgKind.AGENCY)
        agency.organization_id = sent.cast.food_bank.organization.id
        person = factories.make_user(
            session, org=agency, now=clock(), name="Denise Fuller", email="denise@x.example", role=Role.AGENCY_WORKER
        )
        person.demo = True

    sent.change(hire)
    browser.be(sent.one(AppUser, name="Denise Fuller"))
    return browser


def own(sent):
    return sent.one(Referral, organization_id=sent.cast.food_bank.organization.id)


def test_the_list_names_the_referral_and_nobody(sent, denise):
    page = denise.get("/agency")
    assert own(sent).ref in page.text
    assert "Riverside Care" in page.text
    assert "Kitchen 2" not in page.text
    assert not any(word in page.html for word in ("Rosa", "Martinez", "0148"))


def test_signing_in_is_enough_of_a_check_and_the_view_is_a_disclosure(sent, denise):
    before = len(sent.all(Disclosure))
    page = denise.submit(denise.get("/agency").form(f"/agency/{own(sent).id}"))
    assert page.h1 == "Can you help Rosa?"
    assert own(sent).state is ReferralState.SEEN
    seen = sent.all(Disclosure)
    assert len(seen) == before + 1
    assert sent.one(AppUser, name="Denise Fuller").id in {row.user_id for row in seen}
    denise.submit(page.form("/agency/answer"), answer="yes")
    assert own(sent).state is ReferralState.ACCEPTED


def test_the_link_of_the_inbox_is_worth_nothing_in_another_browser(sent, denise, another):
    page = denise.submit(denise.get("/agency").form(f"/agency/{own(sent).id}"))
    assert "Rosa" not in another().get(page.path).html


@pytest.mark.bad_input(59)
def test_a_referral_to_somebody_else_is_not_found(sent, denise):
    (other,) = [one for one in sent.all(Referral) if one.id != own(sent).id]
    token = denise.token("/agency")
    denise.post(f"/agency/{other.id}", {"csrf_token": token}, expect=404)
    assert len(sent.all(AccessLink, subject_id=other.id)) == 1


def test_a_sensitive_referral_needs_a_grant(sent, denise):
    def mark(session):
        session.get(Referral, own(sent).id).sensitive = True

    token = denise.token("/agency")
    sent.change(mark)
    page = denise.get("/agency")
    assert "Not shown to your account" in page.text
    denise.post(f"/agency/{own(sent).id}", {"csrf_token": token}, expect=404)


def test_an_agency_that_is_in_no_directory_has_an_empty_inbox(sent, denise):
    def loose(session):
        for org in session.query(Org).filter_by(kind=OrgKind.AGENCY):
            org.organization_id = None

    sent.change(loose)
    assert "No referral waits for you." in denise.get("/agency").text
