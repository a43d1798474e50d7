"""The record of helping in the order of answers: what it weighs, how it is told, and that being new is no fault."""

from dataclasses import replace

import pytest

from resources_db import search_log
from resources_db.listing_key import ListingKey
from resources_db.repositories import standing
from resources_db.repositories.standing import Standing, Subject
from search import answering, columns
from search.answer import Why
from search.criteria import SearchCriteria
from search.engine import SearchEngine
from search.plain_text import PlainText
from search.snapshot import Snapshot
from tests import factories
from tests.search.kit import NOW, ask, indexed, names, plain, row


def record(helped, known, need="food_pantry"):
    return {"standing": (Standing(need, helped, known),)}


GOOD = row(1, "Zion Pantry", "food_pantry", **record(12, 15))
POOR = row(2, "Ash Pantry", "food_pantry", **record(2, 15))
NEW = row(3, "Milestone Pantry", "food_pantry")
ROWS = [GOOD, POOR, NEW]


@pytest.fixture(params=["whoosh", "plain"])
def snapshot(request, tmp_path):
    return indexed(ROWS, tmp_path / "words") if request.param == "whoosh" else plain(ROWS)


def told(answer, rows=ROWS):
    return {
        name: (one.facts["helped"], one.facts["known"])
        for name, hit in zip(names(rows, answer), answer.hits, strict=True)
        for one in hit.why
        if one.code is Why.STANDING
    }


def weighed(answer, rows=ROWS):
    return {
        name: next(one.value for one in hit.order.parts if one.name == "standing")
        for name, hit in zip(names(rows, answer), answer.hits, strict=True)
    }


def test_who_helped_comes_first_and_who_has_no_record_stands_between(snapshot):
    assert names(ROWS, ask(snapshot, needs=("food_pantry",))) == ["Zion Pantry", "Milestone Pantry", "Ash Pantry"]


def test_the_record_is_told_as_it_is(snapshot):
    assert told(ask(snapshot, needs=("food_pantry",))) == {"Zion Pantry": (12, 15), "Ash Pantry": (2, 15)}


def test_a_new_listing_stands_where_the_usual_one_stands():
    others = [
        row(number, f"Old {number}", "food_pantry", **record(helped, 20)) for number, helped in ((1, 18), (2, 10))
    ]
    rows = [*others, row(3, "New", "food_pantry")]
    value = weighed(ask(plain(rows), needs=("food_pantry",)), rows)
    assert value["New"] == pytest.approx((18 + 10 + 6) / 50)
    assert min(value.values()) < value["New"] < max(value.values())


def test_without_any_record_nobody_is_put_above_another():
    rows = [row(1, "Ash", "food_pantry"), row(2, "Birch", "food_pantry")]
    value = weighed(ask(plain(rows), needs=("food_pantry",)), rows)
    assert value == {"Ash": 0.6, "Birch": 0.6}


def test_few_outcomes_weigh_less_than_many():
    counts = {"Few": (5, 5), "Many": (95, 100), "Others": (20, 60)}
    rows = [row(number, name, "food_pantry", **record(*counts[name])) for number, name in enumerate(counts, start=1)]
    assert names(rows, ask(plain(rows), needs=("food_pantry",))) == ["Many", "Few", "Others"]


def test_a_record_for_another_need_says_nothing(snapshot):
    rows = [replace(GOOD, needs=("food_pantry", "rent_help"), **record(12, 15, "rent_help")), NEW]
    assert told(ask(plain(rows), needs=("food_pantry",)), rows) == {}
    assert told(ask(plain(rows), needs=("rent_help",)), rows) == {"Zion Pantry": (12, 15)}


def test_of_several_needs_the_best_known_record_is_told():
    both = (Standing("food_pantry", 4, 6), Standing("rent_help", 9, 12))
    rows = [row(1, "Both", "food_pantry", "rent_help", standing=both)]
    assert told(ask(plain(rows), needs=("food_pantry", "rent_help")), rows) == {"Both": (9, 12)}


def test_an_operator_can_turn_records_off(snapshot):
    off = answering.answer(snapshot, SearchCriteria(needs=("food_pantry",)), NOW, standing=False)
    assert names(ROWS, off) == ["Ash Pantry", "Milestone Pantry", "Zion Pantry"]
    assert told(off) == {}
    assert len(set(weighed(off).values())) == 1


def test_a_changed_record_replaces_the_old_one_in_the_index():
    before = columns.build(ROWS)
    better = replace(POOR, **record(40, 40))
    after = Snapshot(columns.changed(before, [POOR.service_id], [better]), PlainText([*ROWS, better]))
    answer = ask(after, needs=("food_pantry",))
    assert told(answer) == {"Zion Pantry": (12, 15), "Ash Pantry": (40, 40)}
    assert weighed(answer)["Milestone Pantry"] == pytest.approx((12 + 40 + 6) / 65)


@pytest.fixture
def pantries(session, now):
    return [
        factories.make_listing(session, now=now, name=name, needs=["food_pantry"])
        for name in ("Ash Pantry", "Zion Pantry")
    ]


def helped(session, listing, known, now):
    subject = Subject(ListingKey(listing.service.id, listing.location.id), "food_pantry")
    standing.replace_all(session, {subject: Standing("food_pantry", known, known)}, now=now)


@pytest.mark.parametrize("on", [True, False])
def test_the_index_takes_records_in_as_they_change(session, pantries, now, tmp_path, on):
    engine = SearchEngine(tmp_path / "index", standing=on)
    search_log.touch(session, [one.service.id for one in pantries], now=now)
    session.flush()
    asked = SearchCriteria(needs=("food_pantry",))
    ash, zion = (one.service.id for one in pantries)
    assert [hit.key.service_id for hit in engine.answer(session, asked, now).hits] == [ash, zion]
    helped(session, pantries[1], 20, now)
    answer = engine.answer(session, asked, now)
    assert [hit.key.service_id for hit in answer.hits] == ([zion, ash] if on else [ash, zion])
    reasons = [one.facts["known"] for hit in answer.hits for one in hit.why if one.code is Why.STANDING]
    assert reasons == ([20] if on else [])


def test_without_an_index_records_count_too(session, pantries, now, tmp_path):
    helped(session, pantries[1], 20, now)
    engine = SearchEngine(tmp_path / "file")
    (tmp_path / "file").write_text("in the way")
    answer = engine.answer(session, SearchCriteria(needs=("food_pantry",)), now)
    assert answer.degraded
    assert [hit.key.service_id for hit in answer.hits] == [pantries[1].service.id, pantries[0].service.id]
