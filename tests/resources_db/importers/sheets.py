"""Writes small .xlsx files by hand, honest ones and others."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

Cell = str | float | tuple[str, str] | None
"""A tuple is a formula with its value."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument'
    '.spreadsheetml.sheet.main+xml"/></Types>'
)


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Cell]] | str], *, head: str = "") -> Path:
    """Sheets by name; a text is put in as the rows' XML. `head` stands before each sheet's root element."""
    names = list(sheets)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _relations([("r1", "officeDocument", "xl/workbook.xml")]))
        listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="s{n}"/>' for n, name in enumerate(names, 1))
        book = f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{listed}</sheets></workbook>'
        archive.writestr("xl/workbook.xml", book)
        parts = [(f"s{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(names) + 1)]
        archive.writestr("xl/_rels/workbook.xml.rels", _relations(parts))
        for number, name in enumerate(names, 1):
            rows = sheets[name]
            body = rows if isinstance(rows, str) else "".join(_row(n, row) for n, row in enumerate(rows, 1))
            sheet = f'{head}<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>'
            archive.writestr(f"xl/worksheets/sheet{number}.xml", sheet)
    return path


def _relations(parts: list[tuple[str, str, str]]) -> str:
    inner = "".join(f'<Relationship Id="{i}" Type="{_REL}/{kind}" Target="{target}"/>' for i, kind, target in parts)
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _row(number: int, row: Sequence[Cell]) -> str:
    cells = [_cell(f"{chr(65 + at)}{number}", value) for at, value in enumerate(row) if value is not None]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(place: str, value: Cell) -> str:
    if isinstance(value, tuple):
        return f'<c r="{place}" t="str"><f>{escape(value[0])}</f><v>{escape(value[1])}</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value}</v></c>'
