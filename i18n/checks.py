"""Checks of one catalog against its source: nothing missing, no lost placeholder, no strange mark, no dear text.

Reads Babel catalogs, changes nothing. `i18n check` prints what these find; the tests ask for none.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from babel.messages.catalog import Catalog, Message

from i18n import budgets

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
STRAY_PERCENT = re.compile(r"%(?!\(\w+\)[sd])")
TAG = re.compile(r"</?([a-zA-Z0-9]+)")
ALLOWED_TAGS = frozenset({"b", "a"})
BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
URL = re.compile(r"https?://\S+")
#: A singular or dual form may leave the number out ("one day ago").
NUMBER_NAMES = frozenset({"num", "n", "count"})
SMS_CONTEXT = "sms"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one text."""

    code: str
    msgid: str
    detail: str = ""

    def __str__(self) -> str:
        """The problem in one line for a terminal."""
        return f"{self.code}: {self.msgid[:70]!r} {self.detail}".rstrip()


def placeholders(text: str) -> Counter[str]:
    """Named placeholders of a text, with how often each is used."""
    return Counter(percent or brace for percent, brace in PLACEHOLDER.findall(text))


def check(catalog: Catalog, source: Catalog, *, complete: bool) -> list[Problem]:
    """All problems of a catalog; gaps and guesses count only where it must be complete."""
    code = str(catalog.locale) if catalog.locale else "en"
    problems = list(_missing(catalog, source)) if complete else []
    for message in catalog:
        if message.id and not message.fuzzy:
            problems += _entry(message, catalog.num_plurals, code)
        elif message.id and complete:
            problems.append(Problem("fuzzy", _name(message)))
    return problems


def gaps(catalog: Catalog, source: Catalog) -> list[Problem]:
    """Texts of the code that a catalog has no words for: a reader gets them in English."""
    return list(_missing(catalog, source))


def draft_gaps(catalog: Catalog, source: Catalog) -> list[Problem]:
    """Texts to phones that a draft lacks: a text goes out whole, while a page may show a line in English."""
    texts = {_name(message) for message in source if message.context == SMS_CONTEXT}
    return [problem for problem in gaps(catalog, source) if problem.msgid in texts]


def unused(catalog: Catalog, source: Catalog) -> list[Problem]:
    """Texts of a catalog that the code no longer has."""
    known = {_key(message) for message in source}
    return [Problem("unused", _name(m)) for m in catalog if m.id and _key(m) not in known]


def check_source(source: Catalog) -> list[Problem]:
    """Problems of the English texts themselves."""
    problems: list[Problem] = []
    for message in source:
        for text in _ids(message):
            problems += _shape(message, text)
            problems += _cost(message, text, "en")
    return problems


def _missing(catalog: Catalog, source: Catalog) -> Iterator[Problem]:
    have = {_key(m): m for m in catalog}
    for message in source:
        if message.id:
            found = have.get(_key(message))
            if found is None or not all(_strings(found)):
                yield Problem("missing", _name(message))


def _entry(message: Message, nplurals: int, code: str) -> Iterator[Problem]:
    forms = _strings(message)
    if isinstance(message.id, tuple) and len(forms) != nplurals:
        yield Problem("plural forms", _name(message), f"{len(forms)}, not {nplurals}")
    for text in filter(None, forms):
        yield from _against_source(message, text)
        yield from _shape(message, text)
        yield from _cost(message, text, code)


def _against_source(message: Message, text: str) -> Iterator[Problem]:
    source = _ids(message)[-1]
    wanted, got = placeholders(source), placeholders(text)
    lost = set(wanted) - set(got)
    number_left_out = isinstance(message.id, tuple) and set(got) <= set(wanted) and lost <= NUMBER_NAMES
    if got != wanted and not number_left_out:
        yield Problem("placeholders", _name(message), f"{dict(wanted)} against {dict(got)}")
    if Counter(TAG.findall(source)) != Counter(TAG.findall(text)):
        yield Problem("tags", _name(message))
    if set(URL.findall(text)) - set(URL.findall(source)):
        yield Problem("foreign url", _name(message))


def _shape(message: Message, text: str) -> Iterator[Problem]:
    if text.strip() != text:
        yield Problem("edge whitespace", _name(message))
    if BIDI.search(text):
        yield Problem("bidi control", _name(message))
    if set(TAG.findall(text)) - ALLOWED_TAGS:
        yield Problem("markup", _name(message), "only <b> and <a> may stand in a text")
    if placeholders(text) and STRAY_PERCENT.search(text.replace("%%", "")):
        yield Problem("stray percent", _name(message))


def _cost(message: Message, text: str, code: str) -> Iterator[Problem]:
    if message.context == SMS_CONTEXT or (message.context or "").startswith(SMS_CONTEXT + " "):
        counted = budgets.over(text, code)
        if counted is not None:
            letters = "".join(counted.not_gsm7)
            yield Problem("segments", _name(message), f"{counted.segments} of {counted.encoding} ({letters})")


def _key(message: Message) -> tuple[str | None, str]:
    return message.context, _ids(message)[0]


def _ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, (tuple, list)) else (message.id,)


def _strings(message: Message) -> tuple[str, ...]:
    if isinstance(message.id, (tuple, list)):
        return tuple(message.string) if isinstance(message.string, (tuple, list)) and message.string else ("",)
    return (str(message.string or ""),)


def _name(message: Message) -> str:
    return _ids(message)[0]
