"""Languages of texts: which are on, every text of each as a phone shows it, and the switch, with who and when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import abort, request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.locales import LANGUAGES, CatalogState, Language
from portal import db, htmx
from portal import languages as known
from portal.admin import queries, text_samples
from portal.admin.blueprint import blueprint
from portal.auth import current
from portal.auth.guards import needs
from resources_db import languages
from resources_db.languages import LONGEST_READER, NobodyReadItError

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from resources_db.models.languages import LanguageSwitch


@dataclass(frozen=True, slots=True)
class Switched:
    """One time that a language was switched: who, when, and who had read it."""

    on: bool
    who: str
    day: str
    reader: str


@dataclass(frozen=True, slots=True)
class LanguageRow:
    """One language of the list."""

    language: Language
    draft: bool
    on: bool
    missing: int
    past: tuple[Switched, ...]


@blueprint.get("/languages")
@needs("language.switch")
def list_languages() -> ResponseReturnValue:
    """Every language that we have words in, and how it stands."""
    with db.reading() as session:
        rows = _rows(session)
    return htmx.render("admin/languages.html", rows=rows)


@blueprint.get("/languages/<code>")
@needs("language.switch")
def one_language(code: str) -> ResponseReturnValue:
    """Every text of one language, beside the English."""
    return _page(_known(code))


@blueprint.post("/languages/<code>/on")
@needs("language.switch")
def switch_on(code: str) -> ResponseReturnValue:
    """Switch a draft on, once somebody is named who has read it."""
    language = _draft(code)
    reader = request.form.get("reader", "")
    try:
        with db.transaction() as session:
            languages.switch_on(session, code, reader, db.now())
    except NobodyReadItError:
        return _page(language, reader=reader, problem=_("Write down who has read the texts."), status=422)
    return _back(_("%(language)s is on.", language=formatting.language_name(code)))


@blueprint.post("/languages/<code>/off")
@needs("language.switch")
def switch_off(code: str) -> ResponseReturnValue:
    """Switch a draft off again; what was sent stays as it is."""
    _draft(code)
    with db.transaction() as session:
        languages.switch_off(session, code, db.now())
    return _back(_("%(language)s is off.", language=formatting.language_name(code)))


def _back(words: str) -> ResponseReturnValue:
    known.refresh_now(db.runtime())
    return htmx.redirect(url_for("admin.list_languages"), toast=words)


def _page(language: Language, *, reader: str = "", problem: str = "", status: int = 200) -> ResponseReturnValue:
    with db.reading() as session:
        row = next(row for row in _rows(session) if row.language is language)
    return htmx.render(
        "admin/language.html",
        status=status,
        row=row,
        samples=text_samples.of(language.code),
        reader=reader,
        problem=problem,
        longest_reader=LONGEST_READER,
        name=formatting.language_name(language.code),
    )


def _known(code: str) -> Language:
    language = LANGUAGES.get(code)
    if language is None or language.status not in {CatalogState.COMPLETE, CatalogState.DRAFT} or code == "en":
        abort(404)
    return language


def _draft(code: str) -> Language:
    language = _known(code)
    if language.status is not CatalogState.DRAFT:
        abort(404)
    return language


def _rows(session: Session) -> list[LanguageRow]:
    past = languages.history(session)
    people = queries.names(session, {row.by for rows in past.values() for row in rows if row.by})
    with_words = [one for one in LANGUAGES.values() if one.status in {CatalogState.COMPLETE, CatalogState.DRAFT}]
    return [_row(one, past.get(one.code, []), people) for one in with_words]


def _row(language: Language, past: list[LanguageSwitch], people: Mapping[uuid.UUID, str]) -> LanguageRow:
    draft = language.status is CatalogState.DRAFT
    return LanguageRow(
        language=language,
        draft=draft,
        on=not draft or (bool(past) and past[0].switched_on),
        missing=text_samples.of(language.code).missing if draft else 0,
        past=tuple(_switched(row, people) for row in past),
    )


def _switched(row: LanguageSwitch, people: Mapping[uuid.UUID, str]) -> Switched:
    who = people.get(row.by, "") if row.by else ""
    return Switched(on=row.switched_on, who=who or _("Somebody"), day=_day(row.at), reader=row.reader)


def _day(moment: datetime) -> str:
    person = current.member()
    assert person is not None
    return formatting.date(formatting.local(moment, person.timezone).date())
