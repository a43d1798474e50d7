"""In, out, into an empty directory, out again: the same bytes. The official examples, the demo, real exports."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from portal.demo import places
from resources_db.hsds import export
from resources_db.importers import mapping
from tests.conftest import NOW, ROOT
from tests.hsds.world import FORMS, TODAY, bring, comes_back, faults, table_faults, written

EXAMPLES = (
    "csv", "organization_full.json", "location.json", "service_list.json", "service_at_location_list.json",
    "taxonomy_list.json", "taxonomy_term_list.json",
)  # fmt: skip


def holds(session: Session, shared: Path, folder: Path, forms: tuple[str, ...]) -> None:
    """Every exported record fits the published schemas, and everything comes back."""
    assert faults(shared, export.ndjson(session, today=TODAY)) == []
    assert table_faults(shared, written(session, folder / "strict", strict=True)) == []
    comes_back(session, folder, forms)


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_official_example_comes_back(session: Session, shared: Path, tmp_path: Path, example: str) -> None:
    bring(session, shared / "data/hsds/examples" / example)
    holds(session, shared, tmp_path, ("tables", "lines.ndjson"))


def test_the_demo_comes_back(session: Session, shared: Path, tmp_path: Path) -> None:
    """With its translations, words about room, confirmations and a protected place."""
    places.make(session, now=NOW)
    lines = written(session, tmp_path / "demo.ndjson")[".ndjson"].decode()
    assert all(f'"{name}":' in lines for name in ("x_availability", "x_translations", "x_confirmed"))
    holds(session, shared, tmp_path, FORMS)


def test_real_food_sites_come_back(session: Session, shared: Path, tmp_path: Path) -> None:
    mapped = mapping.load(ROOT / "docs/examples/food-sites-mapping.yaml")
    bring(session, shared / "data/samples/pittsburgh_food/merged_datasets.csv", mapped=mapped)
    holds(session, shared, tmp_path, ("packed.zip",))


SAMPLES = (
    "ohana_sample", "servicenet_fixtures/healthleads/complete", "servicenet_fixtures/smcconnect/complete",
    "servicenet_fixtures/icarol/complete.json", "florida_csv", "ilao_drupal_csv",
)  # fmt: skip


@pytest.mark.parametrize("sample", SAMPLES)
def test_each_real_export_comes_back(session: Session, shared: Path, tmp_path: Path, sample: str) -> None:
    folder = shared / "data/samples" / sample
    mapped = mapping.load(folder / "mapping.yaml") if (folder / "mapping.yaml").exists() else None
    bring(session, folder, mapped=mapped)
    holds(session, shared, tmp_path, ("tables",) if mapped else ("tables", "lines.ndjson"))
