"""Files in the queue are read, shown, applied and taken back; each step can be done twice without harm."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from resources_db import encryption
from resources_db.engine import Database
from resources_db.importers import queue, work
from resources_db.importers.queue import NotNowError, Options
from resources_db.importers.turn import my_turn
from resources_db.models.curation import ImportChange, ImportRun
from resources_db.models.directory import Organization, Service
from resources_db.models.imports import ImportJob
from resources_db.tenancy import system
from resources_db.vocab import ImportStage, Visibility
from tests.conftest import NOW
from tests.resources_db.importers.test_import import PANTRY, package, with_rows


@pytest.fixture
def shop(database: Database, vault: encryption.Vault, tmp_path: Path) -> work.Shop:
    (tmp_path / "imports").mkdir()
    return work.Shop(database, tmp_path / "imports", lambda: NOW)


def asked(shop: work.Shop, tables=PANTRY, options: Options | None = None, name: str = "in"):
    package(shop.folder / name, tables)
    with shop.database.writing(system()) as session, session.begin():
        return queue.enqueue(session, name, file_name="county", source="county", options=options, now=NOW)


def stands(shop: work.Shop, job_id) -> queue.Look:
    with shop.database.reading(system()) as session:
        found = queue.look(session, job_id, now=NOW)
    assert found is not None
    return found


def ask(shop: work.Shop, verb, job_id, **more) -> None:
    with shop.database.writing(system()) as session, session.begin():
        verb(session, job_id, now=NOW, **more)


def count(shop: work.Shop, model) -> int:
    with shop.database.reading(system()) as session:
        return session.scalar(select(func.count()).select_from(model))


def refused(shop: work.Shop, verb, job_id, **more) -> str:
    with pytest.raises(NotNowError) as raised:
        ask(shop, verb, job_id, **more)
    return raised.value.code


def test_a_file_goes_through_the_queue_from_waiting_to_undone(shop):
    job_id = asked(shop)
    assert (stands(shop, job_id).stage, stands(shop, job_id).at_work) == (ImportStage.WAITING, True)
    work.read(shop, job_id)
    look = stands(shop, job_id)
    assert (look.stage, look.format, count(shop, Service)) == (ImportStage.READY, "hsds_tabular", 0)
    assert count(shop, ImportChange) > 0
    ask(shop, queue.apply, job_id)
    work.apply(shop, job_id)
    assert (stands(shop, job_id).stage, stands(shop, job_id).stored_as) == (ImportStage.DONE, "")
    assert (count(shop, Service), list(shop.folder.glob("in"))) == (1, [])
    ask(shop, queue.undo, job_id)
    work.undo(shop, job_id)
    assert stands(shop, job_id).stage == ImportStage.UNDONE
    with shop.database.reading(system()) as session:
        assert session.scalars(select(Service.deleted_at)).one() == NOW


def test_the_same_job_done_twice_does_its_work_once(shop):
    job_id = asked(shop)
    work.read(shop, job_id)
    work.read(shop, job_id)
    ask(shop, queue.apply, job_id)
    work.apply(shop, job_id)
    work.apply(shop, job_id)
    assert (count(shop, Service), count(shop, ImportRun)) == (1, 1)


def test_a_job_that_died_after_writing_only_says_so_the_next_time(shop):
    job_id = asked(shop)
    work.read(shop, job_id)
    ask(shop, queue.apply, job_id)
    work.apply(shop, job_id)
    with shop.database.writing(system()) as session, session.begin():
        session.get_one(ImportJob, job_id).stage = ImportStage.APPLYING
    work.apply(shop, job_id)
    assert (stands(shop, job_id).stage, count(shop, Service)) == (ImportStage.DONE, 1)


def test_a_plan_older_than_the_directory_is_made_anew(shop):
    first, second = asked(shop), asked(shop, name="second")
    for job_id in (first, second):
        work.read(shop, job_id)
        ask(shop, queue.apply, job_id)
    work.apply(shop, first)
    work.apply(shop, second)
    look = stands(shop, second)
    assert (look.stage, look.problem) == (ImportStage.READY, "data_changed")
    with shop.database.reading(system()) as session:
        objects = session.get_one(ImportRun, look.run_id).counts["objects"]
    assert {action for counts in objects.values() for action in counts} == {"same"}
    ask(shop, queue.apply, second)
    work.apply(shop, second)
    assert (stands(shop, second).stage, count(shop, Service)) == (ImportStage.DONE, 1)


def test_two_imports_at_once_take_turns_and_nothing_is_doubled(shop):
    jobs = [asked(shop, name=f"in{number}") for number in range(2)]
    together = [threading.Thread(target=work.read, args=(shop, job_id)) for job_id in jobs]
    for one in together:
        one.start()
    for one in together:
        one.join()
    for job_id in jobs:
        ask(shop, queue.apply, job_id)
    together = [threading.Thread(target=work.apply, args=(shop, job_id)) for job_id in jobs]
    for one in together:
        one.start()
    for one in together:
        one.join()
    assert sorted(stands(shop, job_id).stage.value for job_id in jobs) == ["done", "ready"]
    assert (count(shop, Service), count(shop, Organization)) == (1, 1)


def test_who_waits_for_another_import_says_so(shop, monkeypatch):
    job_id = asked(shop)
    said = threading.Event()
    monkeypatch.setattr(
        "resources_db.importers.pulse.Pulse.__call__",
        lambda _self, step, *_rest: said.set() if step == "waiting" else None,
    )
    with my_turn(shop.database, shop.folder):
        reader = threading.Thread(target=work.read, args=(shop, job_id))
        reader.start()
        assert said.wait(30)
        assert stands(shop, job_id).stage == ImportStage.WAITING
    reader.join()
    assert stands(shop, job_id).stage == ImportStage.READY


def test_a_cancelled_file_is_not_read_and_its_file_goes(shop):
    job_id = asked(shop)
    ask(shop, queue.cancel, job_id)
    work.read(shop, job_id)
    work.tidy(shop)
    assert (stands(shop, job_id).stage, count(shop, ImportRun)) == (ImportStage.CANCELLED, 0)
    assert not (shop.folder / "in").exists()


def test_what_cannot_be_asked_now_is_refused_with_a_reason(shop):
    job_id = asked(shop)
    assert refused(shop, queue.apply, job_id) == "not_ready"
    assert refused(shop, queue.undo, job_id) == "not_applied"
    work.read(shop, job_id)
    ask(shop, queue.apply, job_id)
    assert refused(shop, queue.cancel, job_id) == "at_work"
    work.apply(shop, job_id)
    assert refused(shop, queue.again, job_id) == "not_ready"


def test_only_the_last_ten_imports_can_be_taken_back(shop):
    first = asked(shop)
    work.read(shop, first)
    ask(shop, queue.apply, first)
    work.apply(shop, first)
    with shop.database.writing(system()) as session, session.begin():
        run = session.scalars(select(ImportRun)).one()
        session.add_all(
            ImportRun(source="x", file_name="x", file_hash="", format="x", state=run.state, started_at=NOW, applied_at=NOW + timedelta(hours=hour + 1))
            for hour in range(queue.UNDO_LAST)
        )  # fmt: skip
    assert refused(shop, queue.undo, first) == "too_old"


def test_a_file_that_cannot_be_read_fails_with_a_code_and_can_be_read_again(shop):
    job_id = asked(shop)
    for file in (shop.folder / "in").iterdir():
        file.rename(file.with_suffix(".bin"))
    work.read(shop, job_id)
    assert (stands(shop, job_id).stage, stands(shop, job_id).problem) == (ImportStage.FAILED, "unknown_format")
    for file in (shop.folder / "in").iterdir():
        file.rename(file.with_suffix(".csv"))
    ask(shop, queue.again, job_id)
    work.read(shop, job_id)
    assert stands(shop, job_id).stage == ImportStage.READY


def test_many_withdrawn_records_need_a_second_yes(shop):
    job_id = asked(
        shop, with_rows(services=[{"id": "s", "organization_id": "nobody", "name": "S", "status": "active"}])
    )
    work.read(shop, job_id)
    assert refused(shop, queue.apply, job_id) == "second_look"
    ask(shop, queue.apply, job_id, second_look=True)


def test_an_unknown_organization_becomes_a_placeholder_only_by_choice(shop):
    orphan = with_rows(services=[{"id": "s", "organization_id": "o77", "name": "Food pantry", "status": "active"}])
    job_id = asked(shop, orphan, Options(placeholders=True))
    work.read(shop, job_id)
    ask(shop, queue.apply, job_id, second_look=True)
    work.apply(shop, job_id)
    with shop.database.reading(system()) as session:
        made = session.scalars(select(Organization).where(Organization.external_id == "o77")).one()
    assert (made.visibility, made.name) == (Visibility.STAFF, "Unknown organization o77")


def test_a_silent_worker_is_dead_and_its_file_is_taken_up_again_but_not_for_ever(shop):
    job_id = asked(shop)
    with shop.database.writing(system()) as session, session.begin():
        job = session.get_one(ImportJob, job_id)
        job.stage, job.seen_at = ImportStage.READING, NOW - timedelta(minutes=5)
    assert not stands(shop, job_id).alive
    with shop.database.writing(system()) as session, session.begin():
        assert queue.take_up(session, now=NOW) == [job_id]
        assert queue.take_up(session, now=NOW) == []
    with shop.database.writing(system()) as session, session.begin():
        job = session.get_one(ImportJob, job_id)
        job.seen_at, job.attempts = NOW - timedelta(minutes=5), queue.MOST_ATTEMPTS
        assert queue.take_up(session, now=NOW) == []
    assert (stands(shop, job_id).stage, stands(shop, job_id).problem) == (ImportStage.FAILED, "gave_up")
