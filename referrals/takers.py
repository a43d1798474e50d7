"""Which care organizations take requests for help from the public, for which ZIPs, and who switches that."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals.errors import BadInputError, NotFoundError
from resources_db import audit
from resources_db.models.tenants import Org
from resources_db.vocab import OrgKind

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

SETTING = "intake"
MOST_AREAS = 400
_AREA = re.compile(r"\d{3,5}")


@dataclass(frozen=True, slots=True)
class Taker:
    """A care organization that takes requests. `areas` are ZIPs or their first digits; none means everywhere."""

    org_id: uuid.UUID
    name: str
    phone: str
    zone: str
    areas: tuple[str, ...] = ()


def takers(session: Session) -> tuple[Taker, ...]:
    """Every care organization that takes requests from the public, by name."""
    care = session.scalars(select(Org).where(Org.kind == OrgKind.CARE).order_by(Org.name, Org.id))
    return tuple(_taker(org) for org in care if settings_of(org)[0])


def settings_of(org: Org) -> tuple[bool, tuple[str, ...]]:
    """Whether an organization takes requests, and for which ZIPs; off until somebody switches it on."""
    kept = org.settings.get(SETTING)
    if not isinstance(kept, dict):
        return False, ()
    areas = kept.get("areas")
    return kept.get("on") is True, tuple(str(one) for one in areas) if isinstance(areas, list) else ()


def taker_for(offered: Iterable[Taker], zip_code: str) -> Taker | None:
    """Whose request it is: the organization whose area fits the ZIP best, else one that helps everywhere."""

    def fit(one: Taker) -> int:
        return max((len(area) for area in one.areas if zip_code.startswith(area)), default=0 if not one.areas else -1)

    fitting = [(fit(one), one) for one in offered]
    return max(fitting, key=lambda pair: pair[0])[1] if any(how >= 0 for how, _ in fitting) else None


def switch(session: Session, org_id: uuid.UUID, *, on: bool, areas: str, now: datetime) -> None:
    """Take requests from the public, or stop. Raises BadInputError when an area is no ZIP and no start of one."""
    org = session.get(Org, org_id)
    if org is None or org.kind is not OrgKind.CARE:
        raise NotFoundError
    listed = sorted({one for one in re.split(r"[\s,;]+", areas) if one})
    if len(listed) > MOST_AREAS or not all(_AREA.fullmatch(one) and one.isascii() for one in listed):
        raise BadInputError("areas", "three_to_five_digits")
    org.settings = {**org.settings, SETTING: {"on": on, "areas": listed}}
    detail: dict[str, object] = {"on": on, "areas": len(listed)}
    audit.record(session, action="intake.switch", subject_kind="org", subject_id=org.id, now=now, detail=detail)


def _taker(org: Org) -> Taker:
    return Taker(org.id, org.name, org.phone, org.timezone, settings_of(org)[1])
