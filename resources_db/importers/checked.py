"""Checks neutral records cell by cell: what leaves here has typed values, or was refused with a reason."""

import json
from collections import Counter
from collections.abc import Callable, Iterable

from resources_db.hsds.fields import OBJECTS, Field
from resources_db.hsds.values import BadValueError, Plain, offset_of, plain
from resources_db.importers import texts
from resources_db.importers.batch import Batch, Checked
from resources_db.importers.records import CLEAR, Item, Neutral, Note, Problem

_OLDEST = 120
_SHORT = 80
# Required by HSDS, but what is missing is filled on export or taken as said here, never an error.
_DEFAULTS: dict[tuple[str, str], Plain] = {
    ("service", "status"): "active",
    ("location", "location_type"): "physical",
    ("address", "country"): "US",
    ("address", "address_type"): "physical",
}
_MAY_LACK = frozenset(
    {(kind, "description") for kind in ("organization", "program", "taxonomy", "taxonomy_term")}
    | {("address", name) for name in ("address_1", "city", "state_province", "postal_code")}
    | {("metadata", name) for name in ("previous_value", "replacement_value", "last_action_date")}
    | {("metadata", name) for name in ("last_action_type", "field_name", "updated_by")}
    | {("organization_identifier", "identifier_type")}
)
_PLACE_WORDS = ("address_1", "city", "postal_code")
_FIELDS = {kind.name: {field.name: field for field in kind.fields} for kind in OBJECTS.values()}
_REQUIRED = {
    kind.name: [
        field.name
        for field in kind.fields
        if field.required == "json" and field.type != "id" and (kind.name, field.name) not in _MAY_LACK
    ]
    for kind in OBJECTS.values()
}
_IMPLIED: dict[str, dict[str, Plain]] = {}
for (_kind, _name), _default in _DEFAULTS.items():
    _IMPLIED.setdefault(_kind, {})[_name] = _default


def check(batch: Batch, items: Iterable[Item], on_row: Callable[[int], None] = lambda _: None) -> None:
    """Read everything into the batch; `on_row` is told the count for a progress bar."""
    filled: Counter[tuple[str, str]] = Counter()
    for item in items:
        if isinstance(item, Problem):
            batch.problems.add(item)
            continue
        if isinstance(item, Note):
            batch.note(item)
            continue
        batch.rows += 1
        on_row(batch.rows)
        filled.update((item.where.file, item.columns.get(name, name)) for name, raw in item.values.items() if raw)
        if (record := _Checking(item, batch).record()) is not None:
            batch.add(record)
    batch.problems.join_columns(filled)


class _Checking:
    """One record on its way from its source's words to typed values."""

    def __init__(self, item: Neutral, batch: Batch) -> None:
        self._item, self._batch = item, batch
        self._kind = OBJECTS[item.kind]
        self._record = Checked(item.kind, item.external_id, {}, item.where, dict(item.extra), item.copies)
        self._wrong: set[str] = set()
        """Columns with an error."""

    def record(self) -> Checked | None:
        """The record, or None when it was refused."""
        record = self._record
        fields = _FIELDS[record.kind]
        for name, raw in self._ours().items():
            if name in fields:
                self._take(fields[name], raw)
        self._imply()
        self._require()
        self._check_rest()
        if self._wrong:
            if _is_text(record.external_id):
                self._batch.bar(record.key)
            return None
        if not record.external_id:
            record.external_id, record.weak = _natural_key(record), True
        return record

    def _error(self, code: str, column: str, value: str = "") -> None:
        self._wrong.add(column)
        self._batch.problems.add(Problem(self._record.where, code, column, value[:_SHORT]))

    def _column(self, name: str) -> str:
        return self._item.columns.get(name, name)

    def _ours(self) -> dict[str, object]:
        """The values without what our own export filled in; an extension in words is put in its place."""
        filled = self._record.extra.pop("x_filled", None)
        names = filled if isinstance(filled, list) else str(filled or "").split(";")
        values = {name: raw for name, raw in self._item.values.items() if name not in names}
        if extension := self._record.extra.pop("x_extension", None):
            values["extension"] = extension
        return values

    def _take(self, field: Field, raw: object) -> None:
        record, column = self._record, self._column(field.name)
        if raw is CLEAR:
            record.values[field.name] = None
            return
        try:
            value = plain(field.type, self._cleaned(field, raw) if isinstance(raw, str) else raw)
        except texts.UnstorableTextError:
            self._error("bad_character", column)
            return
        except BadValueError as error:
            if field.required == "json" and (record.kind, field.name) not in _DEFAULTS:
                self._error(error.code, column, str(raw))
            else:
                self._batch.warn(record, error.code, column, str(raw))
            if field.type == "uri":
                record.extra[f"x_{field.name}_text"] = str(raw).strip()
            return
        if field.type == "time" and isinstance(raw, str) and (offset := offset_of(raw)) is not None:
            record.values.setdefault("timezone", int(offset) if offset.is_integer() else offset)
        if field.name in ("minimum_age", "maximum_age") and isinstance(value, int | float) and value > _OLDEST:
            self._batch.warn(record, "age_dropped", column, str(raw))
        elif value is not None:
            record.values[field.name] = value

    def _cleaned(self, field: Field, raw: str) -> str:
        text = texts.clean(raw)
        if field.type != "text" or not texts.has_markup(text) or field.name == "extent":
            return text
        plain_text = texts.without_markup(text)
        if plain_text != text and "<" in text:
            record = self._record
            self._batch.warn(record, "markup_removed", self._column(field.name))
            self._batch.note(Note(record.kind, record.external_id, text, record.where, field.name, "original"))
        return plain_text

    def _imply(self) -> None:
        if self._record.kind == "service" and self._record.values.get("status") is None:
            self._batch.warn(self._record, "status_missing", self._column("status"))
        for name, default in _IMPLIED.get(self._record.kind, {}).items():
            if self._record.values.get(name) is None:
                self._record.values[name] = default

    def _require(self) -> None:
        values = self._record.values
        for name in _REQUIRED[self._record.kind]:
            if values.get(name) is None and self._column(name) not in self._wrong:
                self._error("missing", self._column(name))
        if self._record.kind == "address" and not any(values.get(name) for name in _PLACE_WORDS):
            self._error("missing", self._column("address_1"))

    def _check_rest(self) -> None:
        """The id and what is kept aside must be storable too."""
        if not _is_text(self._record.external_id):
            self._error("bad_character", self._column("id"))
        for name, value in list(self._record.extra.items()):
            if code := _unstorable(name, value):
                self._batch.warn(self._record, code, name[:_SHORT])
                del self._record.extra[name]


def _is_text(text: str) -> bool:
    return "\0" not in text and text.isprintable() and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _unstorable(name: str, value: object) -> str:
    """Why neither database takes this; empty when they do."""
    try:
        text = json.dumps([name, value], allow_nan=False, ensure_ascii=False)
        texts.clean(text)
    except RecursionError:
        return "too_deep"
    except texts.UnstorableTextError:
        return "bad_character"
    except ValueError:
        return "bad_number"
    return "bad_character" if "\\u0000" in text else ""


def _natural_key(record: Checked) -> str:
    """A key for records without an id: name and owners, or all they say where there is no name."""
    name = record.values.get("name")
    values = dict(record.values)
    if isinstance(name, str):
        owners = {one.name: record.values.get(one.name) for one in OBJECTS[record.kind].references}
        values = {"name": " ".join(name.casefold().split()), **owners}
    return "~" + json.dumps(values, sort_keys=True, ensure_ascii=False)
