"""Chooses the language of each request: `?l=` in the address, the person's choice, the browser's wish, English."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from flask import g, request, session

from i18n import catalog, negotiate
from i18n.locales import CatalogState
from portal import db, languages
from portal.auth import current

if TYPE_CHECKING:
    from flask import Flask

    from i18n.locales import Language

ARGUMENT: Final = "l"
SAVED: Final = "language"
PATIENT_PAGES: Final = ("patient", "links", "ask", "questions")
"""Blueprints whose words are patient words: only they can speak a draft language."""

HEALTH: Final = "health"


def init(app: Flask) -> None:
    """Speak the reader's language during each request."""
    app.before_request(_begin)
    app.teardown_request(_end)


def chosen() -> str:
    """The language code this request should speak."""
    person = current.member()
    saved = session.get(SAVED)
    return negotiate.choose(
        [language.code for language in offered()],
        asked=request.args.get(ARGUMENT),
        saved=saved if isinstance(saved, str) else None,
        person=person.language if person else None,
        header=request.headers.get("Accept-Language", ""),
    )


def offered() -> list[Language]:
    """The languages this page has words in: drafts hold words for patients only."""
    drafts_too = request.blueprint in PATIENT_PAGES
    return [one for one in catalog.offered() if drafts_too or one.status is not CatalogState.DRAFT]


def speak(code: str) -> None:
    """Change the language for the rest of this request: a patient's page speaks the patient's language."""
    g.language_stack.enter_context(catalog.use_language(code))


def _begin() -> None:
    if request.blueprint != HEALTH:  # a slow database must not get a live process restarted
        languages.refresh(db.runtime())
    g.language_stack = ExitStack()
    speak(chosen())


def _end(_error: BaseException | None) -> None:
    stack: ExitStack | None = g.pop("language_stack", None)
    if stack is not None:
        stack.close()
