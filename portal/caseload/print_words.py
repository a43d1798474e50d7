"""One place on paper, in the words of one language: what it is, today's hours, and what a person needs to get there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from i18n import catalog, formatting
from i18n.catalog import patient, use_language
from portal import place_words
from resources_db.hours import holiday_unsaid
from resources_db.repositories.listing_texts import NOTHING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from portal.place_words import Fact
    from resources_db.repositories.listing import Listing
    from resources_db.repositories.listing_texts import Words

_ = patient.gettext
GAP = "\0"
"""Where a number goes in a sentence, so that it can be set apart and read from left to right."""


@dataclass(frozen=True, slots=True)
class Side:
    """A place in one language. `today` are the hours of the day of printing."""

    language: str
    tag: str
    direction: str
    what: str
    what_lang: str
    what_machine: bool
    today: str
    facts: tuple[Fact, ...]
    machine: str
    """The mark of words that no person has read."""
    notes: str
    """The word above the lines to write on."""


@dataclass(frozen=True, slots=True)
class Card:
    """A place with one side, or two beside each other."""

    key: str
    name: str
    phone: str
    sides: tuple[Side, ...]


def card(listing: Listing, languages: Sequence[str], own: Mapping[str, Words], *, neutral: bool, now: datetime) -> Card:
    """The place in these languages. `own` are its free texts in the first one; `neutral`: what it is stays unsaid."""
    main = listing.main_phone
    sides = []
    for code in languages:
        with use_language(code):
            mine = own if code == languages[0] else NOTHING
            sides.append(_side(listing, mine, neutral=neutral, now=now))
    phone = formatting.phone(main.number) if main else ""
    return Card(str(listing.key), listing.name, phone, tuple(sides))


def _side(listing: Listing, own: Mapping[str, Words], *, neutral: bool, now: datetime) -> Side:
    spoken = catalog.current_language()
    place = place_words.place(listing, now=now, map_url="", own=own)
    # The age of our facts and the languages spoken there are for the screen: paper has room for what one does next.
    kept = {_("Where"), _("How to start"), _("What to bring"), _("Cost"), _("Who can go"), _("Days")}
    return Side(
        language=spoken.code,
        tag=spoken.tag,
        direction=spoken.direction,
        what="" if neutral else place.what,
        what_lang=place.what_lang,
        what_machine=place.what_machine,
        today=_today(listing, now),
        facts=tuple(fact for fact in place.facts if fact.term in kept),
        machine=_("Machine translation"),
        # Translators: On the printed list, above empty lines to write on.
        notes=_("Notes"),
    )


def _today(listing: Listing, now: datetime) -> str:
    """The hours of the day of printing; paper is read later, so it never says "open now"."""
    today = formatting.local(now, listing.timezone).date()
    day = formatting.day(today)
    if not listing.tells_hours(now) or listing.alert_at(now) or holiday_unsaid(listing.rules, today):
        return _("Call first")
    zone = ZoneInfo(listing.timezone)
    spans = [
        (opens.astimezone(zone), closes.astimezone(zone))
        for opens, closes in listing.sure_spans(now, 2)
        if opens.astimezone(zone).date() == today
    ]
    if not spans:
        # Translators: On the printed list. %(day)s is the day of printing, such as "Sun, Nov 22".
        return _("%(day)s: closed", day=day)
    hours = ", ".join(formatting.hours(opens.timetz(), closes.timetz()) for opens, closes in spans)
    # Translators: On the printed list: the day of printing and its hours, "Mon, Nov 23: 9:00 AM to 1:00 PM".
    return _("%(day)s: %(hours)s", day=day, hours=hours)


def around(language: str, caller: str, *, printed: date) -> dict[str, object]:
    """What is said in the patient's language around the places."""
    with use_language(language) as spoken:
        return {
            "paper": spoken,
            # Translators: Heading of the printed list. It must not say what help it is.
            "heading": _("Places for you"),
            # Translators: On the printed list when nothing was chosen.
            "nothing": _("No places are chosen yet."),
            "scan": _("Point the camera of a phone here to see this list and to tell us what happened."),
            # Translators: On the printed list, above what the person wants to reach.
            "goals_title": _("Your goals"),
            "questions": _("Questions?"),
            "call": _("Call %(name)s %(phone)s", name=caller, phone=GAP).partition(GAP)[::2],
            "more_help": _("211: more help"),
            "crisis": _("988: crisis, day and night"),
            # Translators: At the foot of the printed list. %(date)s is the day of printing.
            "printed": _("Printed %(date)s", date=formatting.date(printed)),
        }
