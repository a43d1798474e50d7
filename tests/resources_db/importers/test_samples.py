"""Every sample of other people's directories, read where it lies: it goes in, a second time changes nothing, all fits."""

import json
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy.orm import Session

from resources_db.hsds import export
from resources_db.importers import base, formats, mapping
from resources_db.importers.formats import UnknownFormatError
from resources_db.importers.problem_words import message_of
from resources_db.importers.records import Severity
from resources_db.vocab import ImportAction
from tests.conftest import ROOT
from tests.resources_db.importers.bringing import bring, changed
from tests.tools import load_tool

TODAY = date(2026, 11, 23)
LEGAL = ROOT / "docs/examples/legal-help-mapping.yaml"
SERVICENET = "servicenet_fixtures"


@dataclass(frozen=True)
class Sample:
    path: str
    format: str
    made: dict[str, int]
    """How many records of some kinds go in."""
    errors: dict[str, int] = field(default_factory=dict)
    mapping: str = ""


SAMPLES = [
    Sample("ohana_sample", "ohana", {"organization": 8, "service": 23, "location": 22, "phone": 54, "schedule": 15}),
    Sample("florida_csv", "generic", {"organization": 20, "service": 135, "location": 378}, mapping="mapping.yaml"),
    Sample(
        "ilao_drupal_csv", "generic", {"organization": 33, "service": 89, "location": 553},
        errors={"orphan": 341, "owner_left_out": 678}, mapping="mapping.yaml",
    ),
    Sample(f"{SERVICENET}/laac/complete.json", "generic", {"service": 1, "language": 2, "phone": 1}, mapping="laac"),
    Sample(f"{SERVICENET}/laac/bad_matches.csv", "generic", {"service": 3, "location": 3}, mapping="laac"),
    Sample(f"{SERVICENET}/eden/conflictingData1.json", "icarol_json", {"organization": 1, "phone": 1}),
    Sample(f"{SERVICENET}/eden/conflictingData2.json", "icarol_json", {"organization": 1, "phone": 1}),
    Sample(f"{SERVICENET}/icarol/complete.json", "icarol_json", {"service": 1, "service_at_location": 1, "location": 1}),
    Sample(f"{SERVICENET}/icarol/minimal.json", "icarol_json", {"service": 1, "service_at_location": 1, "location": 1}),
    Sample(f"{SERVICENET}/icarol/invalid_fields.json", "icarol_json", {"service": 1, "service_at_location": 1}),
    Sample(
        f"{SERVICENET}/healthleads/complete", "hsds_tabular", {"service": 1, "address": 1, "language": 4, "metadata": 2},
        errors={"conflicting_rows": 2, "owner_left_out": 1},
    ),
    Sample(
        f"{SERVICENET}/healthleads/bad_matches", "hsds_tabular", {"organization": 3, "service": 6, "phone": 3},
        errors={"orphan": 1},
    ),
    Sample(
        f"{SERVICENET}/healthleads/invalid_fields", "hsds_tabular", {"service": 1, "address": 1},
        errors={"conflicting_rows": 2, "owner_left_out": 1},
    ),
    Sample(f"{SERVICENET}/smcconnect/complete", "ohana", {"service": 1, "address": 2, "contact": 3}),
    Sample(f"{SERVICENET}/smcconnect/bad_matches", "ohana", {"service": 1, "contact": 3}),
    Sample(f"{SERVICENET}/smcconnect/invalid_fields", "ohana", {"service": 1, "address": 2}),
]  # fmt: skip


def mapping_of(sample: Sample, path: Path) -> mapping.FileMapping | None:
    if not sample.mapping:
        return None
    return mapping.load(LEGAL if sample.mapping == "laac" else path / sample.mapping)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.path)
def test_a_sample_goes_in_once_and_comes_out_valid(session: Session, shared: Path, sample: Sample) -> None:
    path = shared / "data/samples" / sample.path
    mapped = mapping_of(sample, path)
    planned = bring(session, path, mapped=mapped)
    counts = planned.counts()
    assert planned.format == sample.format
    assert {kind: counts[kind]["create"] for kind in sample.made} == sample.made
    assert dict(planned.problems.counts(Severity.ERROR)) == sample.errors
    assert {problem.code for problem in planned.problems if problem.message == message_of("?")} == set()
    again = base.plan(session, path, source="s", mapping=mapped)
    assert set(changed(again)) == {"same"}
    assert wrong_records(session, shared) == []


@cache
def validator(shared: Path, kind: str) -> Draft202012Validator:
    name = f"compiled/{kind}.json" if kind in ("service", "organization") else f"{kind}.json"
    return load_tool(shared / "tools/hsds_conformance.py").Schemas(shared / "data/hsds").validator(name)


def wrong_records(session: Session, shared: Path) -> list[str]:
    """What the published schemas say against any record of the export."""
    records = [json.loads(line) for line in export.ndjson(session, today=TODAY)]
    return [
        f"{record['id']}: {error.message}"
        for record in records
        for error in validator(shared, record.get("x_object", "service")).iter_errors(record)
    ]


@pytest.mark.parametrize("name", ["florida_csv", "ilao_drupal_csv", "pittsburgh_food", f"{SERVICENET}/laac"])
def test_a_list_of_its_own_making_asks_for_a_mapping(shared: Path, name: str) -> None:
    """These use the file names of HSDS, some of them, and are not HSDS."""
    with pytest.raises(UnknownFormatError) as raised:
        formats.open_input(shared / "data/samples" / name)
    assert raised.value.code == "mapping_needed"


def test_the_parts_of_an_icarol_api_are_read_together_from_a_folder(
    session: Session, shared: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "api"
    folder.mkdir()
    for name in ("agencies", "programs", "sites", "serviceSites"):
        original = shared / "data/samples" / SERVICENET / "icarol" / f"{name}.json"
        (folder / f"{name}.json").write_bytes(original.read_bytes())
    planned = bring(session, folder)
    assert planned.format == "icarol_json"
    assert planned.counts()["service"]["create"] == 4
    assert planned.total(ImportAction.CREATE) > 50
    assert wrong_records(session, shared) == []
