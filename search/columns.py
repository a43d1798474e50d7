"""Facts of all listings of an index as numpy columns, row = slot. How they lie on disk is in column_files.py.

A changed listing gets a new row and the old one is marked gone; a rebuild packs them again. No row ever moves.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from resources_db import capacity
from resources_db.hours import OpenState
from resources_db.needs import DOMAINS, NEEDS
from resources_db.vocab import CapacityState, CostKind, GeocodeQuality
from search import audience, hints
from search.areas import AreaSpec
from search.hints import Hints
from search.lexicon import content
from search.rows import IndexRow, minute
from search.words import fold, split

COLUMNS_VERSION = 6
NEVER = 2_000_000_000  # minutes since 1970: later than anything

NEED_IDS: tuple[str, ...] = tuple(NEEDS)
DOMAIN_IDS: tuple[str, ...] = tuple(DOMAINS)
NEED_NUMBER = {need: number for number, need in enumerate(NEED_IDS)}
CAPACITY_STATES: tuple[CapacityState, ...] = tuple(CapacityState)
COST_KINDS: tuple[CostKind, ...] = tuple(CostKind)
OPEN_STATES: tuple[OpenState, ...] = tuple(OpenState)
_TIERS = {GeocodeQuality.ROOFTOP: 3, GeocodeQuality.STREET: 3, GeocodeQuality.ZIP: 2, GeocodeQuality.CITY: 1}
EXACT_TIER = 3
_NAME_BYTES, _ID_BYTES, _KEY_BYTES = 48, 36, 73  # a key: two UUIDs and a dot


@dataclass(frozen=True)
class Tables:
    """Words that columns hold as numbers; they only ever grow within a generation."""

    languages: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    areas: tuple[AreaSpec, ...] = ()

    @cached_property
    def area_number(self) -> Mapping[AreaSpec, int]:
        return {area: number for number, area in enumerate(self.areas)}


@dataclass(slots=True)
class Arrays:
    """One entry a row, except the lists at the end (rows repeated, in rising order; hints in the order of words)."""

    alive: NDArray[np.bool_]
    key: NDArray[np.bytes_]
    service: NDArray[np.bytes_]
    name: NDArray[np.bytes_]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    tier: NDArray[np.int8]
    needs: NDArray[np.bool_]
    also: NDArray[np.bool_]
    domains: NDArray[np.uint8]
    guessed: NDArray[np.bool_]
    languages: NDArray[np.uint64]
    papers: NDArray[np.int8]
    meant_for: NDArray[np.uint8]
    not_for: NDArray[np.uint8]
    step_free: NDArray[np.bool_]
    zone: NDArray[np.int16]
    open_state: NDArray[np.int8]
    capacity: NDArray[np.int8]
    capacity_until: NDArray[np.int32]
    capacity_said: NDArray[np.int32]
    confirmed: NDArray[np.int32]
    remote: NDArray[np.bool_]
    alert: NDArray[np.bool_]
    doubted: NDArray[np.bool_]
    cost: NDArray[np.int8]
    words: NDArray[np.float32]
    name_words: NDArray[np.uint8]
    organization_words: NDArray[np.uint8]
    shown_name: NDArray[np.bytes_]
    shown_organization: NDArray[np.bytes_]
    span_row: NDArray[np.int32]
    span_open: NDArray[np.int32]
    span_close: NDArray[np.int32]
    area_row: NDArray[np.int32]
    area_id: NDArray[np.int32]
    standing_row: NDArray[np.int32]
    standing_need: NDArray[np.int16]
    standing_helped: NDArray[np.int32]
    standing_known: NDArray[np.int32]
    hint_word: NDArray[np.bytes_]
    hint_row: NDArray[np.int32]
    hint_part: NDArray[np.int8]
    late_hint_word: NDArray[np.bytes_]
    late_hint_row: NDArray[np.int32]
    late_hint_part: NDArray[np.int8]

    @property
    def hints(self) -> Hints:
        return Hints(self.hint_word, self.hint_row, self.hint_part)

    @property
    def late_hints(self) -> Hints:
        """Those of rows that came with changes."""
        return Hints(self.late_hint_word, self.late_hint_row, self.late_hint_part)

    def with_hints(self, early: Hints, late: Hints) -> "Arrays":
        return replace(
            self,
            hint_word=early.word,
            hint_row=early.row,
            hint_part=early.part,
            late_hint_word=late.word,
            late_hint_row=late.row,
            late_hint_part=late.part,
        )


@dataclass(frozen=True, slots=True)
class Columns:
    """`origin` is the same for columns of which one is the other with more rows behind; none: made in memory."""

    arrays: Arrays
    tables: Tables = field(default_factory=Tables)
    origin: tuple[int, int] | None = None

    @property
    def rows(self) -> int:
        return len(self.arrays.alive)

    @property
    def living(self) -> int:
        return int(np.count_nonzero(self.arrays.alive))


def build(rows: Sequence[IndexRow], tables: Tables | None = None) -> Columns:
    """Columns of these rows; `tables` are those of the columns they will be joined to."""
    learned = _learn(rows, tables or Tables())
    return Columns(_arrays(rows, learned), learned)


def changed(columns: Columns, gone: Iterable[str], rows: Sequence[IndexRow]) -> Columns:
    """Rows of these services are marked gone, new rows stand at the end."""
    added = build(rows, columns.tables)
    more = moved(added.arrays, columns.rows)
    joined = {
        item.name: np.concatenate([getattr(columns.arrays, item.name), getattr(more, item.name)])
        for item in fields(Arrays)
    }
    joined["alive"] = np.concatenate([without(columns, gone), added.arrays.alive])
    named = hints.late(columns.arrays.hints, columns.arrays.late_hints, added.arrays.hints, columns.rows)
    return Columns(Arrays(**joined).with_hints(*named), added.tables)


def moved(arrays: Arrays, first: int) -> Arrays:
    """The same rows, to stand behind so many others."""
    names = [item.name for item in fields(Arrays) if item.name.endswith("_row")]
    return replace(arrays, **{name: getattr(arrays, name) + np.int32(first) for name in names})


def without(columns: Columns, gone: Iterable[str]) -> NDArray[np.bool_]:
    """Which rows live on without these services."""
    services, held = np.array([service.encode() for service in gone], f"S{_ID_BYTES}"), columns.arrays.service
    alive = np.array(columns.arrays.alive)
    places = np.flatnonzero(np.isin(_starts(held), _starts(services)))  # few others begin like one of them
    alive[places[np.isin(held[places], services)]] = False
    return alive


def _starts(services: NDArray[np.bytes_]) -> NDArray[np.uint64]:
    """The first eight letters of ids as one number: quickly compared."""
    kind = np.dtype({"names": ["start"], "formats": [np.uint64], "itemsize": _ID_BYTES})
    return np.asarray(services.view(kind)["start"])


def language_bit(tables: Tables, language: str) -> np.uint64:
    """The bit of a language; no bit when no listing speaks it."""
    if language not in tables.languages:
        return np.uint64(0)
    return np.uint64(1) << np.uint64(tables.languages.index(language))


def _learn(rows: Sequence[IndexRow], tables: Tables) -> Tables:
    languages = dict.fromkeys([*tables.languages, *(code for row in rows for code in row.languages)])
    zones = dict.fromkeys([*tables.zones, *(row.zone for row in rows)])
    known = tables.area_number
    areas = dict.fromkeys(area for row in rows for area in row.areas if area not in known)
    learned = Tables(tuple(languages)[:64], tuple(zones), (*tables.areas, *areas))
    return tables if learned == tables else learned


def _arrays(rows: Sequence[IndexRow], tables: Tables) -> Arrays:
    spans = [(row, opens, closes) for row, item in enumerate(rows) for opens, closes in item.spans]
    areas = [(row, tables.area_number[area]) for row, item in enumerate(rows) for area in item.areas]
    records = [(row, record) for row, item in enumerate(rows) for record in item.standing]
    room = [_room(row) for row in rows]
    named, nothing = hints.build(rows), hints.build(())
    return Arrays(
        alive=np.ones(len(rows), np.bool_),
        key=np.array([row.key for row in rows], f"S{_KEY_BYTES}"),
        service=np.array([row.service_id for row in rows], f"S{_ID_BYTES}"),
        name=np.array([_sort_name(row) for row in rows], f"S{_NAME_BYTES}"),
        latitude=np.array([row.latitude for row in rows], np.float64),
        longitude=np.array([row.longitude for row in rows], np.float64),
        tier=np.array([_tier(row) for row in rows], np.int8),
        needs=_need_matrix([row.needs for row in rows]),
        also=_need_matrix([row.also_serves for row in rows]),
        domains=np.array([_domain_bits(row) for row in rows], np.uint8),
        guessed=np.array([row.guessed for row in rows], np.bool_),
        languages=np.array([_language_bits(row, tables) for row in rows], np.uint64),
        papers=np.array([row.papers for row in rows], np.int8),
        meant_for=np.array([audience.bits(row.audience.meant_for) for row in rows], np.uint8),
        not_for=np.array([audience.bits(row.audience.not_for) for row in rows], np.uint8),
        step_free=np.array([row.step_free for row in rows], np.bool_),
        zone=np.array([tables.zones.index(row.zone) for row in rows], np.int16),
        open_state=np.array([OPEN_STATES.index(row.open_state) for row in rows], np.int8),
        capacity=np.array([state for state, _, _ in room], np.int8),
        capacity_until=np.array([until for _, until, _ in room], np.int32),
        capacity_said=np.array([said for _, _, said in room], np.int32),
        confirmed=np.array([minute(row.confirmed_at) if row.confirmed_at else -1 for row in rows], np.int32),
        remote=np.array([row.remote for row in rows], np.bool_),
        alert=np.array([row.alert for row in rows], np.bool_),
        doubted=np.array([row.doubted for row in rows], np.bool_),
        cost=np.array([COST_KINDS.index(row.cost) for row in rows], np.int8),
        words=np.array([_word_count(row) for row in rows], np.float32),
        name_words=np.array([_telling(row.name) for row in rows], np.uint8),
        organization_words=np.array([_telling(row.organization) for row in rows], np.uint8),
        shown_name=np.array([hints.shown(row.name) for row in rows], f"S{hints.SHOWN_BYTES}"),
        shown_organization=np.array([hints.shown(row.organization) for row in rows], f"S{hints.SHOWN_BYTES}"),
        span_row=np.array([row for row, _, _ in spans], np.int32),
        span_open=np.array([opens for _, opens, _ in spans], np.int32),
        span_close=np.array([closes for _, _, closes in spans], np.int32),
        area_row=np.array([row for row, _ in areas], np.int32),
        area_id=np.array([area for _, area in areas], np.int32),
        standing_row=np.array([row for row, _ in records], np.int32),
        standing_need=np.array([NEED_NUMBER[record.need] for _, record in records], np.int16),
        standing_helped=np.array([record.helped for _, record in records], np.int32),
        standing_known=np.array([record.known for _, record in records], np.int32),
        hint_word=named.word,
        hint_row=named.row,
        hint_part=named.part,
        late_hint_word=nothing.word,
        late_hint_row=nothing.row,
        late_hint_part=nothing.part,
    )


def _telling(name: str) -> int:
    """How many words of a name say which one it is."""
    return min(len(set(content(split(name), "en"))), 255)


def _tier(row: IndexRow) -> int:
    return 0 if math.isnan(row.latitude) else _TIERS.get(row.quality, 0)


def _sort_name(row: IndexRow) -> bytes:
    return fold(row.name).encode("utf-8")[:_NAME_BYTES]


def _word_count(row: IndexRow) -> float:
    return float(len(f"{row.name} {row.organization} {row.description}".split()))


def _need_matrix(needs: Sequence[tuple[str, ...]]) -> NDArray[np.bool_]:
    matrix = np.zeros((len(needs), len(NEED_IDS)), np.bool_)
    for row, named in enumerate(needs):
        matrix[row, [NEED_NUMBER[need] for need in named]] = True
    return matrix


def _domain_bits(row: IndexRow) -> int:
    bits = 0
    for need in row.needs:
        bits |= 1 << DOMAIN_IDS.index(NEEDS[need].domain)
    return bits


def _language_bits(row: IndexRow, tables: Tables) -> int:
    return sum(1 << tables.languages.index(code) for code in set(row.languages) if code in tables.languages)


def _room(row: IndexRow) -> tuple[int, int, int]:
    """State number (-1 = nothing said), the minute it stops counting, the minute it was said."""
    if row.capacity is None:
        return -1, NEVER, -1
    until = capacity.ends_at(row.capacity, row.zone)
    return CAPACITY_STATES.index(row.capacity.state), minute(until), minute(row.capacity.said_at)


def moment(minutes: int) -> datetime:
    """The time a column's minute stands for."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=int(minutes))
