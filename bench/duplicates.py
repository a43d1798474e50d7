"""How long the search for duplicates takes over a whole directory, and what it finds of the pairs planted in it."""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
import tracemalloc
import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from rich.console import Console
from sqlalchemy import select

from bench.duplicate_world import World, world
from resources_db import duplicate_finding, migrate
from resources_db.base import Base
from resources_db.duplicates import LIKELY, ORGANIZATION, Facts
from resources_db.engine import Database
from resources_db.models import directory as d
from resources_db.models.upkeep import DuplicatePair
from resources_db.tenancy import system
from resources_db.vocab import GeocodeQuality

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
_AT_ONCE = 2_000
_TIERS = (d.Organization, (d.Service, d.Location), (d.ServiceAtLocation, d.Address, d.Phone))


def main(arguments: Sequence[str]) -> int:
    """Fill a database of its own, search it twice (all new, then nothing new), and tell."""
    parser = argparse.ArgumentParser(prog="bench duplicates")
    parser.add_argument("--services", type=int, default=10_000)
    parser.add_argument("--url", default="", help="another database, empty; SQLite in a folder of its own if not given")
    chosen = parser.parse_args(list(arguments))
    screen = Console()
    made = world(chosen.services)
    with tempfile.TemporaryDirectory() as folder:
        url = chosen.url or f"sqlite:///{Path(folder) / 'bench.db'}"
        database = Database(url)
        try:
            migrate.upgrade(database.engine)
            _fill(database, made)
            _measure(screen, database, made)
        finally:
            database.close()
    return 0


def _measure(screen: Console, database: Database, made: World) -> None:
    began = time.perf_counter()
    first = duplicate_finding.search_all(database, now=NOW)
    took = time.perf_counter() - began
    tracemalloc.start()
    began = time.perf_counter()
    again = duplicate_finding.search_all(database, now=NOW)
    second = time.perf_counter() - began
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    services = sum(one.kind != ORGANIZATION for one in made.facts)
    screen.print(
        f"{services:,} services and {len(made.facts) - services:,} organizations, {len(made.pairs):,} planted pairs"
    )
    screen.print(f"first search {took:.1f} s: {first.compared:,} pairs, {first.opened:,} opened")
    screen.print(f"second search {second:.1f} s (watched): {again.opened:,} opened, {again.gone:,} put away")
    screen.print(
        f"Python's own memory at its peak {peak / 1e6:.0f} MB; process {_most():.0f} MB with the made-up world"
    )
    with database.reading(system()) as session:
        likely = {
            frozenset({str(one.first_id), str(one.second_id)})
            for one in session.scalars(select(DuplicatePair).where(DuplicatePair.band == LIKELY))
            if one.kind != "location"
        }
    right = len(likely & made.pairs)
    screen.print(f"at likely: recall {right / len(made.pairs):.3f}, precision {right / max(len(likely), 1):.3f}")


def _most() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _fill(database: Database, made: World) -> None:
    houses = {one.id for one in made.facts if one.kind == ORGANIZATION}
    rows = (row for one in made.facts for row in _rows(one, houses))
    with database.writing(system()) as session, session.begin():
        while some := list(islice(rows, _AT_ONCE)):
            for tier in _TIERS:  # what is pointed at comes first
                session.add_all(row for row in some if isinstance(row, tier))
                session.flush()
            session.expunge_all()


def _rows(one: Facts, houses: set[str]) -> Iterator[Base]:
    number, house = uuid.UUID(one.id), uuid.UUID(one.organization)
    if one.organization not in houses:  # a twin of a service stands under an agency of its own
        houses.add(one.organization)
        yield d.Organization(id=house, name=f"Agency {one.organization[:8]}", edited_at=NOW)
    if one.kind == ORGANIZATION:
        website = f"https://{one.hosts[0]}" if one.hosts else ""
        yield d.Organization(
            id=number,
            name=one.name,
            description=one.description,
            website=website,
            email="".join(one.emails),
            edited_at=NOW,
        )
    else:
        yield d.Service(
            id=number,
            organization_id=house,
            name=one.name,
            description=one.description,
            url=f"https://{one.hosts[0]}" if one.hosts else "",
            email="".join(one.emails),
            edited_at=NOW,
        )
    owner = {"organization_id": number} if one.kind == ORGANIZATION else {"service_id": number}
    yield from (d.Phone(number=phone, e164=phone, **owner) for phone in one.phones)
    for place in one.places:
        location = d.Location(
            id=uuid.uuid4(),
            organization_id=number if one.kind == ORGANIZATION else None,
            latitude=place.latitude,
            longitude=place.longitude,
            geocode_quality=GeocodeQuality.ROOFTOP,
            edited_at=NOW,
        )
        yield location
        yield d.Address(
            location_id=location.id,
            address_1=place.street,
            city=place.city,
            state_province="OH",
            postal_code=place.zip5,
        )
        if one.kind != ORGANIZATION:
            yield d.ServiceAtLocation(service_id=number, location_id=location.id, edited_at=NOW)
