"""Fixtures of the portal as people meet it: an app on each database, a browser, a few demo people to be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from portal import wiring
from portal.app import create_app
from portal.config import Settings
from resources_db import encryption
from resources_db.models.tenants import AppUser, Org
from resources_db.tenancy import system
from resources_db.vocab import OrgKind, Role
from tests import factories
from tests.conftest import Clock
from tests.pages import Browser


class EdgeClock:
    """The app's two clocks, both told by the test."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.offset = timedelta(0)

    def now(self) -> datetime:
        return self._clock() + self.offset

    def real(self) -> datetime:
        return self._clock()

    def advance(self, by: timedelta) -> None:
        self.offset += by


class CompiledTemplates(BytecodeCache):
    """Each test has an app of its own; all of them read the same templates, so those are compiled once."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._known:
            bucket.bytecode_from_string(self._known[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = bucket.bytecode_to_string()


COMPILED = CompiledTemplates()


@dataclass(frozen=True)
class Staff:
    """One demo person a role, and the orgs they are in."""

    care: Org
    other_care: Org
    directory: Org
    agency: Org
    people: dict[Role, AppUser]
    stranger: AppUser
    """The care administrator of the other care organization."""

    def __getitem__(self, role: Role) -> AppUser:
        return self.people[role]


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings.from_env(
        {
            "HANDRAIL_DEMO": "1",
            "HANDRAIL_DATABASE_URL": database_url,
            "HANDRAIL_DATA_DIR": str(tmp_path / "data"),
        }
    )


@pytest.fixture
def runtime(settings: Settings, clock: Clock) -> Iterator[wiring.Runtime]:
    runtime = wiring.build(settings)
    runtime.clock = EdgeClock(clock)
    yield runtime
    runtime.close()
    encryption.use(None)


@pytest.fixture
def app(runtime: wiring.Runtime) -> Flask:
    app = create_app(runtime.settings, runtime)
    app.config["TESTING"] = True
    app.jinja_env.bytecode_cache = COMPILED
    return app


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)


@pytest.fixture
def another(app: Flask) -> Callable[[], Browser]:
    """Somebody else's browser."""
    return lambda: Browser(app)


@pytest.fixture
def staff(runtime: wiring.Runtime, clock: Clock) -> Staff:
    with runtime.database.writing(system()) as session, session.begin():
        now = clock()
        care = factories.make_org(session, now=now)
        other = factories.make_org(session, now=now, name="Northside Care")
        directory = factories.make_org(session, now=now, name="Directory Team", kind=OrgKind.DIRECTORY)
        agency = factories.make_org(session, now=now, name="Hope Pantry", kind=OrgKind.AGENCY)
        homes = {
            Role.NAVIGATOR: care, Role.SUPERVISOR: care, Role.CARE_ADMIN: care, Role.AUDITOR: care, Role.SITE_ADMIN: care,
            Role.AGENCY_WORKER: agency, Role.AGENCY_ADMIN: agency, Role.CURATOR: directory, Role.DIRECTORY_ADMIN: directory,
        }  # fmt: skip
        people = {
            role: factories.make_user(
                session, org=org, now=now, name=f"{role} person", email=f"{role}@x.example", role=role
            )
            for role, org in homes.items()
        }
        stranger = factories.make_user(
            session, org=other, now=now, name="Nora North", email="nora@north.example", role=Role.CARE_ADMIN
        )
        for person in (*people.values(), stranger):
            person.demo = True
        session.flush()
        session.expunge_all()
    return Staff(care, other, directory, agency, people, stranger)
