"""The numbers beside the filters, against a slow and obvious reference; each number is what its filter would leave."""

import math
import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from resources_db.hours import OpenState
from resources_db.needs import NEEDS
from resources_db.repositories.listing import CapacityView
from resources_db.vocab import CapacityState, CostKind, GeocodeQuality
from search.answer import Relax, Why
from search.areas import AreaSpec
from search.criteria import MILE, Cost, OpenWhen
from search.facets import MILES
from search.geo import exact_metres
from search.geocode import find_place
from search.papers import Papers
from tests.search.kit import NOW, ask, names, opens_in, plain, row

PLACE = find_place("45202")
COSTS = {
    CostKind.FREE: "free",
    CostKind.SLIDING: "sliding",
    CostKind.FEE: "paid",
    CostKind.INSURANCE: "paid",
    CostKind.UNKNOWN: "unknown",
}
HAS_ROOM = {CapacityState.OPEN, CapacityState.LIMITED}


def said(state, days=1):
    return CapacityView(state, None, "agency", NOW - timedelta(days=days))


def directory(seed, size=250):
    chance = random.Random(seed)
    return [_made_up(chance, number) for number in range(1, size)]


def _made_up(chance, number):
    placed = chance.random() < 0.85
    at = (39.1 + chance.gauss(0, 0.12), -84.5 + chance.gauss(0, 0.12)) if placed else None
    opened = chance.random() < 0.3
    return row(
        number,
        f"Place {number}",
        *chance.sample(["food_pantry", "child_meals", "rent_help", "legal_aid"], chance.randint(1, 3)),
        at=at,
        quality=GeocodeQuality.STREET if placed else GeocodeQuality.NONE,
        languages=tuple(chance.sample(["en", "es", "vi"], chance.randint(0, 3))),
        papers=chance.choice(list(Papers)),
        areas=tuple(chance.sample([AreaSpec(zip_codes=("45202",)), AreaSpec(nationwide=True)], chance.randint(0, 1))),
        remote=chance.random() < 0.2,
        cost=chance.choice(list(CostKind)),
        capacity=chance.choice([None, *(said(state) for state in CapacityState)]),
        confirmed_at=chance.choice([None, *(NOW - timedelta(days=days, minutes=1) for days in (1, 89, 90, 200, 900))]),
        open_state=OpenState.CLOSED if opened else OpenState.UNKNOWN,
        spans=opens_in(-30)["spans"] if opened else (),
    )


@pytest.fixture(params=range(6))
def rows(request):
    return directory(request.param)


def found(rows, answer):
    """The rows of the whole answer."""
    assert len(answer.hits) == answer.total
    wanted = set(names(rows, answer))
    return [one for one in rows if one.name in wanted]


def metres(one):
    from search.geo import Point

    return exact_metres(PLACE.point, Point(one.latitude, one.longitude))


def test_every_number_equals_the_count_by_hand(rows):
    answer = ask(plain(rows), near="45202", needs=("food_pantry",), radius_m=30_000, limit=300)
    some, facets = found(rows, answer), answer.facets
    assert len(some) > 50
    assert facets.need == dict(Counter(need for one in some for need in one.needs))
    assert facets.domain == dict(
        Counter(domain for one in some for domain in {NEEDS[need].domain for need in one.needs})
    )
    assert facets.language == dict(Counter(code for one in some for code in one.languages))
    assert facets.cost == {cost.value: 0 for cost in Cost} | dict(Counter(COSTS[one.cost] for one in some))
    assert facets.open_now == sum(bool(one.spans) for one in some)
    assert facets.no_papers == sum(one.papers is Papers.NONE_ASKED for one in some)
    assert facets.by_phone == sum(one.remote for one in some)
    assert facets.has_room == facets.room["has_room"]
    assert facets.room == {"has_room": 0, "waitlist": 0, "full": 0, "unknown": 0} | dict(Counter(map(room, some)))


def room(one):
    if one.capacity is None:
        return "unknown"
    if one.capacity.state in HAS_ROOM:
        return "has_room"
    return "waitlist" if one.capacity.state is CapacityState.WAITLIST else "full"


def test_distances_count_the_nearer_ones_in_and_help_by_phone_where_it_stands(rows):
    answer = ask(plain(rows), near="45202", needs=("food_pantry",), radius_m=5_000, limit=300)
    some, told = found(rows, answer), answer.facets.distance
    placed = [metres(one) for one in some if not math.isnan(one.latitude)]
    for miles in MILES:
        # the circle is drawn on a ball, the reference on the ellipsoid: half a percent apart at its edge
        surely, perhaps = (sum(far <= miles * MILE * edge for far in placed) for edge in (0.994, 1.006))
        assert surely <= told[str(miles)] <= perhaps
    assert told["25"] + told["beyond"] == len(placed)
    assert told["nowhere"] == len(some) - len(placed) > 0
    assert any(far > 5_000 * 1.01 for far in placed)


def test_without_a_place_nothing_is_near_or_far(rows):
    assert ask(plain(rows), needs=("food_pantry",)).facets.distance == {}


def test_freshness_counts_the_newer_ones_in(rows):
    answer = ask(plain(rows), needs=("food_pantry",), limit=300)
    some = found(rows, answer)
    days = [(NOW - one.confirmed_at) / timedelta(days=1) for one in some if one.confirmed_at]
    within = {str(limit): sum(day <= limit for day in days) for limit in (90, 180, 365)}
    assert answer.facets.checked == within | {
        "older": sum(day > 365 for day in days),
        "never": len(some) - len(days),
    }
    assert within["90"] < within["180"] < within["365"] < len(days)


FILTERS = [
    ({"cost": (Cost.FREE,)}, lambda facets: facets.cost["free"]),
    ({"cost": (Cost.FREE, Cost.SLIDING)}, lambda facets: facets.cost["free"] + facets.cost["sliding"]),
    ({"cost": (Cost.PAID,)}, lambda facets: facets.cost["paid"]),
    ({"cost": (Cost.UNKNOWN,)}, lambda facets: facets.cost["unknown"]),
    ({"checked": 90}, lambda facets: facets.checked["90"]),
    ({"checked": 180}, lambda facets: facets.checked["180"]),
    ({"checked": 365}, lambda facets: facets.checked["365"]),
    ({"has_room": True}, lambda facets: facets.has_room),
    ({"no_papers": True}, lambda facets: facets.no_papers),
    ({"by_phone": True}, lambda facets: facets.by_phone),
    ({"open_when": OpenWhen.NOW}, lambda facets: facets.open_now),
    ({"language": "es"}, lambda facets: facets.language["es"]),
]


@pytest.mark.parametrize(("chosen", "number"), FILTERS, ids=[" ".join(map(str, chosen)) for chosen, _ in FILTERS])
def test_a_number_is_what_its_filter_leaves(rows, chosen, number):
    snapshot = plain(rows)
    before = ask(snapshot, near="45202", needs=("food_pantry",))
    after = ask(snapshot, near="45202", needs=("food_pantry",), **chosen)
    assert after.strict_total == number(before.facets) > 3
    assert after.total == after.strict_total
    assert after.relaxed == ()


ONE = row(
    1, "Fits", "food_pantry", cost=CostKind.FREE, confirmed_at=NOW - timedelta(days=2), remote=True,
    areas=(AreaSpec(zip_codes=("45202",)),),
)  # fmt: skip
OTHERS = [row(number, f"Other {number}", "food_pantry", cost=CostKind.FEE) for number in (2, 3, 4)]


@pytest.mark.parametrize(
    ("chosen", "step", "missed"),
    [
        ({"cost": (Cost.FREE,)}, Relax.WITHOUT_COST, "cost"),
        ({"checked": 90}, Relax.WITHOUT_CHECKED, "checked"),
        ({"by_phone": True}, Relax.WITHOUT_PHONE, "by_phone"),
    ],
)
def test_a_filter_that_leaves_too_few_is_dropped_and_that_is_said(chosen, step, missed):
    rows = [ONE, *OTHERS]
    answer = ask(plain(rows), near="45202", needs=("food_pantry",), **chosen)
    assert (answer.strict_total, answer.total) == (1, 4)
    assert [(one.step, one.facts["added"]) for one in answer.relaxed] == [(step, 3)]
    assert names(rows, answer)[0] == "Fits"
    for hit in answer.hits[1:]:
        assert missed in {reason.facts["filter"] for reason in hit.why if reason.code is Why.MISSES}


def test_filters_are_dropped_one_by_one_until_three_are_found():
    rows = [
        ONE,
        *(replace(one, confirmed_at=None, cost=CostKind.FREE, remote=True) for one in OTHERS[:1]),
        *(replace(one, cost=CostKind.FREE) for one in OTHERS[1:2]),
        OTHERS[2],
    ]
    answer = ask(
        plain(rows), near="45202", needs=("food_pantry",), checked=90, by_phone=True, cost=(Cost.FREE,), radius_m=9_000
    )
    assert [(one.step, one.facts["added"]) for one in answer.relaxed] == [
        (Relax.WITHOUT_CHECKED, 1),
        (Relax.WITHOUT_PHONE, 1),
    ]
    assert answer.total == 3


def test_what_it_costs_is_a_reason_where_it_was_asked():
    answer = ask(plain([ONE, *OTHERS]), needs=("food_pantry",), cost=(Cost.FREE, Cost.PAID))
    told = {name: one.facts["cost"] for name, hit in zip(names([ONE, *OTHERS], answer), answer.hits, strict=True)
            for one in hit.why if one.code is Why.COSTS}  # fmt: skip
    assert told == {"Fits": "free", "Other 2": "paid", "Other 3": "paid", "Other 4": "paid"}
    assert Why.COSTS not in {one.code for hit in ask(plain([ONE]), needs=("food_pantry",)).hits for one in hit.why}


def test_when_nothing_is_found_there_are_domains_to_browse():
    rows = [ONE, *OTHERS, row(9, "Far Law", "legal_aid", at=(41.5, -81.7))]
    answer = ask(plain(rows), "xyzzy", near="45202")
    assert answer.total == 0
    assert answer.browse == {"nutrition": 4}
    assert ask(plain(rows), "xyzzy", near="90210").browse == {"nutrition": 4, NEEDS["legal_aid"].domain: 1}
    assert ask(plain(rows), "food", near="45202").browse == {}


def test_each_of_many_languages_has_its_own_number():
    codes = [f"l{number}" for number in range(21)]
    rows = [
        row(number, "Elm Pantry", "food_pantry", languages=tuple(codes[: number + 1])) for number in range(len(codes))
    ]
    found = ask(plain(rows), needs=("food_pantry",)).facets
    assert found.language == {code: len(codes) - number for number, code in enumerate(codes)}
    assert ask(plain([]), needs=("food_pantry",)).facets.language == {}
