"""`handrail import` and `handrail export` as an operator types them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portal.cli import cli

SITES = (
    "id,agency,street,zip,kind\n1,HOPE PANTRY,1418 Vine St,45202.0,fb\n2,ELM SHELF,9 Elm St,45203.0,fb\n3,,,,\n4,,,,\n"
)
MAPPING = """
source: sites
records:
  - object: organization
    id: "{agency|key}"
    fields: { name: { column: agency, clean: title } }
  - object: service
    id: "{id}"
    fields:
      organization_id: "{agency|key}"
      name: { column: agency, clean: title }
      status: { const: active }
      x_needs: { all: [ { column: kind, map: { fb: food_pantry } } ] }
"""


@pytest.fixture
def type_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HANDRAIL_DEMO", "1")
    monkeypatch.setenv("HANDRAIL_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "160")
    (tmp_path / "sites.csv").write_text(SITES)
    (tmp_path / "map.yaml").write_text(MAPPING)

    def run(*words: str) -> Result:
        return CliRunner().invoke(cli, [word.replace("@", f"{tmp_path}/") for word in words])

    return run


def test_a_dry_run_an_import_and_an_export_of_a_mapped_csv(type_in, tmp_path: Path) -> None:
    words = ["import", "@sites.csv", "--mapping", "@map.yaml"]
    assert "Nothing was changed" in type_in(*words, "--dry-run").output
    many = type_in(*words)
    assert "Look again" in many.output, "a third of the rows is wrong"
    assert many.exit_code == 1
    applied = type_in(*words, "--yes")
    assert "sites.csv line 4" in applied.output
    assert "Applied as one change" in applied.output
    again = type_in(*words, "--yes").output
    assert [line.split("│")[2:5] for line in again.splitlines() if "│ all" in line] == [
        ["      0 ", "      0 ", "    4 "]
    ]
    assert type_in("export", "@out.zip").exit_code == 0
    back = type_in("import", "@out.zip", "--source", "copy", "--dry-run")
    assert "as hsds_tabular" in back.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["import", "@nothing.csv"], "There is no such file or folder."),
        (["import", "@sites.csv"], "needs a mapping file"),
        (["import", "@map.yaml"], "neither an HSDS package"),
        (["import", "@sites.csv", "--mapping", "@sites.csv"], "The mapping cannot be used."),
    ],
)
def test_an_input_that_cannot_be_used_gets_one_sentence(type_in, words: list[str], said: str) -> None:
    answer = type_in(*words)
    assert said in answer.output
    assert (answer.exit_code, "Traceback" in answer.output) == (1, False)
