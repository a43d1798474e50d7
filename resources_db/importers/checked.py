"""Checks neutral records cell by cell and joins copies: what leaves here has typed values and stands once."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from resources_db.hsds.fields import OBJECTS, Field, Object
from resources_db.hsds.values import BadValueError, Plain, offset_of, plain
from resources_db.importers import texts
from resources_db.importers.records import CLEAR, Copies, Item, Neutral, Note, Problem, Severity, Where

Key = tuple[str, str]
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
_COLUMN_AT_LEAST = 10


@dataclass(slots=True)
class Checked:
    """A record with typed values under HSDS names. References still hold the source's ids."""

    kind: str
    external_id: str
    values: dict[str, Plain]
    where: Where
    extra: dict[str, object] = field(default_factory=dict)
    copies: Copies = "once"
    weak: bool = False

    @property
    def key(self) -> Key:
        return self.kind, self.external_id

    def text(self, name: str) -> str:
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def words(self, name: str) -> list[str]:
        value = self.values.get(name)
        return value if isinstance(value, list) else []


@dataclass(slots=True)
class Batch:
    """All good records by kind and id, and everything that was wrong."""

    records: dict[Key, Checked] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    """For the team alone; those of sort "note" only when the run asks for them."""
    rows: int = 0
    _bad: set[Key] = field(default_factory=set)

    def of(self, kind: str) -> list[Checked]:
        return [record for record in self.records.values() if record.kind == kind]

    def warn(self, record: Checked, code: str, column: str = "", value: str = "") -> None:
        self.problems.append(Problem(record.where, code, column, value[:_SHORT], Severity.WARNING))

    def bar(self, key: Key) -> None:
        """Nothing under this key goes in any more; whatever points at it will not either."""
        self.records.pop(key, None)
        self._bad.add(key)

    @property
    def bad_keys(self) -> frozenset[Key]:
        return frozenset(self._bad)

    def barred(self, key: Key) -> bool:
        return key in self._bad

    def refuse(self, record: Checked, code: str, column: str = "", value: str = "") -> None:
        """The record is wrong as a whole."""
        self.problems.append(Problem(record.where, code, column, value[:_SHORT]))
        self.bar(record.key)

    def add(self, record: Checked) -> None:
        """Take a record in; a copy is joined, or refused together with the first when they disagree."""
        if record.key in self._bad:
            if record.copies == "once":
                self.problems.append(Problem(record.where, "conflicting_rows", "id", record.external_id))
            return
        first = self.records.get(record.key)
        if first is None:
            self.records[record.key] = record
        elif record.copies == "first":
            return
        elif record.copies == "once" and record.values == first.values:
            self.warn(record, "duplicate_row", "id", record.external_id)
        elif record.copies == "agree" and _agree(first, record):
            first.values = {**record.values, **first.values}
            first.extra = {**record.extra, **first.extra}
        else:
            self.refuse(first, "conflicting_rows", "id", record.external_id)
            self.problems.append(Problem(record.where, "conflicting_rows", "id", record.external_id))


def _agree(first: Checked, second: Checked) -> bool:
    return all(second.values[name] == value for name, value in first.values.items() if name in second.values)


def check(items: Iterable[Item], on_row: Callable[[int], None] = lambda _: None) -> Batch:
    """Read everything; `on_row` is told the count for a progress bar."""
    batch = Batch()
    filled: Counter[tuple[str, str]] = Counter()
    for item in items:
        if isinstance(item, Problem):
            batch.problems.append(item)
            continue
        if isinstance(item, Note):
            batch.notes.append(item)
            continue
        batch.rows += 1
        on_row(batch.rows)
        filled.update((item.where.file, item.columns.get(name, name)) for name, raw in item.values.items() if raw)
        record = _checked(item, batch)
        if record is not None:
            batch.add(record)
    batch.problems = _by_column(batch.problems, filled)
    return batch


def _checked(item: Neutral, batch: Batch) -> Checked | None:
    kind = OBJECTS[item.kind]
    record = Checked(item.kind, item.external_id, {}, item.where, dict(item.extra), item.copies)
    before = len(batch.problems)
    for name, raw in _ours(item, record).items():
        field_ = kind.field(name)
        if field_ is not None:
            _take(record, field_, raw, batch, item.columns.get(name, name))
    for name, default in _implied(record, batch).items():
        record.values.setdefault(name, default)
    _require(record, kind, item, batch)
    if any(problem.severity == Severity.ERROR for problem in batch.problems[before:]):
        batch.bar(record.key)
        return None
    if not record.external_id:
        record.external_id, record.weak = _natural_key(record), True
    return record


def _ours(item: Neutral, record: Checked) -> dict[str, object]:
    """The values without what our own export filled in; an extension in words is put in its place."""
    filled = record.extra.pop("x_filled", None)
    names = filled if isinstance(filled, list) else str(filled or "").split(";")
    values = {name: raw for name, raw in item.values.items() if name not in names}
    if extension := record.extra.pop("x_extension", None):
        values["extension"] = extension
    return values


def _take(record: Checked, field_: Field, raw: object, batch: Batch, column: str) -> None:
    if raw is CLEAR:
        record.values[field_.name] = None
        return
    try:
        value = plain(field_.type, _cleaned(record, field_, raw, batch, column) if isinstance(raw, str) else raw)
    except texts.UnstorableTextError:
        batch.problems.append(Problem(record.where, "bad_character", column))
        return
    except BadValueError as error:
        fatal = field_.required == "json" and (record.kind, field_.name) not in _DEFAULTS
        severity = Severity.ERROR if fatal else Severity.WARNING
        batch.problems.append(Problem(record.where, error.code, column, str(raw)[:_SHORT], severity))
        if field_.type == "uri":
            record.extra[f"x_{field_.name}_text"] = str(raw).strip()
        return
    if field_.type == "time" and isinstance(raw, str) and (offset := offset_of(raw)) is not None:
        record.values.setdefault("timezone", int(offset) if offset.is_integer() else offset)
    if field_.name in ("minimum_age", "maximum_age") and isinstance(value, int | float) and value > _OLDEST:
        batch.warn(record, "age_dropped", column, str(raw))
    elif value is not None:
        record.values[field_.name] = value


def _cleaned(record: Checked, field_: Field, raw: str, batch: Batch, column: str) -> str:
    text = texts.clean(raw)
    if field_.type != "text" or not texts.has_markup(text) or field_.name == "extent":
        return text
    plain_text = texts.without_markup(text)
    if plain_text != text and "<" in text:
        batch.warn(record, "markup_removed", column)
    return plain_text


def _implied(record: Checked, batch: Batch) -> dict[str, Plain]:
    if record.kind == "service" and "status" not in record.values:
        batch.warn(record, "status_missing", "status")
    return {name: value for (kind, name), value in _DEFAULTS.items() if kind == record.kind}


def _require(record: Checked, kind: Object, item: Neutral, batch: Batch) -> None:
    for field_ in kind.fields:
        lacks = field_.required == "json" and field_.type != "id" and record.values.get(field_.name) is None
        if lacks and (kind.name, field_.name) not in _MAY_LACK and not _reported(batch, record, item, field_):
            column = item.columns.get(field_.name, field_.name)
            batch.problems.append(Problem(record.where, "missing", column))
    if kind.name == "address" and not any(record.values.get(name) for name in ("address_1", "city", "postal_code")):
        batch.problems.append(Problem(record.where, "missing", item.columns.get("address_1", "address_1")))


def _reported(batch: Batch, record: Checked, item: Neutral, field_: Field) -> bool:
    """Already told that this value is bad: not missing as well."""
    last = batch.problems[-1] if batch.problems else None
    column = item.columns.get(field_.name, field_.name)
    return bool(last and last.where == record.where and last.column == column and last.severity == Severity.ERROR)


def _natural_key(record: Checked) -> str:
    """A key for records without an id: name and owners, or all they say where there is no name."""
    name = record.values.get("name")
    values = dict(record.values)
    if isinstance(name, str):
        owners = {one.name: record.values.get(one.name) for one in OBJECTS[record.kind].references}
        values = {"name": " ".join(name.casefold().split()), **owners}
    return "~" + json.dumps(values, sort_keys=True, ensure_ascii=False)


def _by_column(problems: list[Problem], filled: Counter[tuple[str, str]]) -> list[Problem]:
    """A column of which more than half is wrong is one warning about the column, not thousands about rows."""
    groups: dict[tuple[str, str, str], list[Problem]] = defaultdict(list)
    for problem in problems:
        groups[problem.where.file, problem.column, problem.code].append(problem)
    kept: list[Problem] = []
    for (file, column, code), found in groups.items():
        many = code.startswith("bad_") and len(found) >= _COLUMN_AT_LEAST and 2 * len(found) > filled[file, column]
        if many and found[0].severity == Severity.WARNING:
            kept.append(Problem(Where(file), "column_mostly_wrong", column, found[0].value, Severity.WARNING))
        else:
            kept += found
    return kept
