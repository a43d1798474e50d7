"""The town of the story, small: Rosa and who helps her, an app that is really reached over HTTP, a phone company by hand."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from werkzeug.serving import make_server

from portal import wiring, worker
from portal.config import Settings
from portal.sms import time_travel
from portal.sms.carrier import Carrier
from referrals import consent, links, needs, texting
from referrals.consent import ConsentForm, Recipient
from resources_db import search_log
from resources_db.encryption import phone_index
from resources_db.models.tenants import AppUser
from resources_db.tenancy import Actor, act_as, system
from resources_db.vocab import ActorKind, ConsentMethod, NeedSource, OrgKind, Role, TextingLevel
from tests import factories
from tests.edge import another, app, browser, runtime
from tests.factories import Cast

__all__ = ["another", "app", "browser", "runtime"]


@dataclass(frozen=True)
class Town:
    cast: Cast
    kitchen: factories.Listing
    priya: AppUser
    sam: AppUser

    @property
    def dana(self) -> AppUser:
        return self.cast.dana


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.fixture
def settings(database_url: str, tmp_path: Path, listener: socket.socket) -> Settings:
    return Settings.from_env(
        {
            "HANDRAIL_DEMO": "1",
            "HANDRAIL_DATABASE_URL": database_url,
            "HANDRAIL_DATA_DIR": str(tmp_path / "data"),
            "HANDRAIL_PUBLIC_URL": f"http://127.0.0.1:{listener.getsockname()[1]}",
        }
    )


@pytest.fixture
def served(app: Flask, listener: socket.socket) -> Iterator[str]:
    """The app behind a real port: the texting client and the phone company's webhooks go this way."""
    port = listener.getsockname()[1]
    server = make_server("127.0.0.1", port, app, threaded=True, fd=listener.fileno())
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def company(runtime: wiring.Runtime, served: str, monkeypatch: pytest.MonkeyPatch) -> Carrier:
    """The phone company works when the test says so, in the test's own thread."""
    monkeypatch.setattr(Carrier, "start", lambda _self: None)
    return runtime.phone_company


@pytest.fixture
def let_happen(runtime: wiring.Runtime, company: Carrier):
    """What is due by the product's clock happens, and so does what follows from it at the phone company."""

    def happen() -> None:
        worker.minute(runtime)
        time_travel.advance(runtime, timedelta(0))
        while company.work_off(datetime.now(UTC) + timedelta(minutes=1)):
            time_travel.advance(runtime, timedelta(0))

    return happen


@pytest.fixture
def town(runtime: wiring.Runtime, clock, served: str) -> Town:
    links.use_base(served)
    with runtime.database.writing(system()) as session, session.begin():
        now = clock()
        cast = factories.cast(session, now)
        directory = factories.make_org(session, now=now, name="Queen City Directory", kind=OrgKind.DIRECTORY)
        priya = factories.make_user(
            session, org=cast.org, now=now, name="Priya Raman", email="priya@riverside.example", role=Role.SUPERVISOR
        )
        sam = factories.make_user(
            session, org=directory, now=now, name="Sam Ortiz", email="sam@directory.example", role=Role.CURATOR
        )
        kitchen = factories.make_listing(
            session, now=now, name="St. Anne Kitchen", needs=["food_pantry"], languages=("en", "es")
        )
        pantry = cast.food_bank.contact  # wants texts, and no code
        pantry.phone, pantry.email, pantry.code_needed = "+15135550137", "", False
        pantry.phone_bix = phone_index(pantry.phone)
        for person in (cast.dana, priya, sam):
            person.demo = True
        services = [one.service.id for one in (cast.food_bank, cast.clinic, kitchen)]
        search_log.touch(session, services, now=now)
        _agree(session, cast, now)
        act_as(session, system())
        session.flush()
        session.expunge_all()
    return Town(cast, kitchen, priya, sam)


def _agree(session, cast: Cast, now: datetime) -> None:
    """Rosa told Dana of her need, and agreed to share and to be texted."""
    act_as(session, Actor(ActorKind.USER, cast.org.id, cast.dana.id, Role.NAVIGATOR, "Dana Cole"))
    food = "food_pantry"
    needs.add(session, patient_id=cast.rosa.id, org_id=cast.org.id, subneed=food, source=NeedSource.TALK, now=now)
    form = ConsentForm(
        recipients=(Recipient(domain="nutrition"),), method=ConsentMethod.VERBAL, language="es", witness="D. Reyes"
    )
    consent.record(session, patient_id=cast.rosa.id, form=form, now=now)
    texting.record(
        session,
        patient_id=cast.rosa.id,
        level=TextingLevel.NEUTRAL,
        how="spoken",
        language="es",
        now=now,
        welcome=False,
    )
