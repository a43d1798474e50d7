"""Alembic's environment; started only by resources_db.migrate, which hands over an open connection."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from resources_db import models
from resources_db.base import Base, UtcDateTime
from resources_db.migrate import is_ours

assert models.__all__


def plain_types(kind: str, item: object, _autogen: AutogenContext) -> str | Literal[False]:
    """Migrations name SQL types, not our classes: a migration must still run when the class has moved."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_object=is_ours,
    render_item=plain_types,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
