"""Whether a listing's door is open, as the status components take it. Shared by search, sending and printing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from i18n import formatting
from portal import holiday_words
from portal.parts import OpenWords
from resources_db.hours import OpenState

if TYPE_CHECKING:
    import datetime as dt

    from resources_db.repositories.listing import Listing


def open_words(listing: Listing, now: dt.datetime) -> OpenWords:
    """Open, opens later today, closed until a day, call first, or not known."""
    status = listing.open_status(now)
    if status.state is OpenState.OPEN:
        return OpenWords("open", formatting.time(status.until, listing.timezone) if status.until else "")
    if status.state is not OpenState.CLOSED:
        return OpenWords(status.state.value, more=holiday_words.name(status.holiday))
    if status.opens_at is None:
        return OpenWords("closed")
    time = formatting.time(status.opens_at, listing.timezone)
    day = formatting.local(status.opens_at, listing.timezone).date()
    if day == formatting.local(now, listing.timezone).date():
        return OpenWords("later", time)
    return OpenWords("closed", f"{formatting.day(day)} {time}")
