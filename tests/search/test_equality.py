"""Search answers what the slow, obvious reference answers: totals, numbers beside the filters, and the order of all."""

import math
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bench import corpus, queries
from resources_db.hours import OpenState
from search import answering, columns, question
from search.criteria import SearchCriteria
from search.plain_text import PlainText
from search.snapshot import Snapshot
from tests.search.directories import asked_from, asked_when, clock_nights, directories, questions, shapes
from tests.search.kit import NOW, indexed, plain, row
from tests.search.reference import Reference

SLACK = 2e-6  # scores are rounded to the sixth digit, and words are weighed in 32 bits
MANY = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


def assert_equal(snapshot, rows, criteria, now):
    """The answer over all its hits is the reference's."""
    answer = answering.answer(snapshot, criteria, now)
    expected = Reference(rows, question.put(snapshot, criteria), criteria, now)
    assert (answer.total, answer.strict_total) == (len(expected.found), len(expected.strict))
    assert answer.with_room == expected.with_room
    assert [(step.step, step.facts["added"], step.facts.get("radius_m")) for step in answer.relaxed] == [
        (step.step, step.facts["added"], step.facts.get("radius_m")) for step in expected.steps
    ]
    for name, counted in expected.facets().items():
        assert getattr(answer.facets, name) == counted, name
    assert_same_order([str(hit.key) for hit in answer.hits], expected.order(), criteria.limit)
    return answer, expected


def assert_same_order(keys, expected, limit):
    """Equal but for scores that only differ by rounding; true ties go by name, then by key."""
    assert len(keys) == min(len(expected), limit)
    told = {key: (first, score, name) for first, score, name, key in expected}
    places = {one[3]: place for place, one in enumerate(expected)}
    assert len(set(keys)) == len(keys)
    for place, key in enumerate(keys):
        other = expected[place][3]
        if key == other:
            continue
        first, score, _ = told[key]
        its_first, its_score, _ = told[other]
        assert first == its_first or math.isclose(first, its_first, rel_tol=1e-12), (place, key, other)
        assert abs(score - its_score) <= SLACK, (place, key, other, score, its_score)
        assert score != its_score, ("a tie", place, places[key])


@MANY
@given(directories(), questions)
def test_any_question_to_any_directory_is_answered_as_the_reference_answers(directory, criteria):
    listings, rows, now = directory
    snapshot = plain(rows)
    _, expected = assert_equal(snapshot, rows, criteria, now)
    opened = {str(one.key) for one in listings if one.open_status(now).state is OpenState.OPEN}
    assert expected.facets()["open_now"] == sum(rows[at].key in opened for at in expected.found)


@settings(MANY, max_examples=60)
@given(shapes, asked_from)
def test_polygons_with_holes_and_over_the_date_line_cover_whom_the_reference_says(directory, criteria):
    _, rows, now = directory
    assert_equal(plain(rows), rows, criteria, now)


@settings(MANY, max_examples=60)
@given(clock_nights, asked_when)
def test_nights_when_the_clock_changes_are_as_the_reference_says(directory, criteria):
    _, rows, now = directory
    assert_equal(plain(rows), rows, criteria, now)


@settings(MANY, max_examples=60)
@given(directories(), directories(), questions, st.data())
def test_listings_that_were_taken_out_leave_no_trace(directory, before, criteria, data):
    """The same after changes as after a rebuild: some listings are gone, some came later."""
    _, rows, now = directory
    _, gone, _ = before
    gone = [replace(row, key=f"9{row.key[1:]}", service_id=f"9{row.key[1:]}") for row in gone]
    kept = data.draw(st.integers(0, len(rows)))
    early = [*gone, *rows[:kept]]
    changed = columns.changed(columns.build(early), [row.service_id for row in gone], rows[kept:])
    assert_equal(Snapshot(changed, PlainText([*early, *rows[kept:]])), rows, criteria, now)


def test_a_word_that_only_a_listing_taken_out_had_does_not_hide_words_that_begin_so():
    gone, kept = row(1, "Zan House"), row(2, "Zanzibar Kitchen")
    changed = columns.changed(columns.build([gone]), [gone.service_id], [kept])
    answer, _ = assert_equal(Snapshot(changed, PlainText([gone, kept])), [kept], SearchCriteria(q="zan"), NOW)
    assert answer.total == 1


@pytest.fixture(scope="module")
def mix(tmp_path_factory):
    """The directory of the benchmarks, small, in a real index."""
    rows = corpus.listings(600)
    return rows, indexed(rows, tmp_path_factory.mktemp("index") / "words")


@pytest.mark.parametrize("kind", queries.KINDS)
def test_every_question_of_the_benchmark_is_answered_as_the_reference_answers(mix, kind):
    rows, snapshot = mix
    asked = [one for one in queries.mixed(200) if one.kind == kind]
    assert asked
    for one in asked[:8]:
        assert_equal(snapshot, rows, replace(one.criteria, limit=1_000), corpus.NOW)
