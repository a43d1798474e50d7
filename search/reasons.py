"""Why a listing stands where it stands: codes and facts for each hit, the telling ones first."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resources_db.hours import OpenState
from resources_db.vocab import CapacityState
from search.answer import Reason, Why
from search.columns import CAPACITY_STATES, NEED_NUMBER, NEVER, OPEN_STATES, moment
from search.fits import Fits
from search.question import Question
from search.rescue import near_needs
from search.selection import Near
from search.snapshot import Mask, Snapshot
from search.text_match import TextMatch

_FRESH_DAYS = 90
_DAY = 24 * 60


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


def _fit(context: Context, row: int) -> Iterator[Reason]:
    language = context.question.language
    if language and context.fits.speaks[row]:
        yield Reason(Why.SPEAKS, {"language": language})
    if context.fits.no_papers[row]:
        yield Reason(Why.NO_PAPERS)


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
    if status[0] is OpenState.OPEN:
        yield Reason(Why.OPEN_NOW, {"until": moment(status[1])} if status[1] is not None else {})
    elif status[2] is not None:
        yield Reason(Why.OPENS, {"at": moment(status[2])})


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
    if not context.strict[row]:
        yield from _missing(context, row)


def _missing(context: Context, row: int) -> Iterator[Reason]:
    """Which filters a listing does not pass, that is shown because too few passed them all."""
    asked, known = context.question, context.fits
    if asked.language and not known.speaks[row]:
        yield Reason(Why.MISSES, {"filter": "language", "language": asked.language})
    if asked.open_when and not known.open_then[row]:
        yield Reason(Why.MISSES, {"filter": "open"})
    if asked.has_room and not known.has_room[row]:
        yield Reason(Why.MISSES, {"filter": "has_room"})
    if asked.no_papers and not known.no_papers[row]:
        yield Reason(Why.MISSES, {"filter": "no_papers"})


def open_status(snapshot: Snapshot, row: int, minute: int) -> tuple[OpenState, int | None, int | None]:
    """State now, the minute it closes, the minute it opens next."""
    known = OPEN_STATES[int(snapshot.columns.arrays.open_state[row])]
    if known not in {OpenState.OPEN, OpenState.CLOSED}:
        return known, None, None
    closes = snapshot.closing(row, minute)
    if closes is not None:
        return OpenState.OPEN, closes, None
    opens = int(snapshot.opening(row, minute))
    return OpenState.CLOSED, None, opens if opens < NEVER else None


def nearest(near: Near | None, rows: NDArray[np.intp]) -> int | None:
    """The closest of these rows, if any has a distance."""
    if near is None or not len(rows) or np.all(np.isnan(near.metres[rows])):
        return None
    return int(rows[np.nanargmin(near.metres[rows])])
