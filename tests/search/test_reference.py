"""Counts and filters against a slow and obvious reference, over made-up directories."""

import math
import random

import pytest

from resources_db.hours import OpenState
from resources_db.vocab import GeocodeQuality
from search.areas import AreaSpec
from search.criteria import OpenWhen
from search.geo import Point
from search.geocode import find_place
from search.papers import Papers
from search.rows import IndexRow, minute
from tests.search.kit import NOW, ask, plain, row

PLACE = find_place("45202")
AREAS = (
    AreaSpec(zip_codes=("45202", "45203")),
    AreaSpec(counties=("39061",)),
    AreaSpec(counties=("21117",)),
    AreaSpec(states=("KY",)),
    AreaSpec(nationwide=True),
)
COVERS = {AREAS[0], AREAS[1], AREAS[4]}


def directory(seed: int, size: int = 300) -> list[IndexRow]:
    chance = random.Random(seed)
    return [_made_up(chance, number) for number in range(1, size)]


def _made_up(chance: random.Random, number: int) -> IndexRow:
    placed = chance.random() < 0.85
    at = (39.1 + chance.gauss(0, 0.3), -84.5 + chance.gauss(0, 0.3)) if placed else None
    start = minute(NOW) + chance.randint(-600, 600)
    return row(
        number,
        f"Place {number}",
        *chance.sample(["food_pantry", "child_meals", "rent_help"], chance.randint(0, 2)),
        at=at,
        quality=chance.choice([GeocodeQuality.STREET, GeocodeQuality.ZIP]) if placed else GeocodeQuality.NONE,
        languages=tuple(chance.sample(["en", "es", "vi"], chance.randint(0, 3))),
        papers=chance.choice(list(Papers)),
        areas=tuple(chance.sample(AREAS, chance.choice([0, 0, 1, 2]))),
        remote=chance.random() < 0.1,
        open_state=chance.choice([OpenState.CLOSED, OpenState.UNKNOWN]),
        spans=((start, start + chance.randint(1, 400)),),
    )


def metres(item: IndexRow) -> float:
    """Haversine written out once more, for one listing."""
    here = Point(PLACE.latitude, PLACE.longitude)
    a, b = math.radians(here.latitude), math.radians(item.latitude)
    inner = (
        math.sin((b - a) / 2) ** 2
        + math.cos(a) * math.cos(b) * math.sin(math.radians(item.longitude - here.longitude) / 2) ** 2
    )
    return 2 * 6_371_008.8 * math.asin(math.sqrt(inner))


def expected(rows: list[IndexRow], radius: float, language: str, *, no_papers: bool, open_now: bool) -> int:
    return sum(
        "food_pantry" in item.needs
        and (
            (not math.isnan(item.latitude) and metres(item) <= radius)
            or bool(COVERS & set(item.areas))
            or (item.remote and not item.areas)
        )
        and (not language or language in item.languages)
        and (not no_papers or item.papers is Papers.NONE_ASKED)
        and (not open_now or any(opens <= minute(NOW) < closes for opens, closes in item.spans))
        for item in rows
    )


@pytest.mark.parametrize("seed", range(12))
def test_totals_equal_the_slow_reference(seed):
    chance = random.Random(seed * 7 + 1)
    rows = directory(seed)
    snapshot = plain(rows)
    for _ in range(8):
        radius = chance.choice([500, 3_000, 16_093, 80_000])
        language = chance.choice(["", "", "es", "vi"])
        papers, opened = chance.random() < 0.3, chance.random() < 0.3
        answer = ask(
            snapshot, "", near="45202", needs=("food_pantry",), radius_m=radius, language=language,
            no_papers=papers, open_when=OpenWhen.NOW if opened else None,
        )  # fmt: skip
        assert answer.strict_total == expected(rows, radius, language, no_papers=papers, open_now=opened)
