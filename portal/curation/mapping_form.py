"""The form in which somebody says what each column is: from the stored mapping to fields and back. Pure.

An entry is one column to one field. What the form does not offer (`rest`) goes through it unchanged.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from resources_db.importers.mapping_preview import Table

COLUMNS_SHOWN: Final = 200
FREE_CONSTANTS: Final = 2
SAMPLES: Final = 3
SHORT: Final = 60
ANY_FILE: Final = "*"
OFFERED: Final = frozenset({"column", "to", "of", "split", "values", "unmapped", "before", "blank_clears"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One column to one field, as typed."""

    name: str
    to: str = ""
    of: str = ""
    split: str = ""
    values: str = ""
    drop: bool = False
    before: str = ""
    blank: bool = False
    rest: str = ""

    @property
    def special(self) -> bool:
        """Whether something stands under "More"."""
        return bool(self.of or self.split or self.values or self.before or self.blank)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file with what stands in it."""

    title: str
    samples: tuple[str, ...]
    entries: tuple[Entry, ...]
    more: str
    """Value of the button that gives it one more field."""


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value for every row."""

    name: str
    to: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class TableForm:
    """One table of the file."""

    file: str
    columns: tuple[Column, ...]
    constants: tuple[Constant, ...]
    hidden: int = 0
    """Columns beyond those that are shown; they are not read."""


@dataclass(frozen=True, slots=True)
class MappingForm:
    """Everything typed about a file's columns."""

    tables: tuple[TableForm, ...] = ()
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def chosen(self) -> int:
        """Columns that will be read."""
        return sum(any(entry.to for entry in column.entries) for table in self.tables for column in table.columns)

    @property
    def shown(self) -> int:
        """Columns on the page."""
        return sum(len(table.columns) for table in self.tables)


def of_mapping(raw: Mapping[str, object], found: Sequence[Table]) -> MappingForm:
    """The form for the tables of a file, filled with what is known of its columns."""
    known = [cast("Mapping[str, object]", one) for one in cast("list[object]", raw.get("tables") or [])]
    return MappingForm(tuple(_table(at, table, _fitting(known, table, len(found))) for at, table in enumerate(found)))


def _fitting(known: Sequence[Mapping[str, object]], table: Table, how_many: int) -> Mapping[str, object]:
    own = [one for one in known if one.get("file") == table.file]
    for_any = [one for one in known if one.get("file") in (ANY_FILE, None)]
    if own or for_any:
        return (own or for_any)[0]
    return known[0] if how_many == 1 and len(known) == 1 else {}


def _table(at: int, table: Table, known: Mapping[str, object]) -> TableForm:
    entries: dict[str, list[Mapping[str, object]]] = {}
    for owner, named in cast("Mapping[str, list[str]]", known.get("ids") or {}).items():
        for column in named:
            entries.setdefault(column, []).append({"to": f"{owner}.id"})
    for one in cast("list[Mapping[str, object]]", known.get("columns") or []):
        entries.setdefault(str(one.get("column")), []).append(one)
    titles = list(dict.fromkeys(title for title in table.header if title))
    columns = tuple(
        _column(f"{at}.{number}", title, table, entries.get(title, []))
        for number, title in enumerate(titles[:COLUMNS_SHOWN])
    )
    said = cast("list[Mapping[str, object]]", known.get("constants") or [])
    constants = [(str(one.get("to", "")), str(one.get("value", ""))) for one in said] + [("", "")] * FREE_CONSTANTS
    return TableForm(
        table.file,
        columns,
        tuple(Constant(f"k.{at}.{number}", to, value) for number, (to, value) in enumerate(constants)),
        hidden=max(len(titles) - COLUMNS_SHOWN, 0),
    )


def _column(at: str, title: str, table: Table, known: Sequence[Mapping[str, object]]) -> Column:
    entries = tuple(_entry(f"c.{at}.{number}", one) for number, one in enumerate(known or [{}]))
    return Column(title, _samples(title, table), entries, more=at)


def _samples(title: str, table: Table) -> tuple[str, ...]:
    """The first values that differ; of a long one its beginning."""
    seen = dict.fromkeys(" ".join(str(row.get(title) or "").split()) for row in table.rows)
    shown = [value if len(value) <= SHORT else f"{value[:SHORT]}…" for value in seen if value]
    return tuple(shown[:SAMPLES])


def _entry(name: str, known: Mapping[str, object]) -> Entry:
    values = cast("Mapping[str, str]", known.get("values") or {})
    rest = {key: value for key, value in known.items() if key not in OFFERED}
    return Entry(
        name,
        to=str(known.get("to", "")),
        of=str(known.get("of", "")),
        split=str(known.get("split", "")),
        values="\n".join(f"{said} = {meant}" for said, meant in values.items()),
        drop=known.get("unmapped") == "drop",
        before=str(known.get("before", "")),
        blank=bool(known.get("blank_clears")),
        rest=json.dumps({**rest, "to": known["to"]}, ensure_ascii=False) if rest else "",
    )


def of_typed(typed: Mapping[str, str], found: Sequence[Table], *, more: str = "") -> MappingForm:
    """The form as it was sent; `more` names the column that gets one more field."""
    return MappingForm(tuple(_typed_table(at, table, typed, more) for at, table in enumerate(found)))


def _typed_table(at: int, table: Table, typed: Mapping[str, str], more: str) -> TableForm:
    titles = list(dict.fromkeys(title for title in table.header if title))
    columns = []
    for number, title in enumerate(titles[:COLUMNS_SHOWN]):
        entries = _typed_entries(f"c.{at}.{number}", typed)
        if more == f"{at}.{number}":
            entries.append(Entry(f"c.{at}.{number}.{len(entries)}"))
        columns.append(Column(title, _samples(title, table), tuple(entries), more=f"{at}.{number}"))
    constants = [one for one in _typed_constants(at, typed) if one.to or one.value]
    free = [Constant(f"k.{at}.{len(constants) + number}") for number in range(FREE_CONSTANTS)]
    named = [Constant(f"k.{at}.{number}", one.to, one.value) for number, one in enumerate(constants)]
    return TableForm(table.file, tuple(columns), (*named, *free), hidden=max(len(titles) - COLUMNS_SHOWN, 0))


def _typed_entries(name: str, typed: Mapping[str, str]) -> list[Entry]:
    entries: list[Entry] = []
    while (one := f"{name}.{len(entries)}") in typed:
        entries.append(
            Entry(
                one,
                to=typed[one],
                of=typed.get(f"{one}.of", ""),
                split=typed.get(f"{one}.split", ""),
                values=typed.get(f"{one}.values", "").replace("\r\n", "\n"),
                drop=f"{one}.drop" in typed,
                before=typed.get(f"{one}.before", ""),
                blank=f"{one}.blank" in typed,
                rest=typed.get(f"{one}.rest", ""),
            )
        )
    return entries or [Entry(f"{name}.0")]


def _typed_constants(at: int, typed: Mapping[str, str]) -> list[Constant]:
    constants: list[Constant] = []
    while (one := f"k.{at}.{len(constants)}") in typed:
        constants.append(Constant(one, typed[one], typed.get(f"{one}.value", "").strip()))
    return constants


def to_mapping(form: MappingForm, source: str) -> dict[str, object]:
    """The mapping as it is stored. What cannot be read by it is found by `mapping.from_json`."""
    only = len(form.tables) == 1
    return {"version": 1, "source": source, "tables": [_stored_table(table, only=only) for table in form.tables]}


def _stored_table(table: TableForm, *, only: bool) -> dict[str, object]:
    pairs = [(column.title, entry) for column in table.columns for entry in column.entries if entry.to]
    return {
        "file": ANY_FILE if only else table.file,
        "columns": [_stored_entry(title, entry) for title, entry in pairs],
        "constants": [{"to": one.to, "value": one.value} for one in table.constants if one.to and one.value],
    }


def _stored_entry(title: str, entry: Entry) -> dict[str, object]:
    stored: dict[str, object] = {"column": title, "to": entry.to}
    stored |= {name: value for name in ("of", "split", "before") if (value := getattr(entry, name))}
    pairs = [line.split("=", 1) for line in entry.values.splitlines() if "=" in line]
    if pairs:
        stored["values"] = {said.strip(): meant.strip() for said, meant in pairs}
        stored["unmapped"] = "drop" if entry.drop else "keep"
    if entry.blank:
        stored["blank_clears"] = True
    return {**stored, **_rest(entry)}


def _rest(entry: Entry) -> dict[str, object]:
    """What goes with the field it was made for, and with no other."""
    try:
        rest = json.loads(entry.rest or "{}")
    except (ValueError, RecursionError):
        return {}
    fits = isinstance(rest, dict) and rest.get("to") == entry.to
    return {key: value for key, value in rest.items() if key not in OFFERED} if fits else {}
