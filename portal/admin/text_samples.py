"""Every text and word for patients in one language, as the person sees it who decides whether to switch it on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from i18n import budgets, checks, formatting, gsm7, sources
from i18n.catalog import patient, use_language
from messaging import sms_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from babel.messages.catalog import Catalog, Message

    from messaging.sms_text import Measure

DOMAIN = "patient"
_VISIT = dt.datetime(2026, 11, 24, 10, 30)  # noqa: DTZ001 - a wall clock time, only to be read
_OPENS, _CLOSES = dt.time(9), dt.time(13)
_PLAIN = {
    "org": "Riverside Care",
    "staff": "Dana",
    "place": "Hope Pantry",
    "ref": "K7QX",
    "refs": "K7QX, M4TP",
    "link": "https://hndrl.example/r/7kQ2mZp4Vd9TxB3nLw8RcY",
    "code": "482913",
    "tag": "K7",
}


@dataclass(frozen=True, slots=True)
class TextSample:
    """One text to a phone: the English words, what a reader gets, what that bills now and at the most."""

    source: str
    body: str
    measure: Measure
    most: int
    fits: bool


@dataclass(frozen=True, slots=True)
class WordSample:
    """One text of a page; '' where it is not translated yet. `hint` says where it stands."""

    source: str
    words: tuple[str, ...]
    hint: str


@dataclass(frozen=True, slots=True)
class Samples:
    """All of a language."""

    texts: tuple[TextSample, ...]
    words: tuple[WordSample, ...]

    @property
    def missing(self) -> int:
        """How many are still in English."""
        return sum(not text.body for text in self.texts) + sum(not all(word.words) for word in self.words)


def of(code: str) -> Samples:
    """The samples of a language; read anew when its catalog changed."""
    path = sources.path_of(code, DOMAIN)
    return _of(code, path, path.stat().st_mtime if path.exists() else 0.0)


@lru_cache(64)
def _of(code: str, path: Path, changed: float) -> Samples:
    del changed
    catalog = sources.read(path, code)
    with use_language(code, exact=True):
        return Samples(tuple(_texts(catalog, code)), tuple(_words(catalog)))


def _texts(catalog: Catalog, code: str) -> Iterator[TextSample]:
    with use_language("en"):
        english = _values()
    values = _values()
    for message in catalog:
        if message.id and message.context == checks.SMS_CONTEXT:
            words = str(message.string or "")
            body = sms_text.fold(_filled(words, values))
            most = gsm7.count(budgets.filled(words)).segments
            source = _filled(str(message.id), english)
            yield TextSample(source, body, sms_text.measure(body), most, budgets.over(words, code) is None)


def _words(catalog: Catalog) -> Iterator[WordSample]:
    for message in catalog:
        if message.id and message.context != checks.SMS_CONTEXT:
            source, words = _forms(message)
            yield WordSample(source, words, " ".join(message.auto_comments).removeprefix("Translators: "))


def _forms(message: Message) -> tuple[str, tuple[str, ...]]:
    if isinstance(message.id, (tuple, list)):
        forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        return str(message.id[-1]), tuple(dict.fromkeys(str(form or "") for form in forms))
    return str(message.id), (str(message.string or ""),)


def _filled(words: str, values: dict[str, str]) -> str:
    return words % budgets.Longest(values) if "%(" in words else words


def _values() -> dict[str, str]:
    """What a text would be filled with, in the language of the moment."""
    return {
        **_PLAIN,
        "phone": formatting.phone("+15135550142"),
        "place_phone": formatting.phone("+15135550160"),
        "hours": formatting.hours(_OPENS, _CLOSES),
        "when": f"{formatting.day(_VISIT.date())}, {formatting.time(_VISIT.time())}",
        "date": formatting.short_date(_VISIT.date()),
        "day": formatting.short_date(_VISIT.date()),
        "time": formatting.time(_VISIT.time()),
        "answer": patient.gettext("you can help"),
    }
