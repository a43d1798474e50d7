"""Reads the sheets of an .xlsx file as rows of text: formulas as values, dates as ISO, whole numbers without `.0`.

The file is judged before it is opened: sizes from the zip's directory, the reach of cells and the weight of repeated
texts from a pass over its bytes. No XML is expanded; a document type is refused.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import PurePosixPath
from typing import IO

import python_calamine

from resources_db.importers.files import MOST_COLUMNS, MOST_ROWS, RefusedFileError

SUFFIXES = (".xlsx", ".xlsm")
OTHER_SUFFIXES = (".xls", ".xlsb", ".ods", ".numbers")
LARGEST_UNPACKED = 300 * 1024 * 1024
MOST_CELLS = 5_000_000  # a sheet is laid out whole: cells that reach far cost memory even when they are empty
MOST_TEXT = 500 * 1024 * 1024
LONGEST_PIECE = 4 * 1024 * 1024
_OLD_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 1024 * 1024
_CELL = re.compile(rb"<(?:[\w.-]+:)?c(?=[\s/>])")
_STRING = re.compile(rb"<(?:[\w.-]+:)?si(?=[\s/>])")
_PLACE = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]*)(\d*)""")
_SHARED = re.compile(rb"""\st\s*=\s*["']s["'][^>]*>\s*<(?:[\w.-]+:)?v[^>]*>\s*(\d+)""")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SheetRow:
    line: int
    cells: tuple[str, ...]


def is_spreadsheet(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def refuse_other(name: str, start: bytes) -> None:
    """Refuse what is a spreadsheet of another kind, whatever it is called; raises RefusedFileError."""
    if start.startswith(_OLD_MAGIC) or name.lower().endswith(OTHER_SUFFIXES):
        raise RefusedFileError("old_spreadsheet", PurePosixPath(name).name)


def sheets(raw: bytes, name: str) -> dict[str, Iterator[SheetRow]]:
    """The visible sheets that hold anything, each read when asked for; raises RefusedFileError."""
    _judge(raw, name)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    except python_calamine.PasswordError:
        raise RefusedFileError("encrypted", name) from None
    except python_calamine.CalamineError:
        raise RefusedFileError("bad_spreadsheet", name) from None
    shown = [one.name for one in book.sheets_metadata if one.visible == python_calamine.SheetVisibleEnum.Visible]
    return {title: _rows(book, title, name) for title in shown}


def _rows(book: python_calamine.CalamineWorkbook, title: str, name: str) -> Iterator[SheetRow]:
    try:
        sheet = book.get_sheet_by_name(title)
    except python_calamine.CalamineError:
        raise RefusedFileError("bad_spreadsheet", name) from None
    for line, row in enumerate(sheet.iter_rows(), start=1):
        yield SheetRow(line, tuple(_text(cell) for cell in row))


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, time):
        return cell.isoformat(timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        hours, rest = divmod(int(cell.total_seconds()), 3600)
        return f"{hours:02}:{rest // 60:02}"
    return "" if cell is None else str(cell)


def _judge(raw: bytes, name: str) -> None:
    refuse_other(name, raw[:8])
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
                raise RefusedFileError("too_large", name)
            if any(entry.flag_bits & 1 for entry in entries):
                raise RefusedFileError("encrypted", name)
            _weigh(archive, name)
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError, EOFError):
        raise RefusedFileError("bad_spreadsheet", name) from None


def _weigh(archive: zipfile.ZipFile, name: str) -> None:
    """The directory of a zip may lie: every part is read through once, never beyond the limit."""
    texts: list[int] = []
    read = 0
    names = sorted(archive.namelist(), key=lambda one: not one.lower().endswith("sharedstrings.xml"))
    for part in names:
        with archive.open(part) as stream:
            if part.lower().endswith("sharedstrings.xml"):
                before, *texts = (len(piece) for piece in _pieces(stream, _STRING, name))
                read += before + sum(texts)
            elif _SHEET.match(part):
                read += _weigh_sheet(stream, texts, name)
            elif part.lower().endswith((".xml", ".rels")):
                read += _plain(stream, name)
        if read > LARGEST_UNPACKED:
            raise RefusedFileError("too_large", name)


def _weigh_sheet(stream: IO[bytes], texts: list[int], name: str) -> int:
    rows = columns = weight = size = 0
    for cells, piece in enumerate(_pieces(stream, _CELL, name)):
        size += len(piece)
        for letters, digits in _PLACE.findall(piece):
            columns = max(columns, _column(letters))
            rows = max(rows, int(digits[:9] or 0))
        if found := _SHARED.search(piece):
            at = int(found[1][:9])
            weight += texts[at] if at < len(texts) else 0
        if columns > MOST_COLUMNS:
            raise RefusedFileError("too_many_columns", name)
        if rows > MOST_ROWS:
            raise RefusedFileError("too_many_rows", name)
        if max(rows * columns, cells) > MOST_CELLS or weight > MOST_TEXT:
            raise RefusedFileError("sheet_too_wide", name)
    return size


def _plain(stream: IO[bytes], name: str) -> int:
    """Any other part: only its size, and that it declares no entities."""
    size, tail = 0, b""
    while part := stream.read(_CHUNK):
        size += len(part)
        if size > LARGEST_UNPACKED:
            raise RefusedFileError("too_large", name)
        _piece(tail + part, name)
        tail = part[-16:]
    return size


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:6].upper():
        number = number * 26 + letter - 64
    return number


def _pieces(stream: IO[bytes], mark: re.Pattern[bytes], name: str) -> Iterator[bytes]:
    """The bytes between marks; a piece beyond the longest cell is refused, so is a document type."""
    rest = b""
    total = 0
    while part := stream.read(_CHUNK):
        total += len(part)
        if total > LARGEST_UNPACKED:
            raise RefusedFileError("too_large", name)
        window = rest + part
        starts = [found.start() for found in mark.finditer(window)]
        for start, end in zip([0, *starts], starts, strict=False):
            yield _piece(window[start:end], name)
        rest = window[starts[-1] :] if starts else window
        if len(rest) > LONGEST_PIECE:
            raise RefusedFileError("huge_cell", name)
    yield _piece(rest, name)


def _piece(piece: bytes, name: str) -> bytes:
    if _DOCTYPE.search(piece):
        raise RefusedFileError("bad_spreadsheet", name)
    return piece
