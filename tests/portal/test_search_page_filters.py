"""Filters with their numbers, what else may have been meant, the order explained, and how much a page weighs."""

import gzip
import re
from dataclasses import replace

import pytest

from resources_db import search_log
from resources_db.listing_key import ListingKey
from resources_db.models.directory import Service
from resources_db.tenancy import system
from resources_db.vocab import CostKind
from tests import factories
from tests.conftest import ROOT
from tests.portal.search_world import names

STATIC = ROOT / "portal" / "static"
SHEETS_AND_SCRIPTS = ("site.css", "app.js", "search.js", "vendor/htmx.min.js")
MOST_BYTES = 60 * 1024
FOOD = "/search?q=food+pantry&near=45202"


def beside(page, words):
    """The number beside a filter, or None."""
    label = next(one for one in page.tree.all("label") if re.fullmatch(rf"{words}( \d+)?", one.text))
    found = re.search(r" (\d+)$", label.text)
    return int(found[1]) if found else None


@pytest.fixture
def priced(runtime, places, now):
    """Elm Street asks for money."""
    with runtime.database.writing(system()) as session, session.begin():
        service = session.get(Service, ListingKey.parse(places["elm"]).service_id)
        service.cost_kind = CostKind.FEE
        search_log.touch(session, [service.id], now=now)
    return places


@pytest.mark.parametrize(
    ("words", "query"),
    [
        ("Speaks Spanish", "language=es"),
        ("Has room", "has_room=1"),
        ("No papers", "no_papers=1"),
        ("Free", "cost=free"),
    ],
)
def test_the_number_beside_a_filter_is_how_many_places_it_leaves(browser, priced, words, query):
    page = browser.get(FOOD)
    number = beside(page, words)
    left = browser.get(f"{FOOD}&{query}")
    assert number is not None
    strict = [name for name in names(left) if name in set(names(page))][:number]
    assert len(strict) == number
    assert beside(left, words) is None  # what is set has left as many as the list says


def test_cost_is_told_apart(browser, priced):
    page = browser.get(FOOD)
    assert (beside(page, "Free"), beside(page, "Costs money"), beside(page, "By income")) == (2, 1, 0)
    assert names(browser.get(f"{FOOD}&cost=paid"))[0] == "Elm Street Food Shelf"


def test_every_filter_is_in_the_address_and_held_by_the_form(browser, places):
    page = browser.get(
        f"{FOOD}&day=2026-11-24&time=10:00&cost=free&cost=sliding&checked=90&travel=bus&by_phone=1&sort=soonest"
        "&other_language=vi&was=food+pantry",
        htmx=True,
    )
    address = page.response.headers["HX-Push-Url"]
    for part in (
        "open_at=2026-11-24T10%3A00", "cost=free&cost=sliding", "checked=90", "travel=bus", "by_phone=1", "sort=soonest",
        "language=vi",
    ):  # fmt: skip
        assert part in address
    assert not re.search("day=|time=|other_language|more=", address)
    held = browser.get(address).form("/search").values()
    assert (held["day"], held["time"], held["checked"], held["travel"], held["sort"]) == (
        "2026-11-24", "10:00", "90", "bus", "soonest",
    )  # fmt: skip
    assert held["cost"] == ["free", "sliding"]
    assert held["language"] == "vi"


def test_what_is_set_out_of_sight_stands_as_a_chip_that_can_be_removed(browser, places):
    page = browser.get(f"{FOOD}&open_at=2026-11-24T10:00&cost=free&checked=90")
    chips = {words: href for words, href in page.links().items() if words.endswith(", remove")}
    assert {"Open Tue, Nov 24 at 10:00 AM, remove", "Free, remove", "Checked in the last 90 days, remove"} <= set(chips)
    assert "open_at" not in chips["Open Tue, Nov 24 at 10:00 AM, remove"]
    assert "open at 10" not in browser.get(chips["Open Tue, Nov 24 at 10:00 AM, remove"]).text


def test_clearing_takes_every_filter_and_keeps_the_question(browser, places):
    page = browser.get(f"{FOOD}&has_room=1&cost=free&radius_m=3219&language=es&without=child_meals&sort=near")
    clear = page.links()["Clear filters"]
    assert clear == "/search?q=food+pantry&near=45202&without=child_meals&sort=near"
    assert "Clear filters" not in browser.get(clear).links()


def test_when_unsure_the_likeliest_needs_are_offered_in_the_place_of_what_was_read(browser, places):
    page = browser.get("/search?q=bills&near=45202")
    assert "Or did you mean" in page.text
    row = next(one for one in page.tree.all("div") if one.text.startswith("Or did you mean"))
    other = row.all("a")[0]
    assert "without=emergency_funds" in other.attrs["href"]
    chips = [words for words in browser.get(other.attrs["href"]).links() if words.endswith(", remove")]
    assert chips == [f"{other.text}, remove"]


def test_a_slip_can_be_searched_for_as_typed(browser, places):
    page = browser.get("/search?q=eletric+bill&near=45202")
    assert "We read “eletric” as “electric”." in page.text
    exactly = page.links()["Search for “eletric” exactly"]
    assert "We read" not in browser.get(exactly).text


def test_the_order_explains_itself_without_numbers_for_places(browser, places):
    page = browser.get(FOOD)
    [weights] = page.tree.all("table", **{"class": "weights"})
    assert "How close it is" in weights.all("th")[0].text
    assert weights.all("td")[0].text == "counts a lot"
    parts = page.tree.all("details", **{"class": "parts"})
    assert len(parts) == len(names(page))
    assert {one.text for one in parts[0].all("td") if one.text} <= {"very good", "good", "fair", "little", "nothing"}
    near = browser.get(f"{FOOD}&sort=near")
    assert "The nearest place is first." in near.text
    assert near.tree.all("details", **{"class": "parts"}) == []


def test_a_record_that_the_operator_turned_off_is_not_explained(browser, places, runtime):
    assert "Help that people got there" in browser.get(FOOD).text
    runtime.settings = replace(runtime.settings, standing=False)
    assert "Help that people got there" not in browser.get(FOOD).text


def test_travel_says_what_it_does(browser, places):
    assert "a place 0.5 mi away counts half as near" in browser.get(f"{FOOD}&travel=walk").text
    assert "Says how much a long way counts." in browser.get(FOOD).text


def test_a_domain_can_be_narrowed_to_one_need_with_its_number(browser, places):
    page = browser.get("/search?domain=nutrition&near=45202")
    only = next(words for words in page.links() if words.startswith("Food pantry "))
    assert only == "Food pantry 3"
    assert len(names(browser.get(page.links()[only]))) == 3


def test_after_nothing_the_domains_that_have_something_are_offered_with_numbers(browser, places):
    page = browser.get("/search?q=xyzzyplugh&near=45202")
    headings = [one.text for one in page.tree.all("h3")]
    assert "Food 3" in headings
    assert not any(one.startswith("Housing ") for one in headings)


@pytest.fixture
def full_page(runtime, places, now):
    """Ten and more places with long descriptions, so that a page is as heavy as pages get."""
    with runtime.database.writing(system()) as session, session.begin():
        made = [
            factories.make_listing(
                session, now=now, name=f"Neighborhood Food Cupboard and Family Table number {number}",
                needs=["food_pantry", "child_meals"], at=(39.1 + number / 400, -84.51), languages=("en", "es", "vi"),
            )
            for number in range(14)
        ]  # fmt: skip
        for number, one in enumerate(made):
            one.service.description = f"{number}. Fresh groceries, bread and baby food for families. " * 8
        search_log.touch(session, [one.service.id for one in made], now=now)


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_weighs_less_than_sixty_kilobytes_with_everything_it_loads(browser, full_page, language):
    page = browser.get(f"/search?q=no+food+for+the+kids&near=45202&l={language}")
    assert len(names(page)) == 10
    loaded = [STATIC / name for name in SHEETS_AND_SCRIPTS]
    addresses = [one.attrs["src"] for one in page.tree.all("script")]
    assert len(addresses) == len([one for one in loaded if one.suffix == ".js"])
    weight = sum(len(gzip.compress(one.read_bytes(), 6)) for one in loaded if one.is_file())
    assert weight + len(gzip.compress(page.html.encode(), 6)) <= MOST_BYTES


def test_scripts_of_search_stay_small_and_make_no_code_from_text():
    for name, most in (("search.js", 3 * 1024), ("map.js", 2 * 1024)):
        text = (STATIC / name).read_bytes()
        assert len(gzip.compress(text, 9)) <= most
        assert not re.search(rb"eval\(|new Function|innerHTML|insertAdjacentHTML|document\.write|\.style\b", text)
