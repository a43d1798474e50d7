"""`/healthz`: the process answers. `/readyz`: it can do its work, and if not, which part is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from portal import db
from portal.auth.guards import public
from resources_db import migrate

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """The process is up. Asks nothing of the database, so a slow database does not get it restarted."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """The database answers and has the schema this code needs."""
    checks = {"database": _database_answers(), "schema": _schema_fits()}
    good = all(checks.values())
    return jsonify(status="ok" if good else "not ready", checks=checks), 200 if good else 503


def _database_answers() -> bool:
    try:
        with db.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _schema_fits() -> bool:
    try:
        migrate.require_head(db.runtime().database.engine)
    except (migrate.SchemaError, SQLAlchemyError):
        return False
    return True
