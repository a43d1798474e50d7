"""Columns on disk: what is written is read back, and a change lengthens the files without troubling who reads them."""

import random
from dataclasses import fields, replace

import numpy as np
import pytest

from resources_db.hours import OpenState
from search import column_files, columns
from search.areas import AreaSpec
from search.columns import Arrays
from search.errors import IndexUnavailableError
from tests.search.kit import row
from tests.search.test_reference import directory


def same(one, other):
    assert one.tables == other.tables
    for item in fields(Arrays):
        np.testing.assert_array_equal(getattr(one.arrays, item.name), getattr(other.arrays, item.name), item.name)


def change(chance, rows, number):
    """A listing again with other facts, and one of an area and a language nobody had."""
    old = chance.choice(rows)
    return old.service_id, [
        replace(old, name=f"Again {number}", open_state=OpenState.OPEN, spans=((number, number + 9),)),
        row(
            5_000 + number,
            f"New {number}",
            "rent_help",
            languages=(f"x{number}",),
            areas=(AreaSpec((f"{number:05}",)),),
        ),
    ]


@pytest.mark.parametrize("size", [0, 1, 300])
def test_what_is_saved_is_read_back(tmp_path, size):
    held = columns.build(directory(1, size + 1))
    column_files.save(held, tmp_path / "c")
    same(column_files.load(tmp_path / "c"), held)


@pytest.mark.parametrize("seed", range(4))
def test_a_row_of_changes_leaves_what_changing_in_memory_leaves(tmp_path, seed):
    chance, rows = random.Random(seed), directory(seed)
    expected = columns.build(rows)
    source = tmp_path / "c0"
    column_files.save(expected, source)
    for number in range(1, 8):
        gone, more = change(chance, rows, number)
        expected = columns.changed(expected, [gone], more)
        target = tmp_path / f"c{number}"
        living = column_files.extend(column_files.load(source), source, target, [gone], more)
        assert living == expected.living
        same(column_files.load(target), expected)
        source = target


def test_who_reads_the_state_before_goes_on_reading_it(tmp_path):
    rows = directory(2)
    column_files.save(columns.build(rows), tmp_path / "a")
    before = column_files.load(tmp_path / "a")
    column_files.extend(before, tmp_path / "a", tmp_path / "b", [rows[0].service_id], [row(9_000, "New")])
    same(before, columns.build(rows))
    same(column_files.load(tmp_path / "a"), columns.build(rows))


def test_what_a_writer_that_died_left_behind_is_cut_off(tmp_path):
    rows = directory(3)
    column_files.save(columns.build(rows), tmp_path / "a")
    column_files.extend(column_files.load(tmp_path / "a"), tmp_path / "a", tmp_path / "dead", [], directory(4))
    gone, more = change(random.Random(1), rows, 7)
    column_files.extend(column_files.load(tmp_path / "a"), tmp_path / "a", tmp_path / "b", [gone], more)
    same(column_files.load(tmp_path / "b"), columns.changed(columns.build(rows), [gone], more))


def test_files_are_copied_where_there_are_no_links(tmp_path, monkeypatch):
    def no_links(*_args):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(column_files.os, "link", no_links)
    rows = directory(5)
    column_files.save(columns.build(rows), tmp_path / "a")
    gone, more = change(random.Random(2), rows, 3)
    column_files.extend(column_files.load(tmp_path / "a"), tmp_path / "a", tmp_path / "b", [gone], more)
    same(column_files.load(tmp_path / "b"), columns.changed(columns.build(rows), [gone], more))


def test_a_file_that_is_too_short_is_refused(tmp_path):
    column_files.save(columns.build(directory(6)), tmp_path / "a")
    file = tmp_path / "a" / "latitude.bin"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(IndexUnavailableError):
        column_files.load(tmp_path / "a")


def test_columns_of_another_version_are_refused(tmp_path, monkeypatch):
    column_files.save(columns.build(directory(6)), tmp_path / "a")
    monkeypatch.setattr(column_files, "COLUMNS_VERSION", 0)
    with pytest.raises(IndexUnavailableError):
        column_files.load(tmp_path / "a")
