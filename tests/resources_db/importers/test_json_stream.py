"""JSON is read record by record, whatever its shape, and what is broken is told by its place."""

import io
import json

import pytest

from resources_db.importers import json_stream
from resources_db.importers.records import Problem


def read(text: str) -> tuple[list[tuple[int, dict[str, object]]], list[tuple[int, str]]]:
    """Records with their number, and problems with theirs."""
    good, bad = [], []
    for found in json_stream.records(io.StringIO(text), "a.json"):
        if isinstance(found, Problem):
            bad.append((found.where.line, found.code))
        else:
            good.append((found[0].line, found[1]))
    return good, bad


@pytest.mark.parametrize(
    "text",
    ['[{"a": 1}, {"a": 2}]', '{"total": 2, "contents": [{"a": 1}, {"a": 2}], "last": true}', '{"a": 1}\n{"a": 2}\n',
     ' [\n{"a": 1}\n,\n{"a": 2}\n]\n'],
)  # fmt: skip
def test_an_array_a_page_and_lines_say_the_same(text: str) -> None:
    assert read(text) == ([(1, {"a": 1}), (2, {"a": 2})], [])


def test_one_record_alone_and_empty_shapes() -> None:
    assert read('{"a": {"b": [1, 2]}}') == ([(1, {"a": {"b": [1, 2]}})], [])
    assert read("[]") == read('{"contents": []}') == ([], [])


def test_a_broken_line_costs_that_line_only() -> None:
    assert read('{"a": 1}\n{"a":\n\n{"a": 3}') == ([(1, {"a": 1}), (4, {"a": 3})], [(2, "bad_json")])


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), ("no json", 1), ("[", 1), ("[" * 5_000, 1), ('{"a": NaN}', 1), ('{\n "a": 1,\n "b": \n}', 4), ('[{"a": 1]', 1)],
)  # fmt: skip
def test_what_is_no_json_is_told_by_its_line(text: str, line: int) -> None:
    """bad_input_085"""
    assert read(text) == ([], [(line, "bad_json")])


def test_what_is_no_record_is_told_by_its_number() -> None:
    assert read('[1, {"a": 2}, "x"]') == ([(2, {"a": 2})], [(1, "bad_type"), (3, "bad_type")])


def test_records_across_the_borders_of_the_window_are_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "_CHUNK", 7)
    records = [{"id": n, "text": "é" * n, "list": [n] * 3} for n in range(30)]
    assert [record for _line, record in read(json.dumps(records))[0]] == records
    assert [record for _line, record in read(json.dumps({"x": 1, "contents": records}))[0]] == records


def test_a_record_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "LARGEST_RECORD", 1_000)
    monkeypatch.setattr(json_stream, "_CHUNK", 100)
    assert read(f'[{{"a": "{"x" * 5_000}"}}]') == ([], [(1, "bad_json")])
