"""Brings the schema to the head of the migration history, and says whether it is there.

The head is also written in migrations/HEAD, so that two branches with a migration each collide in git.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from resources_db.base import Base

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.schema import SchemaItem

MIGRATIONS = Path(__file__).parent / "migrations"

DBOS_TABLES = frozenset(
    {"notifications", "queues", "streams", "operation_outputs", "application_versions", "dbos_migrations"}
)
"""Names the job engine takes in the same SQLite file; never ours."""


class SchemaError(RuntimeError):
    """The database is not at the schema this code needs."""


def is_ours(_item: SchemaItem, name: str | None, kind: str, _reflected: bool, _against: SchemaItem | None) -> bool:
    """Whether Alembic should look at this object: tables of the job engine share the SQLite file with us."""
    return not (kind == "table" and name is not None and (name in DBOS_TABLES or name.startswith("workflow_")))


def head() -> str:
    """The newest revision this code knows."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


def revision_of(engine: Engine) -> str | None:
    """The revision the database is at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, to: str = "head") -> None:
    """Run the missing migrations in one transaction."""
    with engine.begin() as connection:
        command.upgrade(_config(connection), to)


def downgrade(engine: Engine, to: str) -> None:
    """Undo migrations down to `to` ("base" for all)."""
    with engine.begin() as connection:
        command.downgrade(_config(connection), to)


def require_head(engine: Engine) -> None:
    """Raises SchemaError, with the command to run, unless the schema is the one this code was written for."""
    found = revision_of(engine)
    if found == head():
        return
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if found is not None and found not in known:
        msg = "The database is newer than this version of Handrail. Install the newer version."
    else:
        msg = "The database needs an upgrade. Run: handrail db upgrade"
    raise SchemaError(msg)


def drift(engine: Engine) -> list[object]:
    """Differences between the models and the migrated schema; empty when they agree."""
    from alembic.autogenerate import compare_metadata

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours, "compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
