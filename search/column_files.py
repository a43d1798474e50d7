"""Columns on disk: one file of raw numbers each, opened memory-mapped, so that processes share their pages.

A change lengthens the files and leaves the rows before as they are: the new state shares them with the one before by
hard links and only says how much of them it holds. What a writer that died left behind the end is cut off by the next.
"""

import json
import math
import mmap
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
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

_IN_ORDER = "hint_"  # kept in the order of words: as they are, until the late ones are put among them
_WRITTEN_ANEW = ("alive", "late_hint_")  # short, and they change in their middle


def save(held: Columns, directory: Path) -> None:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, column in _each(held.arrays):
        _file(directory, name).write_bytes(np.ascontiguousarray(column).data)
    _write_tables(held.tables, directory)
    _write_counts({name: len(column) for name, column in _each(held.arrays)}, directory)


def extend(before: Columns, source: Path, directory: Path, gone: Iterable[str], rows: Sequence[IndexRow]) -> int:
    """What `columns.changed` makes of the state in `source`, in the time of the change. Gives how many are living."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    added = columns.build(rows, before.tables)
    more = columns.moved(added.arrays, before.rows)
    alive = np.concatenate([columns.without(before, gone), added.arrays.alive])
    named = hints.late(before.arrays.hints, before.arrays.late_hints, added.arrays.hints, before.rows)
    whole = replace(more, alive=alive).with_hints(*named)
    entries = {
        name: _write(_file(source, name), _file(directory, name), old, new)
        for (name, old), (_, new) in zip(_each(before.arrays), _each(whole), strict=True)
    }
    if added.tables == before.tables:
        _link(source / "tables.json", directory / "tables.json")
    else:
        _write_tables(added.tables, directory)
    _write_counts(entries, directory)
    return int(np.count_nonzero(alive))


def load(directory: Path) -> Columns:
    """Raises IndexUnavailableError when the files are missing, of another version, or shorter than they should be."""
    try:
        counts = json.loads((directory / "counts.json").read_text("utf-8"))
        file = directory / "tables.json"
        stat = file.stat()
        tables = _read_tables(_Seen(file, stat.st_dev, stat.st_ino, stat.st_mtime_ns, stat.st_size))
        if counts.get("version") != COLUMNS_VERSION or tuple(counts.get("needs", ())) != NEED_IDS:
            raise IndexUnavailableError("columns_of_another_version")
        arrays = {name: _map(_file(directory, name), like, counts["entries"][name]) for name, like in _each(_empty())}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexUnavailableError("columns_unreadable") from error
    return Columns(Arrays(**arrays), tables, _origin(directory))


def _map(file: Path, like: Column, entries: int) -> "NDArray[Any]":
    """As a plain array: taking from numpy's memmap costs five times as much, and so does making one."""
    shape = (entries, *like.shape[1:])
    if not entries:
        return np.zeros(shape, like.dtype)
    with file.open("rb", buffering=0) as opened:
        held = mmap.mmap(opened.fileno(), math.prod(shape) * like.dtype.itemsize, access=mmap.ACCESS_READ)
    return np.frombuffer(held, like.dtype).reshape(shape)


def _write(source: Path, target: Path, old: Column, new: Column) -> int:
    """A column after a change; `new` is what comes behind the old one, or all of it. Gives how many entries it has."""
    if target.name.startswith(_WRITTEN_ANEW) or (target.name.startswith(_IN_ORDER) and new is not old):
        target.write_bytes(np.ascontiguousarray(new).data)
        return len(new)
    _link(source, target)
    if new is old or not len(new):
        return len(old)
    with target.open("r+b", buffering=0) as file:
        file.truncate(old.nbytes)  # never below what a reader holds: each holds a state that was finished
        file.seek(old.nbytes)
        file.write(np.ascontiguousarray(new).data)
    return len(old) + len(new)


def _link(source: Path, target: Path) -> None:
    target.unlink(missing_ok=True)
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copyfile(source, target)


def _origin(directory: Path) -> tuple[int, int]:
    """Which file it is that every change lengthens. Its number is no other's for as long as somebody has it open."""
    stat = _file(directory, "latitude").stat()
    return stat.st_dev, stat.st_ino


def _write_counts(entries: Mapping[str, int], directory: Path) -> None:
    told = {"version": COLUMNS_VERSION, "needs": NEED_IDS, "entries": entries}
    (directory / "counts.json").write_text(json.dumps(told), "utf-8")


def _write_tables(tables: Tables, directory: Path) -> None:
    told = {
        "languages": tables.languages,
        "zones": tables.zones,
        "areas": [asdict(area) for area in tables.areas],
    }
    (directory / "tables.json").write_text(json.dumps(told), "utf-8")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as it was found, by whichever of its names."""

    path: Path = field(compare=False)
    device: int
    number: int
    changed: int
    size: int


@lru_cache(maxsize=4)
def _read_tables(file: _Seen) -> Tables:
    told = json.loads(file.path.read_text("utf-8"))
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
