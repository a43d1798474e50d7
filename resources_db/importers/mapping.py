"""The mapping file of a generic CSV: which records a row makes, and how each field is put together from its columns.

The format is described in docs/import-mapping.md; an example is in docs/examples/.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import yaml

from resources_db.hsds.fields import OBJECTS
from resources_db.importers import texts
from resources_db.places import mend_zip

Cells = Mapping[str, str]
Made = str | list[str]
Maker = Callable[[Cells], Made]
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


class BadMappingError(ValueError):
    """The mapping file cannot be used; the text says where and why."""


@dataclass(frozen=True, slots=True)
class RecordMap:
    kind: str
    id: Maker
    fields: Mapping[str, Maker]
    columns: Mapping[str, str]
    only_if: Callable[[Cells], bool]
    each: tuple[str, ...]
    """Fields whose list makes one record each."""


@dataclass(frozen=True, slots=True)
class FileMapping:
    source: str
    records: tuple[RecordMap, ...]
    raw: Mapping[str, object]


def load(path: Path) -> FileMapping:
    """Read a mapping file (YAML or JSON); raises BadMappingError."""
    text = path.read_text("utf-8")
    try:
        raw = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError) as error:
        raise BadMappingError(f"{path.name}: {str(error).splitlines()[0]}") from None
    return of(raw, path.stem)


def of(raw: object, name: str) -> FileMapping:
    """A mapping as it is kept; raises BadMappingError."""
    if not isinstance(raw, dict) or not isinstance(raw.get("records"), list):
        raise BadMappingError(f"{name}: needs a list named records")
    records = tuple(_record(cast("Mapping[str, object]", one)) for one in raw["records"])
    return FileMapping(str(raw.get("source") or name), records, raw)


def _record(raw: Mapping[str, object]) -> RecordMap:
    kind = str(raw.get("object", ""))
    if kind not in OBJECTS:
        raise BadMappingError(f"object: {kind or '?'} is not an HSDS object")
    fields = cast("Mapping[str, object]", raw.get("fields") or {})
    unknown = [name for name in fields if OBJECTS[kind].field(name) is None]
    if unknown:
        raise BadMappingError(f"{kind}: unknown field {unknown[0]}")
    if "id" not in raw:
        raise BadMappingError(f"{kind}: needs an id")
    return RecordMap(
        kind=kind,
        id=maker(raw["id"], f"{kind}.id"),
        fields={name: maker(spec, f"{kind}.{name}") for name, spec in fields.items()},
        columns={name: column for name, spec in fields.items() if (column := _column(spec))},
        only_if=_condition(raw.get("when"), kind),
        each=tuple(name for name, spec in fields.items() if isinstance(spec, dict) and spec.get("each")),
    )


def _column(spec: object) -> str:
    if isinstance(spec, str):
        return spec if not _PLACEHOLDER.search(spec) else ""
    return str(spec.get("column", "")) if isinstance(spec, dict) else ""


def maker(spec: object, where: str) -> Maker:
    """What a field's description makes of a row: a column name, a `{template}`, or a table of steps."""
    if isinstance(spec, str):
        return _template(spec) if _PLACEHOLDER.search(spec) else lambda cells: cells.get(spec, "").strip()
    if isinstance(spec, bool | int | float):
        return lambda _: str(spec)
    if isinstance(spec, dict):
        return _steps(cast("Mapping[str, object]", spec), where)
    raise BadMappingError(f"{where}: cannot be read")


def _template(spec: str) -> Maker:
    def make(cells: Cells) -> str:
        return _PLACEHOLDER.sub(lambda found: _filtered(found[1], cells), spec).strip()

    return make


def _filtered(expression: str, cells: Cells) -> str:
    column, *filters = (part.strip() for part in expression.split("|"))
    value = cells.get(column, "").strip()
    for name in filters:
        value = _CLEANERS[name](value) if name in _CLEANERS else value
    return value


def _steps(spec: Mapping[str, object], where: str) -> Maker:
    first = _first(spec, where)
    allowed = _condition(spec.get("when"), where)

    def make(cells: Cells) -> Made:
        if not allowed(cells):
            return ""
        value = first(cells)
        if isinstance(value, list):
            return value
        value = _extract(spec, value)
        for name in _names(spec.get("clean")):
            if name not in _CLEANERS:
                raise BadMappingError(f"{where}: unknown cleaner {name}")
            value = _CLEANERS[name](value)
        value = _mapped(spec, value)
        if "split" in spec:
            return [part.strip() for part in value.split(str(spec["split"])) if part.strip()]
        return value

    return make


def _first(spec: Mapping[str, object], where: str) -> Maker:
    if "const" in spec:
        return lambda _: str(spec["const"])
    if "columns" in spec:
        columns, joint = _names(spec["columns"]), str(spec.get("join", " "))
        return lambda cells: joint.join(text for name in columns if (text := cells.get(name, "").strip()))
    for word, keep_all in (("all", True), ("any", False)):
        if word in spec:
            makers = [maker(one, where) for one in cast("list[object]", spec[word])]
            return _several(makers, keep_all=keep_all)
    if "column" in spec:
        return maker(str(spec["column"]), where)
    if "template" in spec:
        return _template(str(spec["template"]))
    raise BadMappingError(f"{where}: needs column, columns, template, const, all or any")


def _several(makers: list[Maker], *, keep_all: bool) -> Maker:
    def make(cells: Cells) -> Made:
        made = [value for one in makers if (value := one(cells))]
        if not keep_all:
            return made[0] if made else ""
        parts = [part for value in made for part in (value if isinstance(value, list) else [value])]
        return list(dict.fromkeys(parts))

    return make


def _extract(spec: Mapping[str, object], value: str) -> str:
    if "extract" not in spec:
        return value
    found = re.search(str(spec["extract"]), value, re.DOTALL)
    return (found[1] if found.re.groups else found[0]).strip() if found else ""


def _mapped(spec: Mapping[str, object], value: str) -> str:
    if "map" in spec:
        table = {str(key).casefold(): str(to) for key, to in cast("Mapping[object, object]", spec["map"]).items()}
        value = table.get(value.casefold(), "" if spec.get("unmapped") == "drop" else value)
    return value or str(spec.get("default", ""))


def _condition(spec: object, where: str) -> Callable[[Cells], bool]:
    """`{column: type, is: food bank site}`; `in`, `not`, `matches` and `filled` too; a list means all of them."""
    if spec is None:
        return lambda _: True
    if isinstance(spec, list):
        parts = [_condition(one, where) for one in spec]
        return lambda cells: all(part(cells) for part in parts)
    if not isinstance(spec, dict) or "column" not in spec:
        raise BadMappingError(f"{where}: when needs a column")
    column = str(spec["column"])
    test = _test(cast("Mapping[str, object]", spec), where)
    return lambda cells: test(cells.get(column, "").strip())


def _test(spec: Mapping[str, object], where: str) -> Callable[[str], bool]:
    if "is" in spec:
        return lambda value: value.casefold() == str(spec["is"]).casefold()
    if "not" in spec:
        return lambda value: value.casefold() != str(spec["not"]).casefold()
    if "in" in spec:
        words = {word.casefold() for word in _names(spec["in"])}
        return lambda value: value.casefold() in words
    if "matches" in spec:
        pattern = re.compile(str(spec["matches"]), re.IGNORECASE)
        return lambda value: bool(pattern.search(value))
    if "filled" in spec:
        return lambda value: bool(value) == bool(spec["filled"])
    raise BadMappingError(f"{where}: when needs is, not, in, matches or filled")


def _names(spec: object) -> list[str]:
    if spec is None:
        return []
    return [str(one) for one in spec] if isinstance(spec, list) else [str(spec)]


def _title(text: str) -> str:
    """Display case for names in capitals only; anything else was written with care."""
    if not text.isupper():
        return text
    small = {"Of", "The", "And", "At", "For", "In", "On", "De", "La", "Del"}
    words = [word if any(c.isdigit() for c in word) else word.capitalize() for word in text.split()]
    return " ".join(word.lower() if at and word in small else word for at, word in enumerate(words))


def _key(text: str) -> str:
    """A name as a key: case, punctuation and legal forms do not count."""
    words = re.findall(r"[a-z0-9]+", text.casefold().replace("'", ""))
    return "-".join(word for word in words if word not in {"inc", "llc", "the", "co", "corp"}) or "-".join(words)


_CLEANERS: Mapping[str, Callable[[str], str]] = {
    "text": lambda text: "" if texts.is_nothing(text) else texts.without_markup(text),
    "zip": lambda text: mend_zip(text) or text,
    "title": _title,
    "key": _key,
    "lower": str.lower,
    "upper": str.upper,
}
