"""Lets the system's own hand work in one org for a while: jobs and webhooks begin over all orgs, then narrow."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from resources_db.tenancy import Actor, act_as, actor_of, system

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


@contextmanager
def over_all(session: Session) -> Iterator[None]:
    """Inside the block the system looks over all orgs: for counts in which nobody can be recognized."""
    before = actor_of(session)
    session.flush()
    act_as(session, system(kind=before.kind))
    try:
        yield
    finally:
        act_as(session, before)


@contextmanager
def in_org(session: Session, org_id: uuid.UUID) -> Iterator[Actor]:
    """Inside the block an actor over all orgs acts in this one only; anybody else stays who they are."""
    before = actor_of(session)
    actor = system(org_id, kind=before.kind) if before.org_id is None else before
    act_as(session, actor)
    try:
        yield actor
    finally:
        session.flush()  # under the narrow actor, so that the tenant wall looks at every row
        act_as(session, before)
