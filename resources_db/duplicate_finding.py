"""Finds pairs that may be one: all of them at night, those around changed records after an import.

Blocks and facts lie in a scratch file of SQLite's own, so memory stays flat however large the directory is, and
no lock of the directory is held while pairs are scored.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import or_, select

from resources_db import duplicate_facts, duplicates
from resources_db.duplicates import KINDS, LOCATION, ORGANIZATION, SERVICE, Facts, Place, Suggestion
from resources_db.models.curation import ImportChange
from resources_db.models.directory import Address, Location, Phone, Service, ServiceAtLocation
from resources_db.models.upkeep import DuplicatePair
from resources_db.tenancy import system
from resources_db.vocab import ActorKind, ImportAction, PairState

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.engine import Database

MOST_IN_BLOCK: Final = 40
"""A phone or web site of more records than this is a switchboard or a host: it tells nothing of any two of them."""
_HELD: Final = 4_000
_WRITTEN_AT_ONCE: Final = 200
_Row = TypeVar("_Row")
_PAIRS = f"""
    WITH few AS (SELECT block FROM blocks GROUP BY block HAVING count(*) BETWEEN 2 AND {MOST_IN_BLOCK})
    SELECT DISTINCT a.id, b.id FROM few
    JOIN blocks a ON a.block = few.block JOIN blocks b ON b.block = few.block AND a.id < b.id
"""  # noqa: S608 - a number of ours


@dataclass(frozen=True, slots=True)
class Found:
    """What a search for duplicates came to."""

    compared: int
    opened: int
    gone: int


def suggestions(facts: Iterable[Facts], *, about: frozenset[str] | None = None) -> Iterator[Suggestion]:
    """Every pair worth showing; with `about` those with at least one of these ids. Memory does not grow with them."""
    with _scratch() as scratch:
        for some in _some(facts, _WRITTEN_AT_ONCE):
            scratch.executemany("INSERT INTO facts VALUES (?, ?)", [(one.id, _packed(one)) for one in some])
            rows = {(f"{one.kind}|{block}", one.id) for one in some for block in duplicates.blocks(one)}
            scratch.executemany("INSERT INTO blocks VALUES (?, ?)", rows)
        scratch.execute("CREATE INDEX by_block ON blocks (block, id)")

        @lru_cache(maxsize=_HELD)
        def read(number: str) -> Facts:
            return _unpacked(scratch.execute("SELECT facts FROM facts WHERE id = ?", (number,)).fetchone()[0])

        for first, second in scratch.execute(_PAIRS):
            if about is not None and first not in about and second not in about:
                continue
            found = duplicates.compare(read(first), read(second))
            if found is not None:
                yield found


@contextmanager
def _scratch() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect("")  # a file that SQLite deletes by itself
    try:
        connection.execute("CREATE TABLE facts (id TEXT PRIMARY KEY, facts TEXT) WITHOUT ROWID")
        connection.execute("CREATE TABLE blocks (block TEXT, id TEXT)")
        yield connection
    finally:
        connection.close()


def _some(rows: Iterable[_Row], number: int) -> Iterator[list[_Row]]:
    ahead = iter(rows)
    while some := list(islice(ahead, number)):
        yield some


def _packed(one: Facts) -> str:
    return json.dumps(asdict(one), separators=(",", ":"))


def _unpacked(text: str) -> Facts:
    held = json.loads(text)
    held |= {name: tuple(held[name]) for name in ("phones", "emails", "hosts", "external", "topics")}
    held["places"] = tuple(Place(**place) for place in held["places"])
    return Facts(**held)


def search_all(database: Database, *, now: datetime) -> Found:
    """Look at the whole directory: new pairs are opened, those that are none any more are put away."""
    with database.reading(system()) as session:
        return _keep(database, suggestions(duplicate_facts.every(session)), now=now, seen=None)


def search_around(database: Database, changed: Mapping[str, Iterable[uuid.UUID]], *, now: datetime) -> Found:
    """Look only at these records (ids by kind) and at what stands near them."""
    wanted = {kind: set(ids) for kind, ids in changed.items() if kind in KINDS}
    about = frozenset(str(one) for ids in wanted.values() for one in ids)
    with database.reading(system()) as session:
        near = _neighbours(session, wanted)
        facts = chain.from_iterable(
            duplicate_facts.of(session, kind, some)
            for kind in KINDS
            for some in _some(sorted(near[kind], key=str), 500)
        )
        return _keep(database, suggestions(facts, about=about), now=now, seen=about)


def search_after_import(database: Database, run_id: uuid.UUID, *, now: datetime) -> Found:
    """Look around what one import made or changed."""
    changed: dict[str, set[uuid.UUID]] = {kind: set() for kind in KINDS}
    touched = select(ImportChange.kind, ImportChange.record_id).where(
        ImportChange.run_id == run_id,
        ImportChange.kind.in_(KINDS),
        ImportChange.action.in_((ImportAction.CREATE, ImportAction.UPDATE)),
    )
    with database.reading(system()) as session:
        for kind, record_id in session.execute(touched):
            changed[kind].add(record_id)
    return search_around(database, changed, now=now)


def _neighbours(session: Session, changed: Mapping[str, set[uuid.UUID]]) -> dict[str, set[uuid.UUID]]:
    """Records with the same phone or in the same ZIP as the changed ones, and the changed ones."""
    near = {kind: set(changed.get(kind, ())) for kind in KINDS}
    facts = [
        one
        for kind in KINDS
        for some in _some(sorted(near[kind], key=str), 500)
        for one in duplicate_facts.of(session, kind, some)
    ]
    numbers = {number for one in facts for number in one.phones}
    zips = {place.zip5 for one in facts for place in one.places if place.zip5}
    for dialled in _some(sorted(numbers), 500):
        for row in session.scalars(select(Phone).where(Phone.e164.in_(dialled), Phone.private.is_(False))):
            for kind, owner in (
                (ORGANIZATION, row.organization_id),
                (SERVICE, row.service_id),
                (LOCATION, row.location_id),
            ):
                near[kind] |= {owner} if owner else set()
    for codes in _some(sorted(zips), 200):
        same = or_(*(Address.postal_code.startswith(code) for code in codes))
        places = set(session.scalars(select(Address.location_id).where(same, Address.location_id.is_not(None))))
        near[LOCATION] |= {one for one in places if one}
    for some in _some(sorted(near[LOCATION], key=str), 500):
        rows = session.execute(
            select(Service.id, Service.organization_id, Location.organization_id)
            .select_from(Location)
            .join(ServiceAtLocation, ServiceAtLocation.location_id == Location.id)
            .join(Service, Service.id == ServiceAtLocation.service_id)
            .where(Location.id.in_(some))
        )
        for service, *houses in rows:
            near[SERVICE].add(service)
            near[ORGANIZATION] |= set(filter(None, houses))
    return near


def _keep(database: Database, found: Iterator[Suggestion], *, now: datetime, seen: frozenset[str] | None) -> Found:
    """Write in short transactions: a long one would keep everybody else from writing."""
    kept: set[tuple[uuid.UUID, uuid.UUID]] = set()
    opened = 0
    for some in _some(found, _WRITTEN_AT_ONCE):
        with database.writing(system(kind=ActorKind.CLOCK)) as session, session.begin():
            opened += sum(_put(session, one, now) for one in some)
        kept |= {_ids(one) for one in some}
    with database.writing(system(kind=ActorKind.CLOCK)) as session, session.begin():
        gone = _put_away(session, kept, seen)
    return Found(len(kept), opened, gone)


def _ids(one: Suggestion) -> tuple[uuid.UUID, uuid.UUID]:
    first, second = sorted((uuid.UUID(one.first.id), uuid.UUID(one.second.id)), key=str)
    return first, second


def _put(session: Session, one: Suggestion, now: datetime) -> bool:
    """Whether the pair is new in the queue. One that was told apart comes back only under another signature."""
    first, second = _ids(one)
    row = session.scalar(
        select(DuplicatePair).where(
            DuplicatePair.kind == one.first.kind, DuplicatePair.first_id == first, DuplicatePair.second_id == second
        )
    )
    if row is not None and row.state is PairState.NOT_SAME and row.signature == one.signature:
        return False
    fresh = row is None or row.state is not PairState.OPEN
    if row is None:
        row = DuplicatePair(kind=one.first.kind, first_id=first, second_id=second)
        session.add(row)
    if fresh:
        row.state, row.found_at, row.decided_at, row.decided_by = PairState.OPEN, now, None, None
    row.score, row.band, row.signature = one.score, one.band, one.signature
    row.reasons = [list(reason) for reason in one.reasons]
    return fresh


def _put_away(session: Session, kept: set[tuple[uuid.UUID, uuid.UUID]], seen: frozenset[str] | None) -> int:
    """Open pairs that are no pair any more, of the records looked at."""
    gone = 0
    for row in session.scalars(select(DuplicatePair).where(DuplicatePair.state == PairState.OPEN)):
        looked_at = seen is None or str(row.first_id) in seen or str(row.second_id) in seen
        if looked_at and (row.first_id, row.second_id) not in kept:
            row.state, gone = PairState.GONE, gone + 1
    return gone
