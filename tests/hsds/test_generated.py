"""Made-up valid HSDS comes in whole, goes out valid, and comes back byte for byte. HANDRAIL_EXAMPLES=200 tries more."""

import json
import os
import shutil
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy.orm import Session

from resources_db.hsds import export
from tests.conftest import ROOT
from tests.hsds import made_up
from tests.hsds.world import TODAY, bring, comes_back, empty, faults, table_faults, written

FOLDER = Path(os.environ.get("HANDRAIL_SHARED") or ROOT.parent / "shared") / "data/hsds"
EXAMPLES = int(os.environ.get("HANDRAIL_EXAMPLES", "3"))
CHECKS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(
    max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=CHECKS, phases=[Phase.generate],
    derandomize=EXAMPLES < 50,
)  # fmt: skip
@given(services=made_up.directories(FOLDER))
def test_whatever_is_valid_comes_back(
    services: list[made_up.Record], session: Session, shared: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "made"
    folder.mkdir()
    try:
        given_file = folder / "given.ndjson"
        given_file.write_text("".join(json.dumps(one) + "\n" for one in services), "utf-8")
        planned = bring(session, given_file)
        assert planned.errors == []
        lines = list(export.ndjson(session, today=TODAY))
        assert made_up.ids(services) <= made_up.ids([json.loads(line) for line in lines]), "a record was lost"
        assert faults(shared, iter(lines)) == []
        assert table_faults(shared, written(session, folder / "strict", strict=True)) == []
        comes_back(session, folder, forms=("tables", "lines.ndjson"))
    finally:
        empty(session)
        shutil.rmtree(folder)
