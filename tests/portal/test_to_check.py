"""The directory team's queue: what comes first, one key each, many at once with a preview, ten seconds to undo."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import wiring
from resources_db import freshness, reviews
from resources_db.models.directory import ServiceAtLocation
from resources_db.models.upkeep import ListingReview, RecordHistory
from resources_db.tenancy import system
from resources_db.vocab import ConfirmMethod, FieldGroup, FieldOrigin, ReviewState, ReviewWhy, Role
from tests import factories
from tests.conftest import NOW
from tests.edge import Staff
from tests.pages import Browser


class Directory:
    """Some listings, and ways to say things of them."""

    def __init__(self, runtime: wiring.Runtime) -> None:
        self.runtime = runtime
        self.ids = {}

    def add(self, name, *, days=None):
        with self.runtime.database.writing(system()) as session, session.begin():
            made = factories.make_listing(session, now=NOW, name=name, needs=["food_pantry"])
            made.service.confirmed_at = made.service.confirmed_method = None
            session.flush()
            self.ids[name] = made.service.id
            if days is not None:
                freshness.confirm(
                    session,
                    service_id=made.service.id,
                    location_id=made.location.id,
                    groups=freshness.SPOKEN_OF,
                    method=ConfirmMethod.AGENCY_LINK,
                    origin=FieldOrigin.AGENCY,
                    now=NOW - timedelta(days=days),
                )

    def doubt(self, name, why=ReviewWhy.WRONG_NUMBER, note=""):
        with self.runtime.database.writing(system()) as session, session.begin():
            reviews.open_review(session, service_id=self.ids[name], why=why, from_role="navigator", note=note, now=NOW)

    def reviews(self, name):
        with self.runtime.database.reading(system()) as session:
            return list(session.scalars(select(ListingReview).where(ListingReview.service_id == self.ids[name])))

    def grade(self, name):
        with self.runtime.database.reading(system()) as session:
            place = freshness.of_listing(session, self.ids[name], self._place(session, name), now=NOW)
            return place.groups[FieldGroup.CONTACT].grade.value

    def _place(self, session, name):
        found = select(ServiceAtLocation.location_id).where(ServiceAtLocation.service_id == self.ids[name])
        return session.scalar(found)


@pytest.fixture
def directory(runtime: wiring.Runtime) -> Directory:
    """A fresh listing, an old one, one nobody ever confirmed, and a fresh one with a wrong number."""
    made = Directory(runtime)
    made.add("Fresh Pantry", days=10)
    made.add("Old Pantry", days=500)
    made.add("New Pantry")
    made.add("Doubted Pantry", days=10)
    made.doubt("Doubted Pantry", note="A shop answers")
    return made


@pytest.fixture
def curator(browser: Browser, staff: Staff) -> Browser:
    browser.be(staff[Role.CURATOR])
    return browser


def names(page):
    """The listings of the queue in their order."""
    return [link.text for link in page.tree.all("a") if "data-open" in link.attrs]


def press(page, directory, name, doing):
    form = next(one for one in page.forms if one.values().get("service") == str(directory.ids[name]))
    return form, {"do": doing}


def many(page, directory, doing, *listings):
    form = next(one for one in page.forms if one.element.attrs.get("id") == "many")
    return form, {"do": doing, "service": [str(directory.ids[name]) for name in listings]}


def test_the_queue_holds_what_is_old_or_doubted_and_says_why(curator: Browser, directory: Directory) -> None:
    page = curator.get("/curation")
    assert "New Pantry" in page.text
    assert "Nobody has ever confirmed it." in page.text
    assert "Not confirmed for a long time." in page.text
    assert "The phone number is wrong." in page.text
    assert "A shop answers" in page.text
    assert "Phone and hours confirmed 500 days ago." in page.text
    assert "Fresh Pantry" not in page.text


def test_the_directory_leads_there_first(curator: Browser, directory: Directory) -> None:
    assert 'href="/curation"' in curator.get("/reports/directory").html


def test_more_used_and_more_doubted_comes_first(curator: Browser, directory: Directory) -> None:
    assert names(curator.get("/curation")) == ["New Pantry", "Old Pantry", "Doubted Pantry"]
    directory.doubt("Old Pantry", ReviewWhy.CLOSED)
    assert names(curator.get("/curation"))[0] == "Old Pantry"


def test_one_press_confirms_all_of_a_listing_by_phone_and_undo_brings_back_what_was(
    curator: Browser, directory: Directory
) -> None:
    before = directory.grade("Old Pantry"), directory.grade("Doubted Pantry"), directory.grade("New Pantry")
    for name in ("Old Pantry", "Doubted Pantry", "New Pantry"):
        form, typed = press(curator.get("/curation"), directory, name, "confirm")
        after = curator.submit(form, **typed)
        assert "1 listing confirmed." in after.text
        assert name not in names(after)
        assert directory.grade(name) == "fresh"
        assert "Taken back for 1 listing." in curator.submit(after.form("/curation/undo")).text
    assert (directory.grade("Old Pantry"), directory.grade("Doubted Pantry"), directory.grade("New Pantry")) == before
    assert {row.state for row in directory.reviews("Doubted Pantry")} == {ReviewState.OPEN}
    assert set(names(curator.get("/curation"))) == {"New Pantry", "Old Pantry", "Doubted Pantry"}


def test_who_confirmed_is_kept_as_a_role(curator: Browser, directory: Directory, runtime: wiring.Runtime) -> None:
    form, typed = press(curator.get("/curation"), directory, "Old Pantry", "confirm")
    curator.submit(form, **typed)
    with runtime.database.reading(system()) as session:
        rows = session.scalars(select(RecordHistory).where(RecordHistory.service_id == directory.ids["Old Pantry"]))
        assert {row.role for row in rows} == {"agency", "directory team"}


def test_a_snoozed_listing_comes_back_after_its_days_or_when_it_is_found_wrong(
    curator: Browser, directory: Directory
) -> None:
    form, typed = press(curator.get("/curation"), directory, "Old Pantry", "snooze")
    assert "Old Pantry" not in names(curator.submit(form, **typed))
    directory.doubt("Old Pantry", ReviewWhy.WRONG_HOURS)
    assert "Old Pantry" in names(curator.get("/curation"))


def test_many_are_shown_first_then_confirmed_and_taken_back_as_one(curator: Browser, directory: Directory) -> None:
    form, typed = many(curator.get("/curation"), directory, "confirm", "Old Pantry", "New Pantry")
    preview = curator.submit(form, **typed)
    assert preview.h1 == "2 chosen listings"
    assert directory.grade("Old Pantry") == "stale"
    after = curator.submit(preview.form("/curation/do"), do="confirm")
    assert "2 listings confirmed." in after.text
    assert names(after) == ["Doubted Pantry"]
    curator.submit(after.form("/curation/undo"))
    assert directory.grade("Old Pantry") == "stale"
    assert directory.grade("New Pantry") == "never"


def test_nothing_chosen_says_how_to_choose(curator: Browser, directory: Directory) -> None:
    form, typed = many(curator.get("/curation"), directory, "confirm")
    assert "Choose listings first, with x." in curator.submit(form, **typed).text


def test_who_takes_a_listing_on_is_named_and_finds_it_among_their_own(
    curator: Browser, staff: Staff, directory: Directory
) -> None:
    form, typed = press(curator.get("/curation"), directory, "Old Pantry", "assign")
    after = curator.submit(form, **typed)
    assert f"{staff[Role.CURATOR].name} is on it" in after.text
    assert names(curator.get("/curation?mine=y")) == ["Old Pantry"]


def test_nothing_wrong_closes_the_review_and_confirms_nothing(curator: Browser, directory: Directory) -> None:
    form, typed = press(curator.get("/curation"), directory, "Doubted Pantry", "dismiss")
    assert "Doubted Pantry" not in names(curator.submit(form, **typed))
    (row,) = directory.reviews("Doubted Pantry")
    assert row.state is ReviewState.DISMISSED


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("why=wrong_number", ["Doubted Pantry"]),
        ("grade=never", ["New Pantry"]),
        ("near=45202", ["New Pantry", "Old Pantry", "Doubted Pantry"]),
        ("near=Hamilton,+OH", ["New Pantry", "Old Pantry", "Doubted Pantry"]),
        ("near=99546", []),
        ("need=rent_help", []),
        ("use=weekly", []),
        ("why=nonsense&page=x", ["New Pantry", "Old Pantry", "Doubted Pantry"]),
    ],
)
def test_filters_leave_what_fits(curator: Browser, directory: Directory, query: str, left: list[str]) -> None:
    assert names(curator.get(f"/curation?{query}")) == left


def test_a_page_of_the_longest_queue_is_small_and_asks_the_database_no_more_often(
    curator: Browser, directory: Directory, runtime: wiring.Runtime
) -> None:
    for number in range(30):
        directory.add(f"Kitchen {number:02}")
    page = curator.get("/curation")
    assert len(names(page)) == 25
    assert "25 of 33 shown" in page.text
    assert len(gzip.compress(page.html.encode())) < 60 * 1024
    assert len(names(curator.get("/curation?page=2"))) == 8


def test_the_director_reads_how_true_the_directory_is(browser: Browser, staff: Staff, directory: Directory) -> None:
    browser.be(staff[Role.CARE_ADMIN])
    page = browser.get("/reports/directory")
    assert "4 listings." in page.text
    assert "Each kind of fact" in page.text


def test_others_do_not_see_the_queue(browser: Browser, staff: Staff, directory: Directory) -> None:
    browser.be(staff[Role.NAVIGATOR])
    assert browser.get("/curation", expect=403).status == 403
