"""How much each listing is used: referrals sent lately, over all care organizations. Counts only, never whose.

The counts of one organization alone would order the work of the directory team wrongly.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from referrals import acting
from referrals.answers import NOT_SENT
from resources_db.models.referrals import Referral

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

LATELY = timedelta(days=90)
WEEKLY = 12
"""So many referrals in ninety days are about one a week."""


class Use(StrEnum):
    """How often a listing is used, said so roughly that no number of few people stands anywhere."""

    WEEKLY = "weekly"
    SOMETIMES = "sometimes"
    NEVER = "never"


def counts(session: Session, *, now: datetime) -> dict[uuid.UUID, int]:
    """Referrals sent in the last ninety days by service; services without any are left out."""
    stmt = (
        select(Referral.service_id, func.count(Referral.id).label("sent"))
        .where(Referral.sent_at >= now - LATELY, Referral.state.not_in(NOT_SENT))
        .group_by(Referral.service_id)
    )
    with acting.over_all(session):
        return {row.service_id: row.sent for row in session.execute(stmt)}


def use(count: int) -> Use:
    """The rough word for a count."""
    return Use.WEEKLY if count >= WEEKLY else Use.SOMETIMES if count else Use.NEVER
