"""A worker killed with -9 at any moment: no text is lost, none is sent twice. The short form; the long one is a benchmark."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from messaging import outbox
from portal.sms.carrier import Account, Carrier
from portal.sms.phone_server import PhoneServer
from portal.sms.phone_store import PhoneStore
from resources_db import tenancy
from resources_db.base import new_id
from resources_db.models.messages import Message
from resources_db.vocab import MessageState
from tests import factories
from tests.conftest import NOW

ROOT = Path(__file__).resolve().parents[2]
TEXTS = 80
KILLS = 5
PATIENCE_SECONDS = 60
ACCOUNT = Account("AC" + "a" * 32, "b" * 32, "MG" + "c" * 32, "http://127.0.0.1:9/sms/inbound")


class SlowCompany(Carrier):
    """Takes a moment before and after accepting, so that a kill can fall on either side; counts what it took."""

    def __init__(self, store: PhoneStore) -> None:
        super().__init__(store, ACCOUNT)
        self.taken = threading.Semaphore(0)
        self._pause = threading.Event()

    def accept(self, *, to, body, callback):
        self._pause.wait(random.uniform(0, 0.02))
        text = super().accept(to=to, body=body, callback=callback)
        self.taken.release()
        self._pause.wait(random.uniform(0, 0.02))
        return text


@pytest.fixture
def company(tmp_path):
    company = SlowCompany(PhoneStore(tmp_path / "phone.sqlite"))
    server = PhoneServer(company)
    server.start()
    company.url = server.url
    yield company
    server.stop()
    company.store.close()


@pytest.fixture
def facts(tmp_path, database, database_url, vault, company):
    ring = vault.ring
    path = tmp_path / "facts.json"
    path.write_text(
        json.dumps(
            {
                "database": database_url,
                "master": ring.master[1].hex(),
                "blind": ring.blind.hex(),
                "audit": ring.audit.hex(),
                "now": NOW.isoformat(),
                "provider": {
                    "account_sid": ACCOUNT.sid,
                    "auth_token": ACCOUNT.token,
                    "messaging_service_sid": ACCOUNT.service_sid,
                    "public_url": "http://127.0.0.1:9",
                    "api_base": company.url,
                },
            }
        )
    )
    return path


def start(facts, executor="local"):
    command = [sys.executable, "-m", "tests.faults.worker_process", str(facts), executor]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def promise(database, texts):
    with database.writing(tenancy.system()) as session, session.begin():
        org_id = factories.cast(session, NOW).org.id
        for number in range(texts):
            outbox.enqueue_text(
                session,
                org_id=org_id,
                to="+15135550148",
                body=f"text {number}",
                lang="en",
                purpose="referral",
                subject_kind="referral",
                subject_id=new_id(),
                dedupe_key=f"k{number}",
                now=NOW,
            )


def undone(database):
    with database.reading(tenancy.system()) as session:
        return session.scalar(select(func.count()).where(Message.state != MessageState.ACCEPTED))


def wait_until_all_accepted(database):
    deadline, pause = time.monotonic() + PATIENCE_SECONDS, threading.Event()
    while undone(database):
        assert time.monotonic() < deadline, f"{undone(database)} texts are still not accepted"
        pause.wait(0.1)


@pytest.mark.faults
@pytest.mark.bad_input(31)
def test_kill_9_loses_nothing_and_doubles_nothing(database, company, facts):
    promise(database, TEXTS)
    for _ in range(KILLS):
        worker = start(facts)
        for _ in range(random.randint(1, TEXTS // (KILLS + 2))):
            assert company.taken.acquire(timeout=PATIENCE_SECONDS)
        worker.kill()
        worker.wait()
    last = start(facts)
    try:
        wait_until_all_accepted(database)
    finally:
        last.kill()
        last.wait()
    sent = Counter(text.body for text in company.store.texts_of("+15135550148"))
    assert sent == {f"text {number}": 1 for number in range(TEXTS)}


@pytest.mark.faults
def test_two_workers_one_killed_for_ever_send_everything_once(database, company, facts):
    if database.is_sqlite:
        promise(database, 1)  # one executor only: the lock file of `handrail run` sees to that
        only = start(facts)
        try:
            wait_until_all_accepted(database)
        finally:
            only.kill()
            only.wait()
        return
    promise(database, TEXTS)
    doomed, other = start(facts, "worker-0"), start(facts, "worker-1")
    try:
        for _ in range(10):
            assert company.taken.acquire(timeout=PATIENCE_SECONDS)
        doomed.kill()
        wait_until_all_accepted(database)
    finally:
        for worker in (doomed, other):
            worker.kill()
            worker.wait()
    assert len(company.store.texts_of("+15135550148")) == TEXTS
