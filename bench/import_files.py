"""Made-up HSDS packages of any size for measuring imports. Same seed, same bytes; a row is written and forgotten."""

import csv
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from resources_db.hsds import descriptor
from resources_db.hsds.fields import OBJECTS
from resources_db.needs import NEEDS

ZIPS = (("45202", "Cincinnati", "OH", 39.107, -84.501), ("60608", "Chicago", "IL", 41.852, -87.669),
        ("15219", "Pittsburgh", "PA", 40.446, -79.985), ("77004", "Houston", "TX", 29.725, -95.366))  # fmt: skip
STREETS = "Vine Elm Main Race Maple Oak Grand Lincoln Walnut Cedar Church Union".split()
KINDS = "Food pantry;Rent help;Legal clinic;Health clinic;Job coaching;Child care;Night shelter;Counselling".split(";")
HOURS = (("MO,TU,WE,TH,FR", "09:00:00", "17:00:00"), ("SA", "10:00:00", "13:00:00"), ("TU,TH", "17:30:00", "20:00:00"))
WORDS = "for families and neighbors who live nearby, in English and Spanish, with care and without judgement".split()
SERVICES_OF_ONE = 5


@dataclass(frozen=True, slots=True)
class Size:
    """How many services, and for each of them hours rows and category links."""

    services: int
    hours: float = 2.0
    links: float = 0.0


def write(folder: Path, size: Size) -> int:
    """Write the package; gives the number of its rows."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(7)
    tables = {
        "organization": _organizations(size),
        "service": _services(size, chance),
        "location": _locations(size, chance),
        "service_at_location": ([f"sl{n}", f"s{n}", f"l{n}"] for n in range(size.services)),
        "address": _addresses(size, chance),
        "phone": _phones(size, chance),
        "schedule": _schedules(size),
        "taxonomy": iter([["t1", "needs of the bench", "Made up"]] if size.links else []),
        "taxonomy_term": _terms() if size.links else iter(()),
        "attribute": _attributes(size, chance),
    }
    written, rows = [], 0
    for kind, found in tables.items():
        count = _csv(folder / OBJECTS[kind].file, COLUMNS[kind], found)
        rows += count
        if count:
            written.append(descriptor.Table(OBJECTS[kind], OBJECTS[kind].file, list(COLUMNS[kind])))
    (folder / "datapackage.json").write_text(json.dumps(_described(written), indent=1), "utf-8")
    return rows


def _described(written: Sequence[descriptor.Table]) -> dict[str, object]:
    """Our own descriptor with the keys whose columns are here: frictionless reads no row of a table that lacks one."""
    described = descriptor.describe(written)
    for one in cast("list[dict[str, dict[str, list[dict[str, str]]]]]", described["resources"]):
        schema = one["schema"]
        names = {field["name"] for field in schema["fields"]}
        schema["foreignKeys"] = [key for key in schema["foreignKeys"] if key["fields"] in names]
    return described


COLUMNS = {
    "organization": ("id", "name", "description", "website"),
    "service": ("id", "organization_id", "name", "description", "status", "email", "fees_description"),
    "location": ("id", "location_type", "name", "latitude", "longitude"),
    "service_at_location": ("id", "service_id", "location_id"),
    "address": ("id", "location_id", "address_1", "city", "state_province", "postal_code", "country", "address_type"),
    "phone": ("id", "service_id", "number", "type"),
    "schedule": ("id", "service_id", "freq", "byday", "opens_at", "closes_at"),
    "taxonomy": ("id", "name", "description"),
    "taxonomy_term": ("id", "code", "name", "description", "taxonomy_id"),
    "attribute": ("id", "link_id", "taxonomy_term_id", "link_type", "link_entity"),
}


def _csv(path: Path, columns: Sequence[str], rows: Iterator[list[object]]) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow(row)
            count += 1
    if not count:
        path.unlink()
    return count


def _organizations(size: Size) -> Iterator[list[object]]:
    for n in range((size.services + SERVICES_OF_ONE - 1) // SERVICES_OF_ONE):
        yield [f"o{n}", f"Neighbors {n} of {STREETS[n % 12]}", "Help close to home", f"https://n{n}.example.org"]


def _services(size: Size, chance: random.Random) -> Iterator[list[object]]:
    for n in range(size.services):
        said = " ".join(chance.sample(WORDS, 9))
        name = f"{KINDS[n % len(KINDS)]} {n}"
        yield [f"s{n}", f"o{n // SERVICES_OF_ONE}", name, f"{name} {said}", "active", f"s{n}@example.org", "Free"]


def _locations(size: Size, chance: random.Random) -> Iterator[list[object]]:
    for n in range(size.services):
        *_, latitude, longitude = ZIPS[n % 4]
        point = (round(latitude + chance.uniform(-0.05, 0.05), 6), round(longitude + chance.uniform(-0.05, 0.05), 6))
        yield [f"l{n}", "physical", f"House {n}", *point]


def _addresses(size: Size, chance: random.Random) -> Iterator[list[object]]:
    for n in range(size.services):
        code, city, state, *_ = ZIPS[n % 4]
        street = f"{chance.randint(1, 9999)} {STREETS[n % 12]} St"
        yield [f"a{n}", f"l{n}", street, city, state, code, "US", "physical"]


def _phones(size: Size, chance: random.Random) -> Iterator[list[object]]:
    for n in range(size.services):
        yield [f"p{n}", f"s{n}", f"({513 + n % 4}) 555-{chance.randint(100, 199):04}", "voice"]


def _schedules(size: Size) -> Iterator[list[object]]:
    for n in range(int(size.services * size.hours)):
        days, opens, closes = HOURS[n // size.services % 3]
        yield [f"h{n}", f"s{n % size.services}", "WEEKLY", days, opens, closes]


def _terms() -> Iterator[list[object]]:
    for need in NEEDS:
        yield [f"tt-{need}", need, need.replace("_", " "), "Made up", "t1"]


def _attributes(size: Size, chance: random.Random) -> Iterator[list[object]]:
    needs = list(NEEDS)
    for n in range(int(size.services * size.links)):
        yield [f"at{n}", f"s{n % size.services}", f"tt-{chance.choice(needs)}", "need", "service"]
