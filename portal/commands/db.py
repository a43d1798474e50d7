"""`handrail db`: the schema of the database."""

from __future__ import annotations

import click

from portal import startup, wiring
from portal.config import Settings
from resources_db import migrate


@click.group("db")
def db() -> None:
    """The database and its schema."""


@db.command("upgrade")
def upgrade() -> None:
    """Run the migrations that are missing. Make a backup before."""
    runtime = wiring.build(Settings.from_env())
    click.echo(f"Database: {startup.upgrade(runtime)}.")
    runtime.close()


@db.command("check")
def check() -> None:
    """Say whether the database has the schema this version needs; exit code 2 when not."""
    runtime = wiring.build(Settings.from_env())
    migrate.require_head(runtime.database.engine)
    click.echo(f"The database is at {migrate.head()}, as this version needs it.")
    runtime.close()
