"""Which answer of a site's own questions points at which need: a table that an administrator fills in."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import request, url_for

from i18n.catalog import gettext as _
from portal import db, htmx, need_words
from portal.auth.guards import needs
from portal.screening.blueprint import blueprint
from referrals import questionnaires
from referrals.errors import BadInputError
from resources_db.needs import DOMAINS, in_domain

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from referrals.instruments import Instrument


@dataclass(frozen=True, slots=True)
class MapRow:
    """One answer with the need it points at. `name` is that of its field; the address holds numbers only."""

    name: str
    code: str
    words: str
    chosen: str


@dataclass(frozen=True, slots=True)
class MapQuestion:
    """A question and its answers."""

    words: str
    rows: tuple[MapRow, ...]


@blueprint.get("/admin/questionnaires/<uuid:questionnaire_id>/needs")
@needs("screening.manage")
def map_answers(questionnaire_id: uuid.UUID) -> ResponseReturnValue:
    """Every answer with the need it points at; most point at none."""
    return _page(questionnaire_id)


@blueprint.post("/admin/questionnaires/<uuid:questionnaire_id>/needs")
@needs("screening.manage")
def save_map(questionnaire_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the table."""
    try:
        with db.transaction() as session:
            row = questionnaires.get(session, questionnaire_id)
            told = {
                (question.id, choice.code): request.form.get(_name(number, place), "")
                for number, question in enumerate(questionnaires.instrument_of(row).questions)
                for place, choice in enumerate(question.choices)
            }
            questionnaires.map_needs(session, row, told, now=db.now())
    except BadInputError:
        return _page(questionnaire_id, problem=_("Choose needs from the list."), status=422)
    return htmx.redirect(url_for("screening.site_sets"), toast=_("Saved."))


def _page(questionnaire_id: uuid.UUID, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    with db.reading() as session:
        row = questionnaires.get(session, questionnaire_id)
        instrument = questionnaires.instrument_of(row)
    return htmx.render(
        "screening/site_map.html",
        status=status,
        title=str(instrument.title),
        questions=_questions(instrument, questionnaires.needs_of(row)),
        groups=[
            (need_words.domain(domain), [(one.id, need_words.need(one.id)) for one in in_domain(domain)])
            for domain in DOMAINS
        ],
        danger=questionnaires.DANGER,
        problem=problem,
    )


def _questions(instrument: Instrument, told: questionnaires.Needs) -> list[MapQuestion]:
    return [
        MapQuestion(
            str(question.words),
            tuple(
                MapRow(
                    _name(number, place),
                    choice.code,
                    str(choice.words),
                    told.get(question.id, {}).get(choice.code, ""),
                )
                for place, choice in enumerate(question.choices)
            ),
        )
        for number, question in enumerate(instrument.questions)
        if question.choices
    ]


def _name(question: int, choice: int) -> str:
    return f"need-{question}-{choice}"
