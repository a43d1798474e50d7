"""Opens what is to be imported: a file, a folder or a zip.

The limits of a zip are read from its directory, before anything is unpacked.
"""

import csv
import io
import stat
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from resources_db.importers.records import Problem, Severity, Where

MB = 1024 * 1024
LARGEST_FILE = 200 * MB
LARGEST_UNPACKED = 1024 * MB
MOST_FILES = 200
MOST_ROWS = 1_000_000
MOST_COLUMNS = 1_000
LONGEST_CELL = 64 * 1024
_MOST_PACKED = 200  # times smaller than its content: no honest CSV is
_SMALL = 64 * 1024


class RefusedFileError(ValueError):
    """The input is refused as a whole; `code` says why."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(f"{code}: {name}" if name else code)
        self.code = code
        self.name = name


@dataclass(frozen=True, slots=True)
class Source:
    """Named files of one input, each read when asked for."""

    path: Path
    names: tuple[str, ...]
    zipped: bool = False

    def read(self, name: str) -> bytes:
        if self.zipped:
            with zipfile.ZipFile(self.path) as archive:
                return archive.read(name)
        return (self.path / name if self.path.is_dir() else self.path).read_bytes()

    def hash(self) -> str:
        """One hash over names and contents, the same for a folder and its copy."""
        digest = sha256()
        for name in sorted(self.names):
            digest.update(PurePosixPath(name).name.encode() + b"\0" + sha256(self.read(name)).digest())
        return digest.hexdigest()


def open_source(path: Path) -> Source:
    """The files behind a path; raises RefusedFileError."""
    if not path.exists():
        raise RefusedFileError("not_found", path.name)
    if path.is_dir():
        files = [file for file in sorted(path.iterdir()) if file.is_file() and not file.is_symlink()]
        _check_size(sum(file.stat().st_size for file in files), LARGEST_UNPACKED, path.name)
        return Source(path, tuple(file.name for file in files))
    _check_size(path.stat().st_size, LARGEST_FILE, path.name)
    if zipfile.is_zipfile(path):
        names = _zip_names(path)
        if path.suffix.lower() in (".xlsx", ".xlsm", ".xlsb", ".ods"):
            return Source(path, (path.name,))  # one spreadsheet, opened as a whole by its own reader
        return Source(path, names, zipped=True)
    return Source(path, (path.name,))


def _check_size(size: int, limit: int, name: str) -> None:
    if size > limit:
        raise RefusedFileError("too_large", name)


def _zip_names(path: Path) -> tuple[str, ...]:
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise RefusedFileError("too_many_files", path.name)
    _check_size(sum(entry.file_size for entry in entries), LARGEST_UNPACKED, path.name)
    for entry in entries:
        _check_entry(entry)
    return tuple(entry.filename for entry in entries)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if name.startswith(("/", "\\")) or ".." in parts or ":" in name:
        raise RefusedFileError("path_outside", name)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise RefusedFileError("symlink", name)
    if entry.flag_bits & 1:
        raise RefusedFileError("encrypted", name)
    if name.lower().endswith((".zip", ".gz", ".7z", ".rar", ".tar")):
        raise RefusedFileError("nested_archive", name)
    if entry.file_size > _SMALL and entry.file_size > _MOST_PACKED * max(entry.compress_size, 1):
        raise RefusedFileError("zip_bomb", name)


def decode(raw: bytes, name: str) -> tuple[str, list[Problem]]:
    """BOM, then UTF-8, then Windows text with a warning."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace"), []
    try:
        return raw.decode("utf-8"), []
    except UnicodeDecodeError:
        guessed = Problem(Where(name), "encoding_guessed", severity=Severity.WARNING)
        return raw.decode("cp1252", errors="replace"), [guessed]


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    cells: dict[str, str]


def rows(raw: bytes, name: str) -> Iterator[Row | Problem]:
    """The rows of a CSV file under trimmed header names; a row that does not fit is a problem, never shifted."""
    text, problems = decode(raw, name)
    yield from problems
    # The limit is the whole process's: raised for a long cell, which we count ourselves, and never lowered for others.
    csv.field_size_limit(max(len(text), csv.field_size_limit()))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), skipinitialspace=True)
    header = [cell.strip() for cell in next(reader, [])]
    if len(header) > MOST_COLUMNS:
        raise RefusedFileError("too_many_columns", name)
    unnamed = [at for at, title in enumerate(header) if not title]
    if unnamed:
        yield Problem(Where(name, 1), "unnamed_column", str(unnamed[0] + 1), severity=Severity.WARNING)
    line = reader.line_num + 1
    for count, cells in enumerate(reader):
        if count >= MOST_ROWS:
            raise RefusedFileError("too_many_rows", name)
        if any(cell.strip() for cell in cells):
            yield _row(header, cells, Where(name, line))
        line = reader.line_num + 1


def _row(header: Sequence[str], cells: Sequence[str], where: Where) -> Row | Problem:
    if any(cell.strip() for cell in cells[len(header) :]):
        return Problem(where, "too_many_cells", value=cells[len(header)][:80])
    for title, cell in zip(header, cells, strict=False):
        if len(cell) > LONGEST_CELL:
            return Problem(where, "cell_too_long", title)
    return Row(where.line, {title: cell for title, cell in zip(header, cells, strict=False) if title})


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max(",;\t|", key=lambda mark: (first.count(mark), mark == ","))
