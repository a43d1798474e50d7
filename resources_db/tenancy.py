"""The first tenant wall: whoever acts sees only the rows of their own org.

Every session carries an actor. ORM statements on tenant tables are filtered by it; without an actor they fail.
Source of the rule: security design, "tenant walls". Core statements are for repositories only: no filter reaches
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Table, event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql import visitors

from resources_db.base import Base, TenantRow
from resources_db.vocab import ActorKind, Role

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Executable
    from sqlalchemy.orm import UOWTransaction
    from sqlalchemy.orm.util import LoaderCriteriaOption


class NoActorError(RuntimeError):
    """A tenant table was touched by a session that does not say who acts."""


class UnfilteredError(RuntimeError):
    """A statement on a tenant table would have gone past the filter."""


class ForeignTenantError(RuntimeError):
    """A row of another org was about to be written."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. `org_id` None means every org and is for the system's own hands only."""

    kind: ActorKind
    org_id: uuid.UUID | None = None
    user_id: uuid.UUID | None = None
    role: Role | None = None
    label: str = ""
    own_on: date | None = None
    """Set where the org keeps caseloads closed to a navigator: only patients led or covered on this day are seen."""
    grants: frozenset[str] = frozenset()
    """Extra words of the membership, such as "sensitive"."""


def system(org_id: uuid.UUID | None = None, kind: ActorKind = ActorKind.SYSTEM) -> Actor:
    """The system itself: jobs, webhooks, links. Narrow it to one org as soon as the org is known."""
    return Actor(kind=kind, org_id=org_id, label=kind.value)


def act_as(session: Session, actor: Actor | None) -> Session:
    """The same session, acting as `actor` from now on."""
    session.info["actor"] = actor
    return session


def actor_of(session: Session) -> Actor:
    """Who acts in this session; raises NoActorError when nobody was named."""
    actor = session.info.get("actor")
    if not isinstance(actor, Actor):
        msg = "this session has no actor"
        raise NoActorError(msg)
    return actor


@event.listens_for(Session, "do_orm_execute")
def _filter(state: ORMExecuteState) -> None:
    if (
        not (state.is_select or state.is_update or state.is_delete)
        or state.is_column_load
        or state.is_relationship_load
    ):
        return
    if state.session.info.get("actor") is None and not _touches_tenants(state.statement):
        return
    org_id = actor_of(state.session).org_id
    if org_id is None:
        return
    if state.is_orm_statement:
        # Whatever the statement returns: a count, a join or a subquery names no tenant's row among its results.
        state.statement = state.statement.options(
            with_loader_criteria(TenantRow, lambda cls: cls.org_id == org_id, include_aliases=True),
            *_caseload(actor_of(state.session)),
        )
    elif _touches_tenants(state.statement):
        msg = "a Core statement on a tenant table cannot be filtered"
        raise UnfilteredError(msg)


def _caseload(actor: Actor) -> list[LoaderCriteriaOption]:
    if actor.own_on is None or actor.org_id is None or actor.user_id is None:
        return []
    from resources_db import caseload_wall  # it reads tables, and tables are made with this module

    return caseload_wall.criteria(actor.org_id, actor.user_id, actor.own_on)


def _touches_tenants(statement: Executable) -> bool:
    tenants = {row.__tablename__ for row in TenantRow.__subclasses__() if issubclass(row, Base)}
    parts = visitors.iterate(statement)  # type: ignore[arg-type]  # every statement is traversible; its type does not say so
    return any(isinstance(part, Table) and part.name in tenants for part in parts)


@event.listens_for(Session, "before_flush")
def _refuse_foreign(session: Session, _context: UOWTransaction, _instances: Sequence[object] | None) -> None:
    rows = [row for row in (*session.new, *session.dirty, *session.deleted) if isinstance(row, TenantRow)]
    if not rows:
        return
    org_id = actor_of(session).org_id
    if org_id is not None and any(row.org_id != org_id for row in rows):
        msg = "a row of another org cannot be written"
        raise ForeignTenantError(msg)
