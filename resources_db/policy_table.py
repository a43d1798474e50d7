"""The policy table as an administrator changed it; the rules themselves are `policy`."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db import audit, policy
from resources_db.base import JsonDict
from resources_db.models.upkeep import PublishPolicy
from resources_db.policy import Risk, Table
from resources_db.tenancy import actor_of
from resources_db.vocab import ChangeOrigin, PolicyDecision


def current(session: Session) -> Table:
    """The defaults with what was changed laid over them."""
    changed = {(Risk(row.risk), row.origin): row.decision for row in session.scalars(select(PublishPolicy))}
    return {**policy.DEFAULTS, **changed}


def put(session: Session, wanted: Table, *, now: datetime) -> list[tuple[Risk, ChangeOrigin]]:
    """Keep what differs from now and may be changed at all; gives the cells that changed."""
    before = current(session)
    changed = [
        (risk, origin)
        for risk in policy.EDITABLE
        for origin in policy.ORIGINS
        if (risk, origin) in wanted and wanted[risk, origin] is not before.get((risk, origin), PolicyDecision.REVIEW)
    ]
    rows = {(row.risk, row.origin): row for row in session.scalars(select(PublishPolicy))}
    for risk, origin in changed:
        row = rows.get((risk.value, origin)) or PublishPolicy(risk=risk.value, origin=origin)
        row.decision, row.changed_at, row.changed_by = wanted[risk, origin], now, actor_of(session).user_id
        session.add(row)
    if changed:
        session.flush()
        words: JsonDict = {f"{risk.value}.{origin.value}": wanted[risk, origin].value for risk, origin in changed}
        audit.record(
            session,
            action="publish_policy.changed",
            subject_kind="publish_policy",
            subject_id="all",
            now=now,
            detail=words,
        )
    return changed
