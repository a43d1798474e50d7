"""What an import may be trusted with: merged ids, sources in their order, and files that mean harm."""

import csv
import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resources_db.base import new_id
from resources_db.hsds.fields import OBJECTS
from resources_db.importers import base, files
from resources_db.importers.files import RefusedFileError
from resources_db.importers.identity import identity
from resources_db.models import directory as d
from resources_db.models.curation import ImportChange, ImportRun, ListingChange
from resources_db.models.imports import DirectorySource, StaffNote
from resources_db.models.upkeep import RecordHistory, RecordMerge, RecordRedirect
from resources_db.tenancy import system
from resources_db.vocab import ImportAction
from tests.conftest import NOW
from tests.resources_db.importers.test_import import PANTRY, bring, changed, package, with_rows


def everything(session: Session) -> dict[str, int]:
    tables = [kind.model for kind in OBJECTS.values()] + [ImportRun, ImportChange]
    return {str(table.__tablename__): session.scalar(select(func.count()).select_from(table)) for table in tables}


def merged_into(session: Session, old, new) -> None:
    merge = RecordMerge(kind="service", survivor_id=new, gone_id=old, at=NOW)
    session.add(merge)
    session.flush()
    session.add(RecordRedirect(old_id=old, new_id=new, kind="service", merge_id=merge.id, at=NOW))
    session.get_one(d.Service, old).deleted_at = NOW
    session.flush()


TWO = with_rows(
    services=[
        *PANTRY["services.csv"],
        {"id": "s2", "organization_id": "o1", "name": "Hope Pantry", "status": "active", "email": "b@hope.example"},
    ]
)


def test_an_id_that_was_merged_away_updates_the_survivor(session: Session, tmp_path: Path) -> None:
    bring(session, package(tmp_path / "a", TWO))
    old, new = identity("county", "service", "s2"), identity("county", "service", "s1")
    merged_into(session, old, new)
    alone = [{**TWO["services.csv"][1], "email": "now@hope.example"}]
    without = {name: rows for name, rows in with_rows(services=alone).items() if "at_location" not in name}
    again = bring(session, package(tmp_path / "b", {**without, "phones.csv": [], "schedules.csv": []}), days=1)
    assert again.total(ImportAction.CREATE) == 0
    assert session.get_one(d.Service, new).email == "now@hope.example"
    assert session.get_one(d.Service, old).deleted_at == NOW


def test_when_both_are_in_the_file_the_survivor_speaks_for_itself(session: Session, tmp_path: Path) -> None:
    bring(session, package(tmp_path / "a", TWO))
    merged_into(session, identity("county", "service", "s2"), identity("county", "service", "s1"))
    again = bring(session, package(tmp_path / "a", TWO), days=1)
    assert set(changed(again)) == {"same"}
    assert "merged" in [one.code for one in again.problems]


def test_of_two_sources_the_one_with_the_lower_rank_is_believed(session: Session, tmp_path: Path) -> None:
    own = str(new_id())
    rows = [{**PANTRY["services.csv"][0], "id": own}]
    tables = {"organizations.csv": PANTRY["organizations.csv"], "services.csv": rows}
    bring(session, package(tmp_path / "a", tables), source="county")
    other = {**tables, "services.csv": [{**rows[0], "id": "x", "email": "weak@hope.example"}]}
    bring(session, package(tmp_path / "b", other), source="city", days=1)
    theirs = identity("city", "service", "x")
    merge = RecordMerge(
        kind="service",
        survivor_id=session.scalars(select(d.Service.id).where(d.Service.source == "county")).one(),
        gone_id=theirs,
        at=NOW,
    )
    session.add(merge)
    session.flush()
    session.add(RecordRedirect(old_id=theirs, new_id=merge.survivor_id, kind="service", merge_id=merge.id, at=NOW))
    session.flush()
    bring(session, package(tmp_path / "b", other), source="city", days=2)
    assert session.get_one(d.Service, merge.survivor_id).email == "a@hope.example"
    assert session.scalar(select(func.count()).select_from(ListingChange)) == 1
    session.add(DirectorySource(name="city", rank=1, changed_at=NOW))
    session.flush()
    bring(session, package(tmp_path / "b", other), source="city", days=3)
    assert session.get_one(d.Service, merge.survivor_id).email == "weak@hope.example"


def test_what_an_import_changed_stands_in_the_history_under_its_source(session: Session, tmp_path: Path) -> None:
    bring(session, package(tmp_path / "a", PANTRY))
    rows = [{**PANTRY["services.csv"][0], "email": "new@hope.example"}]
    bring(session, package(tmp_path / "a", with_rows(services=rows)), days=1)
    told = session.scalars(select(RecordHistory)).one()
    assert (told.field, told.old, told.new, told.role) == (
        "email",
        "a@hope.example",
        "new@hope.example",
        "import: county",
    )
    assert told.at == NOW + timedelta(days=1)


def test_words_with_markup_are_kept_as_they_were_for_the_team(session: Session, tmp_path: Path) -> None:
    rows = [{**PANTRY["services.csv"][0], "description": "<p>Food <b>boxes</b></p>"}]
    for _time in range(2):
        bring(session, package(tmp_path / "a", with_rows(services=rows)))
    note = session.scalars(select(StaffNote)).one()
    assert (note.text, note.kind, note.record_id) == (
        "<p>Food <b>boxes</b></p>", "original", identity("county", "service", "s1"),
    )  # fmt: skip


def test_a_file_that_holds_each_record_twice_is_told(session: Session, tmp_path: Path) -> None:
    names = [f"Agency {number}" for number in range(12)] * 2
    organizations = [{"id": f"o{at}", "name": name} for at, name in enumerate(names)]
    tables = {"organizations.csv": organizations, "services.csv": []}
    planned = base.plan(session, package(tmp_path / "a", tables))
    assert [(one.code, one.value) for one in planned.problems] == [("doubled_file", "24 > 12")]


def zipped(path: Path, **entries: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def hostile(folder: Path) -> list[tuple[Path, str]]:
    """Files that mean harm, and the code each is refused with; empty: read, with an error, and nothing goes in."""
    big, quote, deep, number = (folder / name for name in ("big.csv", "quote.csv", "deep.json", "number.json"))
    giant = io.StringIO()
    csv.writer(giant).writerows([["id", "name"], ["1", "x" * (10 * files.MB)]])
    big.mkdir()
    (big / "services.csv").write_text(giant.getvalue())
    (big / "organizations.csv").write_text("id,name\n")
    quote.mkdir()
    (quote / "organizations.csv").write_text('id,name\n1,"never closed\n' + "line of text, and more\n" * 100_000)
    (quote / "services.csv").write_text("id,name\n")
    deep.write_text('[{"id": ' + "[" * 1_000 + "]" * 1_000 + "}]")
    number.write_text('[{"id": "a", "name": "A", "status": "active", "minimum_age": NaN}]')
    damaged = zipped(folder / "damaged.zip", **{"services.csv": b"id,name\n" * 900, "organizations.csv": b"id\n" * 99})
    broken = bytearray(damaged.read_bytes())
    broken[60:90] = bytes(30)
    damaged.write_bytes(broken)
    return [
        (big, "huge_cell"),
        (quote, "huge_cell"),
        (zipped(folder / "bomb.zip", **{"services.csv": b"0" * 30_000_000}), "zip_bomb"),
        (zipped(folder / "outside.zip", **{"../../services.csv": b"id"}), "path_outside"),
        (zipped(folder / "nested.zip", **{"inner.zip": b"PK"}), "nested_archive"),
        (damaged, "bad_zip"),
        (deep, ""),
        (number, ""),
    ]


@pytest.mark.bad_input(100)
def test_files_that_mean_harm_are_refused_and_nothing_changes(session: Session, tmp_path: Path) -> None:
    bring(session, package(tmp_path / "good", PANTRY))
    before = everything(session)
    for path, code in hostile(tmp_path):
        if code:
            with pytest.raises(RefusedFileError) as raised:
                base.plan(session, path, source="county")
            assert (path.name, raised.value.code) == (path.name, code)
        else:
            planned = base.plan(session, path, source="county", format_name="hsds_json")
            assert (path.name, bool(planned.errors), changed(planned)) == (path.name, True, {})
        assert everything(session) == before
    planned = base.plan(session, package(tmp_path / "good", PANTRY), source="county")
    base.apply(session, planned, actor=system(), now=NOW)
    assert set(changed(planned)) == {"same"}
