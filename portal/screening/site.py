"""A site's own sets of questions: bring one as a FHIR Questionnaire, look at it, retire it. For administrators."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from i18n.catalog import ngettext
from portal import db, htmx
from portal.auth import current
from portal.auth.guards import needs
from portal.screening import shown
from portal.screening.blueprint import blueprint
from portal.security import body_cap
from referrals import questionnaires
from referrals.errors import BadInputError
from referrals.instruments_fhir import MOST_BYTES, UnreadableError
from referrals.instruments_shipped import SHIPPED

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue

    from referrals.instruments import Instrument
    from referrals.instruments_fhir import Fault
    from resources_db.models.care import Questionnaire

UPLOAD_CAP = MOST_BYTES + 64 * 1024
"""The file and the form around it; a file that is too large is told so, far beyond it the request ends."""
FAULTS = {
    "too_large": lazy("The file is larger than %(more)s KB."),
    "not_json": lazy("The file is not JSON, or holds letters that cannot be stored."),
    "not_a_questionnaire": lazy("The file is not a FHIR Questionnaire."),
    "no_url": lazy("The url is missing: it tells this set apart from others."),
    "no_title": lazy("The title is missing."),
    "no_questions": lazy("There is no question in it."),
    "not_a_list": lazy("A list is needed here."),
    "too_deep": lazy("Groups may stand inside groups %(more)s deep at most."),
    "twice": lazy("This stands twice: %(more)s"),
    "no_link_id": lazy("The linkId is missing."),
    "no_text": lazy("The text of the question is missing."),
    "unknown_type": lazy("We cannot ask a question of this type: %(more)s"),
    "changes_meaning": lazy("This extension changes the meaning in a way we do not know."),
    "mixed_conditions": lazy("“Any” and “all” are mixed here. Put the conditions in one place."),
    "too_many_questions": lazy("At most %(more)s questions."),
    "too_many_choices": lazy("At most %(more)s answers to one question."),
    "no_choices": lazy("The answers to choose from are missing (answerOption)."),
    "value_set": lazy("The answers stand in a value set elsewhere. List them here (answerOption)."),
    "no_coding": lazy("An answer needs a code and its words (valueCoding with display)."),
    "condition": lazy("We cannot ask this condition (enableWhen)."),
    "looks_ahead": lazy("The condition looks at a question that is not asked before: %(more)s"),
}


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One set of questions in the list."""

    id: uuid.UUID | None
    title: str
    version: str
    count: str
    note: str
    mapped: bool
    retired: bool


@blueprint.get("/admin/questionnaires")
@needs("screening.manage")
def site_sets() -> ResponseReturnValue:
    """Everything that can be asked here, and the way to bring more."""
    return _page()


@blueprint.post("/admin/questionnaires")
@needs("screening.manage")
@body_cap(UPLOAD_CAP)
def bring() -> ResponseReturnValue:
    """Keep an uploaded file, once everything in it can be asked as it is meant."""
    note = request.form.get("license", "")
    upload = request.files.get("file")
    raw = upload.stream.read(MOST_BYTES + 1) if upload is not None else b""
    problems: dict[str, str] = {}
    try:
        with db.transaction() as session:
            row = questionnaires.bring(session, raw=raw, license_note=note, now=db.now())
            row_id = row.id
    except UnreadableError as error:
        return _page(note=note, faults=[_fault(one) for one in error.faults], status=422)
    except BadInputError as error:
        problems[error.field] = _problem(error)
        return _page(note=note, problems=problems, status=422)
    return htmx.redirect(
        url_for("screening.map_answers", questionnaire_id=row_id),
        toast=_("Questions saved. Now say which answers point at which needs."),
    )


@blueprint.get("/admin/questionnaires/<uuid:questionnaire_id>/look")
@needs("screening.manage")
def look(questionnaire_id: uuid.UUID) -> ResponseReturnValue:
    """The questions as they are asked; nothing is stored."""
    with db.reading() as session:
        row = questionnaires.get(session, questionnaire_id)
        instrument = questionnaires.instrument_of(row)
    return _preview(instrument, row.version)


@blueprint.get("/admin/questionnaires/shipped/<name>")
@needs("screening.manage")
def look_at_shipped(name: str) -> ResponseReturnValue:
    """The same for a set that comes with Handrail."""
    instrument = SHIPPED.get(name)
    if instrument is None:
        return htmx.redirect(url_for("screening.site_sets"))
    return _preview(instrument, instrument.version)


@blueprint.post("/admin/questionnaires/<uuid:questionnaire_id>/retire")
@needs("screening.manage")
def retire(questionnaire_id: uuid.UUID) -> ResponseReturnValue:
    """Ask it no more; what was answered stays readable."""
    with db.transaction() as session:
        questionnaires.retire(session, questionnaires.get(session, questionnaire_id), now=db.now())
    undo = url_for("screening.use_again", questionnaire_id=questionnaire_id)
    return htmx.redirect(url_for("screening.site_sets"), toast=_("It is not asked any more."), undo_url=undo)


@blueprint.post("/admin/questionnaires/<uuid:questionnaire_id>/again")
@needs("screening.manage")
def use_again(questionnaire_id: uuid.UUID) -> ResponseReturnValue:
    """Offer it again."""
    with db.transaction() as session:
        questionnaires.use_again(session, questionnaires.get(session, questionnaire_id), now=db.now())
    return htmx.redirect(url_for("screening.site_sets"), toast=_("It can be asked again."))


def _page(
    *,
    note: str = "",
    problems: dict[str, str] | None = None,
    faults: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    with db.reading() as session:
        rows = [_row(one) for one in questionnaires.all_of_site(session)]
    return htmx.render(
        "screening/site.html",
        status=status,
        rows=rows,
        shipped=[
            (name, str(one.title), _count(one), str(one.about or ""), one.credit) for name, one in SHIPPED.items()
        ],
        note_typed=note,
        problems=problems or {},
        faults=faults or [],
        most_kb=MOST_BYTES // 1024,
    )


def _preview(instrument: Instrument, version: str) -> ResponseReturnValue:
    return htmx.render(
        "screening/look.html",
        title=str(instrument.title),
        version=version,
        questions=[shown.question(one, None) for one in instrument.questions],
        credit=instrument.credit,
        languages=formatting.list_of(sorted(_languages(instrument))),
    )


def _languages(instrument: Instrument) -> set[str]:
    written = {code for one in instrument.questions for code in one.words.own}
    return {formatting.language_name(code) for code in written}


def _row(row: Questionnaire) -> SiteRow:
    instrument = questionnaires.instrument_of(row)
    return SiteRow(
        id=row.id,
        title=row.title,
        version=row.version,
        count=_count(instrument),
        note=_("%(date)s: %(note)s", date=_day(row.created_at), note=row.license_note),
        mapped=bool(questionnaires.needs_of(row)),
        retired=row.retired_at is not None,
    )


def _count(instrument: Instrument) -> str:
    count = sum(one.is_asked for one in instrument.questions)
    return ngettext("%(num)s question", "%(num)s questions", count)


def _day(moment: datetime) -> str:
    person = current.member()
    assert person is not None
    return formatting.date(formatting.local(moment, person.timezone).date())


def _fault(one: Fault) -> tuple[str, str]:
    """Where, and what is wrong there."""
    return one.at, str(FAULTS[one.code]) % {"more": one.more}


def _problem(error: BadInputError) -> str:
    return {
        ("file", "missing"): _("Choose a file."),
        ("file", "known_version"): _("This version is here already. Give a changed set a new version."),
        ("license", "missing"): _("Write down who says that you may use it."),
        ("license", "too_long"): _("Use fewer words."),
    }[error.field, error.problem]
