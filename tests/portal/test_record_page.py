"""The team's page of one listing: edits, checks, locks, notes, hides; its history undoes any of the changes."""

import re

import pytest

from portal import wiring
from resources_db import staff_acts
from resources_db.listing_key import ListingKey
from resources_db.models.curation import FieldMark, ListingChange
from resources_db.models.directory import Service
from resources_db.models.upkeep import RecordHistory
from resources_db.tenancy import system
from resources_db.vocab import ChangeState, Confidentiality, FieldGroup, Role, Visibility
from tests.edge import Staff
from tests.pages import Browser, Page
from tests.portal.test_review_page import World
from tests.resources_db.directory_world import pantry


@pytest.fixture
def world(runtime: wiring.Runtime) -> World:
    return World(runtime)


@pytest.fixture
def key(world: World) -> ListingKey:
    return world.pantry()


@pytest.fixture
def sam(browser: Browser, staff: Staff) -> Browser:
    browser.be(staff[Role.CURATOR])
    return browser


def record(sam: Browser, key: ListingKey) -> Page:
    return sam.get(f"/curation/record/{key}")


def edit(sam: Browser, key: ListingKey, **typed: object) -> Page:
    return sam.submit(record(sam, key).form(f"/curation/record/{key}"), **typed)


def history(sam: Browser, key: ListingKey) -> Page:
    return sam.get(f"/curation/record/{key}/history")


def rows(world: World, model, **wanted):
    with world.runtime.database.reading(system()) as session:
        return list(session.query(model).filter_by(**wanted))


def test_an_edit_is_published_at_once_and_undone_by_its_toast(sam: Browser, world: World, key: ListingKey) -> None:
    after = edit(sam, key, description="Food for all", **{"d5-o1": "10", "d5-c1": "2 pm"})
    listing = world.listing(key)
    assert listing.description == "Food for all"
    assert "Sat 10:00 am-2:00 pm" in listing.hours_text
    assert "Mon, Wed, Fri 9:00 am-1:00 pm" in listing.hours_text
    sam.submit(after.form("/undo/"))
    assert (world.listing(key).description, world.listing(key).hours_text) == ("", "")
    assert len(world.listing(key).rules) == 1


def test_phone_address_and_who_can_go_wait_for_a_colleague(
    sam: Browser, world: World, key: ListingKey, staff: Staff
) -> None:
    said = edit(sam, key, phone="513-555-0164", eligibility="Families", documents="A bag")
    assert "a colleague must approve those" in said.text
    assert (world.listing(key).documents, world.listing(key).eligibility) == (("A bag",), "")
    [change] = rows(world, ListingChange, state=ChangeState.OPEN)
    own = sam.submit(sam.get(f"/review/{change.id}").form(f"/review/{change.id}"), eligibility="approve")
    assert "somebody else decides it" in own.text
    sam.be(staff[Role.DIRECTORY_ADMIN])
    sam.submit(sam.get(f"/review/{change.id}").form(f"/review/{change.id}"), do="all")
    assert world.listing(key).eligibility == "Families"


def test_a_text_that_cannot_be_is_shown_beside_its_field_and_nothing_is_kept(
    sam: Browser, world: World, key: ListingKey
) -> None:
    form = record(sam, key).form(f"/curation/record/{key}")
    page = sam.submit(form, url="not a page", description="New", expect=422)
    assert "Type a web address" in page.text
    assert page.form(f"/curation/record/{key}").values()["description"] == "New"
    assert world.listing(key).description == ""


def test_checking_a_group_dates_it_and_can_be_taken_back(sam: Browser, world: World, key: ListingKey) -> None:
    after = sam.submit(record(sam, key).form("/checked"), group=["contact", "hours"], method="visit")
    marks = {mark.field_group: mark for mark in rows(world, FieldMark)}
    assert {group for group, mark in marks.items() if mark.confirmed_at} == {FieldGroup.CONTACT, FieldGroup.HOURS}
    assert marks[FieldGroup.HOURS].confirmed_method.value == "visit"
    assert world.listing(key).version == 1, "a confirmation is no edit"
    sam.submit(after.form("/undo/"))
    assert not any(mark.confirmed_at for mark in rows(world, FieldMark))
    assert "Tick what you checked first." in sam.submit(record(sam, key).form("/checked")).text


def test_a_lock_keeps_imports_out_until_it_is_opened(sam: Browser, world: World, key: ListingKey) -> None:
    sam.submit(record(sam, key).form("/lock"), group="hours", lock="on")
    assert [mark.locked for mark in rows(world, FieldMark, field_group=FieldGroup.HOURS)] == [True]
    assert "Lock on hours" in history(sam, key).text
    sam.submit(record(sam, key).form("/lock"), group="hours", lock="off")
    assert [mark.locked for mark in rows(world, FieldMark, field_group=FieldGroup.HOURS)] == [False]


def test_a_hidden_listing_is_nowhere_and_the_team_can_show_it_again(
    sam: Browser, world: World, key: ListingKey, another
) -> None:
    sam.submit(record(sam, key).form("/visibility"), visibility="hidden")
    another().get(f"/listing/{key}", expect=404)
    back = record(sam, key)
    assert "Nobody sees this listing." in back.text
    sam.submit(back.form("/visibility"), visibility="public")
    another().get(f"/listing/{key}")
    assert [row.new for row in rows(world, RecordHistory, field="visibility")] == ["hidden", "public"]


def test_a_note_is_for_the_team_only(sam: Browser, world: World, key: ListingKey, another) -> None:
    sam.submit(record(sam, key).form("/notes"), note="Ask for Maria, mornings only")
    assert "Ask for Maria" in record(sam, key).text
    assert "Ask for Maria" not in another().get(f"/listing/{key}").html
    assert "Maria" not in another().get(f"/hsds/services/{key.service_id}").html


def test_the_history_names_colleagues_and_no_one_else(
    sam: Browser, world: World, key: ListingKey, staff: Staff
) -> None:
    edit(sam, key, description="Food for all")
    world.go_live(key, documents="A bag")
    page = history(sam, key)
    assert "The directory team: curator person" in page.text
    assert "The agency" in page.text
    assert "Denise" not in page.text
    [ins] = [one.text for one in page.tree.all("ins") if "bag" in one.text]
    assert ins == "A bag"


def test_a_change_is_undone_from_the_history_and_refused_when_it_moved_on(
    sam: Browser, world: World, key: ListingKey
) -> None:
    edit(sam, key, description="First")
    old = history(sam, key)
    edit(sam, key, description="Second")
    first = [form for form in old.forms if re.search(r"/history/.*/undo", form.action)][-1]
    assert "was changed again since" in sam.submit(first).text
    assert world.listing(key).description == "Second"
    sam.submit(history(sam, key).form("/history/"))
    assert world.listing(key).description == "First"
    assert "An undo" in history(sam, key).text


def test_an_unknown_listing_and_a_stranger_get_nothing(
    browser: Browser, sam: Browser, key: ListingKey, staff: Staff
) -> None:
    sam.get(f"/curation/record/{key.location_id}", expect=404)
    sam.get(f"/curation/record/{key.location_id}/history", expect=404)
    browser.be(staff[Role.NAVIGATOR])
    browser.get(f"/curation/record/{key}", expect=403)
    browser.get(f"/curation/record/{key}/history", expect=403)


def test_the_address_of_a_confidential_place_has_no_field(sam: Browser, runtime: wiring.Runtime) -> None:
    with runtime.database.writing(system()) as session, session.begin():
        hidden = pantry(session, name="Safe House", confidentiality=Confidentiality.HIDDEN)
    page = record(sam, hidden)
    assert not page.tree.all("input", name="address_1")
    assert "1418 Vine" not in page.html


def test_needs_are_ticked_and_a_sensitive_one_makes_the_listing_sensitive(
    sam: Browser, world: World, key: ListingKey
) -> None:
    edit(sam, key, needs=["food_pantry", "dv_safety"])
    with world.runtime.database.reading(system()) as session:
        service = session.get_one(Service, key.service_id)
        assert (set(service.needs), service.sensitive) == ({"food_pantry", "dv_safety"}, True)


def test_the_rules_are_changed_by_a_directory_administrator_only(
    sam: Browser, world: World, key: ListingKey, staff: Staff
) -> None:
    assert "A directory administrator changes these." in sam.get("/curation/rules").text
    sam.post("/curation/rules", {"csrf_token": sam.token("/curation/rules")}, expect=403, follow=False)
    sam.be(staff[Role.DIRECTORY_ADMIN])
    form = sam.get("/curation/rules").form("/curation/rules")
    assert "1 rule changed." in sam.submit(form, **{"hours_contact.agency_link": "live"}).text
    assert "Nothing changed." in sam.submit(sam.get("/curation/rules").form("/curation/rules")).text


def test_visibility_is_public_at_first(world: World, key: ListingKey) -> None:
    with world.runtime.database.reading(system()) as session:
        assert staff_acts.hidden(session, key) is None
    assert world.listing(key).visibility is Visibility.PUBLIC
