"""Words for the fields of a listing: labels, stored values in words, why a text cannot be, why it was not taken.

Shared by the agency's pages and the directory team's. Patients' words are elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from i18n import formatting
from i18n.catalog import gettext, ngettext
from i18n.catalog import lazy_gettext as _
from portal import need_words
from resources_db import listing_writes
from resources_db.vocab import Access, CapacityState, CostKind, FieldGroup, ServiceStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from i18n.lazy import LazyText

LABELS: Final[Mapping[str, LazyText]] = {
    "name": _("Name"),
    "description": _("What it is"),
    "needs": _("Needs it helps with"),
    "hours": _("Hours"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "url": _("Website"),
    "documents": _("What to bring"),
    "languages": _("Languages"),
    "cost_kind": _("Kind of cost"),
    "cost": _("Cost in words"),
    "access": _("How to get in"),
    "eligibility": _("Who can go"),
    "minimum_age": _("From which age"),
    "maximum_age": _("Up to which age"),
    "how_to_start": _("How to start"),
    "alert": _("Notice"),
    "alert_until": _("Last day of the notice"),
    "room": _("Room"),
    "status": _("Open or closed"),
    "address_1": _("Street"),
    "address_2": _("Second line of the address"),
    "city": _("City"),
    "state": _("State"),
    "postal_code": _("ZIP code"),
    "accessibility": _("Getting in with a wheelchair or other needs"),
}
GROUPS: Final[Mapping[FieldGroup, LazyText]] = {
    FieldGroup.CONTACT: _("Phone and e-mail"),
    FieldGroup.HOURS: _("Hours"),
    FieldGroup.PLACE: _("Place"),
    FieldGroup.WHO_CAN_GO: _("Who can go"),
    FieldGroup.WHAT: _("What it is"),
    FieldGroup.CAPACITY: _("Room"),
}
ACCESS: Final[Mapping[str, LazyText]] = {
    Access.WALK_IN: _("Just come, no appointment"),
    Access.CALL_FIRST: _("Call first"),
    Access.APPOINTMENT: _("By appointment"),
    Access.REFERRAL_ONLY: _("A professional must ask for it"),
    Access.ONLINE: _("Online"),
}
COST: Final[Mapping[str, LazyText]] = {
    CostKind.UNKNOWN: _("Not known"),
    CostKind.FREE: _("Free"),
    CostKind.SLIDING: _("By income: you pay what you can"),
    CostKind.FEE: _("There is a fee"),
    CostKind.INSURANCE: _("Takes insurance"),
}
STATUS: Final[Mapping[str, LazyText]] = {
    ServiceStatus.ACTIVE: _("Open"),
    ServiceStatus.TEMPORARILY_CLOSED: _("Closed for a while"),
    ServiceStatus.INACTIVE: _("Not offered now"),
    ServiceStatus.DEFUNCT: _("Closed for good"),
}
ROOM: Final[Mapping[CapacityState, LazyText]] = {
    CapacityState.OPEN: _("Yes, we have room"),
    CapacityState.LIMITED: _("A little room"),
    CapacityState.WAITLIST: _("There is a wait"),
    CapacityState.FULL: _("Full"),
    CapacityState.PAUSED: _("Paused"),
    CapacityState.OUT_OF_FUNDS: _("Out of funds or food"),
}
WHY_NOT: Final[Mapping[str, LazyText]] = {
    "not_confirmed": _("We could not confirm it."),
    "number_fails": _("The number did not work when we called."),
    "says_so_already": _("The listing says this already."),
    "too_long": _("Please say it shorter."),
    "not_here": _("This belongs to another listing."),
    "call_us": _("Please call us about this."),
}
"""Ready reasons; one of one's own is kept as it was typed."""
LONGEST_CODE: Final = 3
CODED: Final[Mapping[str, Mapping[str, LazyText]]] = {"access": ACCESS, "cost_kind": COST, "status": STATUS}
ERRORS: Final[Mapping[str, LazyText]] = {
    "missing": _("A name is needed."),
    "bad_phone": _("Type a phone number with 10 digits, such as 513-555-0160."),
    "bad_email": _("Type an e-mail address, such as help@pantry.org."),
    "bad_web_address": _("Type a web address, such as www.pantry.org."),
    "bad_zip": _("Type the 5 digits of the ZIP code."),
    "bad_age": _("Type an age in years, such as 18."),
    "bad_date": _("There is no such day."),
    "bad_word": _("Choose one of the answers."),
    "bad_room": _("Choose one of the answers."),
    "unknown_need": _("Choose needs from the list."),
    "confidential": _("The address of a confidential place is not changed here."),
    "no_place": _("This service has no place of its own."),
}


def label(name: str) -> str:
    """What a field is called."""
    return str(LABELS[name]) if name in LABELS else name


def error(code: str) -> str:
    """What is wrong with a text, and what to type."""
    return str(ERRORS.get(code) or gettext("This does not fit. Please change it."))


def why_not(why: str) -> str:
    """Why something was not taken: a ready reason, or the reviewer's own words."""
    return str(WHY_NOT[why]) if why in WHY_NOT else why


def shown(name: str, text: str) -> str:
    """The text of a field as people read it."""
    if name in CODED:
        words = CODED[name].get(text)
        return str(words) if words is not None else text
    reader = {"room": _room, "alert_until": _day, "needs": _needs, "languages": _languages}.get(name)
    return reader(text) if reader and text else text


def _room(text: str) -> str:
    try:
        state, until, weeks = listing_writes.read_room(text)
    except ValueError:
        return text
    words = str(ROOM[state])
    if until is not None:
        return gettext("%(room)s, until %(day)s", room=words, day=formatting.date(until))
    if weeks:
        wait = ngettext("about %(num)s week", "about %(num)s weeks", weeks)
        return gettext("%(room)s, %(wait)s", room=words, wait=wait)
    return words


def _day(text: str) -> str:
    try:
        found = listing_writes.day(text)
    except ValueError:
        return text
    return formatting.date(found) if found else ""


def _needs(text: str) -> str:
    return formatting.list_of(need_words.need(one) for one in listing_writes.named_needs(text))


def _languages(text: str) -> str:
    """Codes become names; a name stays as it was written."""
    return formatting.list_of(_language(part.strip()) for part in text.split(",") if part.strip())


def _language(name: str) -> str:
    return formatting.language_name(name) if name.islower() and len(name) <= LONGEST_CODE else name
