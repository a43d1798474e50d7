"""Staff keep an agency's contact on file: where referrals go, who may change it, what follows from a new address."""

from __future__ import annotations

import pytest

from resources_db import encryption
from resources_db.models.access import AccessLink, AuditEvent
from resources_db.models.messages import Message
from resources_db.models.referrals import AgencyContact
from resources_db.models.tenants import AppUser
from resources_db.vocab import Channel, Role
from tests import factories
from tests.portal.link_world import contact_of, send


@pytest.fixture
def sent(runtime, app, clock):
    return send(runtime, app, clock, code_needed=False)


@pytest.fixture
def dana(sent, browser):
    def known(session):
        session.get(AppUser, sent.cast.dana.id).demo = True

    sent.change(known)
    browser.be(sent.one(AppUser, name="Dana Cole"))
    return browser


def path(sent):
    return f"/agencies/{sent.cast.food_bank.service.id}/contact"


def test_the_listing_leads_staff_to_the_contact_and_strangers_not(sent, dana, another):
    listing = f"/listing/{sent.cast.food_bank.service.id}.{sent.cast.food_bank.location.id}"
    assert path(sent) in dana.get(listing).html
    assert "/contact" not in another().get(listing).html


def test_the_form_shows_what_is_on_file(sent, dana):
    values = dana.get(path(sent)).form(path(sent)).values()
    contact = contact_of(sent)
    assert (values["email"], values["language"], values["digest_over"]) == (contact.email, "en", "3")


def test_a_new_number_takes_texts_closes_the_old_links_and_tells_the_agency_again(sent, dana):
    old = sent.token("agency_new")
    form = dana.get(path(sent)).form(path(sent))
    done = dana.submit(form, phone="513-555-0137", preferred="sms", language="es", best_time="Mornings")
    assert "1 referral without an answer was sent there again" in done.text
    contact = contact_of(sent)
    assert (contact.phone, contact.phone_bix) == ("+15135550137", encryption.phone_index("+15135550137"))
    assert (contact.preferred, contact.language, contact.best_time) == (Channel.SMS, "es", "Mornings")
    dana.get(f"/r/{old}", expect=404)
    again = sent.one(Message, purpose="agency_link")
    assert (again.to, again.channel.value, again.lang) == ("+15135550137", "sms", "es")
    assert "Rosa" not in again.body
    assert dana.get(f"/r/{sent.token('agency_link')}").h1 != ""


def test_the_change_is_audited_by_the_names_of_its_fields_alone(sent, dana):
    dana.submit(dana.get(path(sent)).form(path(sent)), email="new@hope-pantry.example")
    row = sent.one(AuditEvent, action="contact.edit")
    assert (row.actor_id, row.subject_id) == (sent.cast.dana.id, str(contact_of(sent).id))
    assert row.detail == {"fields": ["email"]}
    assert "by Dana Cole" in dana.get(path(sent)).text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"email": "nowhere", "phone": ""}, "Type a mail address"),
        ({"email": "", "phone": ""}, "Without one nobody hears of a referral"),
        ({"phone": "555"}, "Type 10 digits"),
        ({"phone": "800-555-0100"}, "toll-free"),
        ({"digest_over": "0"}, "Type a number from 1 to 50"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_is_kept(sent, dana, typed, words):
    before = contact_of(sent).email
    wrong = dana.submit(dana.get(path(sent)).form(path(sent)), expect=422, name="The desk", **typed)
    assert words in wrong.text
    assert wrong.form(path(sent)).values()["name"] == "The desk"
    assert (contact_of(sent).email, contact_of(sent).name) == (before, "Hope Pantry" if contact_of(sent).name else "")


def test_an_ended_contact_gets_nothing_more_and_its_links_close(sent, dana):
    dana.submit(dana.get(path(sent)).form(path(sent)), ended="y")
    assert contact_of(sent).ended_at is not None
    assert all(link.revoked_at for link in sent.all(AccessLink, subject_kind="referral"))
    assert sent.all(Message, purpose="agency_link") == []
    assert dana.get(path(sent)).form(path(sent)).values()["ended"] == "y"


def test_one_service_can_have_a_contact_of_its_own(sent, dana):
    def for_all(session):
        session.get(AgencyContact, contact_of(sent).id).service_id = None

    sent.change(for_all)
    form = dana.get(path(sent)).form(path(sent))
    assert form.values()["applies"] == "all"
    dana.submit(form, applies="service", email="desk2@hope-pantry.example")
    assert {one.service_id for one in sent.all(AgencyContact, organization_id=sent.cast.food_bank.organization.id)} == {
        None,
        sent.cast.food_bank.service.id,
    }
    assert dana.get(path(sent)).form(path(sent)).values()["email"] == "desk2@hope-pantry.example"


def test_the_second_of_two_editors_is_told_and_loses_nothing_typed(sent, dana):
    form = dana.get(path(sent)).form(path(sent))
    dana.submit(form, name="First")
    late = dana.submit(form, name="Second", expect=409)
    assert "Somebody else changed this contact" in late.text
    assert contact_of(sent).name == "First"


def test_agencies_themselves_and_strangers_cannot_open_it(sent, browser, clock):
    browser.get(path(sent), expect=303)

    def hire(session):
        person = factories.make_user(
            session, org=sent.cast.org, now=clock(), name="Alma Cruz", email="a@x.example", role=Role.AUDITOR
        )
        person.demo = True

    sent.change(hire)
    browser.be(sent.one(AppUser, name="Alma Cruz"))
    browser.get(path(sent), expect=403)
