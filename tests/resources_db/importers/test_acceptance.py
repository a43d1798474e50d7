"""Published examples and real exports, read where they lie: what goes in comes out again, byte for byte."""

import csv
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from resources_db.base import Base
from resources_db.hsds import export, graph, records, views
from resources_db.hsds.fields import NESTED, OBJECTS
from resources_db.hsds.values import plain
from resources_db.importers import base, mapping
from resources_db.importers.base import Plan
from resources_db.models.curation import ImportChange, SearchChange
from resources_db.repositories import listings
from resources_db.tenancy import system
from resources_db.vocab import GeocodeQuality, ImportAction
from tests.conftest import NOW, ROOT
from tests.tools import load_tool

TODAY = date(2026, 11, 23)
MAPPING = ROOT / "docs/examples/food-sites-mapping.yaml"


def bring(session: Session, path: Path, mapped: mapping.FileMapping | None = None) -> Plan:
    planned = base.plan(session, path, source="source", mapping=mapped)
    base.apply(session, planned, actor=system(), now=NOW)
    session.flush()
    session.expire_all()
    return planned


def empty(session: Session) -> None:
    """As if the directory had never held anything."""
    session.expunge_all()
    tables: list[type[Base]] = [SearchChange, ImportChange, *(kind.model for kind in reversed(list(OBJECTS.values())))]
    for table in tables:
        session.execute(delete(table))


def written(session: Session, target: Path) -> dict[str, bytes]:
    export.write(session, target, today=TODAY)
    files = sorted(target.iterdir()) if target.is_dir() else [target]
    return {file.name: file.read_bytes() for file in files}


@pytest.mark.parametrize(
    "example", ["csv", "service_full.json", "organization_full.json", "service_at_location_full.json"]
)
def test_the_official_example_comes_back_byte_for_byte(
    session: Session, shared: Path, tmp_path: Path, example: str
) -> None:
    bring(session, shared / "data/hsds/examples" / example)
    tables, lines = written(session, tmp_path / "one"), written(session, tmp_path / "one.ndjson")
    for name, before in (("one", tables), ("one.ndjson", lines)):
        empty(session)
        planned = bring(session, tmp_path / name)
        assert not planned.errors
        second = tmp_path / name.replace("one", "two")
        assert list(written(session, second).values()) == list(before.values())


def test_the_full_service_of_the_specification_is_exported_as_it_was_read(session: Session, shared: Path) -> None:
    """Every member of the official record: times gain their offset, numbers and texts are the same."""
    original = json.loads((shared / "data/hsds/examples/service_full.json").read_text())
    bring(session, shared / "data/hsds/examples/service_full.json")
    loaded = graph.of_services(session, listings.all_service_ids(session), metadata=True)
    row = next(iter(loaded.rows["service"].values()))
    assert list(_differences("service", original, views.full_service(row, loaded, TODAY), "")) == []


def _differences(kind: str, original: dict, exported: dict, where: str) -> Iterator[str]:
    nested = {member.name: member.object for member in NESTED.get(kind, ())} | {
        "attributes": "attribute",
        "metadata": "metadata",
    }
    for name, value in original.items():
        if name == "resource_type":
            continue  # the example says "location" of a history row that stands in a service
        if name in nested:
            ours = {item["id"]: item for item in _list(exported.get(name))}
            for item in _list(value):
                if nested[name] == "metadata" and item["id"] not in ours:
                    continue  # the example gives one history row to many records; a row belongs to one
                yield from _differences(nested[name], item, ours.get(item["id"], {}), f"{where}/{name}")
        else:
            field = OBJECTS[kind].field(name)
            same = plain(field.type, value) if field else value
            got = plain(field.type, exported.get(name)) if field else exported.get(name)
            if same != got:
                yield f"{where}/{name}: {value!r} became {exported.get(name)!r}"


def _list(value: object) -> list:
    return [] if value is None else value if isinstance(value, list) else [value]


def test_each_object_of_the_example_survives_to_and_from(shared: Path) -> None:
    """Pure: the official CSV rows through from_hsds, to_hsds and back."""
    for kind in OBJECTS.values():
        file = shared / "data/hsds/examples/csv" / kind.file
        header, row = [*file.read_text("utf-8").splitlines(), ""][:2] if file.exists() else ("", "")
        record = dict(next(csv.DictReader([header, row]), {}))
        values = records.from_hsds(kind.name, {name: cell for name, cell in record.items() if cell})
        again = records.from_hsds(kind.name, records.to_hsds(kind.name, values, links=True))
        assert again == values, kind.name


def test_over_a_thousand_food_sites_with_needs_and_coordinates(session: Session, shared: Path, tmp_path: Path) -> None:
    path = shared / "data/samples/pittsburgh_food/merged_datasets.csv"
    first = bring(session, path, mapping.load(MAPPING))
    found = listings.of_services(session, listings.all_service_ids(session))
    assert (len(found), len(first.errors)) == (1327, 0)
    assert all(listing.latitude and listing.geocode_quality != GeocodeQuality.NONE for listing in found)
    assert all(listing.organization_name and listing.timezone == "America/New_York" for listing in found)
    with_need = [need for listing in found for need in listing.needs]
    assert with_need.count("food_pantry") > 130
    assert with_need.count("child_meals") == 22
    assert sum(bool(listing.needs or listing.also_serves) for listing in found) > 1300
    second = bring(session, path, mapping.load(MAPPING))
    assert {action for _kind, action in second.changes.counted} == {ImportAction.SAME}
    lines = written(session, tmp_path / "one.ndjson")
    empty(session)
    assert not bring(session, tmp_path / "one.ndjson").errors
    assert list(written(session, tmp_path / "two.ndjson").values()) == list(lines.values())


def test_every_exported_record_fits_the_published_schema(session: Session, shared: Path) -> None:
    bring(session, shared / "data/hsds/examples/service_full.json")
    bring(session, shared / "data/samples/pittsburgh_food/merged_datasets.csv", mapping.load(MAPPING))
    schemas = load_tool(shared / "tools/hsds_conformance.py").Schemas(shared / "data/hsds")
    checkers = {"service": schemas.validator("compiled/service.json")}
    wrong = []
    for line in export.ndjson(session, today=TODAY):
        record = json.loads(line)
        kind = record.get("x_object", "service")  # what hangs on no service has a line of its own
        checker = checkers.setdefault(kind, schemas.validator(f"{kind}.json"))
        wrong += [error.message for error in checker.iter_errors(record)]
    assert wrong == []
