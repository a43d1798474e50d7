"""Protected needs (here: counseling) are for the person's own care team; other teams see their domain only."""

import pytest
from sqlalchemy import select

from referrals import consent, needs
from referrals.consent import ConsentForm, Recipient
from resources_db.models.referrals import Referral
from resources_db.models.tenants import Membership
from resources_db.tenancy import system
from resources_db.vocab import ConsentMethod, NeedSource, Role
from tests import factories
from tests.portal.caseload_world import Danas, own_form, press_send, release_all, rows


@pytest.fixture
def counselor(world, runtime, clock):
    """Rosa needs counseling, has agreed, and Talk Center would help."""
    with runtime.database.writing(system()) as session, session.begin():
        made = factories.make_listing(session, now=clock(), name="Talk Center", needs=["counseling"])
        form = ConsentForm(
            (Recipient(organization_id=made.organization.id),),
            ConsentMethod.E_SIGN,
            "es",
            flags=(consent.BEHAVIORAL,),
        )
        consent.record(session, patient_id=world.rosa.id, form=form, now=clock())
        found = {"source": NeedSource.TALK, "now": clock(), "details": "cannot sleep"}
        needs.add(session, patient_id=world.rosa.id, org_id=world.org.id, subneed="counseling", **found)
        session.flush()
        session.expunge_all()
    return made


def other(app, runtime, world, clock, *, role=Role.NAVIGATOR, grants=()):
    """Somebody of another team of the same organization."""
    with runtime.database.writing(system()) as session, session.begin():
        team = factories.make_team(session, org=world.org, now=clock(), name="Hillside Team")
        user = factories.make_user(
            session, org=world.org, now=clock(), name="Olga Petrova", email="olga@x.example", role=role, team=team
        )
        user.demo = True
        session.scalars(select(Membership).where(Membership.user_id == user.id)).one().grants = list(grants)
        user_id = user.id
    browser = Danas(app)
    browser.be(user_id)
    browser.csrf = browser.token("/today")
    return browser


@pytest.fixture
def sent(dana, world, counselor, runtime, clock):
    press_send(dana, world, counselor)
    release_all(runtime, clock)
    (referral,) = rows(runtime, Referral)
    assert referral.sensitive
    return referral


def test_the_own_team_sees_the_need_and_its_referral(dana, world, sent):
    page = dana.get(f"/patients/{world.rosa.id}").text
    assert "Counseling or therapy" in page or "Counseling" in page
    assert "Talk Center" in page
    dana.get(f"/referrals/{sent.id}")


def test_another_team_sees_that_something_is_protected_and_nothing_more(app, runtime, world, clock, sent):
    olga = other(app, runtime, world, clock)
    page = olga.get(f"/patients/{world.rosa.id}").text
    assert "Talk Center" not in page
    assert "cannot sleep" not in page
    assert "Something here is protected" in page
    olga.get(f"/referrals/{sent.id}", expect=404)
    assert "Talk Center" not in olga.get(f"/patients/{world.rosa.id}/disclosures").text
    assert "Talk Center" not in olga.get("/today?view=team").text


def test_another_team_cannot_move_what_it_may_not_see(dana, app, runtime, world, clock, sent):
    form = own_form(dana.get(f"/referrals/{sent.id}"))
    olga = other(app, runtime, world, clock)
    olga.post(form.action, {**form.values(), "state": "accepted", "csrf_token": olga.csrf}, expect=404)
    olga.post(f"/referrals/{sent.id}/wrong", {"csrf_token": olga.csrf}, expect=404)
    (still,) = rows(runtime, Referral)
    assert still.state == sent.state


def test_the_printed_list_of_another_team_leaves_protected_places_out(dana, app, runtime, world, clock, sent):
    path = f"/patients/{world.rosa.id}/print"
    assert "Talk Center" in dana.get(path).text
    assert "Talk Center" not in other(app, runtime, world, clock).get(path).text


def test_a_supervisor_without_the_grant_is_another_team_and_with_it_sees_all(app, runtime, world, clock, sent):
    assert "Talk Center" not in (
        other(app, runtime, world, clock, role=Role.SUPERVISOR).get(f"/patients/{world.rosa.id}").text
    )


def test_the_grant_on_a_membership_opens_it(app, runtime, world, clock, sent):
    olga = other(app, runtime, world, clock, role=Role.SUPERVISOR, grants=("sensitive",))
    assert "Talk Center" in olga.get(f"/patients/{world.rosa.id}").text
    olga.get(f"/referrals/{sent.id}")


def test_what_is_not_protected_is_everybodys(app, runtime, world, clock, sent):
    assert "Food pantry" in other(app, runtime, world, clock).get(f"/patients/{world.rosa.id}").text
