"""What a text costs, about: by what the provider counted this month when an administrator last looked."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from i18n import formatting
from i18n.catalog import gettext as _
from resources_db.models.access import Setting
from resources_db.tenancy import system

if TYPE_CHECKING:
    from datetime import datetime

    from portal.wiring import Runtime

log = logging.getLogger(__name__.replace("portal", "handrail", 1))

LOOKED = "texting_check"
"""The setting that keeps what the last look at the provider found (portal/admin/texting.py)."""
SPENT = "spent"
REMEMBERED = timedelta(minutes=10)


@dataclass(slots=True)
class Price:
    """Remembers the price of a segment for some minutes; it changes once in a month."""

    _read_at: datetime | None = None
    _cents: Decimal | None = field(default=None)

    def about(self, runtime: Runtime, segments: int) -> str:
        """What so many segments cost, as words ("about 2 cents"); empty while nobody knows."""
        moment = runtime.clock.real()
        if self._read_at is None or not timedelta(0) <= moment - self._read_at < REMEMBERED:
            self._read_at = moment
            try:
                with runtime.database.reading(system()) as session:
                    self._cents = _cents(session.get(Setting, LOOKED))
            except SQLAlchemyError:  # what a text costs is no reason to lose the page
                log.warning("what texts cost could not be read")
        if self._cents is None:
            return ""
        return _("about %(cents)s cents", cents=formatting.number(round(self._cents * segments, 1)))

    def forget(self) -> None:
        """Somebody looked again."""
        self._read_at = None


def of_segment(detail: str) -> Decimal | None:
    """The price of a segment from "segments price currency"; None where that says nothing."""
    said = detail.split()
    try:
        segments, price = Decimal(said[0]), Decimal(said[1])
    except (IndexError, InvalidOperation):
        return None
    return price / segments if segments else None


def _cents(looked: Setting | None) -> Decimal | None:
    found = looked.value.get("findings", []) if looked else []
    assert isinstance(found, list)
    detail = next((str(detail) for step, _grade, detail in found if step == SPENT), "")
    price = of_segment(detail)
    return price * 100 if price is not None else None
