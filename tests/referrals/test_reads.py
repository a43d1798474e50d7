"""Reading changes nothing, and costs the same number of queries for two people as for many."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select

from referrals import caseload, create, patient_table, record
from referrals.patient_query import Ask
from resources_db.base import Base
from resources_db.tenancy import act_as, system
from tests import factories
from tests.referrals.conftest import FORM, World, key_of


@contextmanager
def counted(world: World):
    statements: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        statements.append(statement)

    engine = world.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def rows(world: World) -> dict[str, int]:
    session = act_as(world.session, system())
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


READS: dict[str, Callable[[World], object]] = {
    "send page": lambda world: create.prepare(
        world.as_dana(), patient_id=world.cast.rosa.id, keys=[key_of(world.kitchen)], form_key=FORM, now=world.now
    ),
    "today": lambda world: caseload.today(world.as_dana(), caseload.of(world.cast.dana.id), now=world.now),
    "patients": lambda world: patient_table.page(world.as_dana(), Ask(), now=world.now),
    "record": lambda world: record.of_patient(world.as_dana(), world.cast.rosa.id, now=world.now),
}


@pytest.mark.parametrize("read", READS.values(), ids=list(READS))
def test_reading_twenty_times_writes_nothing(ready, read):
    ready.sent()
    ready.session.flush()
    before = rows(ready)
    for _ in range(20):
        read(ready)
    assert not ready.session.dirty
    assert not ready.session.new
    assert rows(ready) == before


@pytest.mark.parametrize("name", ["today", "patients"])
def test_a_list_of_many_costs_no_more_queries_than_a_list_of_few(ready, name):
    ready.sent()
    ready.session.flush()
    ready.session.expunge_all()
    with counted(ready) as few:
        READS[name](ready)
    for number in range(12):
        patient = factories.make_patient(
            ready.session, team=ready.cast.team, now=ready.now, first=f"P{number}", lead=ready.cast.dana
        )
        factories.make_need(ready.session, patient=patient, now=ready.now)
    ready.session.flush()
    ready.session.expunge_all()
    with counted(ready) as many:
        READS[name](ready)
    assert len(many) == len(few)


def test_a_record_of_many_referrals_costs_no_more_queries_than_one_of_a_single_one(ready):
    ready.sent()
    read_afresh(ready)  # whose protected needs Dana may see is asked once a session
    with counted(ready) as few:
        read_afresh(ready)
    ready.sent(ready.kitchen, form="form-key-000000000002")
    with counted(ready) as many:
        read_afresh(ready)
    assert len(many) == len(few)


def read_afresh(world: World) -> record.Record:
    world.session.flush()
    world.session.expunge_all()
    return record.of_patient(world.as_dana(), world.cast.rosa.id, now=world.now)
