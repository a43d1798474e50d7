"""Words in names break ties only: who asks for help gets help first, unless just this place was typed."""

import pytest

from search.answer import Why
from tests.search.kit import ask, indexed, names, plain, row

ROWS = [
    row(1, "Elm Street Food Handler Class of Greater Cincinnati Ohio", "adult_education", organization="City Classes of Ohio Region"),
    row(2, "Hope Pantry", "food_pantry"),
    row(3, "Grace Kitchen", "food_pantry", at=(39.2, -84.6)),
    row(4, "Elm House", "rent_help"),
    row(5, "Kenton Connection", "job_search"),
]  # fmt: skip


@pytest.fixture(params=["whoosh", "plain"])
def snapshot(request, tmp_path):
    return indexed(ROWS, tmp_path / "words") if request.param == "whoosh" else plain(ROWS)


def test_a_name_that_holds_the_words_does_not_come_before_who_helps(snapshot):
    answer = ask(snapshot, "food elm")
    assert [item.need for item in answer.understood] == ["food_pantry"]
    assert names(ROWS, answer) == ["Grace Kitchen", "Hope Pantry"]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("elm street food handler class of greater cincinnati", ROWS[0].name),
        ("elm house rent", "Elm House"),
        ("kenton connection", "Kenton Connection"),
        ("hope pantry", "Hope Pantry"),
        ("elm house", "Elm House"),
    ],
)
def test_who_types_a_name_gets_the_place_of_that_name(snapshot, typed, first):
    assert names(ROWS, ask(snapshot, typed))[0] == first


def test_a_name_beside_a_chosen_need_is_still_a_name(snapshot):
    answer = ask(snapshot, "kenton connection", needs=("food_pantry",))
    assert names(ROWS, answer)[0] == "Kenton Connection"
    assert Why.NAME in {reason.code for reason in answer.hits[0].why}


def test_a_part_of_a_name_is_no_name_where_nobody_knows_what_the_place_helps_with():
    rows = [row(1, "Walnut Bench Library"), row(2, "Keep the Lights On", "energy_bill", at=(39.2, -84.6))]
    for typed, first in (("walnut", "Keep the Lights On"), ("walnut bench library", "Walnut Bench Library")):
        found = ask(plain(rows), typed, needs=("energy_bill",))
        assert names(rows, found)[0] == first
