"""The care team's pages, read and used as Dana does: without JavaScript, on both databases."""

from __future__ import annotations

import re
import uuid

import pytest
from sqlalchemy import func, select

from referrals import consent, needs, release, texting, worklist
from referrals.consent import ConsentForm, Recipient
from resources_db import search_log
from resources_db.models.access import AuditEvent
from resources_db.models.consents import Consent, Disclosure
from resources_db.models.messages import Message
from resources_db.models.people import Patient
from resources_db.models.referrals import AgencyContact, Referral, SendBatch, WorklistItem
from resources_db.tenancy import system
from resources_db.vocab import (
    BatchState,
    Channel,
    ConsentMethod,
    NeedSource,
    ReferralState,
    Role,
    TextingLevel,
    WhyCode,
)
from tests import factories
from tests.pages import Browser


@pytest.fixture
def world(runtime, clock):
    """The standing cast; Rosa has one open need and has agreed to share and to texts."""
    with runtime.database.writing(system()) as session, session.begin():
        cast = factories.cast(session, clock())
        cast.dana.demo = True
        needs.add(
            session,
            patient_id=cast.rosa.id,
            org_id=cast.org.id,
            subneed="food_pantry",
            source=NeedSource.TALK,
            now=clock(),
        )
        agree(session, cast.rosa, clock())
        session.flush()
        session.expunge_all()
    return cast


def agree(session, patient, now):
    form = ConsentForm(
        recipients=(Recipient(domain="nutrition"),), method=ConsentMethod.VERBAL, language="es", witness="D. Reyes"
    )
    consent.record(session, patient_id=patient.id, form=form, now=now)
    texting.record(
        session, patient_id=patient.id, level=TextingLevel.NEUTRAL, how="spoken", language="es", now=now, welcome=False
    )


class Danas(Browser):
    """Sends the token of a page with every form, as a page of hers would."""

    csrf = ""

    def post(self, path, data=None, **how):
        return super().post(path, {"csrf_token": self.csrf, **(data or {})}, **how)


@pytest.fixture
def dana(app, world):
    app.config["PROPAGATE_EXCEPTIONS"] = True  # an error of ours shows its place, not the kind page
    browser = Danas(app)
    browser.be(world.dana)
    browser.csrf = browser.token("/today")
    return browser


def own_form(page):
    """The form of the page itself, not the one in the bar."""
    return next(form for form in page.forms if form.action == page.path and form.method == "post")


def key_of(listing):
    return f"{listing.service.id}.{listing.location.id}"


def send_form(dana, world, *listings):
    query = "&".join(f"listing={key_of(one)}" for one in listings or (world.food_bank,))
    page = dana.get(f"/patients/{world.rosa.id}/send?{query}")
    return page, page.form(f"/patients/{world.rosa.id}/send")


def press_send(dana, world, *listings):
    _page, form = send_form(dana, world, *listings)
    return dana.post(form.action, form.values())


def rows(runtime, model):
    with runtime.database.reading(system()) as session:
        return session.scalars(select(model)).all()


def release_all(runtime, clock):
    clock.forward(seconds=11)
    with runtime.database.writing(system()) as session, session.begin():
        for batch_id in release.due_batches(session, now=clock()):
            release.release(session, batch_id, now=clock())


# Patients


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


# Agreements


def test_the_agreement_page_reads_the_script_in_the_patients_language(dana, world):
    assert "¿Le podemos mandar textos" in dana.get(f"/patients/{world.rosa.id}/consent").text


def test_an_agreement_needs_a_witness_for_a_spoken_yes(dana, world, runtime):
    before = len(rows(runtime, Consent))
    page = dana.post(
        f"/patients/{world.minh.id}/consent", {"domains": "housing", "method": "verbal", "witness": ""}, expect=422
    )
    assert "who heard" in page.text
    assert len(rows(runtime, Consent)) == before


def test_an_agreement_is_kept_and_shown(dana, world):
    page = dana.post(
        f"/patients/{world.minh.id}/consent",
        {"domains": ["housing", "nutrition"], "method": "verbal", "witness": "Dana Cole", "texts": "y"},
    )
    assert "Share with: Food and Housing" in page.text or "Share with: Housing and Food" in page.text


def test_an_agreement_to_nothing_is_not_called_saved(dana, world, runtime):
    before = len(rows(runtime, Consent))
    page = dana.post(f"/patients/{world.rosa.id}/consent", {"method": "verbal", "witness": "Dana Cole"}, expect=422)
    assert "Tick at least one kind of service." in page.text
    assert len(rows(runtime, Consent)) == before


def test_taking_an_agreement_back_stops_what_was_sent(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    page = dana.get(f"/patients/{world.rosa.id}")
    dana.post(page.form("/revoke").action, page.form("/revoke").values())
    assert [one.state for one in rows(runtime, Referral)] == [ReferralState.WITHDRAWN]


# Send


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


# Following


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


# Today


@pytest.fixture
def item(runtime, world, clock):
    with runtime.database.writing(system()) as session, session.begin():
        about = worklist.About(WhyCode.PATIENT_WANTS_CALL, world.rosa.id, world.org.id, facts={"agency": "Hope Pantry"})
        return worklist.open_item(session, about, due_at=clock(), now=clock()).id


def test_today_says_who_and_why(dana, item):
    page = dana.get("/today")
    assert "Rosa M." in page.text
    assert "Rosa wants a call" in page.text
    assert "Today 1" in page.text


def test_an_empty_list_says_what_comes_next(dana):
    assert "Nothing needs you now" in dana.get("/today").text


def test_done_leaves_at_once_and_can_be_undone(dana, item, runtime):
    page = dana.get("/today")
    after = dana.post(page.form("/done").action, page.form("/done").values())
    assert "Rosa wants a call" not in after.text
    back = dana.post(after.form("/undo").action, after.form("/undo").values())
    assert "Rosa wants a call" in back.text


def test_snoozed_items_sleep_until_the_morning(dana, item, world, clock):
    page = dana.get("/today")
    after = dana.post(page.form("/snooze").action, page.form("/snooze").values())
    assert "Rosa wants a call" not in after.text
    assert "Rosa wants a call" in dana.get("/today?view=snoozed").text
    clock.forward(days=1)
    dana.be(world.dana)  # yesterday's session is over
    assert "Rosa wants a call" in dana.get("/today").text


def test_every_why_code_has_words(dana, world, runtime, clock):
    with runtime.database.writing(system()) as session, session.begin():
        for why in WhyCode:
            about = worklist.About(why, world.rosa.id, world.org.id, words="hola", of=why.value)
            worklist.open_item(session, about, due_at=clock(), now=clock())
    page = dana.get("/today")
    with runtime.database.reading(system()) as session:
        assert session.scalar(select(func.count()).select_from(WorklistItem)) == len(WhyCode)
    assert len(page.tree.all("li", **{"data-row": ""})) == len(WhyCode)


# Notes and print


def test_the_record_note_is_short_plain_text(dana, world, runtime, clock):
    press_send(dana, world)
    release_all(runtime, clock)
    text = dana.client.get(f"/patients/{world.rosa.id}/note.txt").text
    lines = text.splitlines()
    assert lines[0].startswith("SOCIAL NEEDS REFERRAL NOTE  2026-11-23  Language: Spanish (interpreter: no)")
    assert len(lines) <= 15
    assert max(map(len, lines)) <= 80
    assert "Hope Pantry: sent 11-23, no answer yet" in text
    assert "Rosa" not in text


def test_a_note_of_the_team_is_kept(dana, world):
    page = dana.post(f"/patients/{world.rosa.id}/notes", {"body": "Ask for Denise"})
    assert "Ask for Denise" in page.text


def test_the_printed_list_speaks_the_patients_language_and_names_nobody(dana, world):
    page = dana.get(f"/patients/{world.rosa.id}/print?listing={key_of(world.food_bank)}")
    assert 'lang="es"' in page.html
    assert "Hope Pantry" in page.text
    assert "Rosa" not in page.text


# A need


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


# After a no


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
