"""Workers that empty a queue of texts into a phone company, and the count of what arrived."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, select

from messaging import outbox
from portal.sms import provider_api
from portal.sms.carrier import Account
from portal.sms.provider_api import Ending, Reply
from resources_db import tenancy
from resources_db.base import new_id
from resources_db.models.messages import Message, MessageEvent
from resources_db.vocab import MessageState
from tests.conftest import NOW

FULL = os.environ.get("HANDRAIL_FAULTS", "") == "full"
"""`make faults` does what the published figures say; CI and a bare pytest run a short form."""
ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 600 if FULL else 120
ACCOUNT = Account("AC" + "a" * 32, "b" * 32, "MG" + "c" * 32, "http://127.0.0.1:9/sms/inbound")
PHONES = [f"+1513555{number:04}" for number in range(2000, 2040)]
GONE = (MessageState.ACCEPTED, MessageState.SENT, MessageState.DELIVERED)


def short_form_on(engine: str) -> pytest.MarkDecorator:
    """In the short form this test runs on one database, in the full form on both."""
    return pytest.mark.parametrize("database_url", ["sqlite", "postgresql"] if FULL else [engine], indirect=True)


@dataclass
class Mischief:
    """What the provider does to posts, each kind by its share; it takes a moment before and after accepting."""

    hang: float = 0.0
    """accepted, then no answer"""
    drop: float = 0.0
    """broken off, not accepted"""
    reset: float = 0.0
    """accepted, then broken off"""
    fault: float = 0.0
    """accepted, then status 500"""
    storm: float = 0.0
    """too many requests"""
    moment: float = 0.02
    posts: int = 0
    too_soon: int = 0
    until: float = 0.0
    retry_after: int = 1
    taken: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    pause: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, carrier, method, path, values, authorization):
        if method != "POST":
            return _answer(carrier, method, path, values, authorization)
        kind = self._kind()
        if kind == "storm":
            return provider_api.error("20429", {"Retry-After": str(self.retry_after)})
        self.pause.wait(random.uniform(0, self.moment))
        if kind == "drop":
            return Reply(201, "", ending=Ending.BREAK_OFF)
        reply = _answer(carrier, method, path, values, authorization)
        self.taken.release()
        self.pause.wait(random.uniform(0, self.moment))
        match kind:
            case "hang":
                return Reply(reply.status, reply.body, ending=Ending.SAY_NOTHING)
            case "reset":
                return Reply(reply.status, reply.body, ending=Ending.BREAK_OFF)
            case "fault":
                return Reply(500, "<html>fault</html>", kind="text/html")
        return reply

    def _kind(self) -> str:
        with self.lock:
            self.posts += 1
            if time.monotonic() < self.until:
                self.too_soon += 1
            kinds = ("hang", "drop", "reset", "fault", "storm")
            shares = [getattr(self, kind) for kind in kinds]
            kind = random.choices((*kinds, "good"), (*shares, 1 - sum(shares)))[0]
            if kind == "storm":
                self.until = time.monotonic() + self.retry_after
            return kind


_answer = provider_api.answer


@dataclass
class Workers:
    """The worker processes of one test; all are killed at its end."""

    facts: Path
    running: dict[str, subprocess.Popen] = field(default_factory=dict)

    def start(self, slot: str, *more: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "tests.faults.worker_process", str(self.facts), slot, *more]
        with (self.facts.parent / f"{slot}.log").open("ab") as log:
            self.running[slot] = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        return self.running[slot]

    def change_facts(self, **changes: object) -> None:
        self.facts.write_text(json.dumps({**json.loads(self.facts.read_text()), **changes}))

    def kill(self, slot: str) -> None:
        worker = self.running.pop(slot)
        worker.kill()
        worker.wait()

    def freeze(self, slot: str, seconds: float) -> None:
        worker = self.running[slot]
        worker.send_signal(signal.SIGSTOP)
        threading.Event().wait(seconds)
        worker.send_signal(signal.SIGCONT)

    def kill_all(self) -> None:
        for slot in list(self.running):
            self.kill(slot)


def promise(database, org_id, numbers, *, delay=None, now=NOW) -> None:
    """One text for each number in turn, a few at a time as a day's work brings them."""
    numbers = list(numbers)
    for few in (numbers[at : at + 50] for at in range(0, len(numbers), 50)):
        with database.writing(tenancy.system()) as session, session.begin():
            for number in few:
                promise_one(session, org_id, number, now=now, due_at=None if delay is None else now + delay)


def promise_one(session, org_id, number, *, now=NOW, due_at=None) -> Message:
    return outbox.enqueue_text(
        session,
        org_id=org_id,
        to=PHONES[number % len(PHONES)],
        body=f"text {number}",
        lang="en",
        purpose="referral",
        subject_kind="referral",
        subject_id=new_id(),
        dedupe_key=f"k{number}",
        now=now,
        due_at=due_at,
    )


def undone(database) -> dict[str, int]:
    """How many rows are in which state short of accepted."""
    with database.reading(tenancy.system()) as session:
        waiting = select(Message.state, func.count()).where(Message.state.not_in(GONE)).group_by(Message.state)
        return {state.value: count for state, count in session.execute(waiting)}


def wait_until_all_accepted(database, patience=PATIENCE_SECONDS) -> None:
    wait_until(lambda: not undone(database), patience, lambda: f"still not accepted: {undone(database)}")


def wait_until(happened, patience=PATIENCE_SECONDS, tell=lambda: "it did not happen") -> None:
    deadline, pause = time.monotonic() + patience, threading.Event()
    while not happened():
        assert time.monotonic() < deadline, tell()
        pause.wait(0.1)


@dataclass(frozen=True)
class Count:
    """What became of the texts."""

    promised: int
    lost: int
    doubled: int
    kinds: Counter

    def __str__(self) -> str:
        found = ", ".join(f"{kind} {self.kinds[kind]}" for kind in ("in_doubt", "adopted", "not_found", "dup_sid"))
        return f"{self.promised} texts: lost {self.lost}, doubled {self.doubled} ({found})"


def count(database, company, promised: int) -> Count:
    arrived = Counter(text.body for text in company.store.listed(limit=1_000_000))
    with database.reading(tenancy.system()) as session:
        kinds = Counter(session.scalars(select(MessageEvent.kind)).all())
    lost = sum(1 for number in range(promised) if not arrived[f"text {number}"])
    return Count(promised, lost, sum(times - 1 for times in arrived.values() if times), kinds)
