"""Copies of an SQLite database: taken while it is in use, described by a manifest, checked before they are put back.

What is encrypted stays encrypted; the key file is never part of a backup.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from sqlalchemy import func, select, update

from resources_db import audit, migrate
from resources_db.engine import Database
from resources_db.models.access import AccessLink, AuditHead, LinkPass, Setting, WebSession
from resources_db.models.messages import Message
from resources_db.models.tenants import OrgKey
from resources_db.tenancy import system
from resources_db.vocab import MessageState

if TYPE_CHECKING:
    from datetime import datetime

    from resources_db.encryption import Vault

DATABASE = "handrail.sqlite"
MANIFEST = "manifest.json"
RESTORED = "restored"


class BackupError(RuntimeError):
    """A backup cannot be made or trusted; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    made_at: str
    revision: str
    sha256: str
    master_kids: list[int]
    audit_heads: dict[str, int]
    counts: dict[str, int]


def make(database: Database, target: Path, *, now: datetime) -> Manifest:
    """Write a backup of the running database to the zip file `target`; raises BackupError when it is not sound."""
    if not database.is_sqlite:
        raise BackupError("Only SQLite is copied by this command: use pg_dump for PostgreSQL.")
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        copy = Path(folder) / DATABASE
        with closing(sqlite3.connect(str(database.url.database))) as source, closing(sqlite3.connect(copy)) as sink:
            source.backup(sink)
        _require_sound(copy)
        manifest = _describe(copy, now)
        fresh = Path(folder) / "backup.zip"
        with ZipFile(fresh, "w", ZIP_DEFLATED) as archive:
            archive.write(copy, DATABASE)
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
        fresh.chmod(0o600)
        fresh.replace(target)
    return manifest


def verify(archive: Path, vault: Vault) -> Manifest:
    """Unpack a backup beside itself, check everything that can be checked, and throw the copy away."""
    with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
        return _unpacked(archive, Path(folder), vault)


def restore(archive: Path, database_file: Path, vault: Vault, *, now: datetime) -> Manifest:
    """Put a checked backup in the place of the database file; the old file is kept beside it."""
    with tempfile.TemporaryDirectory(dir=database_file.parent) as folder:
        manifest = _unpacked(archive, Path(folder), vault)
        fresh = Path(folder) / DATABASE
        _calm_down(fresh, now)
        if database_file.exists():
            database_file.replace(database_file.with_suffix(f".before-{now:%Y%m%d%H%M%S}"))
        for side in ("-wal", "-shm"):
            database_file.with_name(database_file.name + side).unlink(missing_ok=True)
        fresh.replace(database_file)
    return manifest


def _unpacked(archive: Path, folder: Path, vault: Vault) -> Manifest:
    file = folder / DATABASE
    try:
        with ZipFile(archive) as packed:
            manifest = Manifest(**json.loads(packed.read(MANIFEST)))
            with packed.open(DATABASE) as source, file.open("wb") as sink:
                shutil.copyfileobj(source, sink)
    except (OSError, ValueError, KeyError, TypeError, BadZipFile) as error:
        raise BackupError("This is not a backup made by Handrail, or it is damaged.") from error
    if _sha256(file) != manifest.sha256:
        raise BackupError("The database in this backup is not the one its manifest describes.")
    missing = sorted(set(manifest.master_kids) - set(vault.ring.master))
    if missing:
        raise BackupError(f"Master key {missing[0]} of this backup is missing from HANDRAIL_KEYS.")
    _require_sound(file)
    _require_readable(file, vault)
    return manifest


def _require_sound(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupError("The copy of the database is damaged.")


def _require_readable(file: Path, vault: Vault) -> None:
    database = Database(f"sqlite:///{file}")
    try:
        with database.reading(system()) as session:
            vault.load(session)
            if faults := audit.verify(session):
                raise BackupError(
                    f"The audit trail of this backup is broken: chain {faults[0].chain}, {faults[0].what}."
                )
    finally:
        database.close()


def _describe(file: Path, now: datetime) -> Manifest:
    database = Database(f"sqlite:///{file}")
    try:
        with database.reading(system()) as session:
            kids = sorted(set(session.scalars(select(OrgKey.master_kid))))
            heads = {head.chain: head.seq for head in session.scalars(select(AuditHead))}
            counts = {
                model.__tablename__: session.scalar(select(func.count()).select_from(model)) or 0
                for model in (Message, OrgKey)
            }
        revision = migrate.revision_of(database.engine) or ""
    finally:
        database.close()
    _fold_wal(file)
    return Manifest(now.isoformat(), revision, _sha256(file), kids, heads, counts)


def _calm_down(file: Path, now: datetime) -> None:
    """A restore brings back old facts: nothing may be sent again by guess, and nobody stays signed in."""
    database = Database(f"sqlite:///{file}")
    try:
        with database.writing(system()) as session, session.begin():
            moving = Message.state.in_([MessageState.QUEUED, MessageState.SENDING])
            session.execute(update(Message).where(moving).values(state=MessageState.UNKNOWN))
            session.execute(
                update(WebSession)
                .where(WebSession.ended_at.is_(None))
                .values(ended_at=now, ended_why="restored", data={})
            )
            session.execute(update(AccessLink).where(AccessLink.revoked_at.is_(None)).values(revoked_at=now))
            session.execute(update(LinkPass).values(expires_at=now))
            session.merge(Setting(name=RESTORED, value={"at": now.isoformat()}, changed_at=now))
            audit.record(session, action="restore", subject_kind="database", subject_id="sqlite", now=now)
    finally:
        database.close()
    _fold_wal(file)


def _fold_wal(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as source:
        while chunk := source.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
