"""Why a listing stands where it stands: codes and facts for each hit, the telling ones first."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resources_db.hours import OpenState
from resources_db.vocab import CapacityState
from search.answer import Reason, Why
from search.columns import CAPACITY_STATES, COST_KINDS, NEED_IDS, NEED_NUMBER, NEVER, OPEN_STATES, moment
from search.criteria import MILE, Cost, Sort, Travel
from search.fits import Fits, asks_for_hours
from search.question import Question
from search.rescue import near_needs
from search.selection import COSTS, Near
from search.snapshot import Mask, Snapshot
from search.text_match import TextMatch

_FRESH_DAYS = 90
_DAY = 24 * 60
_ALWAYS = 6 * _DAY  # open for so long without a break: "until" would be the end of what we laid out
_METRES_A_MINUTE = 60.0  # on foot, as the crow flies: streets are a third longer than the line on the map
_WALK_M, _FAR_WALK_M = 1.5 * MILE, 3 * MILE
_RIDE_M = 3 * MILE


@dataclass(frozen=True, slots=True)
class Context:
    """What all hits of one answer share."""

    snapshot: Snapshot
    question: Question
    fits: Fits
    near: Near | None
    text: TextMatch
    minute: int
    nearest: int | None
    strict: Mask


def reasons(context: Context, row: int) -> tuple[Reason, ...]:
    return (
        *_need(context, row),
        *_standing(context, row),
        *_place(context, row),
        *_fit(context, row),
        *_room(context, row),
        *_when(context, row),
        *_doubt(context, row),
    )


def _need(context: Context, row: int) -> Iterator[Reason]:
    arrays = context.snapshot.columns.arrays
    if context.text.named[row]:
        yield Reason(Why.NAME)
    asked = context.question.needs
    exact = [need for need in asked if arrays.needs[row, NEED_NUMBER[need]]]
    also = [need for need in asked if need not in exact and arrays.also[row, NEED_NUMBER[need]]]
    for need in exact:
        yield Reason(Why.NEED_EXACT, {"need": need})
    for need in also:
        yield Reason(Why.NEED_ALSO, {"need": need})
    if asked and not exact and not also and not context.text.named[row]:
        near = [need for need in near_needs(context.question) if arrays.needs[row, NEED_NUMBER[need]]]
        yield from (Reason(Why.NEED_NEAR, {"need": need}) for need in near[:1])


def _standing(context: Context, row: int) -> Iterator[Reason]:
    """The best known record for one of the asked needs."""
    if not context.fits.standing.known[row]:
        return
    arrays = context.snapshot.columns.arrays
    first, last = np.searchsorted(arrays.standing_row, [row, row + 1])
    records = [
        (int(arrays.standing_known[place]), int(arrays.standing_helped[place]), need)
        for place in range(int(first), int(last))
        if (need := NEED_IDS[arrays.standing_need[place]]) in context.question.needs
    ]
    known, helped, need = max(records)
    yield Reason(Why.STANDING, {"helped": helped, "known": known, "need": need})


def _place(context: Context, row: int) -> Iterator[Reason]:
    near, place = context.near, context.question.place
    if near is None or place is None:
        return
    if row == context.nearest:
        yield Reason(Why.NEAREST)
    if near.covers[row]:
        yield Reason(Why.SERVES_AREA, {"place": place.label})
    elif near.outside[row]:
        yield Reason(Why.OUTSIDE_AREA, {"place": place.label})
    elif near.anywhere[row]:
        yield Reason(Why.SERVES_EVERYWHERE)
    if context.snapshot.columns.arrays.remote[row]:
        yield Reason(Why.BY_PHONE)
    elif context.question.travel is not None:
        yield from _reach(context.question.travel, float(near.metres[row]))


def _reach(travel: Travel, metres: float) -> Iterator[Reason]:
    """How a place lies to somebody who travels like this; nothing where the distance says nothing."""
    if travel is Travel.WALK and metres <= _WALK_M:
        yield Reason(Why.REACH, {"travel": travel.value, "minutes": max(round(metres / _METRES_A_MINUTE), 1)})
    elif travel is Travel.WALK and metres > _FAR_WALK_M:
        yield Reason(Why.FAR, {"travel": travel.value})
    elif travel is Travel.BUS and _WALK_M < metres <= _RIDE_M:
        yield Reason(Why.REACH, {"travel": travel.value})


def _fit(context: Context, row: int) -> Iterator[Reason]:
    language = context.question.language
    if language and context.fits.speaks[row]:
        yield Reason(Why.SPEAKS, {"language": language})
    if context.fits.no_papers[row]:
        yield Reason(Why.NO_PAPERS)
    if context.question.who and context.fits.meant_for[row]:
        yield Reason(Why.MEANT_FOR, {"who": context.question.who.value})
    if context.question.wheelchair and context.fits.step_free[row]:
        yield Reason(Why.STEP_FREE)
    if context.question.cost and context.fits.costs[row] and (cost := _cost(context, row)) is not Cost.UNKNOWN:
        yield Reason(Why.COSTS, {"cost": cost.value})


def _cost(context: Context, row: int) -> Cost:
    kind = COST_KINDS[context.snapshot.columns.arrays.cost[row]]
    return next(cost for cost, kinds in COSTS.items() if kind in kinds)


def _room(context: Context, row: int) -> Iterator[Reason]:
    state = int(context.fits.room[row])
    if state < 0:
        return
    said = moment(int(context.snapshot.columns.arrays.capacity_said[row]))
    word = CAPACITY_STATES[state]
    if word in {CapacityState.OPEN, CapacityState.LIMITED}:
        yield Reason(Why.HAS_ROOM, {"said_at": said})
    elif word is CapacityState.WAITLIST:
        yield Reason(Why.WAITLIST, {"said_at": said})
    elif context.fits.full[row]:
        yield Reason(Why.FULL, {"said_at": said, "state": word.value})


def _when(context: Context, row: int) -> Iterator[Reason]:
    status = open_status(context.snapshot, row, context.minute)
    wall = context.question.open_at
    if wall is not None and context.fits.open_then[row]:
        yield Reason(Why.OPEN_THEN, {"at": wall})
    if status[0] is OpenState.OPEN:
        yield Reason(Why.OPEN_NOW, {"until": moment(status[1])} if status[1] is not None else {})
    elif status[2] is not None:
        yield Reason(Why.OPENS, {"at": moment(status[2])})
    elif status[0] is not OpenState.CLOSED and context.question.sort is Sort.SOONEST:
        yield Reason(Why.NO_HOURS)


def _doubt(context: Context, row: int) -> Iterator[Reason]:
    arrays = context.snapshot.columns.arrays
    confirmed = int(arrays.confirmed[row])
    days = (context.minute - confirmed) // _DAY
    if confirmed >= 0 and days <= _FRESH_DAYS:
        yield Reason(Why.CHECKED, {"days": max(days, 0)})
    else:
        yield Reason(Why.OLD_FACTS, {"days": days} if confirmed >= 0 else {})
    if arrays.alert[row]:
        yield Reason(Why.ALERT)
    if arrays.doubted[row]:
        yield Reason(Why.DOUBTED)
    if not context.strict[row]:
        yield from _missing(context, row)


def _missing(context: Context, row: int) -> Iterator[Reason]:
    """Which filters a listing does not pass, that is shown because too few passed them all."""
    asked, known = context.question, context.fits
    if asked.language and not known.speaks[row]:
        yield Reason(Why.MISSES, {"filter": "language", "language": asked.language})
    missed = (
        ("open", asks_for_hours(asked), known.open_then),
        ("has_room", asked.has_room, known.has_room),
        ("no_papers", asked.no_papers, known.no_papers),
        ("by_phone", asked.by_phone, known.by_phone),
        ("who", asked.who is not None, known.takes),
        ("wheelchair", asked.wheelchair, known.step_free),
        ("cost", bool(asked.cost), known.costs),
        ("checked", bool(asked.checked), known.checked),
    )
    yield from (Reason(Why.MISSES, {"filter": name}) for name, wanted, fits in missed if wanted and not fits[row])


def open_status(snapshot: Snapshot, row: int, minute: int) -> tuple[OpenState, int | None, int | None]:
    """State now, the minute it closes, the minute it opens next."""
    known = OPEN_STATES[int(snapshot.columns.arrays.open_state[row])]
    if known not in {OpenState.OPEN, OpenState.CLOSED}:
        return known, None, None
    closes = int(snapshot.closings(minute)[row])
    if closes:
        return OpenState.OPEN, closes if closes - minute < _ALWAYS else None, None
    opens = int(snapshot.next_opening(minute)[row])
    return OpenState.CLOSED, None, opens if opens < NEVER else None


def nearest(near: Near | None, rows: NDArray[np.intp]) -> int | None:
    """The closest of these rows, if any has a distance."""
    if near is None or not len(rows) or np.all(np.isnan(near.metres[rows])):
        return None
    return int(rows[np.nanargmin(near.metres[rows])])
