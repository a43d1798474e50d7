"""What a failed call means is decided by whether a byte of it left, never by the name of the fault."""

from __future__ import annotations

import json
import ssl
import sys
import threading
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from twilio.http import http_client

from messaging import watched_http
from messaging.settings import ProviderSettings
from messaging.transport import Accepted, ListingError, NotSent, OutgoingText, TooMany, Unknown
from messaging.twilio_transport import TwilioTexts
from tests.conftest import NOW
from tests.messaging.conftest import ACCOUNT, QUICK, ROSA

TEXT = OutgoingText(ROSA, "hola", "http://127.0.0.1:9/sms/status")
CREATED = json.dumps({"sid": "SM" + "1" * 32, "status": "queued"}).encode()


class Provider:
    """Answers each POST by what the test says; remembers what it was asked."""

    def __init__(self):
        self.asked, self.answer = [], lambda handler: reply(handler, 201, CREATED)
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                self.body = self.rfile.read(int(self.headers["Content-Length"]))
                provider.asked.append(self.body)
                provider.answer(self)

            def do_GET(self):
                provider.answer(self)

            def log_message(self, *_):
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.ended = threading.Event()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def stop(self):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()


def reply(handler, status, body, **headers):
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def provider():
    provider = Provider()
    yield provider
    provider.stop()


def texts_at(url):
    return TwilioTexts(
        ProviderSettings(
            account_sid=ACCOUNT.sid,
            auth_token=ACCOUNT.token,
            messaging_service_sid=ACCOUNT.service_sid,
            public_url="http://127.0.0.1:9",
            api_base=url,
            timing=QUICK,
        )
    )


@pytest.fixture
def texts(provider):
    return texts_at(provider.url)


def test_a_tls_fault_in_the_middle_of_the_answer_is_in_doubt(provider, texts, monkeypatch):
    def breaks(_self):
        raise ssl.SSLError("decryption failed or bad record mac")

    monkeypatch.setattr(watched_http._Plain, "getresponse", breaks)
    assert texts.send(TEXT) == Unknown("SSLError")


def test_a_tls_fault_while_connecting_was_not_sent(provider, texts, monkeypatch):
    def breaks(_self):
        raise ssl.SSLError("certificate verify failed")

    monkeypatch.setattr(watched_http._Plain, "connect", breaks)
    assert texts.send(TEXT) == NotSent("SSLError")
    assert provider.asked == []


def test_a_name_that_does_not_resolve_was_not_sent(monkeypatch):
    def unknown(*_args, **_kwargs):
        raise OSError(-2, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    assert isinstance(texts_at("http://api.twilio.example").send(TEXT), NotSent)


def test_who_was_held_up_while_connecting_writes_no_byte(provider, texts):
    late = OutgoingText(ROSA, "hola", "http://127.0.0.1:9/sms/status", still_ours=lambda: False)
    assert texts.send(late) == NotSent("ConnectionError")
    assert provider.asked == []
    assert isinstance(texts.send(TEXT), Accepted)


def test_the_last_look_comes_after_the_connection_stands(provider, texts, monkeypatch):
    order, connect = [], watched_http._Plain.connect
    monkeypatch.setattr(watched_http._Plain, "connect", lambda self: (order.append("connected"), connect(self)))
    asks = OutgoingText(ROSA, "hola", "http://127.0.0.1:9/", still_ours=lambda: not order.append("asked"))
    texts.send(asks)
    assert order == ["connected", "asked"]


def test_an_answer_that_drips_without_end_is_cut_off_and_in_doubt(provider, texts):
    def drips(handler):
        handler.send_response(201)
        handler.send_header("Content-Length", str(len(CREATED)))
        handler.end_headers()
        with suppress(OSError):  # we hang up before the end
            for byte in CREATED:
                provider.ended.wait(QUICK.read.total_seconds() / 4)
                handler.wfile.write(bytes([byte]))

    provider.answer = drips
    assert isinstance(texts.send(TEXT), Unknown)


@pytest.mark.parametrize("status", [403, 404, 407, 413])
def test_a_refusal_without_a_code_is_not_the_providers_word(provider, texts, status):
    provider.answer = lambda handler: reply(handler, status, b"<html>a proxy speaks</html>")
    assert texts.send(TEXT) == Unknown(f"http_{status}")


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b"{}", b"{", b"<html>", b'{"sid": null}'])
def test_an_answer_that_cannot_be_read_is_in_doubt(provider, texts, body):
    provider.answer = lambda handler: reply(handler, 201, body)
    assert isinstance(texts.send(TEXT), Unknown)


def test_too_many_is_understood_in_both_forms_of_error(provider, texts):
    problem = json.dumps({"type": "about:blank", "title": "Too many", "status": 429, "code": 20429}).encode()
    provider.answer = lambda handler: reply(handler, 429, problem, Retry_After="7")
    assert texts.send(TEXT) == TooMany(timedelta(seconds=7))


def test_a_list_that_is_longer_than_we_read_proves_nothing(provider, texts, monkeypatch):
    monkeypatch.setattr("messaging.twilio_transport.MOST_LISTED", 3)
    one = {"sid": "SM1", "to": ROSA, "body": "b", "date_created": "Mon, 23 Nov 2026 15:00:00 +0000"}
    page = json.dumps({"messages": [one] * 3, "next_page_uri": None, "page_size": 3}).encode()
    provider.answer = lambda handler: reply(handler, 200, page)
    with pytest.raises(ListingError):
        list(texts.sent_to(ROSA, NOW.replace(day=1)))


def test_each_thread_reads_its_own_answer(provider, texts):
    # The client keeps its last answer in itself: we stop one thread between keeping it and giving it back.
    kept, other_done = threading.Event(), threading.Event()

    def stops_before_giving_back(frame, event, _arg):
        if event == "line" and frame.f_lineno == GIVES_BACK:
            kept.set()
            other_done.wait(10)
        return stops_before_giving_back

    def trace(frame, _event, _arg):
        ours = frame.f_code is http_client.TwilioHttpClient.request.__code__
        return stops_before_giving_back if ours else None

    def by_body(handler):
        sid = b"SM" + (b"1" if b"first" in handler.body else b"2") * 32
        reply(handler, 201, CREATED.replace(b"SM" + b"1" * 32, sid))

    def first():
        sys.settrace(trace)
        try:
            outcomes.append(texts.send(OutgoingText(ROSA, "first", "http://127.0.0.1:9/")))
        finally:
            sys.settrace(None)

    outcomes, provider.answer = [], by_body
    thread = threading.Thread(target=first)
    thread.start()
    assert kept.wait(10)
    texts.send(OutgoingText(ROSA, "second", "http://127.0.0.1:9/"))
    other_done.set()
    thread.join()
    assert outcomes == [Accepted("SM" + "1" * 32, "queued")]


def _line_that_gives_back():
    code = http_client.TwilioHttpClient.request.__code__
    return max(line for *_, line in code.co_lines() if line)


GIVES_BACK = _line_that_gives_back()
