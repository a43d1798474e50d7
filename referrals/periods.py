"""Which referrals and needs a report speaks of, as known at which moment, and the groups they can be put into."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum, unique
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Times = NDArray[np.float64]
"""Seconds since 1970; NaN where nothing happened."""
Codes = NDArray[np.int32]
Flags = NDArray[np.bool_]
HOUR = 3600


@unique
class By(StrEnum):
    """What a figure can be broken down by."""

    DOMAIN = "domain"
    NEED = "need"
    AGENCY = "agency"
    SERVICE = "service"
    LANGUAGE = "language"
    ZIP = "zip"
    TEAM = "team"
    MONTH = "month"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Period:
    """Referrals sent and needs found from `since` until before `until`, as known at `as_of`; months are the zone's."""

    since: datetime
    until: datetime
    as_of: datetime
    zone: str = "UTC"


def calendar_of(moments: Times, by: By, zone: str) -> list[str]:
    """The month (2026-11) or the Monday of the week (2026-11-16) of each moment on the zone's calendar."""
    hours = np.floor_divide(moments, HOUR)
    # no hour spans two days anywhere: one look at the calendar an hour, not one a referral
    named = {hour: _name(hour * HOUR, by, ZoneInfo(zone)) for hour in np.unique(hours).tolist()}
    return [named[hour] for hour in hours.tolist()]


def _name(moment: float, by: By, zone: ZoneInfo) -> str:
    day = datetime.fromtimestamp(moment, UTC).astimezone(zone).date()
    return day.strftime("%Y-%m") if by is By.MONTH else day.fromordinal(day.toordinal() - day.weekday()).isoformat()
