"""The words: gettext in the language of the moment, in two domains, without Flask.

`gettext` and friends speak to staff and agencies (domain `messages`); `patient.gettext` to patients (domain
`patient`). Placeholders are `%(name)s` and are filled only when values are given. Catalogs are read from `.mo`
files, or straight from `.po` where none was built, so a fresh clone needs no build step.
"""

import io
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from i18n.lazy import LazyText
from i18n.locales import LANGUAGES, SOURCE, CatalogState, Language, get
from i18n.pseudo import PseudoTranslations

LOCALE_DIR = Path(__file__).with_name("locale")
DOMAINS = ("messages", "patient")
ENV_PSEUDO = "HANDRAIL_PSEUDO"

_current: ContextVar[str] = ContextVar("language", default=SOURCE)
_drafts_on: set[str] = set()


def switch_on(codes: Collection[str]) -> None:
    """Name the draft languages an admin has switched on; all other drafts speak English."""
    _drafts_on.clear()
    _drafts_on.update(codes)


def pseudo_on() -> bool:
    """Whether the pseudo-locales may be chosen (tests and trials only)."""
    return os.environ.get(ENV_PSEUDO, "") not in ("", "0")


def readable(code: str) -> bool:
    """Whether we have words in this language and may show them."""
    status = get(code).status
    if status is CatalogState.DRAFT:
        return code in _drafts_on
    if status is CatalogState.PSEUDO:
        return pseudo_on()
    return status is CatalogState.COMPLETE


def spoken(code: str) -> str:
    """The language a reader of this one gets now: itself if we may show it, else its stand-in (mostly English)."""
    return code if readable(code) else get(code).instead


def spoken_by_staff(code: str) -> str:
    """The same for words to staff and agencies: a draft holds words for patients only."""
    return get(code).instead if get(code).status is CatalogState.DRAFT else spoken(code)


def offered() -> tuple[Language, ...]:
    """The languages a reader may choose now, English first."""
    return tuple(one for one in LANGUAGES.values() if readable(one.code))


def current_language() -> Language:
    """The language of the moment."""
    return get(_current.get())


@contextmanager
def use_language(code: str, *, exact: bool = False) -> Iterator[Language]:
    """Speak a language inside the block, whoever asked: for pages, and for texts to *another* person.

    A language without words of ours (or a draft that is off) reads as its stand-in, formats included. `exact` takes
    the language as it is, for tests and for names of days in a language we have formats but no words for.
    """
    token = _current.set(code if exact else spoken(code))
    try:
        yield current_language()
    finally:
        _current.reset(token)


@cache
def translations(code: str, domain: str) -> NullTranslations:
    """The catalog of a language; empty (English source text) if there is none."""
    language = get(code)
    if language.status is CatalogState.PSEUDO:
        return PseudoTranslations(rtl=language.rtl)
    folder = LOCALE_DIR / code / "LC_MESSAGES"
    source, built = folder / f"{domain}.po", folder / f"{domain}.mo"
    if built.exists() and (not source.exists() or built.stat().st_mtime >= source.stat().st_mtime):
        with built.open("rb") as file:
            return GNUTranslations(file)
    return _compiled(source, code) if source.exists() else NullTranslations()


def _compiled(source: Path, code: str) -> GNUTranslations:
    with source.open("rb") as file:
        catalog = read_po(file, locale=code)
    memory = io.BytesIO()
    write_mo(memory, catalog)
    memory.seek(0)
    return GNUTranslations(memory)


def _filled(text: str, values: dict[str, object]) -> str:
    return text % values if values else text


class Domain:
    """One set of words; the language is the one of the moment."""

    def __init__(self, name: str) -> None:
        """Name the domain, which is also the file name of its catalogs."""
        self.name = name

    def _words(self) -> NullTranslations:
        return translations(_current.get(), self.name)

    def plain(self, message: str) -> str:
        """The words of a message, placeholders as they are."""
        return self._words().gettext(message)

    def plain_plural(self, singular: str, plural: str, n: int) -> str:
        """The words of the form for a number, placeholders as they are."""
        return self._words().ngettext(singular, plural, n)

    def plain_context(self, context: str, message: str) -> str:
        """The words of a message that needs a context, placeholders as they are."""
        return self._words().pgettext(context, message)

    def plain_context_plural(self, context: str, singular: str, plural: str, n: int) -> str:
        """The words of the form for a number with a context, placeholders as they are."""
        return self._words().npgettext(context, singular, plural, n)

    def gettext(self, message: str, **values: object) -> str:
        """A sentence in the language of the moment."""
        return _filled(self.plain(message), values)

    def ngettext(self, singular: str, plural: str, n: int, **values: object) -> str:
        """The form for a number; `%(n)s` and `%(num)s` are filled with it."""
        return self.plain_plural(singular, plural, n) % {"n": n, "num": n, **values}

    def pgettext(self, context: str, message: str, **values: object) -> str:
        """A short text whose meaning needs a context, such as "Open"."""
        return _filled(self.plain_context(context, message), values)

    def npgettext(self, context: str, singular: str, plural: str, n: int, **values: object) -> str:
        """The form for a number of a text that needs a context."""
        return self.plain_context_plural(context, singular, plural, n) % {"n": n, "num": n, **values}

    def lazy_gettext(self, message: str, **values: object) -> LazyText:
        """A sentence that is translated when it is shown: for labels made at import."""
        return LazyText(lambda: self.gettext(message, **values))

    def lazy_pgettext(self, context: str, message: str, **values: object) -> LazyText:
        """A text with context that is translated when it is shown."""
        return LazyText(lambda: self.pgettext(context, message, **values))


messages = Domain("messages")
patient = Domain("patient")

gettext = messages.gettext
ngettext = messages.ngettext
pgettext = messages.pgettext
npgettext = messages.npgettext
lazy_gettext = messages.lazy_gettext
lazy_pgettext = messages.lazy_pgettext
