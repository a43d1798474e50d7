"""One question to the directory, for pages, the API and the command line: ask the engine, then read the hits from SQL.

What SQL does not show any more is not shown, however far an index lags behind.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flask import has_request_context, request

from i18n import catalog
from portal import db
from portal.limits import PUBLIC_SEARCH, SUGGESTIONS, InMemory
from resources_db.repositories import listings
from search.answer import Hit, SearchAnswer
from search.errors import PlaceError
from search.needs import says_nothing
from search.rows import is_shown

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.limits import Limit
    from resources_db.repositories.listing import Listing
    from search.criteria import SearchCriteria
    from search.engine import SearchEngine


MORE_HITS = (20, 100, 500)
"""How many further hits are looked at when SQL hides some of a page."""


@dataclass(frozen=True, slots=True)
class Found:
    """`pairs` are the hits that SQL still shows, with their listings; `place_error` says why no place was used."""

    answer: SearchAnswer
    pairs: tuple[tuple[Hit, Listing], ...]
    place_error: PlaceError | None = None


def count() -> None:
    """Count one question of a stranger, page or API; raises TooManyError beyond the limit."""
    _hit(PUBLIC_SEARCH)


def count_typing() -> None:
    """Count one look-up of suggestions: a person who types makes several for one question."""
    _hit(SUGGESTIONS)


def _hit(limit: Limit) -> None:
    InMemory(limit).hit()


def language(code: str) -> str:
    """The language of ours for a code; English for any other."""
    return code if code in {offered.code for offered in catalog.offered()} else "en"


def is_wordless(criteria: SearchCriteria) -> bool:
    """Something was typed that says nothing (an emoji, "of the"), and nothing else is asked for."""
    if not criteria.q.strip() or criteria.needs or criteria.domain:
        return False
    return says_nothing(criteria.q, criteria.lang)


def find(
    session: Session, engine: SearchEngine, criteria: SearchCriteria, now: datetime, *, counted: bool = True
) -> Found:
    """A place we do not know does not stop the search: it goes on from nowhere and says so. No word finds nothing.

    `counted`: whether a person asked, so that the gap report counts the question.
    """
    if is_wordless(criteria):
        return Found(SearchAnswer(), ())
    error: PlaceError | None = None
    asked = criteria
    try:
        answer = engine.answer(session, asked, now)
    except PlaceError as unknown:
        error = unknown
        asked = replace(criteria, near="")
        answer = engine.answer(session, asked, now)
    pairs = _still_shown(session, answer)
    if len(pairs) < len(answer.hits):
        answer, pairs = _filled_up(session, engine, asked, answer, now)
    if counted:
        _note(criteria, answer, now)
    return Found(answer, pairs, error)


def _filled_up(
    session: Session, engine: SearchEngine, criteria: SearchCriteria, answer: SearchAnswer, now: datetime
) -> tuple[SearchAnswer, tuple[tuple[Hit, Listing], ...]]:
    """A full page while the index lags behind: hits that SQL hides make room for later ones, and are not counted."""
    pairs = _still_shown(session, answer)
    for more in MORE_HITS:
        if len(pairs) >= criteria.limit or len(answer.hits) < criteria.limit:
            break
        answer = engine.answer(session, replace(criteria, limit=criteria.limit + more), now)
        pairs = _still_shown(session, answer)
    hidden = len(answer.hits) - len(pairs)
    total = max(answer.total - hidden, len(pairs))
    kept = pairs[: criteria.limit]
    honest = replace(
        answer, hits=tuple(hit for hit, _ in kept), total=total, strict_total=min(answer.strict_total, total)
    )
    return honest, kept


def _note(criteria: SearchCriteria, answer: SearchAnswer, now: datetime) -> None:
    """Count for the gap report. The same words with another filter are the same question; commands do not count."""
    if not has_request_context():
        return
    was = request.args.get("was")
    if was is None or was.strip() != criteria.q:
        db.runtime().search_tally.note(criteria, answer, now)


def _still_shown(session: Session, answer: SearchAnswer) -> tuple[tuple[Hit, Listing], ...]:
    keys = [hit.key for hit in answer.hits]
    # a command runs once: there is nothing to remember
    found = db.runtime().listings.load(session, keys) if has_request_context() else listings.load(session, keys)
    by_key = {listing.key: listing for listing in found if is_shown(listing)}
    return tuple((hit, by_key[hit.key]) for hit in answer.hits if hit.key in by_key)


def place_error(session: Session, engine: SearchEngine, criteria: SearchCriteria, now: datetime) -> PlaceError | None:
    """Why the place of an otherwise empty question is not known, if it is not."""
    if not criteria.near:
        return None
    try:
        engine.answer(session, replace(criteria, limit=1), now)
    except PlaceError as unknown:
        return unknown
    return None
