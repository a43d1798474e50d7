"""An import taken back leaves the directory as it was, byte for byte; what changed since is left alone and named."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from resources_db import search_log
from resources_db.hsds import export
from resources_db.importers import base, undo
from resources_db.importers.identity import identity
from resources_db.models import directory as d
from resources_db.models.curation import ImportChange, ImportRun, SearchChange, Tombstone
from resources_db.models.upkeep import RecordHistory
from resources_db.tenancy import system
from resources_db.vocab import Confidentiality, ImportAction, ImportState
from tests.conftest import NOW
from tests.resources_db.importers.test_import import PANTRY, bring, package, the_listing, with_rows

TODAY = date(2026, 11, 23)
LATER = NOW + timedelta(days=1)
CHANGED = with_rows(
    organizations=[{"id": "o1", "name": "Hope United"}, {"id": "o2", "name": "Elm"}],
    services=[
        {**PANTRY["services.csv"][0], "email": "new@hope.example", "fees_description": "Free"},
        {"id": "s2", "organization_id": "o2", "name": "Rent help", "status": "active"},
    ],
    phones=[{"id": "p2", "service_id": "s1", "number": "513-555-0199", "x_note": "kept aside"}],
    schedules=[{"id": "h1", "service_id": "s1", "description": "Mon-Fri 8am-5pm"}],
)


def written(session: Session, folder: Path) -> dict[str, bytes]:
    session.expire_all()
    export.write(session, folder, today=TODAY)
    export.write(session, folder.with_suffix(".ndjson"), today=TODAY)
    files = [*folder.iterdir(), folder.with_suffix(".ndjson")]
    return {file.name.replace(folder.name, ""): file.read_bytes() for file in files}


def newest(session: Session) -> ImportRun:
    applied = select(ImportRun).where(ImportRun.applied_at.is_not(None))
    return session.scalars(applied.order_by(ImportRun.applied_at.desc())).first()


@pytest.mark.parametrize("full", [False, True])
def test_after_an_undo_the_export_is_what_it_was_byte_for_byte(session: Session, tmp_path: Path, full: bool) -> None:
    two = with_rows(organizations=[*PANTRY["organizations.csv"], {"id": "o9", "name": "Oak"}])
    bring(session, package(tmp_path / "a", two))
    before = written(session, tmp_path / "before")
    bring(session, package(tmp_path / "b", CHANGED), days=1, full=full)
    assert written(session, tmp_path / "between") != before
    touched = session.scalar(select(func.max(SearchChange.seq)))
    done = undo.rollback(session, newest(session).id, now=LATER)
    assert done.left == 0
    assert written(session, tmp_path / "after") == before
    assert session.scalar(select(func.max(SearchChange.seq))) > touched
    assert newest(session).state == ImportState.ROLLED_BACK


def test_what_an_import_made_is_gone_with_a_tombstone_and_what_it_withdrew_is_back(
    session: Session, tmp_path: Path
) -> None:
    two = with_rows(organizations=[*PANTRY["organizations.csv"], {"id": "o9", "name": "Oak"}])
    bring(session, package(tmp_path / "a", two))
    bring(session, package(tmp_path / "b", CHANGED), days=1, full=True)
    oak, elm = identity("county", "organization", "o9"), identity("county", "organization", "o2")
    assert session.get(Tombstone, oak) is not None
    undo.rollback(session, newest(session).id, now=LATER)
    session.expire_all()
    assert (session.get(Tombstone, oak), session.get_one(d.Organization, oak).deleted_at) == (None, None)
    assert session.get_one(Tombstone, elm).kind == "organization"
    assert session.scalar(select(func.count()).select_from(RecordHistory)) == 0


def test_two_imports_can_be_taken_back_one_after_the_other(session: Session, tmp_path: Path) -> None:
    bring(session, package(tmp_path / "a", PANTRY))
    first = written(session, tmp_path / "first")
    bring(session, package(tmp_path / "b", CHANGED), days=1)
    second = written(session, tmp_path / "second")
    again = {**PANTRY["services.csv"][0], "email": "third@hope.example"}
    bring(session, package(tmp_path / "c", with_rows(services=[again])), days=2)
    runs = session.scalars(select(ImportRun.id).order_by(ImportRun.applied_at.desc())).all()
    for run_id, before in zip(runs, (second, first), strict=False):
        assert undo.rollback(session, run_id, now=LATER + timedelta(days=2)).left == 0
        assert written(session, tmp_path / f"x{run_id}") == before


def test_a_record_that_somebody_changed_since_is_left_alone_and_named(session: Session, tmp_path: Path) -> None:
    bring(session, package(tmp_path / "a", PANTRY))
    bring(session, package(tmp_path / "b", CHANGED), days=1)
    run = newest(session)
    service = session.get_one(d.Service, identity("county", "service", "s1"))
    service.email, service.version = "person@hope.example", service.version + 1
    search_log.touch(session, [service.id], now=LATER)
    session.flush()
    done = undo.rollback(session, run.id, now=LATER + timedelta(hours=1))
    session.expire_all()
    assert done.left == 1
    assert session.get_one(d.Service, service.id).email == "person@hope.example"
    left = session.scalars(select(ImportChange).where(ImportChange.reason == undo.LEFT)).one()
    assert (left.kind, left.record_id, left.action) == ("service", service.id, ImportAction.UPDATE)
    assert session.get_one(d.Organization, identity("county", "organization", "o1")).name == "Hope"


def test_an_undo_never_uncovers_a_place_that_the_import_hid(session: Session, tmp_path: Path) -> None:
    bring(session, package(tmp_path / "a", PANTRY))
    hiding = [{**PANTRY["addresses.csv"][0], "address_1": "1418 Vine St (confidential)"}]
    bring(session, package(tmp_path / "b", with_rows(addresses=hiding)), days=1)
    undo.rollback(session, newest(session).id, now=LATER)
    session.expire_all()
    assert the_listing(session).confidentiality == Confidentiality.HIDDEN
    assert session.scalar(select(func.count()).select_from(d.Address)) == 0
    told = [
        (one.before, one.after)
        for one in session.scalars(select(ImportChange).join(ImportRun).where(ImportRun.applied_at > NOW))
    ]
    assert "Vine" not in str(told)


def test_only_what_stands_applied_can_be_taken_back(session: Session, tmp_path: Path) -> None:
    planned = base.plan(session, package(tmp_path / "a", PANTRY))
    run = base.record_dry_run(session, planned, actor=system(), now=NOW)
    with pytest.raises(undo.NotAppliedError):
        undo.rollback(session, run.id, now=NOW)
    bring(session, package(tmp_path / "a", PANTRY))
    applied = newest(session)
    undo.rollback(session, applied.id, now=LATER)
    with pytest.raises(undo.NotAppliedError):
        undo.rollback(session, applied.id, now=LATER)


def test_after_an_undo_the_same_file_brings_everything_back(session: Session, tmp_path: Path) -> None:
    bring(session, package(tmp_path / "a", PANTRY))
    there = written(session, tmp_path / "there")
    undo.rollback(session, newest(session).id, now=LATER)
    assert session.scalar(select(func.count()).select_from(d.Service).where(d.Service.deleted_at.is_(None))) == 0
    session.execute(update(ImportRun).values(applied_at=NOW))
    again = bring(session, package(tmp_path / "a", PANTRY))
    assert (again.total(ImportAction.UPDATE), again.errors) == (4, [])
    assert written(session, tmp_path / "again") == there
