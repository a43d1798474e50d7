"""Which of a patient's answers count: all but those the patient took back. For every query that reads their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists

from resources_db.models.referrals import AnswerTakenBack, PatientAnswer

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement


def counts(as_of: datetime | None = None) -> ColumnElement[bool]:
    """The condition on `PatientAnswer`: not taken back (until `as_of`, where a report looks at an earlier moment)."""
    same = AnswerTakenBack.answer_id == PatientAnswer.id
    return ~exists().where(same) if as_of is None else ~exists().where(same, AnswerTakenBack.at <= as_of)
