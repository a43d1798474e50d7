"""The first tenant wall: whoever acts sees only the rows of their own org.

Every session carries an actor. ORM statements on tenant tables are filtered by it; without an actor they fail.
Source of the rule: security design, "tenant walls". Core statements are for repositories only: no filter reaches
them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from resources_db.base import TenantRow
from resources_db.vocab import ActorKind, Role

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence

    from sqlalchemy.orm import UOWTransaction


class NoActorError(RuntimeError):
    """A tenant table was touched by a session that does not say who acts."""


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
    if not any(issubclass(mapper.class_, TenantRow) for mapper in state.all_mappers):
        return
    org_id = actor_of(state.session).org_id
    if org_id is None:
        return
    state.statement = state.statement.options(
        with_loader_criteria(TenantRow, lambda cls: cls.org_id == org_id, include_aliases=True)
    )


@event.listens_for(Session, "before_flush")
def _refuse_foreign(session: Session, _context: UOWTransaction, _instances: Sequence[object] | None) -> None:
    rows = [row for row in (*session.new, *session.dirty, *session.deleted) if isinstance(row, TenantRow)]
    if not rows:
        return
    org_id = actor_of(session).org_id
    if org_id is not None and any(row.org_id != org_id for row in rows):
        msg = "a row of another org cannot be written"
        raise ForeignTenantError(msg)
