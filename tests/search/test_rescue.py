"""Filters that leave nothing only together are dropped together, and no more of them than it takes."""

from search.answer import Relax
from search.criteria import Cost
from search.papers import Papers
from tests.search.kit import ask, names, plain, row

CLEVELAND = (41.5, -81.7)


def steps(answer):
    return [step.step for step in answer.relaxed]


def test_two_filters_that_leave_nothing_together_are_both_dropped_and_told():
    rows = [row(1, "Hope Pantry", "food_pantry")]
    answer = ask(plain(rows), "pantry", near="45202", no_papers=True, language="es")
    assert names(rows, answer) == ["Hope Pantry"]
    assert steps(answer) == [Relax.WITHOUT_PAPERS, Relax.WITHOUT_LANGUAGE]


def test_a_filter_that_takes_nothing_away_is_kept():
    rows = [row(1, "Hope Pantry", "food_pantry", papers=Papers.NONE_ASKED)]
    answer = ask(plain(rows), "pantry", near="45202", no_papers=True, language="es", cost=(Cost.FREE,))
    assert names(rows, answer) == ["Hope Pantry"]
    assert Relax.WITHOUT_PAPERS not in steps(answer)
    assert {Relax.WITHOUT_LANGUAGE, Relax.WITHOUT_COST} == set(steps(answer))


def test_far_away_and_not_as_asked_is_still_found_and_all_of_it_told():
    rows = [row(1, "Hope Pantry", "food_pantry", at=CLEVELAND)]
    answer = ask(plain(rows), "pantry", near="44902", no_papers=True, radius_m=2_000)
    assert names(rows, answer) == ["Hope Pantry"]
    assert set(steps(answer)) == {Relax.WITHOUT_PAPERS, Relax.WIDER}


def test_what_was_dropped_together_is_widened_on_until_there_is_enough():
    rows = [
        row(1, "Hope Pantry", "food_pantry"),
        row(2, "Elm Shelf", "food_pantry", at=(39.4, -84.5)),
        row(3, "Vine Shelf", "food_pantry", at=(39.41, -84.5)),
    ]
    answer = ask(plain(rows), "pantry", near="45202", no_papers=True, language="es", radius_m=2_000)
    assert len(answer.hits) == 3
    assert Relax.WIDER in steps(answer)
