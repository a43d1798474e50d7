"""The administrator sees how texts are doing, checks what real ones need, sends a test, and lets a pause end."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from messaging import going_live, pauses
from messaging.going_live import Finding, Grade, Step
from resources_db.models.access import AuditEvent
from resources_db.models.messages import Message, QueuePause
from resources_db.tenancy import system
from resources_db.vocab import Role

FOUND = (
    Finding(Step.ADDRESS, Grade.GOOD, "https://hndrl.example"),
    Finding(Step.ACCOUNT, Grade.LOOK, "Trial"),
    Finding(Step.SERVICE, Grade.BAD, "20404"),
    Finding(Step.SENDERS, Grade.SKIPPED),
    Finding(Step.INBOUND, Grade.BAD, "https://old.example/sms"),
    Finding(Step.CAMPAIGN, Grade.BAD, "IN_PROGRESS"),
    Finding(Step.WEBHOOK, Grade.BAD, "signature_refused"),
    Finding(Step.SPENT, Grade.GOOD, "1200 9.96 USD"),
)


@pytest.fixture
def admin(browser, staff):
    browser.be(staff[Role.CARE_ADMIN])
    return browser


@pytest.fixture
def paused(runtime, now):
    with runtime.database.writing(system()) as session, session.begin():
        pauses.pause(session, "20003", now)
    runtime.pause.forget()  # as ten seconds later


def test_a_quiet_house_says_so(admin):
    page = admin.get("/admin/texting")
    assert "No alarm." in page.text
    assert "Nothing to measure yet." in page.text


def test_the_checklist_tells_each_step_and_what_to_do(admin, monkeypatch):
    monkeypatch.setattr(going_live, "look", lambda _settings, **_how: FOUND)
    page = admin.submit(admin.get("/admin/texting").form("/admin/texting/check"))
    for words in (
        "trial account", "TWILIO_MESSAGING_SERVICE_SID", "Not looked at", "/sms/inbound", "IN_PROGRESS",
        "HANDRAIL_PUBLIC_URL and TWILIO_AUTH_TOKEN", "1,200 segments, $9.96", "Looked at on",
    ):  # fmt: skip
        assert words in page.text, words


def test_a_test_text_goes_by_the_outbox_to_the_number_typed(admin, runtime, staff):
    page = admin.submit(admin.get("/admin/texting").form("/admin/texting/test"), phone="513-555-0148")
    assert "The last one: waits." in page.text
    with runtime.database.reading(system()) as session:
        sent = session.scalars(select(Message)).one()
    assert (sent.to, sent.purpose, sent.org_id) == ("+15135550148", "test", staff.care.id)
    assert "This is a test" in sent.body


@pytest.mark.parametrize("typed", ["", "911", "not a number", "+44 20 7946 0000"])
def test_a_number_that_gets_no_texts_is_refused_beside_the_box_and_kept(admin, runtime, typed):
    page = admin.submit(admin.get("/admin/texting").form("/admin/texting/test"), phone=typed, expect=422)
    assert page.status == 422
    assert "Type the 10 digits of a cell phone." in page.text
    assert page.form("/admin/texting/test").values()["phone"] == typed
    with runtime.database.reading(system()) as session:
        assert session.scalars(select(Message)).all() == []


def test_a_pause_stands_on_every_staff_page_until_somebody_lets_it_end(admin, paused, runtime, staff):
    admin.be(staff[Role.NAVIGATOR])
    assert "Texts wait." in admin.get("/today").text
    admin.be(staff[Role.CARE_ADMIN])
    page = admin.get("/admin/texting")
    assert "The provider refuses our account or its secret." in page.text
    page = admin.submit(page.form("/admin/texting/go-on"))
    assert "No alarm." in page.text
    assert "Texts wait." not in page.text
    with runtime.database.reading(system()) as session:
        assert session.scalars(select(QueuePause)).one().lifted_by == staff[Role.CARE_ADMIN].id
        assert session.scalars(select(AuditEvent).where(AuditEvent.action == "texting.go_on")).one()


def test_a_pause_that_ended_meanwhile_ends_only_once(admin, runtime, paused, now):
    page = admin.get("/admin/texting")
    with runtime.database.writing(system()) as session, session.begin():
        pauses.lift(session, None, now)
    admin.submit(page.form("/admin/texting/go-on"))
    with runtime.database.reading(system()) as session:
        assert session.scalars(select(AuditEvent).where(AuditEvent.action == "texting.go_on")).all() == []


@pytest.mark.parametrize("role", [Role.DIRECTORY_ADMIN, Role.AGENCY_ADMIN])
def test_who_may_read_the_state_only_has_no_buttons(browser, staff, paused, role):
    browser.be(staff[role])
    page = browser.get("/admin/texting")
    assert "Sending is paused." in page.text
    assert "/admin/texting/check" not in page.html
    assert "/admin/texting/go-on" not in page.html


def test_what_a_text_costs_is_told_where_one_is_written_once_somebody_looked(admin, monkeypatch, runtime, app):
    def cost():
        with app.test_request_context():
            return runtime.price.about(runtime, 2)

    assert cost() == ""
    monkeypatch.setattr(going_live, "look", lambda _settings, **_how: FOUND)
    admin.submit(admin.get("/admin/texting").form("/admin/texting/check"))
    assert cost() == "about 1.7 cents"


def test_a_page_does_not_fail_because_a_pause_or_a_price_cannot_be_read(runtime, monkeypatch):
    """A line beside what somebody is working on never costs the page."""

    def gone(*_who):
        raise OperationalError("SELECT 1", {}, Exception())

    monkeypatch.setattr(runtime.database, "reading", gone)
    runtime.pause.forget()
    runtime.price.forget()
    assert (runtime.pause.now(runtime), runtime.price.about(runtime, 1)) == (False, "")
