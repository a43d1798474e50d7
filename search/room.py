"""How long a word about room counts (directory.md section 11): then nobody knows, and nobody is told it is open."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from resources_db.repositories.listing import CapacityView
from resources_db.vocab import CapacityState

_DAYS = {
    CapacityState.OPEN: 30,
    CapacityState.LIMITED: 30,
    CapacityState.WAITLIST: 30,
    CapacityState.FULL: 14,
    CapacityState.PAUSED: 14,
    CapacityState.OUT_OF_FUNDS: 14,
}


def counts_until(said: CapacityView, zone: str) -> datetime:
    """The end of the day that was named, in the place's zone; without a day some days after it was said."""
    if said.until is None:
        return said.said_at + timedelta(days=_DAYS[said.state])
    midnight = datetime.combine(said.until + timedelta(days=1), time(), ZoneInfo(zone))
    return midnight.astimezone(UTC)
