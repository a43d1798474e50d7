"""Packages of HSDS 1.1 and 2.x and of Ohana, with our own data: old tables and columns mean what they meant."""

import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db.importers import base, formats
from resources_db.importers.hsds_old import table_of
from resources_db.importers.ohana_parts import holiday, listed, weekday
from resources_db.models import directory as d
from tests.resources_db.importers.bringing import bring, changed, codes, hsds, package, shown

PLACE = {"id": "l1", "name": "Hall", "organization_id": "o1", "x_schedule": "Mon-Fri 9am-5pm"}
ADDRESS = {"id": "a1", "location_id": "l1", "address_1": "1418 Vine St", "city": "Cincinnati",
           "state_province": "OH", "postal_code": "45202", "country": "US"}  # fmt: skip


def old_package(folder: Path) -> Path:
    """HSDS 1.1: every table that has another name or shape today."""
    return hsds(
        folder,
        organizations=[{"id": "o1", "name": "Hope", "url": "www.hope.example"}],
        services=[{"id": "s1", "organization_id": "o1", "name": "Food Pantry", "status": "Available", "fees": "$2"}],
        locations=[PLACE], service_at_location=[],
        services_at_location=[{"id": "sl1", "service_id": "s1", "location_id": "l1"}],
        physical_addresses=[ADDRESS], postal_addresses=[ADDRESS | {"id": "a2", "address_1": "PO Box 7"}],
        phones=[{"id": "p1", "service_id": "s1", "number": "513-555-0163", "language": "English;Spanish"}],
        regular_schedules=[{"id": "h1", "service_id": "s1", "weekday": "Monday", "opens_at": "9:00", "closes_at": "17:00"}],
        holiday_schedules=[{"id": "h2", "service_id": "s1", "closed": "true", "start_date": "2026-12-25", "end_date": "2026-12-25"}],
        eligibility=[{"id": "e1", "service_id": "s1", "eligibility": "Adults"}, {"id": "e2", "service_id": "s1", "eligibility": "Teens"}],
        payments_accepted=[{"id": "m1", "service_id": "s1", "payment": "Cash"}],
        accessibility_for_disabilities=[{"id": "c1", "location_id": "l1", "accessibility": "Ramp"}],
        languages=[{"id": "g1", "service_id": "s1", "language": "English;French"}],
        taxonomy=[{"id": "t1", "name": "Food Pantries", "parent_id": "Food", "parent_name": "Food", "vocabulary": "Ours"}],
        services_taxonomy=[{"id": "st1", "service_id": "s1", "taxonomy_id": "t1", "taxonomy_detail": "all"}],
        metadata=[{"id": "md", "resource_id": "s1", "last_action_date": "2019-02-25", "updated_by": "Ann <ann@hope.example>"}],
    )  # fmt: skip


def told(session: Session, stmt: object) -> set[str]:
    return set(session.scalars(stmt))


def test_every_old_table_finds_its_place(session: Session, tmp_path: Path) -> None:
    path = old_package(tmp_path / "a")
    planned = bring(session, path)
    assert (planned.format, planned.errors) == ("hsds_tabular", [])
    service = session.scalars(select(d.Service)).one()
    assert (service.eligibility_description, service.fees_description, service.status) == (
        "Adults\nTeens",
        "$2",
        "active",
    )
    assert session.scalars(select(d.Organization.website)).one() == "https://www.hope.example"
    assert told(session, select(d.Address.address_type)) == {"physical", "postal"}
    assert told(session, select(d.Language.name)) == {"English", "French", "Spanish"}
    assert told(session, select(d.Accessibility.description)) == {"Ramp"}
    assert told(session, select(d.TaxonomyTerm.name)) == {"Food Pantries", "Food", "Cash"}
    assert told(session, select(d.Attribute.link_type)) == {"", "payment"}
    closed = session.scalars(select(d.Schedule).where(d.Schedule.closed)).one()
    assert (closed.kind, closed.valid_from, closed.valid_to) == ("holiday", date(2026, 12, 25), date(2026, 12, 25))
    assert "MO,TU,WE,TH,FR" in told(session, select(d.Schedule.byday)), "the hours of the place stood in words"
    assert told(session, select(d.Metadata.updated_by)) == {"editor of the source"}
    assert set(changed(base.plan(session, path, source="s"))) == {"same"}


def test_the_same_tables_as_json_or_in_a_zip_are_the_same(session: Session, tmp_path: Path) -> None:
    path = old_package(tmp_path / "a")
    bring(session, path)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for file in path.iterdir():
            archive.write(file, f"export/{file.name}")
    assert set(changed(base.plan(session, tmp_path / "a.zip", source="s"))) == {"same"}


def test_json_arrays_under_the_names_of_tables_are_a_package(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "json"
    folder.mkdir()
    tables = {
        "organizations": [{"id": "o1", "name": "Hope"}],
        "services": [{"id": "s1", "organization_id": "o1", "name": "Pantry", "status": None}],
        "eligibility": [{"id": "e", "service_id": "s1", "eligibility": "Anyone"}],
    }
    for name, rows in tables.items():
        (folder / f"{name}.json").write_text(json.dumps(rows), "utf-8")
    bring(session, folder)
    assert shown(session)["Pantry"].eligibility == "Anyone"


def test_a_file_that_is_no_table_is_told_and_one_is_no_package(session: Session, tmp_path: Path) -> None:
    planned = bring(session, hsds(tmp_path / "a", budget=[{"id": "1", "euro": "5"}]))
    assert [one.where.file for one in planned.problems if one.code == "file_unused"] == ["budget.csv"]
    foreign = package(tmp_path / "b", services=[{"service_uuid": "1"}], organizations=[{"org_uuid": "2"}])
    with pytest.raises(formats.UnknownFormatError, match="mapping_needed"):
        formats.open_input(foreign)


@pytest.mark.parametrize(
    ("stem", "kind"),
    [("service", "service"), ("programs", "program"), ("physical_address", "address"), ("taxonomies", "taxonomy"),
     ("services_at_locations", "service_at_location"), ("eligibilities", "eligibility"), ("urls", "url"),
     ("payment_accepted", "payment"), ("other_attributes", "attribute"), ("budget", None)],
)  # fmt: skip
def test_tables_are_known_by_one_or_many(stem: str, kind: str | None) -> None:
    found = table_of(stem, ["id"])
    assert (found[0] if found else None) == kind


def ohana(folder: Path, **tables: list[dict[str, str]]) -> Path:
    every = {
        "organizations": [{"id": "1", "name": "Hope", "funding_sources": 'City, "Smith, Jones Fund"'}],
        "locations": [{"id": "7", "organization_id": "1", "name": "Hall", "languages": "English, Spanish", "virtual": "false",
                       "accessibility": "ramp, disabled_parking", "admin_emails": "boss@hope.example", "email": "hall@hope.example"}],
        "services": [{"id": "9", "location_id": "7", "name": "Food Pantry", "status": "active", "audience": "Families",
                      "eligibility": "County residents", "taxonomy_ids": "101, 102", "keywords": "food, bread"}],
        "addresses": [{"id": "1", "location_id": "7", "address_1": "1418 Vine St", "city": "Cincinnati", "state_province": "OH",
                       "postal_code": "45202", "country": "US"}],
        "mail_addresses": [{"id": "1", "location_id": "7", "attention": "Hope", "address_1": "PO Box 7", "city": "Cincinnati",
                            "state_province": "OH", "postal_code": "45202", "country": "US"}],
        "phones": [{"id": "1", "service_id": "9", "number": "5135550163", "number_type": "tty", "vanity_number": "513-555-FOOD"}],
        "regular_schedules": [{"id": "1", "service_id": "9", "weekday": "2", "opens_at": "9am", "closes_at": "4:00 PM"}],
        "taxonomy": [{"taxonomy_id": "101", "name": "Emergency", "parent_id": "", "parent_name": ""}],
    }  # fmt: skip
    return package(folder, **(every | tables))


def test_ohana_is_read_from_its_places(session: Session, tmp_path: Path) -> None:
    path = ohana(tmp_path / "a")
    planned = bring(session, path)
    listing = shown(session)["Food Pantry"]
    assert (planned.format, planned.errors) == ("ohana", [])
    assert (listing.organization_name, listing.city) == ("Hope", "Cincinnati")
    assert listing.eligibility == "County residents\nFamilies"
    assert told(session, select(d.Funding.source_text)) == {"City", "Smith, Jones Fund"}
    assert told(session, select(d.Accessibility.description)) == {"Ramp", "Disabled parking"}
    assert told(session, select(d.Language.code)) == {"en", "es"}
    assert told(session, select(d.TaxonomyTerm.name)) == {"Emergency", "102", "food", "bread"}
    phone = session.scalars(select(d.Phone)).one()
    assert (phone.type, phone.vanity) == ("textphone", "513-555-FOOD")
    hours = session.scalars(select(d.Schedule)).one()
    assert (hours.byday, hours.opens_at, hours.closes_at) == ("TU", "09:00", "16:00")
    assert codes(planned)["private_left_out"] == 1
    assert set(changed(base.plan(session, path, source="s"))) == {"same"}


def test_an_ohana_service_without_a_name_is_named_after_its_place(session: Session, tmp_path: Path) -> None:
    planned = bring(
        session, ohana(tmp_path / "a", services=[{"id": "9", "location_id": "7", "name": "", "status": ""}])
    )
    assert "Hall" in shown(session)
    assert codes(planned)["named_after_place"] == 1


def test_a_virtual_place_has_no_pin(session: Session, tmp_path: Path) -> None:
    place = {"id": "7", "organization_id": "1", "name": "Online", "virtual": "true"}
    bring(session, ohana(tmp_path / "a", locations=[place], addresses=[], mail_addresses=[]))
    assert session.scalars(select(d.Location.location_type)).one() == "virtual"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [("January 01, 0001", "January 01, 0001", {"x_holiday": "new_year"}),
     ("12/24/2015", "12/24/15", {"valid_from": "2015-12-24", "valid_to": "2015-12-24"}),
     ("June 01, 0001", "September 01, 0001", {"x_original_text": "Closed every year: June 1 to September 1"}),
     ("some day", "", None)],
)  # fmt: skip
def test_holidays_of_ohana(start: str, end: str, said: dict[str, object] | None) -> None:
    found = holiday(start, end, closed=True, opens="", closes="")
    assert (found is None) if said is None else (found is not None and said.items() <= found.items())


def test_lists_and_weekdays_of_ohana() -> None:
    assert listed('a, "b, c", a,, d') == ["a", "b, c", "d"]
    assert [weekday(day) for day in ("Monday", "3", "sun", "someday")] == ["MO", "WE", "SU", "someday"]
