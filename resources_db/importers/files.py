"""Opens what is to be imported: a file, a folder or a zip. Files are read as streams, never as a whole.

The limits of a zip are read from its directory, before anything is unpacked.
"""

import codecs
import csv
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, TextIO

from resources_db.importers.records import Problem, Severity, Where

if TYPE_CHECKING:
    import _csv

MB = 1024 * 1024
LARGEST_FILE = 200 * MB
LARGEST_UNPACKED = 1024 * MB
MOST_FILES = 200
MOST_ROWS = 1_000_000
MOST_COLUMNS = 1_000
LONGEST_CELL = 64 * 1024
LONGEST_LINE = 4 * MB
"""Of a CSV file, quoted line breaks aside; a longer one is no table."""
GIANT_CELL = MB
"""Beyond this a cell is no cell but a quote that was never closed: the rest of the file means nothing."""
_MOST_PACKED = 200  # times smaller than its content: no honest CSV is
_SMALL = 64 * 1024
_CHUNK = 256 * 1024


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

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """One file as bytes, from the disk or out of the zip."""
        if not self.zipped:
            with (self.path / name if self.path.is_dir() else self.path).open("rb") as plain:
                yield plain
            return
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(name) as member:
                yield member
        except (zipfile.BadZipFile, zlib.error, EOFError):  # while reading, too
            raise RefusedFileError("bad_zip", self.path.name) from None

    def read(self, name: str) -> bytes:
        """One file as a whole, for formats that need it so."""
        with self.open(name) as stream:
            return stream.read()

    @contextmanager
    def text(self, name: str) -> Iterator[tuple[TextIO, list[Problem]]]:
        """One file as text: by its BOM, else UTF-8, else Windows text with a warning."""
        with self.open(name) as stream:
            encoding, problems = _encoding(stream, name)
        with self.open(name) as stream:
            yield io.TextIOWrapper(stream, encoding, errors="replace", newline=""), problems

    def rows(self, name: str) -> Iterator["Row | Problem"]:
        """The rows of a CSV file under trimmed header names; a row that does not fit is a problem, never shifted."""
        with self.text(name) as (stream, problems):
            yield from problems
            yield from _rows(stream, name)

    def hash(self) -> str:
        """One hash over names and contents, the same for a folder and its copy."""
        digest = sha256()
        for name in sorted(self.names):
            content = sha256()
            with self.open(name) as stream:
                while part := stream.read(_CHUNK):
                    content.update(part)
            digest.update(PurePosixPath(name).name.encode() + b"\0" + content.digest())
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
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except zipfile.BadZipFile:
        raise RefusedFileError("bad_zip", path.name) from None
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


def _encoding(stream: IO[bytes], name: str) -> tuple[str, list[Problem]]:
    start = stream.read(_CHUNK)
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if start.startswith(mark):
            return encoding, []
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for part in chain([start], iter(lambda: stream.read(_CHUNK), b"")):
            decoder.decode(part)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252", [Problem(Where(name), "encoding_guessed", severity=Severity.WARNING)]
    return "utf-8", []


def decode(raw: bytes, name: str) -> tuple[str, list[Problem]]:
    """The text of bytes that are in memory already."""
    encoding, problems = _encoding(io.BytesIO(raw), name)
    return raw.decode(encoding, errors="replace"), problems


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    cells: dict[str, str]


def rows(raw: bytes, name: str) -> Iterator[Row | Problem]:
    """Like Source.rows, of bytes that are in memory already."""
    text, problems = decode(raw, name)
    yield from problems
    yield from _rows(io.StringIO(text, newline=""), name)


def _rows(stream: TextIO, name: str) -> Iterator[Row | Problem]:
    # The limit is the whole process's: raised for a long cell, which we count ourselves, and never lowered for others.
    csv.field_size_limit(max(GIANT_CELL, csv.field_size_limit()))
    lines = _lines(stream, name)
    first = next(lines, "")
    reader = csv.reader(chain([first], lines), delimiter=_delimiter(first), skipinitialspace=True)
    try:
        yield from _cells(reader, name)
    except csv.Error:
        raise RefusedFileError("huge_cell", name) from None


def _lines(stream: TextIO, name: str) -> Iterator[str]:
    while line := stream.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise RefusedFileError("huge_cell", name)
        yield line


def _cells(reader: "_csv.Reader", name: str) -> Iterator[Row | Problem]:
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


def _delimiter(first: str) -> str:
    return max(",;\t|", key=lambda mark: (first.count(mark), mark == ","))
