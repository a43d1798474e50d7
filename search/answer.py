"""What search gives back: plain values with codes and facts; the words are made at the edge."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from resources_db.hours import OpenStatus
from resources_db.listing_key import ListingKey
from search.geocode import Place
from search.needs import Correction

Fact = str | int | float | bool | datetime


class Why(StrEnum):
    """Reasons a listing stands where it stands."""

    NAME = "name"
    NEED_EXACT = "need_exact"
    NEED_ALSO = "need_also"
    NEED_NEAR = "need_near"
    NEAREST = "nearest"
    SERVES_AREA = "serves_area"
    SERVES_EVERYWHERE = "serves_everywhere"
    OUTSIDE_AREA = "outside_area"
    BY_PHONE = "by_phone"
    SPEAKS = "speaks"
    NO_PAPERS = "no_papers"
    MEANT_FOR = "meant_for"
    STEP_FREE = "step_free"
    COSTS = "costs"
    STANDING = "standing"
    REACH = "reach"
    FAR = "far"
    OPEN_NOW = "open_now"
    OPEN_THEN = "open_then"
    OPENS = "opens"
    NO_HOURS = "no_hours"
    HAS_ROOM = "has_room"
    WAITLIST = "waitlist"
    FULL = "full"
    CHECKED = "checked"
    OLD_FACTS = "old_facts"
    ALERT = "alert"
    DOUBTED = "doubted"
    MISSES = "misses"


@dataclass(frozen=True, slots=True)
class Reason:
    code: Why
    facts: Mapping[str, Fact] = field(default_factory=dict)


class Relax(StrEnum):
    """Steps taken when a question had too few answers."""

    WITHOUT_CHECKED = "without_checked"
    WITHOUT_PAPERS = "without_papers"
    WITHOUT_ROOM = "without_room"
    WITHOUT_OPEN = "without_open"
    WITHOUT_COST = "without_cost"
    WITHOUT_PHONE = "without_phone"
    WITHOUT_WHEELCHAIR = "without_wheelchair"
    WITHOUT_WHO = "without_who"
    WITHOUT_LANGUAGE = "without_language"
    WIDER = "wider"
    NEAR_NEEDS = "near_needs"
    SOME_WORDS = "some_words"
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True)
class Relaxed:
    """`added` among the facts is how many listings the step brought."""

    step: Relax
    facts: Mapping[str, Fact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Understood:
    """A need the answer is about: read from the words, or chosen by the person."""

    need: str
    confidence: float
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ReadConstraint:
    """A filter read from the words; `field` is what the chip removes."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that bears on the order: what it weighs, and how well a listing does in it (0 to 1)."""

    name: str
    weight: float
    value: float


@dataclass(frozen=True, slots=True)
class Order:
    """Why a listing stands where it stands, in numbers: total = need x sum of weight x value x penalties + named."""

    total: float
    need: float
    parts: tuple[Part, ...]
    penalties: Mapping[str, float]
    named: float


@dataclass(frozen=True, slots=True)
class Hit:
    """`serves_area` is None when nobody said whom the listing serves, or nobody said where the person is."""

    key: ListingKey
    distance_m: float | None
    about: bool
    serves_area: bool | None
    open: OpenStatus
    why: tuple[Reason, ...]
    latitude: float | None = None
    longitude: float | None = None
    score: float = 0.0
    full: bool = False
    order: Order | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """How many of the listings found have what; exact, over the whole answer and not over a page.

    Counted after all filters of the question, so the number of a filter is how many it would leave. A number "within"
    so many miles or days holds the nearer and the newer ones too. Without a place there are no distances. Needs and
    domains count what is a listing's main help; what it also serves is found too and not counted there.
    """

    need: Mapping[str, int] = field(default_factory=dict)
    domain: Mapping[str, int] = field(default_factory=dict)
    language: Mapping[str, int] = field(default_factory=dict)
    open_now: int = 0
    has_room: int = 0
    no_papers: int = 0
    by_phone: int = 0
    cost: Mapping[str, int] = field(default_factory=dict)
    distance: Mapping[str, int] = field(default_factory=dict)
    """Miles: "1", "2", "5", "10", "25", then "beyond", and "nowhere" for listings without a place."""
    checked: Mapping[str, int] = field(default_factory=dict)
    """Days: "90", "180", "365", then "older" and "never"."""
    room: Mapping[str, int] = field(default_factory=dict)
    """"has_room", "waitlist", "full", "unknown"."""


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    understood: tuple[Understood, ...] = ()
    instead: tuple[str, ...] = ()
    """Needs the words may also mean, to be offered."""
    constraints: tuple[ReadConstraint, ...] = ()
    corrections: tuple[Correction, ...] = ()
    urgent: tuple[str, ...] = ()
    place: Place | None = None
    total: int = 0
    strict_total: int = 0
    with_room: int = 0
    """Those of the strict ones that did not say they are full."""
    facets: Facets = field(default_factory=Facets)
    hits: tuple[Hit, ...] = ()
    relaxed: tuple[Relaxed, ...] = ()
    browse: Mapping[str, int] = field(default_factory=dict)
    """When nothing at all was found: the domains that have something, here if possible, with how much."""
    degraded: bool = False
