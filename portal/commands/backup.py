"""`handrail backup` and `handrail restore`: copies of the database, never of the keys."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from portal import startup, wiring
from portal.config import Settings
from resources_db import backup as copies
from resources_db.backup import BackupError

console = Console()
FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("backup")
@click.argument("target", type=FILE, required=False)
def backup(target: Path | None) -> None:
    """Copy the database to TARGET while it is in use. Keep the key file apart from it."""
    settings = Settings.from_env()
    runtime = wiring.build(settings)
    now = datetime.now(UTC)
    if not runtime.database.is_sqlite:
        _dump(runtime, target or Path(f"handrail-{now:%Y%m%d-%H%M%S}.dump"))
        return
    file = (target or Path(f"handrail-{now:%Y%m%d-%H%M%S}.zip")).resolve()
    try:
        with console.status("Copying the database"):
            manifest = copies.make(runtime.database, file, now=now)
    except BackupError as error:
        raise click.ClickException(str(error)) from None
    finally:
        runtime.close()
    console.print(f"Wrote {file} (schema {manifest.revision}, needs master keys {manifest.master_kids}).", markup=False)
    console.print("The keys are not in it: keep a copy of the key file in another place.")


@click.command("restore")
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--verify-only", is_flag=True, help="Check the backup and change nothing.")
def restore(archive: Path, *, verify_only: bool) -> None:
    """Put the backup ARCHIVE in the place of the database. Stop the server first; the old file is kept.

    Afterwards everybody is signed out, links are revoked, and no text that was on its way is sent by guess.
    """
    settings = Settings.from_env()
    runtime = wiring.build(settings)
    if not runtime.database.is_sqlite:
        raise click.ClickException("Restore PostgreSQL with pg_restore, then run `handrail db check`.")
    database_file = Path(str(runtime.database.url.database))
    runtime.close()
    try:
        with console.status("Checking the backup"):
            manifest = copies.verify(archive.resolve(), runtime.vault)
        if not verify_only:
            with startup.only_one(settings):
                copies.restore(archive.resolve(), database_file, runtime.vault, now=datetime.now(UTC))
    except BackupError as error:
        raise click.ClickException(str(error)) from None
    done = "The backup is sound" if verify_only else "The backup is in place"
    console.print(f"{done}: made {manifest.made_at}, schema {manifest.revision}.")


def _dump(runtime: wiring.Runtime, target: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise click.ClickException(
            "pg_dump is not installed here: install the PostgreSQL client, or dump on the server."
        )
    url = runtime.database.url.set(drivername="postgresql")
    address = url.set(password=None).render_as_string()
    runtime.close()
    # The password goes by the environment: arguments can be read by everybody on the machine.
    environment = {**os.environ, "PGPASSWORD": str(url.password or "")}
    done = subprocess.run([program, "--format=custom", f"--file={target}", address], check=False, env=environment)  # noqa: S603
    if done.returncode:
        raise click.ClickException("pg_dump failed; its message is above.")
    console.print(f"Wrote {target}. The keys are not in it: keep a copy of the key file in another place.")
