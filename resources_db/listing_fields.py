"""The fields of a listing that people propose changes to: how each reads as text, and what a text may be.

How a text is written back is `listing_writes`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from resources_db import listing_writes as w
from resources_db import places, week
from resources_db.hsds.values import BadValueError, plain
from resources_db.listing_writes import BadFieldError, Held, Write
from resources_db.needs import NEEDS
from resources_db.repositories.listing import Listing
from resources_db.vocab import Access, CostKind, FieldGroup, ServiceStatus

__all__ = ["FIELDS", "OLDEST", "BadFieldError", "ListingField"]

Check = Callable[[str], str | None]
OLDEST = 120
_NUMBER = re.compile(r"\d{1,3}(?:\.\d)?")


@dataclass(frozen=True, slots=True)
class ListingField:
    """`check` gives a code when a text cannot be this field's value; `held` are the rows behind it, if it has any."""

    name: str
    group: FieldGroup
    read: Callable[[Listing], str]
    write: Write
    check: Check
    many_lines: bool = False
    held: Held | None = None


def _anything(_text: str) -> str | None:
    return None


def _needed(text: str) -> str | None:
    return None if text.strip() else "missing"


def _typed(kind: str) -> Check:
    def check(text: str) -> str | None:
        try:
            plain(kind, text)
        except BadValueError as error:
            return error.code
        return None

    return check


def _phone(text: str) -> str | None:
    read = [w.numbers(line) for line in w.lines(text)]
    return None if all(found and all(one.e164 or one.short_code for one in found) for found in read) else "bad_phone"


def _zip(text: str) -> str | None:
    return None if not text.strip() or places.mend_zip(text) else "bad_zip"


def _age(text: str) -> str | None:
    bad = text.strip() and (not _NUMBER.fullmatch(text.strip()) or float(text) > OLDEST)
    return "bad_age" if bad else None


def _day(text: str) -> str | None:
    try:
        w.day(text)
    except ValueError:
        return "bad_date"
    return None


def _status(text: str) -> str | None:
    return None if text.strip() in set(ServiceStatus) else "bad_word"


def _needs(text: str) -> str | None:
    return None if all(need in NEEDS for need in w.named_needs(text)) else "unknown_need"


def _room(text: str) -> str | None:
    try:
        w.read_room(text)
    except ValueError:
        return "bad_room"
    return None


def _line(at: int) -> Callable[[Listing], str]:
    def read(listing: Listing) -> str:
        street = listing.address_lines[:-1]
        return street[at] if len(street) > at else ""

    return read


def _numbers(listing: Listing) -> str:
    return "\n".join(" x".join(filter(None, (one.display, one.extension))) for one in listing.phones)


def _hours(listing: Listing) -> str:
    """The source's words; without any, the plain week in words."""
    known = None if listing.hours_text else week.of_rules(listing.rules)
    return listing.hours_text if known is None else week.words(known)


def _years(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _date(value: date | None) -> str:
    return value.isoformat() if value else ""


_G, _F = FieldGroup, ListingField
_ALL = (
    _F("name", _G.WHAT, lambda one: one.name, w.column("name"), _needed),
    _F("description", _G.WHAT, lambda one: one.description, w.column("description"), _anything, many_lines=True),
    _F("needs", _G.WHAT, lambda one: ", ".join(one.needs), w.needs_of, _needs),
    _F("hours", _G.HOURS, _hours, w.hours_of, _anything, many_lines=True, held=w.schedules),
    _F("phone", _G.CONTACT, _numbers, w.phones_of, _phone, many_lines=True, held=w.own_phones),
    _F("email", _G.CONTACT, lambda one: one.email, w.column("email"), _typed("email")),
    _F("url", _G.CONTACT, lambda one: one.url, w.column("url", w.web), _typed("uri")),
    _F(
        "documents", _G.WHO_CAN_GO, lambda one: "\n".join(one.documents), w.documents_of, _anything,
        many_lines=True, held=w.documents,
    ),
    _F("languages", _G.WHO_CAN_GO, lambda one: ", ".join(one.languages), w.languages_of, _anything, held=w.spoken),
    _F(
        "cost_kind", _G.WHO_CAN_GO, lambda one: one.cost_kind,
        w.column("cost_kind", w.word(CostKind, CostKind.UNKNOWN)), _typed("word:CostKind"),
    ),
    _F("cost", _G.WHO_CAN_GO, lambda one: one.cost_text, w.column("fees_description"), _anything),
    _F(
        "access", _G.WHO_CAN_GO, lambda one: one.access or "", w.column("access", w.word(Access)),
        _typed("word:Access"),
    ),
    _F(
        "eligibility", _G.WHO_CAN_GO, lambda one: one.eligibility, w.column("eligibility_description"), _anything,
        many_lines=True,
    ),
    _F("minimum_age", _G.WHO_CAN_GO, lambda one: _years(one.minimum_age), w.column("minimum_age", w.age), _age),
    _F("maximum_age", _G.WHO_CAN_GO, lambda one: _years(one.maximum_age), w.column("maximum_age", w.age), _age),
    _F(
        "how_to_start", _G.WHO_CAN_GO, lambda one: one.application_process, w.column("application_process"), _anything,
        many_lines=True,
    ),
    _F("alert", _G.WHAT, lambda one: one.alert, w.column("alert"), _anything, many_lines=True),
    _F("alert_until", _G.WHAT, lambda one: _date(one.alert_until), w.column("alert_until", w.day), _day),
    _F("room", _G.CAPACITY, lambda one: w.room_words(one.capacity), w.room_of, _room),
    _F("status", _G.WHAT, lambda one: one.status, w.column("status", w.word(ServiceStatus)), _status),
    _F("address_1", _G.PLACE, _line(0), w.address_column("address_1"), _anything, held=w.place_rows),
    _F("address_2", _G.PLACE, _line(1), w.address_column("address_2"), _anything, held=w.place_rows),
    _F("city", _G.PLACE, lambda one: one.city, w.address_column("city"), _anything, held=w.place_rows),
    _F("state", _G.PLACE, lambda one: one.state, w.address_column("state_province"), _anything, held=w.place_rows),
    _F(
        "postal_code", _G.PLACE, lambda one: one.postal_code, w.address_column("postal_code"), _zip, held=w.place_rows
    ),
    _F(
        "accessibility", _G.PLACE, lambda one: "\n".join(one.accessibility), w.accessibility_of, _anything,
        many_lines=True, held=w.ways_in,
    ),
)  # fmt: skip
FIELDS: Mapping[str, ListingField] = {field.name: field for field in _ALL}
