"""What is ticked in the list goes along with every way on, without JavaScript too."""

from urllib.parse import parse_qs, urlsplit

import pytest

from resources_db import search_log
from resources_db.tenancy import system
from tests import factories
from tests.portal.search_world import names


@pytest.fixture
def many(runtime, places, now):
    """Twelve pantries more, so that the list has two pages."""
    with runtime.database.writing(system()) as session, session.begin():
        made = [
            factories.make_listing(session, now=now, name=f"Corner Shelf {number}", needs=["food_pantry"])
            for number in range(12)
        ]
        search_log.touch(session, [one.service.id for one in made], now=now)
    return places


def ticked(page):
    form = page.form("/search").values()
    held = form.get("listing", [])
    return set(held if isinstance(held, list) else [held])


def press(searcher, page, words, **typed):
    """Press a button of the form, as a browser without script does: its value goes along with all fields."""
    button = next(one for one in page.tree.all("button") if one.text.startswith(words))
    return searcher.submit(page.form("/search"), **{button.attrs["name"]: button.attrs["value"]}, **typed)


def test_what_is_ticked_survives_the_next_page_and_the_way_back(searcher, many, rosa):
    page = searcher.get(f"/search?for={rosa}&q=food&language=&asked=1&near=45202")
    first = page.tree.all("input", name="listing", type="checkbox")[0].attrs["value"]
    second = press(searcher, page, "Next", listing=[first])
    assert ticked(second) == {first}
    assert not set(names(page)) & set(names(second))
    other = second.tree.all("input", name="listing", type="checkbox")[0].attrs["value"]
    again = press(searcher, second, "Back", listing=[first, other])
    assert ticked(again) == {first, other}
    assert names(again) == names(page)


def test_the_address_after_a_button_is_a_plain_question_that_can_be_kept(searcher, many, rosa):
    page = searcher.get(f"/search?for={rosa}&q=food&asked=1&near=45202")
    second = press(searcher, page, "Next", listing=[many["hope"]])
    asked = parse_qs(urlsplit(second.path).query)
    assert asked == {
        "q": ["food"], "near": ["45202"], "offset": ["10"], "for": [str(rosa)], "asked": ["1"],
        "listing": [many["hope"]],
    }  # fmt: skip


def test_a_tick_survives_a_removed_chip_and_a_new_sentence(searcher, many, rosa):
    page = searcher.get(f"/search?for={rosa}&q=no+food+for+the+kids&asked=1&near=45202")
    fewer = press(searcher, page, "Meals for kids", listing=[many["elm"]])
    assert ticked(fewer) == {many["elm"]}
    assert not [one for one in fewer.tree.all("button") if one.text.startswith("Meals for kids")]
    other = searcher.submit(fewer.form("/search"), q="doctor")
    assert "Elm Street Food Shelf" in other.text
    assert ticked(other) == {many["elm"]}


def test_what_is_unticked_is_gone(searcher, many, rosa):
    page = searcher.get(f"/search?for={rosa}&q=food&asked=1&near=45202&listing={many['hope']}")
    assert ticked(press(searcher, page, "Next", listing=[])) == set()


def test_strangers_get_plain_links_and_no_ticks(browser, many):
    page = browser.get("/search?q=food&near=45202")
    assert [one.attrs.get("name") for one in page.tree.all("button")] == [None] * len(page.tree.all("button"))
    assert "offset=10" in page.links()["Next 5 places"]


@pytest.mark.bad_input(83, 84)
@pytest.mark.parametrize("go", ["&&&", "q=%00", "x" * 5000, "&".join(f"a{n}=1" for n in range(500)), "offset=nonsense"])
def test_a_bent_button_is_an_empty_question_at_worst(searcher, many, rosa, go):
    page = searcher.submit(searcher.get(f"/search?for={rosa}&q=food").form("/search"), go=go)
    assert page.h1 == "Find help for Rosa M."
