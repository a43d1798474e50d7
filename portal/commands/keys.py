"""`handrail keys`: make the key file, and change the master key in it."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import click

from portal import keyfile, wiring
from portal.config import Settings
from resources_db.encryption import KeyRing, Vault


@click.group("keys")
def keys() -> None:
    """The key file. Without it nobody can read the personal data again: keep a copy apart from the backups."""


@keys.command("init")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path), required=False)
def init(path: Path | None) -> None:
    """Make a new key file at PATH (else HANDRAIL_KEYS), readable by its owner only. None is ever overwritten."""
    said = os.environ.get("HANDRAIL_KEYS")
    target = path or (Path(said) if said else None)
    if target is None:
        raise click.UsageError("Say where to write the file: handrail keys init PATH, or set HANDRAIL_KEYS.")
    try:
        keyfile.create(target)
    except FileExistsError:
        raise click.ClickException(f"{target} exists already. Nothing was changed.") from None
    click.echo(f"Wrote {target}. Set HANDRAIL_KEYS to it, and keep a copy apart from the database and its backups.")


@keys.command("rotate")
def rotate() -> None:
    """Make a new master key and seal every organization's data key with it. Can be stopped and run again.

    The old master key stays in the file, because backups need it. The data keys themselves are not changed.
    """
    settings = Settings.from_env()
    runtime = wiring.build(settings)
    runtime.open_keys()
    ring = runtime.keys.ring
    if not _unfinished(runtime):
        ring = _with_new_master(ring)
        keyfile.replace(settings.keys_path, replace(runtime.keys, ring=ring))
    with runtime.database.writing() as session, session.begin():
        count = Vault(ring).rewrap(session)
    click.echo(
        f"{count} data keys are now sealed with master key {ring.newest}. Restart the servers, and copy the key file."
    )
    runtime.close()


def _unfinished(runtime: wiring.Runtime) -> bool:
    with runtime.database.reading() as session:
        return runtime.vault.waiting_for_rewrap(session) > 0


def _with_new_master(ring: KeyRing) -> KeyRing:
    fresh = KeyRing.generate().master[1]
    return KeyRing({**ring.master, ring.newest + 1: fresh}, ring.blind, ring.audit)
