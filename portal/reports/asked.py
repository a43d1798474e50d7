"""What a report was asked for, all of it in the address: months, the moment it speaks of, one group only.

The moment of the address is the moment of the file: the same address gives the same figures later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import request

from i18n import formatting
from i18n.catalog import gettext as _
from portal import db
from portal.auth import current
from referrals import senders
from referrals.metrics import Only
from referrals.periods import By, Period

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

USUAL: Final = 3
LONGEST: Final = 24
ONLY_BY: Final = (By.DOMAIN, By.LANGUAGE, By.TEAM)


@dataclass(frozen=True, slots=True)
class Asked:
    """From the first day of `first` to the end of the month of `last`, on the calendar of the care organization."""

    first: date
    last: date
    as_of: datetime
    zone: str
    only: Only | None = None
    fixed: bool = False
    """Whether the address named the moment."""

    @property
    def period(self) -> Period:
        """The months as a stretch of time."""
        return Period(self._begin(self.first), self._begin(_later(self.last, 1)), self.as_of, self.zone)

    @property
    def before(self) -> Period:
        """As many months just before, as known at the same moment."""
        return Period(self._begin(_later(self.first, -self.months)), self._begin(self.first), self.as_of, self.zone)

    @property
    def months(self) -> int:
        """How many months."""
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def words(self) -> str:
        """The months as a person says them."""
        if self.first == self.last:
            return month_words(self.first)
        return _("%(first)s to %(last)s", first=month_words(self.first), last=month_words(self.last))

    @property
    def moment(self) -> str:
        """When the figures are as of."""
        return formatting.date_time(self.as_of, self.zone)

    def args(self) -> dict[str, str]:
        """The address's own words, without the moment."""
        named = {"from": f"{self.first:%Y-%m}", "to": f"{self.last:%Y-%m}"}
        return named if self.only is None else {**named, "only": f"{self.only.by}:{self.only.key}"}

    def as_detail(self) -> dict[str, object]:
        """For the record of a download."""
        return {**self.args(), "as_of": self.as_of.isoformat()}

    def choices(self, path: str, own: Mapping[str, str]) -> list[tuple[str, str, bool]]:
        """Offered stretches of time: words, address, whether it is the one asked for."""
        now = self.as_of.astimezone(ZoneInfo(self.zone)).date().replace(day=1)
        offered = [
            (_("Last 3 months"), _later(now, -2), now),
            (_("Last 12 months"), _later(now, -11), now),
            (_("This year"), now.replace(month=1), now),
        ]
        only = {key: value for key, value in self.args().items() if key == "only"}
        return [
            (
                words,
                f"{path}?{urlencode({**own, **only, 'from': f'{first:%Y-%m}', 'to': f'{last:%Y-%m}'})}",
                (first, last) == (self.first, self.last),
            )
            for words, first, last in offered
        ]

    def all_months(self) -> list[tuple[str, str]]:
        """The months one can choose, the newest first."""
        now = self.as_of.astimezone(ZoneInfo(self.zone)).date().replace(day=1)
        offered = {_later(now, -back) for back in range(LONGEST)} | {self.first, self.last}
        return [(f"{month:%Y-%m}", month_words(month)) for month in sorted(offered, reverse=True)]

    def _begin(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self.zone)).astimezone(UTC)


def read(session: Session) -> Asked:
    """The months, the moment and the group of this request's address; the usual ones where it asks for none."""
    person = current.member()
    assert person is not None
    zone = senders.org_of(session, person.org_id).timezone
    now = db.now()
    as_of = _moment(request.args.get("as_of", "")) or now
    as_of = min(as_of, now)
    this = as_of.astimezone(ZoneInfo(zone)).date().replace(day=1)
    last = min(_month(request.args.get("to", "")) or this, this)
    first = _month(request.args.get("from", ""))
    if first is None or first > this:
        first = _later(last, 1 - USUAL)
    first, last = min(first, last), max(first, last)
    first = max(first, _later(last, 1 - LONGEST))
    return Asked(first, last, as_of, zone, _only(request.args.get("only", "")), fixed=bool(request.args.get("as_of")))


def month_words(month: date) -> str:
    """A month with its year."""
    return _("%(month)s %(year)s", month=formatting.month(month.month), year=month.year)


def month_of(key: str) -> str:
    """The words of a month written as 2026-11."""
    found = _month(key)
    return month_words(found) if found is not None else key


def _later(month: date, months: int) -> date:
    number = month.year * 12 + month.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def _month(text: str) -> date | None:
    year, _dash, month = text.partition("-")
    if not (len(year) == 4 and len(month) == 2 and (year + month).isascii() and (year + month).isdigit()):
        return None
    try:
        found = date(int(year), int(month), 1)
    except ValueError:
        return None
    return found if found.year >= 2000 else None  # nobody's records are older; far years are no dates of a calendar


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    # a moment outside these years breaks calendars; it is nobody's report
    return found.astimezone(UTC) if found.tzinfo is not None and 2000 <= found.year < 9000 else None


def _only(text: str) -> Only | None:
    by, _colon, key = text.partition(":")
    return Only(By(by), key) if by in ONLY_BY and key else None
