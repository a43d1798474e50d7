"""What a state of an index takes over from the state before it is what it would have worked out itself."""

import random

import numpy as np
import pytest

from search import column_files, columns, heir, index
from search.columns import NEED_IDS
from search.index import TextIndex
from search.plain_text import PlainText
from search.snapshot import Snapshot
from tests.search.test_column_files import change
from tests.search.test_fast_postings import as_read, made_up
from tests.search.test_reference import directory

MINUTE = 29_000_000


def work_out(snapshot):
    snapshot.hours(MINUTE)
    for need in range(len(NEED_IDS)):
        snapshot.serving(need, also=True)
        snapshot.serving(need, also=False)
    return snapshot.areas, snapshot.grid, snapshot.marks


def assert_alike(taken, own):
    np.testing.assert_array_equal(taken.grid.rows, own.grid.rows)
    np.testing.assert_array_equal(taken.grid.cells, own.grid.cells)
    np.testing.assert_array_equal(taken.marks, own.marks)
    assert taken.areas.specs == own.areas.specs
    for name in ("open_now", "closes", "opens"):
        np.testing.assert_array_equal(getattr(taken.hours(MINUTE), name), getattr(own.hours(MINUTE), name))
    for need in range(len(NEED_IDS)):
        for also in (True, False):
            np.testing.assert_array_equal(taken.serving(need, also=also), own.serving(need, also=also))


@pytest.mark.parametrize("seed", range(3))
def test_after_each_change_it_knows_what_it_would_work_out_itself(tmp_path, seed):
    chance, rows = random.Random(seed), directory(seed)
    column_files.save(columns.build(rows), tmp_path / "c0")
    before = Snapshot(column_files.load(tmp_path / "c0"), PlainText([]))
    for number in range(1, 6):
        work_out(before)
        gone, more = change(chance, rows, number)
        held = before.columns
        column_files.extend(held, tmp_path / f"c{number - 1}", tmp_path / f"c{number}", [gone], more)
        after, own = (Snapshot(column_files.load(tmp_path / f"c{number}"), PlainText([])) for _ in range(2))
        heir.take_over(before, after)
        assert "grid" in vars(after)
        assert after.known_serving.keys() == before.known_serving.keys()
        assert_alike(after, own)
        before = after


def test_areas_are_laid_out_anew_only_when_there_is_a_new_one(tmp_path):
    rows = directory(4)
    column_files.save(columns.build(rows), tmp_path / "a")
    before, after = (Snapshot(column_files.load(tmp_path / "a"), PlainText([])) for _ in range(2))
    work_out(before)
    heir.take_over(before, after)
    assert after.areas is before.areas
    _, more = change(random.Random(1), rows, 1)
    column_files.extend(before.columns, tmp_path / "a", tmp_path / "b", [], more)
    later = Snapshot(column_files.load(tmp_path / "b"), PlainText([]))
    heir.take_over(before, later)
    assert len(later.areas.specs) == len(before.areas.specs) + 1


def test_nothing_is_taken_over_from_another_index(tmp_path):
    for name, seed in (("a", 1), ("b", 2)):
        column_files.save(columns.build(directory(seed)), tmp_path / name)
    one, other = (Snapshot(column_files.load(tmp_path / name), PlainText([])) for name in ("a", "b"))
    work_out(one)
    heir.take_over(one, other)
    assert "grid" not in vars(other)
    assert other.known_hours is None
    assert not other.known_serving


def test_nothing_is_taken_over_from_what_was_made_in_memory():
    one, other = (Snapshot(columns.build(directory(3)), PlainText([])) for _ in range(2))
    work_out(one)
    heir.take_over(one, other)
    assert "grid" not in vars(other)


def test_words_opened_after_others_read_the_same_as_alone(tmp_path):
    """Segments come, and are joined with others, while the one before is still held."""
    rows = made_up(60, 9)
    index.create(tmp_path / "words")
    index.write(tmp_path / "words", enumerate(rows))
    before = TextIndex(tmp_path / "words")
    for number, again in enumerate(made_up(8, 10, first=100)):
        index.write(tmp_path / "words", [(60 + number, again)], [rows[number].service_id])
        after, alone = TextIndex(tmp_path / "words", before), TextIndex(tmp_path / "words")
        for term in {term for row in [*rows, again] for term in index.terms_of(row)}:
            assert as_read(after, term) == as_read(alone, term)
        assert after.is_fast
        before = after
