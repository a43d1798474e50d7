"""Sending, following and sending again, as Dana does it: without JavaScript, on both databases."""

from __future__ import annotations

import pytest

from resources_db import search_log
from resources_db.models.consents import Disclosure
from resources_db.models.messages import Message
from resources_db.models.referrals import AgencyContact, Referral, SendBatch
from resources_db.tenancy import system
from resources_db.vocab import (
    BatchState,
    Channel,
    ReferralState,
    Role,
)
from tests import factories
from tests.portal.caseload_world import (
    key_of,
    own_form,
    press_send,
    release_all,
    rows,
    send_form,
)


def test_the_send_page_shows_the_exact_text_its_language_and_segments(dana, world):
    page, _form = send_form(dana, world)
    assert "Vea la ayuda para usted" in page.text
    assert "1 segment" in page.text
    assert "/r/" in page.text


def test_the_send_page_lists_the_facts_that_would_leave(dana, world):
    _page, form = send_form(dana, world)
    assert {"first_name", "phone", "language"} <= set(form.values()["field"])


def test_looking_at_the_send_page_writes_nothing(dana, world, runtime):
    for _ in range(3):
        send_form(dana, world)
    assert rows(runtime, Referral) == []
    assert rows(runtime, SendBatch) == []


def test_send_waits_ten_seconds_and_offers_undo(dana, world, runtime):
    page = press_send(dana, world)
    assert "Sending in" in page.text
    assert page.form("/undo")
    assert [one.state for one in rows(runtime, Referral)] == [ReferralState.DRAFT]
    assert rows(runtime, Message) == []


def test_undo_means_that_nothing_leaves(dana, world, runtime, clock):
    page = press_send(dana, world)
    undone = dana.post(page.form("/undo").action, page.form("/undo").values())
    assert "Nothing was sent" in undone.text
    release_all(runtime, clock)
    assert rows(runtime, Message) == []
    assert [one.state for one in rows(runtime, SendBatch)] == [BatchState.UNDONE]


def test_undo_after_ten_seconds_says_that_it_has_left(dana, world, runtime, clock):
    page = press_send(dana, world)
    release_all(runtime, clock)
    late = dana.post(page.form("/undo").action, page.form("/undo").values())
    assert "It has left already" in late.text


def test_after_ten_seconds_the_text_and_the_notice_are_promised_and_the_disclosure_is_written(
    dana, world, runtime, clock
):
    press_send(dana, world)
    release_all(runtime, clock)
    assert [one.state for one in rows(runtime, Referral)] == [ReferralState.SENT]
    assert {one.purpose for one in rows(runtime, Message)} == {"referral", "agency_new"}
    assert len(rows(runtime, Disclosure)) == 1


@pytest.mark.bad_input(41)
def test_a_second_click_on_send_is_the_same_send(dana, world, runtime):
    _page, form = send_form(dana, world)
    dana.post(form.action, form.values())
    dana.post(form.action, form.values())
    assert len(rows(runtime, SendBatch)) == 1
    assert len(rows(runtime, Referral)) == 1


def test_without_an_agreement_the_page_says_so_and_nothing_can_be_sent(dana, world, runtime):
    page = dana.get(f"/patients/{world.minh.id}/send?listing={key_of(world.food_bank)}")
    assert "has not agreed to share" in page.text
    assert "Cannot send yet" in page.text
    form = page.form(f"/patients/{world.minh.id}/send")
    refused = dana.post(form.action, {**form.values(), "note": "please help"}, expect=422)
    assert "has not agreed yet" in refused.text
    assert rows(runtime, SendBatch) == []


def test_a_fact_that_was_unticked_is_not_shared(dana, world, runtime):
    _page, form = send_form(dana, world)
    values = form.values()
    values["field"] = [name for name in values["field"] if name != "phone"]
    dana.post(form.action, values)
    assert "phone" not in rows(runtime, Referral)[0].shared_fields


def test_a_place_that_is_open_already_is_refused_in_words(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    _page, form = send_form(dana, world)
    refused = dana.post(form.action, form.values(), expect=422)
    assert "already open" in refused.text


@pytest.mark.bad_input(82)
@pytest.mark.parametrize("listing", ["x", "1.2", "00000000-0000-4000-8000-000000000000", "%00"])
def test_a_listing_that_does_not_exist_is_no_error_of_ours(dana, world, listing):
    page = dana.get(f"/patients/{world.rosa.id}/send?listing={listing}", expect=None)
    assert page.status in {200, 400, 422}


def test_what_the_agency_said_by_phone_is_written_down_with_who_said_it(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    referral = rows(runtime, Referral)[0]
    form = own_form(dana.get(f"/referrals/{referral.id}"))
    page = dana.post(f"/referrals/{referral.id}", {**form.values(), "to": "accepted", "said_by": "phone: Denise"})
    assert "Yes, we can." in page.text
    assert "phone: Denise" in page.text


@pytest.mark.bad_input(64)
def test_a_no_without_a_reason_is_asked_for_one_and_keeps_what_was_typed(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    referral = rows(runtime, Referral)[0]
    form = own_form(dana.get(f"/referrals/{referral.id}")).values()
    page = dana.post(
        f"/referrals/{referral.id}",
        {**form, "to": "declined", "said_by": "phone: Denise", "text": "maybe in spring"},
        expect=422,
    )
    assert "Choose a reason" in page.text
    assert "maybe in spring" in page.html


@pytest.mark.bad_input(119)
def test_the_loser_of_a_race_is_told_and_keeps_the_words(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    referral = rows(runtime, Referral)[0]
    form = own_form(dana.get(f"/referrals/{referral.id}")).values()
    dana.post(
        f"/referrals/{referral.id}", {**form, "to": "accepted", "said_by": "phone: A", "key": "first-key-first-key"}
    )
    page = dana.post(
        f"/referrals/{referral.id}",
        {**form, "to": "declined", "reason": "no-capacity", "said_by": "phone: B", "key": "second-key-second"},
        expect=409,
    )
    assert "faster" in page.text
    assert "phone: B" in page.html


def test_a_declined_referral_holds_the_next_places_ready_to_send(dana, world, runtime, clock):
    with runtime.database.writing(system()) as session, session.begin():
        other = factories.make_listing(
            session, now=clock(), name="St. Anne Kitchen", needs=["food_pantry"], phone="+15135550161"
        )
        key = key_of(other)
        search_log.touch(session, [other.service.id], now=clock())
    press_send(dana, world)
    release_all(runtime, clock)
    referral = rows(runtime, Referral)[0]
    form = own_form(dana.get(f"/referrals/{referral.id}")).values()
    said_no = {**form, "to": "declined", "reason": "no-capacity", "said_by": "phone: Denise"}
    dana.post(f"/referrals/{referral.id}", said_no)
    page = dana.get(f"/referrals/{referral.id}")
    assert "St. Anne Kitchen" in page.text
    ready = page.form("/send").values()
    assert ready["listing"] == key
    send = dana.submit(page.form("/send")).form("/send")
    dana.post(send.action, send.values())
    newest = max(rows(runtime, Referral), key=lambda one: one.created_at)
    assert newest.previous_id == referral.id


# Texts


def test_texts_name_the_patient_they_are_about_and_hold_nothing_of_agencies(dana, world, runtime, clock):
    with runtime.database.writing(system()) as session, session.begin():
        contact = session.get_one(AgencyContact, world.food_bank.contact.id)
        contact.phone, contact.preferred = "+15135550177", Channel.SMS
    press_send(dana, world)
    release_all(runtime, clock)
    sent = {one.subject_kind: one.body for one in rows(runtime, Message)}
    page = dana.get("/texts")
    shown = page.text
    assert sent["send_batch"].split()[0] in shown
    assert "Rosa M." in shown
    assert sent["referral"] not in page.html
    assert "An agency" not in shown


def test_who_may_read_patients_but_no_texts_sees_none_on_the_patients_page(dana, world, runtime, clock, another):
    press_send(dana, world)
    release_all(runtime, clock)
    (text,) = [one.body for one in rows(runtime, Message) if one.subject_kind == "send_batch"]
    with runtime.database.writing(system()) as session, session.begin():
        admin = factories.make_user(
            session, org=world.org, now=clock(), name="Ana Admin", email="ana@x.example", role=Role.CARE_ADMIN
        )
        admin.demo = True
        session.flush()
        session.expunge_all()
    browser = another()
    browser.be(admin)
    assert text in dana.get(f"/patients/{world.rosa.id}").text
    assert text not in browser.get(f"/patients/{world.rosa.id}").text
