"""The simulated phone company at work: takes texts in, moves them along, calls the product's signed webhooks.

Runs as one thread. The product reaches it, and it reaches the product, over HTTP only.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

import requests

from messaging.sms_text import measure
from messaging.twilio_transport import signature
from portal.sms import opt_outs
from portal.sms.phone_store import IN, OUT, PhoneStore, Text
from portal.sms.scripts import script_of

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("handrail.phone")

SENDER = "+15135550100"
"""The number our texts come from on the simulated phones."""
SENT_AFTER = timedelta(seconds=0.6)
DELIVERED_AFTER = timedelta(seconds=1.6)
SLOWER = 6
ANSWER_WITHIN = (5, 15)
IDLE_SECONDS = 30.0
SERVER_FAULT = 500


@dataclass(slots=True)
class Tricks:
    """Faults of the phone company, switched on by tests and on the page of the phones."""

    doubled: bool = False
    reversed: bool = False
    never: bool = False
    early: bool = False
    bad_signature: bool = False
    list_down: bool = False
    list_lag: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Account:
    """The account that both sides know."""

    sid: str
    token: str
    service_sid: str
    inbound_url: str
    advanced_opt_out: bool = False
    """The provider answers STOP, START and HELP itself, and says so with each incoming text."""


def _real() -> datetime:
    return datetime.now(UTC)


class Carrier:
    """One phone company for one product. `product_now` is the time shown on the phones."""

    def __init__(
        self,
        store: PhoneStore,
        account: Account,
        *,
        product_now: Callable[[], datetime] = _real,
        pace: float = 1.0,
    ) -> None:
        self.store, self.account, self.tricks = store, account, Tricks()
        self.product_now = product_now
        self._pace = pace
        self._wake = threading.Event()
        self._ended = threading.Event()
        self._calls: list[tuple[str, dict[str, str]]] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to work; does nothing when it works already."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._ended.clear()
                self._thread = threading.Thread(target=self._work, name="phone-company", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """End the thread; what is planned stays in the file."""
        self._ended.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def accept(self, *, to: str, body: str, callback: str) -> Text:
        """Take a text from the product and plan what becomes of it."""
        now = _real()
        text = self.store.add_text(
            direction=OUT,
            sender=SENDER,
            receiver=to,
            body=body,
            status="queued",
            now=now,
            shown=self.product_now(),
            callback=callback,
        )
        if self.tricks.early:
            self._call_now(text, "queued")
        self.store.plan(text.sid, self._plan(to, now))
        self._wake.set()
        return text

    def receive(self, *, sender: str, body: str) -> Text:
        """A phone's owner wrote: store it and tell the product."""
        text = self.store.add_text(
            direction=IN,
            sender=sender,
            receiver=SENDER,
            body=body,
            status="received",
            now=_real(),
            shown=self.product_now(),
        )
        with self._lock:
            self._calls.append((self.account.inbound_url, {**inbound_form(self.account, text), **self._opted(text)}))
        self._wake.set()
        return text

    def _opted(self, text: Text) -> dict[str, str]:
        """What Advanced Opt-Out adds to an incoming text, after it has answered."""
        kind = opt_outs.kind_of(text.body) if self.account.advanced_opt_out else ""
        if not kind:
            return {}
        opt_outs.note(self.store, text.sender, kind)
        self.store.add_text(
            direction=OUT,
            sender=SENDER,
            receiver=text.sender,
            body=opt_outs.ANSWERS[kind],
            status="delivered",
            now=_real(),
            shown=self.product_now(),
        )
        return {"OptOutType": kind}

    def work_off(self, now: datetime | None = None) -> int:
        """Do everything that is due, in this thread; gives the number of calls. The thread does it by itself."""
        made = 0
        with self._lock:
            calls, self._calls = self._calls, []
        for url, form in calls:
            made += self._call(url, form)
        steps = [self.store.take(step, now or _real()) for step in self.store.due_steps(now or _real())]
        texts = [text for text in steps if text is not None]
        for text in reversed(texts) if self.tricks.reversed else texts:
            made += self._report(text)
        return made

    def _plan(self, to: str, now: datetime) -> list[tuple[datetime, str, str]]:
        pace = self._pace * (SLOWER if self.store.switch("slow") else 1)
        fails_with = "30003" if self.store.switch("off") else script_of(to).fails_with
        end = ("undelivered", fails_with) if fails_with else ("delivered", "")
        return [(now + SENT_AFTER * pace, "sent", ""), (now + DELIVERED_AFTER * pace, *end)]

    def _report(self, text: Text) -> int:
        if not text.callback or self.tricks.never:
            return 0
        form = status_form(self.account, text, text.status)
        return sum(self._call(text.callback, form) for _ in range(2 if self.tricks.doubled else 1))

    def _call_now(self, text: Text, status: str) -> None:
        self._call(text.callback, status_form(self.account, text, status))

    def _call(self, url: str, form: dict[str, str]) -> bool:
        address = urldefrag(url).url
        token = "0" * 32 if self.tricks.bad_signature else self.account.token
        headers = {"X-Twilio-Signature": signature(token, address, form)}
        for _ in range(2):  # the provider tries once more by default
            try:
                answer = requests.post(address, data=form, headers=headers, timeout=ANSWER_WITHIN)
            except requests.exceptions.RequestException:
                continue
            if answer.status_code < SERVER_FAULT:
                return answer.ok
        log.warning("the product did not take a report")
        return False

    def _work(self) -> None:
        while not self._ended.is_set():
            wait = self.store.next_step_in(_real())
            self._wake.wait(IDLE_SECONDS if wait is None else min(wait, IDLE_SECONDS))
            self._wake.clear()
            if not self._ended.is_set():
                self.work_off()


def status_form(account: Account, text: Text, status: str) -> dict[str, str]:
    """The fields of a status report."""
    form = {
        "AccountSid": account.sid,
        "ApiVersion": "2010-04-01",
        "From": text.sender,
        "To": text.receiver,
        "MessageSid": text.sid,
        "MessageStatus": status,
        "MessagingServiceSid": account.service_sid,
        "SmsSid": text.sid,
        "SmsStatus": status,
    }
    return form | ({"ErrorCode": text.error_code} if text.error_code else {})


def inbound_form(account: Account, text: Text) -> dict[str, str]:
    """The fields of an incoming text."""
    return {
        "AccountSid": account.sid,
        "ApiVersion": "2010-04-01",
        "Body": text.body,
        "From": text.sender,
        "To": text.receiver,
        "MessageSid": text.sid,
        "MessagingServiceSid": account.service_sid,
        "NumMedia": "0",
        "NumSegments": str(measure(text.body).segments),
        "SmsMessageSid": text.sid,
        "SmsSid": text.sid,
        "SmsStatus": "received",
    }
