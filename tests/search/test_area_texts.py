"""What a person types of a service area: kept as known, mended, or refused with the reason beside its field."""

import json
import math

import pytest
import shapely

from search.area_texts import AreaRead, Typed, read

SQUARE = [[-84.6, 39.0], [-84.4, 39.0], [-84.4, 39.2], [-84.6, 39.2], [-84.6, 39.0]]


def geojson(*rings: list[list[float]], kind: str = "Polygon") -> str:
    return json.dumps({"type": kind, "coordinates": list(rings)})


def test_lists_are_kept_in_one_way_of_writing() -> None:
    found = read(Typed("45202, 45203-1234\n45202 0501", "39061\nKenton County, Kentucky; Clermont, OH", "Ohio, ky"))
    assert found.spec.zip_codes == ("45202", "45203", "00501")
    assert found.spec.counties == ("39061", "Kenton County, KY", "Clermont, OH")
    assert (found.spec.states, found.is_good) == (("OH", "KY"), True)


@pytest.mark.bad_input(90)
def test_what_is_not_known_is_named_field_by_field() -> None:
    found = read(Typed("45202 00000 abc", "Nowhere County, OH\nHamilton County", "Ohio, Ontario"))
    assert found.unknown == {
        "zip_codes": ("00000", "abc"),
        "counties": ("Nowhere County, OH", "Hamilton County"),
        "states": ("Ontario",),
    }
    assert not found.is_good


def test_a_good_shape_is_kept_as_it_is() -> None:
    found = read(Typed(shape=geojson(SQUARE)))
    assert (found.is_good, found.mended) == (True, False)
    assert shapely.from_geojson(found.spec.polygon).equals(shapely.from_geojson(geojson(SQUARE)))


@pytest.mark.bad_input(91)
@pytest.mark.parametrize(
    "text",
    [
        geojson([[-84.6, 39.0], [-84.4, 39.2], [-84.4, 39.0], [-84.6, 39.2], [-84.6, 39.0]]),
        geojson([[y, x] for x, y in SQUARE]),
        geojson(SQUARE, [[-80, 39], [-79, 39], [-79, 40], [-80, 39]]),
    ],
)
def test_a_mended_shape_says_so_and_is_usable(text: str) -> None:
    found = read(Typed(shape=text))
    assert (found.is_good, found.mended) == (True, True)
    assert shapely.from_geojson(found.spec.polygon).is_valid


@pytest.mark.bad_input(91)
@pytest.mark.parametrize("text", ["nothing", "{}", geojson([[1, 2], [2, 3]]), "[" * 9_000, "x" * 6_100_000])
def test_a_shape_that_cannot_be_used_is_refused_and_not_kept(text: str) -> None:
    found = read(Typed(shape=text))
    assert (found.spec.polygon, bool(found.refused), found.is_good) == ("", True, False)


@pytest.mark.bad_input(91)
def test_two_hundred_thousand_points_keep_their_outline_within_fifty_metres() -> None:
    steps = (i / 200_000 * math.tau for i in range(200_000))
    ring = [[-84.5 + math.cos(turn) / 10, 39.1 + math.sin(turn) / 10] for turn in steps]
    found: AreaRead = read(Typed(shape=geojson(ring)))
    kept, given = shapely.from_geojson(found.spec.polygon), shapely.Polygon(ring)
    assert shapely.get_num_coordinates(kept) < 2_000
    assert shapely.hausdorff_distance(kept.exterior, given.simplify(1e-5).exterior) * 111_000 <= 55
