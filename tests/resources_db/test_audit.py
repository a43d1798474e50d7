"""The audit chain names every kind of tampering."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from resources_db import audit
from resources_db.models.access import AuditEvent
from resources_db.tenancy import system


@pytest.fixture
def trail(database, now):
    with database.writing(system()) as session:
        for number in range(5):
            audit.record(session, action="person.read", subject_kind="patient", subject_id=f"id-{number}", now=now)
        session.commit()
    return database


def unlock(connection):
    """Someone who owns the database can drop the triggers; the chain is what proves it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
    else:
        connection.execute(text("DROP TRIGGER audit_event_no_update"))
        connection.execute(text("DROP TRIGGER audit_event_no_delete"))


def faults(database):
    with database.reading(system()) as session:
        return [(fault.seq, fault.what) for fault in audit.verify(session)]


def test_an_untouched_chain_verifies(trail):
    assert faults(trail) == []


@pytest.mark.bad_input(117)
@pytest.mark.parametrize(
    ("tampering", "expected"),
    [
        ("UPDATE audit_event SET action = 'nothing' WHERE seq = 3", (3, "edited")),
        ("DELETE FROM audit_event WHERE seq = 3", (3, "missing")),
        ("DELETE FROM audit_event WHERE seq = 5", (4, "cut")),
    ],
)
def test_tampering_is_named(trail, tampering, expected):
    with trail.engine.begin() as connection:
        unlock(connection)
        connection.execute(text(tampering))
    assert expected in faults(trail)


@pytest.mark.parametrize("change", ["UPDATE audit_event SET outcome = 'x'", "DELETE FROM audit_event"])
def test_the_database_itself_refuses_to_change_the_trail(trail, change):
    with pytest.raises(DBAPIError), trail.engine.begin() as connection:
        connection.execute(text(change))
    with trail.reading(system()) as session:
        assert len(session.scalars(select(AuditEvent)).all()) == 5


def test_insert_or_replace_does_not_slip_past_the_trigger(trail):
    if not trail.is_sqlite:
        statement = "INSERT INTO audit_event SELECT * FROM audit_event"  # PostgreSQL: the key itself refuses
    else:
        statement = "INSERT OR REPLACE INTO audit_event SELECT * FROM audit_event"
    with pytest.raises(DBAPIError), trail.engine.begin() as connection:
        connection.execute(text(statement))


def test_an_action_that_rolls_back_leaves_no_audit_row_and_no_gap(trail, now):
    with trail.writing(system()) as session:
        audit.record(session, action="a", subject_kind="x", subject_id="1", now=now)
        session.rollback()
    with trail.writing(system()) as session:
        audit.record(session, action="b", subject_kind="x", subject_id="1", now=now)
        session.commit()
    assert faults(trail) == []
