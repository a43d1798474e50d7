"""The map of the search page: county lines, numbers, what the map with script is given, and whose tiles it may load."""

import json
from dataclasses import replace

import pytest

from portal import county_lines
from portal.config import Settings, UnsafeSettingsError
from portal.county_lines import Box
from portal.directory import map_part, near_map

AROUND_CINCINNATI = Box(-84.7, 39.0, -84.3, 39.3)

needs_outlines = pytest.mark.usefixtures("outlines")


@pytest.fixture
def outlines(monkeypatch, tmp_path):
    """A file of two counties that share a line, in the format of the packaged one."""
    arcs = [[[0, 0], [0, 100]], [[0, 100], [-100, 0], [0, -100], [100, 0]], [[0, 0], [100, 0], [0, 100], [-100, 0]]]
    topology = {
        "transform": {"scale": [0.01, 0.01], "translate": [-84.5, 38.7]},
        "arcs": arcs,
        "objects": {
            "counties": {
                "geometries": [
                    {"type": "Polygon", "arcs": [[0, 1]], "properties": {"name": "West"}},
                    {"type": "Polygon", "arcs": [[2, -1]], "properties": {"name": "East"}},
                    {"type": None, "properties": {"name": "Nowhere"}},
                ]
            }
        },
    }
    file = tmp_path / "counties.json"
    file.write_text(json.dumps(topology), "utf-8")
    monkeypatch.setattr(county_lines, "FILE", file)
    near_map._counties.cache_clear()
    yield
    near_map._counties.cache_clear()


@needs_outlines
def test_counties_that_can_be_seen_are_drawn_and_named(browser, places):
    page = browser.get("/search?q=food&near=45202")
    [svg] = page.tree.all("figure")[0].all("svg")
    assert {one.text for one in svg.all("text")} >= {"West", "East"}
    assert "Thin lines are counties." in page.text


def test_without_the_file_there_are_rings_and_numbers_only(browser, places, monkeypatch, tmp_path):
    monkeypatch.setattr(county_lines, "FILE", tmp_path / "missing.json")
    near_map._counties.cache_clear()
    page = browser.get("/search?q=food&near=45202")
    figure = page.tree.all("figure")[0]
    assert figure.all("circle")
    assert "counties" not in page.text
    near_map._counties.cache_clear()


def test_every_number_of_the_picture_leads_to_its_row(browser, places):
    page = browser.get("/search?q=food&near=45202")
    numbers = {one.attrs["href"].removeprefix("#") for one in page.tree.all("figure")[0].all("a")}
    assert numbers == {one.attrs["id"] for one in page.tree.all("li") if "data-row" in one.attrs}


def test_without_a_place_the_picture_shows_the_places_and_no_house(browser, places):
    page = browser.get("/search?q=food")
    figure = page.tree.all("figure")[0]
    assert len(figure.all("a")) == 3
    assert not [one for one in figure.all("path") if one.attrs.get("class") == "m-home"]
    assert "The house marks" not in page.text


def test_a_hidden_place_is_in_no_picture_and_in_no_facts(browser, places):
    page = browser.get("/search?q=my+husband+hits+me&near=45202")
    assert page.tree.all("figure") == []
    assert "data-map=" not in page.html


@needs_outlines
@pytest.mark.parametrize(("degrees", "found"), [(0.5, 2), (1.9, 2), (3.0, 0), (0.0, 0), (-1.0, 0)])
def test_outlines_are_given_for_a_part_of_the_world_that_counties_say_something_about(browser, degrees, found):
    east = -84.5 + degrees
    page = browser.get(f"/search/counties.json?west=-84.5&south=39.0&east={east}&north={39.0 + degrees}")
    features = page.response.json["features"]
    assert len(features) == found
    for one in features:
        ring = one["geometry"]["coordinates"][0]
        assert ring[0] == ring[-1]


@pytest.mark.bad_input(83)
@pytest.mark.parametrize("query", ["", "west=x&south=1&east=2&north=3", "west=nan&south=nan&east=nan&north=nan"])
def test_a_bent_part_of_the_world_has_no_outlines(browser, query):
    page = browser.get(f"/search/counties.json?{query}", expect=None)
    assert page.status == 404 or page.response.json["features"] == []


@pytest.mark.parametrize(
    ("points", "kept"),
    [
        ([(0, 0), (4, 0), (4, 4), (0, 4)], 4),  # inside
        ([(-2, -2), (12, -2), (12, 12), (-2, 12)], 4),  # around: the box itself
        ([(20, 20), (30, 20), (30, 30)], 0),  # away
        ([(-5, 5), (5, 5), (5, 15)], 4),  # across a corner
    ],
)
def test_only_the_part_of_a_line_that_can_be_seen_is_kept(points, kept):
    clipped = county_lines.clipped(points, Box(0, 0, 10, 10))
    assert all(0 <= x <= 10 and 0 <= y <= 10 for x, y in clipped)
    assert len(set(clipped)) == kept


def test_the_packaged_outlines_know_the_counties_of_cincinnati():
    if not county_lines.FILE.is_file():
        pytest.fail("set-up did not fetch the county lines")
    names = {one["properties"]["name"] for one in map_part.outlines(AROUND_CINCINNATI)["features"]}
    assert {"Hamilton", "Kenton", "Campbell"} <= names


def test_no_page_may_load_images_from_elsewhere_unless_the_operator_says_so(browser, places, app, runtime):
    assert "img-src 'self';" in browser.get("/search").response.headers["Content-Security-Policy"]
    runtime.settings = replace(runtime.settings, tile_url="https://tiles.example.org/{z}/{x}/{y}.png")
    page = browser.get("/search?q=food&near=45202")
    assert "img-src 'self' https://tiles.example.org;" in page.response.headers["Content-Security-Policy"]
    assert "img-src 'self';" in browser.get("/dev/people").response.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "address",
    [
        "http://tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/map.png",
        "https://tiles.example.org; script-src *//{z}/{x}/{y}",
        "https://a.example b.example/{z}/{x}/{y}.png",
        "https://tiles.example.org?{z}/{x}/{y}",
    ],
)
def test_an_address_of_tiles_that_could_bend_the_policy_does_not_start(address):
    with pytest.raises(UnsafeSettingsError, match="HANDRAIL_TILE_URL"):
        Settings.from_env({"HANDRAIL_TILE_URL": address})
