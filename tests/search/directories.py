"""Made-up directories and questions with everything that is hard in them, for hypothesis to choose from."""

import json
import math
import uuid
from dataclasses import MISSING, fields
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from resources_db.freshness import RELIED_ON
from resources_db.hours import HoursRule
from resources_db.listing_key import ListingKey
from resources_db.repositories.listing import AreaView, CapacityView, Listing
from resources_db.repositories.standing import Standing
from resources_db.reviews import Doubt
from resources_db.vocab import (
    CapacityState,
    Confidentiality,
    CostKind,
    Delivery,
    GeocodeQuality,
    ReviewWhy,
    ScheduleKind,
    ServiceStatus,
    Visibility,
)
from search.audience import Group
from search.criteria import CHECKED_DAYS, Cost, OpenWhen, SearchCriteria, Sort, Travel
from search.rows import IndexRow, from_listing

# A Monday morning; an hour before and in the two hours that autumn has twice; before and after the hour spring leaves out.
MOMENTS = (
    datetime(2026, 11, 23, 15, 0, tzinfo=UTC),
    datetime(2026, 11, 1, 4, 30, tzinfo=UTC),
    datetime(2026, 11, 1, 5, 30, tzinfo=UTC),
    datetime(2026, 11, 1, 6, 30, tzinfo=UTC),
    datetime(2027, 3, 14, 6, 59, tzinfo=UTC),
    datetime(2027, 3, 14, 7, 0, tzinfo=UTC),
)
WALLS = ("2026-11-01T01:30", "2026-11-01T00:59", "2027-03-14T02:30", "2027-03-14T03:00", "2026-11-24T09:00")
ZONES = ("America/New_York", "America/Los_Angeles", "America/Phoenix", "America/Adak", "America/St_Johns")
# Cincinnati by ZIP, by a ZIP of post-office boxes and as a city; an island beside the date line; nowhere.
PLACES = {"45202": (39.1072, -84.502), "45201": (39.1666, -84.5382), "Cincinnati, OH": (39.1, -84.5), "99546": (51.88, -176.66)}  # fmt: skip
NEEDS = ("food_pantry", "rent_help", "primary_care", "child_meals")
NAMES = ("Hope Pantry", "Hope", "Elm Street Pantry", "Óscar Rent Help", "Élan Clinic", "Pan y Vida", "hope pantry")
WORDS = ("", "", "", "hope", "hope pantry", "pan", "elm pantry", "no food for the kids", "rent", "clinic hope elm")
LANGUAGES = ("en", "es", "vi", "zh")
DOCUMENTS = ((), ("None",), ("Photo ID",), ("no id needed", "a bag"))


def _ring(centre, reaches):
    """A ring around a point that never crosses itself; longitudes beyond the date line go on at the other end."""
    latitude, longitude = centre
    ring = []
    for at, reach in enumerate(reaches):
        turn = 2 * math.pi * at / len(reaches)
        east = longitude + reach * math.cos(turn) / math.cos(math.radians(latitude))
        ring.append(((east + 180) % 360 - 180, latitude + reach * math.sin(turn)))
    return [*ring, ring[0]]


@st.composite
def polygons(draw):
    """Around a place of ours or beside it, with a hole or two parts."""
    latitude, longitude = draw(st.sampled_from([(39.1, -84.5), (39.3, -84.3), (51.9, -176.7), (52.0, 179.6)]))
    reaches = draw(
        st.lists(st.floats(0.05, 4), min_size=3, max_size=7) | st.lists(st.floats(3, 4), min_size=5, max_size=7)
    )
    outer = _ring((latitude, longitude), reaches)
    rings = [outer]
    if draw(st.booleans()):
        rings.append(
            _ring((latitude, longitude), [reach * draw(st.sampled_from([0.2, 0.5])) for reach in reaches[:1]] * 5)
        )
        if max(abs(x - longitude) for x, _ in rings[1]) > 180 or not _fits(reaches):
            rings.pop()
    if draw(st.booleans()):
        return json.dumps({"type": "Polygon", "coordinates": rings})
    other = _ring((latitude - 12, longitude), [1, 1, 1])
    return json.dumps({"type": "MultiPolygon", "coordinates": [rings, [other]]})


def _fits(reaches):
    """A hole of half the first reach lies surely inside."""
    return len(reaches) >= 5 and min(reaches) * 0.7 > reaches[0] * 0.5


areas = st.one_of(
    st.builds(
        AreaView, zip_codes=st.lists(st.sampled_from(["45202", "45201", "45219", "99546"]), min_size=1).map(tuple)
    ),
    st.builds(AreaView, counties=st.sampled_from([("39061",), ("Kenton County, KY",), ("Hamilton, OH",), ("21117",)])),
    st.builds(AreaView, states=st.sampled_from([("OH",), ("KY",), ("AK", "OH")])),
    st.just(AreaView(nationwide=True)),
    st.just(AreaView(text="our neighbourhood")),
    polygons().map(lambda geojson: AreaView(geojson=geojson)),
)

rules = st.builds(
    HoursRule,
    opens=st.sampled_from([0, 60, 90, 120, 150, 540, 1020, 1320]),
    closes=st.sampled_from([90, 119, 180, 1020, 1440, 1530, 1560]),
    weekdays=st.lists(st.integers(0, 6), min_size=1, unique=True).map(tuple),
    kind=st.sampled_from([ScheduleKind.REGULAR, ScheduleKind.REGULAR, ScheduleKind.HOLIDAY]),
    closed=st.booleans(),
    valid_from=st.just(date(2026, 10, 25)),
    valid_to=st.sampled_from([None, date(2026, 11, 1), date(2027, 12, 31)]),
).filter(lambda rule: rule.opens < rule.closes)


@st.composite
def points(draw):
    """At a place of ours, near it, just over the date line, or nowhere; some at the very same point."""
    latitude, longitude = draw(st.sampled_from([*PLACES.values(), (51.9, 179.9)]))
    kind = draw(st.sampled_from(["nowhere", "there", "near", "far"]))
    if kind == "nowhere":
        return None
    reach = {"there": 0.0, "near": 0.2, "far": 3.0}[kind]
    north, east = draw(st.floats(-reach, reach)), draw(st.floats(-reach, reach))
    return latitude + north, (longitude + east + 180) % 360 - 180


@st.composite
def listings(draw, number, now, areas=areas):
    id_ = uuid.UUID(int=number)
    point = draw(points())
    days = draw(st.sampled_from([None, 0, 89, 90, 91, 180, 200, 400]))
    known = {
        "key": ListingKey(id_), "service_id": id_, "organization_id": id_,
        "name": draw(st.sampled_from(NAMES)), "organization_name": draw(st.sampled_from(["", "Hope House", "City"])),
        "description": draw(st.sampled_from(["", "Bread, milk and rent for everybody who lives in Elm Street"])),
        "needs": tuple(draw(st.lists(st.sampled_from(NEEDS), max_size=2, unique=True))),
        "also_serves": tuple(draw(st.lists(st.sampled_from(NEEDS), max_size=1))),
        "latitude": point[0] if point else None, "longitude": point[1] if point else None,
        "geocode_quality": draw(st.sampled_from([GeocodeQuality.STREET, GeocodeQuality.ZIP])) if point else GeocodeQuality.NONE,
        "timezone": draw(st.sampled_from(ZONES)), "rules": tuple(draw(st.lists(rules, max_size=2))),
        "languages": tuple(draw(st.lists(st.sampled_from(LANGUAGES), max_size=2, unique=True))),
        "eligibility": draw(st.sampled_from(["", "", "Men only", "Women and children", "Everyone"])),
        "accessibility": draw(st.sampled_from([(), ("Ramp at the door",), ("No elevator",)])),
        "documents": draw(st.sampled_from(DOCUMENTS)), "cost_kind": draw(st.sampled_from(list(CostKind))),
        "capacity": draw(st.none() | _room(now)), "alert": draw(st.sampled_from(["", "", "Closed lane"])),
        "confirmed": dict.fromkeys(RELIED_ON, now - timedelta(days=days)) if days is not None else {},
        "doubts": draw(st.sampled_from([(), (), (Doubt(ReviewWhy.CLOSED, 1, now, now),)])), "edited_at": now - timedelta(days=3),
        "areas": tuple(draw(st.lists(areas, max_size=2))),
        "delivery": draw(st.sampled_from([None, None, Delivery.PHONE, Delivery.ONLINE])),
        "call_first": draw(st.sampled_from([False, False, True])), "needs_guessed": draw(st.booleans()),
        "confidentiality": Confidentiality.PUBLIC, "visibility": Visibility.PUBLIC, "status": ServiceStatus.ACTIVE,
        "sensitive": False, "version": 1,
    }  # fmt: skip
    for one in fields(Listing):
        if one.name not in known and one.default is one.default_factory is MISSING:
            known[one.name] = "" if one.type is str else () if str(one.type).startswith("tuple") else None
    return Listing(**known)


def _room(now):
    """Said some days ago, until a day or for as long as such words last: some ran out."""
    return st.builds(
        CapacityView,
        state=st.sampled_from(list(CapacityState)),
        until=st.none() | st.sampled_from([now.date() - timedelta(days=1), now.date(), now.date() + timedelta(days=9)]),
        said_by=st.just("agency"),
        said_at=st.sampled_from([now - timedelta(days=days) for days in (0, 13, 14, 29, 30)]),
    )


records = st.lists(
    st.builds(Standing, st.sampled_from(NEEDS), helped=st.integers(0, 5), known=st.integers(5, 20)),
    max_size=1,
).map(tuple)


@st.composite
def directories(draw, areas=areas, moments=MOMENTS):
    """Listings, the rows the index has of them, and the moment."""
    now = draw(st.sampled_from(moments))
    size = draw(st.integers(0, 12))
    made = [draw(listings(number, now, areas)) for number in range(1, size + 1)]
    rows: list[IndexRow] = [from_listing(one, now, draw(records)) for one in made]
    return made, rows, now


questions = st.builds(
    SearchCriteria,
    q=st.sampled_from(WORDS),
    near=st.sampled_from(["", *PLACES]),
    radius_m=st.sampled_from([100, 3_000, 16_093, 80_000, 500_000]),
    needs=st.lists(st.sampled_from(NEEDS), max_size=2, unique=True).map(tuple),
    domain=st.sampled_from(["", "", "", "nutrition", "housing"]),
    language=st.sampled_from(["", "", "", "es", "ko"]),
    open_when=st.sampled_from([None, None, None, *OpenWhen]),
    open_at=st.sampled_from([None, None, None, None, *map(datetime.fromisoformat, WALLS)]),
    has_room=st.sampled_from([False, False, True]),
    no_papers=st.sampled_from([False, False, True]),
    by_phone=st.sampled_from([False, False, False, True]),
    who=st.sampled_from([None, None, None, *Group]),
    wheelchair=st.sampled_from([False, False, False, True]),
    cost=st.sampled_from([(), (), (Cost.FREE,), (Cost.PAID, Cost.UNKNOWN)]),
    checked=st.sampled_from([0, 0, *CHECKED_DAYS]),
    travel=st.sampled_from([None, *Travel]),
    sort=st.sampled_from(list(Sort)),
    limit=st.just(100),
    lang=st.sampled_from(["en", "en", "es"]),
)

shapes = directories(polygons().map(lambda geojson: AreaView(geojson=geojson)))
asked_from = st.builds(SearchCriteria, near=st.sampled_from(sorted(PLACES)), radius_m=st.just(100), limit=st.just(100))

clock_nights = directories(moments=MOMENTS[1:])
asked_when = st.builds(
    SearchCriteria,
    open_at=st.sampled_from([None, *map(datetime.fromisoformat, WALLS)]),
    open_when=st.sampled_from(list(OpenWhen)),
    sort=st.sampled_from([Sort.BEST, Sort.SOONEST]),
    limit=st.just(100),
)
