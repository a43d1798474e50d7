"""Whole answers over a small directory: order, reasons, filters, widening. With Whoosh and without, the same."""

import math
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from resources_db.hours import OpenState
from resources_db.repositories.listing import CapacityView
from resources_db.vocab import CapacityState, GeocodeQuality
from search import needs
from search.answer import Relax, Why
from search.areas import AreaSpec
from search.criteria import OpenWhen, Sort
from search.papers import Papers
from search.rows import minute
from tests.search.kit import NOW, ask, indexed, names, open_for, opens_in, plain, row


def said(state: CapacityState, *, days: int = 1, until: date | None = None) -> CapacityView:
    return CapacityView(state, until, "agency", NOW - timedelta(days=days))


SERVES_45202 = (AreaSpec(zip_codes=("45202",)),)
ROWS = [
    row(
        1, "Hope Pantry", "food_pantry", "child_meals", at=(39.1105, -84.5155), languages=("en", "es"), areas=SERVES_45202,
        papers=Papers.NONE_ASKED, capacity=said(CapacityState.OPEN), confirmed_at=NOW - timedelta(days=9), **open_for(120),
    ),
    row(
        2, "Elm Street Food Shelf", "food_pantry", at=(39.108, -84.505), areas=SERVES_45202,
        capacity=said(CapacityState.FULL, until=date(2026, 12, 1)), confirmed_at=NOW - timedelta(days=5), **opens_in(600),
    ),
    row(3, "Eastside School Meals", "child_meals", at=(39.12, -84.49), confirmed_at=NOW - timedelta(days=200)),
    row(4, "Legal Aid on Vine", "legal_aid", at=None, areas=(AreaSpec(states=("OH",)),)),
    row(5, "Far Farm Pantry", "food_pantry", at=(39.5, -84.4)),
    row(6, "Safe Line", "dv_safety", at=None, areas=(AreaSpec(nationwide=True),), remote=True, **open_for(9999)),
    row(7, "Kenton Pantry", "food_pantry", at=(39.09, -84.51), areas=(AreaSpec(counties=("21117",)),)),
    row(8, "Street Soup Kitchen", "hot_meals", at=(39.105, -84.5), also_serves=("food_pantry",), **open_for(60)),
]  # fmt: skip


@pytest.fixture(params=["whoosh", "plain"])
def snapshot(request, tmp_path):
    return indexed(ROWS, tmp_path / "words") if request.param == "whoosh" else plain(ROWS)


def why(answer, name):
    hit = answer.hits[names(ROWS, answer).index(name)]
    return [reason.code for reason in hit.why]


def test_the_best_door_comes_first_and_the_full_one_stays_lower(snapshot):
    answer = ask(snapshot, "no food for the kids", near="45202")
    assert names(ROWS, answer) == [
        "Hope Pantry",
        "Eastside School Meals",
        "Street Soup Kitchen",
        "Elm Street Food Shelf",
        "Kenton Pantry",
    ]
    assert answer.total == answer.strict_total == 5


def test_where_no_need_is_read_who_holds_all_words_stands_before_nearer_ones_with_some():
    rows = [row(n, f"Stable {n}", description="A horse and a saddle.") for n in range(1, 4)]
    rows.append(row(9, "Trail Club", description="A horse, a saddle and a lantern.", at=(39.2, -84.3)))
    answer = ask(plain(rows), "horse saddle lantern", near="45202")
    assert names(rows, answer)[0] == "Trail Club"
    assert answer.total == 4


def test_a_need_that_was_only_guessed_stands_behind_one_that_was_said():
    rows = [row(1, "A Detox Juice Bar", "detox", guessed=True), row(2, "Withdrawal Unit", "detox")]
    assert names(rows, ask(plain(rows), "detox", near="45202")) == ["Withdrawal Unit", "A Detox Juice Bar"]


def test_what_was_surely_meant_stands_before_what_was_perhaps_meant_though_farther(monkeypatch):
    rows = [row(1, "Bills Fund", "emergency_funds"), row(2, "Water Help", "water_bill", at=(39.19, -84.502))]
    read = needs.Reading(needs=(needs.NeedReading("water_bill", 0.9), needs.NeedReading("emergency_funds", 0.75)))
    monkeypatch.setattr(needs, "read", lambda *_said, **_more: read)
    assert names(rows, ask(plain(rows), "no money for the water", near="45202")) == ["Water Help", "Bills Fund"]


def test_the_door_for_what_was_said_first_comes_first(monkeypatch):
    rows = [row(1, "Get Covered", "health_insurance"), row(2, "Teeth", "dental_vision", at=(39.13, -84.502))]
    read = needs.Reading(needs=(needs.NeedReading("dental_vision", 0.9), needs.NeedReading("health_insurance", 0.9)))
    monkeypatch.setattr(needs, "read", lambda *_said, **_more: read)
    assert names(rows, ask(plain(rows), "my tooth hurts and no insurance", near="45202"))[0] == "Teeth"


def test_who_asks_for_two_things_gets_the_best_door_for_each_on_top():
    rows = [row(n, f"Pantry {n}", "food_pantry") for n in (1, 2, 3)]
    rows += [row(4, "Legal Aid", "legal_aid", at=(39.17, -84.502)), row(5, "Lawyers", "legal_aid", at=(39.2, -84.502))]
    found = names(rows, ask(plain(rows), needs=("food_pantry", "legal_aid"), near="45202"))
    assert found == ["Pantry 1", "Legal Aid", "Pantry 2", "Pantry 3", "Lawyers"]


def test_each_place_says_why_it_stands_there(snapshot):
    answer = ask(snapshot, "no food for the kids", near="45202", language="")
    assert {Why.NEED_EXACT, Why.SERVES_AREA, Why.NO_PAPERS, Why.HAS_ROOM, Why.OPEN_NOW, Why.CHECKED} <= set(
        why(answer, "Hope Pantry")
    )
    assert {Why.FULL, Why.OPENS, Why.NEAREST} <= set(why(answer, "Elm Street Food Shelf"))
    assert Why.OUTSIDE_AREA in why(answer, "Kenton Pantry")
    assert Why.NEED_ALSO in why(answer, "Street Soup Kitchen")
    assert Why.OLD_FACTS in why(answer, "Eastside School Meals")


def test_a_place_is_found_by_its_name_before_all_others(snapshot):
    answer = ask(snapshot, "kenton pantry", near="45202")
    assert names(ROWS, answer)[0] == "Kenton Pantry"
    assert Why.NAME in why(answer, "Kenton Pantry")


def test_the_beginning_of_a_name_is_enough(snapshot):
    assert names(ROWS, ask(snapshot, "eastsi")) == ["Eastside School Meals"]


def test_help_without_a_place_matches_by_area_only_and_has_no_distance(snapshot):
    here = ask(snapshot, "lawyer", near="45202")
    assert names(ROWS, here) == ["Legal Aid on Vine"]
    assert (here.hits[0].distance_m, here.hits[0].serves_area) == (None, True)
    assert ask(snapshot, "lawyer", near="90210").strict_total == 0


def test_distances_are_shown_exactly_and_zip_points_as_about():
    rows = [row(1, "By ZIP", "food_pantry", quality=GeocodeQuality.ZIP), row(2, "By street", "food_pantry")]
    by_name = dict(zip(names(rows, found := ask(plain(rows), "food", near="45202")), found.hits, strict=True))
    assert by_name["By ZIP"].about
    assert not by_name["By street"].about
    assert found.hits[0] is by_name["By street"]


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        ({"language": "es"}, {"Hope Pantry"}),
        ({"open_when": OpenWhen.NOW}, {"Hope Pantry", "Street Soup Kitchen"}),
        ({"has_room": True}, {"Hope Pantry"}),
        ({"no_papers": True}, {"Hope Pantry"}),
    ],
)
def test_filters_keep_what_surely_fits_first(snapshot, filters, left):
    answer = ask(snapshot, "food", near="45202", **filters)
    assert answer.strict_total == len(left)
    assert set(names(ROWS, answer)[: len(left)]) == left


def test_too_few_answers_are_widened_and_each_step_is_told(snapshot):
    answer = ask(snapshot, "food", near="45202", language="es")
    assert [step.step for step in answer.relaxed] == [Relax.WITHOUT_LANGUAGE]
    assert answer.total > answer.strict_total == 1
    assert Why.MISSES in why(answer, "Kenton Pantry")


def test_a_wider_circle_is_told_with_its_size(snapshot):
    answer = ask(snapshot, "food", near="45036", radius_m=3_000)
    step = next(step for step in answer.relaxed if step.step is Relax.WIDER)
    assert float(step.facts["radius_m"]) > 3_000
    assert answer.total >= 3


def test_needs_close_by_are_added_when_there_is_nothing_else(snapshot):
    answer = ask(snapshot, "snap", near="45202")
    assert Relax.NEAR_NEEDS in {step.step for step in answer.relaxed}
    assert Why.NEED_NEAR in why(answer, "Hope Pantry")


def test_an_unknown_word_finds_nothing_and_invents_nothing(snapshot):
    answer = ask(snapshot, "xyzzy")
    assert (answer.total, answer.hits, answer.understood) == (0, (), ())


def test_a_removed_chip_changes_the_question(snapshot):
    answer = ask(snapshot, "no food for the kids", without=("food_pantry",))
    assert [item.need for item in answer.understood] == ["child_meals"]


def test_the_place_in_the_words_wins_over_the_form(snapshot):
    answer = ask(snapshot, "food in Dayton, OH", near="45202")
    assert answer.place is not None
    assert answer.place.label == "Dayton, OH"
    assert ask(snapshot, "food in Dayton, OH", near="45202", without=("near",)).place.label == "45202"


def test_a_shelter_is_not_filtered_away_by_tonight():
    rows = [row(1, "Night Shelter", "emergency_shelter"), row(2, "Late Pantry", "food_pantry", **opens_in(10 * 60))]
    assert ask(plain(rows), "place to sleep tonight").constraints == ()
    assert [one.value for one in ask(plain(rows), "food tonight").constraints] == ["tonight"]


def test_open_saturday_asks_for_the_coming_saturday_of_the_place():
    noon = datetime(2026, 11, 28, 12, tzinfo=ZoneInfo("America/New_York"))
    spans = ((minute(noon), minute(noon) + 60),)
    rows = [
        row(1, "Saturday Pantry", "food_pantry", open_state=OpenState.CLOSED, spans=spans),
        row(2, "Weekday Pantry", "food_pantry", **open_for(60)),
    ]
    assert ask(plain(rows), "pantry open saturday").strict_total == 1
    assert names(rows, ask(plain(rows), "pantry open saturday"))[0] == "Saturday Pantry"


def test_a_word_about_room_stops_counting_when_its_day_is_over(snapshot):
    later = datetime(2026, 12, 3, 15, tzinfo=UTC)
    answer = ask(snapshot, "food", now=later, near="45202")
    hit = answer.hits[names(ROWS, answer).index("Elm Street Food Shelf")]
    assert not hit.full
    assert Why.FULL not in {reason.code for reason in hit.why}


def test_facets_count_the_whole_answer_not_the_page(snapshot):
    answer = ask(snapshot, "food", near="45202", limit=1)
    assert len(answer.hits) == 1
    assert answer.facets.need["food_pantry"] == 3
    assert answer.facets.open_now == 2
    assert answer.facets.language == {"en": 1, "es": 1}


def test_pages_follow_each_other_without_overlap(snapshot):
    whole = names(ROWS, ask(snapshot, "food"))
    pages = [
        name for start in range(0, len(whole), 2) for name in names(ROWS, ask(snapshot, "food", limit=2, offset=start))
    ]
    assert pages == whole


@pytest.mark.parametrize(
    ("sort", "first"), [(Sort.NEAR, "Elm Street Food Shelf"), (Sort.NAME, "Elm Street Food Shelf")]
)
def test_the_order_can_be_chosen(snapshot, sort, first):
    assert names(ROWS, ask(snapshot, "food pantry", near="45202", sort=sort, radius_m=2_000))[0] == first


def test_equal_places_go_by_name():
    rows = [row(number, name, "food_pantry") for number, name in enumerate(["Cedar", "Ash", "Birch"], start=1)]
    assert names(rows, ask(plain(rows), "food")) == ["Ash", "Birch", "Cedar"]


def test_an_empty_directory_answers_too():
    answer = ask(plain([]), "food", near="45202")
    assert (answer.total, answer.facets.need) == (0, {})


def test_danger_is_answered_whatever_the_directory_holds():
    assert ask(plain([]), "I want to die").urgent == ("suicide",)


def test_a_listing_without_any_place_is_offered_last_when_nothing_is_near():
    rows = [row(1, "Somewhere Pantry", "food_pantry", at=None)]
    answer = ask(plain(rows), "food", near="45202")
    assert [step.step for step in answer.relaxed][-1] is Relax.ANYWHERE
    assert math.isnan(rows[0].latitude)
    assert answer.hits[0].distance_m is None
