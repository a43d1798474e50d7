"""How one field is put together from the cells of a row: columns, templates, splitting, value maps, conditions.

A description becomes a function once; after that a row is only cells in, text out. Knows nothing of records.
"""

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias, cast

from resources_db.importers import texts
from resources_db.importers.mapping_errors import BadMappingError
from resources_db.places import mend_zip

Cells: TypeAlias = Mapping[str, str]
Made: TypeAlias = str | list[str]
Maker: TypeAlias = Callable[[Cells], Made]
Test: TypeAlias = Callable[[Cells], bool]
Spec: TypeAlias = Mapping[str, object]
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_LONGEST_PATTERN = 200
_EXPLODES = re.compile(r"\([^()]*[+*][^()]*\)\s*[+*{]")  # (a+)+ takes years on the wrong cell


def column_of(spec: object) -> str:
    """The one column a description speaks of, for reports; empty when it is several or none."""
    if isinstance(spec, str):
        return spec if not _PLACEHOLDER.search(spec) else ""
    return str(spec.get("column", "")) if isinstance(spec, dict) else ""


def maker(spec: object, where: str) -> Maker:
    """What a field's description makes of a row: a column name, a `{template}`, or a table of steps."""
    if isinstance(spec, str):
        return template(spec) if _PLACEHOLDER.search(spec) else lambda cells: cells.get(spec, "").strip()
    if isinstance(spec, bool | int | float):
        return lambda _: str(spec)
    if isinstance(spec, dict):
        return _steps(cast("Spec", spec), where)
    raise BadMappingError("bad_steps", where)


def template(spec: str) -> Maker:
    def make(cells: Cells) -> str:
        return _PLACEHOLDER.sub(lambda found: _filtered(found[1], cells), spec).strip()

    return make


def _filtered(expression: str, cells: Cells) -> str:
    column, *filters = (part.strip() for part in expression.split("|"))
    value = cells.get(column, "").strip()
    for name in filters:
        value = CLEANERS[name](value) if name in CLEANERS else value
    return value


def _steps(spec: Spec, where: str) -> Maker:
    first = _first(spec, where)
    allowed = condition(spec.get("when", spec.get("only_if")), where)
    cleaners = [_cleaner(name, where) for name in names(spec.get("clean"))]
    extract, mapped = _extract(spec, where), _mapped(spec)
    before, after = str(spec.get("before", "")), str(spec.get("after", ""))
    separator = str(spec.get("split") or "")

    def one(value: str) -> str:
        value = extract(value)
        for clean in cleaners:
            value = clean(value)
        value = mapped(value)
        return f"{before}{value}{after}" if value else ""

    def make(cells: Cells) -> Made:
        if not allowed(cells):
            return ""
        value = first(cells)
        if separator and isinstance(value, str):
            value = value.split(separator)
        if isinstance(value, list):
            return list(dict.fromkeys(made for part in value if (made := one(part.strip()))))
        return one(value)

    return make


def _first(spec: Spec, where: str) -> Maker:
    if "const" in spec:
        return lambda _: str(spec["const"])
    if "columns" in spec:
        columns, joint = names(spec["columns"]), str(spec.get("join", " "))
        return lambda cells: joint.join(text for name in columns if (text := cells.get(name, "").strip()))
    for word, keep_all in (("all", True), ("any", False)):
        if word in spec:
            makers = [maker(one, where) for one in cast("list[object]", spec[word])]
            return _several(makers, keep_all=keep_all)
    if "column" in spec:
        column = str(spec["column"])
        return lambda cells: cells.get(column, "").strip()
    if "template" in spec:
        return template(str(spec["template"]))
    raise BadMappingError("bad_steps", where)


def _several(makers: list[Maker], *, keep_all: bool) -> Maker:
    def make(cells: Cells) -> Made:
        made = [value for one in makers if (value := one(cells))]
        if not keep_all:
            return made[0] if made else ""
        return flat(made)

    return make


def flat(made: list[Made]) -> list[str]:
    """All parts, each once."""
    return list(dict.fromkeys(part for value in made for part in (value if isinstance(value, list) else [value])))


def _extract(spec: Spec, where: str) -> Callable[[str], str]:
    if "extract" not in spec:
        return lambda value: value
    pattern = _pattern(spec["extract"], where, re.DOTALL)

    def take(value: str) -> str:
        found = pattern.search(value)
        return ((found[1] if pattern.groups else found[0]) or "").strip() if found else ""

    return take


def _pattern(text: object, where: str, flags: re.RegexFlag) -> re.Pattern[str]:
    try:
        if len(str(text)) > _LONGEST_PATTERN or _EXPLODES.search(str(text)):
            raise BadMappingError("bad_pattern", where, str(text)[:_LONGEST_PATTERN])
        return re.compile(str(text), flags)
    except re.error:
        raise BadMappingError("bad_pattern", where, str(text)) from None


def _mapped(spec: Spec) -> Callable[[str], str]:
    given = cast("Mapping[object, object]", spec.get("map") or spec.get("values") or {})
    table = {str(key).strip().casefold(): str(to) for key, to in given.items()}
    drop, default = spec.get("unmapped") == "drop", str(spec.get("default") or "")

    def take(value: str) -> str:
        if table:
            value = table.get(value.casefold(), "" if drop else value)
        return value or default

    return take


def condition(spec: object, where: str) -> Test:
    """`{column: type, is: food bank site}`; `in`, `not`, `matches` and `filled` too; a list means all of them."""
    if spec is None:
        return lambda _: True
    if isinstance(spec, list):
        parts = [condition(one, where) for one in spec]
        return lambda cells: all(part(cells) for part in parts)
    if not isinstance(spec, dict) or "column" not in spec:
        raise BadMappingError("bad_condition", where)
    column = str(spec["column"])
    test = _test(cast("Spec", spec), where)
    return lambda cells: test(cells.get(column, "").strip())


def _test(spec: Spec, where: str) -> Callable[[str], bool]:
    if "is" in spec:
        return lambda value: value.casefold() == str(spec["is"]).casefold()
    if "not" in spec:
        return lambda value: value.casefold() != str(spec["not"]).casefold()
    if "in" in spec:
        words = {word.casefold() for word in names(spec["in"])}
        return lambda value: value.casefold() in words
    if "matches" in spec:
        pattern = _pattern(spec["matches"], where, re.IGNORECASE)
        return lambda value: bool(pattern.search(value))
    if "filled" in spec:
        return lambda value: bool(value) == bool(spec["filled"])
    raise BadMappingError("bad_condition", where)


def names(spec: object) -> list[str]:
    if spec is None:
        return []
    return [str(one) for one in spec] if isinstance(spec, list) else [str(spec)]


def _cleaner(name: str, where: str) -> Callable[[str], str]:
    if name not in CLEANERS:
        raise BadMappingError("unknown_cleaner", where, name)
    return CLEANERS[name]


def title(text: str) -> str:
    """Display case for names in capitals only; anything else was written with care."""
    if not text.isupper():
        return text
    small = {"Of", "The", "And", "At", "For", "In", "On", "De", "La", "Del"}
    words = [word if any(c.isdigit() for c in word) else word.capitalize() for word in text.split()]
    return " ".join(word.lower() if at and word in small else word for at, word in enumerate(words))


def key(text: str) -> str:
    """A name as a key: case, punctuation and legal forms do not count."""
    words = re.findall(r"[a-z0-9]+", text.casefold().replace("'", ""))
    return "-".join(word for word in words if word not in {"inc", "llc", "the", "co", "corp"}) or "-".join(words)


CLEANERS: Mapping[str, Callable[[str], str]] = {
    "text": lambda text: "" if texts.is_nothing(text) else texts.without_markup(text),
    "zip": lambda text: mend_zip(text) or text,
    "title": title,
    "key": key,
    "lower": str.lower,
    "upper": str.upper,
}
