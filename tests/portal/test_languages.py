"""A draft language is off until an administrator names who has read it; then patients get it, until it is switched off."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from i18n import catalog, locales
from messaging import inbound
from messaging.inbound import IncomingText
from portal import languages, wiring
from portal.admin import text_samples
from referrals import texts
from referrals.texts import Sender, Values
from resources_db import audit
from resources_db import languages as switches
from resources_db.models.access import AuditEvent
from resources_db.models.languages import LanguageSwitch
from resources_db.models.messages import Message
from resources_db.models.people import Patient
from resources_db.tenancy import system
from resources_db.vocab import Purpose, Role
from tests.portal.caseload_world import rows, send_form

DRAFTS = [code for code, one in locales.LANGUAGES.items() if one.status is locales.CatalogState.DRAFT]
DANA = Sender("Riverside Care", "Dana", "+15135550142")
READER = "Minh Pham, certified translator"


@pytest.fixture
def admin(browser, staff):
    browser.be(staff[Role.CARE_ADMIN])
    return browser


def text_in(code):
    return texts.render(Purpose.REFERRAL, code, DANA, Values(link="https://h.example/r/abc"))


def switch_on(browser, code, reader=READER):
    page = browser.get(f"/admin/languages/{code}")
    return browser.submit(page.form("/on"), reader=reader)


def test_every_draft_is_off_at_first_and_the_list_says_so(admin):
    page = admin.get("/admin/languages")
    assert page.text.count("Off, draft") == len(DRAFTS)
    assert page.text.count("Always on") == 2
    assert text_in("vi").language == "en"


def test_after_it_was_read_and_switched_on_its_patients_get_it(admin):
    page = switch_on(admin, "vi")
    assert "Vietnamese is on." in page.text
    text = text_in("vi")
    assert text.language == "vi"
    assert "Đây là sự giúp đỡ" in text.body


def test_the_list_says_who_read_it_who_switched_it_on_and_when(admin):
    switch_on(admin, "vi")
    page = admin.get("/admin/languages")
    assert f"Nov 23, 2026: switched on by care_admin person, read by {READER}" in page.text
    assert READER in admin.get("/admin/languages/vi").text


def test_without_a_reader_it_stays_off_and_says_why(admin):
    page = admin.get("/admin/languages/ko")
    answer = admin.submit(page.form("/on"), reader="   ", expect=422)
    assert "Write down who has read the texts." in answer.text
    assert text_in("ko").language == "en"


def test_it_can_be_switched_off_again_and_the_past_stays_readable(admin, runtime):
    switch_on(admin, "ht")
    page = admin.submit(admin.get("/admin/languages/ht").form("/off"))
    assert "Haitian Creole is off." in page.text
    assert text_in("ht").language == "en"
    past = admin.get("/admin/languages/ht").text
    assert f"switched on by care_admin person, read by {READER}" in past
    assert "switched off by care_admin person" in past
    assert [one.switched_on for one in sorted(rows(runtime, LanguageSwitch), key=lambda one: one.number)] == [
        True,
        False,
    ]


def test_each_change_is_in_the_audit_trail(admin, runtime):
    switch_on(admin, "ar")
    admin.submit(admin.get("/admin/languages/ar").form("/off"))
    with runtime.database.reading(system()) as session:
        trail = session.scalars(select(AuditEvent).where(AuditEvent.subject_kind == "language")).all()
        assert sorted((row.action, row.subject_id) for row in trail) == [("language.off", "ar"), ("language.on", "ar")]
        assert audit.verify(session) == []


def test_a_second_press_changes_nothing(admin, runtime):
    form = admin.get("/admin/languages/ru").form("/on")
    for _ in range(2):
        admin.post(form.action, {**form.values(), "reader": READER})
    assert len(rows(runtime, LanguageSwitch)) == 1


def test_a_switch_cannot_be_rewritten_in_the_database(admin, runtime):
    switch_on(admin, "fr")
    with runtime.database.writing(system()) as session:
        row = session.scalars(select(LanguageSwitch)).one()
        row.reader = "Nobody"
        with pytest.raises(Exception, match="append-only"):
            session.flush()


def test_another_process_learns_of_it(admin, settings):
    switch_on(admin, "fil")
    catalog.switch_on(())
    other = wiring.build(settings)
    try:
        languages.refresh(other)
        assert text_in("fil").language == "fil"
    finally:
        other.close()


def test_a_database_that_does_not_answer_changes_nothing(runtime):
    catalog.switch_on({"vi"})
    with runtime.database.engine.begin() as connection:
        LanguageSwitch.__table__.drop(connection)
    languages.refresh_now(runtime)
    assert text_in("vi").language == "vi"


def test_only_administrators_of_care_and_site_may_switch(another, staff):
    for role in (Role.NAVIGATOR, Role.SUPERVISOR, Role.AUDITOR, Role.AGENCY_ADMIN, Role.CURATOR):
        browser = another()
        browser.be(staff[role])
        browser.get("/admin/languages", expect=403)
        token = browser.token("/account")
        browser.post("/admin/languages/vi/on", {"reader": READER, "csrf_token": token}, expect=403, follow=False)
    assert text_in("vi").language == "en"


def test_a_language_without_words_has_no_page_and_a_complete_one_no_switch(admin):
    token = admin.token("/admin/languages/vi")
    for code in ("en", "pl", "yi", "xx", "VI"):
        admin.get(f"/admin/languages/{code}", expect=404)
        admin.post(f"/admin/languages/{code}/on", {"reader": READER, "csrf_token": token}, expect=404)
    admin.post("/admin/languages/es/off", {"csrf_token": token}, expect=404)


def test_a_complete_language_has_no_switch(admin):
    page = admin.get("/admin/languages/es")
    assert "Always on" in page.text
    assert not [form for form in page.tree.all("form") if "/admin/languages/" in form.attrs.get("action", "")]


def test_every_text_is_shown_in_its_language_and_direction_beside_the_english(admin):
    for code in [*DRAFTS, "es"]:
        page = admin.get(f"/admin/languages/{code}")
        language = locales.get(code)
        facts = page.tree.all("span", **{"class": "fact"})
        samples = text_samples.of(code).texts
        assert [one.text for one in facts] == [" ".join(one.body.split()) for one in samples]
        assert {one.attrs["lang"] for one in facts} == {language.tag}
        assert {cell.attrs["dir"] for cell in page.tree.all("td", lang=language.tag)} == {language.direction}
        assert all(one.fits for one in samples)


def test_a_page_in_a_draft_language_is_offered_to_patients_only(admin):
    switch_on(admin, "ar")
    assert admin.get("/admin?l=ar").tree.all("html")[0].attrs["lang"] == "en"


def test_the_send_page_says_before_sending_that_the_language_is_off(dana, world, runtime):
    _prefer(runtime, world, "ko")
    page, _form = send_form(dana, world)
    assert "We have no texts in Korean that are switched on. This one goes out in English." in page.text
    assert "Here is the help you asked for" in page.text


def test_the_send_page_speaks_the_language_once_it_is_on(dana, world, runtime):
    _prefer(runtime, world, "ko")
    with runtime.database.writing(system()) as session, session.begin():
        switches.switch_on(session, "ko", READER, runtime.clock.now())
    languages.refresh_now(runtime)
    page, _form = send_form(dana, world)
    assert "요청하신 도움입니다" in page.text
    assert "2 segments, UCS-2" in page.text
    assert "We have no texts" not in page.text


def test_who_prefers_mam_gets_spanish(dana, world, runtime):
    _prefer(runtime, world, "mam")
    page, _form = send_form(dana, world)
    assert "We have no texts in Mam that are switched on. This one goes out in Spanish." in page.text


def _prefer(runtime, world, code):
    with runtime.database.writing(system()) as session, session.begin():
        session.get_one(Patient, world.rosa.id).language = code


@pytest.mark.parametrize(("on", "language"), [((), "en"), (("zh_Hans",), "zh_Hans")])
def test_the_answer_to_a_native_stop_word_is_kept_under_the_language_it_is_written_in(
    dana, world, runtime, clock, on, language
):
    catalog.switch_on(on)
    with runtime.database.writing(system()) as session, session.begin():
        text = IncomingText(sid="SM1", sender="+15135550148", to="+15135550100", body="停止")
        inbound.receive(runtime.messenger, session, text, clock())
    [answer] = [one for one in rows(runtime, Message) if one.purpose == Purpose.OPTED_OUT]
    assert answer.lang == language
    assert ("不会再收到" in answer.body) is (language == "zh_Hans")


def test_the_pages_of_agreement_and_conversation_say_it_too_and_call_the_language_by_its_name(dana, world, runtime):
    _prefer(runtime, world, "ko")
    for path in ("consent", "texts"):
        page = dana.get(f"/patients/{world.rosa.id}/{path}")
        assert "We have no texts in Korean that are switched on. Texts go out in English." in page.text
    assert "Texts in English" in dana.get(f"/patients/{world.rosa.id}").text
    catalog.switch_on({"ko"})
    runtime.languages_known_until = float("inf")
    for path in ("consent", "texts"):
        assert "We have no texts" not in dana.get(f"/patients/{world.rosa.id}/{path}").text
    script = dana.get(f"/patients/{world.rosa.id}/consent").tree.all("blockquote")[0]
    assert script.attrs["lang"] == "ko"
