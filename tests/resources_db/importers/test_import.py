"""An import never doubles, never overwrites what a person confirmed, and reports what it could not use."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resources_db import freshness
from resources_db.importers import base
from resources_db.importers.base import Plan
from resources_db.importers.identity import identity
from resources_db.models import directory as d
from resources_db.models.curation import ImportChange, ImportRun, ListingChange, SearchChange
from resources_db.repositories import confidential, listings
from resources_db.repositories.listing import Listing
from resources_db.tenancy import system
from resources_db.vocab import (
    ChangeOrigin,
    Confidentiality,
    ConfirmMethod,
    FieldGroup,
    FieldOrigin,
    ImportAction,
    ImportState,
)
from tests.conftest import NOW

Rows = Sequence[Mapping[str, str]]
PANTRY: dict[str, Rows] = {
    "organizations.csv": [{"id": "o1", "name": "Hope"}],
    "services.csv": [
        {"id": "s1", "organization_id": "o1", "name": "Hope Food Pantry", "status": "active", "email": "a@hope.example"}
    ],
    "locations.csv": [
        {"id": "l1", "location_type": "physical", "name": "Hall", "latitude": "39.11", "longitude": "-84.51"}
    ],
    "service_at_location.csv": [{"id": "sl1", "service_id": "s1", "location_id": "l1"}],
    "addresses.csv": [
        {
            "id": "a1",
            "location_id": "l1",
            "address_1": "1418 Vine St",
            "city": "Cincinnati",
            "state_province": "Ohio",
            "postal_code": "45202.0",
            "country": "US",
            "address_type": "physical",
        }
    ],
    "phones.csv": [{"id": "p1", "service_id": "s1", "number": "513-555-0163, fax: 513-555-0164"}],
    "schedules.csv": [{"id": "h1", "service_id": "s1", "description": "Mon-Fri 9am-5pm; Sat 10am-noon"}],
}


def package(folder: Path, tables: Mapping[str, Rows]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, rows in tables.items():
        out = io.StringIO()
        writer = csv.DictWriter(out, list(dict.fromkeys(column for row in rows for column in row)))
        writer.writeheader()
        writer.writerows(rows)
        (folder / name).write_text(out.getvalue(), "utf-8")
    return folder


def bring(session: Session, path: Path, *, days: int = 0, full: bool = False, source: str = "county") -> Plan:
    planned = base.plan(session, path, source=source, full=full)
    base.apply(session, planned, actor=system(), now=NOW + timedelta(days=days))
    session.flush()
    session.expire_all()
    return planned


def changed(planned: Plan) -> dict[str, int]:
    return {action.value: count for action in ImportAction if (count := planned.total(action))}


def the_listing(session: Session) -> Listing:
    return listings.of_services(session, listings.all_service_ids(session))[0]


def with_rows(**tables: Rows) -> dict[str, Rows]:
    return PANTRY | {f"{name}.csv": rows for name, rows in tables.items()}


def test_a_package_becomes_a_listing_with_everything_worked_out(session: Session, tmp_path: Path) -> None:
    bring(session, package(tmp_path / "a", PANTRY))
    listing = the_listing(session)
    assert (listing.needs, listing.postal_code, listing.state, listing.timezone) == (
        ("food_pantry",),
        "45202",
        "OH",
        "America/New_York",
    )
    assert [(phone.number, phone.kind) for phone in listing.phones] == [
        ("+15135550163", "voice"),
        ("+15135550164", "fax"),
    ]
    assert [(rule.opens, rule.weekdays) for rule in listing.rules] == [(540, (0, 1, 2, 3, 4)), (600, (5,))]
    assert (listing.latitude, listing.confidentiality) == (39.11, Confidentiality.PUBLIC)


def test_the_same_file_again_changes_nothing_in_any_order(session: Session, tmp_path: Path) -> None:
    """bad_input_104"""
    two = with_rows(organizations=[{"id": "o1", "name": "Hope"}, {"id": "o2", "name": "Elm"}])
    bring(session, package(tmp_path / "a", two))
    touched = session.scalar(select(func.count()).select_from(SearchChange))
    backwards = {name: list(reversed(rows)) for name, rows in two.items()}
    again = bring(session, package(tmp_path / "b", backwards), days=1)
    assert set(changed(again)) == {"same"}
    assert session.scalar(select(func.count()).select_from(SearchChange)) == touched
    assert the_listing(session).edited_at == NOW


def test_a_changed_cell_updates_one_record_and_tells_search(session: Session, tmp_path: Path) -> None:
    bring(session, package(tmp_path / "a", PANTRY))
    rows = [{**PANTRY["services.csv"][0], "email": "new@hope.example"}]
    second = bring(session, package(tmp_path / "a", with_rows(services=rows)), days=1)
    assert (second.total(ImportAction.UPDATE), second.total(ImportAction.CREATE)) == (1, 0)
    listing = the_listing(session)
    assert (listing.email, listing.version, listing.edited_at) == ("new@hope.example", 2, NOW + timedelta(days=1))
    change = session.scalars(select(ImportChange).where(ImportChange.action == ImportAction.UPDATE)).one()
    assert change.before is not None
    assert (change.before["email"], change.after) == ("a@hope.example", {"email": "new@hope.example"})


def test_a_blank_cell_says_nothing_and_keeps_what_was(session: Session, tmp_path: Path) -> None:
    bring(session, package(tmp_path / "a", PANTRY))
    rows = [{**PANTRY["services.csv"][0], "email": ""}]
    assert set(changed(bring(session, package(tmp_path / "a", with_rows(services=rows))))) == {"same"}
    assert the_listing(session).email == "a@hope.example"


def test_a_dry_run_changes_nothing_and_keeps_its_report(session: Session, tmp_path: Path) -> None:
    planned = base.plan(session, package(tmp_path / "a", PANTRY))
    run = base.record_dry_run(session, planned, actor=system(), now=NOW)
    assert (run.state, session.scalar(select(func.count()).select_from(d.Service))) == (ImportState.PLANNED, 0)
    assert run.counts["rows"] == 7


def test_bad_rows_are_reported_by_place_and_the_good_ones_go_in(session: Session, tmp_path: Path) -> None:
    """bad_input_102"""
    tables = with_rows(
        services=[
            *PANTRY["services.csv"],
            {"id": "s2", "organization_id": "nobody", "name": "Orphan", "status": "active"},
            {"id": "s3", "organization_id": "o1", "name": "", "status": "active"},
            {"id": "s4", "organization_id": "o1", "name": "Odd", "status": "perhaps", "email": "no mail"},
        ],
        phones=[*PANTRY["phones.csv"], {"id": "p2", "service_id": "s2", "number": "513-555-0165"}],
    )
    planned = bring(session, package(tmp_path / "a", tables))
    errors = [(one.where.file, one.where.line, one.column, one.code, one.value) for one in planned.errors]
    assert errors == [
        ("services.csv", 4, "name", "missing", ""),
        ("services.csv", 3, "organization_id", "orphan", "nobody"),
        ("phones.csv", 3, "service_id", "owner_left_out", "s2"),
    ]
    warned = {(one.column, one.code) for one in planned.problems} - {(one.column, one.code) for one in planned.errors}
    assert {("status", "bad_word"), ("email", "bad_email")} <= warned
    assert sorted(session.scalars(select(d.Service.name))) == ["Hope Food Pantry", "Odd"]


def test_a_doubled_row_is_used_once_and_conflicting_rows_not_at_all(session: Session, tmp_path: Path) -> None:
    doubled = with_rows(organizations=[{"id": "o1", "name": "Hope"}] * 2)
    assert [one.code for one in bring(session, package(tmp_path / "a", doubled)).problems if one.column == "id"] == [
        "duplicate_row"
    ]
    conflicting = {"organizations.csv": [{"id": "x", "name": "A"}, {"id": "x", "name": "B"}], "services.csv": []}
    planned = base.plan(session, package(tmp_path / "b", conflicting), source="other")
    assert [one.code for one in planned.errors] == ["conflicting_rows", "conflicting_rows"]
    assert changed(planned) == {}


def test_a_column_that_is_mostly_wrong_is_one_warning(session: Session, tmp_path: Path) -> None:
    rows = [
        {"id": str(number), "organization_id": "o1", "name": f"S{number}", "status": "active", "email": "Monday"}
        for number in range(20)
    ]
    planned = base.plan(session, package(tmp_path / "a", with_rows(services=rows)))
    assert [(one.column, one.code) for one in planned.problems if one.column == "email"] == [
        ("email", "column_mostly_wrong")
    ]


def test_what_a_person_confirmed_is_not_overwritten_but_proposed(session: Session, tmp_path: Path) -> None:
    bring(session, package(tmp_path / "a", PANTRY))
    listing = the_listing(session)
    freshness.confirm(
        session, service_id=listing.service_id, location_id=listing.location_id, groups=[FieldGroup.CONTACT],
        method=ConfirmMethod.PHONE_CALL, origin=FieldOrigin.STAFF, now=NOW,
    )  # fmt: skip
    rows = [{**PANTRY["services.csv"][0], "email": "old@hope.example", "alert": "Closed today"}]
    phones = [{**PANTRY["phones.csv"][0], "number": "513-555-0199"}]
    bring(session, package(tmp_path / "a", with_rows(services=rows, phones=phones)), days=1)
    after = the_listing(session)
    assert (after.email, after.phones, after.alert) == (listing.email, listing.phones, "Closed today")
    proposal = session.scalars(select(ListingChange)).one()
    assert proposal.origin == ChangeOrigin.IMPORT
    bring(session, package(tmp_path / "a", with_rows(services=rows, phones=phones)), days=2)
    assert session.scalar(select(func.count()).select_from(ListingChange)) == 1


def test_ids_of_a_source_are_its_own(session: Session, tmp_path: Path) -> None:
    bring(session, package(tmp_path / "a", PANTRY), source="county")
    bring(session, package(tmp_path / "a", PANTRY), source="city")
    assert session.scalar(select(func.count()).select_from(d.Service)) == 2
    assert session.get(d.Service, identity("county", "service", "s1")) is not None


def test_a_uuid_is_kept_unless_another_source_has_it(session: Session, tmp_path: Path) -> None:
    own = "ac148810-d857-441c-9679-408f346de14b"
    tables = {"organizations.csv": [{"id": own, "name": "A"}], "services.csv": []}
    bring(session, package(tmp_path / "a", tables), source="first")
    bring(session, package(tmp_path / "a", tables), source="second")
    assert sorted(map(str, session.scalars(select(d.Organization.id)))) == sorted(
        [own, str(identity("second", "organization", own))]
    )


def test_only_a_full_file_withdraws_and_a_return_revives(session: Session, tmp_path: Path) -> None:
    two = with_rows(organizations=[{"id": "o1", "name": "Hope"}, {"id": "o2", "name": "Elm"}])
    bring(session, package(tmp_path / "a", two))
    partial = bring(session, package(tmp_path / "b", PANTRY))
    assert (partial.missing, partial.total(ImportAction.WITHDRAW)) == (1, 0)
    assert bring(session, package(tmp_path / "b", PANTRY), full=True).total(ImportAction.WITHDRAW) == 1
    elm = session.get_one(d.Organization, identity("county", "organization", "o2"))
    assert elm.deleted_at == NOW
    bring(session, package(tmp_path / "a", two))
    assert session.get_one(d.Organization, elm.id).deleted_at is None


def test_a_part_missing_from_a_complete_record_goes(session: Session, tmp_path: Path) -> None:
    two = with_rows(phones=[*PANTRY["phones.csv"], {"id": "p9", "service_id": "s1", "number": "513-555-0188"}])
    bring(session, package(tmp_path / "a", two))
    bring(session, package(tmp_path / "a", PANTRY))
    assert "+15135550188" not in {phone.number for phone in the_listing(session).phones}


def test_a_confidential_address_never_reaches_a_public_table(session: Session, tmp_path: Path) -> None:
    address = {**PANTRY["addresses.csv"][0], "address_1": "99 Canary Rd (confidential)"}
    tables = with_rows(addresses=[address])
    planned = bring(session, package(tmp_path / "a", tables))
    place = session.scalars(select(d.Location)).one()
    assert (place.confidentiality, place.latitude) == (Confidentiality.HIDDEN, None)
    assert session.scalar(select(func.count()).select_from(d.Address)) == 0
    run = session.scalars(select(ImportRun)).one()
    stored = [change.after for change in session.scalars(select(ImportChange))]
    assert "Canary" not in json.dumps(
        [run.problems, run.counts, stored, [one.as_row() for one in planned.problems]], default=str
    )
    hidden = confidential.read(session, place.id, reason="test", now=NOW)
    assert hidden is not None
    assert (hidden.addresses[0]["address_1"], hidden.latitude) == ("99 Canary Rd (confidential)", 39.11)
    assert set(changed(bring(session, package(tmp_path / "a", tables)))) == {"same"}


def test_an_import_never_makes_a_place_less_confidential(session: Session, tmp_path: Path) -> None:
    bring(session, package(tmp_path / "a", PANTRY))
    place = session.scalars(select(d.Location)).one()
    place.confidentiality = Confidentiality.HIDDEN
    session.flush()
    bring(session, package(tmp_path / "a", PANTRY))
    assert session.scalar(select(func.count()).select_from(d.Address)) == 0
    assert the_listing(session).latitude is None


def test_places_of_services_for_people_who_flee_abuse_start_hidden(session: Session, tmp_path: Path) -> None:
    rows = [{**PANTRY["services.csv"][0], "name": "Domestic violence shelter"}]
    bring(session, package(tmp_path / "a", with_rows(services=rows)))
    listing = the_listing(session)
    assert (listing.confidentiality, listing.sensitive, listing.city) == (Confidentiality.HIDDEN, True, "")


def test_our_own_taxonomy_gives_needs_by_code(session: Session, tmp_path: Path) -> None:
    tables = with_rows(
        taxonomies=[{"id": "t", "name": "handrail-needs", "description": "x"}],
        taxonomy_terms=[{"id": "tt", "code": "dental_vision", "name": "Teeth", "description": "x", "taxonomy_id": "t"}],
        attributes=[{"id": "at", "link_id": "s1", "taxonomy_term_id": "tt", "link_entity": "service"}],
    )
    bring(session, package(tmp_path / "a", tables))
    assert the_listing(session).needs == ("dental_vision",)
    assert session.scalars(select(d.Service.needs_origin)).one() == "taxonomy"
    assert not the_listing(session).needs_guessed


def test_needs_read_from_words_are_marked_as_guessed(session: Session, tmp_path: Path) -> None:
    rows = [{**PANTRY["services.csv"][0], "name": "Corner Food Pantry"}]
    bring(session, package(tmp_path / "a", with_rows(services=rows)))
    listing = the_listing(session)
    assert (listing.needs, listing.needs_guessed) == (("food_pantry",), True)


@pytest.mark.parametrize(
    "text", ['{"id": NaN}', "[" * 2000, '{"id": "a", "name": "\\u0000", "status": "active"}', "not json"]
)
def test_broken_json_is_reported(session: Session, tmp_path: Path, text: str) -> None:
    """bad_input_085"""
    path = tmp_path / "in.json"
    path.write_text(text)
    planned = base.plan(session, path, format_name="hsds_json")
    assert planned.errors
    assert changed(planned) == {}
