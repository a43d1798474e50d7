"""Made-up listings, as many as wanted, spread and worded the way a national directory is. Same seed, same listings."""

import json
import math
import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import cast
from zoneinfo import ZoneInfo

import numpy as np
import zipcodes

from resources_db.hours import OpenState
from resources_db.needs import NEEDS, Need
from resources_db.repositories.listing import CapacityView
from resources_db.vocab import CapacityState, GeocodeQuality
from search.areas import AreaSpec
from search.gazetteer import ZipPlace
from search.papers import Papers
from search.rows import HORIZON_DAYS, IndexRow, minute

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)  # a Monday, 10:00 in the east
FIRST = (
    "Hope Harbor Cedar River Union Grace Bridge Vine Elm Summit Garden Liberty Maple Corner Mercy Star Lincoln Oak "
    "Bethel Trinity Valley Lakeside Cornerstone Franklin Unity Calvary Pine Jefferson Haven Sunrise Heritage Riverside "
    "Eastside Westside Madison Washington Community Family Neighbor Light Open Faith Salvation Catholic Lutheran Jewish"
).split()
KINDS = "Center Church Mission House Services Alliance Network Council Foundation Ministries Clinic Agency".split()
LANGUAGES = {
    "es": 0.28, "zh": 0.05, "vi": 0.05, "ar": 0.05, "fr": 0.04, "ht": 0.03, "ru": 0.03, "ko": 0.02, "fil": 0.02,
    "pt": 0.02, "so": 0.01, "ne": 0.01, "sw": 0.01, "asl": 0.02,
}  # fmt: skip
_WEEKS = 300  # different weekly timetables
_CITIES = 250


@dataclass(frozen=True, slots=True)
class _World:
    """What listings are made of."""

    zips: Sequence[ZipPlace]
    zip_weights: Sequence[float]
    needs: Sequence[str]
    need_weights: Sequence[float]
    words: Sequence[str]
    areas: Sequence[tuple[AreaSpec, ...]]  # by place of the ZIP: what a listing there may say it serves


def listings(count: int, seed: int = 7) -> list[IndexRow]:
    return list(_listings(count, seed))


def _listings(count: int, seed: int) -> Iterator[IndexRow]:
    chance, world = random.Random(seed), _world()
    numbers = np.random.default_rng(seed)
    often = _zipf(len(world.words), 0.9)
    organization, wanted = "", 0
    for number in range(count):
        if number % 10_000 == 0:
            drawn = numbers.choice(len(world.words), (min(10_000, count - number), 40), p=often)
        if not wanted:  # an organization runs a few services
            organization = f"{chance.choice(FIRST)} {chance.choice(FIRST)} {chance.choice(KINDS)}"
            wanted = chance.choice((1, 1, 2, 3, 5))
        wanted -= 1
        picked = drawn[number % 10_000][: chance.randint(12, 40)]
        yield _listing(chance, world, number, organization, " ".join(world.words[i] for i in picked))


def _listing(chance: random.Random, world: _World, number: int, organization: str, description: str) -> IndexRow:
    place = chance.choices(world.zips, cum_weights=world.zip_weights)[0]
    needs = tuple(
        dict.fromkeys(chance.choices(world.needs, cum_weights=world.need_weights, k=chance.choice((1, 1, 2, 3))))
    )
    key = str(uuid.UUID(int=number + 1))
    pinned = chance.random() < 0.9
    hours = chance.random()
    state = OpenState.CLOSED if hours < 0.6 else OpenState.UNKNOWN
    return IndexRow(
        key=f"{key}.{key}",
        service_id=key,
        name=f"{chance.choice(FIRST)} {NEEDS[needs[0]].label}",
        organization=organization,
        description=f"{NEEDS[needs[-1]].definition} {description}",
        needs=needs,
        also_serves=tuple(chance.choices(world.needs, cum_weights=world.need_weights))
        if chance.random() < 0.15
        else (),
        latitude=place.latitude + chance.gauss(0, 0.02) if pinned else math.nan,
        longitude=place.longitude + chance.gauss(0, 0.02) if pinned else math.nan,
        quality=_quality(chance) if pinned else GeocodeQuality.NONE,
        zone=place.zone,
        open_state=state,
        spans=_spans(place.zone, chance.randrange(_WEEKS)) if state is OpenState.CLOSED else (),
        languages=("en", *(code for code, share in LANGUAGES.items() if chance.random() < share)),
        papers=chance.choices((Papers.UNKNOWN, Papers.NONE_ASKED, Papers.ASKED), (6, 1, 3))[0],
        capacity=_room(chance) if chance.random() < 0.2 else None,
        confirmed_at=NOW - timedelta(days=chance.randint(0, 900)) if chance.random() < 0.7 else None,
        areas=_areas(chance, world, place),
        remote=chance.random() < 0.04,
        alert=chance.random() < 0.01,
        place_words=f"{place.city}",
    )


def _quality(chance: random.Random) -> GeocodeQuality:
    return chance.choices((GeocodeQuality.ROOFTOP, GeocodeQuality.STREET, GeocodeQuality.ZIP), (6, 3, 1))[0]


def _room(chance: random.Random) -> CapacityView:
    return CapacityView(chance.choice(list(CapacityState)), None, "agency", NOW - timedelta(days=chance.randint(0, 40)))


def _areas(chance: random.Random, world: _World, place: ZipPlace) -> tuple[AreaSpec, ...]:
    dice = chance.random()
    if dice < 0.20:
        return (AreaSpec(counties=(f"{place.county}, {place.state}",)),)
    if dice < 0.25:
        return world.areas[int(place.code) % len(world.areas)]
    if dice < 0.28:
        return (AreaSpec(states=(place.state,)),)
    return (AreaSpec(nationwide=True),) if dice < 0.283 else ()


@cache
def _spans(zone: str, week: int) -> tuple[tuple[int, int], ...]:
    """Opening hours of one of the made-up weeks, laid out; shared by all listings that keep them."""
    chance = random.Random(week)
    first = NOW.astimezone(ZoneInfo(zone)).date()
    opens = {day: chance.choice((7, 8, 9, 9, 10, 13, 16)) * 60 + chance.choice((0, 0, 30, 15)) for day in range(7)}
    lasts = {day: chance.choice((120, 180, 240, 480, 480, 540)) for day in range(7)}
    closed = set(chance.sample(range(7), chance.choice((0, 2, 2, 4, 6)))) or ({5, 6} if week % 3 else set())
    days = [first + timedelta(days=ahead) for ahead in range(HORIZON_DAYS)]
    starts = [
        (_midnight(day, zone) + opens[day.weekday()], lasts[day.weekday()])
        for day in days
        if day.weekday() not in closed
    ]
    return tuple((start, start + length) for start, length in starts)


@cache
def _midnight(day: date, zone: str) -> int:
    return minute(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)))


@cache
def _world() -> _World:
    rows = cast("list[dict[str, object]]", zipcodes.list_all())
    zips = [_place(row) for row in rows if row["active"] and row["zip_code_type"] == "STANDARD" and row["timezone"]]
    size: dict[tuple[str, str], int] = {}
    for place in zips:
        size[place.city, place.state] = size.get((place.city, place.state), 0) + 1
    needs = random.Random(5).sample(sorted(set(NEEDS) - {"food_pantry"}), len(NEEDS) - 1)
    words = sorted({word for need in NEEDS.values() for word in _words_of(need)})
    random.Random(6).shuffle(words)
    made_up = ["".join(pair) for pair in zip(words, reversed(words), strict=True)]
    return _World(
        zips,
        list(accumulate(size[place.city, place.state] ** 1.3 for place in zips)),
        ("food_pantry", *needs),
        list(accumulate(_zipf(len(NEEDS), 0.8))),
        [*words, *made_up],
        [(_around(place, number),) for number, place in enumerate(random.Random(8).sample(zips, _CITIES))],
    )


def _place(row: Mapping[str, object]) -> ZipPlace:
    code, city, state, county, zone = (str(row[name]) for name in ("zip_code", "city", "state", "county", "timezone"))
    where = float(str(row["lat"])), float(str(row["long"]))
    return ZipPlace(code, city, state, county, zone, *where, po_box=False, military=False)


def _words_of(need: Need) -> list[str]:
    text = " ".join((need.definition, need.label, need.label_es, *need.synonyms_en, *need.synonyms_es))
    return [word.strip(".,()") for word in text.lower().split()]


def _around(place: ZipPlace, number: int) -> AreaSpec:
    """A service area drawn on a map: a rough circle, every fourth with a hole."""
    chance = random.Random(number)
    rings = [_ring(chance, place, 0.15)] + ([_ring(chance, place, 0.03)] if number % 4 == 0 else [])
    return AreaSpec(polygon=json.dumps({"type": "Polygon", "coordinates": rings}))


def _ring(chance: random.Random, place: ZipPlace, reach: float) -> list[tuple[float, float]]:
    turns = [2 * math.pi * step / 40 for step in range(40)]
    points = [
        (
            place.longitude + reach * chance.uniform(0.7, 1) * math.cos(turn),
            place.latitude + reach * chance.uniform(0.7, 1) * math.sin(turn),
        )
        for turn in turns
    ]
    return [*points, points[0]]


def _zipf(count: int, steep: float) -> list[float]:
    shares = np.arange(1, count + 1) ** -steep
    return cast("list[float]", (shares / shares.sum()).tolist())
