"""A canary planted in protected places is found nowhere: no table, page, answer, file, index or log. Two people show it.

One place is hidden, of the other only the area is told. Both were public once, were imported, edited and proposed.
"""

from __future__ import annotations

import csv
import io
import logging
import uuid
from pathlib import Path

import pytest
from sqlalchemy import select, update

from portal import wiring
from resources_db import confidentiality, history, places, proposals, search_log
from resources_db.base import Base
from resources_db.confidentiality import Ask
from resources_db.hsds import export as hsds
from resources_db.importers import base
from resources_db.models import directory as d
from resources_db.models.access import AuditEvent
from resources_db.models.curation import ListingChange
from resources_db.models.upkeep import ConfidentialityAsk
from resources_db.repositories import confidential, listings
from resources_db.tenancy import system
from resources_db.vocab import ChangeOrigin, ChangeState, Confidentiality, GeocodeQuality, LowerState, Role
from search.geo import Point, exact_metres
from search.geocode import find_place
from tests.conftest import NOW
from tests.edge import Staff
from tests.pages import Browser

STREET, BIRD, ZIP5, LATITUDE, LONGITUDE = "4711 Canaryfinch Lane", "canaryfinch", "45299", 39.123457, -84.456789
CANARIES = (BIRD, ZIP5, str(LATITUDE)[:8], str(LONGITUDE)[:9])
HIDDEN, AREA = "Harbor Light", "Quiet House"
TABLES = {
    "organizations": [{"id": "o1", "name": "Safe Homes"}],
    "services": [
        {"id": f"s{at}", "organization_id": "o1", "name": name, "status": "active", "email": "help@safe.example"}
        for at, name in enumerate((HIDDEN, AREA))
    ],
    "locations": [
        {
            "id": f"l{at}", "location_type": "physical", "name": f"Canaryfinch House {at}",
            "description": "Behind the Canaryfinch bakery", "transportation": "Bus 4 to Canaryfinch",
            "latitude": str(LATITUDE), "longitude": str(LONGITUDE), "x_door": "the Canaryfinch door",
        }
        for at in range(2)
    ],
    "service_at_location": [{"id": f"sl{at}", "service_id": f"s{at}", "location_id": f"l{at}"} for at in range(2)],
    "addresses": [
        {
            "id": f"a{at}", "location_id": f"l{at}", "address_1": STREET, "city": "Cincinnati", "state_province": "OH",
            "postal_code": ZIP5, "country": "US", "address_type": "physical",
        }
        for at in range(2)
    ],
    "phones": [{"id": f"p{at}", "service_id": f"s{at}", "number": f"513-555-016{at}"} for at in range(2)],
}  # fmt: skip
ORIGINS = [f"45{number}" for number in range(202, 252)]


def file(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in TABLES.items():
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        (folder / f"{name}.csv").write_text(out.getvalue(), "utf-8")
    return folder


@pytest.fixture
def imported(runtime: wiring.Runtime, tmp_path: Path, staff: Staff) -> dict[str, str]:
    """Both places as the public knew them yesterday, with all that is written of a place. Keys by name."""
    with runtime.database.writing(system()) as session, session.begin():
        planned = base.plan(session, file(tmp_path / "package"), source="county")
        base.apply(session, planned, actor=system(), now=NOW)
        session.execute(update(d.Service).values(needs=["dv_safety"]))
        for listing in listings.of_services(session, listings.all_service_ids(session)):
            assert listing.location_id is not None
            about = history.About("service", listing.service_id, history.TEAM, location_id=listing.location_id)
            history.record(session, about, [("address_1", "1 Canaryfinch Yard", STREET)], now=NOW)
            about = history.About("location", listing.location_id, history.TEAM, location_id=listing.location_id)
            history.record(session, about, [("latitude", "0", str(LATITUDE))], now=NOW)
            proposals.propose(
                session,
                service_id=listing.service_id,
                location_id=listing.location_id,
                fields={"address_1": "4713 Canaryfinch Lane", "postal_code": ZIP5},
                origin=ChangeOrigin.AGENCY_LINK,
                submitter=staff[Role.AGENCY_WORKER].id,
                submitter_label="The house",
                note="We are at the Canaryfinch corner",
                now=NOW,
            )
        found = listings.of_services(session, listings.all_service_ids(session))
        search_log.touch(session, [listing.service_id for listing in found], now=NOW)
        return {listing.name: str(listing.key) for listing in found}


@pytest.fixture
def protected(runtime: wiring.Runtime, imported: dict[str, str]) -> dict[str, str]:
    with runtime.database.writing(system()) as session, session.begin():
        for name, level in ((HIDDEN, Confidentiality.HIDDEN), (AREA, Confidentiality.AREA_ONLY)):
            confidentiality.protect(session, place_of(imported[name]), Ask(level, "They asked for it"), now=NOW)
    return imported


def place_of(key: str) -> uuid.UUID:
    return uuid.UUID(key.partition(".")[2])


def canaries_in(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text.casefold()]


def told_by_tables(runtime: wiring.Runtime) -> dict[str, list[str]]:
    """Tables that hold a canary in any column of any row."""
    found = {}
    with runtime.database.reading(system()) as session:
        for table in Base.metadata.sorted_tables:
            rows = [tuple(row) for row in session.connection().execute(select(table))]
            if told := canaries_in(repr(rows)):
                found[table.name] = told
    return found


def test_a_public_place_stands_in_many_tables(runtime: wiring.Runtime, imported: dict[str, str]) -> None:
    """What the next test finds nowhere is truly planted."""
    assert {"address", "location", "record_history", "listing_change_field", "import_change"} <= set(
        told_by_tables(runtime)
    )


def test_a_protected_place_is_left_in_no_table(runtime: wiring.Runtime, protected: dict[str, str]) -> None:
    assert told_by_tables(runtime) == {}
    with runtime.database.reading(system()) as session:
        for key in protected.values():
            true = confidential.stored(session, place_of(key))
            assert true is not None
            assert (true.addresses[0]["address_1"], true.latitude) == (STREET, LATITUDE)
        assert {change.state for change in session.scalars(select(ListingChange))} == {ChangeState.WITHDRAWN}


def test_the_same_file_brings_nothing_of_it_back(
    runtime: wiring.Runtime, protected: dict[str, str], tmp_path: Path
) -> None:
    for _ in range(2):
        with runtime.database.writing(system()) as session, session.begin():
            planned = base.plan(session, file(tmp_path / "package"), source="county")
            assert canaries_in(repr([one.as_row() for one in planned.problems])) == []
            base.apply(session, planned, actor=system(), now=NOW)
        assert told_by_tables(runtime) == {}


def test_no_page_answer_export_index_or_log_tells_it(
    runtime: wiring.Runtime,
    browser: Browser,
    staff: Staff,
    protected: dict[str, str],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    hidden, area = protected[HIDDEN], protected[AREA]
    services = [key.partition(".")[0] for key in (hidden, area)]
    paths = [
        "/search?q=Canaryfinch", f"/search?q=safe&near={ZIP5}", "/search?q=safe+from+violence&near=45202",
        *(f"/listing/{key}" for key in (hidden, area)),
        *(f"/api/search?q={words}&near=45202" for words in ("Canaryfinch", "violence", "Harbor+Light")),
        "/api/suggest?q=Canary", "/hsds/services?full=true", "/hsds/services?format=ndjson",
        *(f"/hsds/services/{one}?x_metadata=true" for one in services),
        "/hsds/service_at_locations?full=true", "/hsds/service_at_locations?search=Canaryfinch",
        f"/hsds/service_at_locations?postcode={ZIP5}&proximity=50000", "/hsds/organizations?full=true&full_service=true",
        "/hsds/tombstones", "/confidential", *(f"/confidential/{place_of(key)}" for key in (hidden, area)),
        "/review", "/imports", "/duplicates", "/to-check",
    ]  # fmt: skip
    told = {}
    for person in (None, staff[Role.NAVIGATOR], staff[Role.CURATOR], staff[Role.DIRECTORY_ADMIN]):
        if person is not None:
            browser.be(person)
        client = browser.client if hasattr(browser, "client") else browser.app.test_client()
        for path in paths:
            answer = client.get(path)
            words = answer.get_data(as_text=True).replace(path, "")
            echoed = words.replace("Canaryfinch", "", 0) if "q=Canary" not in path else words
            if "anaryfinch" in path or "Canary" in path:  # the question itself is shown again
                echoed = echoed.replace("Canaryfinch", "").replace("canaryfinch", "").replace("Canary", "")
            if ZIP5 in path:
                echoed = echoed.replace(ZIP5, "")
            if found := canaries_in(echoed):
                told[path] = found
    assert told == {}
    for strict in (False, True):
        with runtime.database.reading(system()) as session:
            hsds.write(session, tmp_path / f"out{strict}", today=NOW.date(), strict=strict)
            hsds.write(session, tmp_path / f"out{strict}.ndjson", today=NOW.date(), strict=strict)
    exported = [one for one in tmp_path.rglob("out*") if one.is_file()] + list((tmp_path / "outFalse").rglob("*.csv"))
    assert len(exported) > 5
    assert [one.name for one in exported if canaries_in(one.read_text("utf-8"))] == []
    index = [one for one in (tmp_path / "data").rglob("*") if one.is_file() and "search" in str(one)]
    assert index
    assert [one.name for one in index if canaries_in(one.read_bytes().decode("latin-1"))] == []
    assert canaries_in(caplog.text.replace("q=Canaryfinch", "").replace(f"near={ZIP5}", "")) == []


def test_fifty_origins_around_it_give_no_distance_or_that_of_three_digits(
    runtime: wiring.Runtime, browser: Browser, protected: dict[str, str]
) -> None:
    middle = places.middle_of_zip3(ZIP5[:3])
    assert middle.latitude is not None
    assert middle.longitude is not None
    seen = 0
    for origin in ORIGINS:
        answer = browser.app.test_client().get("/api/search", query_string={"q": "safe from abuse", "near": origin})
        if answer.status_code != 200:
            continue
        hits = {hit["name"]: hit for hit in answer.get_json()["hits"]}
        here = find_place(origin)
        if AREA in hits and hits[AREA]["distance_m"] is not None:
            far = exact_metres(Point(here.latitude, here.longitude), Point(middle.latitude, middle.longitude))
            assert hits[AREA]["distance_m"] == pytest.approx(far, rel=0.02, abs=200)
            seen += 1
        assert HIDDEN not in hits or hits[HIDDEN]["distance_m"] is None
    assert seen > 5


def test_what_was_protected_leaves_the_search_with_the_next_question(
    runtime: wiring.Runtime, browser: Browser, imported: dict[str, str]
) -> None:
    client = browser.app.test_client()
    asked = {"q": "safe from abuse", "near": "45202", "limit": 50}
    before = {hit["name"]: hit for hit in client.get("/api/search", query_string=asked).get_json()["hits"]}
    assert before[HIDDEN]["distance_m"] is not None
    with runtime.database.writing(system()) as session, session.begin():
        ask = Ask(Confidentiality.HIDDEN, "They asked for it")
        confidentiality.protect(session, place_of(imported[HIDDEN]), ask, now=NOW)
    after = {hit["name"]: hit for hit in client.get("/api/search", query_string=asked).get_json()["hits"]}
    assert HIDDEN not in after or after[HIDDEN]["distance_m"] is None
    page = client.get(f"/listing/{imported[HIDDEN]}").get_data(as_text=True)
    assert canaries_in(page) == []


def test_one_person_protects_a_place_with_a_reason(
    runtime: wiring.Runtime, browser: Browser, staff: Staff, imported: dict[str, str]
) -> None:
    place = place_of(imported[AREA])
    browser.be(staff[Role.CURATOR])
    form = browser.get(f"/confidential/{place}").form(f"/confidential/{place}/protect")
    page = browser.submit(form, level="hidden", why=" ", expect=422)
    assert "Write why" in page.text
    done = browser.submit(page.form(f"/confidential/{place}/protect"), level="hidden", why="A threat was made")
    assert "Hidden: no place at all" in done.text
    with runtime.database.reading(system()) as session:
        assert session.get_one(d.Location, place).confidentiality is Confidentiality.HIDDEN
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "confidential_place.protected")).one()
        assert (event.subject_id, event.reason) == (str(place), "A threat was made")


def test_two_people_show_more_of_a_place_and_one_cannot(
    runtime: wiring.Runtime, browser: Browser, staff: Staff, protected: dict[str, str]
) -> None:
    place = place_of(protected[HIDDEN])
    browser.be(staff[Role.CURATOR])
    form = browser.get(f"/confidential/{place}").form(f"/confidential/{place}/ask")
    asked = browser.submit(form, level="public", why="The shelter publishes it now")
    ask = waiting(runtime)
    assert "Take back" in asked.text
    assert "Approve" not in asked.text
    browser.submit(asked.form(f"/confidential/asks/{ask}"), do="approve")
    assert level_of(runtime, place) is Confidentiality.HIDDEN
    browser.be(staff[Role.DIRECTORY_ADMIN])
    page = browser.get("/confidential")
    assert "The shelter publishes it now" in page.text
    browser.submit(page.form(f"/confidential/asks/{ask}"), do="approve")
    assert level_of(runtime, place) is Confidentiality.PUBLIC
    with runtime.database.reading(system()) as session:
        location, address = (
            session.get_one(d.Location, place),
            session.scalars(select(d.Address).where(d.Address.location_id == place)).one(),
        )
        assert (location.latitude, location.geocode_quality) == (LATITUDE, GeocodeQuality.ROOFTOP)
        assert (location.name, address.address_1, address.postal_code) == ("Canaryfinch House 0", STREET, ZIP5)
        assert confidential.stored(session, place) is None


def test_what_two_people_agreed_on_is_not_undone_by_the_next_import(
    runtime: wiring.Runtime, staff: Staff, protected: dict[str, str], tmp_path: Path
) -> None:
    place = place_of(protected[HIDDEN])
    with runtime.database.writing(system()) as session, session.begin():
        ask = Ask(Confidentiality.PUBLIC, "Published now")
        row = confidentiality.ask_lower(session, place, ask, by=staff[Role.CURATOR].id, now=NOW)
        confidentiality.decide(session, row.id, approve=True, by=staff[Role.DIRECTORY_ADMIN].id, now=NOW)
        assert confidentiality.hide_unsafe(session, uuid.UUID(protected[HIDDEN].partition(".")[0]), now=NOW) == 0
    with runtime.database.writing(system()) as session, session.begin():
        planned = base.plan(session, file(tmp_path / "package"), source="county")
        base.apply(session, planned, actor=system(), now=NOW)
    assert level_of(runtime, place) is Confidentiality.PUBLIC
    with runtime.database.reading(system()) as session:
        assert len(session.scalars(select(d.Address).where(d.Address.location_id == place)).all()) == 1


def test_an_area_is_city_and_three_digits_and_hidden_can_become_it(
    runtime: wiring.Runtime, browser: Browser, staff: Staff, protected: dict[str, str]
) -> None:
    place = place_of(protected[HIDDEN])
    with runtime.database.writing(system()) as session, session.begin():
        ask = Ask(Confidentiality.AREA_ONLY, "The city may be told")
        row = confidentiality.ask_lower(session, place, ask, by=staff[Role.CURATOR].id, now=NOW)
        confidentiality.decide(session, row.id, approve=True, by=staff[Role.DIRECTORY_ADMIN].id, now=NOW)
    with runtime.database.reading(system()) as session:
        address = session.scalars(select(d.Address).where(d.Address.location_id == place)).one()
        assert (address.city, address.postal_code, address.address_1) == ("Cincinnati", "452", "")
    assert told_by_tables(runtime) == {}
    page = browser.get(f"/listing/{protected[HIDDEN]}")
    assert "Cincinnati" in page.text


def test_a_refused_wish_changes_nothing(
    runtime: wiring.Runtime, browser: Browser, staff: Staff, protected: dict[str, str]
) -> None:
    place = place_of(protected[AREA])
    with runtime.database.writing(system()) as session, session.begin():
        ask = Ask(Confidentiality.PUBLIC, "I think so")
        row = confidentiality.ask_lower(session, place, ask, by=staff[Role.CURATOR].id, now=NOW)
        ask_id = row.id
    browser.be(staff[Role.DIRECTORY_ADMIN])
    browser.submit(browser.get(f"/confidential/{place}").form(f"/confidential/asks/{ask_id}"), do="refuse")
    assert level_of(runtime, place) is Confidentiality.AREA_ONLY
    with runtime.database.reading(system()) as session:
        assert session.get_one(ConfidentialityAsk, ask_id).state is LowerState.REFUSED


def test_the_true_place_is_read_with_a_reason_and_each_reading_is_kept(
    runtime: wiring.Runtime, browser: Browser, staff: Staff, protected: dict[str, str]
) -> None:
    place = place_of(protected[HIDDEN])
    browser.be(staff[Role.CURATOR])
    page = browser.get(f"/confidential/{place}")
    assert canaries_in(page.text) == []
    refused = browser.submit(page.form(f"/confidential/{place}/read"), reason="", expect=422)
    assert canaries_in(refused.text) == []
    read = browser.submit(refused.form(f"/confidential/{place}/read"), reason="A bed is brought today")
    assert STREET in read.text
    with runtime.database.reading(system()) as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "confidential_place.read")).one()
        assert event.reason == "A bed is brought today"


@pytest.mark.parametrize("role", [Role.NAVIGATOR, Role.AGENCY_ADMIN, Role.SITE_ADMIN])
def test_others_have_no_page_of_protected_places(browser: Browser, staff: Staff, role: Role) -> None:
    browser.be(staff[role])
    assert browser.client.get("/confidential").status_code in (403, 404)


def test_a_service_for_people_who_flee_is_hidden_until_people_decide(
    runtime: wiring.Runtime, imported: dict[str, str]
) -> None:
    with runtime.database.writing(system()) as session, session.begin():
        assert confidentiality.hide_unsafe(session, uuid.UUID(imported[AREA].partition(".")[0]), now=NOW) == 1
        assert confidentiality.hide_unsafe(session, uuid.UUID(imported[AREA].partition(".")[0]), now=NOW) == 0
    assert level_of(runtime, place_of(imported[AREA])) is Confidentiality.HIDDEN


def level_of(runtime: wiring.Runtime, place: uuid.UUID) -> Confidentiality:
    with runtime.database.reading(system()) as session:
        return session.get_one(d.Location, place).confidentiality


def waiting(runtime: wiring.Runtime) -> uuid.UUID:
    with runtime.database.reading(system()) as session:
        return confidentiality.waiting(session)[0].id
