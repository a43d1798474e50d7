"""What reaches the webhooks besides Twilio's honest calls: forged, replayed, oversized, misdirected. Nothing is kept."""

import logging
from io import BytesIO, RawIOBase
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select, text

from messaging import phone, suppression
from messaging.twilio_transport import signature
from portal.config import Settings
from portal.sms import webhooks
from resources_db.base import Base
from resources_db.models.messages import InboundMessage, Message, MessageEvent, UnmatchedReport
from resources_db.tenancy import system
from tests import factories
from tests.portal.test_sms_webhooks import promise, rows

ROSA = "+15135550148"
PUBLIC = "https://care.example"
TYPE = "application/x-www-form-urlencoded"


@pytest.fixture
def settings(database_url, tmp_path, request):
    """An installation behind one proxy that ends TLS; `HANDRAIL_TRUSTED_PROXIES` by the test's parameter."""
    return Settings.from_env(
        {
            "HANDRAIL_DEMO": "1",
            "HANDRAIL_DATABASE_URL": database_url,
            "HANDRAIL_DATA_DIR": str(tmp_path / "data"),
            "HANDRAIL_PUBLIC_URL": PUBLIC,
            "HANDRAIL_TRUSTED_PROXIES": getattr(request, "param", "1"),
        }
    )


@pytest.fixture
def riverside(runtime, clock):
    with runtime.database.writing(system()) as session, session.begin():
        return factories.cast(session, clock())


@pytest.fixture
def call(app, runtime):
    """One call as it comes out of the proxy: plain http, the public name in Host."""

    def call(path, form, *, host="care.example", signed_for=PUBLIC, token="", **headers):
        token = token or runtime.messenger.settings.auth_token
        given = {
            "Host": host, "X-Forwarded-Proto": "https", "X-Forwarded-Host": host, "X-Forwarded-For": "203.0.113.9",
            "X-Twilio-Signature": signature(token, signed_for + path, form),
        }  # fmt: skip
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return app.test_client().post(path, data=form, headers=given).status_code

    return call


def incoming(body="STOP", sid="SM" + "1" * 32):
    return {"MessageSid": sid, "From": ROSA, "To": "+15135550100", "Body": body}


def everything(runtime):
    """How many rows each table has."""
    with runtime.database.reading(system()) as session:
        return {
            table.name: session.scalar(text(f"SELECT count(*) FROM {table.name}"))
            for table in Base.metadata.sorted_tables
        }


def stopped(runtime):
    with runtime.database.reading(system()) as session:
        return suppression.open_suppression(session, phone.index(ROSA)) is not None


@pytest.mark.bad_input(18)
@pytest.mark.parametrize(
    "forged",
    [
        {"token": "0" * 32},
        {"signed_for": "https://evil.example"},
        {"signed_for": "http://care.example"},
        {"signed_for": "http://127.0.0.1:8000"},
        {"X_Twilio_Signature": ""},
        {"X_Twilio_Signature": "\u00e9" * 10},
    ],
)
@pytest.mark.parametrize("path", ["/sms/inbound", "/sms/status?t=abc&a=1"])
def test_a_forged_call_is_refused_and_no_table_knows_of_it(call, runtime, riverside, forged, path):
    before = everything(runtime)
    assert call(path, incoming() | {"MessageStatus": "sent"}, **forged) == 403
    assert everything(runtime) == before


@pytest.mark.bad_input(18, 72)
@pytest.mark.parametrize("settings", ["0", "1"], indirect=True)
def test_behind_a_proxy_the_public_address_is_what_counts(call, runtime, riverside):
    assert call("/sms/inbound", incoming()) == 200
    assert stopped(runtime)


@pytest.mark.bad_input(72)
def test_a_call_for_another_host_is_refused_even_when_it_is_signed_for_that_host(call, runtime, riverside):
    before = everything(runtime)
    assert call("/sms/inbound", incoming(), host="evil.example", signed_for="https://evil.example") == 400
    assert call("/sms/inbound", incoming(), host="evil.example") == 400
    assert everything(runtime) == before


@pytest.mark.parametrize("settings", ["0"], indirect=True)
def test_without_a_trusted_proxy_a_forwarded_host_is_not_believed(call, runtime, riverside):
    forged = {"X_Forwarded_Host": "evil.example"}
    assert call("/sms/inbound", incoming(), signed_for="https://evil.example", **forged) == 403
    assert call("/sms/inbound", incoming(), **forged) == 200


def test_the_query_is_checked_as_it_came(call, runtime, riverside, clock):
    message = promise(runtime, riverside, clock)
    form = {"MessageSid": "SM1", "MessageStatus": "sent"}
    assert call(f"/sms/status?t={message.token}&a=1&x=%2B%20", form) == 204
    assert [row.sid for row in rows(runtime, Message)] == ["SM1"]


@pytest.mark.bad_input(23)
def test_a_replayed_stop_does_not_stop_again_after_start(call, runtime, riverside, clock):
    stop, start = incoming("STOP"), incoming("START", "SM" + "2" * 32)
    call("/sms/inbound", stop)
    clock.forward(hours=1)
    call("/sms/inbound", start)
    clock.forward(days=7)
    before = everything(runtime)
    assert call("/sms/inbound", stop) == 200
    assert not stopped(runtime)
    assert everything(runtime) == before


@pytest.mark.bad_input(19)
def test_a_replayed_report_moves_nothing(call, runtime, riverside, clock):
    message = promise(runtime, riverside, clock)
    path = "/sms/status?" + urlencode({"t": message.token, "a": "1"})
    for status in ("sent", "delivered"):
        call(path, {"MessageSid": "SM1", "MessageStatus": status})
    before = everything(runtime)
    assert call(path, {"MessageSid": "SM1", "MessageStatus": "sent"}) == 204
    assert everything(runtime) == before
    assert [row.state.value for row in rows(runtime, Message)] == ["delivered"]


class Endless(RawIOBase):
    """A body that never ends by itself and tells how much of it was read."""

    def __init__(self, size):
        self.left, self.read_ = size, 0

    def readable(self):
        return True

    def readinto(self, buffer):
        n = min(len(buffer), self.left, 8192)
        buffer[:n] = b"x" * n
        self.left -= n
        self.read_ += n
        return n


@pytest.mark.bad_input(24)
@pytest.mark.parametrize("announced", [True, False])
def test_ten_megabytes_are_refused_without_reading_them(app, runtime, riverside, announced):
    size = 10 * 1024 * 1024
    body = Endless(size)
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/sms/inbound", "SERVER_NAME": "care.example", "SERVER_PORT": "443",
        "HTTP_HOST": "care.example", "wsgi.url_scheme": "https", "CONTENT_TYPE": TYPE, "wsgi.input": body,
        "HTTP_X_TWILIO_SIGNATURE": "x", "wsgi.errors": BytesIO(), "REMOTE_ADDR": "203.0.113.9",
    }  # fmt: skip
    environ |= {"CONTENT_LENGTH": str(size)} if announced else {"wsgi.input_terminated": True}
    before, answered = everything(runtime), []
    list(app.wsgi_app(environ, lambda status, _headers, _error=None: answered.append(status)))
    assert answered[0][:3] == ("413" if announced else "403")  # cut off where ours end, it is not what was signed
    assert body.read_ <= (0 if announced else 128 * 1024)
    assert everything(runtime) == before


@pytest.mark.bad_input(22)
def test_a_report_for_an_unknown_text_keeps_its_sid_and_status_and_nothing_else(call, runtime, riverside):
    before = everything(runtime)
    form = {"MessageSid": "SM9", "MessageStatus": "sent", "To": ROSA, "Body": "tengo hambre"}
    assert call("/sms/status?t=nobody&a=1", form) == 204
    after = everything(runtime)
    assert {name for name in after if after[name] != before[name]} == {"unmatched_report"}
    [kept] = rows(runtime, UnmatchedReport)
    assert (kept.kind, kept.sid, kept.provider_status) == ("status", "SM9", "sent")


@pytest.mark.bad_input(22)
def test_more_than_ten_unknown_reports_an_hour_raise_the_alarm(call, runtime, riverside, clock, caplog):
    def alarms():
        return [one for one in caplog.records if one.levelno >= logging.ERROR and "unknown" in one.getMessage()]

    for n in range(10):
        call("/sms/status?t=nobody&a=1", {"MessageSid": f"SM{n}", "MessageStatus": "sent"})
    assert alarms() == []
    call("/sms/status?t=nobody&a=1", {"MessageSid": "SM10", "MessageStatus": "sent"})
    assert len(alarms()) == 1
    clock.forward(hours=2)
    call("/sms/status?t=nobody&a=1", {"MessageSid": "SM11", "MessageStatus": "sent"})
    assert len(alarms()) == 1


@pytest.mark.bad_input(18)
def test_refused_calls_are_counted_and_more_than_ten_a_minute_raise_the_alarm(
    call, runtime, riverside, caplog, monkeypatch
):
    monkeypatch.setattr(webhooks, "_refused", webhooks._Refused())  # other tests are of the same frozen minute
    for _ in range(12):
        call("/sms/inbound", incoming("tengo hambre"), token="0" * 32)
    told = [one for one in caplog.records if "signature" in one.getMessage()]
    assert [one.count for one in told] == list(range(1, 13))
    assert [one.levelno for one in told].count(logging.ERROR) == 1
    assert "5550148" not in caplog.text
    assert "hambre" not in caplog.text


@pytest.mark.bad_input(83)
def test_a_nul_in_a_text_does_not_lose_it(call, runtime, riverside):
    assert call("/sms/inbound", incoming("STOP\0")) == 200
    assert stopped(runtime)
    assert [row.body for row in rows(runtime, InboundMessage)] == ["STOP"]


def test_a_text_without_a_sender_or_a_sid_is_answered_and_not_kept(call, runtime, riverside):
    before = everything(runtime)
    assert call("/sms/inbound", incoming() | {"From": ""}) == 200
    assert call("/sms/inbound", incoming() | {"MessageSid": ""}) == 200
    assert call("/sms/status?t=nobody", {"MessageStatus": "sent"}) == 204
    assert everything(runtime) == before


@pytest.mark.parametrize("path", ["/sms/inbound", "/sms/status"])
def test_looking_at_a_webhook_does_nothing(app, path):
    assert app.test_client().get(path, headers={"Host": "care.example"}).status_code == 405


def test_an_unknown_status_word_of_a_known_text_changes_nothing(call, runtime, riverside, clock):
    message = promise(runtime, riverside, clock)
    path = f"/sms/status?t={message.token}&a=1"
    assert call(path, {"MessageSid": "SM1", "MessageStatus": "teleported"}) == 204
    assert [row.state.value for row in rows(runtime, Message)] == ["queued"]
    with runtime.database.reading(system()) as session:
        assert session.scalar(select(func.count()).select_from(MessageEvent).where(MessageEvent.kind == "status")) == 0
