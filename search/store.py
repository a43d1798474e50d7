"""Where an index lives on disk: generations beside each other, a manifest each, and the name of the current one.

current                 "g000002"
g000002/manifest.json   which columns, which commit of the words, up to which change, versions
g000002/manifest.next   what the manifest becomes once the words are committed: a writer that died in between is made up
g000002/words/          the Whoosh index
g000002/c000005/        columns
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from search import column_files, heir, index
from search.analyzer import ANALYZER_VERSION
from search.columns import COLUMNS_VERSION
from search.errors import IndexUnavailableError
from search.index import TextIndex
from search.snapshot import Snapshot

_GENERATION = re.compile(r"g\d{6}")
_OPENED_AGAIN = 20  # a writer may commit between two of our looks


@dataclass(frozen=True, slots=True)
class Manifest:
    """`seen` are the last change numbers taken in: a change may be committed after one with a higher number."""

    columns: str
    words: int
    applied_seq: int
    seen: tuple[int, ...]
    hours_from: int
    rows: int
    built: int
    analyzer_version: int = ANALYZER_VERSION
    columns_version: int = COLUMNS_VERSION

    def of(self, columns_name: str, words: int) -> "Manifest":
        return replace(self, columns=columns_name, words=words)

    def after(self, columns_name: str, words: int, applied: int, seen: tuple[int, ...], rows: int) -> "Manifest":
        """The same index some changes later."""
        return replace(self, columns=columns_name, words=words, applied_seq=applied, seen=seen, rows=rows)


@dataclass(frozen=True, slots=True)
class Report:
    """What the writers of this host did last, for the operator; times are ISO texts, results are codes."""

    rebuilding: bool = False
    done: int = 0
    total: int = 0
    rebuilt_at: str = ""
    result: str = ""
    listings: int = 0
    seconds: float = 0.0
    failures: int = 0
    checked_at: str = ""
    indexed: int = 0
    in_sql: int = 0
    differing: int = 0


@dataclass(frozen=True, slots=True)
class Generation:
    directory: Path

    @property
    def name(self) -> str:
        return self.directory.name

    @property
    def words(self) -> Path:
        return self.directory / "words"

    def manifest(self, commit: int | None = None) -> Manifest:
        """The state that belongs to the words as committed; raises IndexUnavailableError when there is none."""
        wanted = index.commit_of(self.words) if commit is None else commit
        read = [manifest for manifest in (self._read("manifest.json"), self._read("manifest.next")) if manifest]
        if not read:
            raise IndexUnavailableError("no_manifest")
        fitting = next((manifest for manifest in read if manifest.words == wanted), None)
        if fitting is None:
            raise IndexUnavailableError("half_written")
        if (fitting.analyzer_version, fitting.columns_version) != (ANALYZER_VERSION, COLUMNS_VERSION):
            raise IndexUnavailableError("another_version")
        return fitting

    @property
    def is_settled(self) -> bool:
        """No writer died between its commit and its last word."""
        return not (self.directory / "manifest.next").exists()

    def settle(self) -> Manifest:
        """Finish what a writer that died had committed; only the holder of the writers' lock may."""
        manifest = self.manifest()
        if manifest != self._read("manifest.json"):
            self.write_manifest(manifest)
        (self.directory / "manifest.next").unlink(missing_ok=True)
        return manifest

    def promise(self, manifest: Manifest) -> None:
        """What will be true when the words are committed."""
        _replace(self.directory / "manifest.next", json.dumps(asdict(manifest)))

    def keep_promise(self) -> None:
        (self.directory / "manifest.next").replace(self.directory / "manifest.json")

    def write_manifest(self, manifest: Manifest) -> None:
        _replace(self.directory / "manifest.json", json.dumps(asdict(manifest)))

    def open(self, before: "Opened | None" = None) -> "Opened":
        """What may be answered from; raises IndexUnavailableError when it is damaged.

        `before`: a state that was opened earlier; what it worked out and still holds is taken over.
        """
        for _ in range(_OPENED_AGAIN):
            text = TextIndex(self.words, before.text if before else None)
            try:
                manifest = self.manifest(text.commit)
                held = column_files.load(self.directory / manifest.columns)
            except IndexUnavailableError:
                if index.commit_of(self.words) == text.commit:
                    raise
                continue  # a writer was quicker: what belongs to these words is gone already
            if held.living != manifest.rows:
                raise IndexUnavailableError("rows_do_not_fit")
            snapshot = Snapshot(held, text, self.name, manifest.applied_seq)
            if before is not None:
                heir.take_over(before.snapshot, snapshot)
            return Opened(snapshot, text, manifest)
        raise IndexUnavailableError("always_being_written")

    def next_columns(self) -> str:
        taken = [int(path.name[1:]) for path in self.directory.glob("c??????")]
        return f"c{max(taken, default=0) + 1:06d}"

    def forget_columns(self, *kept: str) -> None:
        for path in self.directory.glob("c??????"):
            if path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)

    def size(self) -> int:
        """Bytes on disk."""
        found = 0
        for path in self.directory.rglob("*"):
            try:
                found += path.stat().st_size
            except OSError:  # gone while we looked
                continue
        return found

    def remove(self) -> None:
        shutil.rmtree(self.directory, ignore_errors=True)

    def _read(self, name: str) -> Manifest | None:
        try:
            read = json.loads((self.directory / name).read_text("utf-8"))
            return Manifest(**{**read, "seen": tuple(read["seen"])})
        except (OSError, ValueError, TypeError, KeyError):
            return None


@dataclass(frozen=True, slots=True)
class Opened:
    """A state of an index ready to answer, and what its manifest says."""

    snapshot: Snapshot
    text: TextIndex
    manifest: Manifest


class Store:
    """The directory of one host's index; nobody but its owner may look inside."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def make(self) -> None:
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.directory.stat().st_mode & 0o777 != 0o700:
            self.directory.chmod(0o700)

    @property
    def lock(self) -> Path:
        """Held for each write."""
        return self.directory / "lock"

    @property
    def rebuild_lock(self) -> Path:
        """Held while a generation is built beside; changes go on being taken into the current one."""
        return self.directory / "rebuild.lock"

    @property
    def turn(self) -> Path:
        """Held by the one process of this host that follows the database."""
        return self.directory / "indexer.lock"

    def ask_for_rebuild(self) -> None:
        """Whoever follows the database here builds the index anew at its next look."""
        self.make()
        (self.directory / "rebuild.asked").touch()

    @property
    def is_asked(self) -> bool:
        return (self.directory / "rebuild.asked").exists()

    def take_ask(self) -> bool:
        """Whether somebody asked for a rebuild since the last time."""
        try:
            (self.directory / "rebuild.asked").unlink()
        except FileNotFoundError:
            return False
        return True

    def tell(self, report: Report) -> None:
        """Leave a report for the status page; a full disk keeps no work from being done."""
        with suppress(OSError):
            _replace(self.directory / "report.json", json.dumps(asdict(report)), safe=False)

    def report(self) -> Report:
        try:
            return Report(**json.loads((self.directory / "report.json").read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return Report()

    def signature(self) -> tuple[int, ...]:
        """Changes whenever another snapshot is to be read."""
        found: list[int] = []
        for path in (self.directory / "current", self.current().directory / "manifest.json"):
            try:
                stat = path.stat()
            except OSError:
                found.append(0)
            else:
                found += [stat.st_mtime_ns, stat.st_ino]
        return tuple(found)

    def generations(self) -> Iterator[Generation]:
        """The current one, then the older ones: a damaged index is answered for by the one before."""
        current = self.current()
        yield current
        for path in sorted(self.directory.glob("g??????"), reverse=True):
            if path != current.directory:
                yield Generation(path)

    def new(self) -> Generation:
        """An empty generation; what an earlier try left unfinished is removed. Under the rebuilders' lock."""
        current = self.current()
        for path in self.directory.glob("g??????"):
            if path != current.directory and not (path / "manifest.json").exists():
                shutil.rmtree(path, ignore_errors=True)
        taken = [int(path.name[1:]) for path in self.directory.glob("g??????")]
        generation = Generation(self.directory / f"g{max(taken, default=0) + 1:06d}")
        generation.directory.mkdir(mode=0o700)
        index.create(generation.words)
        return generation

    def make_current(self, generation: Generation) -> None:
        before = self.current()
        _replace(self.directory / "current", generation.name)
        for path in self.directory.glob("g??????"):
            if path not in {generation.directory, before.directory}:
                shutil.rmtree(path, ignore_errors=True)

    def current(self) -> Generation:
        try:
            name = (self.directory / "current").read_text("ascii").strip()
        except (OSError, ValueError):
            name = ""
        return Generation(self.directory / (name if _GENERATION.fullmatch(name) else "g000000"))


def _replace(path: Path, text: str, *, safe: bool = True) -> None:
    """Whole or not at all, also when the power goes (if `safe`)."""
    beside = path.with_suffix(".writing")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            if safe:
                os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
