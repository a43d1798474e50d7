"""The care team's queue of requests from the public: who waits, taking up, every no and its way back."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import event, select

from messaging import suppression
from referrals import intake, takers
from referrals.intake import Asked
from resources_db.encryption import phone_index
from resources_db.listing_key import ListingKey
from resources_db.models.access import AuditEvent
from resources_db.models.care import Intake
from resources_db.models.consents import Consent, ConsentRecipient, TextingConsent
from resources_db.models.messages import Message
from resources_db.models.people import Assignment, Need, Note, Patient
from resources_db.models.referrals import Referral, WorklistItem
from resources_db.tenancy import system
from resources_db.vocab import IntakeState, NeedSource, Priority, ReferralState, Role, SuppressionWhy, WhyCode
from tests import factories
from tests.portal.caseload_world import rows

AGREED = {"keep": "A care team may keep it.", "text": "You may text me.", "share": "They may share it."}


@pytest.fixture
def queued(runtime, world):
    """Puts a request into the queue, as the public form does."""
    number = 0

    def put(**asked):
        nonlocal number
        number += 1
        values = {"name": "Lucia Gomez", "phone": "513-555-0171", "zip": "45202", "words": "I need food", "language": "es",
                  "agreed": {"keep": AGREED["keep"]}, "subneed": "food_pantry", **asked}  # fmt: skip
        with runtime.database.writing(system(world.org.id)) as session, session.begin():
            takers.switch(session, world.org.id, on=True, areas="", now=runtime.clock.now())
            (taker,) = takers.takers(session)
            return intake.keep(session, taker, Asked(**values), key=f"k{number}", now=runtime.clock.now()).id

    return put


def take(dana, request_id, **typed):
    page = dana.get(f"/intake/{request_id}")
    return dana.submit(page.form("/take-up"), **typed)


def asked(runtime, browser):
    """How often the queue asks the database."""
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    engine = runtime.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        browser.get("/intake")
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len([one for one in statements if "web_session" not in one])


def one(runtime, model, **wanted):
    with runtime.database.reading(system()) as session:
        return session.scalars(select(model).filter_by(**wanted)).one()


def test_the_queue_puts_danger_first_and_then_who_waits_longest(dana, queued, clock, world):
    queued(name="First Waits", phone="513-555-0172")
    clock.forward(hours=2)
    queued(name="Second Waits", phone="513-555-0173")
    queued(name="In Danger", phone="513-555-0174", danger=("suicide",))
    dana.be(world.dana)
    page = dana.get("/intake")
    assert [one.text for one in page.tree.all("p") if one.attrs.get("class") == "who"] == [
        "In Danger", "First Waits", "Second Waits",
    ]  # fmt: skip
    assert "May be in danger. Call now" in page.text
    assert "Spanish · ZIP 45202 · Food pantry" in page.text
    assert "2 hours" in page.text


def test_the_bar_counts_who_waits(dana, queued):
    queued()
    entries = dana.get("/intake").tree.all("a", href="/intake")
    assert "Requests 1open" in [one.text for one in entries]


def test_nobody_waits_is_said_and_when_the_next_one_comes(dana, world):
    assert "Nobody waits" in dana.get("/intake").text


def test_taking_up_makes_a_patient_with_need_agreements_note_and_item(runtime, dana, queued, world):
    request = queued(
        may_text=True, may_share=True, agreed=AGREED, reach="After 5 p.m.", words="Necesito comida para mis hijos"
    )
    page = take(dana, request)
    assert page.h1.endswith("Lucia Gomez")
    patient = one(runtime, Patient, id=uuid.UUID(page.path.split("/")[2]))
    assert (patient.first_name, patient.last_name, patient.phone) == ("Lucia", "Gomez", "+15135550171")
    assert (patient.zip, patient.language, patient.safe_contact) == ("45202", "es", "After 5 p.m.")
    assert one(runtime, Assignment, patient_id=patient.id).navigator_id == world.dana.id
    need = one(runtime, Need, patient_id=patient.id)
    assert (need.subneed, need.source, need.details) == (
        "food_pantry",
        NeedSource.PATIENT,
        "Necesito comida para mis hijos",
    )
    assert one(runtime, Note, patient_id=patient.id).body == "Necesito comida para mis hijos"
    texting = one(runtime, TextingConsent, patient_id=patient.id)
    assert (texting.how, texting.wording, texting.wording_version) == ("page", AGREED["text"], intake.WORDING)
    consent = one(runtime, Consent, patient_id=patient.id)
    assert (consent.method.value, consent.wording_version, consent.language) == ("patient_page", intake.WORDING, "es")
    assert one(runtime, ConsentRecipient, consent_id=consent.id).domain == "nutrition"
    assert one(runtime, WorklistItem, patient_id=patient.id).why is WhyCode.SELF_REFERRED
    row = one(runtime, Intake, id=request)
    assert (row.state, row.patient_id, row.decided_by) == (IntakeState.TAKEN, patient.id, world.dana.id)
    assert {one.purpose for one in rows(runtime, Message)} == {"welcome"}


def test_what_was_not_agreed_to_is_not_recorded_and_no_text_goes_out(runtime, dana, queued):
    take(dana, queued())
    patient = one(runtime, Intake).patient_id
    with runtime.database.reading(system()) as session:
        assert session.scalars(select(TextingConsent).filter_by(patient_id=patient)).all() == []
        assert session.scalars(select(Consent).filter_by(patient_id=patient)).all() == []
    assert rows(runtime, Message) == []


def test_a_yes_on_a_public_form_never_lifts_a_stop(runtime, dana, queued, clock):
    with runtime.database.writing(system()) as session, session.begin():
        suppression.suppress(session, phone_index("+15135550171"), SuppressionWhy.WRONG_NUMBER, clock())
    take(dana, queued(may_text=True, agreed=AGREED))
    with runtime.database.reading(system()) as session:
        assert suppression.open_suppression(session, phone_index("+15135550171")) is not None
    assert rows(runtime, Message) == []


def test_a_patient_with_the_same_phone_is_shown_and_the_person_decides(runtime, dana, queued, world):
    request = queued(name="Rosa M", phone="513-555-0148")
    page = dana.get(f"/intake/{request}")
    (match,) = [one for one in page.tree.all("label") if "Rosa Martinez" in one.text]
    assert "same phone" in match.text
    assert not any("checked" in one.attrs for one in page.tree.all("input", name="patient"))
    dana.submit(page.form("/take-up"), expect=422)
    before = len(rows(runtime, Patient))
    taken = dana.submit(page.form("/take-up"), patient=str(world.rosa.id), subneed="food_pantry")
    assert taken.path == f"/patients/{world.rosa.id}"
    assert len(rows(runtime, Patient)) == before
    assert one(runtime, Patient, id=world.rosa.id).first_name == "Rosa"
    assert len([need for need in rows(runtime, Need) if need.patient_id == world.rosa.id]) == 1


def test_the_same_name_is_a_match_too_and_a_new_patient_may_be_chosen_all_the_same(runtime, dana, queued):
    request = queued(name="rosa martínez")
    page = dana.get(f"/intake/{request}")
    assert "same name" in page.text
    before = len(rows(runtime, Patient))
    dana.submit(page.form("/take-up"), patient="new")
    assert len(rows(runtime, Patient)) == before + 1


def test_a_question_about_one_place_becomes_a_draft_that_only_a_navigator_sends(runtime, dana, queued, world):
    key = ListingKey(world.food_bank.service.id, world.food_bank.location.id)
    take(dana, queued(listing=key, words="", subneed="", may_share=True, agreed=AGREED))
    patient_id = one(runtime, Intake).patient_id
    referral = one(runtime, Referral)
    assert (referral.state, referral.service_id, referral.batch_id) == (ReferralState.DRAFT, key.service_id, None)
    assert one(runtime, ConsentRecipient, organization_id=world.food_bank.organization.id)
    assert rows(runtime, Message) == []
    dana.get(f"/patients/{patient_id}")
    compose = dana.get(f"/patients/{patient_id}/send?listing={key}")
    dana.submit(compose.form(f"/patients/{patient_id}/send"))
    (sent,) = rows(runtime, Referral)
    assert sent.id == referral.id
    assert sent.batch_id is not None


def test_a_need_that_is_not_clear_makes_a_patient_without_one(runtime, dana, queued):
    take(dana, queued(subneed=""), subneed="")
    patient_id = one(runtime, Intake).patient_id
    assert [need for need in rows(runtime, Need) if need.patient_id == patient_id] == []
    assert one(runtime, Note, patient_id=patient_id)


def test_danger_makes_the_need_urgent_and_the_call_due_today(runtime, dana, queued, clock):
    take(dana, queued(danger=("no_shelter",), subneed="emergency_shelter", words="no place tonight"))
    patient_id = one(runtime, Intake).patient_id
    assert one(runtime, Need, patient_id=patient_id).urgency is Priority.URGENT
    assert (one(runtime, WorklistItem, patient_id=patient_id).due_at - clock()).days == 0


@pytest.mark.parametrize("subneed", ["dv_safety", "counseling", "detox"])
def test_a_form_on_a_public_page_is_no_consent_for_sensitive_needs(runtime, dana, queued, subneed):
    take(dana, queued(subneed=subneed, may_share=True, agreed=AGREED), subneed=subneed)
    patient_id = one(runtime, Intake).patient_id
    assert [row for row in rows(runtime, Consent) if row.patient_id == patient_id] == []
    facts = one(runtime, WorklistItem, patient_id=patient_id).facts
    assert subneed not in str(facts)


@pytest.mark.parametrize(
    ("answer", "why", "state"),
    [("no", "not_our_area", IntakeState.ANSWERED), ("duplicate", "", IntakeState.DUPLICATE),
     ("not-real", "", IntakeState.NOT_REAL)],
)  # fmt: skip
def test_every_no_leaves_the_queue_and_can_be_undone(runtime, dana, queued, answer, why, state):
    request = queued()
    page = dana.submit(dana.get(f"/intake/{request}").form("/no"), answer=answer, why=why)
    assert one(runtime, Intake, id=request).state is state
    assert "Nobody waits" in page.text
    toast = page.form(f"/intake/{request}/put-back")
    dana.submit(toast)
    row = one(runtime, Intake, id=request)
    assert (row.state, row.decided_at, row.decided_why) == (IntakeState.NEW, None, None)
    assert {one.action for one in rows(runtime, AuditEvent)} >= {
        "intake.asked", "intake.read", "intake.list", "intake.refuse", "intake.put_back",
    }  # fmt: skip


def test_a_no_without_a_reason_is_asked_again(runtime, dana, queued):
    request = queued()
    dana.submit(dana.get(f"/intake/{request}").form("/no"), answer="no", why="", expect=422)
    dana.submit(dana.get(f"/intake/{request}").form("/no"), answer="'; DROP", expect=422)
    assert one(runtime, Intake, id=request).state is IntakeState.NEW


def test_two_people_at_once_make_one_patient(runtime, dana, queued):
    request = queued()
    form = dana.get(f"/intake/{request}").form("/take-up")
    before = len(rows(runtime, Patient))
    first = dana.submit(form)
    second = dana.submit(form)
    assert first.path == second.path
    assert len(rows(runtime, Patient)) == before + 1
    refused = dana.post(f"/intake/{request}/no", {"answer": "not-real"})
    assert "Somebody was faster" in refused.text
    assert one(runtime, Intake, id=request).state is IntakeState.TAKEN


def test_other_care_organizations_and_other_roles_see_nothing(runtime, dana, queued, staff, another):
    request = queued()
    stranger = another()
    stranger.be(staff.stranger)
    stranger.get(f"/intake/{request}", expect=404)
    assert "Lucia" not in stranger.get("/intake").html
    for role in (Role.AGENCY_WORKER, Role.CURATOR, Role.AUDITOR):
        other = another()
        other.be(staff[role])
        other.get("/intake", expect=403)
    assert another().get("/intake", expect=303).response.headers["Location"].startswith("/login")


def test_a_care_administrator_switches_requests_on_and_off(runtime, staff, browser, another):
    browser.be(staff[Role.CARE_ADMIN])
    form = browser.get("/intake").form("/intake/settings")
    assert "Requests are off." in browser.get("/intake").text
    browser.submit(form, on="on", areas="452, 45011")
    with runtime.database.reading(system()) as session:
        (taker,) = takers.takers(session)
    assert (taker.org_id, taker.areas) == (staff.care.id, ("45011", "452"))
    assert another().get("/search").links()["Ask a care team for help"] == "/ask"
    wrong = browser.submit(form, on="on", areas="45", expect=422)
    assert wrong.tree.all("input", id="areas")[0].attrs["value"] == "45"
    browser.post("/intake/settings", {"csrf_token": form.values()["csrf_token"], "areas": ""})
    assert "Ask a care team for help" not in another().get("/search").links()


def test_a_navigator_cannot_switch(dana, queued):
    queued()
    assert "/intake/settings" not in dana.get("/intake").html
    dana.post("/intake/settings", {"on": "on"}, expect=403)


def test_the_queue_asks_the_database_as_often_for_fifty_as_for_one(runtime, dana, queued, world):
    key = ListingKey(world.food_bank.service.id, world.food_bank.location.id)
    queued(listing=key)
    dana.get("/intake")
    few = asked(runtime, dana)
    for number in range(49):
        queued(name=f"Person {number}", phone=f"513-555-01{number:02}", listing=key)
    assert asked(runtime, dana) == few


def test_a_listing_of_ours_is_named_in_the_queue(dana, queued, runtime, world, clock):
    with runtime.database.writing(system()) as session, session.begin():
        made = factories.make_listing(session, now=clock(), name="Elm Street Food Shelf", needs=["food_pantry"])
        key = ListingKey(made.service.id, made.location.id)
    queued(listing=key)
    assert "Asks about Elm Street Food Shelf" in dana.get("/intake").text
