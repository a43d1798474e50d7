"""The inbox of an agency with accounts: its own referrals, no person in the list, the same page behind each."""

from __future__ import annotations

import pytest

from resources_db.models.access import AccessLink, AuditEvent
from resources_db.models.consents import Disclosure
from resources_db.models.referrals import Referral, ReferralEvent
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


def open_one(denise):
    return denise.submit(denise.get("/agency").form("/agency/answer"), answer="open")


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
    page = open_one(denise)
    assert page.h1 == "Can you help Rosa?"
    assert own(sent).state is ReferralState.SEEN
    seen = sent.all(Disclosure)
    assert len(seen) == before + 1
    assert sent.one(AppUser, name="Denise Fuller").id in {row.user_id for row in seen}
    denise.submit(page.form("/agency/answer"), answer="yes")
    assert own(sent).state is ReferralState.ACCEPTED


def test_the_link_of_the_inbox_is_worth_nothing_in_another_browser(sent, denise, another):
    page = open_one(denise)
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


def hire_admin(sent, browser, clock):
    def hire(session):
        agency = session.query(Org).filter_by(kind=OrgKind.AGENCY).one()
        person = factories.make_user(
            session, org=agency, now=clock(), name="Olga Petrova", email="o@x.example", role=Role.AGENCY_ADMIN
        )
        person.demo = True

    sent.change(hire)
    browser.be(sent.one(AppUser, name="Olga Petrova"))
    return browser


def test_an_answer_is_given_where_the_referral_stands(sent, denise):
    done = denise.submit(denise.get("/agency").form("/agency/answer"), answer="yes")
    assert f"Saved for {own(sent).ref}" in done.text
    assert own(sent).state is ReferralState.ACCEPTED
    move = sent.one(ReferralEvent, to_state=ReferralState.ACCEPTED)
    assert (move.said_by, move.channel.value) == ("Denise Fuller", "page")


def test_a_no_asks_its_reason_and_comes_back(sent, denise):
    step = denise.submit(denise.get("/agency").form("/agency/answer"), answer="no")
    assert step.h1 == "What is the reason?"
    done = denise.submit(step.form("/agency/answer"), reason="out-of-area")
    assert done.path.startswith("/agency")
    assert (own(sent).state, own(sent).reason.value) == (ReferralState.DECLINED, "out-of-area")


def test_an_answer_to_an_old_page_changes_nothing(sent, denise, clock):
    form = denise.get("/agency").form("/agency/answer")
    denise.submit(form, answer="yes", key="a" * 20)
    late = denise.submit(form, answer="could_not_reach", key="b" * 20)
    assert "had changed already" in late.text
    assert own(sent).state is ReferralState.ACCEPTED


def test_the_filters_show_what_waits_and_what_is_late(sent, denise, clock):
    assert own(sent).ref in denise.get("/agency?show=waiting").text
    assert "None of the open ones is like that." in denise.get("/agency?show=with_us").text
    denise.submit(denise.get("/agency").form("/agency/answer"), answer="yes")
    assert own(sent).ref in denise.get("/agency?show=with_us").text
    assert denise.get("/agency?show=nonsense").h1 == "Referrals"


def test_names_are_shown_when_asked_for_and_each_is_written_down(sent, denise):
    before = len(sent.all(Disclosure))
    page = denise.submit(denise.get("/agency").form("/agency/names"))
    assert "Rosa" in page.text
    assert "513-555-0148" in page.text
    assert "Martinez" not in page.html
    assert len(sent.all(Disclosure)) == before + 1
    assert all("first_name" in one.fields for one in sent.all(Disclosure))
    assert sent.one(AppUser, name="Denise Fuller").id in {row.user_id for row in sent.all(Disclosure)}


def test_all_ticked_are_helped_once_each(sent, denise):
    page = denise.get("/agency")
    form = page.form("/agency/helped")
    none = denise.submit(form, referral=[])
    assert "Tick those who got help first." in none.text
    done = denise.submit(form, referral=[str(own(sent).id), "x"])
    assert "1 referral is saved as helped." in done.text
    assert own(sent).state is ReferralState.SERVED
    denise.submit(form, referral=[str(own(sent).id)])
    assert len(sent.all(ReferralEvent, to_state=ReferralState.SERVED)) == 1


def test_somebody_elses_referral_is_not_answered_from_here(sent, denise):
    (other,) = [one for one in sent.all(Referral) if one.id != own(sent).id]
    form = denise.get("/agency").form("/agency/answer")
    denise.submit(form, referral=str(other.id), answer="yes", expect=404)
    denise.submit(denise.get("/agency").form("/agency/helped"), referral=[str(other.id)])
    assert sent.one(Referral, id=other.id).state is ReferralState.SENT


def test_the_agency_sees_its_own_figures(sent, denise, clock):
    assert "1" in denise.get("/agency/figures").text
    clock.forward(days=2)
    denise.be(sent.one(AppUser, name="Denise Fuller"))
    denise.submit(denise.get("/agency").form("/agency/answer"), answer="yes")
    page = denise.get("/agency/figures")
    assert "100%" in page.text
    assert "1 of 1" in page.text


def test_a_late_referral_counts_as_late(sent, denise, clock):
    clock.forward(days=20)
    denise.be(sent.one(AppUser, name="Denise Fuller"))
    page = denise.get("/agency/figures")
    assert "0%" in page.text
    assert "0 of 1" in page.text


def test_the_table_needs_the_admin_and_a_reason(sent, denise, browser, clock):
    denise.get("/agency/export", expect=403)
    olga = hire_admin(sent, browser, clock)
    form = olga.get("/agency/export").form("/agency/export")
    assert "at least 10 letters" in olga.submit(form, reason="x", expect=422).text
    before = len(sent.all(Disclosure))
    file = olga.submit(form, reason="Report to our board")
    rows = file.response.get_data(as_text=True).splitlines()
    assert len(rows) == 2
    assert "Rosa" in rows[1]
    assert "Martinez" not in rows[1]
    assert len(sent.all(Disclosure)) == before + 1
    written = sent.one(AuditEvent, action="referrals.export")
    assert (written.reason, written.detail) == ("Report to our board", {"rows": 1})
