"""A backup is taken while the database is used, is checked before it is put back, and sends nothing twice afterwards."""

from __future__ import annotations

import sqlite3
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from resources_db import audit, backup
from resources_db.backup import BackupError
from resources_db.encryption import KeyRing, Vault
from resources_db.engine import Database
from resources_db.models.people import Patient
from resources_db.tenancy import system
from tests import factories


@pytest.fixture
def filled(tmp_path, sqlite_template, vault, now):
    import shutil

    path = tmp_path / "handrail.sqlite"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with database.writing(system()) as session, session.begin():
        factories.cast(session, now)
        audit.record(session, action="test", subject_kind="x", subject_id="1", now=now)
    yield database, path
    database.close()


def test_a_restored_backup_holds_what_was_there_and_can_be_read(filled, tmp_path, vault, now):
    database, path = filled
    archive = tmp_path / "b.zip"
    manifest = backup.make(database, archive, now=now)
    assert archive.stat().st_mode & 0o077 == 0
    assert manifest.counts["org_key"] == 1
    with database.writing(system()) as session, session.begin():
        factories.make_org(session, now=now, name="Later Care")
    database.close()
    backup.restore(archive, path, vault, now=now)
    again = Database(f"sqlite:///{path}")
    with again.reading(system()) as session:
        names = {patient.first_name for patient in session.scalars(select(Patient))}
        assert audit.verify(session) == []
    again.close()
    assert names == {"Rosa", "Minh", "Amina"}
    assert list(path.parent.glob("handrail.before-*"))


def test_a_backup_without_its_master_key_is_refused(filled, tmp_path, now):
    database, _ = filled
    backup.make(database, tmp_path / "b.zip", now=now)
    ring = KeyRing.generate()
    other = Vault(KeyRing({2: ring.master[1]}, ring.blind, ring.audit))
    with pytest.raises(BackupError, match="Master key 1"):
        backup.verify(tmp_path / "b.zip", other)


@pytest.mark.parametrize("harm", ["manifest", "database", "not a zip"])
def test_a_damaged_backup_is_refused_and_the_database_stays(filled, tmp_path, vault, now, harm):
    database, path = filled
    archive = tmp_path / "b.zip"
    backup.make(database, archive, now=now)
    with ZipFile(archive) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    if harm == "not a zip":
        archive.write_bytes(b"hello")
    else:
        name = backup.MANIFEST if harm == "manifest" else backup.DATABASE
        parts[name] = b"{}" if harm == "manifest" else parts[name][:-4096]
        with ZipFile(archive, "w") as packed:
            for part, content in parts.items():
                packed.writestr(part, content)
    before = path.read_bytes()
    with pytest.raises(BackupError):
        backup.restore(archive, path, vault, now=now)
    assert path.read_bytes() == before


def test_an_edited_audit_row_in_a_backup_is_found(filled, tmp_path, vault, now):
    database, path = filled
    with sqlite3.connect(path) as raw:
        raw.execute("DROP TRIGGER IF EXISTS audit_event_no_update")
        triggers = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type='trigger'")]
        for trigger in triggers:
            raw.execute(f"DROP TRIGGER {trigger}")
        raw.execute("UPDATE audit_event SET action = 'nothing'")
    raw.close()
    backup.make(database, tmp_path / "b.zip", now=now)
    with pytest.raises(BackupError, match="audit"):
        backup.verify(tmp_path / "b.zip", vault)
