"""What our client asks, and what the simulated phone company answers, hold to the provider's published file."""

from __future__ import annotations

import http.client
import json
from dataclasses import replace

import pytest

from messaging import reconcile
from messaging.twilio_transport import TwilioTexts
from resources_db.vocab import MessageState
from tests.messaging.conftest import ACCOUNT, ROSA
from tests.messaging.contract_proxy import FORM, Contract, ContractProxy

PATH = f"/2010-04-01/Accounts/{ACCOUNT.sid}/Messages.json"
ASKED = {"Authorization": "Basic eDp5", "Content-Type": FORM}


@pytest.fixture(scope="module")
def contract(shared):
    return Contract(json.loads((shared / "data/twilio/twilio_api_v2010.json").read_text()))


@pytest.fixture
def proxy(contract, phone_server):
    proxy = ContractProxy(contract, phone_server.url)
    yield proxy
    proxy.stop()


@pytest.fixture
def settings(settings, proxy):
    return replace(settings, api_base=proxy.url)


def test_sending_a_text_holds_to_the_contract(desk, proxy):
    bodies = ["Riverside Care: hola", "Ñandú ¿sí? 😀" * 30, "停止" * 60, "شكرا"]
    rows = [desk.send(desk.promise(to=f"+1513555014{number}", body=body)) for number, body in enumerate(bodies)]
    assert [row.state for row in rows] == [MessageState.ACCEPTED] * 4
    assert (proxy.wrong, proxy.seen) == ([], [("POST", 201)] * 4)


def test_looking_a_text_up_holds_to_the_contract_through_all_pages(desk, proxy, company, monkeypatch):
    monkeypatch.setattr("messaging.twilio_transport.PAGE_SIZE", 2)
    for number in range(3):
        desk.send(desk.promise(body=f"text {number}"))
    doubtful = desk.promise(to="+15135550150")
    desk.send(doubtful)
    listed = list(desk.messenger.texts.sent_to(ROSA, company.store.listed()[-1].created.replace(year=2020)))
    reconcile.run(desk.messenger, doubtful)
    assert ([one.body for one in listed], desk.row(doubtful).state) == (
        ["text 2", "text 1", "text 0"],
        MessageState.ACCEPTED,
    )
    assert proxy.wrong == []
    assert proxy.seen.count(("GET", 200)) == 3


@pytest.mark.parametrize(("to", "status"), [("+15135550110", 400), ("+15135550111", 400), ("+15135550129", 429)])
def test_refusals_have_the_providers_form(desk, proxy, to, status):
    desk.send(desk.promise(to=to))
    assert (proxy.wrong, proxy.seen) == ([], [("POST", status)])


def test_wrong_credentials_are_refused_in_the_providers_form(desk, proxy, settings):
    desk.with_(texts=TwilioTexts(replace(settings, auth_token="0" * 32))).send(desk.promise())
    assert (proxy.wrong, proxy.seen) == ([], [("POST", 401)])


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("POST", PATH, "Body=hola"),  # nobody to send it to
        ("POST", PATH, "To=%2B1&Body=b&IdempotencyKey=1"),  # the provider knows no such thing
        ("POST", PATH, "To=%2B1&ValidityPeriod=four"),
        ("POST", PATH, "To=%2B1&MessagingServiceSid=MG1"),
        ("POST", PATH, "To=%2B1&SmartEncoded=perhaps"),
        ("GET", PATH + "?Receiver=%2B1", ""),
        ("GET", PATH + "?PageSize=5000", ""),
        ("GET", "/2010-04-01/Texts.json", ""),
        ("PUT", PATH, "To=%2B1"),
    ],
)
def test_the_proxy_sees_what_departs_from_the_contract(contract, method, target, body):
    assert contract.check_request(method, target, ASKED, body) != []


def test_the_proxy_sees_answers_that_depart_from_the_contract(contract, proxy):
    good = {"sid": "SM" + "1" * 32, "status": "queued"}
    for changed in ({"sid": "1"}, {"status": "on its way"}, {"num_segments": 1}, {"colour": "red"}):
        body = json.dumps({**good, **changed}).encode()
        assert contract.check_answer("POST", PATH, 201, "application/json", body) != []
    assert contract.check_answer("POST", PATH, 201, "application/json", json.dumps(good).encode()) == []
    assert contract.check_answer("POST", PATH, 202, "application/json", b"{}") != []
    assert contract.check_answer("POST", PATH, 400, "text/html", b"no") != []


def test_a_call_without_our_account_is_seen(proxy):
    calling = http.client.HTTPConnection(proxy.url.removeprefix("http://"), timeout=10)
    calling.request("GET", PATH)
    assert calling.getresponse().status == 401
    calling.close()
    assert proxy.wrong == ["no basic authorization"]
