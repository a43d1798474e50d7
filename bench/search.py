"""Search, measured against the obvious ways: Whoosh as its manual shows, and a loop over all listings in Python.

Small for now: made-up listings around one city. Every question's total is compared with the loop's, so a fast wrong
answer cannot win. The loop only counts: no reading of words, no order, no facets, no reasons; ours does all of that.
"""

import argparse
import math
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from whoosh import fields
from whoosh import index as whoosh_index
from whoosh.qparser import MultifieldParser, OrGroup
from whoosh.query import And, NumericRange

from resources_db.needs import NEEDS
from resources_db.vocab import GeocodeQuality
from search import answering, columns, index
from search.criteria import SearchCriteria
from search.geo import Point
from search.geocode import find_place
from search.index import TextIndex
from search.rows import IndexRow
from search.snapshot import Snapshot

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
HERE = find_place("45202")
RADIUS = 8_000
FIRST = "Hope Harbor Cedar River Union Grace Bridge Vine Elm Summit Garden Liberty Maple Corner Mercy Star".split()
WORDS = (
    "free walk in weekly family neighbors help open warm support bring call appointment friendly local church".split()
)
SAYINGS = (
    "no food for the kids",
    "light bill",
    "ride to dialysis",
    "someone to talk to",
    "pantrie",
    "hope pantry",
    "comida para mis hijos",
    "rent",
    "lawyer",
    "diapers and formula",
)


def made_up(count: int) -> list[IndexRow]:
    chance = random.Random(7)
    ids = list(NEEDS)
    return [_listing(chance, ids, number) for number in range(count)]


def _listing(chance: random.Random, ids: Sequence[str], number: int) -> IndexRow:
    needs = tuple(chance.sample(ids, chance.choice([1, 1, 2, 3])))
    key = f"00000000-0000-0000-0000-{number:012d}"
    return IndexRow(
        key=key,
        service_id=key,
        name=f"{chance.choice(FIRST)} {NEEDS[needs[0]].label}",
        organization=f"{chance.choice(FIRST)} {chance.choice(FIRST)} Center",
        description=" ".join(chance.choices(WORDS, k=25)),
        needs=needs,
        latitude=39.1 + chance.gauss(0, 0.4),
        longitude=-84.5 + chance.gauss(0, 0.4),
        quality=GeocodeQuality.STREET,
        zone="America/New_York",
        languages=tuple(chance.sample(["en", "es", "vi", "ar"], chance.choice([1, 1, 2]))),
    )


def ours(rows: Sequence[IndexRow], directory: Path) -> Callable[[str], int]:
    index.create(directory)
    index.write(directory, enumerate(rows))
    snapshot = Snapshot(columns.build(rows), TextIndex(directory))
    return lambda words: answering.answer(snapshot, _criteria(words), NOW).strict_total


def _criteria(words: str) -> SearchCriteria:
    return SearchCriteria(q=words, near="45202", radius_m=RADIUS)


def as_the_manual_shows(rows: Sequence[IndexRow], directory: Path) -> Callable[[str], int]:
    """Three text fields and numeric ranges for a square around the place: it knows no needs, it answers words only."""
    directory.mkdir()
    schema = fields.Schema(
        name=fields.TEXT(stored=True),
        organization=fields.TEXT,
        description=fields.TEXT,
        latitude=fields.NUMERIC(float),
        longitude=fields.NUMERIC(float),
    )
    writer = whoosh_index.create_in(str(directory), schema).writer()
    for row in rows:
        writer.add_document(
            name=row.name,
            organization=row.organization,
            description=row.description,
            latitude=row.latitude,
            longitude=row.longitude,
        )
    writer.commit()
    searcher = whoosh_index.open_dir(str(directory)).searcher()
    parser = MultifieldParser(["name", "organization", "description"], schema, group=OrGroup)
    reach = RADIUS / 111_195
    wide = reach / math.cos(math.radians(HERE.latitude))
    square = [
        NumericRange("latitude", HERE.latitude - reach, HERE.latitude + reach),
        NumericRange("longitude", HERE.longitude - wide, HERE.longitude + wide),
    ]
    return lambda words: len(searcher.search(And([parser.parse(words), *square]), limit=20))


def a_loop(
    rows: Sequence[IndexRow], snapshot_answers: Callable[[str], tuple[set[str], set[str]]]
) -> Callable[[str], int]:
    """Every listing looked at, one after the other."""

    def total(words: str) -> int:
        needs, named = snapshot_answers(words)
        return sum(bool(needs & set(row.needs) or row.key in named) and _metres(row) <= RADIUS for row in rows)

    return total


def _metres(row: IndexRow) -> float:
    origin = Point(HERE.latitude, HERE.longitude)
    a, b = math.radians(origin.latitude), math.radians(row.latitude)
    turn = math.radians(row.longitude - origin.longitude)
    inner = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(inner))


def measure(ask: Callable[[str], int], questions: Sequence[str]) -> tuple[list[int], list[float]]:
    for words in SAYINGS:
        ask(words)  # warm: a server has answered before
    totals, spent = [], []
    for words in questions:
        began = time.perf_counter()
        totals.append(ask(words))
        spent.append((time.perf_counter() - began) * 1_000)
    return totals, spent


def _read(snapshot: Snapshot, rows: Sequence[IndexRow]) -> Callable[[str], tuple[set[str], set[str]]]:
    """What the words mean is not measured here: both ways start from the same reading."""
    from search import question, text_match

    known: dict[str, tuple[set[str], set[str]]] = {}

    def read(words: str) -> tuple[set[str], set[str]]:
        if words not in known:
            asked = question.put(snapshot, _criteria(words))
            found = text_match.match(snapshot, asked.words, "en", names=asked.may_be_a_name)
            known[words] = set(asked.needs), {rows[slot].key for slot in np.flatnonzero(found.named)}
        return known[words]

    return read


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench search")
    parser.add_argument("--listings", type=int, default=5_000)
    parser.add_argument("--questions", type=int, default=200)
    chosen = parser.parse_args(arguments)
    rows = made_up(chosen.listings)
    questions = random.Random(3).choices(SAYINGS, k=chosen.questions)
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        mine = ours(rows, Path(folder) / "ours")
        built = time.perf_counter() - began
        reading = Snapshot(columns.build(rows), TextIndex(Path(folder) / "ours"))
        ways = {
            "ours": mine,
            "whoosh, by its manual": as_the_manual_shows(rows, Path(folder) / "manual"),
            "a loop in Python": a_loop(rows, _read(reading, rows)),
        }
        measured = {name: measure(ask, questions) for name, ask in ways.items()}
    _print(chosen.listings, built, measured)


def _print(listings: int, built: float, measured: dict[str, tuple[list[int], list[float]]]) -> None:
    print(f"{listings} listings, within 5 miles of 45202, built in {built:.1f} s; milliseconds")
    print(f"{'way':<24}{'p50':>9}{'p95':>9}{'p99':>9}{'ours is':>12}")
    base = float(np.percentile(measured["ours"][1], 50))
    for name, (_totals, spent) in measured.items():
        p50, p95, p99 = np.percentile(spent, [50, 95, 99])
        ratio = "" if name == "ours" else f"{p50 / base:.1f}x"
        print(f"{name:<24}{p50:>9.2f}{p95:>9.2f}{p99:>9.2f}{ratio:>12}")
    equal = measured["ours"][0] == measured["a loop in Python"][0]
    print("totals equal the loop's on every question" if equal else "TOTALS DIFFER from the loop's")
