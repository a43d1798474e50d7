"""Dana asks: by keys, on one page, reads what came of it, confirms a code; administrators bring their own questions."""

from __future__ import annotations

import io
import json

import pytest

from referrals import needs
from resources_db.models.access import AuditEvent
from resources_db.models.care import NeedCode, Questionnaire, Screening, ScreeningAnswer
from resources_db.models.people import Need
from resources_db.models.tenants import Org
from resources_db.tenancy import system
from resources_db.vocab import HelpWanted, NeedStatus, Role, ScreeningState
from tests import factories
from tests.pages import Browser
from tests.portal.caseload_world import own_form, rows


def begin(dana, world, way="one", **more):
    return dana.submit(dana.get(f"/patients/{world.rosa.id}/screen").form("/screen"), way=way, **more)


def press(dana, page, **said):
    return dana.submit(own_form(page), **said)


def the_screening(runtime):
    (found,) = rows(runtime, Screening)
    return found


@pytest.fixture
def finished(dana, world, runtime):
    """Food and help with it, a ride and not sure about help."""
    page = begin(dana, world, "all")
    typed = {"q1-choice": "1", "q1-help": "yes", "q2-choice": "1", "q5-choice": "1", "q5-help": "unknown"}
    return press(dana, page, **typed)


def test_one_question_at_a_time_each_answer_is_one_key(dana, world, runtime):
    page = begin(dana, world)
    keys = {one.attrs["data-key"] for one in page.tree.all("button", name="choice")}
    assert keys == {"1", "2"}
    page = press(dana, page, choice="1")
    assert {one.attrs["data-key"] for one in page.tree.all("button", name="help")} == {"1", "2", "3"}
    page = press(dana, page, help="yes")
    assert "2" in page.text
    assert {one.item for one in rows(runtime, ScreeningAnswer)} == {"food"}


def test_questions_are_read_in_her_language_with_the_staffs_beside(dana, world):
    page = begin(dana, world)
    legend = page.tree.all("legend")[0]
    assert legend.all("span", lang="es")
    assert "In the last month" in legend.text


def test_all_on_one_page_keeps_what_was_pressed_and_leaves_the_rest_unasked(finished, runtime):
    assert {one.item for one in rows(runtime, ScreeningAnswer)} == {"food", "home", "rides"}
    assert the_screening(runtime).state is ScreeningState.DONE
    assert finished.path == f"/screenings/{the_screening(runtime).id}"


def test_the_result_tells_answers_needs_and_suggestions_worded_as_such(finished):
    assert "Codes are suggestions for the clinician" in finished.text
    assert "Z59.41" in finished.text
    assert "Food insecurity" in finished.text
    assert "Not sure about help" in finished.text


def test_reading_a_result_is_audited(finished, runtime):
    assert "screening.read" in {one.action for one in rows(runtime, AuditEvent)}


def test_a_code_is_confirmed_by_a_person_and_can_be_taken_back_with_undo(dana, finished, runtime):
    assert rows(runtime, NeedCode) == []
    page = dana.submit(finished.form("/codes"), code="Z59.41")
    (kept,) = rows(runtime, NeedCode)
    assert (kept.code, kept.withdrawn_at) == ("Z59.41", None)
    dana.submit(finished.form("/codes"), code="Z59.41")
    assert len(rows(runtime, NeedCode)) == 1
    page = dana.submit(page.form("/withdraw"))
    assert rows(runtime, NeedCode)[0].withdrawn_at is not None
    dana.post(f"/screenings/{the_screening(runtime).id}/codes/{kept.id}/restore")
    assert len([one for one in rows(runtime, NeedCode) if one.withdrawn_at is None]) == 1


@pytest.mark.parametrize("code", ["Z59.4", "Z59.82", "F32.9", "", "Z59.41'--"])
def test_only_a_suggested_code_can_be_confirmed(dana, finished, runtime, code):
    dana.submit(finished.form("/codes"), code=code, expect=404)
    assert rows(runtime, NeedCode) == []


def test_not_sure_is_asked_again_and_the_answer_of_that_day_stays(dana, finished, runtime):
    dana.submit(finished.form("/wish"), help="no")
    ride = next(one for one in rows(runtime, Need) if needs.subneed_of(one) == "medical_ride")
    assert (ride.help_wanted, ride.status) == (HelpWanted.NO, NeedStatus.NOT_WANTED)
    kept = next(one for one in rows(runtime, ScreeningAnswer) if one.item == "rides")
    assert kept.help_wanted is HelpWanted.UNKNOWN


def test_the_record_lists_what_was_asked(dana, finished, world):
    page = dana.get(f"/patients/{world.rosa.id}")
    assert "2 things came up, help wanted with 1" in page.text
    assert f"/patients/{world.rosa.id}/screen" in page.html


def test_a_finished_screening_cannot_be_answered_any_more(dana, finished, runtime):
    before = {one.item: one.value_enc for one in rows(runtime, ScreeningAnswer)}
    screening_id = the_screening(runtime).id
    for path, form in (("ask", {"n": "1", "choice": "2"}), ("all", {"q1-choice": "2"}), ("finish", {"how": "stop"})):
        assert dana.post(f"/screenings/{screening_id}/{path}", form).path == f"/screenings/{screening_id}"
    assert {one.item: one.value_enc for one in rows(runtime, ScreeningAnswer)} == before
    assert the_screening(runtime).state is ScreeningState.DONE


def test_entered_in_error_needs_a_reason(dana, finished, runtime):
    refused = dana.submit(finished.form("/wrong"), reason=" ", expect=422)
    assert "Say what happened." in refused.text
    page = dana.submit(finished.form("/wrong"), reason="Another Rosa")
    assert "Another Rosa" in page.text
    assert the_screening(runtime).state is ScreeningState.ENTERED_IN_ERROR


def test_a_yes_on_safety_shows_the_numbers_to_staff_at_once(dana, world):
    page = begin(dana, world, "all")
    result = press(dana, page, **{"q10-choice": "1"})
    assert "988" in result.text
    assert "800-799-7233" in result.text


def test_paper_is_in_her_language_and_stores_nothing(dana, world, runtime):
    page = begin(dana, world, "paper")
    assert page.tree.all("html")[0].attrs["lang"] == "es"
    assert rows(runtime, Screening) == []


def test_the_form_without_a_way_comes_back(dana, world, runtime):
    page = dana.get(f"/patients/{world.rosa.id}/screen")
    dana.submit(page.form("/screen"), way="", expect=422)
    dana.submit(page.form("/screen"), way="one", set="https://evil.example|1", expect=404)
    assert rows(runtime, Screening) == []


QUESTIONNAIRE = {
    "resourceType": "Questionnaire",
    "url": "https://clinic.example/Questionnaire/winter",
    "version": "2026",
    "title": "Winter questions",
    "language": "en",
    "copyright": "Riverside Clinic",
    "item": [
        {
            "linkId": "g", "type": "group", "text": "Heating",
            "item": [
                {"linkId": "1", "type": "choice", "text": "Is your home warm?",
                 "_text": {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": [
                     {"url": "lang", "valueCode": "es"}, {"url": "content", "valueString": "¿Su casa está caliente?"}]}]},
                 "answerOption": [{"valueCoding": {"system": "https://clinic.example", "code": "w", "display": "Warm"}},
                                  {"valueCoding": {"system": "https://clinic.example", "code": "c", "display": "Cold"}}]},
                {"linkId": "2", "type": "integer", "text": "How many days was it cold?",
                 "enableWhen": [{"question": "1", "operator": "=", "answerCoding": {"code": "c"}}]},
            ],
        },
        {"linkId": "3", "type": "boolean", "text": "Do you have a heater?"},
    ],
}  # fmt: skip


@pytest.fixture
def admin(app, world, runtime, clock):
    with runtime.database.writing(system()) as session, session.begin():
        org = session.get(Org, world.org.id)
        user = factories.make_user(
            session, org=org, now=clock(), name="Ada Min", email="ada@x.example", role=Role.CARE_ADMIN
        )
        user.demo = True
        session.flush()
        user_id = user.id
    browser = Browser(app)
    browser.be(user_id)
    return browser


def upload(admin, content, note="Letter of the publisher, 2026-11-01", **how):
    form = own_form(admin.get("/admin/questionnaires"))
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return admin.post(form.action, {**form.values(), "license": note, "file": (io.BytesIO(raw), "q.json")}, **how)


def test_a_site_brings_maps_and_retires_its_own_questions(admin, runtime):
    page = upload(admin, QUESTIONNAIRE)
    assert page.path.endswith("/needs")
    admin.submit(own_form(page), **{"need-0-1": "energy_bill"})
    (row,) = rows(runtime, Questionnaire)
    assert row.content["source"] == QUESTIONNAIRE
    assert row.content["needs"] == {"1": {"c": "energy_bill"}}
    listed = admin.get("/admin/questionnaires")
    assert "Winter questions" in listed.text
    assert "Is your home warm?" in admin.get(f"/admin/questionnaires/{row.id}/look").text
    admin.submit(listed.form("/retire"))
    assert rows(runtime, Questionnaire)[0].retired_at is not None
    admin.submit(admin.get("/admin/questionnaires").form("/again"))
    assert rows(runtime, Questionnaire)[0].retired_at is None


@pytest.mark.parametrize(
    ("change", "at", "words"),
    [
        (lambda q: q["item"][1].update(type="attachment"), "item[1].type", "attachment"),
        (lambda q: q["item"][1].update(linkId="1"), "item[1].linkId", "twice"),
        (lambda q: q["item"][0]["item"][0].pop("answerOption"), "item[0].item[0].answerOption", "answerOption"),
        (lambda q: q["item"][0]["item"][0]["answerOption"][0]["valueCoding"].pop("display"), "answerOption[0]", "code"),
        (lambda q: q["item"][0]["item"][1]["enableWhen"][0].update(question="3"), "enableWhen", "not asked before"),
        (lambda q: q["item"][0]["item"][1]["enableWhen"][0].update(operator="~"), "enableWhen[0]", "condition"),
        (lambda q: q.pop("url"), "url", "url"),
        (lambda q: q.update(item=[]), "item", "no question"),
        (lambda q: q.update(item={"linkId": "x"}), "item", "list"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_with_its_place(admin, runtime, change, at, words):
    broken = json.loads(json.dumps(QUESTIONNAIRE))
    change(broken)
    page = upload(admin, broken, expect=422)
    told = page.tree.all("div", id="errors")[0].text
    assert at in told
    assert words in told
    assert "Letter of the publisher" in page.html
    assert rows(runtime, Questionnaire) == []


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b'{"resourceType": "Bundle"}', b"\xff\xfe", b"[" * 100_000,
     b'{"resourceType":"Questionnaire","title":"\\u0000"}', b" " * (256 * 1024 + 1)],
    ids=["empty", "broken", "list", "bundle", "bytes", "deep", "nul", "large"],
)  # fmt: skip
def test_hostile_files_are_refused_in_words(admin, runtime, raw):
    upload(admin, raw, expect=422)
    assert rows(runtime, Questionnaire) == []


def test_a_file_needs_a_licence_note_and_a_version_comes_once(admin, runtime):
    upload(admin, QUESTIONNAIRE, note=" ", expect=422)
    upload(admin, QUESTIONNAIRE)
    page = upload(admin, QUESTIONNAIRE, expect=422)
    assert "This version is here already" in page.text
    assert len(rows(runtime, Questionnaire)) == 1


def test_own_questions_are_asked_like_the_shipped_ones(admin, dana, world, runtime):
    admin.submit(own_form(upload(admin, QUESTIONNAIRE)), **{"need-0-1": "energy_bill"})
    page = begin(dana, world, set="https://clinic.example/Questionnaire/winter|2026")
    assert "¿Su casa está caliente?" in page.text
    page = press(dana, page, choice="2")
    page = press(dana, page, help="yes")
    refused = dana.submit(own_form(page), words="many", expect=422)
    page = press(dana, refused, words="5")
    page = press(dana, page, choice="1")
    dana.submit(page.form("/finish"))
    kept = {one.item: json.loads(one.value) for one in rows(runtime, ScreeningAnswer)}
    assert kept["1"] == [{"valueCoding": {"system": "https://clinic.example", "code": "c", "display": "Cold"}}]
    assert kept["2"] == [{"valueInteger": 5}]
    assert kept["3"] == [{"valueBoolean": True}]
    assert "energy_bill" in {needs.subneed_of(one) for one in rows(runtime, Need)}


def test_a_need_that_does_not_exist_is_not_mapped(admin, runtime):
    page = upload(admin, QUESTIONNAIRE)
    admin.submit(own_form(page), expect=422, **{"need-0-1": "gold"})
    assert rows(runtime, Questionnaire)[0].content["needs"] == {}


def test_another_organization_sees_neither_answers_nor_questions(admin, dana, finished, world, app, staff, runtime):
    upload(admin, QUESTIONNAIRE)
    (questionnaire,) = rows(runtime, Questionnaire)
    (screening,) = rows(runtime, Screening)
    stranger = Browser(app)
    stranger.be(staff[Role.SUPERVISOR])
    for path in (f"/screenings/{screening.id}", f"/screenings/{screening.id}/ask", f"/patients/{world.rosa.id}/screen"):
        stranger.get(path, expect=404)
    foreign = Browser(app)
    foreign.be(staff.stranger)
    foreign.get(f"/admin/questionnaires/{questionnaire.id}/look", expect=404)
    assert "Winter questions" not in foreign.get("/admin/questionnaires").text
