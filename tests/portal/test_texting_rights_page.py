"""Consent to text on the patient's page: its history and words, a held number, a phone that could not be reached."""

import pytest

from messaging import phone, suppression
from messaging.inbound import IncomingText, receive
from referrals import texting
from resources_db.models.messages import SmsHold
from resources_db.models.people import Patient
from resources_db.models.referrals import WorklistItem
from resources_db.tenancy import system
from resources_db.vocab import SuppressionWhy
from tests.portal.caseload_world import rows

ROSA = "+15135550148"


def writes(runtime, words):
    """Rosa's phone sends a text."""
    with runtime.database.writing(system()) as session, session.begin():
        text = IncomingText(sid=f"SM{words}", sender=ROSA, to="+15135550100", body=words)
        receive(runtime.messenger, session, text, runtime.clock.now())


def change(runtime, act):
    with runtime.database.writing(system()) as session, session.begin():
        act(session)


def test_the_patients_page_shows_what_was_agreed_by_whom_and_in_which_words(dana, world):
    page = dana.get(f"/patients/{world.rosa.id}")
    assert "Agreed to texts, spoken" in page.text
    assert f"wording {texting.WORDING}" in page.text
    [wording] = [one for one in page.tree.all("blockquote") if "STOP" in one.text]
    assert (wording.attrs["lang"], wording.text) == ("es", texting.script("es", "+15135550142"))


def test_withdrawing_and_agreeing_again_both_stay_on_the_page(dana, world):
    page = dana.get(f"/patients/{world.rosa.id}")
    page = dana.submit(page.form("/texts/stop"))
    assert "The patient told a care team: no more texts." in page.text
    form = dana.get(f"/patients/{world.rosa.id}/consent").form("/consent")
    page = dana.submit(form, texts="y", witness="Dana", method="verbal")
    for words in (
        "No more texts, told to a care team",
        "The agreement was taken back",
        "A new agreement ended the stop",
    ):
        assert words in page.text
    assert page.text.count("Agreed to texts, spoken") == 2
    assert "By Dana Cole" in page.text


@pytest.mark.bad_input(12)
def test_stop_and_start_from_the_phone_are_told_on_the_page(dana, world, runtime, clock):
    writes(runtime, "STOP")
    page = dana.get(f"/patients/{world.rosa.id}")
    assert "Only START from that phone brings them back" in page.text
    clock.forward(minutes=1)
    writes(runtime, "START")
    page = dana.get(f"/patients/{world.rosa.id}")
    for words in ("STOP came from this phone", "START came from this phone"):
        assert words in page.text


@pytest.mark.bad_input(10)
@pytest.mark.parametrize(("decision", "stopped"), [("stop", True), ("go_on", False)])
def test_what_may_mean_stop_is_read_and_decided_on_the_page(dana, world, runtime, decision, stopped):
    writes(runtime, "please leave me alone")
    today = dana.get("/today")
    assert today.links()["Read and decide"] == f"/patients/{world.rosa.id}#consent"
    page = dana.get(f"/patients/{world.rosa.id}")
    assert "please leave me alone" in page.text
    assert "Nothing is sent to this number until you decide." in page.text
    page = dana.submit(page.form("/texts/decide"), decision=decision)
    [hold] = rows(runtime, SmsHold)
    assert (hold.decided, hold.released_by) == (decision, world.dana.id)
    with runtime.database.reading(system()) as session:
        assert (suppression.open_suppression(session, phone.index(ROSA)) is not None) is stopped
    assert not [item for item in rows(runtime, WorklistItem) if item.done_at is None and item.why == "may_want_stop"]
    assert "Read by a person" in page.text


def test_a_held_number_is_not_done_before_somebody_has_decided(dana, world, runtime):
    writes(runtime, "please leave me alone")
    (item,) = rows(runtime, WorklistItem)
    page = dana.submit(dana.get("/today").form(f"/today/{item.id}"), do="done")
    assert "Open the patient first and decide" in page.text
    assert [item.done_at for item in rows(runtime, WorklistItem)] == [None]


def test_danger_is_called_by_its_name_on_the_list(dana, world, runtime):
    writes(runtime, "I want to die")
    assert "Rosa may be in danger. Call now" in dana.get("/today").text


@pytest.mark.bad_input(16)
def test_a_phone_that_could_not_be_reached_can_be_tried_again_and_a_landline_not(dana, world, runtime):
    change(runtime, lambda session: setattr(session.get(Patient, world.rosa.id), "phone_flag", "unreachable"))
    page = dana.get(f"/patients/{world.rosa.id}")
    assert "This phone could not be reached" in page.text
    page = dana.submit(page.form("/texts/again"))
    assert "could not be reached" not in page.text
    change(runtime, lambda session: setattr(session.get(Patient, world.rosa.id), "phone_flag", "not_mobile"))
    page = dana.get(f"/patients/{world.rosa.id}")
    assert "This number is a landline" in page.text
    assert not [form for form in page.forms if "/texts/again" in form.action]


def test_a_decision_that_is_none_is_refused(dana, world):
    dana.post(f"/patients/{world.rosa.id}/texts/decide", {"decision": "maybe"}, expect=400)


@pytest.mark.parametrize("why", list(SuppressionWhy))
def test_every_kind_of_stop_has_its_words(dana, world, runtime, why):
    change(runtime, lambda session: suppression.suppress(session, phone.index(ROSA), why, runtime.clock.now()))
    page = dana.get(f"/patients/{world.rosa.id}")
    from portal.caseload.texting_words import HAPPENED, STOPPED
    from referrals.texting_past import What

    assert str(STOPPED[why]) in page.text
    assert str(HAPPENED[What.STOPPED, why]) in page.text


@pytest.mark.bad_input(17)
def test_the_time_zone_of_a_patient_can_be_written_down_and_taken_back(dana, world, runtime):
    edit = f"/patients/{world.rosa.id}/edit"
    dana.submit(dana.get(edit).form("/edit"), timezone="America/Denver")
    assert [one.timezone for one in rows(runtime, Patient) if one.id == world.rosa.id] == ["America/Denver"]
    form = dana.get(edit).form("/edit")
    assert form.values()["timezone"] == "America/Denver"
    dana.submit(form, timezone="")
    assert [one.timezone for one in rows(runtime, Patient) if one.id == world.rosa.id] == [None]
    dana.submit(dana.get(edit).form("/edit"), timezone="Mars/Base", expect=422)


def test_an_imported_zone_that_is_not_on_the_list_stays(dana, world, runtime):
    change(runtime, lambda session: setattr(session.get(Patient, world.rosa.id), "timezone", "America/Boise"))
    dana.submit(dana.get(f"/patients/{world.rosa.id}/edit").form("/edit"))
    assert [one.timezone for one in rows(runtime, Patient) if one.id == world.rosa.id] == ["America/Boise"]
