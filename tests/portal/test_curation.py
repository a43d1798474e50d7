"""The directory team decides proposals field by field and reads what imports did."""

import uuid
from pathlib import Path

import pytest

from portal import wiring
from resources_db import proposals
from resources_db.importers import base
from resources_db.listing_key import ListingKey
from resources_db.models.curation import ListingChange
from resources_db.models.directory import Service
from resources_db.repositories import listings
from resources_db.repositories.listing import Listing
from resources_db.tenancy import system
from resources_db.vocab import ChangeOrigin, Role
from tests.conftest import NOW
from tests.edge import Staff
from tests.pages import Browser
from tests.resources_db.directory_world import pantry


@pytest.fixture
def proposed(runtime: wiring.Runtime, staff: Staff) -> ListingChange:
    """The pantry says that it opens on Saturdays and has another phone."""
    with runtime.database.writing(system()) as session, session.begin():
        key = pantry(session)
        return proposals.propose(
            session,
            service_id=key.service_id,
            location_id=key.location_id,
            fields={"hours": "Sat 10am-noon", "phone": "513-555-0164", "description": "Food <b>for</b> all"},
            origin=ChangeOrigin.AGENCY_LINK,
            submitter=staff[Role.AGENCY_WORKER].id,
            submitter_label="Denise, Hope Pantry",
            now=NOW,
        )


def published(runtime: wiring.Runtime, change: ListingChange) -> Listing:
    with runtime.database.reading(system()) as session:
        found = listings.get(session, ListingKey(change.service_id, change.location_id))
    assert found is not None
    return found


def test_a_curator_sees_now_beside_proposed(browser: Browser, staff: Staff, proposed: ListingChange) -> None:
    browser.be(staff[Role.CURATOR])
    page = browser.get("/review")
    assert "Hope Pantry" in page.text
    assert "Denise, Hope Pantry" in page.text
    assert "513-555-0164" in " ".join(one.text for one in page.tree.all("ins"))
    assert "<b>for</b>" not in page.html.split("<main")[1].split("seen.")[0]


def test_fields_are_approved_and_rejected_one_by_one(
    browser: Browser, staff: Staff, proposed: ListingChange, runtime: wiring.Runtime
) -> None:
    browser.be(staff[Role.CURATOR])
    form = browser.get(f"/review/{proposed.id}").form(f"/review/{proposed.id}")
    after = browser.submit(form, phone="approve", hours="reject")
    assert "1 field published." in after.text
    listing = published(runtime, proposed)
    assert (listing.main_phone and listing.main_phone.number, listing.hours_text) == ("+15135550164", "")
    assert "Food" in after.text, "the field without a choice goes on waiting"


def test_a_value_changed_meanwhile_is_shown_and_not_overwritten(
    browser: Browser, staff: Staff, proposed: ListingChange, runtime: wiring.Runtime
) -> None:
    browser.be(staff[Role.CURATOR])
    form = browser.get(f"/review/{proposed.id}").form(f"/review/{proposed.id}")
    with runtime.database.writing(system()) as session, session.begin():
        session.get_one(Service, proposed.service_id).description = "Somebody else was quicker"
    page = browser.submit(form, description="approve", expect=409)
    assert "Somebody else was quicker" in page.text
    assert published(runtime, proposed).description == "Somebody else was quicker"
    browser.submit(page.form(f"/review/{proposed.id}"), description="approve")
    assert published(runtime, proposed).description == "Food <b>for</b> all"


def test_a_form_without_a_choice_asks_for_one(browser: Browser, staff: Staff, proposed: ListingChange) -> None:
    browser.be(staff[Role.CURATOR])
    form = browser.get("/review").form(f"/review/{proposed.id}")
    assert "Choose Approve or Reject" in browser.submit(form, expect=422).text


def test_a_change_that_is_decided_or_unknown_leads_back(
    browser: Browser, staff: Staff, proposed: ListingChange
) -> None:
    browser.be(staff[Role.CURATOR])
    form = browser.get("/review").form(f"/review/{proposed.id}")
    everything = {"phone": "reject", "hours": "reject", "description": "reject"}
    browser.submit(form, **everything)
    assert "Somebody else decided" in browser.submit(form, **everything).text
    assert "Nothing waits for review" in browser.get("/review").text
    browser.get(f"/review/{uuid.uuid4()}", expect=303)


def test_nobody_decides_their_own_change(
    browser: Browser, staff: Staff, proposed: ListingChange, runtime: wiring.Runtime
) -> None:
    with runtime.database.writing(system()) as session, session.begin():
        session.get_one(ListingChange, proposed.id).submitter_id = staff[Role.CURATOR].id
    browser.be(staff[Role.CURATOR])
    form = browser.get("/review").form(f"/review/{proposed.id}")
    assert "somebody else decides it" in browser.submit(form, phone="approve").text


def test_a_navigator_may_not_review(browser: Browser, staff: Staff) -> None:
    browser.be(staff[Role.NAVIGATOR])
    browser.get("/review", expect=403)
    browser.get("/imports", expect=403)


def test_imports_show_their_counts_and_the_rows_left_out(
    browser: Browser, staff: Staff, runtime: wiring.Runtime, tmp_path: Path
) -> None:
    browser.be(staff[Role.CURATOR])
    assert "No imports yet" in browser.get("/imports").text
    (tmp_path / "organizations.csv").write_text("id,name\n1,Hope\n")
    (tmp_path / "services.csv").write_text(
        "id,organization_id,name,status\n1,1,Pantry,active\n2,9,<b>Lost</b>,active\n"
    )
    with runtime.database.writing(system()) as session, session.begin():
        run = base.apply(session, base.plan(session, tmp_path, source="county"), actor=system(), now=NOW)
    assert "county" in browser.get("/imports").text
    report = browser.get(f"/imports/{run.id}")
    assert "This points at a record that is not here." in report.text
    assert "organization_id" in report.text
    browser.get(f"/imports/{uuid.uuid4()}", expect=404)
