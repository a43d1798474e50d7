"""An import killed with -9 at any moment of reading, applying and taking back: all or nothing, and nothing twice."""

from __future__ import annotations

import json
import random
import signal
import threading
import time

import pytest
from sqlalchemy import func, select

from bench import import_files
from resources_db.hsds import export
from resources_db.hsds.fields import OBJECTS
from resources_db.importers import queue, work
from resources_db.models.curation import ImportChange, ImportRun, SearchChange
from resources_db.models.imports import ImportJob
from resources_db.tenancy import system
from resources_db.vocab import ImportStage, ImportState
from tests.conftest import NOW
from tests.faults.drain import FULL
from tests.faults.import_process import start

SERVICES = 300 if FULL else 60
KILLS = 12 if FULL else 4
LONGEST_SECONDS = 2.0 if FULL else 0.6
PATIENCE_SECONDS = 60


@pytest.fixture
def facts(tmp_path, database, database_url, vault):
    ring = vault.ring
    path = tmp_path / "facts.json"
    path.write_text(
        json.dumps(
            {
                "database": database_url,
                "master": ring.master[1].hex(),
                "blind": ring.blind.hex(),
                "audit": ring.audit.hex(),
                "now": NOW.isoformat(),
                "folder": str(tmp_path / "imports"),
            }
        )
    )
    return path


@pytest.fixture
def shop(database, tmp_path):
    import_files.write(tmp_path / "imports/package", import_files.Size(SERVICES))
    return work.Shop(database, tmp_path / "imports", lambda: NOW)


@pytest.fixture
def job_id(shop):
    with shop.database.writing(system()) as session, session.begin():
        return queue.enqueue(session, "package", file_name="package", source="county", now=NOW)


def kill_at_any_moment(facts, verb, job_id, chance, ended):
    """Start the work again and again; each time it dies, until `ended` or the number of kills is reached."""
    for _kill in range(KILLS):
        process = start(facts, verb, str(job_id))
        threading.Event().wait(chance.uniform(0, LONGEST_SECONDS))
        process.kill()
        process.join()
        assert process.exitcode in {-signal.SIGKILL, 0}
        yield
        if ended():
            return


def rows(database):
    with database.reading(system()) as session:
        return {
            kind.name: session.scalar(select(func.count()).select_from(kind.model)) for kind in OBJECTS.values()
        } | {"search_change": session.scalar(select(func.count()).select_from(SearchChange))}


def stage(database, job_id):
    with database.reading(system()) as session:
        return session.get_one(ImportJob, job_id).stage


@pytest.mark.faults
def test_kill_9_leaves_all_or_nothing_and_the_next_start_says_which(database, facts, shop, job_id, tmp_path, figure):
    chance = random.Random(7)
    empty = rows(database)
    for _ in kill_at_any_moment(facts, "read", job_id, chance, lambda: stage(database, job_id) == ImportStage.READY):
        assert rows(database) == empty
    work.read(shop, job_id)
    assert stage(database, job_id) == ImportStage.READY
    with database.reading(system()) as session:
        assert session.scalar(select(func.count()).select_from(ImportRun)) == 1
        planned = session.scalar(select(func.count()).select_from(ImportChange))
        before = export_of(session, tmp_path / "before")
    with database.writing(system()) as session, session.begin():
        queue.apply(session, job_id, now=NOW)
    seen = set()
    for _ in kill_at_any_moment(facts, "apply", job_id, chance, lambda: stage(database, job_id) == ImportStage.DONE):
        seen.add(whole(rows(database), empty))
    work.apply(shop, job_id)
    assert stage(database, job_id) == ImportStage.DONE
    assert whole(rows(database), empty) == "all"
    figure(f"{planned} planned changes; seen after kills: {sorted(seen)}")
    with database.writing(system()) as session, session.begin():
        queue.undo(session, job_id, now=NOW)
    for _ in kill_at_any_moment(facts, "undo", job_id, chance, lambda: stage(database, job_id) == ImportStage.UNDONE):
        with database.reading(system()) as session:
            assert session.scalars(select(ImportRun.state)).one() in {ImportState.APPLIED, ImportState.ROLLED_BACK}
    work.undo(shop, job_id)
    with database.reading(system()) as session:
        assert export_of(session, tmp_path / "after") == before
    assert not [file for file in (tmp_path / "imports").iterdir() if file.name != ".turn"]


@pytest.mark.faults
def test_killed_between_the_last_record_and_the_commit_nothing_is_there(database, facts, shop, job_id, tmp_path):
    empty = rows(database)
    work.read(shop, job_id)
    with database.writing(system()) as session, session.begin():
        queue.apply(session, job_id, now=NOW)
    marker = tmp_path / "in-the-midst"
    facts.write_text(json.dumps({**json.loads(facts.read_text()), "hang": str(marker)}))
    process = start(facts, "apply", str(job_id))
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not marker.exists():
        assert time.monotonic() < deadline
        threading.Event().wait(0.01)
    process.kill()
    process.join()
    assert rows(database) == empty
    assert stage(database, job_id) == ImportStage.APPLYING
    with database.writing(system()) as session, session.begin():
        later = NOW + queue.SILENT * 2
        assert queue.take_up(session, now=later) == [job_id]
    work.apply(shop, job_id)
    assert (stage(database, job_id), whole(rows(database), empty)) == (ImportStage.DONE, "all")


def whole(now, empty):
    made = {kind: now[kind] - empty[kind] for kind in ("service", "location", "phone", "schedule")}
    if set(made.values()) == {0}:
        assert now == empty
        return "nothing"
    assert made == {"service": SERVICES, "location": SERVICES, "phone": SERVICES, "schedule": 2 * SERVICES}
    return "all"


def export_of(session, folder):
    export.write(session, folder, today=NOW.date())
    return {file.name: file.read_bytes() for file in folder.iterdir()}
