"""Sessions and transactions of the edge. Only here is anything committed; everything below flushes at most."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from flask import current_app, g, has_app_context, has_request_context

from portal import wiring
from portal.auth import current

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from flask import Flask
    from sqlalchemy.orm import Session

    from portal.wiring import Runtime
    from resources_db.tenancy import Actor


def runtime() -> Runtime:
    """The parts of this app, or of this process where no app is active (worker, commands)."""
    if has_app_context() and wiring.EXTENSION in current_app.extensions:
        return runtime_of(current_app)
    return wiring.of_process()


def runtime_of(app: Flask) -> Runtime:
    """The parts of an app."""
    found: Runtime = app.extensions[wiring.EXTENSION]
    return found


def now() -> datetime:
    """The moment, as rules and people see it (the demo's clock can be put forward)."""
    return runtime().clock.now()


def wall_clock() -> datetime:
    """True time, for sessions and counted tries only."""
    return runtime().clock.real()


@contextmanager
def transaction(actor: Actor | None = None) -> Iterator[Session]:
    """A writing session that commits at the end and rolls back on any error. At most one at a time in a request."""
    with _only_one(), runtime().database.writing(actor or _actor()) as session, session.begin():
        yield session


@contextmanager
def reading(actor: Actor | None = None) -> Iterator[Session]:
    """A session for queries; nothing done in it is kept."""
    with runtime().database.reading(actor or _actor()) as session:
        yield session


def _actor() -> Actor | None:
    return current.actor(now()) if has_request_context() else None


@contextmanager
def _only_one() -> Iterator[None]:
    # A second writing transaction would wait for the first one's lock until the timeout: fail at once and say why.
    if not has_app_context():
        yield
        return
    if g.get("in_transaction"):
        msg = "a transaction is already open in this request"
        raise RuntimeError(msg)
    g.in_transaction = True
    try:
        yield
    finally:
        g.in_transaction = False
