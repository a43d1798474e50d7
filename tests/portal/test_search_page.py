"""Find help as people use it: without JavaScript, with htmx, for nobody and for a patient."""

from urllib.parse import parse_qs, urlsplit

import pytest

from resources_db.tenancy import system
from resources_db.vocab import Visibility
from tests import factories
from tests.portal.search_world import names


def chip(page, words):
    """Where the chip of what was read leads; empty without one."""
    chips = (href for label, href in page.links().items() if label.startswith(words) and label.endswith("remove"))
    return next(chips, "")


def test_anybody_finds_a_pantry_by_their_own_words(browser, places):
    page = browser.get("/search?q=no+food+for+the+kids&near=45202")
    assert names(page)[0] == "Hope Pantry"
    assert "Food pantry" in page.text
    assert "Meals for kids" in page.text
    assert "Why here:" in page.text
    assert "asks for no papers" in page.text


def test_the_same_words_in_spanish(browser, places):
    page = browser.get("/search?q=comida+para+mis+hijos&near=45202&l=es")
    assert names(page)[0] == "Hope Pantry"
    assert "Despensa de alimentos" in page.text


def test_before_anything_is_asked_there_is_something_to_choose(browser, places):
    page = browser.get("/search")
    assert "need=food_pantry" in page.links()["Food pantry"]
    assert names(browser.get(page.links()["Food pantry"]))[0]


def test_a_chip_is_removed_by_a_plain_link(browser, places):
    page = browser.get("/search?q=no+food+for+the+kids&near=45202")
    without = browser.get(chip(page, "Food pantry"))
    assert not chip(without, "Food pantry")
    assert names(without)[0] == "Hope Pantry"


def test_a_new_sentence_forgets_the_chips_removed_from_the_old_one(browser, places):
    page = browser.get("/search?q=food&without=food_pantry&near=45202")
    again = browser.submit(page.form("/search"), q="no food")
    assert chip(again, "Food pantry")


def test_the_form_holds_everything_that_was_asked(browser, places):
    page = browser.get("/search?q=food&near=45202&radius_m=3219&has_room=1&open=now&sort=near")
    held = page.form("/search").values()
    assert (held["q"], held["near"], held["radius_m"], held["has_room"], held["open"], held["sort"]) == (
        "food",
        "45202",
        "3219",
        "1",
        "now",
        "near",
    )


def test_htmx_gets_the_part_and_the_address(browser, places):
    page = browser.get("/search?q=food&near=45202&was=", htmx=True)
    assert "<html" not in page.html
    assert page.response.headers["HX-Push-Url"] == "/search?q=food&near=45202"
    assert "HX-Request" in page.response.headers["Vary"]


@pytest.mark.bad_input(90)
@pytest.mark.parametrize(("typed", "words"), [("4520", "4520"), ("00000", "00000"), ("abc", "abc"), ("12", "5 digits")])
def test_an_unknown_place_is_said_beside_the_field_and_the_search_goes_on(browser, places, typed, words):
    page = browser.get(f"/search?q=food&near={typed}")
    assert words in page.text
    assert page.form("/search").values()["near"] == typed
    assert page.form("/search").values()["q"] == "food"
    assert "Hope Pantry" in names(page)


def test_an_unknown_zip_offers_near_ones(browser, places):
    page = browser.get("/search?q=food&near=4520")
    assert "near=45202" in page.links()["45202"]


@pytest.mark.parametrize("words", ["my husband hits me", "I want to die", "quiero morir", "no insulin"])
def test_danger_stands_above_everything(browser, places, words):
    page = browser.get("/search", headers={}) and browser.get(f"/search?q={words}&near=45202")
    urgent = next(one for one in page.tree.all() if one.attrs.get("id") == "urgent")
    assert urgent.attrs["role"] == "alert"
    assert any(link.attrs["href"] in {"tel:911", "tel:988"} for link in urgent.all("a"))


def test_nothing_found_is_not_the_end(browser, places):
    page = browser.get("/search?q=xyzzyplugh")
    assert "call 211" in page.text
    assert "Food pantry" in page.links()


def test_a_hidden_place_is_found_by_area_without_distance_or_pin(browser, places):
    page = browser.get("/search?q=my+husband+hits+me&near=45202")
    row = next(one for one in page.tree.all("li") if one.attrs.get("id") == "place-1")
    assert "Harbor Light" in row.text
    assert " mi" not in row.text
    assert "1418" not in page.html


@pytest.mark.bad_input(68, 74, 82, 83, 84, 86)
@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%ED%A0%80",
        "q=<script>alert(1)</script>",
        "q={{7*7}}",
        "q=%27;drop+table--",
        "offset=-1&q=food",
        "offset=99999999999999999999&q=food",
        "radius_m=NaN&q=food",
        "need=bogus",
        "need=food_pantry&need=food_pantry",
        "listing=nonsense&q=food",
        "sort=1;2&q=food",
        "for=not-an-id&q=food",
        "near=%27%22%3E%3Csvg&q=food",
        f"q={'a' * 5000}",
    ],
)
def test_no_address_breaks_the_page(browser, places, query):
    page = browser.get(f"/search?{query}", expect=None)
    assert page.status in {200, 400, 422}
    assert "<script>alert" not in page.html
    assert "49" not in page.form("/search").values().get("q", "") if page.status == 200 else True


def test_a_withdrawn_listing_is_not_shown_however_old_the_index_is(browser, places, runtime):
    browser.get("/search?q=food&near=45202")
    from resources_db.listing_key import ListingKey
    from resources_db.models.directory import Service

    with runtime.database.writing(system()) as session, session.begin():
        session.get(
            Service, ListingKey.parse(places["hope"]).service_id
        ).visibility = Visibility.HIDDEN  # nobody told the index
    assert "Hope Pantry" not in names(browser.get("/search?q=food&near=45202"))


def test_for_a_patient_place_and_language_are_filled_in_and_can_be_removed(searcher, places, rosa):
    page = searcher.get(f"/search?for={rosa}&q=food")
    assert page.h1 == "Find help for Rosa M."
    held = page.form("/search").values()
    assert (held["near"], held["language"], held["for"]) == ("45202", "es", str(rosa))
    assert names(page)[0] == "Hope Pantry"
    removed = searcher.submit(page.form("/search"), language=[], near="")
    assert "language" not in removed.form("/search").values()
    assert removed.form("/search").values()["near"] == ""


def test_a_patient_is_never_named_in_an_address(searcher, places, rosa):
    page = searcher.get(f"/search?for={rosa}&q=food")
    addresses = " ".join([*page.links().values(), *(form.action for form in page.forms)])
    assert "Rosa" not in addresses
    assert "Martinez" not in addresses


def test_a_stranger_sees_nothing_of_a_patient(browser, places, rosa):
    page = browser.get(f"/search?for={rosa}&q=food")
    assert "Rosa" not in page.html
    assert page.h1 == "Find help"


def test_a_patient_of_another_organization_is_a_missing_page(browser, places, rosa, staff, runtime, now):
    with runtime.database.writing(system()) as session, session.begin():
        nurse = factories.make_user(session, org=staff.other_care, now=now, name="Ned North", email="ned@north.example")
        nurse.demo = True
        user_id = nurse.id
    browser.be(user_id)
    browser.get(f"/search?for={rosa}&q=food", expect=404)


def test_opening_the_page_for_a_patient_is_in_the_audit(searcher, places, rosa, runtime):
    from sqlalchemy import select

    from resources_db.models.access import AuditEvent

    searcher.get(f"/search?for={rosa}&q=food")
    with runtime.database.reading(system()) as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "person.read")).all()
    assert [event.subject_id for event in events] == [str(rosa)]


def test_what_is_chosen_goes_to_the_page_where_it_is_sent(searcher, app, places, rosa):
    page = searcher.get(f"/search?for={rosa}&q=food&listing={places['elm']}&listing={places['clinic']}")
    if "caseload.compose" not in app.view_functions:
        pytest.fail("the page to send from is missing")
    boxes = {
        box.attrs["value"]: "checked" in box.attrs for box in page.tree.all("input", name="listing", type="checkbox")
    }
    assert boxes[places["elm"]]
    assert not boxes[places["hope"]]
    assert places["clinic"] in page.form("/search").values()["listing"]  # chosen on another page: a hidden field
    send = searcher.submit(page.form("/search"), do="text")
    assert send.path.startswith(f"/patients/{rosa}/send?listing=")
    assert "Queen City Clinic" in send.text


def test_a_listing_page_says_what_is_known_and_how_old_it_is(browser, places):
    page = browser.get(f"/listing/{places['hope']}")
    assert page.h1 == "Hope Pantry"
    for words in ("1418 Vine St", "513-555-0160", "9:00 AM to 5:00 PM", "No papers needed", "Free", "confirmed"):
        assert words in page.text


def test_a_hidden_place_has_a_page_without_its_street(browser, places):
    page = browser.get(f"/listing/{places['safe']}")
    assert "confidential" in page.text
    assert "1418" not in page.html
    assert "openstreetmap" not in page.html


@pytest.mark.bad_input(59, 82)
@pytest.mark.parametrize("key", ["nonsense", "1", "00000000-0000-0000-0000-000000000000", "a.b.c"])
def test_an_unknown_listing_is_a_missing_page(browser, places, key):
    browser.get(f"/listing/{key}", expect=404)


def test_a_listing_page_leads_back_to_the_patient(searcher, places, rosa):
    page = searcher.get(f"/listing/{places['hope']}?for={rosa}")
    assert parse_qs(urlsplit(page.links()["Find help for Rosa M."]).query) == {"for": [str(rosa)]}
