"""Room at a service. What was said is kept, the newest counts, and no word counts longer than it can be true."""

import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from resources_db import redirects, reviews, search_log
from resources_db.models.curation import CapacityStatement
from resources_db.repositories.listing import DEFAULT_TIMEZONE
from resources_db.vocab import CapacityState, FieldGroup

LAST_DAY = date.max - timedelta(days=2)
"""Some write the end of the calendar for "for ever"; the day after it, in any time zone, must still be one."""
# Without a date a word about room is believed this long; then nobody knows, which is never the same as "open".
LASTS: dict[CapacityState, timedelta] = {
    CapacityState.OPEN: timedelta(days=30),
    CapacityState.LIMITED: timedelta(days=30),
    CapacityState.WAITLIST: timedelta(days=30),
    CapacityState.FULL: timedelta(days=14),
    CapacityState.PAUSED: timedelta(days=14),
    CapacityState.OUT_OF_FUNDS: timedelta(days=30),
}
NO_ROOM = frozenset({CapacityState.FULL, CapacityState.PAUSED, CapacityState.OUT_OF_FUNDS})


class Said(Protocol):
    """A statement as a row or as the view on a listing."""

    @property
    def state(self) -> CapacityState: ...
    @property
    def until(self) -> date | None: ...
    @property
    def said_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class RoomNow:
    """`state` None = nobody knows; `ran_out` says that a word once given is over, so the agency may be asked again."""

    state: CapacityState | None
    until: date | None = None
    said_at: datetime | None = None
    ran_out: bool = False


def state(
    session: Session,
    *,
    service_id: uuid.UUID,
    location_id: uuid.UUID | None = None,
    state: CapacityState,
    until: date | None = None,
    weeks: int | None = None,
    note: str = "",
    said_by: str,
    now: datetime,
    actor_id: uuid.UUID | None = None,
) -> CapacityStatement:
    """Write down what was said, live at once. `said_by` is a role, never a person's name."""
    key = redirects.standing(session, service_id, location_id)
    service_id, location_id = key.service_id, key.location_id
    row = CapacityStatement(
        service_id=service_id,
        location_id=location_id,
        state=state,
        until=until,
        weeks=weeks,
        note=note,
        said_by=said_by,
        said_at=now,
        actor_id=actor_id,
    )
    session.add(row)
    if state not in NO_ROOM:
        reviews.settle(session, service_id=service_id, location_id=location_id, groups=[FieldGroup.CAPACITY], now=now)
    search_log.touch(session, [service_id], now=now)
    session.flush()
    return row


def current(said: Said | None, *, now: datetime, timezone: str = DEFAULT_TIMEZONE) -> RoomNow:
    """What still counts of the newest statement."""
    if said is None:
        return RoomNow(None)
    if now >= ends_at(said, timezone):
        return RoomNow(None, said_at=said.said_at, ran_out=True)
    return RoomNow(said.state, said.until, said.said_at)


def ends_at(said: Said, timezone: str = DEFAULT_TIMEZONE) -> datetime:
    """The moment a statement stops counting: the end of its last day at the place, else its usual life."""
    if said.until is None:
        return said.said_at + LASTS[said.state]
    last = min(said.until, LAST_DAY)
    midnight = datetime.combine(last + timedelta(days=1), time(), tzinfo=ZoneInfo(timezone or DEFAULT_TIMEZONE))
    return midnight.astimezone(UTC)
