"""Between a reader and the checks: mends what has one right reading, keeps the original, tells what was odd.

Streams: nothing but a few counters is held. Values of places are never quoted, since a place may be confidential.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

from resources_db import places
from resources_db.hsds.fields import OBJECTS, Field
from resources_db.importers import cell_repair, texts
from resources_db.importers.records import Item, Neutral, Note, Problem, Reader, Severity
from resources_db.importers.spoken import language_code
from resources_db.vocab import CostKind

_SHOWN = 80
_NEVER_CHECKED = 1970  # years before it stand for "never" in exports
_UNQUOTED = frozenset({"address", "location", "contact"})
_LEFT_ALONE = frozenset({"attribute", "taxonomy", "taxonomy_term", "metadata", "meta_table_description", "unit"})
_MAY_SAY_NOTHING = frozenset({"text", "uri", "email", "time", "date", "datetime"})
_NONE_SAYS_SOMETHING = frozenset({"fees", "fees_description", "wait_time", "eligibility_description"})
_TOP = frozenset({"organization", "service", "location", "service_at_location", "program"})


@cache
def _fields(kind: str) -> Mapping[str, Field]:
    return {each.name: each for each in OBJECTS[kind].fields}


class Washed:
    """A reader whose records went through the wash."""

    def __init__(self, reader: Reader) -> None:
        self.name = reader.name
        self.complete_parts = reader.complete_parts
        self._reader = reader

    def read(self) -> Iterator[Item]:
        today = datetime.now(UTC).date().isoformat()
        for item in self._reader.read():
            if not isinstance(item, Neutral):
                yield item
                continue
            wash = _Wash(item, today)
            wash.run()
            yield from wash.told
            if not wash.empty:
                yield item


@dataclass(slots=True)
class _Wash:
    """One record on its way; `told` are the problems and notes that come of it."""

    record: Neutral
    today: str
    told: list[Problem | Note] = field(default_factory=list)
    empty: bool = False
    """Nothing is left of the one thing it was about."""

    def run(self) -> None:
        if self.record.kind not in _LEFT_ALONE:
            fields = _fields(self.record.kind)
            for name, value in list(self.record.values.items()):
                if isinstance(value, str) and value and name in fields:
                    self._field(fields[name], value)
        special = _SPECIAL.get(self.record.kind)
        if special:
            special(self)

    def warn(self, code: str, name: str, value: str = "") -> None:
        quoted = "" if self.record.kind in _UNQUOTED else value[:_SHOWN]
        column = self.record.columns.get(name, name)
        self.told.append(Problem(self.record.where, code, column, quoted, Severity.WARNING))

    def _field(self, each: Field, value: str) -> None:
        if broken := texts.broken_in(value):
            self.warn("letters_mended", each.name, broken)
        if each.name in _NONE_SAYS_SOMETHING and value.strip(" .").casefold() == "none":
            return  # no cost, no wait, nobody left out
        if each.type in _MAY_SAY_NOTHING and each.required != "json" and texts.is_nothing(value):
            self.record.values[each.name] = ""
            self.warn("placeholder_dropped", each.name, value)
        elif each.type == "uri":
            self.record.values[each.name] = cell_repair.web_address(value)
        elif each.type in ("date", "datetime"):
            self.record.values[each.name] = cell_repair.moment(value)
        elif each.type == "text" and self.record.kind in _TOP:
            self._words(each.name, value)

    def _words(self, name: str, value: str) -> None:
        if "<" in value and texts.has_markup(value):
            where = self.record.where
            self.told.append(Note(self.record.kind, self.record.external_id, value, where, name, "original"))
        elif cell_repair.is_glued(value, address=False):
            self.warn("words_glued", name, value)

    def text(self, name: str) -> str:
        value = self.record.values.get(name)
        return value.strip() if isinstance(value, str) else ""

    def service(self) -> None:
        if said := self.text("status"):
            self.record.values["status"] = cell_repair.status(said)
        if self.text("fees_description").strip(" .").casefold() == "none":
            self.record.values.setdefault("x_cost_kind", CostKind.FREE.value)
        self.checked_on()

    def organization(self) -> None:
        if len(founded := self.text("year_incorporated")) > 4 and (year := re.search(r"\b(1[5-9]|20)\d\d\b", founded)):
            self.record.values["year_incorporated"] = year[0]
        self.checked_on()

    def checked_on(self) -> None:
        """When the source says it looked: never in the future, and not on the day its clock began."""
        said = self.text("x_confirmed_at")
        if said[:10] > self.today and cell_repair.year_of(said):
            self.warn("date_in_future", "x_confirmed_at", said)
        elif (year := cell_repair.year_of(said)) is None or year >= _NEVER_CHECKED:
            return
        for name in ("x_confirmed_at", "x_confirmed_method"):
            self.record.values.pop(name, None)

    def place(self) -> None:
        self.checked_on()
        values = self.record.values
        pair = places.point_in_words(self.text("latitude")) if "," in self.text("latitude") else None
        if pair is None and not values.get("latitude") and not values.get("x_confidentiality"):
            pair = places.point_in_words(self.text("description"))
        if pair is not None:
            values["latitude"], values["longitude"] = pair
            self.warn("point_from_words", "latitude")

    def address(self) -> None:
        line = self.text("address_1")
        if cell_repair.is_glued(line, address=True):
            self.warn("words_glued", "address_1")
        if any(self.text(name) for name in ("city", "state_province", "postal_code")):
            return
        if lines := cell_repair.address_lines(line):
            self.record.values["address_1"] = ""
            self.record.values.update(lines.values())
            if set(lines.values()) == {"state_province"}:
                self.warn("only_a_state", "address_1")
                self.empty = True

    def phone(self) -> None:
        number = self.text("number")
        if texts.is_nothing(number) or number.casefold() in ("no phone", "no number"):
            self.warn("placeholder_dropped", "number", number)
            self.empty = True

    def history(self) -> None:
        """Who changed a record at the source is nobody's business here: the role stays, the address goes."""
        if "@" in self.text("updated_by"):
            self.record.values["updated_by"] = "editor of the source"

    def schedule(self) -> None:
        if days := self.text("byday"):
            self.record.values["byday"] = cell_repair.weekdays(days)

    def language(self) -> None:
        name = self.text("name")
        if name and not self.text("code") and not language_code(name):
            self.warn("language_unknown", "name", name)

    def document(self) -> None:
        # "none" is no paper; HSDS lets a record stand without words, with a web address or what is said of it.
        self.empty = bool(words := self.text("document")) and texts.is_nothing(words)


_SPECIAL = {
    "service": _Wash.service, "organization": _Wash.organization, "location": _Wash.place, "address": _Wash.address,
    "service_at_location": _Wash.checked_on, "schedule": _Wash.schedule, "language": _Wash.language,
    "required_document": _Wash.document, "phone": _Wash.phone, "metadata": _Wash.history,
}  # fmt: skip
