"""Answers questions from one snapshot: filters to a mask, scores, order, facets, hits with reasons. Totals are exact.

Holds no session and knows no patient. Which snapshot is current is the engine's to know.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from resources_db.hours import OpenStatus
from resources_db.listing_key import ListingKey
from search import facets, fits, geo, question, ranking, reasons, rescue, selection, text_match
from search.answer import Hit, Order, Relax, Relaxed, SearchAnswer
from search.columns import EXACT_TIER, NEED_NUMBER, moment
from search.criteria import OPEN_AT_DAYS, SearchCriteria, Sort
from search.fits import Fits
from search.geo import Point
from search.question import Question
from search.ranking import Asked
from search.rescue import Attempt
from search.rows import minute
from search.selection import Near
from search.snapshot import Mask, Snapshot
from search.text_match import TextMatch

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Found:
    """One question on its way to an answer."""

    snapshot: Snapshot
    asked: Question
    text: TextMatch
    fits: Fits
    near: Near | None
    mask: Mask
    strict: Mask
    now: datetime


def answer(snapshot: Snapshot, criteria: SearchCriteria, now: datetime, *, standing: bool = True) -> SearchAnswer:
    """Raises PlaceError when the form's place is not one we know. `standing`: records of helping count."""
    asked = question.put(snapshot, criteria)
    text = text_match.match(snapshot, asked.words, criteria.lang, names=asked.may_be_a_name)
    known = fits.of(snapshot, asked, now, standing=standing)
    lie = _near(snapshot, asked)

    def find(attempt: Attempt) -> Mask:
        return _find(snapshot, text, known, lie(attempt.question.radius_m), attempt)

    strict = find(Attempt(asked))
    rescued = rescue.widen(asked, strict, find)
    near = lie(rescued.attempt.question.radius_m)
    found = _Found(snapshot, asked, text, known, near, rescued.found, strict, now)
    rows = _ordered(found, criteria)
    return SearchAnswer(
        understood=asked.understood,
        instead=asked.instead,
        constraints=asked.constraints,
        corrections=asked.corrections,
        urgent=asked.urgent,
        place=asked.place,
        total=len(rows),
        strict_total=int(np.count_nonzero(strict)),
        with_room=int(np.count_nonzero(strict & ~known.full)),
        facets=facets.count(snapshot, found.mask, known, near, now),
        hits=_hits(found, criteria, rows),
        relaxed=_told(rescued.steps, asked, now),
        browse={} if len(rows) else facets.browse(snapshot, near),
    )


def with_room(snapshot: Snapshot, criteria: SearchCriteria, now: datetime) -> frozenset[ListingKey]:
    """Every listing that answers as asked, not widened, and did not say it is full. Raises PlaceError as `answer`."""
    asked = question.put(snapshot, criteria)
    text = text_match.match(snapshot, asked.words, criteria.lang, names=asked.may_be_a_name)
    known = fits.of(snapshot, asked, now)
    strict = _find(snapshot, text, known, _near(snapshot, asked)(asked.radius_m), Attempt(asked))
    keys = snapshot.columns.arrays.key[strict & ~known.full]
    return frozenset(ListingKey.parse(key.decode()) for key in keys)


def _told(steps: tuple[Relaxed, ...], asked: Question, now: datetime) -> tuple[Relaxed, ...]:
    """Nobody is open on a day whose hours are not laid out yet: that is said instead of "few are open then"."""
    if asked.open_at is None or -_DAY <= asked.open_at.replace(tzinfo=UTC) - now <= OPEN_AT_DAYS * _DAY:
        return steps
    laid_out = {"days": OPEN_AT_DAYS}
    return tuple(
        replace(step, facts={**step.facts, **laid_out}) if step.step is Relax.WITHOUT_OPEN else step for step in steps
    )


def _near(snapshot: Snapshot, asked: Question) -> Callable[[float], Near | None]:
    """How listings lie to the person, by radius, each worked out once."""

    @cache
    def lie(radius_m: float) -> Near | None:
        return selection.near(snapshot, asked.place, radius_m) if asked.place is not None else None

    return lie


def _find(snapshot: Snapshot, text: TextMatch, known: Fits, near: Near | None, attempt: Attempt) -> Mask:
    """The one definition of what answers a question."""
    asked = attempt.question
    mask = snapshot.columns.arrays.alive & _serves(snapshot, text, attempt)
    if near is not None:
        mask = mask & (near.matches | selection.nowhere(snapshot) if attempt.anywhere else near.matches)
    if asked.language:
        mask = mask & known.speaks
    if fits.asks_for_hours(asked):
        mask = mask & known.open_then
    if asked.has_room:
        mask = mask & known.has_room
    if asked.no_papers:
        mask = mask & known.no_papers
    if asked.by_phone:
        mask = mask & known.by_phone
    if asked.cost:
        mask = mask & known.costs
    if asked.checked:
        mask = mask & known.checked
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


def _ordered(found: _Found, criteria: SearchCriteria) -> NDArray[np.intp]:
    rows = np.flatnonzero(found.mask)
    if criteria.sort is Sort.NAME:
        return ranking.order(found.snapshot, rows, np.zeros(len(rows)))
    score = ranking.scores(found.snapshot, _asked(found, criteria), found.fits, rows)
    first = None
    if criteria.sort is Sort.NEAR and found.near is not None:
        first = ranking.nearness(found.near, rows)
    elif criteria.sort is Sort.SOONEST:
        first = ranking.soonness(found.snapshot, found.fits, minute(found.now), rows)
    return ranking.order(found.snapshot, rows, score, first)


def _asked(found: _Found, criteria: SearchCriteria) -> Asked:
    asked = found.asked
    return Asked(
        needs=asked.needs,
        near_needs=rescue.near_needs(asked),
        near=found.near,
        radius_m=asked.radius_m,
        minute=minute(found.now),
        language=asked.language or (criteria.lang if criteria.lang != "en" else ""),
        text=found.text,
        strict=found.strict,
        travel=asked.travel,
    )


def _hits(found: _Found, criteria: SearchCriteria, rows: NDArray[np.intp]) -> tuple[Hit, ...]:
    page = rows[criteria.offset : criteria.offset + criteria.limit]
    context = reasons.Context(
        snapshot=found.snapshot,
        question=found.asked,
        fits=found.fits,
        near=found.near,
        text=found.text,
        minute=minute(found.now),
        nearest=reasons.nearest(found.near, rows),
        strict=found.strict,
    )
    orders = ranking.orders(found.snapshot, _asked(found, criteria), found.fits, page)
    return tuple(_hit(context, int(row), order) for row, order in zip(page, orders, strict=True))


def _hit(context: reasons.Context, row: int, order: Order) -> Hit:
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
        score=order.total,
        full=bool(context.fits.full[row]),
        order=order,
    )


def _serves_area(context: reasons.Context, row: int) -> bool | None:
    if context.near is None or not context.snapshot.area_states[row]:
        return None
    return bool(context.near.covers[row])
