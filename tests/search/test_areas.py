"""Service areas: who is covered, and shapes that arrive broken."""

import json
import math

import pytest

from search.areas import Areas, AreaSpec, polygon
from search.errors import AreaError
from search.geocode import find_place

SQUARE = [[-84.6, 39.0], [-84.4, 39.0], [-84.4, 39.2], [-84.6, 39.2], [-84.6, 39.0]]


def geojson(*rings: list[list[float]], kind: str = "Polygon") -> str:
    return json.dumps({"type": kind, "coordinates": list(rings)})


@pytest.mark.parametrize(
    "spec",
    [
        AreaSpec(zip_codes=("45202",)),
        AreaSpec(zip_codes=("45202-1234",)),
        AreaSpec(counties=("39061",)),
        AreaSpec(counties=("Hamilton County, OH",)),
        AreaSpec(states=("OH",)),
        AreaSpec(states=("Ohio",)),
        AreaSpec(nationwide=True),
        AreaSpec(polygon=geojson(SQUARE)),
    ],
)
def test_an_area_covers_who_lives_in_it_and_nobody_else(spec):
    areas = Areas([spec])
    assert areas.covering(find_place("45202")).tolist() == [True]
    assert areas.covering(find_place("90210")).tolist() == [spec.nationwide]


def test_a_city_is_covered_when_most_of_its_zips_are():
    city = find_place("Covington, KY")
    some, most = city.zips[:1], city.zips
    areas = Areas([AreaSpec(zip_codes=some), AreaSpec(zip_codes=most)])
    assert areas.covering(city).tolist() == [len(some) >= len(most) / 2, True]


@pytest.mark.bad_input(91)
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("self-crossing", geojson([[-84.6, 39.0], [-84.4, 39.2], [-84.4, 39.0], [-84.6, 39.2], [-84.6, 39.0]])),
        ("unclosed", geojson(SQUARE[:-1])),
        ("swapped", geojson([[y, x] for x, y in SQUARE])),
        ("hole outside", geojson(SQUARE, [[-80, 39], [-79, 39], [-79, 40], [-80, 39]])),
        ("feature", json.dumps({"type": "Feature", "properties": {}, "geometry": json.loads(geojson(SQUARE))})),
    ],
)
def test_a_shape_that_can_be_mended_is_mended(name, text):
    shape = polygon(text)
    assert shape.is_valid
    assert [round(edge, 1) for edge in shape.bounds] == [-84.6, 39.0, -84.4, 39.2]


@pytest.mark.bad_input(91)
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (geojson(), "empty"),
        (geojson([[1, 2], [2, 3]]), "broken_ring"),
        ('{"type":"Polygon","coordinates":[[[NaN,1],[2,3],[4,5],[NaN,1]]]}', "not_a_number"),
        ('{"type":"Polygon","coordinates":[[[1e999,1],[2,3],[4,5],[1,1]]]}', "infinite"),
        ('{"type":"Point","coordinates":[1,2]}', "not_a_polygon"),
        ('{"type":"Polygon","coordinates":"abc"}', "broken_ring"),
        (geojson([[900, 900], [901, 900], [901, 901], [900, 900]]), "off_the_globe"),
        ("[]", "not_geojson"),
        ("not json", "not_geojson"),
        ("[" * 100_000, "not_geojson"),
    ],
)
def test_a_shape_that_cannot_be_used_is_refused_with_the_reason(text, reason):
    with pytest.raises(AreaError) as caught:
        polygon(text)
    assert caught.value.reason == reason


@pytest.mark.bad_input(91)
def test_a_shape_across_the_date_line_is_cut_in_two():
    shape = polygon(geojson([[179, 51], [-179, 51], [-179, 53], [179, 53], [179, 51]]))
    assert round(shape.area, 1) == 4.0


@pytest.mark.bad_input(91)
def test_two_hundred_thousand_points_are_simplified_to_a_few():
    ring = [
        [-84.5 + math.cos(i / 200_000 * math.tau) / 10, 39.1 + math.sin(i / 200_000 * math.tau) / 10]
        for i in range(200_000)
    ]
    shape = polygon(geojson(ring))
    assert shape.is_valid
    assert len(shape.exterior.coords) < 2_000


def test_a_broken_shape_does_not_take_the_other_areas_down():
    areas = Areas([AreaSpec(polygon="{}"), AreaSpec(zip_codes=("45202",))])
    assert areas.covering(find_place("45202")).tolist() == [False, True]
    assert areas.refused == {0: "not_a_polygon"}
