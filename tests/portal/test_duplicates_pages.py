"""The directory team looks at pairs, merges with undo, and tells pairs apart."""

import pytest
from sqlalchemy import select

from portal import wiring
from resources_db import duplicate_finding, redirects
from resources_db.duplicates import SERVICE
from resources_db.listing_key import ListingKey
from resources_db.models.directory import Service
from resources_db.models.upkeep import DuplicatePair
from resources_db.tenancy import system
from resources_db.vocab import PairState, Role
from tests.conftest import NOW
from tests.edge import Staff
from tests.pages import Browser, Page
from tests.resources_db.directory_world import pantry


@pytest.fixture
def two(runtime: wiring.Runtime) -> tuple[ListingKey, ListingKey]:
    """The same pantry twice: three pairs, as its agency and its place stand twice too."""
    with runtime.database.writing(system()) as session, session.begin():
        keys = pantry(session), pantry(session, name="HOPE PANTRY Inc")
        session.get_one(Service, keys[1].service_id).description = "Food for all who come"
    duplicate_finding.search_all(runtime.database, now=NOW)
    return keys


@pytest.fixture
def curator(browser: Browser, staff: Staff) -> Browser:
    browser.be(staff[Role.CURATOR])
    return browser


def pair_of(runtime: wiring.Runtime, kind: str = SERVICE) -> DuplicatePair:
    with runtime.database.reading(system()) as session:
        return session.scalars(select(DuplicatePair).where(DuplicatePair.kind == kind)).one()


def open_pair(curator: Browser, runtime: wiring.Runtime) -> Page:
    return curator.get(f"/duplicates/{pair_of(runtime).id}")


def test_pairs_stand_with_their_reasons(curator: Browser, two: tuple[ListingKey, ListingKey]) -> None:
    page = curator.get("/duplicates")
    assert "Likely the same" in page.text
    assert "same name, same street, same phone 513-555-0163" in page.text
    assert "Hope Pantry" in curator.get("/duplicates?kind=service").text


def test_both_stand_side_by_side_with_what_differs_and_what_moves(
    curator: Browser, two: tuple[ListingKey, ListingKey], runtime: wiring.Runtime
) -> None:
    page = open_pair(curator, runtime)
    assert "What differs" in page.text
    assert "Food for all who come" in page.text
    assert "Places: 1" in page.text
    assert len(page.html.encode()) < 60_000


def test_a_merge_leads_old_addresses_on_and_is_taken_back(
    curator: Browser, two: tuple[ListingKey, ListingKey], runtime: wiring.Runtime
) -> None:
    pair = pair_of(runtime)
    page = curator.get(f"/duplicates/{pair.id}?keep={two[0].service_id}")
    form = page.form(f"/duplicates/{pair.id}/merge")
    after = curator.submit(form, **{"pick.description": "second"})
    assert "Merged." in after.text
    kept, gone = _survivor(runtime, two)
    moved = curator.client.get(f"/listing/{gone}")
    assert (
        moved.status_code,
        moved.headers["Location"].endswith(f"/listing/{ListingKey(kept.service_id, gone.location_id)}"),
    ) == (301, True)
    assert "Food for all who come" in curator.get(f"/listing/{kept}").text
    listed = curator.get("/duplicates/merges")
    back = curator.submit(next(form for form in listed.forms if form.action.endswith("/undo")))
    assert "Both stand as they were" in back.text
    assert curator.client.get(f"/listing/{gone}").status_code == 200


def _survivor(runtime: wiring.Runtime, two: tuple[ListingKey, ListingKey]) -> tuple[ListingKey, ListingKey]:
    with runtime.database.reading(system()) as session:
        led = redirects.of(session, [key.service_id for key in two])
    gone = next(key for key in two if key.service_id in led)
    return next(key for key in two if key is not gone), gone


def test_the_other_record_may_be_the_one_that_stays(
    curator: Browser, two: tuple[ListingKey, ListingKey], runtime: wiring.Runtime
) -> None:
    pair = pair_of(runtime)
    page = curator.get(f"/duplicates/{pair.id}?keep={pair.second_id}")
    curator.submit(page.form(f"/duplicates/{pair.id}/merge"))
    with runtime.database.reading(system()) as session:
        assert redirects.leads_to(session, pair.first_id) == pair.second_id


def test_a_pair_told_apart_leaves_the_list_and_comes_back_with_undo(
    curator: Browser, two: tuple[ListingKey, ListingKey], runtime: wiring.Runtime
) -> None:
    page = open_pair(curator, runtime)
    after = curator.submit(page.form("/duplicates/not-same"))
    assert "1 pair told apart." in after.text
    assert pair_of(runtime).state is PairState.NOT_SAME
    again = curator.submit(next(form for form in after.forms if "open-again" in form.action))
    assert "Back in the list." in again.text
    assert pair_of(runtime).state is PairState.OPEN


def test_many_pairs_are_told_apart_at_once(
    curator: Browser, two: tuple[ListingKey, ListingKey], runtime: wiring.Runtime
) -> None:
    form = curator.get("/duplicates").form("/duplicates/not-same")
    with runtime.database.reading(system()) as session:
        ids = [str(one) for one in session.scalars(select(DuplicatePair.id))]
    after = curator.submit(form, pair=ids)
    assert "3 pairs told apart." in after.text
    assert "No pairs to look at" in after.text


def test_a_pair_decided_meanwhile_is_not_merged_again(
    curator: Browser, two: tuple[ListingKey, ListingKey], runtime: wiring.Runtime
) -> None:
    page = open_pair(curator, runtime)
    merge = page.form(f"/duplicates/{pair_of(runtime).id}/merge")
    curator.submit(page.form("/duplicates/not-same"))
    assert "decided already" in curator.submit(merge).text
    with runtime.database.reading(system()) as session:
        assert not redirects.of(session, [key.service_id for key in two])


def test_only_the_directory_team_sees_duplicates(
    browser: Browser, staff: Staff, two: tuple[ListingKey, ListingKey]
) -> None:
    browser.be(staff[Role.NAVIGATOR])
    browser.get("/duplicates", expect=403)
