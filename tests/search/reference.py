"""What search has to answer, said plainly: one listing after the other, no arrays, no index. Slow on purpose.

Taken as given: how a sentence is read (the Question), the words of a listing, its laid out hours, the table of weights
and the steps of rescue. Everything else is said here once more, from the paper.
"""

import json
import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from resources_db import capacity
from resources_db.hours import OpenState
from resources_db.needs import NEEDS
from resources_db.vocab import CapacityState, CostKind, GeocodeQuality
from search import ranking, rescue
from search.analyzer import NAME_MARK
from search.areas import AreaSpec
from search.criteria import Cost, OpenWhen, SearchCriteria, Sort, Travel
from search.geocode import Place
from search.index import terms_of
from search.lexicon import content
from search.papers import Papers
from search.question import Question
from search.rescue import Attempt
from search.rows import IndexRow, minute
from search.words import fold, split, stem, stems

MILE = 1609.344
COUNTIES = {"39061": ("OH", "Hamilton"), "21117": ("KY", "Kenton"), "02016": ("AK", "Aleutians West")}
ROOM = {CapacityState.OPEN: 1.0, CapacityState.LIMITED: 0.85, CapacityState.WAITLIST: 0.35, None: 0.6}
HAS_ROOM = {CapacityState.OPEN, CapacityState.LIMITED}
FULL = {CapacityState.FULL, CapacityState.PAUSED, CapacityState.OUT_OF_FUNDS}
PAYS = {CostKind.FREE: Cost.FREE, CostKind.SLIDING: Cost.SLIDING, CostKind.UNKNOWN: Cost.UNKNOWN}
WEEK = "mon tue wed thu fri sat sun".split()
HORIZON = 2_000_000_000


def metres(one: IndexRow, place: Place) -> float | None:
    """Along a ball; None for a listing that says no point."""
    if math.isnan(one.latitude):
        return None
    a, b = math.radians(place.latitude), math.radians(one.latitude)
    turn = math.radians(one.longitude - place.longitude)
    inner = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(turn / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(min(inner, 1.0)))


def covers(area: AreaSpec, place: Place) -> bool:
    zips = [place.zip_code] if place.zip_code else list(place.zips)
    listed = sum(code in area.zip_codes for code in zips)
    if listed and listed >= len(zips) / 2:
        return True
    county = place.county.removesuffix(" County").removesuffix(" Census Area")
    if any(COUNTIES.get(said, _county(said)) == (place.state, county) for said in area.counties):
        return True
    return area.nationwide or place.state in area.states or _inside(area.polygon, place)


def _county(said: str) -> tuple[str, str]:
    name, _, state = said.rpartition(", ")
    return state, name.removesuffix(" County")


def _inside(geojson: str, place: Place) -> bool:
    """How often a ray to the east crosses the rings of a polygon; holes are rings too."""
    return any(_in_rings(rings, place) for rings in _polygons(geojson))


@cache
def _polygons(geojson: str) -> list[list[list[tuple[float, float]]]]:
    if not geojson:
        return []
    shape = json.loads(geojson)
    return [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]


def _in_rings(rings: list[list[tuple[float, float]]], place: Place) -> bool:
    east = [point[0] for ring in rings for point in ring]
    over_date_line = max(east) - min(east) > 180

    def turned(longitude: float) -> float:
        return longitude + 360 if over_date_line and longitude < 0 else longitude

    x, y, inside = turned(place.longitude), place.latitude, False
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            a, b = turned(x1), turned(x2)
            if (y1 > y) != (y2 > y) and x < a + (y - y1) / (y2 - y1) * (b - a):
                inside = not inside
    return inside


@dataclass(frozen=True)
class Lies:
    """How a listing lies to the person."""

    far: float | None
    within: bool
    covered: bool
    stated: bool
    anywhere: bool

    @property
    def matches(self) -> bool:
        return self.within or self.covered or self.anywhere


def window(when: OpenWhen, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when until when a word means, by a clock of the zone."""
    local = now.astimezone(zone)
    midnight = datetime.combine(local.date(), time())
    starts, ends = midnight, midnight + timedelta(days=1)
    if when is OpenWhen.TONIGHT:
        starts, ends = (midnight, midnight.replace(hour=4)) if local.hour < 4 else (midnight.replace(hour=17), ends)
    elif when is OpenWhen.WEEKEND:
        starts = midnight if local.weekday() == 6 else midnight + timedelta(days=5 - local.weekday())
        ends = midnight + timedelta(days=7 - local.weekday())
    elif when in WEEK:
        starts = midnight + timedelta(days=(WEEK.index(when) - local.weekday()) % 7)
        ends = starts + timedelta(days=1)
    return max(starts.replace(tzinfo=zone).astimezone(UTC), now), ends.replace(tzinfo=zone).astimezone(UTC)


def moments(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """When a clock of the zone shows this: once, twice in autumn; what spring leaves out is read an hour later."""
    shown = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    real = [moment for moment in shown if moment.astimezone(zone).replace(tzinfo=None) == wall]
    return real or shown[:1]


class Reference:
    """The answer to one question over these listings."""

    def __init__(self, rows: list[IndexRow], asked: Question, criteria: SearchCriteria, now: datetime) -> None:
        self.rows, self.asked, self.criteria, self.now = rows, asked, criteria, now
        self.minute = minute(now)
        self.terms = [terms_of(one) for one in rows]
        self.lies = [self._lies(one, asked.radius_m) for one in rows] if asked.place else None
        self._lists = [self._terms(word, last=word is asked.words[-1]) for word in asked.words]
        first = self.find(Attempt(asked))
        rescued = rescue.widen(asked, first, self.find)
        self.strict, self.found, self.steps = set(first), rescued.found, rescued.steps
        self.radius = rescued.attempt.question.radius_m
        if asked.place:
            self.lies = [self._lies(one, self.radius) for one in rows]
        self.text = self._text()
        self.with_room = sum(self.room(rows[at]) not in FULL for at in first)

    # what answers

    def find(self, attempt: Attempt) -> list[int]:
        return [at for at in range(len(self.rows)) if self._answers(at, attempt)]

    def _answers(self, at: int, attempt: Attempt) -> bool:
        asked, one = attempt.question, self.rows[at]
        if asked.place is not None:
            lies = self._lies(one, asked.radius_m)
            nowhere = attempt.anywhere and lies.far is None and not lies.stated
            if not (lies.matches or nowhere):
                return False
        return (
            self._serves(at, attempt)
            and (not asked.language or asked.language in one.languages)
            and self._open_then(one, asked)
            and (not asked.has_room or self.room(one) in HAS_ROOM)
            and (not asked.no_papers or one.papers is Papers.NONE_ASKED)
            and (not asked.by_phone or one.remote)
            and (asked.who is None or asked.who not in one.audience.not_for)
            and (not asked.wheelchair or one.step_free)
            and (not asked.cost or PAYS.get(one.cost, Cost.PAID) in asked.cost)
            and (not asked.checked or self._checked_days(one) <= asked.checked)
        )

    def _serves(self, at: int, attempt: Attempt) -> bool:
        asked, one = attempt.question, self.rows[at]
        in_domain = not asked.domain or any(NEEDS[need].domain == asked.domain for need in one.needs)
        if asked.needs:
            near = rescue.near_needs(asked) if attempt.near_needs else ()
            serves = {*one.needs, *one.also_serves} & set(asked.needs) or set(one.needs) & set(near) or self._named(at)
            return bool(serves) and in_domain
        if asked.words:
            return (self._holds_some(at) if attempt.some_words else self._holds_all(at)) and in_domain
        return in_domain

    def _lies(self, one: IndexRow, radius: float) -> Lies:
        assert self.asked.place is not None
        far = metres(one, self.asked.place)
        covered = any(covers(area, self.asked.place) for area in one.areas)
        return Lies(far, far is not None and far <= radius, covered, bool(one.areas), one.remote and not one.areas)

    def _open_then(self, one: IndexRow, asked: Question) -> bool:
        zone = ZoneInfo(one.zone or "UTC")
        if asked.open_at is not None:
            return all(self._open(one, minute(moment)) for moment in moments(asked.open_at, zone))
        if asked.open_when is None:
            return True
        if asked.open_when is OpenWhen.NOW:
            return self._open(one, self.minute)
        starts, ends = window(asked.open_when, self.now, zone)
        return any(opens < minute(ends) and closes > minute(starts) for opens, closes in one.spans)

    def _open(self, one: IndexRow, at: int) -> bool:
        return any(opens <= at < closes for opens, closes in one.spans)

    def room(self, one: IndexRow) -> CapacityState | None:
        return capacity.current(one.capacity, now=self.now, timezone=one.zone).state

    def _checked_days(self, one: IndexRow) -> float:
        if one.confirmed_at is None:
            return math.inf
        return (self.minute - minute(one.confirmed_at)) / 1440

    # words

    def _terms(self, word: str, *, last: bool) -> list[str]:
        held = Counter(term for terms in self.terms for term in terms)
        known = [term for term in stems(word, self.asked.lang) if term in held]
        if known or not last or len(word) < 3:
            return known
        begun = [term for term in held if term.startswith(word)]
        return sorted(begun, key=lambda term: (-held[term], term))[:20]

    def _weight(self, at: int, terms: list[str]) -> float:
        return max((self.terms[at].get(term, 0.0) for term in terms), default=0.0)

    def _holds_all(self, at: int) -> bool:
        return bool(self._lists) and all(self._weight(at, terms) > 0 for terms in self._lists)

    def _holds_some(self, at: int) -> bool:
        enough = max(len(self._lists) * 2 // 3, 1)
        return bool(self._lists) and sum(self._weight(at, terms) > 0 for terms in self._lists) >= enough

    def _named(self, at: int) -> bool:
        marks = [NAME_MARK + stem(word, "en") for word in self.asked.words]
        if not marks or not self.asked.may_be_a_name or not all(mark in self.terms[at] for mark in marks):
            return False
        one = self.rows[at]
        longest = max(len(set(content(split(name), "en"))) for name in (one.name, one.organization))
        return bool(one.needs or one.also_serves) or 2 * len(set(self.asked.words)) > longest

    def _text(self) -> list[float]:
        """BM25 with k1 1.2 and b 0.6, of the best of those found."""
        lengths = [len(f"{one.name} {one.organization} {one.description}".split()) for one in self.rows]
        usual = max(sum(lengths) / max(len(lengths), 1), 1.0)
        scores = [0.0] * len(self.rows)
        for terms in self._lists:
            weights = [self._weight(at, terms) for at in range(len(self.rows))]
            holding = sum(weight > 0 for weight in weights)
            rarity = math.log(1 + (len(self.rows) - holding + 0.5) / (holding + 0.5))
            for at, weight in enumerate(weights):
                scores[at] += (
                    rarity * weight * 2.2 / (weight + 1.2 * (0.4 + 0.6 * lengths[at] / usual)) if weight else 0
                )
        best = max((scores[at] for at in self.found), default=0.0)
        return [score / best if best > 0 else 0.0 for score in scores]

    # order

    def order(self) -> list[tuple[float, float, bytes, str]]:
        """Of each listing found: what is sorted by first, its score, its name, its key; the best first."""
        heads = self._heads() if self.criteria.sort is Sort.BEST else {}
        keyed = [(heads.get(at, self._first(at)), *self._ranked(at)) for at in self.found]
        return sorted(keyed, key=lambda one: (one[0], -round(one[1], 6), one[2], one[3]))

    def _ranked(self, at: int) -> tuple[float, bytes, str]:
        return self.score(at), fold(self.rows[at].name).encode()[:48], self.rows[at].key

    def _heads(self) -> dict[int, float]:
        """The best door for each need read about as surely as the surest, in their order; names before them."""
        needs = self.asked.needs
        sure = [need for need in needs if needs[need] >= max(needs.values()) - ranking._AS_SURE]
        if len(sure) < 2:
            return {}
        places: dict[int, float] = {}
        for place, need in enumerate(sure):
            doors = [
                at
                for at in self.found
                if at in self.strict and need in self.rows[at].needs and self.room(self.rows[at]) not in FULL
            ]
            ranked = sorted((-round(self.score(at), 6), *self._ranked(at)[1:], at) for at in doors)
            for *_, best in ranked[:1]:
                places.setdefault(best, place - len(sure))
        return {**places, **{at: -math.inf for at in self.found if self._named(at)}}

    def _first(self, at: int) -> float:
        one = self.rows[at]
        if self.criteria.sort is Sort.NEAR and self.lies:
            lies = self.lies[at]
            if lies.far is None or not (lies.within or lies.covered):
                return math.inf
            return lies.far + (0.0 if self._exact(at) else ranking._ABOUT_M)
        if self.criteria.sort is Sort.SOONEST:
            if one.open_state not in {OpenState.OPEN, OpenState.CLOSED}:
                return 2_000_000.0
            closes = max((closes for opens, closes in one.spans if opens <= self.minute < closes), default=None)
            return self.minute - closes if closes is not None else min(self._wait(one), 1_000_000.0)
        return 0.0

    def _wait(self, one: IndexRow) -> float:
        return min((opens - self.minute for opens, _ in one.spans if opens > self.minute), default=HORIZON)

    def score(self, at: int) -> float:
        if self.criteria.sort is Sort.NAME:
            return 0.0
        one = self.rows[at]
        parts = {
            "distance": self._distance(at),
            "room": ROOM.get(self.room(one), 0.0),
            "open": self._opens(one),
            "language": self._language(one),
            "standing": self._standing(one),
            "area": self._area(at),
            "text": self.text[at],
            "fresh": self._fresh(one),
        }
        total = self._fit(at) * sum(ranking.WEIGHTS[name] * value for name, value in parts.items())
        total *= ranking.FULL_PENALTY if self.room(one) in FULL else 1
        total *= ranking.ALERT_PENALTY if one.alert else 1
        total *= ranking.DOUBTED_PENALTY if one.doubted else 1
        total *= ranking.OUTSIDE_PENALTY if self.lies and self.lies[at].stated and not self.lies[at].covered else 1
        total *= ranking.GUESSED_PENALTY if one.guessed and self.asked.needs else 1
        total *= ranking.UNSAID_PENALTY if self.asked.who and self.asked.who not in one.audience.meant_for else 1
        total *= 1 if at in self.strict else ranking.BESIDE_FILTERS_PENALTY
        return total + (ranking._NAMED if self._named(at) else 0.0)

    def _fit(self, at: int) -> float:
        one = self.rows[at]
        needs = self.asked.needs
        if not needs:
            return 1.0 if self._holds_all(at) or not self._holds_some(at) else ranking.SOME_WORDS
        grades = {
            need: ranking.EXACT if need in one.needs else ranking.ALSO if need in one.also_serves else 0.0
            for need in needs
        }
        sure = {need: (confidence / max(needs.values())) ** ranking._DOUBT for need, confidence in needs.items()}
        best = max(grade * sure[need] for need, grade in grades.items())
        further = max(sum(grade > 0 for grade in grades.values()) - 1, 0)
        near = [
            ranking.NEAR - place * ranking._EACH_LESS_NEAR
            for place, need in enumerate(rescue.near_needs(self.asked))
            if need in one.needs
        ]
        return max(best + ranking._EACH_FURTHER_NEED * further, *near, ranking._LEAST)

    def _distance(self, at: int) -> float:
        if not self.lies:
            return 0.5
        lies, half = self.lies[at], max(self.asked.radius_m / 2, 1.0)
        if self.asked.travel is Travel.CAR:
            half = max(5 * MILE, half)
        elif self.asked.travel is not None:
            half = {Travel.WALK: 0.5, Travel.BUS: 3.0}[self.asked.travel] * MILE
        if lies.far is None or not (lies.within or lies.covered):
            return 0.5 if lies.covered or lies.anywhere else 0.2
        return 0.5 ** ((lies.far + (0 if self._exact(at) else 0.1 * half)) / half)

    def _exact(self, at: int) -> bool:
        return self.rows[at].quality in {GeocodeQuality.STREET, GeocodeQuality.ROOFTOP}

    def _opens(self, one: IndexRow) -> float:
        if one.open_state not in {OpenState.OPEN, OpenState.CLOSED}:
            return 0.4
        if self._open(one, self.minute):
            return 1.0
        hours = self._wait(one) / 60
        return next((value for most, value in ((12, 0.7), (48, 0.5), (168, 0.4)) if hours <= most), 0.2)

    def _area(self, at: int) -> float:
        if not self.lies:
            return 0.5
        return 1.0 if self.lies[at].covered else 0.0 if self.lies[at].stated else 0.5

    def _language(self, one: IndexRow) -> float:
        wanted = self.asked.language or (self.criteria.lang if self.criteria.lang != "en" else "")
        if not wanted:
            return 0.5
        return 1.0 if wanted in one.languages else 0.0 if one.languages else 0.4

    def _standing(self, one: IndexRow) -> float:
        every = [item for row in self.rows for item in row.standing if item.need in self.asked.needs]
        usual = (sum(item.helped for item in every) + 6) / (sum(item.known for item in every) + 10)
        mine = [item for item in one.standing if item.need in self.asked.needs]
        return (sum(item.helped for item in mine) + usual * 10) / (sum(item.known for item in mine) + 10)

    def _fresh(self, one: IndexRow) -> float:
        days = self._checked_days(one)
        return 0.2 if days == math.inf else 1.0 if days <= 180 else 0.6 if days <= 365 else 0.3

    # numbers beside the filters

    def facets(self) -> dict[str, object]:
        some = [self.rows[at] for at in self.found]
        rooms = Counter(self._room_word(one) for one in some)
        return {
            "need": dict(Counter(need for one in some for need in one.needs)),
            "domain": dict(Counter(domain for one in some for domain in {NEEDS[need].domain for need in one.needs})),
            "language": dict(Counter(code for one in some for code in set(one.languages))),
            "open_now": sum(self._open(one, self.minute) for one in some),
            "has_room": rooms["has_room"],
            "no_papers": sum(one.papers is Papers.NONE_ASKED for one in some),
            "by_phone": sum(one.remote for one in some),
            "cost": {cost.value: sum(PAYS.get(one.cost, Cost.PAID) is cost for one in some) for cost in Cost},
            "room": {word: rooms[word] for word in ("has_room", "waitlist", "full", "unknown")},
            "checked": self._checked(some),
            "distance": self._distances(some),
        }

    def _room_word(self, one: IndexRow) -> str:
        room = self.room(one)
        return "has_room" if room in HAS_ROOM else "full" if room in FULL else room.value if room else "unknown"

    def _checked(self, some: list[IndexRow]) -> dict[str, int]:
        days = [self._checked_days(one) for one in some]
        within = {str(most): sum(day <= most for day in days) for most in (90, 180, 365)}
        never = days.count(math.inf)
        return {**within, "older": len(days) - never - within["365"], "never": never}

    def _distances(self, some: list[IndexRow]) -> dict[str, int]:
        if self.asked.place is None:
            return {}
        far = [metres(one, self.asked.place) for one in some]
        placed = [one for one in far if one is not None]
        within = {str(miles): sum(one <= miles * MILE for one in placed) for miles in (1, 2, 5, 10, 25)}
        return {**within, "beyond": len(placed) - within["25"], "nowhere": len(far) - len(placed)}
