"""The review page: own words, reasons, many at once, and every decision can be taken back."""

import gzip

import pytest

from portal import wiring
from resources_db import proposals, submitting
from resources_db.listing_key import ListingKey
from resources_db.models.curation import ListingChange, ListingChangeField
from resources_db.models.directory import Service
from resources_db.repositories import listings
from resources_db.submitting import Sender
from resources_db.tenancy import system
from resources_db.vocab import ChangeOrigin, ChangeState, Role
from tests.conftest import NOW
from tests.edge import Staff
from tests.pages import Browser
from tests.resources_db.directory_world import pantry


class World:
    def __init__(self, runtime: wiring.Runtime) -> None:
        self.runtime = runtime

    def pantry(self, name: str = "Hope Pantry") -> ListingKey:
        with self.runtime.database.writing(system()) as session, session.begin():
            return pantry(session, name=name)

    def propose(self, key: ListingKey, origin=ChangeOrigin.AGENCY_LINK, **fields: str):
        with self.runtime.database.writing(system()) as session, session.begin():
            return proposals.propose(
                session, service_id=key.service_id, location_id=key.location_id, fields=fields, origin=origin,
                submitter_label="agency", now=NOW,
            ).id  # fmt: skip

    def go_live(self, key: ListingKey, **fields: str):
        sender = Sender(ChangeOrigin.AGENCY_MEMBER, label="Denise, Hope Pantry", verified=True)
        with self.runtime.database.writing(system()) as session, session.begin():
            done = submitting.submit(session, key, fields, sender, now=NOW, sampled=lambda _: False)
            assert done.live is not None
            return done.live.id

    def listing(self, key: ListingKey):
        with self.runtime.database.reading(system()) as session:
            found = listings.get(session, key)
        assert found is not None
        return found

    def change(self, change_id) -> ListingChange:
        with self.runtime.database.reading(system()) as session:
            found = proposals.get(session, change_id)
            assert found is not None
            return found

    def field(self, change_id, name: str) -> ListingChangeField:
        return next(one for one in self.change(change_id).fields if one.field == name)


@pytest.fixture
def world(runtime: wiring.Runtime) -> World:
    return World(runtime)


@pytest.fixture
def sam(browser: Browser, staff: Staff) -> Browser:
    browser.be(staff[Role.CURATOR])
    return browser


def decide(sam: Browser, change_id, **typed: str):
    return sam.submit(sam.get(f"/review/{change_id}").form(f"/review/{change_id}"), **typed)


def test_other_words_are_published_instead_and_the_submitter_can_read_them(sam: Browser, world: World) -> None:
    key = world.pantry()
    change = world.propose(key, documents="bag")
    decide(sam, change, **{"value.documents": "A bag to carry food"})
    assert world.listing(key).documents == ("A bag to carry food",)
    kept = world.field(change, "documents")
    assert (kept.decision, kept.new, kept.published) == ("accepted", "bag", "A bag to carry food")


def test_a_rejection_keeps_its_reason_ready_or_own(sam: Browser, world: World) -> None:
    key = world.pantry()
    change = world.propose(key, documents="bag", name="Hope")
    decide(
        sam, change, documents="reject", name="reject",
        **{"why.documents": "not_confirmed", "own-why.name": "Ask the board first."},
    )  # fmt: skip
    assert world.field(change, "documents").why == "not_confirmed"
    assert world.field(change, "name").why == "Ask the board first."
    assert world.listing(key).name == "Hope Pantry"


def test_other_words_that_cannot_be_stand_beside_their_error(sam: Browser, world: World) -> None:
    change = world.propose(world.pantry(), phone="513-555-0164")
    form = sam.get(f"/review/{change}").form(f"/review/{change}")
    page = sam.submit(form, phone="approve", **{"value.phone": "4841"}, expect=422)
    assert "Type a phone number with 10 digits" in page.text
    assert page.form(f"/review/{change}").values()["value.phone"] == "4841"


def test_a_decision_is_taken_back_by_its_toast_and_the_change_waits_again(sam: Browser, world: World) -> None:
    key = world.pantry()
    change = world.propose(key, documents="bag")
    after = decide(sam, change, documents="approve")
    assert world.listing(key).documents == ("bag",)
    again = sam.submit(after.form(f"/review/{change}/undo"))
    assert "waits again" in again.text
    assert world.listing(key).documents == ()
    assert world.change(change).state is ChangeState.OPEN


def test_hours_are_shown_day_by_day(sam: Browser, world: World) -> None:
    change = world.propose(world.pantry(), hours="Mon, Wed, Fri 9 am-1 pm; Sat 10 am-2 pm")
    page = sam.get(f"/review/{change}")
    rows = {row.all("th")[0].text: row for row in page.tree.all("tr") if row.all("td")}
    assert [one.text for one in rows["Sat"].all("ins")] == ["10:00 am-2:00 pm"]
    assert rows["Mon"].all("ins") == []


def test_all_fields_are_approved_in_one_press_but_not_what_changed_since(sam: Browser, world: World) -> None:
    key = world.pantry()
    change = world.propose(key, documents="bag", description="New")
    with world.runtime.database.writing(system()) as session, session.begin():
        session.get_one(Service, key.service_id).description = "Quicker"
    decide(sam, change, do="all")
    assert (world.listing(key).documents, world.listing(key).description) == (("bag",), "Quicker")
    page = sam.get(f"/review/{change}")
    assert "When they wrote, it said:" in page.text
    assert world.change(change).state is ChangeState.OPEN


def test_the_list_is_filtered_by_who_sent_it_and_by_part(sam: Browser, world: World) -> None:
    one, two = world.pantry("One Pantry"), world.pantry("Two Pantry")
    world.propose(one, phone="513-555-0164")
    world.propose(two, ChangeOrigin.NAVIGATOR, documents="bag")
    assert "Two Pantry" not in sam.get("/review?from=agency").text
    assert "One Pantry" not in sam.get("/review?group=who_can_go").text
    assert "Nothing like that waits" in sam.get("/review?from=patient").text


def test_many_are_previewed_decided_and_taken_back_together(sam: Browser, world: World) -> None:
    keys = [world.pantry(name) for name in ("One Pantry", "Two Pantry", "Three Pantry")]
    changes = [world.propose(key, documents=f"bag {number}") for number, key in enumerate(keys)]
    preview = sam.submit(sam.get("/review").form("/review/many"), change=[str(one) for one in changes[:2]])
    assert "bag 0" in preview.text
    assert "bag 2" not in preview.text
    assert world.listing(keys[0]).documents == ()
    after = sam.submit(preview.form("/review/many"), do="approve")
    assert "2 changes published." in after.text
    assert [world.listing(key).documents for key in keys] == [("bag 0",), ("bag 1",), ()]
    sam.submit(after.form("/review/many/undo"))
    assert [world.listing(key).documents for key in keys] == [(), (), ()]
    assert {world.change(one).state for one in changes} == {ChangeState.OPEN}


def test_many_rejected_leave_their_listings_and_keep_the_reason(sam: Browser, world: World) -> None:
    change = world.propose(world.pantry(), documents="bag")
    preview = sam.get(f"/review/many?change={change}")
    sam.submit(preview.form("/review/many"), do="reject", why="call_us")
    assert (world.change(change).state, world.field(change, "documents").why) == (ChangeState.REJECTED, "call_us")


def test_nothing_ticked_says_so(sam: Browser, world: World) -> None:
    world.propose(world.pantry(), documents="bag")
    assert "Tick the changes first." in sam.submit(sam.get("/review").form("/review/many")).text


def test_what_went_live_by_rule_is_told_and_undone_in_one_press(sam: Browser, world: World) -> None:
    key = world.pantry()
    live = world.go_live(key, hours="Sat 10 am-2 pm")
    assert "Went live by rule: 1 today" in sam.get("/review").text
    page = sam.get("/review/live")
    assert "Hope Pantry" in page.text
    after = sam.submit(page.form(f"/review/live/{live}/undo"))
    assert "as it was before" in after.text
    assert world.listing(key).hours_text == ""
    assert not any("/undo" in form.action and str(live) in form.action for form in after.forms)


def test_every_page_of_the_review_is_light(sam: Browser, world: World) -> None:
    keys = [world.pantry(f"Pantry number {number}") for number in range(60)]
    fields = {"documents": "A bag", "hours": "Sat 10 am-2 pm", "description": "Words " * 60}
    changes = [world.propose(key, **fields) for key in keys]
    page = sam.get("/review")
    assert "60 waiting" in page.text
    many = sam.get("/review/many?" + "&".join(f"change={one}" for one in changes[:40]))
    for one in (page, many):
        assert len(gzip.compress(one.response.data)) < 60 * 1024


def test_a_form_sent_without_rights_changes_nothing(browser: Browser, staff: Staff, world: World) -> None:
    key = world.pantry()
    change = world.propose(key, documents="bag")
    browser.be(staff[Role.AGENCY_ADMIN])
    token = browser.token("/account")
    for path in (f"/review/{change}", "/review/many", f"/review/{change}/undo", "/curation/rules"):
        browser.post(path, {"csrf_token": token, "documents": "approve"}, expect=403, follow=False)
    assert world.change(change).state is ChangeState.OPEN
