"""What every test may ask for: a database of its own (twice: SQLite and PostgreSQL), a session, a fixed moment."""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from i18n import catalog
from resources_db import encryption, engine, tenancy
from resources_db.base import Base
from resources_db.engine import Database
from tests import databases, factories, network

# A Monday, 10:00 in Cincinnati: offices are open and no quiet hours apply.
NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[1]

network.close()


def pytest_configure() -> None:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", databases.quick_folder())
    # As for PostgreSQL: a disk that stands still for seconds would make writers give up who are right.
    engine.SYNCHRONOUS = "OFF"


def pytest_collection_finish() -> None:
    _set_aside()
    gc.collect()  # so that "a quarter more than survived last time" is counted from nothing
    gc.set_threshold(10_000, 10, 8)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """What survives a module (catalogs, gazetteers, compiled pages) lives to the end of the run."""
    done = yield
    if nextitem is None or nextitem.path != item.path:
        _set_aside()
    return done


def _set_aside() -> None:
    # Mappers keep what they compiled for each dialect, and every test has a dialect of its own.
    for mapper in Base.registry.mappers:
        mapper._compiled_cache.clear()
    # Each test leaves an app full of circles behind. They are found without walking through what stays each time: half
    # of the whole run's time went there.
    gc.collect()
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A skipped test proves nothing, so a run with one is not green."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    unproven = [kind for kind in ("skipped", "xfailed", "xpassed") if reporter.stats.get(kind)]
    if unproven and session.exitstatus == 0:
        reporter.write_line(f"A run with {' and '.join(unproven)} tests does not count as passed.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@dataclass
class Clock:
    """The time as the test says it is."""

    moment: datetime = NOW

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **amount: float) -> datetime:
        """Let time pass: clock.forward(days=3)."""
        self.moment += timedelta(**amount)
        return self.moment


@pytest.fixture(autouse=True)
def _languages_of_the_source() -> Iterator[None]:
    """A draft language that a test switched on is off for the next one."""
    yield
    catalog.switch_on(())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def now(clock: Clock) -> datetime:
    return clock()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Published schemas and real exports that are read where they lie and never copied in."""
    return Path(os.environ.get("HANDRAIL_SHARED") or ROOT.parent / "shared")


@pytest.fixture(scope="session")
def postgres() -> Iterator[databases.PostgresServer]:
    server = databases.PostgresServer()
    try:
        yield server.start()
    finally:
        server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return databases.sqlite_template(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated, empty database; a test that asks for it runs once on each engine."""
    if request.param == "sqlite":
        path = tmp_path / "handrail.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: databases.PostgresServer = request.getfixturevalue("postgres")
    name = server.create()
    try:
        yield server.url(name)
    finally:
        server.drop(name)


@pytest.fixture
def vault() -> Iterator[encryption.Vault]:
    """A key ring of the test's own."""
    vault = encryption.Vault(encryption.KeyRing.generate())
    encryption.use(vault)
    yield vault
    encryption.use(None)


@pytest.fixture
def database(database_url: str, vault: encryption.Vault) -> Iterator[Database]:
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session in which the system itself acts; what the test does not commit is gone."""
    session = database.writing(tenancy.system())
    try:
        yield session
    finally:
        session.rollback()
        session.close()


@pytest.fixture
def cast(session: Session, now: datetime) -> factories.Cast:
    """Rosa, Minh, Amina, Dana, the food bank and the clinic, flushed into the test's session."""
    return factories.cast(session, now)
