"""Translating words of listings: what people get in English, a field beside its source, drafts and review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import abort, request, url_for

from i18n import formatting, reading_level
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from i18n.catalog import offered
from i18n.locales import LANGUAGES
from portal import db, htmx, own_words
from portal.auth.guards import needs
from portal.curation import tabs
from portal.curation.blueprint import blueprint
from portal.parts import changed_pieces
from resources_db import listing_words
from resources_db.listing_words import DRAFT, MISSING, OUTDATED, Gap, WordsError, Work
from resources_db.repositories import listing_texts

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from i18n.lazy import LazyText
    from i18n.locales import Language

SHOWN: Final = 60
FEW: Final = 11
"""Smaller counts are not told: a language and a place together may point at a person."""
FIRST: Final = "es"
FIELDS: Final[Mapping[str, LazyText]] = {
    listing_texts.DESCRIPTION: lazy("What it is"),
    listing_texts.BRING: lazy("What to bring"),
    listing_texts.WHO: lazy("Who can go"),
    listing_texts.COST: lazy("Words about cost"),
    listing_texts.START: lazy("How to start"),
    listing_texts.HOURS: lazy("Words about hours"),
    listing_texts.ALERT: lazy("Notice"),
}
STATES: Final[Mapping[str, tuple[str, str, LazyText]]] = {
    MISSING: ("calm", "pen", lazy("Only in English")),
    OUTDATED: ("warn", "warning", lazy("The English changed")),
    DRAFT: ("wait", "clock", lazy("Draft, nobody has read it yet")),
}
PROBLEMS: Final[Mapping[str, LazyText]] = {
    "empty": lazy("Write the words first."),
    "too_long": lazy("Write at most 2,000 letters."),
    "changed": lazy("The English changed while you wrote. Look at it again, then save."),
}


@blueprint.get("/words")
@needs("listing.approve")
def words() -> ResponseReturnValue:
    """What people who read a language get in English, the most used first."""
    lang = _language(request.args.get("to", FIRST))
    with db.reading() as session:
        found = listing_words.gaps(session, lang, known=own_words.known, now=db.now())
    return htmx.render(
        "curation/words.html",
        tabs=tabs.tabs("words"),
        here=lang,
        name=formatting.language_name(lang),
        choices=[(one.code, one.name, one.tag) for one in _languages()],
        rows=[_row(gap, lang) for gap in found[:SHOWN]],
        total=len(found),
    )


@blueprint.get("/words/<uuid:service_id>/<field>/<lang>")
@needs("listing.approve")
def word(service_id: uuid.UUID, field: str, lang: str) -> ResponseReturnValue:
    """One field: the source, the translation so far, and what changed."""
    with db.reading() as session:
        return _page(_look(session, service_id, field, _language(lang)), lang)


@blueprint.post("/words/<uuid:service_id>/<field>/<lang>")
@needs("listing.approve")
def save_words(service_id: uuid.UUID, field: str, lang: str) -> ResponseReturnValue:
    """Keep a draft, say that the words are read and good, or that they are still true."""
    text, seen, do = (request.form.get(name, "") for name in ("text", "seen", "do"))
    if do == "level":
        with db.reading() as session:
            return _page(_look(session, service_id, field, _language(lang)), lang, text=text)
    try:
        with db.transaction() as session:
            work = _look(session, service_id, field, _language(lang))
            if do == "still_true":
                listing_words.still_true(session, work, seen=seen, now=db.now())
            else:
                listing_words.save(session, work, lang, text, reviewed=do == "reviewed", seen=seen, now=db.now())
    except WordsError as problem:
        if problem.code not in PROBLEMS:
            abort(404)
        with db.reading() as session:
            work = _look(session, service_id, field, _language(lang))
            return _page(work, lang, text=text, problem=str(PROBLEMS[problem.code]), status=422)
    said = _("Saved as a draft. Nobody sees it yet.") if do == "draft" else _("Saved. Patients see it now.")
    return htmx.redirect(_next(lang), toast=said)


@blueprint.post("/words/level/<lang>")
@needs("listing.approve")
def words_level(lang: str) -> ResponseReturnValue:
    """How hard the text is to read, while it is written."""
    return htmx.fragment("curation/word.html", "level", level=_level(request.form.get("text", ""), _language(lang)))


def _next(lang: str) -> str:
    with db.reading() as session:
        found = listing_words.gaps(session, lang, known=own_words.known, now=db.now())
    waiting = next((one for one in found if one.state != DRAFT), None)
    return _href(waiting, lang) if waiting else url_for("curation.words", to=lang)


def _look(session: Session, service_id: uuid.UUID, field: str, lang: str) -> Work:
    try:
        return listing_words.look(session, service_id, field, lang)
    except WordsError:
        abort(404)


def _page(
    work: Work, lang: str, *, text: str | None = None, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    written = work.row.text if work.row else ""
    before, after = changed_pieces(work.before, work.source) if work.before else ((), ())
    language = LANGUAGES[lang]
    shown = written if text is None else text
    return htmx.render(
        "curation/word.html",
        status=status,
        tabs=tabs.tabs("words"),
        listing=work.listing,
        label=str(FIELDS[work.field]),
        source=work.source,
        seen=work.source_hash,
        before=before,
        after=after,
        outdated=work.outdated,
        written=written,
        text=shown,
        problem=problem,
        into=language,
        name=formatting.language_name(lang),
        level=_level(shown, lang),
        back=url_for("curation.words", to=lang),
        action=url_for("curation.save_words", service_id=work.listing.service_id, field=work.field, lang=lang),
    )


def _level(text: str, lang: str) -> tuple[str, str]:
    """A family of colour and the words for it."""
    if not text.strip():
        return "calm", _("Short sentences, everyday words. Up to 15 words a sentence.")
    if reading_level.too_hard(text, lang, hint=True):
        return "warn", _("Hard to read. Make the sentences shorter and the words simpler.")
    if lang not in ("en", "es"):
        longest = max(len(part.split()) for part in text.replace("!", ".").replace("?", ".").split("."))
        many = _("The longest sentence has %(num)s words.", num=formatting.number(longest))
        return ("warn" if longest > 15 else "good"), many
    return "good", _("Easy to read.")


def _row(gap: Gap, lang: str) -> dict[str, object]:
    family, drawing, word_ = STATES[gap.state]
    often = _("sent %(num)s times in 90 days", num=formatting.number(gap.used)) if gap.used >= FEW else ""
    few = _("sent a few times in 90 days") if 0 < gap.used < FEW else ""
    return {
        "href": _href(gap, lang),
        "name": gap.listing.name,
        "label": str(FIELDS[gap.field]),
        "source": listing_texts.source(gap.listing, gap.field),
        "status": (family, drawing, str(word_)),
        "used": often or few,
    }


def _href(gap: Gap, lang: str) -> str:
    return url_for("curation.word", service_id=gap.listing.service_id, field=gap.field, lang=lang)


def _language(code: str) -> str:
    if code not in {one.code for one in _languages()}:
        abort(404)
    return code


def _languages() -> list[Language]:
    return [one for one in offered() if one.code != "en"]
