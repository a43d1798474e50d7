"""Answers questions from one snapshot: filters to a mask, scores, order, facets, hits with reasons. Totals are exact.

Holds no session and knows no patient. Which snapshot is current is the engine's to know.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from resources_db.hours import OpenStatus
from resources_db.listing_key import ListingKey
from search import candidates, facets, fits, geo, ordering, question, ranking, reasons, rescue, selection
from search.answer import Facets, Hit, Order, Relax, Relaxed, SearchAnswer
from search.columns import EXACT_TIER, NEED_NUMBER, moment
from search.criteria import OPEN_AT_DAYS, SearchCriteria, Sort
from search.fits import Fits
from search.geo import Point
from search.question import Question
from search.ranking import Asked
from search.rescue import Attempt, Rescued
from search.rows import minute
from search.selection import Near
from search.snapshot import Mask, Rows, Snapshot
from search.text_match import TextMatch, Wording

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Looked:
    """The rows that could answer, and what each says to the question."""

    part: Snapshot
    asked: Question
    text: TextMatch
    fits: Fits
    near: Near | None


@dataclass(frozen=True, slots=True)
class _Found:
    """Those that do answer, as a mask over the rows looked at."""

    looked: _Looked
    mask: Mask
    count: int

    def __len__(self) -> int:
        return self.count


class _Search:
    """One question on its way to an answer: each attempt looks at its candidates once."""

    def __init__(self, snapshot: Snapshot, asked: Question, now: datetime, *, standing: bool) -> None:
        self.snapshot, self.asked, self.now = snapshot, asked, now
        self._standing = standing
        self._wording = Wording(snapshot, asked.words, asked.lang, names=asked.may_be_a_name)
        self._looked: dict[tuple[float, bool, bool, bool], _Looked] = {}

    def find(self, attempt: Attempt) -> _Found:
        looked = self._look(attempt)
        # the candidates serve what this attempt asks for and are alive: only the filters are left
        mask = _filtered(looked, looked.near, attempt)
        return _Found(looked, mask, int(np.count_nonzero(mask)))

    def strict(self, looked: _Looked) -> Mask:
        """Which of the rows looked at answer the question as it was asked."""
        asked = self.asked
        near = selection.near(looked.part, asked.place, asked.radius_m) if asked.place is not None else None
        return _filtered(looked, near, Attempt(asked)) & _serves(looked.part, looked.text, Attempt(asked))

    def _look(self, attempt: Attempt) -> _Looked:
        """Filters do not matter here: they are asked of the candidates."""
        place, radius = attempt.question.place, attempt.question.radius_m
        key = (radius, attempt.near_needs, attempt.some_words, attempt.anywhere)
        if key not in self._looked:
            rows = candidates.of(self.snapshot, self._wording, attempt)
            part = self.snapshot.part(rows)
            self._looked[key] = _Looked(
                part,
                self.asked,
                self._wording.on(part, rows),
                fits.of(part, self.asked, self.now, standing=self._standing),
                selection.near(part, place, radius) if place is not None else None,
            )
        return self._looked[key]


@dataclass(frozen=True, slots=True)
class Picked:
    """What answers a question, counted and put in order; the words about it come later."""

    looked: _Looked
    weighed: Asked
    strict: _Found
    rows: Rows  # those of the part that answer
    page: Rows  # those of them that are shown, in order
    facets: Facets
    steps: tuple[Relaxed, ...]


def pick(
    snapshot: Snapshot,
    asked: Question,
    criteria: SearchCriteria,
    now: datetime,
    *,
    standing: bool = True,
    widen: bool = True,
) -> Picked:
    """Filters, facets and order; `widen` makes the question easier when too few answer it."""
    search = _Search(snapshot, asked, now, standing=standing)
    first = search.find(Attempt(asked))
    rescued = rescue.widen(asked, first, search.find) if widen else Rescued(Attempt(asked), first, ())
    looked = rescued.found.looked
    rows = np.flatnonzero(rescued.found.mask)
    weighed = _weigh(search, first, looked, rows, criteria)
    counts = facets.count(looked.part, rescued.found.mask, looked.fits, looked.near, now)
    return Picked(looked, weighed, first, rows, _page(looked, weighed, criteria, rows), counts, rescued.steps)


def answer(snapshot: Snapshot, criteria: SearchCriteria, now: datetime, *, standing: bool = True) -> SearchAnswer:
    """Raises PlaceError when the form's place is not one we know. `standing`: records of helping count."""
    asked = question.put(snapshot, criteria)
    picked = pick(snapshot, asked, criteria, now, standing=standing)
    first = picked.strict
    return SearchAnswer(
        understood=asked.understood,
        instead=asked.instead,
        constraints=asked.constraints,
        corrections=asked.corrections,
        urgent=asked.urgent,
        place=asked.place,
        total=len(picked.rows),
        strict_total=len(first),
        with_room=int(np.count_nonzero(first.mask & ~first.looked.fits.full)),
        facets=picked.facets,
        hits=_hits(picked),
        relaxed=_told(picked.steps, asked, now),
        browse={} if len(picked.rows) else _browse(snapshot, asked),
    )


def with_room(snapshot: Snapshot, criteria: SearchCriteria, now: datetime) -> frozenset[ListingKey]:
    """Every listing that answers as asked, not widened, and did not say it is full. Raises PlaceError as `answer`."""
    asked = question.put(snapshot, criteria)
    found = _Search(snapshot, asked, now, standing=False).find(Attempt(asked))
    keys = found.looked.part.columns.arrays.key[found.mask & ~found.looked.fits.full]
    return frozenset(ListingKey.parse(key.decode()) for key in keys)


def _browse(snapshot: Snapshot, asked: Question) -> dict[str, int]:
    """What there is around the person, or at all."""
    if asked.place is None:
        return facets.browse(snapshot, None)
    part = snapshot.part(candidates.around(snapshot, asked.place, asked.radius_m))
    return facets.browse(part, selection.near(part, asked.place, asked.radius_m)) or facets.browse(snapshot, None)


def _told(steps: tuple[Relaxed, ...], asked: Question, now: datetime) -> tuple[Relaxed, ...]:
    """Nobody is open on a day whose hours are not laid out yet: that is said instead of "few are open then"."""
    if asked.open_at is None or -_DAY <= asked.open_at.replace(tzinfo=UTC) - now <= OPEN_AT_DAYS * _DAY:
        return steps
    laid_out = {"days": OPEN_AT_DAYS}
    return tuple(
        replace(step, facts={**step.facts, **laid_out}) if step.step is Relax.WITHOUT_OPEN else step for step in steps
    )


def _filtered(looked: _Looked, near: Near | None, attempt: Attempt) -> Mask:
    """Which rows pass every filter of an attempt."""
    asked, known, part = attempt.question, looked.fits, looked.part
    mask = np.ones(part.columns.rows, np.bool_)
    if near is not None:
        mask = mask & (near.matches | selection.nowhere(part) if attempt.anywhere else near.matches)
    wanted = (
        (asked.language, known.speaks),
        (fits.asks_for_hours(asked), known.open_then),
        (asked.has_room, known.has_room),
        (asked.no_papers, known.no_papers),
        (asked.by_phone, known.by_phone),
        (asked.who, known.takes),
        (asked.wheelchair, known.step_free),
        (asked.cost, known.costs),
        (asked.checked, known.checked),
    )
    for asks, passes in wanted:
        if asks:
            mask = mask & passes
    return np.asarray(mask)


def _serves(snapshot: Snapshot, text: TextMatch, attempt: Attempt) -> Mask:
    """Which rows serve what an attempt asks for; `candidates` gathers the same rows from the whole."""
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


def _weigh(search: _Search, first: _Found, looked: _Looked, rows: Rows, criteria: SearchCriteria) -> Asked:
    """Everything that bears on the order of these rows, which were found."""
    asked = search.asked
    return Asked(
        needs=asked.needs,
        near_needs=rescue.near_needs(asked),
        near=looked.near,
        radius_m=asked.radius_m,
        minute=minute(search.now),
        language=asked.language or (criteria.lang if criteria.lang != "en" else ""),
        text=looked.text,
        best_text=float(looked.text.scores[rows].max(initial=0.0)),
        strict=first.mask if looked is first.looked else search.strict(looked),
        travel=asked.travel,
        who=asked.who,
    )


def _page(looked: _Looked, weighed: Asked, criteria: SearchCriteria, rows: Rows) -> Rows:
    """The rows of the page asked for, in order."""
    most = criteria.offset + criteria.limit
    if criteria.sort is Sort.NAME:
        return ordering.order(looked.part, rows, np.zeros(len(rows)), most=most)[criteria.offset :]
    score = ranking.scores(looked.part, weighed, looked.fits, rows)
    first = ranking.heads(looked.part, weighed, looked.fits, rows, score) if criteria.sort is Sort.BEST else None
    if criteria.sort is Sort.NEAR and looked.near is not None:
        first = ranking.nearness(looked.part, looked.near, rows)
    elif criteria.sort is Sort.SOONEST:
        first = ranking.soonness(looked.part, looked.fits, weighed.minute, rows)
    return ordering.order(looked.part, rows, score, first, most=most)[criteria.offset :]


def _hits(picked: Picked) -> tuple[Hit, ...]:
    looked, weighed = picked.looked, picked.weighed
    context = reasons.Context(
        snapshot=looked.part,
        question=looked.asked,
        fits=looked.fits,
        near=looked.near,
        text=looked.text,
        minute=weighed.minute,
        nearest=reasons.nearest(looked.near, picked.rows),
        strict=weighed.strict,
    )
    orders = ranking.orders(looked.part, weighed, looked.fits, picked.page)
    return tuple(_hit(context, int(row), order) for row, order in zip(picked.page, orders, strict=True))


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
