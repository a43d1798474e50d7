"""Finds the texts to translate: which call belongs to which domain, in Python and in templates.

Extraction methods for Babel (named in `babel.cfg`). A name counts because it was imported from `i18n.catalog`, so
`patient.gettext(...)` goes to the domain `patient` and a patient row that happens to be called `patient` does not.
"""

import ast
import io
import tokenize
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from jinja2.ext import babel_extract

Found = tuple[int, str, str | tuple[str | None, ...] | None, list[str]]
FUNCTIONS = ("gettext", "ngettext", "pgettext", "npgettext", "lazy_gettext", "lazy_pgettext")
DOMAIN_OBJECTS = ("messages", "patient")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "_": None,
}
_TEMPLATE_NAMES = {
    "messages": {
        "_": "gettext",
        "gettext": "gettext",
        "ngettext": "ngettext",
        "pgettext": "pgettext",
        "npgettext": "npgettext",
    },
    "patient": {"p_": "gettext", "pn_": "ngettext", "pp_": "pgettext"},
}


@dataclass(frozen=True, slots=True)
class _Names:
    """What the names of one module mean: a function of a domain, or a domain object."""

    functions: Mapping[str, tuple[str, str]]
    objects: Mapping[str, str]


def python_messages(
    fileobj: BinaryIO, keywords: Collection[str], tags: Collection[str], options: object
) -> Iterator[Found]:
    """Staff texts of a Python file."""
    del keywords, options
    return _python(fileobj.read(), "messages", tags)


def python_patient(
    fileobj: BinaryIO, keywords: Collection[str], tags: Collection[str], options: object
) -> Iterator[Found]:
    """Patient texts of a Python file."""
    del keywords, options
    return _python(fileobj.read(), "patient", tags)


def template_messages(
    fileobj: BinaryIO, keywords: Collection[str], tags: Collection[str], options: dict[str, object]
) -> Iterator[Found]:
    """Staff texts of a template."""
    del keywords
    return _template(fileobj, "messages", tags, options)


def template_patient(
    fileobj: BinaryIO, keywords: Collection[str], tags: Collection[str], options: dict[str, object]
) -> Iterator[Found]:
    """Patient texts of a template."""
    del keywords
    return _template(fileobj, "patient", tags, options)


def _template(fileobj: BinaryIO, domain: str, tags: Collection[str], options: dict[str, object]) -> Iterator[Found]:
    names = _TEMPLATE_NAMES[domain]
    strict = {"trimmed": "true", "silent": "false", "encoding": "utf-8", **options}
    for line, function, message, comments in babel_extract(fileobj, list(names), list(tags), strict):
        if function in names:
            yield line, names[function], message, comments


def _python(source: bytes, domain: str, tags: Collection[str]) -> Iterator[Found]:
    if b"i18n" not in source:
        return
    tree = ast.parse(source)
    names = _names(tree)
    comments = _comments(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            meaning = _meaning(node.func, names)
            if meaning is not None and meaning[0] == domain:
                texts, last = _texts(node.args), node.args[-1] if node.args else node
                if texts:
                    yield (
                        node.lineno,
                        meaning[1].removeprefix("lazy_"),
                        texts,
                        _near(comments, node.lineno, tuple(tags)) or _near(comments, last.lineno, tuple(tags)),
                    )


def _names(tree: ast.Module) -> _Names:
    functions: dict[str, tuple[str, str]] = {}
    objects: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "i18n.catalog":
            for alias in node.names:
                if alias.name in FUNCTIONS:
                    functions[alias.asname or alias.name] = ("messages", alias.name)
                if alias.name in DOMAIN_OBJECTS:
                    objects[alias.asname or alias.name] = alias.name
        if isinstance(node, ast.ImportFrom) and node.module == "i18n":
            objects.update({a.asname or a.name: "messages" for a in node.names if a.name == "catalog"})
    names = _Names(functions, objects)
    functions.update(_given_names(tree, names))
    return names


def _given_names(tree: ast.Module, names: _Names) -> dict[str, tuple[str, str]]:
    """Short names given in the module itself: `_ = patient.gettext`, also behind a `cast` to another type."""
    given: dict[str, tuple[str, str]] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign):
            meaning = _meaning(_behind_cast(node.value), names)
            if meaning is not None:
                given.update({target.id: meaning for target in node.targets if isinstance(target, ast.Name)})
    return given


def _behind_cast(value: ast.expr) -> ast.expr:
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "cast":
        return value.args[1]
    return value


def _meaning(function: ast.expr, names: _Names) -> tuple[str, str] | None:
    if isinstance(function, ast.Name):
        return names.functions.get(function.id)
    if isinstance(function, ast.Attribute) and function.attr in FUNCTIONS:
        owner = function.value
        if isinstance(owner, ast.Name) and owner.id in names.objects:
            return names.objects[owner.id], function.attr
        if isinstance(owner, ast.Attribute) and owner.attr in DOMAIN_OBJECTS:
            return owner.attr, function.attr
    return None


def _texts(arguments: Iterable[ast.expr]) -> str | tuple[str | None, ...] | None:
    texts = [a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else None for a in arguments]
    if not texts or texts[0] is None:
        return None
    return texts[0] if len(texts) == 1 else tuple(texts)


def _comments(source: bytes) -> dict[int, str]:
    tokens = tokenize.tokenize(io.BytesIO(source).readline)
    return {t.start[0]: t.string.lstrip("# ").rstrip() for t in tokens if t.type == tokenize.COMMENT}


def _near(comments: Mapping[int, str], line: int, tags: tuple[str, ...]) -> list[str]:
    """The block of comment lines that ends just above a call, from the line with the tag on."""
    first = line
    while first - 1 in comments:
        first -= 1
    block = [comments[at] for at in range(first, line)]
    starts = [place for place, text in enumerate(block) if tags and text.startswith(tags)]
    return block[starts[-1] :] if starts else []
