"""Wishes said beside a need: for whom, with a wheelchair, free, near the bus. Each filters or moves what it says."""

import pytest

from resources_db.vocab import CostKind
from search import audience
from search.answer import Relax, Why
from search.audience import Group
from search.criteria import Cost, Travel
from tests.search.kit import ask, names, plain, row

MEN = row(1, "Lantern House", "emergency_shelter", audience=audience.of(["Beds for single men"]))
WOMEN = row(2, "Esther's Place", "emergency_shelter", audience=audience.of(["Women and their children"]))
ANYBODY = row(3, "Open Door", "emergency_shelter", step_free=True)
SHELTERS = [MEN, WOMEN, ANYBODY]


def read(q: str, rows=SHELTERS, **asked):
    answer = ask(plain(rows), q, near="45202", **asked)
    return answer, names(rows, answer)


@pytest.mark.parametrize(
    ("said", "lang", "who", "shown"),
    [
        ("shelter for men", "en", "men", ["Lantern House", "Open Door"]),
        ("shelter for women", "en", "women", ["Esther's Place", "Open Door"]),
        ("albergue para hombres", "es", "men", ["Lantern House", "Open Door"]),
        ("albergue para mujeres", "es", "women", ["Esther's Place", "Open Door"]),
    ],
)
def test_who_is_meant_comes_first_and_who_is_sent_away_there_is_left_out(said, lang, who, shown):
    answer, found = read(said, lang=lang)
    assert ("who", who) in {(one.field, one.value) for one in answer.constraints}
    assert (found[:2], answer.strict_total) == (shown, 2)
    assert Why.MEANT_FOR in {reason.code for reason in answer.hits[0].why}
    assert Why.MEANT_FOR not in {reason.code for reason in answer.hits[1].why}


def test_without_a_wish_nobody_is_left_out():
    answer, found = read("shelter")
    assert (set(found), answer.constraints) == ({"Lantern House", "Esther's Place", "Open Door"}, ())


def test_too_few_places_for_them_are_widened_and_each_that_sends_them_away_says_so():
    answer, found = read("shelter", rows=[MEN, WOMEN], who=Group.WOMEN)
    assert found == ["Esther's Place", "Lantern House"]
    assert [step.step for step in answer.relaxed] == [Relax.WITHOUT_WHO]
    told = [reason.facts for reason in answer.hits[1].why if reason.code is Why.MISSES]
    assert told == [{"filter": "who"}]


def test_the_chip_of_a_wish_is_taken_away_for_good():
    answer, found = read("shelter for men", without=("who",))
    assert (len(found), answer.constraints) == (3, ())


def test_what_the_form_says_wins_over_the_words():
    answer, found = read("shelter for men", who=Group.WOMEN)
    assert (found[0], answer.constraints) == ("Esther's Place", ())


def test_a_wheelchair_asks_for_places_that_say_one_gets_in():
    answer, found = read("shelter wheelchair accessible")
    assert (found[0], answer.strict_total) == ("Open Door", 1)
    assert [step.step for step in answer.relaxed] == [Relax.WITHOUT_WHEELCHAIR]
    assert Why.STEP_FREE in {reason.code for reason in answer.hits[0].why}


def test_free_leaves_out_only_those_that_charge():
    costs = {"Gift": CostKind.FREE, "Clinic": CostKind.FEE, "Silent": CostKind.UNKNOWN, "Third": CostKind.UNKNOWN}
    rows = [row(at, name, "dental_vision", cost=cost) for at, (name, cost) in enumerate(costs.items(), 1)]
    _, found = read("dentist for free", rows=rows)
    assert set(found) == {"Gift", "Silent", "Third"}
    assert read("dentist for free", rows=rows, cost=(Cost.PAID,))[1][0] == "Clinic"


def test_near_the_bus_is_how_the_person_gets_about():
    near, far = row(1, "Near", "food_pantry", at=(39.12, -84.502)), row(2, "Far", "food_pantry", at=(39.17, -84.502))
    (said, _), (chosen, _) = (
        read(q, rows=[near, far], travel=way)
        for q, way in (("food pantry near the bus", None), ("food pantry", Travel.BUS))
    )
    assert [one.field for one in said.constraints] == ["travel"]
    assert [hit.order.total for hit in said.hits] == pytest.approx([hit.order.total for hit in chosen.hits], abs=0.1)
    walking, _ = read("food pantry near the bus", rows=[near, far], travel=Travel.WALK)
    assert walking.constraints == ()
