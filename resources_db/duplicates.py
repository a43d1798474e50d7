"""Which records may be one, how sure that is, and the reasons. Pure; suggests only, a person merges.

Source of the figures: directory.md section 10.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from resources_db import alike

ORGANIZATION, SERVICE, LOCATION = "organization", "service", "location"
KINDS = (ORGANIZATION, SERVICE, LOCATION)
LIKELY, MAYBE = "likely", "maybe"
LIKELY_FROM: Final = 0.85
MAYBE_FROM: Final = 0.65
WEIGHTS: Final[Mapping[str, float]] = {
    "name": 1.0,
    "place": 0.9,
    "phone": 0.8,
    "email": 0.6,
    "host": 0.5,
    "year": 0.2,
    "description": 0.3,
}
OTHER_PHONE: Final = 0.4
"""What a phone weighs where the numbers differ: an agency has several, and each source knows another one."""
NEAR: Final = ((100, 1.0), (500, 0.6), (1_000, 0.3))
"""Metres up to which two points count, and how much."""
NAMES_ALIKE: Final = 0.5
"""Below it nothing else makes two records one: a house with several agencies shares its street, phone and web site."""
OWN_NAMES_ALIKE: Final = 0.9
"""Of one organization's own services and places, which share all else: the names must be nearly the same."""
SHARED_HOSTS = frozenset(
    "facebook.com m.facebook.com fb.com instagram.com twitter.com x.com linktr.ee youtube.com google.com "
    "sites.google.com docs.google.com wixsite.com wordpress.com weebly.com blogspot.com squarespace.com "
    "godaddysites.com eventbrite.com meetup.com yelp.com linkedin.com".split()
)
_EARTH_METRES: Final = 6_371_000
_FEW_WORDS: Final = 5


@dataclass(frozen=True, slots=True)
class Place:
    """A public place. What is confidential never stands here."""

    street: str = ""
    city: str = ""
    zip5: str = ""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is compared of one record."""

    kind: str
    id: str
    name: str
    organization: str = ""
    """The id of the organization it belongs to; its own for an organization."""
    description: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    year: int | None = None
    places: tuple[Place, ...] = ()
    external: tuple[str, ...] = ()
    hours: str = ""
    people: str = ""
    """Who can go, as written."""
    topics: tuple[str, ...] = ()
    """What a service is about: the terms of its source, else its needs."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two records that may be one. `reasons` are pairs of a code and what it is about."""

    first: Facts
    second: Facts
    score: float
    band: str
    reasons: tuple[tuple[str, str], ...]

    @property
    def signature(self) -> str:
        """Of both names and addresses: a pair told apart stays apart until one of them changes."""
        return signature(self.first, self.second)


@dataclass(frozen=True, slots=True)
class _Part:
    name: str
    value: float
    reason: tuple[str, str] | None = None

    @property
    def weight(self) -> float:
        return OTHER_PHONE if self.name == "phone" and not self.value else WEIGHTS[self.name]


def signature(first: Facts, second: Facts) -> str:
    """The same whichever record comes first, and whatever else of them changes."""
    said = sorted(f"{one.id}|{alike.normal(one.name)}|{sorted(map(_street, one.places))}" for one in (first, second))
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def blocks(one: Facts) -> Iterator[str]:
    """Keys that records share when they are worth comparing; a pair without a common key is never compared."""
    name = alike.normal(one.name)
    yield from (f"phone|{number}" for number in one.phones)
    yield from (f"host|{host}" for host in one.hosts if host not in SHARED_HOSTS)
    yield from (f"external|{identifier}" for identifier in one.external)
    for place in one.places:
        if place.zip5:
            yield f"name|{name}|{place.zip5}"
        if place.street:
            yield f"street|{_street(place)}"
    if not one.places:
        yield f"name|{name}|"


def compare(first: Facts, second: Facts) -> Suggestion | None:
    """A suggestion with its score and reasons, or None."""
    if first.kind != second.kind or first.id == second.id:
        return None
    named = alike.names(first.name, second.name)
    same_house = first.kind != ORGANIZATION and first.organization == second.organization
    if named < (OWN_NAMES_ALIKE if same_house else NAMES_ALIKE) or _set_apart(first, second):
        return None
    parts = list(_parts(first, second, named, same_house=same_house))
    score = sum(part.weight * part.value for part in parts) / sum(part.weight for part in parts)
    if score < MAYBE_FROM or len(parts) == 1:
        return None  # a name alone, or a place alone, is no reason
    reasons = tuple(part.reason for part in parts if part.reason)
    if shared := set(first.external) & set(second.external):
        reasons = (*reasons, ("same_id", min(shared)))
    if alike.disguised(first.name, second.name):
        reasons = (("disguised", ""), *reasons)
    return Suggestion(first, second, round(score, 4), LIKELY if score >= LIKELY_FROM else MAYBE, reasons)


def _set_apart(first: Facts, second: Facts) -> bool:
    """The same service at other hours for other people, and another place of one house, are no duplicates."""
    if first.kind == SERVICE:
        own = first.organization == second.organization
        other_topics = bool(first.topics and second.topics) and not set(first.topics) & set(second.topics)
        return (own and other_topics) or _differ(first.hours, second.hours) or _differ(first.people, second.people)
    if first.kind == LOCATION:
        placed = _place(first, second) or 0.0
        own = first.organization == second.organization
        return placed < 1.0 if own else placed == 0.0  # one house may well have two sites in a street
    return False


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and alike.normal(one) != alike.normal(other)


def _parts(first: Facts, second: Facts, named: float, *, same_house: bool) -> Iterator[_Part]:
    words = ("same_name", "") if named == 1.0 else ("names_alike", f"{named:.2f}") if named >= 0.7 else None
    yield _Part("name", named, words)
    placed = _place(first, second)
    if placed is not None:
        yield _Part("place", placed, _place_reason(first, second, placed))
    if same_house and first.kind == SERVICE and placed == 0.0:
        yield _Part("phone", 0.0)  # the house's phone, mail and web site say nothing of two sites
        return
    for part, mine, theirs in (
        ("phone", first.phones, second.phones),
        ("email", first.emails, second.emails),
        ("host", first.hosts, second.hosts),
    ):
        if mine and theirs:
            shared = sorted(set(mine) & set(theirs))
            yield _Part(part, float(bool(shared)), (f"same_{part}", shared[0]) if shared else None)
    if first.year and second.year:
        yield _Part("year", float(first.year == second.year))
    if min(len(first.description.split()), len(second.description.split())) >= _FEW_WORDS:
        value = alike.texts(first.description, second.description)
        yield _Part("description", value, ("texts_alike", "") if value >= 0.7 else None)


def _place(first: Facts, second: Facts) -> float | None:
    """The best of all pairs of their places; None where one of them has none that is public."""
    pairs = [_two_places(one, other) for one in first.places for other in second.places]
    known = [value for value in pairs if value is not None]
    return max(known) if known else None


def _two_places(one: Place, other: Place) -> float | None:
    metres = _metres(one, other)
    if one.street and other.street and _street(one) == _street(other):
        return 1.0 if metres is None or metres <= NEAR[-1][0] else 0.6
    if metres is not None:
        return next((value for limit, value in NEAR if metres <= limit), 0.0)
    if one.street and other.street:
        return 0.0
    return None


def _place_reason(first: Facts, second: Facts, placed: float) -> tuple[str, str] | None:
    if not placed:
        return None
    streets = {_street(place) for place in first.places if place.street}
    if any(place.street and _street(place) in streets for place in second.places):
        return ("same_street", "")
    found = [metres for one in first.places for other in second.places if (metres := _metres(one, other)) is not None]
    return ("near", str(round(min(found), -1))) if found else None


def _metres(one: Place, other: Place) -> float | None:
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return None
    north = math.radians(other.latitude - one.latitude)
    east = math.radians(other.longitude - one.longitude) * math.cos(math.radians(one.latitude))
    return math.hypot(north, east) * _EARTH_METRES


def _street(place: Place) -> str:
    """Street and ZIP (or city); a suite does not count: an agency that moved within its house is the same."""
    words = alike.normal(place.street).split()
    for mark in ("suite", "ste", "unit", "apt", "room", "rm", "floor", "fl", "bldg", "building"):
        if mark in words[1:]:
            words = words[: words.index(mark, 1)]
    return f"{' '.join(words)}|{place.zip5 or alike.normal(place.city)}" if words else ""
