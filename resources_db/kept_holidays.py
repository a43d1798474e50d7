"""Which holidays the listings of this installation keep when they say nothing of them. A setting of the directory team.

Without it nobody knows: on such a day the usual hours are not claimed, and the page says to call first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from resources_db import audit, holidays, search_log
from resources_db.models.access import Setting
from resources_db.repositories import listings
from resources_db.repositories.holidays_kept import SETTING, kept
from resources_db.tenancy import actor_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

__all__ = ["keep", "kept"]


def keep(session: Session, names: Iterable[str], *, now: datetime) -> tuple[str, ...]:
    """Say which are kept, and have every listing read again. Unknown names are left out."""
    chosen = holidays.known(names)
    if chosen == kept(session):
        return chosen
    session.merge(
        Setting(name=SETTING, value={"names": list(chosen)}, changed_at=now, changed_by=actor_of(session).user_id)
    )
    audit.record(
        session,
        action="holidays.kept",
        subject_kind="setting",
        subject_id=SETTING,
        detail={"names": list(chosen)},
        now=now,
    )
    search_log.touch(session, listings.all_service_ids(session), now=now)
    return chosen
