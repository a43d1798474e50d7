"""The migrated schema equals the models, goes down and up again, and names what to do when it is old or new."""

import pytest
from sqlalchemy import text

from resources_db import migrate


def test_the_migrated_schema_equals_the_models(database):
    assert migrate.drift(database.engine) == []


def test_the_recorded_head_is_the_head():
    assert (migrate.MIGRATIONS / "HEAD").read_text().strip() == migrate.head()


def test_migrations_go_down_and_up_again(database):
    migrate.downgrade(database.engine, "base")
    assert migrate.revision_of(database.engine) is None
    migrate.upgrade(database.engine)
    assert migrate.drift(database.engine) == []


@pytest.mark.bad_input(113)
def test_an_old_schema_names_the_command_to_run(database):
    migrate.downgrade(database.engine, "0001")
    with pytest.raises(migrate.SchemaError, match="handrail db upgrade"):
        migrate.require_head(database.engine)


@pytest.mark.bad_input(113)
def test_a_newer_schema_is_refused(database):
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(migrate.SchemaError, match="newer"):
        migrate.require_head(database.engine)
