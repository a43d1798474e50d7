"""Which listings may answer at all: one mask a filter. Filters first, scores later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from resources_db.vocab import CostKind
from search import audience
from search.audience import Group
from search.columns import COST_KINDS, language_bit
from search.criteria import Cost, OpenWhen
from search.geo import haversine
from search.geocode import Place
from search.papers import Papers
from search.rows import minute
from search.snapshot import Mask, Snapshot

_DAYS = (OpenWhen.MON, OpenWhen.TUE, OpenWhen.WED, OpenWhen.THU, OpenWhen.FRI, OpenWhen.SAT, OpenWhen.SUN)
_EVENING, _NIGHT_ENDS = 17, 4
_DAY_MINUTES = 24 * 60
COSTS: Mapping[Cost, tuple[CostKind, ...]] = MappingProxyType(
    {
        Cost.FREE: (CostKind.FREE,),
        Cost.SLIDING: (CostKind.SLIDING,),
        Cost.PAID: (CostKind.FEE, CostKind.INSURANCE),
        Cost.UNKNOWN: (CostKind.UNKNOWN,),
    }
)


@dataclass(frozen=True, slots=True)
class Near:
    """How each listing lies to the person. Distances are NaN where there is no place, or where it does not count."""

    metres: NDArray[np.float64]
    within: Mask
    covers: Mask
    outside: Mask  # says whom it serves, and it is not this place
    anywhere: Mask  # help by phone or net, not bound to an area
    place: Place

    @property
    def matches(self) -> Mask:
        return self.within | self.covers | self.anywhere


def near(snapshot: Snapshot, place: Place, radius_m: float) -> Near:
    """Within the radius, or the service area covers the person, or help that needs no place."""
    arrays = snapshot.columns.arrays
    metres = haversine(place.point, arrays.latitude, arrays.longitude)
    covers, within = snapshot.covers(place), metres <= radius_m
    metres[~(within | covers)] = np.nan
    return Near(metres, within, covers, snapshot.area_states & ~covers, snapshot.anywhere, place)


def nowhere(snapshot: Snapshot) -> Mask:
    """Listings that say neither where they are nor whom they serve."""
    return np.asarray(np.isnan(snapshot.columns.arrays.latitude) & ~snapshot.area_states)


def speaks(snapshot: Snapshot, language: str) -> Mask:
    columns = snapshot.columns
    return np.asarray((columns.arrays.languages & language_bit(columns.tables, language)) != 0)


def says_language(snapshot: Snapshot) -> Mask:
    return np.asarray(snapshot.columns.arrays.languages != 0)


def no_papers(snapshot: Snapshot) -> Mask:
    return np.asarray(snapshot.columns.arrays.papers == Papers.NONE_ASKED)


def takes(snapshot: Snapshot, group: Group) -> Mask:
    """Listings that do not send these people away."""
    return np.asarray(snapshot.columns.arrays.not_for & np.uint8(audience.bit(group)) == 0)


def meant_for(snapshot: Snapshot, group: Group) -> Mask:
    """Listings that say they are for these people."""
    return np.asarray(snapshot.columns.arrays.meant_for & np.uint8(audience.bit(group)) != 0)


def costs(snapshot: Snapshot, wanted: Iterable[Cost]) -> Mask:
    """Any of these; that nobody said what it costs is asked for by its own word."""
    kinds = [COST_KINDS.index(kind) for cost in wanted for kind in COSTS[cost]]
    return np.isin(snapshot.columns.arrays.cost, kinds)


def checked(snapshot: Snapshot, days: int, now: datetime) -> Mask:
    """Somebody said within so many days that the record is right."""
    confirmed = snapshot.columns.arrays.confirmed
    return np.asarray((confirmed >= 0) & (confirmed >= minute(now) - days * _DAY_MINUTES))


def is_open(snapshot: Snapshot, when: OpenWhen, now: datetime) -> Mask:
    """Surely open then; a listing of unknown hours is not. Days and evenings are those of the place's own zone."""
    if when is OpenWhen.NOW:
        return snapshot.open_at(minute(now))
    windows = _by_row(snapshot, [_window(when, now, zone) for zone in _zones(snapshot)])
    return snapshot.open_between(windows[:, 0], windows[:, 1])


def is_open_at(snapshot: Snapshot, wall: datetime) -> Mask:
    """Surely open when the place's own clock shows this. A minute shown twice counts when both are open."""
    found = np.ones(snapshot.columns.rows, np.bool_)
    for fold in (0, 1):
        at = [minute(_instant(wall, zone, fold)) for zone in _zones(snapshot)]
        minutes = _by_row(snapshot, [(first, first + 1) for first in at])
        found &= snapshot.open_between(minutes[:, 0], minutes[:, 1])
    return found


def _zones(snapshot: Snapshot) -> list[ZoneInfo]:
    return [ZoneInfo(name or "UTC") for name in snapshot.columns.tables.zones] or [ZoneInfo("UTC")]


def _by_row(snapshot: Snapshot, windows: list[tuple[int, int]]) -> NDArray[np.int64]:
    return np.array(windows, np.int64)[snapshot.columns.arrays.zone]


def _instant(wall: datetime, zone: ZoneInfo, fold: int) -> datetime:
    """The moment of a wall time. One that the clock change leaves out is read an hour later, as opening hours are."""
    first = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    shown = first.astimezone(zone).replace(tzinfo=None) == wall
    return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) if shown else first


def _window(when: OpenWhen, now: datetime, zone: ZoneInfo) -> tuple[int, int]:
    local = now.astimezone(zone)
    today = local.date()
    first, days, hour, until = today, 1, 0, 0
    if when is OpenWhen.TONIGHT:
        if local.hour < _NIGHT_ENDS:  # at two in the morning the night is not over
            days, until = 0, _NIGHT_ENDS
        else:
            hour = _EVENING
    elif when is OpenWhen.WEEKEND:
        first, days = _weekend(today)
    elif when in _DAYS:
        first = today + timedelta(days=(_DAYS.index(when) - today.weekday()) % 7)
    start = datetime.combine(first, time(hour), zone).astimezone(UTC)
    end = datetime.combine(first + timedelta(days=days), time(until), zone).astimezone(UTC)
    return max(minute(start), minute(now)) if first == today else minute(start), minute(end)


def _weekend(today: date) -> tuple[date, int]:
    """The rest of this weekend, or the coming one."""
    if today.weekday() == 6:
        return today, 1
    return today + timedelta(days=5 - today.weekday()), 2
