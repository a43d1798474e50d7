"""Ways of looking at a list that a person named: the filters of its address, nothing about anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from referrals.errors import BadInputError, NotFoundError, TooLateError
from resources_db.models.care import SavedView
from resources_db.tenancy import actor_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

LONGEST_NAME = 40
MOST = 30
REMOVED = "/removed"
"""A removed view stands aside under this ending of its page until it is brought back or another takes its name."""


def mine(session: Session, page: str) -> Sequence[SavedView]:
    """One's own views of a page, by name."""
    return session.scalars(_own(session).where(SavedView.page == page).order_by(SavedView.name)).all()


def save(session: Session, *, page: str, name: str, query: str, now: datetime) -> SavedView:
    """Keep a view; the same name again keeps the newer filters. Raises BadInputError for a name or too many."""
    name = _name(name)
    known = {one.name: one for one in mine(session, page)}
    if name in known:
        known[name].query = query
        return known[name]
    if len(known) >= MOST:
        raise BadInputError("name", "too_many")
    actor = actor_of(session)
    assert actor.org_id is not None
    assert actor.user_id is not None
    view = SavedView(
        org_id=actor.org_id,
        user_id=actor.user_id,
        page=page,
        name=name,
        query=query,
        created_at=now,
        created_by=actor.user_id,
    )
    session.add(view)
    session.flush()
    return view


def rename(session: Session, view_id: uuid.UUID, name: str) -> SavedView:
    """Call it otherwise. Raises BadInputError when another view has the name."""
    view, name = get(session, view_id), _name(name)
    if any(one.name == name and one.id != view.id for one in mine(session, view.page)):
        raise BadInputError("name", "taken")
    view.name = name
    return view


def remove(session: Session, view_id: uuid.UUID) -> SavedView:
    """Off the list; `restore` brings it back."""
    view = get(session, view_id)
    aside = view.page.removesuffix(REMOVED) + REMOVED
    actor = actor_of(session)
    session.execute(
        delete(SavedView)
        .where(SavedView.user_id == actor.user_id, SavedView.page == aside, SavedView.name == view.name)
        .where(SavedView.id != view.id)
        .execution_options(synchronize_session=False)
    )
    view.page = aside
    return view


def restore(session: Session, view_id: uuid.UUID) -> SavedView:
    """Back on the list. Raises TooLateError when another view took the name meanwhile."""
    view = get(session, view_id)
    page = view.page.removesuffix(REMOVED)
    if any(one.name == view.name and one.id != view.id for one in mine(session, page)):
        raise TooLateError
    view.page = page
    return view


def get(session: Session, view_id: uuid.UUID) -> SavedView:
    """One's own view; raises NotFoundError for everybody else's."""
    view = session.scalars(_own(session).where(SavedView.id == view_id)).one_or_none()
    if view is None:
        raise NotFoundError
    return view


def _own(session: Session) -> Select[SavedView]:
    return select(SavedView).where(SavedView.user_id == actor_of(session).user_id)


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise BadInputError("name", "missing")
    if len(name) > LONGEST_NAME:
        raise BadInputError("name", "too_long")
    return name
