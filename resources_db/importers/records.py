"""What readers hand over: neutral records with HSDS names, and what was wrong, with file, line and column."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol, TypeAlias

from i18n.catalog import lazy_gettext as _
from i18n.lazy import LazyText

Copies: TypeAlias = Literal["once", "agree", "first"]
"""What a second record with the same id means: a doubled row; a nested copy that must agree; the first row counts."""


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Where:
    file: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a place of the input. `value` is what stood there, cut short; never from a private column."""

    where: Where
    code: str
    column: str = ""
    value: str = ""
    severity: Severity = Severity.ERROR

    @property
    def message(self) -> str:
        return str(_MESSAGES.get(self.code, _UNKNOWN))

    def as_row(self) -> dict[str, object]:
        return {
            "severity": self.severity.value,
            "file": self.where.file,
            "line": self.where.line,
            "column": self.column,
            "code": self.code,
            "message": self.message,
            "value": self.value,
        }


@dataclass(slots=True)
class Neutral:
    """One record as its source has it. References hold the source's ids; `columns` names the source's own columns."""

    kind: str
    external_id: str
    values: dict[str, object]
    where: Where
    extra: dict[str, object] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    copies: Copies = "once"


Item: TypeAlias = Neutral | Problem


class Reader(Protocol):
    """A format: is this it, and what is in it?"""

    name: str
    complete_parts: bool

    def read(self) -> Iterator[Item]: ...


OUR_EXTRAS = frozenset({"x_filled", "x_extension", "x_address_text"})
"""Members of our own export that have no column and are known all the same."""

_UNKNOWN = _("This cannot be read.")
_MESSAGES: Mapping[str, LazyText] = {
    "bad_character": _("This text holds a character that cannot be stored."),
    "bad_date": _("This is not a date like 2026-11-22."),
    "bad_date_time": _("This is not a date and time like 2026-11-22T10:30:00Z."),
    "bad_email": _("This is not an e-mail address."),
    "bad_json": _("This is not valid JSON."),
    "bad_number": _("This is not a number."),
    "bad_point": _("These coordinates are not possible; they were left out."),
    "bad_time": _("This is not a time like 09:00."),
    "bad_type": _("This value has the wrong form."),
    "bad_web_address": _("This is not a web address."),
    "bad_word": _("This word is not one of the allowed words."),
    "bad_yes_no": _("This is neither yes nor no."),
    "bad_zip": _("This is not a ZIP code; it was kept as written."),
    "cell_too_long": _("This cell is longer than 64 KiB."),
    "column_mostly_wrong": _("More than half of this column does not fit its name. Check the mapping."),
    "conflicting_rows": _("Rows with the same id say different things. None of them was used."),
    "duplicate_row": _("This row stands here twice; it was used once."),
    "encoding_guessed": _("This file is not UTF-8. It was read as Windows text; check the special letters."),
    "kept_confirmed": _("A person confirmed another value. The import did not overwrite it."),
    "link_dropped": _("This id is not in the import; the link was left out."),
    "markup_removed": _("Markup was turned into plain text."),
    "missing": _("This required value is missing."),
    "needs_unknown": _("The words of this service do not say which need it meets."),
    "no_number": _("There is no phone number in this text; it is shown as written."),
    "orphan": _("This record points at something that does not exist."),
    "placed_hidden": _("The address of this place is kept confidential."),
    "point_out_of_range": _("These coordinates are not possible; they were left out."),
    "point_outside_state": _("These coordinates lie outside the state of the address; they were left out."),
    "status_missing": _("No status is given; the service is taken as active."),
    "too_deep": _("This record is nested too deeply."),
    "too_many_cells": _("This row has more cells than the header."),
    "unknown_column": _("This column is not known; its values were kept aside."),
    "unnamed_column": _("This column has no name; it was not read."),
    "age_dropped": _("An age above 120 was left out."),
    "hours_unclear": _("These hours could not be read for sure; people are asked to call first."),
}
