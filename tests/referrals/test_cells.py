"""Hidden counts stay hidden: whoever adds and subtracts everything a table shows learns nothing about fewer than 11."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referrals import cells, survival
from referrals.cells import protect

tables = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=2),
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 15)),
    max_size=9,
)


def shown_sums(shown: cells.Shown[str], names: list[str], parts: int) -> list[tuple[list[int], int]]:
    """Everything that is printed, as sums of cells: rows, what is hidden together, the total."""
    cell = {(name, part): at for at, (name, part) in enumerate(product(names, range(parts)))}

    def line(members: list[str], part: int) -> list[int]:
        return [1 if at in {cell[name, part] for name in members} else 0 for at in range(len(cell))]

    told = [(line([name], part), count) for name, row in shown.rows.items() for part, count in enumerate(row)]
    for members, row in ((list(shown.others), shown.together), (names, shown.total)):
        if row is not None:
            told += [(line(members, part), count) for part, count in enumerate(row)]
    return told


def reckoned(told: list[tuple[list[int], int]]) -> list[tuple[list[Fraction], Fraction]]:
    """All that follows by adding and subtracting, in its simplest form (Gauss and Jordan)."""
    rows = [[Fraction(x) for x in (*line, count)] for line, count in told]
    done = 0
    for column in range(len(rows[0]) - 1 if rows else 0):
        pivot = next((at for at in range(done, len(rows)) if rows[at][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        rows[done] = [x / rows[done][column] for x in rows[done]]
        for at in range(len(rows)):
            if at != done and rows[at][column]:
                factor = rows[at][column]
                rows[at] = [x - factor * y for x, y in zip(rows[at], rows[done], strict=True)]
        done += 1
    return [(row[:-1], row[-1]) for row in rows[:done]]


@settings(max_examples=400, deadline=None)
@given(tables)
def test_no_hidden_count_can_be_reckoned_back(table):
    shown = protect(table)
    names = [name for name, parts in table.items() if sum(parts)]
    for line, count in reckoned(shown_sums(shown, names, 3)):
        used = [x for x in line if x]
        if all(x == 1 for x in used):  # a sum of some cells: never of few people, and never one cell of a hidden row
            assert count == 0 or count >= 11
        if len(used) == 1 and count:
            name = names[line.index(1) // 3]
            assert name in shown.rows


@given(tables)
def test_what_is_shown_is_true_and_nothing_is_lost(table):
    shown = protect(table)
    filled = {name: parts for name, parts in table.items() if sum(parts)}
    assert {*shown.rows, *shown.others} == set(filled)
    assert all(filled[name] == parts for name, parts in shown.rows.items())
    if shown.total is not None:
        assert shown.total == tuple(map(sum, zip(*filled.values(), strict=True))) or not filled


@pytest.mark.parametrize(
    ("table", "rows", "together"),
    [
        ({"es": (40, 20), "en": (90, 30)}, {"es", "en"}, None),
        ({"es": (40, 20), "vi": (3, 0), "en": (90, 30)}, {"en"}, (43, 20)),
        ({"es": (40, 20), "vi": (8, 12), "ar": (9, 11), "en": (90, 30)}, {"es", "en"}, (17, 23)),
        ({"es": (4, 2)}, set(), None),
        ({"es": (40, 0), "en": (0, 12)}, {"es", "en"}, None),
    ],
)
def test_small_rows_go_together_with_the_next_smallest(table, rows, together):
    shown = protect(table)
    assert (set(shown.rows), shown.together) == (rows, together)


def test_the_middle_of_times_by_hand():
    # five referrals: answered after 1, 2 and 4 days, one watched for 3 and one for 5 without an answer.
    # Left unanswered: 4/5 after day 1, 3/5 after day 2, 3/5 * 1/2 = 0.3 after day 4; nine of ten is never reached.
    days = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    found = survival.spread(days, np.array([True, True, False, True, False]))
    assert (found.median, found.p90, found.happened, found.n) == (4.0, None, 3, 5)
    all_answered = survival.spread(days, np.ones(5, dtype=bool))
    assert (all_answered.median, all_answered.p90) == (3.0, 5.0)
    assert survival.spread(np.array([]), np.array([], dtype=bool)).median is None
