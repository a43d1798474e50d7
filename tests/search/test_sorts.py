"""Orders that can be chosen, pages that follow each other, ways of travel, and the order told in numbers."""

import random
from dataclasses import replace

import pytest

from search import ranking
from search.answer import Why
from search.areas import AreaSpec
from search.criteria import MILE, Sort, Travel
from search.geo import Point, exact_metres
from search.geocode import find_place
from search.ranking import HALF_AT_M, WEIGHTS
from tests.search.kit import ask, indexed, names, open_for, opens_in, plain, row

PLACE = find_place("45202")


def north(miles):
    return (PLACE.latitude + miles * MILE / 111_195, PLACE.longitude)


def many(seed, size=60):
    chance = random.Random(seed)
    return [
        row(
            number,
            chance.choice(["Hope", "Grace", "Elm"]) + f" {chance.randint(1, 9)}",
            "food_pantry",
            at=north(chance.choice([0.5, 1, 1, 2, 3])) if chance.random() < 0.8 else None,
            areas=(AreaSpec(zip_codes=("45202",)),) if chance.random() < 0.5 else (),
            remote=chance.random() < 0.2,
            **chance.choice([{}, open_for(60), open_for(60), opens_in(90), opens_in(90)]),
        )
        for number in range(1, size)
    ]


@pytest.mark.parametrize("sort", list(Sort))
@pytest.mark.parametrize("size", [1, 7, 20])
def test_pages_hold_every_listing_once_in_one_order(sort, size):
    rows = many(1)
    snapshot = plain(rows)
    asked = {"needs": ("food_pantry",), "near": "45202", "sort": sort}
    whole = [hit.key for hit in ask(snapshot, limit=100, **asked).hits]
    pages = [
        hit.key
        for start in range(0, len(whole) + size, size)
        for hit in ask(snapshot, limit=size, offset=start, **asked).hits
    ]
    assert pages == whole
    assert len(set(whole)) == len(whole) > 40


@pytest.mark.parametrize("sort", list(Sort))
def test_the_order_does_not_hang_on_where_rows_lie(sort):
    rows = many(2)
    turned = list(reversed(rows))
    asked = {"needs": ("food_pantry",), "near": "45202", "sort": sort, "limit": 100}
    assert [hit.key for hit in ask(plain(rows), **asked).hits] == [hit.key for hit in ask(plain(turned), **asked).hits]


def test_nearest_goes_by_distance_and_puts_what_has_no_place_last():
    rows = many(3)
    answer = ask(plain(rows), needs=("food_pantry",), near="45202", sort=Sort.NEAR, limit=100)
    placed = [hit.distance_m for hit in answer.hits if hit.distance_m is not None]
    assert [round(far) for far in placed] == sorted(round(far) for far in placed)
    assert all(hit.distance_m is None for hit in answer.hits[len(placed) :])
    assert 0 < len(placed) < len(answer.hits)


def test_equally_near_places_go_by_how_well_they_fit():
    rows = [row(1, "Ash", "food_pantry"), row(2, "Birch", "food_pantry", **open_for(60))]
    assert names(rows, ask(plain(rows), needs=("food_pantry",), near="45202", sort=Sort.NEAR)) == ["Birch", "Ash"]


def test_nearest_from_nowhere_is_the_best():
    rows = many(4)
    asked = {"needs": ("food_pantry",), "limit": 100}
    assert names(rows, ask(plain(rows), sort=Sort.NEAR, **asked)) == names(rows, ask(plain(rows), **asked))


@pytest.mark.parametrize("backend", ["whoosh", "plain"])
def test_by_name_goes_by_letters_without_case_and_accents(backend, tmp_path):
    listed = ["álamo", "Aspen", "ZINNIA", "beech", "Élan"]
    rows = [row(number, name, "food_pantry") for number, name in enumerate(listed, start=1)]
    snapshot = plain(rows) if backend == "plain" else indexed(rows, tmp_path / "words")
    answer = ask(snapshot, needs=("food_pantry",), sort=Sort.NAME)
    assert names(rows, answer) == ["álamo", "Aspen", "beech", "Élan", "ZINNIA"]


NEAR_CLOSED = row(1, "Near and closed", "food_pantry", at=north(0.5), **opens_in(2_000))
FAR_OPEN = row(2, "Far and open", "food_pantry", at=north(2.5), **open_for(300))


@pytest.mark.parametrize(
    ("travel", "first"),
    [
        (None, "Far and open"),
        (Travel.CAR, "Far and open"),
        (Travel.BUS, "Near and closed"),
        (Travel.WALK, "Near and closed"),
    ],
)
def test_how_a_person_gets_about_decides_how_far_is_far(travel, first):
    far = replace(FAR_OPEN, **open_for(300)) if travel is not Travel.BUS else replace(FAR_OPEN, **opens_in(600))
    rows = [NEAR_CLOSED, far]
    answer = ask(plain(rows), needs=("food_pantry",), near="45202", travel=travel)
    assert names(rows, answer)[0] == first


@pytest.mark.parametrize("travel", list(Travel))
def test_a_place_at_the_halving_distance_counts_half(travel):
    rows = [
        row(1, "Here", "food_pantry", at=north(0)),
        row(2, "There", "food_pantry", at=north(HALF_AT_M[travel] / MILE)),
    ]
    answer = ask(plain(rows), needs=("food_pantry",), near="45202", travel=travel)
    told = {name: part(hit, "distance") for name, hit in zip(names(rows, answer), answer.hits, strict=True)}
    assert told["Here"] == pytest.approx(1.0, abs=0.01)
    assert told["There"] == pytest.approx(0.5, abs=0.01)


def test_without_a_word_about_travel_half_the_radius_counts_half_and_a_car_reaches_at_least_that():
    rows = [row(1, "There", "food_pantry", at=north(15))]
    for travel in (None, Travel.CAR):
        hit = ask(plain(rows), needs=("food_pantry",), near="45202", travel=travel, radius_m=round(30 * MILE)).hits[0]
        assert part(hit, "distance") == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("travel", "miles", "told"),
    [
        (Travel.WALK, 0.5, {"travel": "walk", "minutes": 13}),
        (Travel.WALK, 0.0, {"travel": "walk", "minutes": 1}),
        (Travel.WALK, 2, None),
        (Travel.WALK, 5, {"travel": "walk"}),
        (Travel.BUS, 2, {"travel": "bus"}),
        (Travel.BUS, 5, None),
        (Travel.CAR, 2, None),
        (None, 0.5, None),
    ],
)
def test_the_way_there_is_told_where_it_says_something(travel, miles, told):
    rows = [row(1, "There", "food_pantry", at=north(miles))]
    hit = ask(plain(rows), needs=("food_pantry",), near="45202", travel=travel).hits[0]
    assert [one.facts for one in hit.why if one.code in {Why.REACH, Why.FAR}] == ([told] if told else [])


def part(hit, name):
    return next(one.value for one in hit.order.parts if one.name == name)


def test_the_numbers_of_a_hit_add_up_to_its_score():
    rows = [*many(5), row(99, "Kenton Pantry", "food_pantry", alert=True)]
    for asked in ({"q": "kenton pantry"}, {"q": "food", "near": "45202"}, {"q": "food", "language": "es"}):
        for hit in ask(plain(rows), limit=100, **asked).hits:
            order = hit.order
            total = order.need * sum(one.weight * one.value for one in order.parts)
            for factor in order.penalties.values():
                total *= factor
            assert hit.score == pytest.approx(total + order.named)
            assert {one.name: one.weight for one in order.parts} == dict(WEIGHTS)
            assert all(0 <= one.value <= 1 for one in order.parts)


def test_best_first_goes_by_the_score():
    rows = many(6)
    scores = [round(hit.score, 6) for hit in ask(plain(rows), "food", near="45202", limit=100).hits]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) > 10


def test_penalties_are_told_by_name():
    rows = [row(1, "Odd", "food_pantry", alert=True, areas=(AreaSpec(zip_codes=("45211",)),))]
    hit = ask(plain(rows), needs=("food_pantry",), near="45202", has_room=True).hits[0]
    assert set(hit.order.penalties) == {"alert", "outside", "beside_filters"}


def test_the_weights_are_one_whole_and_told_heaviest_first():
    table = ranking.weights()
    assert sum(one.weight for one in table) == pytest.approx(1.0)
    assert [one.weight for one in table] == sorted((one.weight for one in table), reverse=True)
    assert {one.name for one in table} == set(WEIGHTS)


def test_the_shown_distance_is_along_the_ellipsoid():
    rows = [row(1, "There", "food_pantry", at=north(3))]
    hit = ask(plain(rows), needs=("food_pantry",), near="45202").hits[0]
    assert hit.distance_m == pytest.approx(exact_metres(PLACE.point, Point(*north(3))))
