"""Spreadsheets are judged before anything opens them; what is read is what a person saw in the cells."""

import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from resources_db.importers import spreadsheets, tables
from resources_db.importers.files import RefusedFileError, Row, open_source
from resources_db.importers.records import Problem
from tests.resources_db.importers.sheets import workbook


def rows(path: Path) -> list[Row | Problem]:
    return [row for table in tables.of(open_source(path)) for row in table.rows()]


def refusal(path: Path) -> str:
    with pytest.raises(RefusedFileError) as raised:
        rows(path)
    return raised.value.code


def test_cells_are_read_as_they_are_shown(tmp_path: Path) -> None:
    book = workbook(
        tmp_path / "a.xlsx", {"One": [["id", " Name ", "ZIP"], [1, "A & B", 2139.0], [], [("1+1", "2"), "C", 3.5]]}
    )
    assert rows(book) == [
        Row(2, {"id": "1", "Name": "A & B", "ZIP": "2139"}),
        Row(4, {"id": "2", "Name": "C", "ZIP": "3.5"}),
    ]


def test_several_sheets_are_tables_by_their_names(tmp_path: Path) -> None:
    book = workbook(tmp_path / "a.xlsx", {"Places": [["id"], ["1"]], "People": [["id"], ["2"]]})
    assert [table.name for table in tables.of(open_source(book))] == ["Places", "People"]


def test_a_cell_beyond_64_kib_costs_its_row_only(tmp_path: Path) -> None:
    """bad_input_100"""
    long = "".join(sha256(bytes([n % 256, n // 256])).hexdigest() for n in range(1_100))
    book = workbook(tmp_path / "a.xlsx", {"One": [["id", "name"], ["1", long], ["2", "B"]]})
    found = rows(book)
    assert [one.code for one in found if isinstance(one, Problem)] == ["cell_too_long"]
    assert found[1] == Row(3, {"id": "2", "name": "B"})


FAR = '<row r="900000"><c r="CV900000"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("body", "head", "code"),
    [
        ('<row r="1048576"><c r="A1048576"><v>1</v></c></row>', "", "too_many_rows"),
        ("<row r='2'><c r='XFD2'><v>1</v></c></row>", "", "too_many_columns"),
        (FAR, "", "sheet_too_wide"),
        ('<row r="1"><c r="A1"><v>1</v></c></row>', '<!DOCTYPE a [<!ENTITY x "y">]>', "bad_spreadsheet"),
        (f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 6_000_000}</t></is></c></row>', "", "zip_bomb"),
    ],
    ids=["rows", "columns", "area", "entities", "huge"],
)
def test_a_sheet_that_reaches_too_far_is_refused_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, head: str, code: str
) -> None:
    """bad_input_100 bad_input_101"""
    monkeypatch.setattr(spreadsheets.python_calamine, "CalamineWorkbook", None)
    assert refusal(workbook(tmp_path / "a.xlsx", {"One": body}, head=head)) == code


def test_one_text_repeated_a_million_times_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shared text weighs as often as it is shown. bad_input_100"""
    monkeypatch.setattr(spreadsheets, "MOST_TEXT", 1_000_000)
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 2_000))
    book = workbook(tmp_path / "a.xlsx", {"One": cells})
    with zipfile.ZipFile(book, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", f"<sst><si><t>{'ab' * 1_000}</t></si></sst>")
    assert refusal(book) == "sheet_too_wide"


@pytest.mark.parametrize("name", ["a.xls", "a.xlsb", "a.ods", "renamed.xlsx"])
def test_other_spreadsheets_are_refused_with_a_clear_word(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert refusal(path) == "old_spreadsheet"


def test_what_only_calls_itself_a_spreadsheet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"not a zip")
    assert refusal(tmp_path / "a.xlsx") == "bad_spreadsheet"


def test_a_part_that_does_not_unpack_is_refused(tmp_path: Path) -> None:
    book = workbook(tmp_path / "a.xlsx", {"One": [["id", "name"], *([number, "A"] for number in range(200))]})
    with zipfile.ZipFile(book) as archive:
        sheet = max(archive.infolist(), key=lambda entry: entry.compress_size)
    packed = bytearray(book.read_bytes())
    begin = sheet.header_offset + 30 + len(sheet.filename)
    packed[begin : begin + 20] = b"\xff" * 20
    book.write_bytes(bytes(packed))
    assert refusal(book) == "bad_spreadsheet"
