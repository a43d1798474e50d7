"""The numpy limit: what one hand can write when it may forget everything but speed. No layers, all in memory, decoded.

The same filters, facets and order as ours, for the questions of the mix only. Where words are found is a parameter, so
that other text engines can be set before the same arithmetic.
"""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bench.work import MINUTE, SHOWN, Reading, Reply
from resources_db.needs import DOMAINS, NEEDS
from resources_db.vocab import CapacityState
from search import ranking, rescue
from search.columns import CAPACITY_STATES, EXACT_TIER, NEED_IDS, NEED_NUMBER, language_bit
from search.geo import haversine
from search.snapshot import Snapshot

Slots = NDArray[np.intp]
Floats = NDArray[np.float64]

_K1, _B = 1.2, 0.6
_DAY = 24 * 60
_FULL = [
    CAPACITY_STATES.index(state) for state in (CapacityState.FULL, CapacityState.PAUSED, CapacityState.OUT_OF_FUNDS)
]
_ROOM = np.array([*(ranking._ROOM.get(state, 0.0) for state in CAPACITY_STATES), ranking._ROOM_UNKNOWN])
_DOMAINS = sorted(DOMAINS)
_LIMITS_M = [miles * 1609.344 for miles in (1, 2, 5, 10, 25)]
_CHECKED = [days * _DAY for days in (30, 90, 180, 365)]


class Words(Protocol):
    """Where words are found: slots that hold all of them, slots called so, and scores of these slots."""

    def holders(self, reading: Reading) -> tuple[Slots, Slots]: ...

    def scores(self, reading: Reading, slots: Slots) -> Floats: ...


class NumpyLimit:
    name = "numpy limit"
    ordered_alike = True

    def __init__(self, snapshot: Snapshot, words: Words | None = None) -> None:
        a = snapshot.columns.arrays
        self.count = snapshot.columns.rows
        self.areas, self.grid, self.tables = snapshot.areas, snapshot.grid, snapshot.columns.tables
        self.latitude, self.longitude = np.array(a.latitude), np.array(a.longitude)
        self.needs = np.array(a.needs)
        self.serving = [np.flatnonzero(a.needs[:, n] | a.also[:, n]) for n in range(len(NEED_IDS))]
        self.also = np.array(a.also)
        self.languages = np.array(a.languages)
        self.alert, self.guessed = np.array(a.alert), np.array(a.guessed)
        self.names, self.keys = np.array(a.name), np.array(a.key)
        self.exact = np.array(a.tier >= EXACT_TIER)
        self.confirmed, self.cost = np.array(a.confirmed), np.array(a.cost)
        self.domains = np.zeros(self.count, np.uint8)
        for number, need in enumerate(NEED_IDS):
            self.domains[a.needs[:, number]] |= 1 << _DOMAINS.index(NEEDS[need].domain)
        room = snapshot.room(MINUTE)
        self.full = np.isin(room, _FULL)
        self.room, self.said = room, room + 1
        order = np.argsort(a.area_id, kind="stable")
        ends = np.cumsum(np.bincount(a.area_id, minlength=len(self.tables.areas)))
        self.by_area = np.split(a.area_row[order], ends[:-1])
        self.states = snapshot.area_states
        self.anywhere = a.remote & ~self.states
        hours = snapshot.hours(MINUTE)
        self.open_now = hours.open_now
        self.opens, self.tells = hours.opens, snapshot.tells_hours()
        self.words = words or Decoded(snapshot)

    def ask(self, reading: Reading) -> Reply:
        rows, named = self._candidates(reading)
        metres = covers = None
        if reading.place is not None:
            rows, metres, covers = self._near(reading, rows)
        keep = np.ones(len(rows), np.bool_)
        if reading.language:
            keep &= (self.languages[rows] & language_bit(self.tables, reading.language)) != 0
        if reading.open_now:
            keep &= self.open_now[rows]
        kept = np.flatnonzero(keep)
        text = self.words.scores(reading, rows) if reading.words else None
        found = rows[kept]
        if metres is not None:
            metres, covers = metres[kept], covers[kept]
        score = self._score(reading, found, metres, covers, text, kept, np.isin(found, named) if len(named) else None)
        needs = self._count_needs(found)
        self._count_the_rest(found, metres)
        return Reply(
            len(found),
            int(np.count_nonzero(self.open_now[found])),
            needs,
            self._page(found, score, self._heads(reading, found, score, named)),
        )

    def _candidates(self, reading: Reading) -> tuple[Slots, Slots]:
        held, named = self.words.holders(reading)
        if not reading.needs:
            return held, named
        mask = np.zeros(self.count, np.bool_)
        for need in reading.needs:
            mask[self.serving[need]] = True
        mask[named] = True
        return np.flatnonzero(mask), named

    def _near(self, reading: Reading, rows: Slots) -> tuple[Slots, Floats, NDArray[np.bool_]]:
        place = reading.place
        covered = np.zeros(self.count, np.bool_)
        for area in np.flatnonzero(self.areas.covering(place)):
            covered[self.by_area[area]] = True
        may = covered | self.anywhere
        may[self.grid.near(place.point, reading.radius_m)] = True
        rows = rows[may[rows]]
        metres = haversine(place.point, self.latitude[rows], self.longitude[rows])
        covers = covered[rows]
        counts = (metres <= reading.radius_m) | covers
        metres[~counts] = np.nan
        kept = np.flatnonzero(counts | self.anywhere[rows])
        return rows[kept], metres[kept], covers[kept]

    def _score(
        self,
        reading: Reading,
        rows: Slots,
        metres: Floats | None,
        covers: NDArray[np.bool_] | None,
        text: Floats | None,
        kept: Slots,
        named: NDArray[np.bool_] | None,
    ) -> Floats:
        w = ranking.WEIGHTS
        blend = w["room"] * _ROOM[self.room[rows]] + w["open"] * self._soon(rows) + w["fresh"] * self._fresh(rows)
        blend += w["standing"] * 0.6
        if reading.language:
            spoken = self.languages[rows]
            speaks = (spoken & language_bit(self.tables, reading.language)) != 0
            blend += w["language"] * np.where(speaks, 1.0, np.where(spoken != 0, 0.0, 0.4))
        else:
            blend += w["language"] * 0.5
        if text is not None and (best := float(text[kept].max(initial=0.0))) > 0:
            blend += w["text"] * (text[kept] / best)
        factor = np.where(self.full[rows], ranking.FULL_PENALTY, 1.0)
        factor *= np.where(self.alert[rows], ranking.ALERT_PENALTY, 1.0)
        if metres is None or covers is None:
            blend += (w["distance"] + w["area"]) * 0.5
        else:
            half = max(reading.radius_m / 2, 1.0)
            far = np.power(0.5, (metres + np.where(self.exact[rows], 0.0, 0.1 * half)) / half)
            unplaced = np.where(covers | self.anywhere[rows], 0.5, 0.2)
            blend += w["distance"] * np.where(np.isnan(metres), unplaced, far)
            outside = self.states[rows] & ~covers
            blend += w["area"] * np.where(covers, 1.0, np.where(outside, 0.0, 0.5))
            factor *= np.where(outside, ranking.OUTSIDE_PENALTY, 1.0)
        if reading.needs:
            blend *= self._fit(reading, rows)
            factor *= np.where(self.guessed[rows], ranking.GUESSED_PENALTY, 1.0)
        score = blend * factor
        return score if named is None else score + np.where(named, 2.0, 0.0)

    def _soon(self, rows: Slots) -> Floats:
        wait = self.opens[rows] - MINUTE
        later = 0.2 + 0.2 * (wait <= 7 * _DAY) + 0.1 * (wait <= 2 * _DAY) + 0.2 * (wait <= _DAY // 2)
        return np.where(self.tells[rows], np.where(self.open_now[rows], 1.0, later), 0.4)

    def _fresh(self, rows: Slots) -> Floats:
        said = self.confirmed[rows]
        days = (MINUTE - said) / _DAY
        return np.where(said < 0, 0.2, 0.3 + 0.3 * (days <= 365) + 0.4 * (days <= 180))

    def _fit(self, reading: Reading, rows: Slots) -> Floats:
        asked = reading.asked.needs
        surest = max(asked.values())
        best, served = np.zeros(len(rows)), np.zeros(len(rows))
        for need, confidence in asked.items():
            number = NEED_NUMBER[need]
            sure = (confidence / surest) ** ranking._DOUBT
            grade = np.where(self.needs[rows, number], ranking.EXACT, self.also[rows, number] * ranking.ALSO)
            best = np.maximum(best, grade * sure)
            served += grade > 0
        fit = best + 0.15 * np.maximum(served - 1, 0)
        low = np.flatnonzero(fit < ranking.NEAR)
        nearly = np.full(len(low), 0.1)
        for place, need in enumerate(rescue.near_needs(reading.asked)):
            grade = max(ranking.NEAR - place * 0.05, 0.1)
            nearly = np.maximum(nearly, np.where(self.needs[rows[low], NEED_NUMBER[need]], grade, 0.1))
        fit[low] = np.maximum(fit[low], nearly)
        return fit

    def _count_needs(self, rows: Slots) -> dict[int, int]:
        held = self.needs[rows].view(np.uint8)
        whole = len(held) // 255 * 255
        counts = held[:whole].reshape(-1, 255, held.shape[1]).sum(axis=1, dtype=np.uint8).sum(axis=0, dtype=np.int64)
        counts = counts + held[whole:].sum(axis=0, dtype=np.int64)
        return {int(need): int(counts[need]) for need in np.flatnonzero(counts)}

    def _count_the_rest(self, rows: Slots, metres: Floats | None) -> list[object]:
        """Counted as ours does, so that both do the same work; only needs and open now are compared."""
        spoken = self.languages[rows]
        confirmed = self.confirmed[rows]
        age = MINUTE - confirmed[confirmed >= 0]
        return [
            np.bincount(self.domains[rows], minlength=64),
            [np.count_nonzero(spoken & language_bit(self.tables, code)) for code in self.tables.languages],
            np.bincount(self.cost[rows]),
            np.bincount(self.said[rows]),
            [np.count_nonzero(age <= limit) for limit in _CHECKED],
            [np.count_nonzero(metres <= limit) for limit in _LIMITS_M] if metres is not None else [],
        ]

    def _heads(self, reading: Reading, rows: Slots, score: Floats, named: Slots) -> Floats | None:
        """Who asks for several things gets the best door for each on top."""
        asked = reading.asked.needs
        wanted = [need for need, sure in asked.items() if sure >= max(asked.values()) - ranking._AS_SURE]
        if len(wanted) < 2:
            return None
        places, usable = np.full(len(rows), float(len(wanted))), ~self.full[rows]
        for place, need in reversed(list(enumerate(wanted))):
            doors = np.flatnonzero(self.needs[rows, NEED_NUMBER[need]] & usable)
            best = self._page(rows[doors], score[doors], None)[:1]
            places[np.searchsorted(rows, best)] = place
        places[np.isin(rows, named)] = -1.0
        return places

    def _page(self, rows: Slots, score: Floats, first: Floats | None) -> tuple[int, ...]:
        rank = -np.round(score, 6)
        if first is not None:
            rank = rank + first * 100.0  # scores lie far within
        if len(rows) > SHOWN:
            few = np.flatnonzero(rank <= np.partition(rank, SHOWN - 1)[SHOWN - 1])
            rows, rank = rows[few], rank[few]
        return tuple(rows[np.lexsort((self.keys[rows], self.names[rows], rank))][:SHOWN].tolist())


class Decoded:
    """Posting lists of the words that are asked for, in memory as arrays."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._text = snapshot.text
        self._count = snapshot.columns.rows
        lengths = snapshot.columns.arrays.words
        self._damp = _K1 * (1 - _B + _B * lengths / float(lengths.mean()))

    def holders(self, reading: Reading) -> tuple[Slots, Slots]:
        named = self._all([(mark,) for mark in reading.name]) if reading.name else np.zeros(0, np.intp)
        return (self._all(reading.words) if not reading.needs else named), named

    def _all(self, words: Sequence[Sequence[str]]) -> Slots:
        held = np.zeros(self._count, np.uint8)
        for terms in words:
            if len(terms) == 1:
                held[self._text.postings(terms[0]).slots] += 1
            else:
                any_of = np.zeros(self._count, np.bool_)
                for term in terms:
                    any_of[self._text.postings(term).slots] = True
                held += any_of
        return np.flatnonzero(held == len(words))

    def scores(self, reading: Reading, slots: Slots) -> Floats:
        score = np.zeros(len(slots), np.float32)
        for terms in reading.words:
            weights = np.zeros(self._count, np.float32)
            for term in terms:
                found = self._text.postings(term)
                weights[found.slots] = np.maximum(weights[found.slots], found.weights)
            holding = int(np.count_nonzero(weights))
            mine = weights[slots]
            rarity = np.float32(np.log(1 + (self._count - holding + 0.5) / (holding + 0.5)))
            score += rarity * mine * (_K1 + 1) / (mine + self._damp[slots])
        return score
