"""The provider's message API as the twilio client sees it: paths, JSON shapes, dates, errors, paging. No Flask here.

An answer may also be to say nothing, or to break off: what real networks do.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum, unique
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from messaging.sms_text import MAX_LETTERS, measure
from portal.sms import account_api, opt_outs
from portal.sms.phone_store import IN, Text
from portal.sms.scripts import RETRY_AFTER_SECONDS, Answer, script_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portal.sms.carrier import Carrier

VERSION = "2010-04-01"
PATH = re.compile(rf"/{VERSION}/Accounts/(?P<account>AC[0-9a-f]{{32}})/Messages(?:/(?P<sid>SM[0-9a-f]{{32}}))?\.json")
E164 = re.compile(r"\+[1-9]\d{7,14}")
PAGE_SIZE = 50
MOST = 1000
WORDS = {
    "20003": (401, "Authentication Error - invalid username"),
    "20404": (404, "The requested resource was not found"),
    "20429": (429, "Too Many Requests"),
    "21211": (400, "The 'To' number is not a valid phone number."),
    "21602": (400, "Message body is required."),
    "21604": (400, "A 'To' phone number is required."),
    "21610": (400, "Attempt to send to unsubscribed recipient"),
    "21617": (400, "The concatenated message body exceeds the 1600 character limit"),
}


@unique
class Ending(StrEnum):
    """What happens after the answer is ready."""

    ANSWER = "answer"
    BREAK_OFF = "break_off"
    SAY_NOTHING = "say_nothing"


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str = "application/json"
    ending: Ending = Ending.ANSWER


def answer(carrier: Carrier, method: str, path: str, values: Mapping[str, str], authorization: str) -> Reply:
    """Answer one request; `values` are the form of a POST or the query of a GET."""
    if not is_ours(carrier, authorization):
        return error("20003")
    read = account_api.resource(carrier, path) if method == "GET" else None
    if read is not None:
        return Reply(200, json.dumps(read))
    found = PATH.fullmatch(path)
    if found is None or found["account"] != carrier.account.sid:
        return error("20404")
    if found["sid"]:
        return _one(carrier, method, found["sid"], values)
    return _create(carrier, values) if method == "POST" else _list(carrier, values)


def is_ours(carrier: Carrier, authorization: str) -> bool:
    """Whether the caller knows the account's secret."""
    scheme, _, encoded = authorization.partition(" ")
    try:
        given = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return False
    expected = f"{carrier.account.sid}:{carrier.account.token}".encode()
    return scheme.lower() == "basic" and hmac.compare_digest(given, expected)


def error(code: str, headers: Mapping[str, str] | None = None) -> Reply:
    """The provider's error body."""
    status, message = WORDS[code]
    more = f"https://www.twilio.com/docs/errors/{code}"
    body = {"code": int(code), "message": message, "more_info": more, "status": status}
    return Reply(status, json.dumps(body), headers or {})


def _create(carrier: Carrier, values: Mapping[str, str]) -> Reply:
    to, body = values.get("To", ""), values.get("Body", "")
    script = script_of(to)
    refusal = _refusal(to, body) or (script.code if script.answer is Answer.REFUSED else "")
    refusal = refusal or ("21610" if opt_outs.has_stopped(carrier.store, to) else "")
    if refusal:
        return error(refusal)
    if script.answer is Answer.TOO_MANY_ONCE and carrier.store.once(f"429:{to}"):
        return error("20429", {"Retry-After": str(RETRY_AFTER_SECONDS)})
    if script.answer is Answer.FAULT_NOT_ACCEPTED:
        return Reply(503, "<html><body>Service Unavailable</body></html>", kind="text/html")
    text = carrier.accept(to=to, body=body, callback=values.get("StatusCallback", ""))
    created = Reply(201, json.dumps(resource(carrier, text)))
    return _ended(created, script.answer)


def _ended(created: Reply, wanted: Answer) -> Reply:
    match wanted:
        case Answer.FAULT_ACCEPTED:
            return Reply(500, json.dumps({"code": 20500, "message": "Internal Server Error", "status": 500}))
        case Answer.RESET_ACCEPTED:
            return Reply(201, created.body, ending=Ending.BREAK_OFF)
        case Answer.HANG_ACCEPTED:
            return Reply(201, created.body, ending=Ending.SAY_NOTHING)
        case _:
            return created


def _refusal(to: str, body: str) -> str:
    if not to:
        return "21604"
    if not E164.fullmatch(to):
        return "21211"
    if not body:
        return "21602"
    return "21617" if len(body) > MAX_LETTERS else ""


def _one(carrier: Carrier, method: str, sid: str, values: Mapping[str, str]) -> Reply:
    text = carrier.store.text(sid)
    if text is None:
        return error("20404")
    if method == "POST" and values.get("Body") == "":
        carrier.store.redact(sid)
        text = carrier.store.text(sid) or text
    return Reply(200, json.dumps(resource(carrier, text)))


def _list(carrier: Carrier, values: Mapping[str, str]) -> Reply:
    if carrier.tricks.list_down:
        return Reply(503, "<html><body>Service Unavailable</body></html>", kind="text/html")
    size = min(int(values.get("PageSize") or PAGE_SIZE), MOST)
    before = int(values["PageToken"]) if values.get("PageToken") else None
    to, sender = values.get("To", ""), values.get("From", "")
    found = carrier.store.listed(receiver=to, sender=sender, before=before, limit=size)
    visible = datetime.now(UTC) - carrier.tricks.list_lag
    shown = [text for text in found if text.created <= visible and _sent_on(text, values.get("DateSent", ""))]
    here = f"/{VERSION}/Accounts/{carrier.account.sid}/Messages.json"
    page = {"To": to, "From": sender, "PageSize": str(size)}
    after = f"{here}?{urlencode({**page, 'PageToken': found[-1].number})}" if len(found) == size else None
    body = {
        "messages": [resource(carrier, text) for text in shown],
        "page": 0,
        "page_size": size,
        "start": 0,
        "end": max(len(shown) - 1, 0),
        "first_page_uri": f"{here}?{urlencode(page)}",
        "next_page_uri": after,
        "previous_page_uri": None,
        "uri": f"{here}?{urlencode(page)}",
    }
    return Reply(200, json.dumps(body))


def _sent_on(text: Text, day: str) -> bool:
    return not day or (text.sent is not None and text.sent.date().isoformat() == day)


def resource(carrier: Carrier, text: Text) -> dict[str, object]:
    """A message as the provider shows it."""
    uri = f"/{VERSION}/Accounts/{carrier.account.sid}/Messages/{text.sid}"
    inbound = text.direction == IN
    return {
        "account_sid": carrier.account.sid,
        "api_version": VERSION,
        "body": text.body,
        "date_created": _date(text.created),
        "date_sent": _date(text.sent),
        "date_updated": _date(text.updated),
        "direction": text.direction,
        "error_code": int(text.error_code) if text.error_code else None,
        "error_message": None,
        "from": text.sender,
        "messaging_service_sid": None if inbound else carrier.account.service_sid,
        "num_media": "0",
        "num_segments": str(measure(text.body).segments),
        "price": None,
        "price_unit": "USD",
        "sid": text.sid,
        "status": text.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": text.receiver,
        "uri": f"{uri}.json",
    }


def _date(moment: datetime | None) -> str | None:
    return None if moment is None else format_datetime(moment.astimezone(UTC))
