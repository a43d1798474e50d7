"""The directory team's queue: which listings to check first, and why.

Order: how much a listing is used, times its grade, times what was found wrong. Always the same number of queries.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from sqlalchemy import select

from referrals import listing_use
from referrals.listing_use import Use
from resources_db import freshness, reviews
from resources_db.freshness import Grade
from resources_db.models.curation import FieldMark
from resources_db.models.directory import Address, Organization, Service, ServiceAtLocation
from resources_db.models.upkeep import ListingReview
from resources_db.vocab import FieldGroup, ReviewState, ReviewWhy, ServiceStatus, Visibility

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.base import JsonDict
    from resources_db.freshness import Dated, Marked

WEIGHTS: Mapping[Grade, int] = MappingProxyType({Grade.FRESH: 1, Grade.AGEING: 2, Grade.STALE: 3, Grade.NEVER: 4})
OLD, USED = "old", "used"
"""Words of a filter: everything that is not fresh, and everything used at least once in ninety days."""
SEEN = (Visibility.PUBLIC, Visibility.STAFF)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A filter of listings, for the queue and for campaigns. Empty parts let everything through."""

    why: str = ""
    grade: str = ""
    need: str = ""
    zips: frozenset[str] = frozenset()
    source: str = ""
    use: str = ""
    assigned_to: uuid.UUID | None = None

    def lets(self, entry: Entry) -> bool:
        """Whether a listing passes."""
        return (
            (not self.why or self.why in {why.value for why in entry.whys})
            and (not self.grade or self.grade == entry.grade or (self.grade == OLD and entry.grade is not Grade.FRESH))
            and (not self.need or self.need in entry.needs)
            and (not self.zips or bool(self.zips & entry.zips))
            and (not self.source or self.source == entry.source)
            and (not self.use or self.use == entry.use or (self.use == USED and entry.used > 0))
            and (self.assigned_to is None or self.assigned_to == entry.assigned_to)
        )

    def kept(self) -> JsonDict:
        """As a campaign keeps it."""
        words = {"why": self.why, "grade": self.grade, "need": self.need, "source": self.source, "use": self.use}
        return {
            **{name: word for name, word in words.items() if word},
            **({"zips": sorted(self.zips)} if self.zips else {}),
        }

    @classmethod
    def of(cls, kept: JsonDict) -> Chosen:
        """What a campaign kept."""
        zips = kept.get("zips")
        return cls(
            why=str(kept.get("why", "")),
            grade=str(kept.get("grade", "")),
            need=str(kept.get("need", "")),
            zips=frozenset(str(one) for one in zips) if isinstance(zips, list) else frozenset(),
            source=str(kept.get("source", "")),
            use=str(kept.get("use", "")),
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """One service with all of its places, as the queue orders it."""

    service_id: uuid.UUID
    organization_id: uuid.UUID
    name: str
    organization: str
    source: str
    needs: frozenset[str]
    zips: frozenset[str]
    groups: Mapping[FieldGroup, datetime | None]
    grade: Grade
    used: int
    whys: tuple[ReviewWhy, ...]
    times: int
    last_said_at: datetime | None
    notes: tuple[tuple[ReviewWhy, str], ...] = ()
    assigned_to: uuid.UUID | None = None
    sleeps_until: datetime | None = None

    @property
    def use(self) -> Use:
        """How often it is used, roughly."""
        return listing_use.use(self.used)

    @property
    def waits(self) -> bool:
        """Whether somebody should look at it."""
        return bool(self.whys)

    @property
    def score(self) -> int:
        """Use x grade x failures; each counts from one on, so that none of them hides the others."""
        if set(self.whys) == {ReviewWhy.FULL} and self.grade is Grade.FRESH:
            return 0  # its own word, with its own end: nothing to ask
        return (1 + self.used) * WEIGHTS[self.grade] * (1 + self.times)


@dataclass(slots=True)
class _Facts:
    marks: dict[uuid.UUID, list[Marked]] = field(default_factory=lambda: defaultdict(list))
    places: dict[uuid.UUID, list[uuid.UUID]] = field(default_factory=lambda: defaultdict(list))
    zips: dict[uuid.UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    reviews: dict[uuid.UUID, list[ListingReview]] = field(default_factory=lambda: defaultdict(list))
    used: dict[uuid.UUID, int] = field(default_factory=dict)


def entries(session: Session, *, now: datetime) -> list[Entry]:
    """Every listing people can be sent to, whether it waits for somebody or not."""
    facts = _facts(session, now)
    stmt = (
        select(
            Service.id,
            Service.organization_id,
            Service.name,
            Organization.name.label("organization"),
            Service.source,
            Service.needs,
            Service.confirmed_at,
            Service.confirmed_method,
        )
        .join(Organization, Organization.id == Service.organization_id)
        .where(
            Service.deleted_at.is_(None),
            Service.visibility.in_(SEEN),
            Service.status == ServiceStatus.ACTIVE,
            Organization.deleted_at.is_(None),
        )
    )
    found = []
    for row in session.execute(stmt):
        groups = _groups(cast("Dated", row), facts)
        grade = freshness.worst(freshness.grade(groups[group], now) for group in freshness.RELIED_ON)
        rows = facts.reviews.get(row.id, [])
        awake = [one for one in rows if one.state is ReviewState.OPEN or one.until is None or one.until <= now]
        sleeps = max((one.until for one in rows if one.until and one.until > now), default=None) if not awake else None
        whys = [one.why for one in awake] if sleeps is None else []
        old = _old(grade) if sleeps is None else None
        found.append(
            Entry(
                service_id=row.id,
                organization_id=row.organization_id,
                name=row.name,
                organization=row.organization,
                source=row.source or "",
                needs=frozenset(row.needs),
                zips=frozenset(zip_ for place in facts.places.get(row.id, ()) for zip_ in facts.zips.get(place, ())),
                groups=groups,
                grade=grade,
                used=facts.used.get(row.id, 0),
                whys=tuple(dict.fromkeys([*whys, *([old] if old else [])])),
                times=sum(one.times for one in awake if one.why in reviews.TOLD),
                last_said_at=max((one.last_at for one in awake), default=None),
                notes=tuple((one.why, one.note) for one in awake if one.note),
                assigned_to=next((one.assigned_to for one in rows if one.assigned_to), None),
                sleeps_until=sleeps,
            )
        )
    return found


def waiting(found: list[Entry], chosen: Chosen) -> list[Entry]:
    """What somebody should look at, the most pressing first; equals by name."""
    kept = [entry for entry in found if entry.waits and chosen.lets(entry)]
    return sorted(kept, key=lambda entry: (-entry.score, entry.name.casefold(), str(entry.service_id)))


@dataclass(frozen=True, slots=True)
class Truth:
    """How many listings stand at each grade: plainly, and weighted by how much they are used (shares of 1)."""

    listings: Mapping[Grade, int]
    by_use: Mapping[Grade, float]


def truth(found: list[Entry], group: FieldGroup | None = None, *, now: datetime) -> Truth:
    """The grades of all listings, or those of one group of fields."""
    grades = [
        (entry.grade if group is None else freshness.grade(entry.groups[group], now), entry.used) for entry in found
    ]
    plain, used = Counter(grade for grade, _used in grades), Counter[Grade]()
    for grade, count in grades:
        used[grade] += count
    total = sum(used.values())
    return Truth(
        {grade: plain[grade] for grade in Grade},
        {grade: used[grade] / total if total else 0.0 for grade in Grade},
    )


def _old(grade: Grade) -> ReviewWhy | None:
    if grade is Grade.NEVER:
        return ReviewWhy.NEVER_CONFIRMED
    return None if grade is Grade.FRESH else ReviewWhy.OUTDATED


def _groups(row: Dated, facts: _Facts) -> dict[FieldGroup, datetime | None]:
    """The oldest word about each group over all places; None where one of them has none."""
    places: list[uuid.UUID | None] = [*facts.places.get(row.id, ())] or [None]
    by_place = []
    for one in places:
        of_place = facts.marks.get(one, []) if one is not None else []
        by_place.append(freshness.dates(row, [*facts.marks.get(row.id, []), *of_place], one))
    groups: dict[FieldGroup, datetime | None] = {}
    for group in freshness.SPOKEN_OF:
        said = [dates.get(group) for dates in by_place]
        groups[group] = None if None in said else min(one for one in said if one is not None)
    return groups


def _facts(session: Session, now: datetime) -> _Facts:
    facts = _Facts(used=listing_use.counts(session, now=now))
    columns = (FieldMark.record_id, FieldMark.field_group, FieldMark.confirmed_at)
    for mark in session.execute(select(*columns).where(FieldMark.confirmed_at.is_not(None))):
        facts.marks[mark.record_id].append(cast("Marked", mark))
    links = select(ServiceAtLocation.service_id, ServiceAtLocation.location_id)
    for service_id, location_id in session.execute(links.where(ServiceAtLocation.deleted_at.is_(None))):
        facts.places[service_id].append(location_id)
    zips = select(Address.location_id, Address.postal_code).where(Address.postal_code != "")
    for place, postal_code in session.execute(zips):
        if place is not None:
            facts.zips[place].add(postal_code[:5])
    open_ones = select(ListingReview).where(ListingReview.state.in_(reviews.OPEN)).order_by(ListingReview.opened_at)
    for review in session.scalars(open_ones):
        facts.reviews[review.service_id].append(review)
    return facts
