"""Going live is checked against a phone company that answers as the provider does, and against our own address."""

import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl

import pytest

from messaging import going_live, webhook_check
from messaging.going_live import Grade, Step
from messaging.twilio_transport import is_signed
from messaging.webhook_check import STATUS_PATH, Webhook
from portal.sms import account_api


class OurAddress:
    """What stands at the public address; `answer` decides by whether the call was signed rightly."""

    def __init__(self, settings) -> None:
        self.answer = lambda signed: 204 if signed else 403
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                signed = is_signed(outer.settings, self.path, form, self.headers.get("X-Twilio-Signature", ""))
                self.send_response(outer.answer(signed and self.path == STATUS_PATH))
                self.end_headers()

            def log_message(self, *_said) -> None:
                return

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.settings = replace(settings, public_url=f"http://127.0.0.1:{self.server.server_port}")
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def ours(settings):
    address = OurAddress(settings)
    yield address
    address.stop()


@pytest.fixture
def provider(monkeypatch):
    """What the provider says of our service; change it to play another state."""
    said = {}

    def service(carrier):
        return {**true_service(carrier), **said}

    true_service = account_api._service
    monkeypatch.setattr(account_api, "_service", service)
    return said


def graded(found):
    return {one.step: one.grade for one in found}


def detail(found, step):
    return next(one.detail for one in found if one.step is step)


def test_everything_in_place_is_ready(ours, provider):
    provider["inbound_request_url"] = ours.settings.public_url + "/sms/inbound"
    found = going_live.look(ours.settings, simulated=True)
    assert set(graded(found).values()) == {Grade.GOOD}
    assert set(graded(found)) == set(Step)
    assert going_live.ready(found)


def test_plain_http_is_refused_outside_the_simulator(ours, provider):
    found = going_live.look(ours.settings)
    assert graded(found)[Step.ADDRESS] is Grade.BAD
    assert not going_live.ready(found)


def test_a_wrong_secret_stops_the_look_at_the_provider_and_names_its_code(ours):
    wrong = replace(ours.settings, auth_token="f" * 32)
    found = going_live.look(wrong, simulated=True)
    assert (graded(found)[Step.ACCOUNT], detail(found, Step.ACCOUNT)) == (Grade.BAD, "20003")
    assert {graded(found)[step] for step in (Step.SERVICE, Step.SENDERS, Step.INBOUND, Step.CAMPAIGN)} == {
        Grade.SKIPPED
    }


def test_an_unknown_service_is_told_and_what_needs_it_is_left_out(ours):
    found = going_live.look(replace(ours.settings, messaging_service_sid="MG" + "9" * 32), simulated=True)
    assert (graded(found)[Step.SERVICE], detail(found, Step.SERVICE)) == (Grade.BAD, "20404")
    assert graded(found)[Step.INBOUND] is Grade.SKIPPED


def test_replies_that_would_go_elsewhere_are_noticed(ours, provider):
    provider["inbound_request_url"] = "https://old.example/sms"
    found = going_live.look(ours.settings, simulated=True)
    assert (graded(found)[Step.INBOUND], detail(found, Step.INBOUND)) == (Grade.BAD, "https://old.example/sms")
    provider["use_inbound_webhook_on_number"] = True
    assert graded(going_live.look(ours.settings, simulated=True))[Step.INBOUND] is Grade.LOOK


def test_a_provider_that_cannot_be_reached_is_a_finding_and_no_error(ours, phone_server):
    phone_server.stop()
    found = going_live.look(ours.settings, simulated=True)
    assert (graded(found)[Step.ACCOUNT], detail(found, Step.ACCOUNT)) == (Grade.BAD, "ConnectionError")


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        (lambda signed: 204 if signed else 403, Webhook.WORKS),
        (lambda _signed: 403, Webhook.SIGNATURE_REFUSED),
        (lambda _signed: 204, Webhook.TAKES_ANYTHING),
        (lambda _signed: 502, Webhook.UNREACHABLE),
    ],
)
def test_our_own_address_is_called_as_the_provider_would(ours, answers, found):
    ours.answer = answers
    assert webhook_check.look(ours.settings) is found


def test_an_address_where_nobody_answers_is_told(settings):
    assert webhook_check.look(replace(settings, public_url="http://127.0.0.1:9")) is Webhook.UNREACHABLE


def test_nothing_the_look_keeps_holds_the_secret(ours, provider):
    found = going_live.look(ours.settings, simulated=True)
    assert not any(ours.settings.auth_token in one.detail for one in found)
