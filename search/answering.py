"""Answers questions from one snapshot: filters to a mask, scores, order, facets, hits with reasons. Totals are exact.

Holds no session and knows no patient. Which snapshot is current is the engine's to know.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from resources_db.hours import OpenStatus
from resources_db.listing_key import ListingKey
from search import facets, geo, question, ranking, reasons, rescue, selection, text_match
from search.answer import Hit, SearchAnswer
from search.columns import EXACT_TIER, NEED_NUMBER, moment
from search.criteria import SearchCriteria, Sort
from search.geo import Point
from search.question import Question
from search.ranking import Asked
from search.rescue import Attempt
from search.rows import minute
from search.selection import Near
from search.snapshot import Mask, Snapshot
from search.text_match import TextMatch


@dataclass(frozen=True, slots=True)
class _Found:
    asked: Question
    near: Near | None
    text: TextMatch
    mask: Mask
    strict: Mask


def answer(snapshot: Snapshot, criteria: SearchCriteria, now: datetime) -> SearchAnswer:
    """Raises PlaceError when the form's place is not one we know."""
    asked = question.put(snapshot, criteria)
    text = text_match.match(snapshot, asked.words, criteria.lang, names=asked.may_be_a_name)
    strict = _find(snapshot, text, Attempt(asked), now)
    rescued = rescue.widen(asked, strict, lambda attempt: _find(snapshot, text, attempt, now))
    widened = rescued.attempt.question
    near = selection.near(snapshot, widened.place, widened.radius_m) if widened.place else None
    found = _Found(asked, near, text, rescued.found, strict)
    rows = _ordered(snapshot, found, criteria, now)
    page = rows[criteria.offset : criteria.offset + criteria.limit]
    return SearchAnswer(
        understood=asked.understood,
        constraints=asked.constraints,
        corrections=asked.corrections,
        urgent=asked.urgent,
        place=asked.place,
        total=len(rows),
        strict_total=int(np.count_nonzero(strict)),
        facets=facets.count(snapshot, found.mask, now),
        hits=_hits(snapshot, found, rows, page, now),
        relaxed=rescued.steps,
    )


def _find(snapshot: Snapshot, text: TextMatch, attempt: Attempt, now: datetime) -> Mask:
    """The one definition of what answers a question."""
    asked = attempt.question
    mask = snapshot.columns.arrays.alive & _serves(snapshot, text, attempt)
    if asked.place is not None:
        lies = selection.near(snapshot, asked.place, asked.radius_m).matches
        mask = mask & (lies | selection.nowhere(snapshot) if attempt.anywhere else lies)
    if asked.language:
        mask = mask & selection.speaks(snapshot, asked.language)
    if asked.open_when is not None:
        mask = mask & selection.is_open(snapshot, asked.open_when, now)
    if asked.has_room:
        mask = mask & selection.has_room(snapshot, now)
    if asked.no_papers:
        mask = mask & selection.no_papers(snapshot)
    if asked.by_phone:
        mask = mask & snapshot.columns.arrays.remote
    return np.asarray(mask)


def _serves(snapshot: Snapshot, text: TextMatch, attempt: Attempt) -> Mask:
    asked, arrays = attempt.question, snapshot.columns.arrays
    if asked.domain and not asked.needs and not asked.words:
        return facets.in_domain(snapshot, asked.domain)
    if asked.needs:
        numbers = [NEED_NUMBER[need] for need in asked.needs]
        mask = arrays.needs[:, numbers].any(axis=1) | arrays.also[:, numbers].any(axis=1) | text.named
        if attempt.near_needs:
            near = [NEED_NUMBER[need] for need in rescue.near_needs(asked)]
            mask = mask | arrays.needs[:, near].any(axis=1)
    elif asked.words:
        mask = text.some_words if attempt.some_words else text.all_words
    else:
        mask = np.ones(snapshot.columns.rows, np.bool_)
    if asked.domain:
        mask = mask & facets.in_domain(snapshot, asked.domain)
    return np.asarray(mask)


def _ordered(snapshot: Snapshot, found: _Found, criteria: SearchCriteria, now: datetime) -> NDArray[np.intp]:
    rows = np.flatnonzero(found.mask)
    if criteria.sort is Sort.NAME:
        return ranking.order(snapshot, rows, np.zeros(snapshot.columns.rows))
    if criteria.sort is Sort.NEAR and found.near is not None:
        return ranking.order(snapshot, rows, -np.nan_to_num(found.near.metres, nan=1e9))
    score = ranking.scores(snapshot, _asked(found, criteria, now), found.strict)
    return ranking.order(snapshot, rows, score)


def _asked(found: _Found, criteria: SearchCriteria, now: datetime) -> Asked:
    question_asked = found.asked
    return Asked(
        needs=question_asked.needs,
        near_needs=rescue.near_needs(question_asked),
        near=found.near,
        radius_m=question_asked.radius_m,
        minute=minute(now),
        language=question_asked.language or (criteria.lang if criteria.lang != "en" else ""),
        text=found.text,
    )


def _hits(
    snapshot: Snapshot, found: _Found, rows: NDArray[np.intp], page: NDArray[np.intp], now: datetime
) -> tuple[Hit, ...]:
    context = reasons.Context(
        snapshot, found.asked, found.near, found.text, minute(now), reasons.nearest(found.near, rows), found.strict
    )
    return tuple(_hit(context, int(row)) for row in page)


def _hit(context: reasons.Context, row: int) -> Hit:
    arrays = context.snapshot.columns.arrays
    state, closes, opens = reasons.open_status(context.snapshot, row, context.minute)
    placed = not np.isnan(arrays.latitude[row])
    here = Point(float(arrays.latitude[row]), float(arrays.longitude[row])) if placed else None
    place = context.question.place
    return Hit(
        key=ListingKey.parse(arrays.key[row].decode()),
        distance_m=geo.exact_metres(place.point, here) if place and here else None,
        about=bool(arrays.tier[row] < EXACT_TIER),
        serves_area=_serves_area(context, row),
        open=OpenStatus(state, moment(closes) if closes else None, moment(opens) if opens else None),
        why=reasons.reasons(context, row),
        latitude=here.latitude if here else None,
        longitude=here.longitude if here else None,
        full=bool(ranking.is_full(context.snapshot, context.minute)[row]),
    )


def _serves_area(context: reasons.Context, row: int) -> bool | None:
    if context.near is None or not context.snapshot.area_states[row]:
        return None
    return bool(context.near.covers[row])
