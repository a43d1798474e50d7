"""One hit as the row of a list: name, distance, open or closed, room, how fresh, why it stands here. All in words."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import current_language
from i18n.catalog import gettext as _
from portal import freshness_words, holiday_words, room_words, search_words
from portal.parts import OpenWords, PlaceRow, Room
from resources_db import capacity
from resources_db.hours import OpenState
from resources_db.vocab import CapacityState

if TYPE_CHECKING:
    from datetime import datetime

    from resources_db.hours import OpenStatus
    from resources_db.repositories.listing import Listing
    from search.answer import Hit

_LONG_ABOUT = 150
_SOON_DAYS = 6
_MOST_SHORTENED = 4_096


def row(
    number: int, hit: Hit, listing: Listing, *, chosen: bool, one_of_several: bool, href: str, now: datetime
) -> PlaceRow:
    """`href` is the address of the listing's page; one of several sites says which it is."""
    main = listing.main_phone
    return PlaceRow(
        number=number,
        key=str(listing.key),
        name=site_name(listing) if one_of_several else listing.name,
        href=href,
        distance=distance(hit),
        about=about(listing),
        open=open_words(listing.open_status(now), listing.timezone, now),
        room=room(listing, now),
        checked_days=checked_days(listing, now),
        checked_words=freshness_words.short(listing, now),
        doubt=freshness_words.doubt(listing, now),
        why=search_words.why(hit.why),
        phone=main.number if main else "",
        chosen=chosen,
        lower=hit.full,
        lang="en" if current_language().code != "en" else "",
    )


def about(listing: Listing) -> str:
    """Who offers it, where that is another name, and what it is."""
    text = short_about(listing.description)
    if listing.organization_name.casefold() in listing.name.casefold():
        return text
    # Translators: who offers a service, then what it is: "Riverfront Food Network. Pick out a cart of food."
    return _("%(organization)s. %(about)s", organization=listing.organization_name, about=text).strip()


def site_name(listing: Listing) -> str:
    """The name with its place, for services that stand in a list more than once."""
    where = listing.location_name or listing.city
    # Translators: a service and the place where it is, "Community Pantry, 12 Main St"
    return _("%(service)s, %(place)s", service=listing.name, place=where) if where else listing.name


def distance(hit: Hit) -> str:
    """Miles; "about" where only the ZIP of the place is known. Nothing for a place without a point."""
    if hit.distance_m is None:
        return ""
    miles = formatting.miles(hit.distance_m)
    return _("about %(distance)s", distance=miles) if hit.about else miles


@lru_cache(_MOST_SHORTENED)
def short_about(text: str) -> str:
    """The first sentences of a description, as many as fit two lines."""
    plain = " ".join(text.split())
    if len(plain) <= _LONG_ABOUT:
        return plain
    cut = plain[:_LONG_ABOUT]
    ends = [found.end() for found in re.finditer(r"[.!?](?=\s)", cut)]
    return cut[: ends[-1]] if ends else f"{cut.rsplit(' ', 1)[0]} …"


def open_words(status: OpenStatus, zone: str, now: datetime) -> OpenWords:
    """Open until, later today, closed until some day, call first, or not known."""
    if status.state is OpenState.OPEN:
        return OpenWords("open", formatting.time(status.until, zone)) if status.until else OpenWords("open")
    if status.state is not OpenState.CLOSED:
        return OpenWords(status.state.value, more=holiday_words.name(status.holiday))
    if status.opens_at is None:
        return OpenWords("closed")
    day = formatting.local(status.opens_at, zone).date()
    clock = formatting.time(status.opens_at, zone)
    away = (day - formatting.local(now, zone).date()).days
    if away == 0:
        return OpenWords("later", clock)
    shown = formatting.weekday(day.weekday(), short=True) if away <= _SOON_DAYS else formatting.short_date(day)
    # Translators: a day and a time, "Tue 9:00 AM"
    return OpenWords("closed", _("%(day)s %(time)s", day=shown, time=clock))


def room(listing: Listing, now: datetime) -> Room:
    """What still counts of what was said, with the day it was said."""
    said = capacity.current(listing.capacity, now=now, timezone=listing.timezone)
    on = formatting.local(said.said_at, listing.timezone).date() if said.said_at else None
    if said.state is None:
        return Room("unknown", None, on)
    note = listing.capacity.note if listing.capacity else ""
    if said.state is CapacityState.WAITLIST and listing.capacity is not None:
        note = note or room_words.wait(listing.capacity.weeks)
    return Room(said.state.value, said.until, on, note)


def checked_days(listing: Listing, now: datetime) -> int | None:
    """Whole days since phone and hours were both known to be right."""
    return max((now - listing.relied_on_at).days, 0) if listing.relied_on_at else None
