"""What may come in at all: limits of files and zips are seen before anything is unpacked."""

import csv
import stat
import zipfile
from pathlib import Path

import pytest

from resources_db.importers import files, texts
from resources_db.importers.files import RefusedFileError, Row, open_source, rows
from resources_db.importers.records import Problem


def zipped(tmp_path: Path, **entries: bytes) -> Path:
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("../services.csv", b"id", "path_outside"),
        ("/etc/services.csv", b"id", "path_outside"),
        ("C:\\services.csv", b"id", "path_outside"),
        ("inner.zip", b"PK", "nested_archive"),
        ("services.csv", b"0" * 20_000_000, "zip_bomb"),
    ],
)
def test_a_hostile_zip_is_refused_from_its_directory(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    """bad_input_100"""
    with pytest.raises(RefusedFileError) as raised:
        open_source(zipped(tmp_path, **{name: content}))
    assert raised.value.code == code


def test_a_link_inside_a_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "in.zip"
    with zipfile.ZipFile(path, "w") as archive:
        entry = zipfile.ZipInfo("services.csv")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(RefusedFileError, match="symlink"):
        open_source(path)


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    many = zipped(tmp_path, **{f"{number}.csv": b"" for number in range(files.MOST_FILES + 1)})
    with pytest.raises(RefusedFileError, match="too_many_files"):
        open_source(many)


def test_a_folder_and_its_zip_have_the_same_hash(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    (folder / "services.csv").write_bytes(b"id,name\n1,A\n")
    assert open_source(folder).hash() == open_source(zipped(tmp_path, **{"services.csv": b"id,name\n1,A\n"})).hash()


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("id,name\n1,José".encode(), "José"),
        ("\ufeffid,name\n1,José".encode(), "José"),
        ("id,name\n1,José".encode("utf-16"), "José"),
        ("id,name\n1,José".encode("cp1252"), "José"),
        ("id;name\r\n1;José".encode(), "José"),
        ('id, name\n1, "José"'.encode(), "José"),
    ],
)
def test_any_common_encoding_and_delimiter_is_read(raw: bytes, name: str) -> None:
    """bad_input_098"""
    found = [row for row in rows(raw, "a.csv") if isinstance(row, Row)]
    assert [row.cells for row in found] == [{"id": "1", "name": name}]


def test_a_row_with_too_many_cells_is_a_problem_and_never_shifted() -> None:
    """bad_input_098"""
    found = list(rows(b"id,name\n1,A\n2,B,C\n\n3,D", "a.csv"))
    assert [(row.line, row.cells) for row in found if isinstance(row, Row)] == [
        (2, {"id": "1", "name": "A"}),
        (5, {"id": "3", "name": "D"}),
    ]
    assert [(one.where.line, one.code) for one in found if isinstance(one, Problem)] == [(3, "too_many_cells")]


def test_a_giant_cell_and_ten_thousand_columns_are_refused() -> None:
    """bad_input_098"""
    found = list(rows(b"id,name\n1," + b"x" * 70_000, "a.csv"))
    assert isinstance(found[0], Problem)
    assert found[0].code == "cell_too_long"
    with pytest.raises(RefusedFileError, match="too_many_columns"):
        list(rows(",".join(f"c{number}" for number in range(10_000)).encode(), "a.csv"))


def test_lines_count_inside_quoted_cells() -> None:
    found = list(rows(b'id,name\n1,"A\nB"\n2,C', "a.csv"))
    assert [row.line for row in found if isinstance(row, Row)] == [2, 4]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>One</p><p>Two &amp; three</p>", "One\nTwo & three"),
        ("A<br />B", "A\nB"),
        ("<script>alert(1)</script>Food", "Food"),
        ("&lt;b&gt;Bold&lt;/b&gt;", "Bold"),
        ("1 < 2", "1 < 2"),
    ],
)
def test_markup_becomes_plain_text(text: str, expected: str) -> None:
    """bad_input_069"""
    assert (texts.without_markup(text) if texts.has_markup(text) else text) == expected


def test_broken_letters_and_direction_marks_are_mended() -> None:
    """bad_input_086"""
    assert texts.clean("8:30amGÇô4:30pm Espa+¦ol\u202e ") == "8:30am–4:30pm Español"
    assert texts.clean("Jose\u0301") == "José"
    for text in ("a\0b", "\ud800"):
        with pytest.raises(texts.UnstorableTextError):
            texts.clean(text)


def test_a_small_file_does_not_shrink_what_others_may_read():
    before = csv.field_size_limit()
    list(files.rows(b"a,b\n1,2\n", "small.csv"))
    assert csv.field_size_limit() >= before
