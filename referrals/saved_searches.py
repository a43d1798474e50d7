"""Searches a person saved: ask again with one tap, or be told when a place that fits has room.

The asking itself is search's, and the edge's to arrange; here stands what is kept, what is new, and who is told.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import worklist
from referrals.errors import NotFoundError
from referrals.worklist import About
from resources_db.listing_key import ListingKey
from resources_db.models.finding import SavedSearch, SavedSearchEvent
from resources_db.models.people import Patient
from resources_db.repositories import listings
from resources_db.tenancy import actor_of
from resources_db.vocab import SavedSearchMove, WhyCode

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

M = SavedSearchMove


@dataclass(frozen=True, slots=True)
class Watched:
    """One search to ask again: whose it is, what it asks, and what was open the last time."""

    id: uuid.UUID
    query: str
    known: frozenset[str]


def save(
    session: Session,
    *,
    query: str,
    patient_id: uuid.UUID | None,
    watch: bool,
    known: Iterable[ListingKey],
    now: datetime,
) -> SavedSearch:
    """Keep a question. The same one of the same person for the same patient is kept once; `watch` is then added."""
    for one in mine(session):
        if (one.query, one.patient_id) == (query, patient_id):
            if watch and not one.watched:
                set_watch(session, one.id, on=True, known=known, now=now)
            return one
    actor = actor_of(session)
    assert actor.org_id is not None
    assert actor.user_id is not None
    saved = SavedSearch(
        org_id=actor.org_id,
        user_id=actor.user_id,
        patient_id=patient_id,
        query=query,
        created_at=now,
        created_by=actor.user_id,
    )
    session.add(saved)
    session.flush()
    _write_down(session, saved, M.SAVED, now)
    if watch:
        set_watch(session, saved.id, on=True, known=known, now=now)
    return saved


def mine(session: Session) -> Sequence[SavedSearch]:
    """The saved searches of the person who acts: those with something new first, then the newest."""
    own = select(SavedSearch).where(SavedSearch.user_id == actor_of(session).user_id, SavedSearch.removed_at.is_(None))
    found = session.scalars(own.order_by(SavedSearch.created_at.desc(), SavedSearch.id)).all()
    return sorted(found, key=lambda saved: not saved.fresh)


def get(session: Session, saved_id: uuid.UUID) -> SavedSearch:
    """One's own saved search, removed or not; raises NotFoundError for anybody else's."""
    own = select(SavedSearch).where(SavedSearch.id == saved_id, SavedSearch.user_id == actor_of(session).user_id)
    saved = session.scalars(own.with_for_update()).one_or_none()
    if saved is None:
        raise NotFoundError
    return saved


def set_watch(session: Session, saved_id: uuid.UUID, *, on: bool, known: Iterable[ListingKey], now: datetime) -> None:
    """Watch, or stop watching. `known` are the places with room at this moment: nobody is told of those."""
    saved = get(session, saved_id)
    if saved.watched == on:
        return
    saved.watched = on
    saved.known = sorted(str(key) for key in known) if on else []
    _write_down(session, saved, M.WATCHED if on else M.UNWATCHED, now)


def see(session: Session, saved_id: uuid.UUID, *, now: datetime) -> SavedSearch:
    """The person looks at the answer: nothing is new any more, and the item on the day's list is settled."""
    saved = get(session, saved_id)
    if saved.fresh:
        _write_down(session, saved, M.SEEN, now, saved.fresh)
        saved.fresh = []
        _clear_item(session, saved, now)
    return saved


def remove(session: Session, saved_id: uuid.UUID, *, now: datetime) -> SavedSearch:
    """Take a search off the list; it can be restored."""
    saved = get(session, saved_id)
    if saved.removed_at is None:
        saved.removed_at = now
        _write_down(session, saved, M.REMOVED, now)
        _clear_item(session, saved, now)
    return saved


def restore(session: Session, saved_id: uuid.UUID, *, now: datetime) -> SavedSearch:
    """Put a removed search back."""
    saved = get(session, saved_id)
    if saved.removed_at is not None:
        saved.removed_at = None
        _write_down(session, saved, M.RESTORED, now)
    return saved


def watched(session: Session) -> list[Watched]:
    """Every watched search, of all orgs that the session may see; those of patients who left are not asked."""
    living = (
        select(SavedSearch)
        .outerjoin(Patient, Patient.id == SavedSearch.patient_id)
        .where(SavedSearch.watched, SavedSearch.removed_at.is_(None), Patient.closed_at.is_(None))
        .order_by(SavedSearch.id)
    )
    return [Watched(one.id, one.query, frozenset(one.known)) for one in session.scalars(living)]


def take_in(session: Session, saved_id: uuid.UUID, *, with_room: Iterable[ListingKey], now: datetime) -> list[str]:
    """What has room now: gives the places that opened since the last look, and tells the person of them.

    A place that closed and opens again is told again.
    """
    saved = session.scalars(select(SavedSearch).where(SavedSearch.id == saved_id).with_for_update()).one_or_none()
    if saved is None or not saved.watched or saved.removed_at is not None:
        return []
    shown = {str(one.key): one for one in listings.load(session, list(with_room))}
    opened = sorted(shown.keys() - set(saved.known))
    saved.known = sorted(shown)
    if opened:
        saved.fresh = sorted({*saved.fresh, *opened} & shown.keys())
        _write_down(session, saved, M.OPENED, now, opened)
        _tell(session, saved, shown[opened[0]].name, now)
    return opened


def _tell(session: Session, saved: SavedSearch, place: str, now: datetime) -> None:
    """A patient's search goes on the day's list; one for nobody in particular waits on the page of saved searches."""
    about = _about(saved, place)
    if about is not None:
        worklist.open_item(session, about, due_at=now, now=now)


def _clear_item(session: Session, saved: SavedSearch, now: datetime) -> None:
    about = _about(saved)
    if about is not None:
        worklist.clear_subject(session, about, now=now)


def _about(saved: SavedSearch, place: str = "") -> About | None:
    if saved.patient_id is None:
        return None
    facts: dict[str, object] = {"agency": place, "count": len(saved.fresh), "search": str(saved.id)}
    return About(WhyCode.PLACE_OPENED, saved.patient_id, saved.org_id, facts=facts, of=str(saved.id))


def _write_down(
    session: Session, saved: SavedSearch, move: SavedSearchMove, now: datetime, keys: Iterable[str] = ()
) -> None:
    event = SavedSearchEvent(
        org_id=saved.org_id, saved_search_id=saved.id, move=move, at=now, by=actor_of(session).user_id
    )
    listed = list(keys)
    event.facts = {"listings": listed} if listed else {}
    session.add(event)
