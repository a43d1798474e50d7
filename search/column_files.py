"""Columns on disk: one file of raw numbers each, opened memory-mapped, so that processes share their pages.

A change lengthens the files and leaves the rows before as they are: the new state shares them with the one before by
hard links and only says how much of them it holds. What a writer that died left behind the end is cut off by the next.
"""

import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from search import columns, hints
from search.areas import AreaSpec
from search.columns import COLUMNS_VERSION, NEED_IDS, Arrays, Columns, Tables
from search.errors import IndexUnavailableError
from search.rows import IndexRow

Column = NDArray[np.generic]

_WRITTEN_ANEW = ("alive", "hint_")  # the one changes in its middle, the others are kept in the order of words


def save(held: Columns, directory: Path) -> None:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, column in _each(held.arrays):
        _file(directory, name).write_bytes(np.ascontiguousarray(column).data)
    _write_tables(held.tables, directory)
    _write_counts(held.arrays, directory)


def extend(before: Columns, source: Path, directory: Path, gone: Iterable[str], rows: Sequence[IndexRow]) -> int:
    """What `columns.changed` makes of the state in `source`, in the time of the change. Gives how many are living."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    added = columns.build(rows, before.tables)
    more = columns.moved(added.arrays, before.rows)
    alive = np.concatenate([columns.without(before, gone), added.arrays.alive])
    named = hints.merged(before.arrays.hints, added.arrays.hints, before.rows)
    whole = replace(more, alive=alive, hint_word=named.word, hint_row=named.row, hint_part=named.part)
    for (name, old), (_, new) in zip(_each(before.arrays), _each(whole), strict=True):
        if name.startswith(_WRITTEN_ANEW):
            _file(directory, name).write_bytes(np.ascontiguousarray(new).data)
        else:
            _lengthen(_file(source, name), _file(directory, name), old.nbytes, np.ascontiguousarray(new))
    if added.tables == before.tables:
        _link(source / "tables.json", directory / "tables.json")
    else:
        _write_tables(added.tables, directory)
    _write_counts(whole, directory, before.arrays)
    return int(np.count_nonzero(alive))


def load(directory: Path) -> Columns:
    """Raises IndexUnavailableError when the files are missing, of another version, or shorter than they should be."""
    try:
        counts = json.loads((directory / "counts.json").read_text("utf-8"))
        file = directory / "tables.json"
        stat = file.stat()
        tables = _read_tables(file, stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if counts.get("version") != COLUMNS_VERSION or tuple(counts.get("needs", ())) != NEED_IDS:
            raise IndexUnavailableError("columns_of_another_version")
        arrays = {name: _map(_file(directory, name), like, counts["entries"][name]) for name, like in _each(_empty())}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexUnavailableError("columns_unreadable") from error
    return Columns(Arrays(**arrays), tables)


def _map(file: Path, like: Column, entries: int) -> "NDArray[Any]":
    """As a plain array: taking from numpy's memmap costs five times as much."""
    shape = (entries, *like.shape[1:])
    return np.asarray(np.memmap(file, like.dtype, "r", shape=shape)) if entries else np.zeros(shape, like.dtype)


def _lengthen(source: Path, target: Path, size: int, more: Column) -> None:
    _link(source, target)
    with target.open("r+b") as file:
        file.truncate(size)  # never below what a reader holds: each holds a state that was finished
        file.seek(size)
        file.write(more.data)


def _link(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)


def _write_counts(arrays: Arrays, directory: Path, before: Arrays | None = None) -> None:
    held = dict(_each(before)) if before is not None else {}
    entries = {
        name: len(column) + (len(held[name]) if held and not name.startswith(_WRITTEN_ANEW) else 0)
        for name, column in _each(arrays)
    }
    told = {"version": COLUMNS_VERSION, "needs": NEED_IDS, "entries": entries}
    (directory / "counts.json").write_text(json.dumps(told), "utf-8")


def _write_tables(tables: Tables, directory: Path) -> None:
    told = {
        "languages": tables.languages,
        "zones": tables.zones,
        "areas": [asdict(area) for area in tables.areas],
    }
    (directory / "tables.json").write_text(json.dumps(told), "utf-8")


@lru_cache(maxsize=4)
def _read_tables(file: Path, inode: int, changed: int, size: int) -> Tables:  # noqa: ARG001  # they say which file it is
    told = json.loads(file.read_text("utf-8"))
    return Tables(tuple(told["languages"]), tuple(told["zones"]), tuple(_area(said) for said in told["areas"]))


def _area(said: Mapping[str, object]) -> AreaSpec:
    zip_codes, counties, states = (tuple(cast("list[str]", said[name])) for name in ("zip_codes", "counties", "states"))
    return AreaSpec(zip_codes, counties, states, nationwide=bool(said["nationwide"]), polygon=str(said["polygon"]))


def _each(arrays: Arrays) -> Iterator[tuple[str, Column]]:
    for item in fields(Arrays):
        yield item.name, getattr(arrays, item.name)


@lru_cache(maxsize=1)
def _empty() -> Arrays:
    """The kinds and widths of our columns."""
    return columns.build(()).arrays


def _file(directory: Path, name: str) -> Path:
    return directory / f"{name}.bin"
