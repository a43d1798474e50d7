"""What the provider calls: signed or refused, once or ten times, STOP before anything else."""

from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from messaging import inbound, outbox, phone, suppression
from messaging.hooks import Hooks
from messaging.twilio_transport import signature
from portal.sms.carrier import inbound_form, status_form
from portal.sms.phone_store import IN
from resources_db.base import new_id
from resources_db.models.messages import InboundMessage, Message, SmsHold, UnmatchedReport
from resources_db.tenancy import system
from resources_db.vocab import MessageState
from tests import factories

ROSA = "+15135550148"


@pytest.fixture
def riverside(runtime, clock):
    with runtime.database.writing(system()) as session, session.begin():
        return factories.cast(session, clock())


@pytest.fixture
def provider(app, runtime):
    """Calls the webhooks as the provider does."""

    class Provider:
        def __init__(self):
            self.settings = runtime.messenger.settings
            self.client = app.test_client()

        def call(self, path, form, *, signed_as=None, body=None, **headers):
            address = self.settings.public_url + (signed_as or path)
            sign = signature(self.settings.auth_token, address, form)
            return self.client.post(path, data=body or form, headers={"X-Twilio-Signature": sign, **headers})

        def text(self, body, sid=None):
            company = runtime.phone_company
            text = company.store.add_text(
                direction=IN,
                sender=ROSA,
                receiver="+15135550100",
                body=body,
                status="received",
                now=runtime.clock.now(),
                shown=runtime.clock.now(),
            )
            form = inbound_form(company.account, text)
            return self.call("/sms/inbound", form | ({"MessageSid": sid} if sid else {}))

    return Provider()


def rows(runtime, model):
    with runtime.database.reading(system()) as session:
        return session.scalars(select(model)).all()


def replies(runtime):
    with runtime.database.reading(system()) as session:
        return [
            (one.purpose, one.lang, one.body) for one in session.scalars(select(Message).order_by(Message.created_at))
        ]


def promise(runtime, riverside, clock, key="k"):
    with runtime.database.writing(system()) as session, session.begin():
        return outbox.enqueue_text(
            session,
            org_id=riverside.org.id,
            to=ROSA,
            body="hola",
            lang="es",
            purpose="referral",
            subject_kind="referral",
            subject_id=new_id(),
            dedupe_key=key,
            now=clock(),
        )


@pytest.mark.bad_input(18)
@pytest.mark.parametrize("change", ["none", "wrong", "extra", "http", "json", "query"])
def test_a_call_that_is_not_truly_signed_is_refused_and_leaves_nothing(provider, runtime, riverside, change):
    form = {"MessageSid": "SM1", "From": ROSA, "To": "+15135550100", "Body": "STOP"}
    url = provider.settings.public_url + "/sms/inbound"
    good = signature(provider.settings.auth_token, url, form)
    calls = {
        "none": lambda: provider.client.post("/sms/inbound", data=form),
        "wrong": lambda: provider.client.post("/sms/inbound", data=form, headers={"X-Twilio-Signature": "x"}),
        "extra": lambda: provider.client.post(
            "/sms/inbound", data=form | {"Extra": "1"}, headers={"X-Twilio-Signature": good}
        ),
        "http": lambda: provider.client.post(
            "/sms/inbound",
            data=form,
            headers={
                "X-Twilio-Signature": signature(provider.settings.auth_token, "http://other.example/sms/inbound", form)
            },
        ),
        "json": lambda: provider.client.post("/sms/inbound", json=form, headers={"X-Twilio-Signature": good}),
        "query": lambda: provider.client.post("/sms/inbound?a=1", data=form, headers={"X-Twilio-Signature": good}),
    }
    assert calls[change]().status_code == 403
    assert rows(runtime, InboundMessage) == []


@pytest.mark.bad_input(24)
def test_a_huge_body_is_refused_unread(provider):
    assert provider.call("/sms/inbound", {"Body": "x" * 70_000, "MessageSid": "SM1", "From": ROSA}).status_code == 413


def test_a_report_with_its_token_moves_the_message(provider, runtime, riverside, clock):
    message = promise(runtime, riverside, clock)
    text = runtime.phone_company.accept(to=ROSA, body="hola", callback="")
    path = "/sms/status?" + urlencode({"t": message.token, "a": "1"})
    for status in ("delivered", "sent", "delivered"):
        assert provider.call(path, status_form(runtime.phone_company.account, text, status)).status_code == 204
    [row] = rows(runtime, Message)
    assert (row.state, row.sid) == (MessageState.DELIVERED, text.sid)


@pytest.mark.bad_input(22)
def test_a_report_nobody_knows_is_kept_and_answered(provider, runtime):
    form = {"MessageSid": "SM1", "MessageStatus": "sent"}
    assert provider.call("/sms/status?t=nobody&a=1", form).status_code == 204
    assert len(rows(runtime, UnmatchedReport)) == 1


def test_stop_binds_at_once_takes_waiting_texts_back_and_is_confirmed_once(provider, runtime, riverside, clock):
    message = promise(runtime, riverside, clock)
    assert provider.text("STOP").status_code == 200
    provider.text("Stop.")
    with runtime.database.reading(system()) as session:
        assert suppression.open_suppression(session, phone.index(ROSA)) is not None
        assert session.get(Message, message.id).state is MessageState.SUPPRESSED
    assert [purpose for purpose, _lang, _body in replies(runtime)][1:] == ["opted_out"]


def test_start_lifts_what_stop_did_and_yes_does_not(provider, runtime, riverside):
    for word, open_ in (("ALTO", True), ("sí", True), ("START", False)):
        provider.text(word)
        with runtime.database.reading(system()) as session:
            assert (suppression.open_suppression(session, phone.index(ROSA)) is not None) is open_


@pytest.mark.bad_input(23)
def test_the_same_incoming_text_twice_is_one(provider, runtime, riverside):
    provider.text("hola", sid="SM" + "1" * 32)
    provider.text("hola", sid="SM" + "1" * 32)
    assert len(rows(runtime, InboundMessage)) == 1


def test_help_answers_with_a_persons_number(provider, runtime, riverside):
    provider.text("AYUDA")
    [(purpose, _lang, body)] = replies(runtime)
    assert purpose == "help"
    assert "513-555-0142" in body
    assert "988" in body


def test_a_doubtful_stop_holds_the_number_and_answers_nothing(provider, runtime, riverside):
    provider.text("please stop texting me")
    [held] = rows(runtime, SmsHold)
    assert held.released_at is None
    assert replies(runtime) == []


@pytest.mark.bad_input(13)
def test_free_words_are_stored_sealed_and_answered_once_a_day(provider, runtime, riverside):
    provider.text("tengo diabetes y no como")
    provider.text("otra cosa")
    first, _second = rows(runtime, InboundMessage)
    with runtime.database.reading(system()) as session:
        row = session.get(InboundMessage, first.id)
        assert row.body == "tengo diabetes y no como"
        assert inbound.number_of(row) == ROSA
        assert row.patient_id == riverside.rosa.id
    assert [purpose for purpose, _lang, _body in replies(runtime)] == ["free_text"]
    assert b"diabetes" not in first.body_enc


def test_a_digit_goes_to_the_open_question_and_else_to_people(provider, runtime, riverside, clock):
    from dataclasses import replace

    from messaging import questions

    heard, free = [], []
    hooks = Hooks(
        on_answer=lambda _s, _i, reading, question: (
            heard.append((reading.digit, question and question.question)) or (question and reading.digit <= 3)
        ),
        on_free_text=lambda _s, inbound_, _r: free.append(inbound_.read_as),
    )
    runtime._messenger = replace(runtime.messenger, hooks=hooks)
    with runtime.database.writing(system()) as session, session.begin():
        questions.ask(
            session,
            org_id=riverside.org.id,
            phone=ROSA,
            subject_kind="send_batch",
            subject_id=new_id(),
            role="patient",
            now=clock(),
            question="day_3",
        )
    for word in ("9", "1", "2"):
        provider.text(word)
    assert heard == [(9, "day_3"), (1, "day_3"), (2, None)]
    assert free == ["free", "free"]


def test_a_stranger_is_read_by_the_first_care_org(provider, runtime, riverside):
    text = {"MessageSid": "SM7", "From": "+15135550188", "To": "+15135550100", "Body": "who is this"}
    assert provider.call("/sms/inbound", text).status_code == 200
    assert [row.org_id for row in rows(runtime, InboundMessage)] == [riverside.org.id]


def test_nothing_personal_stands_in_the_job_tables(provider, runtime, riverside, clock):
    from sqlalchemy import text as sql

    promise(runtime, riverside, clock)
    schema = "" if runtime.database.is_sqlite else "dbos."
    with runtime.database.engine.connect() as connection:
        found = connection.execute(sql(f"SELECT * FROM {schema}workflow_status")).all()
    assert len(found) == 1
    assert "5135550148" not in str(found)
    assert "hola" not in str(found)
    with runtime.database.reading(system()) as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 1
