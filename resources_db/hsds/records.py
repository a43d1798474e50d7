"""One record to HSDS and back, pure, dict in and dict out: `to_hsds` beside `from_hsds`.

Plain values are by HSDS field name (hsds/values.py). Nested records and links are added by views and package.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from resources_db.hsds.fields import OBJECTS, Field, Object, StoredRow
from resources_db.hsds.values import BadValueError, Plain, from_column, offset_of, plain

FILLED = "x_filled"
_FILL_WITH_NAME = frozenset({"organization", "program", "taxonomy", "taxonomy_term"})
# Required by HSDS and not to be made up: they leave as an empty text.
_EMPTY = frozenset({"metadata", "organization_identifier"})
NEVER = frozenset({"x_private", "x_visibility"})  # only public records leave, so these would say nothing
# Our defaults say nothing either.
_SAYS_NOTHING: Mapping[str, Plain] = {
    "x_cost_kind": "unknown",
    "x_geocode_quality": "none",
    "x_confidentiality": "public",
    "x_kind": "regular",
    "x_parse_confidence": 1,
    "x_call_first": False,
    "x_sensitive": False,
    "x_takes_referrals": True,
    "x_short_code": False,
    "x_closed": False,
    "x_closes_next_day": False,
    "x_nationwide": False,
}


def plain_of(kind: Object, row: StoredRow) -> dict[str, Plain]:
    """The stored values of a row under their HSDS names; what says nothing is absent."""
    found: dict[str, Plain] = {}
    for field in kind.fields:
        value = from_column(getattr(row, field.column))
        empty = value is None or (field.ours and value == _SAYS_NOTHING.get(field.name))
        if not empty and field.name not in NEVER:
            found[field.name] = value
    return found


def to_hsds(
    kind: str,
    values: Mapping[str, Plain],
    extra: Mapping[str, object] | None = None,
    *,
    offset: float | None = None,
    links: bool = False,
) -> dict[str, object]:
    """The HSDS form of a record. `offset` = hours from UTC for its times; `links` keeps foreign keys (CSV)."""
    record: dict[str, object] = {}
    for field in OBJECTS[kind].fields:
        if field.name in values and (links or not _is_link(field)):
            record.update(_member(field, values[field.name], offset))
    if kind == "schedule" and offset is not None and has_times(values):
        record["timezone"] = _number(offset)
    _fill(kind, record)
    kept = {name: value for name, value in (extra or {}).items() if not name.startswith("_") and value is not None}
    record.update({name: said(value) for name, value in kept.items()})
    return _ordered(OBJECTS[kind], record)


def has_times(values: Mapping[str, Plain]) -> bool:
    """An offset belongs to times; a day that is closed has none."""
    return "opens_at" in values or "closes_at" in values


def from_hsds(kind: str, record: Mapping[str, object]) -> dict[str, Plain]:
    """The plain values of an HSDS record; raises BadValueError. Filled members are taken out again."""
    filled = record.get(FILLED)
    left_out = {str(name) for name in filled} if isinstance(filled, list) else set()
    values: dict[str, Plain] = {}
    for field in OBJECTS[kind].fields:
        raw = record.get(field.name)
        if field.name in left_out or raw is None or field.name == "id":
            continue
        value = plain(field.type, raw)
        if field.type == "time" and isinstance(raw, str) and (offset := offset_of(raw)) is not None:
            values.setdefault("timezone", _number(offset))
        if value is not None:
            values[field.name] = value
    if "x_extension" in record:
        values["extension"] = str(record["x_extension"])
    if "id" in record:
        values["id"] = str(record["id"]).lower()
    return values


def _is_link(field: Field) -> bool:
    return bool(field.target) or field.name in ("link_id", "resource_id")


def _member(field: Field, value: Plain, offset: float | None) -> dict[str, object]:
    if field.type == "extension":
        text = str(value)
        return {field.name: int(text)} if text.isascii() and text.isdigit() else {f"x_{field.name}": text}
    if field.type.startswith("code:") and value not in field.type.removeprefix("code:").split("|"):
        return {}  # stored before the codes of the standard were checked
    if field.type == "time" and offset is not None:
        return {field.name: f"{value}{_offset(offset)}"}
    return {field.name: value}


def _offset(hours: float) -> str:
    minutes = round(abs(hours) * 60)
    return f"{'-' if hours < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"


def _number(hours: float) -> float | int:
    return int(hours) if float(hours).is_integer() else hours


def _fill(kind: str, record: dict[str, object]) -> None:
    """A required member is never invented: a description repeats the name, and says so."""
    if kind in _FILL_WITH_NAME and "description" not in record and "name" in record:
        record["description"] = record["name"]
        record[FILLED] = ["description"]
    if kind in _EMPTY:
        for name in required(kind):
            record.setdefault(name, "")


def required(kind: str) -> list[str]:
    """Members the standard requires beside the id."""
    return [field.name for field in OBJECTS[kind].fields if field.required == "json" and field.name != "id"]


def said(value: object) -> object:
    """The value without what says nothing: no null leaves, however deep it stands."""
    if isinstance(value, dict):
        return {name: said(one) for name, one in value.items() if one is not None}
    return [said(one) for one in value if one is not None] if isinstance(value, list) else value


def _ordered(kind: Object, record: dict[str, object]) -> dict[str, object]:
    """HSDS members in the order of the table, then ours and kept ones by name: the same bytes every time."""
    official = [field.name for field in kind.fields if not field.ours]
    return {name: record[name] for name in official if name in record} | {
        name: record[name] for name in sorted(record.keys() - set(official))
    }


def complete(kind: str, record: Mapping[str, object]) -> bool:
    """Does the record have every member HSDS requires? An address without a street is left out as a whole."""
    return all(name in record for name in required(kind))


def offset_of_row(row: StoredRow, zone: str, today: date) -> float | None:
    """Hours from UTC of an hours row: by the zone of its place on its first day, else as the source gave it."""
    found = offset_hours(zone, getattr(row, "valid_from") or today)  # noqa: B009
    given: float | None = getattr(row, "timezone")  # noqa: B009
    return given if found is None else found


def offset_hours(timezone: str, day: date) -> float | None:
    """Hours from UTC at noon of a day in a zone; None without a zone."""
    if not timezone:
        return None
    found = datetime.combine(day, time(12), tzinfo=ZoneInfo(timezone)).utcoffset()
    return None if found is None else found / timedelta(hours=1)


__all__ = ["BadValueError", "complete", "from_hsds", "offset_hours", "plain_of", "required", "to_hsds"]
