"""Which listings may answer at all: one mask a filter. Filters first, scores later."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from search.columns import language_bit
from search.criteria import OpenWhen
from search.geo import haversine
from search.geocode import Place
from search.papers import Papers
from search.rows import minute
from search.snapshot import Mask, Snapshot

_DAYS = (OpenWhen.MON, OpenWhen.TUE, OpenWhen.WED, OpenWhen.THU, OpenWhen.FRI, OpenWhen.SAT, OpenWhen.SUN)
_EVENING = 17


@dataclass(frozen=True, slots=True)
class Near:
    """How each listing lies to the person. Distances are NaN where a listing has no place we may use."""

    metres: NDArray[np.float64]
    within: Mask
    covers: Mask
    outside: Mask  # says whom it serves, and it is not this place
    anywhere: Mask  # help by phone or net, not bound to an area

    @property
    def matches(self) -> Mask:
        return self.within | self.covers | self.anywhere


def near(snapshot: Snapshot, place: Place, radius_m: float) -> Near:
    """Within the radius, or the service area covers the person, or help that needs no place."""
    arrays = snapshot.columns.arrays
    metres = np.full(snapshot.columns.rows, np.nan)
    rows = snapshot.grid.near(place.point, radius_m)
    metres[rows] = haversine(place.point, arrays.latitude[rows], arrays.longitude[rows])
    covers = _covers(snapshot, place)
    far = np.flatnonzero(covers & np.isnan(metres))
    metres[far] = haversine(place.point, arrays.latitude[far], arrays.longitude[far])
    within = np.nan_to_num(metres, nan=np.inf) <= radius_m
    anywhere = arrays.remote & ~snapshot.area_states
    return Near(metres, within, covers, snapshot.area_states & ~covers, anywhere)


def _covers(snapshot: Snapshot, place: Place) -> Mask:
    arrays = snapshot.columns.arrays
    covering = snapshot.areas.covering(place)
    found = np.zeros(snapshot.columns.rows, np.bool_)
    found[arrays.area_row[covering[arrays.area_id]]] = True
    return found


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


def is_open(snapshot: Snapshot, when: OpenWhen, now: datetime) -> Mask:
    """Surely open then; a listing of unknown hours is not. Days and evenings are those of the place's own zone."""
    if when is OpenWhen.NOW:
        return snapshot.open_at(minute(now))
    zones = [_window(when, now, ZoneInfo(zone or "UTC")) for zone in snapshot.columns.tables.zones] or [(0, 0)]
    windows = np.array(zones, np.int64)[snapshot.columns.arrays.zone]
    return snapshot.open_between(windows[:, 0], windows[:, 1])


def _window(when: OpenWhen, now: datetime, zone: ZoneInfo) -> tuple[int, int]:
    today = now.astimezone(zone).date()
    first, days, hour = today, 1, 0
    if when is OpenWhen.TONIGHT:
        hour = _EVENING
    elif when is OpenWhen.WEEKEND:
        first, days = _weekend(today)
    elif when in _DAYS:
        first = today + timedelta(days=(_DAYS.index(when) - today.weekday()) % 7)
    start = datetime.combine(first, time(hour), zone).astimezone(UTC)
    end = datetime.combine(first + timedelta(days=days), time(), zone).astimezone(UTC)
    return max(minute(start), minute(now)) if first == today else minute(start), minute(end)


def _weekend(today: date) -> tuple[date, int]:
    """The rest of this weekend, or the coming one."""
    if today.weekday() == 6:
        return today, 1
    return today + timedelta(days=5 - today.weekday()), 2
