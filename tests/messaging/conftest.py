"""A messenger with the real twilio client against a real HTTP phone company, and one org that texts Rosa."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from messaging import callbacks, outbox, send
from messaging.email_transport import mail_transport
from messaging.hooks import Hooks
from messaging.messenger import Messenger
from messaging.settings import ProviderSettings, Timing
from messaging.twilio_transport import TwilioTexts
from portal.sms.carrier import Account, Carrier
from portal.sms.phone_server import MAIL_PATH, PhoneServer
from portal.sms.phone_store import PhoneStore, Text
from resources_db import tenancy
from resources_db.base import new_id
from resources_db.engine import Database
from resources_db.models.messages import Message, MessageEvent
from tests import factories
from tests.conftest import NOW, Clock

ROSA = "+15135550148"
ACCOUNT = Account("AC" + "a" * 32, "b" * 32, "MG" + "c" * 32, "http://127.0.0.1:9/sms/inbound")
QUICK = Timing(
    fence=timedelta(seconds=10),
    connect=timedelta(seconds=1),
    read=timedelta(seconds=2),  # a busy machine answers late
    grace=timedelta(seconds=0),
    look_again=timedelta(seconds=0),
)


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Carrier]:
    """The phone company; its thread does not run, tests let it work off what is due."""
    store = PhoneStore(tmp_path / "phone.sqlite")
    yield Carrier(store, ACCOUNT)
    store.close()


@pytest.fixture
def phone_server(company: Carrier) -> Iterator[PhoneServer]:
    server = PhoneServer(company)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings(phone_server: PhoneServer) -> ProviderSettings:
    return ProviderSettings(
        account_sid=ACCOUNT.sid,
        auth_token=ACCOUNT.token,
        messaging_service_sid=ACCOUNT.service_sid,
        public_url="http://127.0.0.1:9",
        api_base=phone_server.url,
        mail_url=phone_server.url + MAIL_PATH,
        mail_from="no-reply@riverside.example",
        timing=QUICK,
    )


@pytest.fixture
def org_id(database: Database) -> uuid.UUID:
    with database.writing(tenancy.system()) as session, session.begin():
        return factories.cast(session, NOW).org.id


@pytest.fixture
def messenger(database: Database, settings: ProviderSettings, clock: Clock) -> Messenger:
    return Messenger(
        database=database,
        settings=settings,
        texts=TwilioTexts(settings),
        mails=mail_transport(settings),
        hooks=Hooks(),
        now=clock,
    )


@dataclass
class Desk:
    """What a test does with messages: promise, send, look."""

    messenger: Messenger
    org_id: uuid.UUID
    clock: Clock

    def promise(self, to: str = ROSA, body: str = "Riverside Care: hola", **facts: object) -> uuid.UUID:
        with self.writing() as session, session.begin():
            return self.promise_in(session, to, body, **facts).id

    def promise_in(
        self, session: Session, to: str = ROSA, body: str = "Riverside Care: hola", **facts: object
    ) -> Message:
        values = {
            "lang": "es",
            "purpose": "referral",
            "subject_kind": "referral",
            "subject_id": new_id(),
            "dedupe_key": new_id().hex,
            "now": self.clock(),
        }
        return outbox.enqueue_text(session, org_id=self.org_id, to=to, body=body, **{**values, **facts})

    def writing(self) -> Session:
        return self.messenger.database.writing(tenancy.system())

    def lose_jobs(self) -> None:
        """The queue forgets what it was given, or has done it without effect."""
        schema = "" if self.messenger.database.is_sqlite else "dbos."
        with self.writing() as session, session.begin():
            session.execute(text(f"UPDATE {schema}workflow_status SET status = 'SUCCESS'"))

    def send(self, message_id: uuid.UUID) -> Message:
        """What a worker does when it takes the job."""
        self.lose_jobs()
        send.run(self.messenger, message_id)
        return self.row(message_id)

    def row(self, message_id: uuid.UUID) -> Message:
        with self.messenger.database.reading(tenancy.system()) as session:
            return session.get_one(Message, message_id)

    def kinds(self, message_id: uuid.UUID) -> list[str]:
        with self.messenger.database.reading(tenancy.system()) as session:
            found = select(MessageEvent.kind).where(MessageEvent.message_id == message_id).order_by(MessageEvent.at)
            return list(session.scalars(found))

    def report(self, message_id: uuid.UUID, sid: str, status: str, code: str = "") -> bool:
        with self.writing() as session, session.begin():
            token = session.get_one(Message, message_id).token
            facts = {"sid": sid, "status": status, "error_code": code}
            return callbacks.apply(self.messenger, session, token=token, now=self.clock(), **facts)

    def with_(self, **changes: object) -> Desk:
        return Desk(replace(self.messenger, **changes), self.org_id, self.clock)


@pytest.fixture
def desk(messenger: Messenger, org_id: uuid.UUID, clock: Clock) -> Desk:
    return Desk(messenger, org_id, clock)


def posted(company: Carrier, to: str = ROSA) -> list[Text]:
    """What the phone company has taken for a number, newest first."""
    return company.store.listed(receiver=to)
