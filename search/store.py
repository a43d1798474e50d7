"""Where an index lives on disk: generations beside each other, a manifest each, and the name of the current one.

current                 "g000002"
g000002/manifest.json   which columns, up to which change, versions; replaced as the last step of every write
g000002/words/          the Whoosh index
g000002/c000005/        columns
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from search import columns, index
from search.analyzer import ANALYZER_VERSION
from search.columns import COLUMNS_VERSION
from search.errors import IndexUnavailableError
from search.index import TextIndex
from search.snapshot import Snapshot

_GENERATION = re.compile(r"g\d{6}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """`seen` are the last change numbers taken in: a change may be committed after one with a higher number."""

    columns: str
    applied_seq: int
    seen: tuple[int, ...]
    hours_from: int
    rows: int
    analyzer_version: int = ANALYZER_VERSION
    columns_version: int = COLUMNS_VERSION


@dataclass(frozen=True, slots=True)
class Generation:
    directory: Path

    @property
    def words(self) -> Path:
        return self.directory / "words"

    def manifest(self) -> Manifest:
        """Raises IndexUnavailableError when it cannot be read or was written by another version."""
        try:
            read = json.loads((self.directory / "manifest.json").read_text("utf-8"))
            manifest = Manifest(**{**read, "seen": tuple(read["seen"])})
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise IndexUnavailableError("no_manifest") from error
        if (manifest.analyzer_version, manifest.columns_version) != (ANALYZER_VERSION, COLUMNS_VERSION):
            raise IndexUnavailableError("another_version")
        return manifest

    def write_manifest(self, manifest: Manifest) -> None:
        _replace(self.directory / "manifest.json", json.dumps(asdict(manifest)))

    def open(self) -> Snapshot:
        manifest = self.manifest()
        held = columns.load(self.directory / manifest.columns)
        text = TextIndex(self.words)
        if held.living != manifest.rows:
            raise IndexUnavailableError("rows_do_not_fit")
        return Snapshot(held, text, self.directory.name, manifest.applied_seq)

    def next_columns(self) -> str:
        taken = [int(path.name[1:]) for path in self.directory.glob("c??????")]
        return f"c{max(taken, default=0) + 1:06d}"

    def forget_columns(self, keep: int = 2) -> None:
        for path in sorted(self.directory.glob("c??????"))[:-keep]:
            shutil.rmtree(path, ignore_errors=True)


class Store:
    """The directory of one host's index; nobody but its owner may look inside."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def make(self) -> None:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.directory.chmod(0o700)

    @property
    def lock(self) -> Path:
        return self.directory / "lock"

    def signature(self) -> tuple[int, ...]:
        """Changes whenever another snapshot is to be read."""
        found: list[int] = []
        for path in (self.directory / "current", self._current().directory / "manifest.json"):
            try:
                stat = path.stat()
            except OSError:
                found.append(0)
            else:
                found += [stat.st_mtime_ns, stat.st_ino]
        return tuple(found)

    def generations(self) -> Iterator[Generation]:
        """The current one, then the older ones: a damaged index is answered for by the one before."""
        current = self._current()
        yield current
        for path in sorted(self.directory.glob("g??????"), reverse=True):
            if path != current.directory:
                yield Generation(path)

    def new(self) -> Generation:
        taken = [int(path.name[1:]) for path in self.directory.glob("g??????")]
        generation = Generation(self.directory / f"g{max(taken, default=0) + 1:06d}")
        generation.directory.mkdir(mode=0o700)
        index.create(generation.words)
        return generation

    def make_current(self, generation: Generation) -> None:
        before = self._current()
        _replace(self.directory / "current", generation.directory.name)
        for path in self.directory.glob("g??????"):
            if path not in {generation.directory, before.directory}:
                shutil.rmtree(path, ignore_errors=True)

    def _current(self) -> Generation:
        try:
            name = (self.directory / "current").read_text("ascii").strip()
        except (OSError, ValueError):
            name = ""
        return Generation(self.directory / (name if _GENERATION.fullmatch(name) else "g000000"))


def _replace(path: Path, text: str) -> None:
    """Whole or not at all, also when the power goes."""
    beside = path.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
