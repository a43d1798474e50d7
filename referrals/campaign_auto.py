"""Questions that go out by themselves, once or twice a year, about what is used and old. Off until switched on."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select

from i18n.catalog import gettext as _
from referrals import campaigns
from referrals.listing_queue import OLD, USED, Chosen
from resources_db import audit
from resources_db.models.access import Setting
from resources_db.models.tenants import Org
from resources_db.tenancy import actor_of
from resources_db.vocab import OrgKind

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from resources_db.models.upkeep import Campaign

NAME = "listing_checks"


class Every(StrEnum):
    """How often listings are asked about by themselves."""

    NEVER = ""
    HALF_YEAR = "half_year"
    YEAR = "year"


PERIOD = {Every.HALF_YEAR: timedelta(days=182), Every.YEAR: timedelta(days=365)}


def current(session: Session) -> Every:
    """What is switched on."""
    row = session.get(Setting, NAME)
    return Every(str(row.value.get("every", ""))) if row is not None else Every.NEVER


def switch(session: Session, every: Every, *, now: datetime) -> None:
    """Switch it on or off; the first questions go out with the next turn of the clock."""
    row = session.get(Setting, NAME)
    if row is None:
        row = Setting(name=NAME, changed_at=now)
        session.add(row)
    row.value = {**(row.value or {}), "every": every.value}
    row.changed_at, row.changed_by = now, actor_of(session).user_id
    session.flush()
    audit.record(session, action="campaign.automatic", subject_kind="setting", subject_id=NAME, now=now)


def due(session: Session, *, now: datetime) -> bool:
    """Whether it is time again."""
    row = session.get(Setting, NAME)
    every = current(session)
    if row is None or every is Every.NEVER:
        return False
    last = row.value.get("last_at")
    return last is None or now - datetime.fromisoformat(str(last)) >= PERIOD[every]


def run(session: Session, *, now: datetime) -> Campaign | None:
    """Ask about what is used and old, in the name of the directory team; None when there is nobody to ask."""
    row = session.get_one(Setting, NAME)
    row.value = {**row.value, "last_at": now.isoformat()}
    org_id = session.scalars(select(Org.id).where(Org.kind == OrgKind.DIRECTORY).order_by(Org.created_at)).first()
    if org_id is None:
        return None
    chosen = Chosen(grade=OLD, use=USED)
    return campaigns.start(session, chosen, name=_("Automatic check"), org_id=org_id, now=now)
