"""The answers of a screening as its rows keep them: read, sorted by question, nothing decided."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from resources_db.models.care import Screening, ScreeningAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from resources_db.base import JsonDict
    from resources_db.vocab import HelpWanted


def rows(session: Session, screening: Screening) -> Sequence[ScreeningAnswer]:
    """What was answered so far."""
    found = select(ScreeningAnswer).where(ScreeningAnswer.screening_id == screening.id)
    return session.scalars(found.order_by(ScreeningAnswer.at, ScreeningAnswer.item)).all()


def given(row: ScreeningAnswer) -> list[JsonDict]:
    """The answer as it was given (FHIR answers); empty when the question was passed over."""
    return cast("list[JsonDict]", json.loads(row.value)) if row.value else []


def stored(answer: Sequence[JsonDict]) -> str:
    """An answer as the row keeps it."""
    return json.dumps(answer, ensure_ascii=False)


def by_question(found: Sequence[ScreeningAnswer]) -> Mapping[str, list[JsonDict]]:
    """Answers by question."""
    return {row.item: given(row) for row in found}


def wishes(found: Sequence[ScreeningAnswer]) -> Mapping[str, HelpWanted]:
    """What was said about help, by question; only where it was asked."""
    return {row.item: row.help_wanted for row in found if row.help_asked}
