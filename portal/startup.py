"""What must be true before the first request: one process a SQLite file, schema, keys, demo people, search index."""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from portal.config import UnsafeSettingsError
from resources_db import migrate
from resources_db.models.tenants import AppUser
from resources_db.tenancy import system

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from portal.config import Settings
    from portal.wiring import Runtime

    Step = Callable[[str, Callable[[], str | None]], None]

LOCK = "handrail.lock"


@contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """Hold the data folder: two servers on one SQLite file and one search index would be in each other's way."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (settings.data_dir / LOCK).open("a", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            msg = f"Another Handrail uses {settings.data_dir}: stop it, or set HANDRAIL_DATA_DIR to another folder."
            raise UnsafeSettingsError(msg) from None
        yield


def prepare(runtime: Runtime, step: Step) -> None:
    """Bring everything up to date, saying what is being done."""
    if runtime.settings.demo:
        step("Database", lambda: _demo_schema(runtime))
    step("Database and keys", lambda: require_ready(runtime))
    if runtime.settings.demo:
        step("Demo people and places", lambda: _seed(runtime))
    step("Search index", lambda: _index(runtime))


def require_ready(runtime: Runtime) -> str:
    """Raises, in one sentence, when schema, keys or people do not fit this code and these settings."""
    migrate.require_head(runtime.database.engine)
    runtime.open_keys()
    if runtime.settings.demo:
        refuse_real_people(runtime)
    return str(runtime.settings.keys_path)


def upgrade(runtime: Runtime) -> str:
    """Run the migrations that are missing, of the job tables first: a kill in between is then seen at the next try."""
    from resources_db import jobs

    before = migrate.revision_of(runtime.database.engine)
    jobs.upgrade(runtime.settings.database_url)
    migrate.upgrade(runtime.database.engine)
    return "up to date" if before == migrate.head() else f"at {migrate.head()}"


def _demo_schema(runtime: Runtime) -> str:
    # Asking the job engine costs a second, so a demo that is up to date does not.
    if migrate.revision_of(runtime.database.engine) == migrate.head():
        return "up to date"
    return upgrade(runtime)


def refuse_real_people(runtime: Runtime) -> None:
    """The demo has open doors, so it must never open a database with real accounts."""
    with runtime.database.reading() as session:
        real = session.scalar(select(func.count()).select_from(AppUser).where(AppUser.demo.is_(False)))
    if real:
        msg = "This database holds real accounts, so the demo will not open it: set HANDRAIL_DEMO=0."
        raise UnsafeSettingsError(msg)


def _seed(runtime: Runtime) -> str | None:
    from portal import demo

    return demo.seed(runtime)


def _index(runtime: Runtime) -> str | None:
    """Take in what was changed meanwhile; an index that opens answers at once, also when it must be built anew."""
    with runtime.database.reading(system()) as session:
        taken = runtime.search.take(session, runtime.clock.now())
        if taken is None and not runtime.search.status().healthy:
            runtime.search.rebuild(session, runtime.clock.now())
    return None
