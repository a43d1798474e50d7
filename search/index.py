"""The Whoosh index of one generation: writing documents, and reading posting lists into numpy. The only door to whoosh.

Whoosh 2.7.4, and never Searcher.refresh(): every later fork gives back deleted documents there. A new reader is opened
instead. Whoosh never fsyncs, so everything here can be rebuilt from SQL.
"""

import threading
import warnings
import weakref
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from resources_db.needs import NEEDS
from search.analyzer import Part, WeighedTerms, weighed
from search.errors import IndexUnavailableError
from search.rows import IndexRow

with warnings.catch_warnings():
    # whoosh 2.7.4 has string escapes that newer Pythons warn about when they compile it
    warnings.simplefilter("ignore")
    from whoosh import columns, fields, index
    from whoosh.reading import IndexReader
    from whoosh.util.filelock import FileLock, try_for

    from search import fast_postings

_NAME, _NEEDS, _ORGANIZATION, _DESCRIPTION, _ALSO = 3.0, 2.0, 1.5, 1.0, 1.0
_LOCK_SECONDS = 20.0
_CACHE_BYTES = 64 * 1024 * 1024
_ENTRY_BYTES = 500  # of a list beside its numbers: words that no listing has are kept too, and must not pile up
_BEGUN = 4_096  # begun words whose ends are remembered
_FIELD, _SLOT = "text", "slot"


@dataclass(frozen=True, slots=True)
class Postings:
    """Slots that hold a term, rising, and the weight of the term in each."""

    slots: NDArray[np.int32]
    weights: NDArray[np.float32]

    @property
    def size(self) -> int:
        return int(self.slots.nbytes + self.weights.nbytes) + _ENTRY_BYTES


NO_POSTINGS = Postings(np.zeros(0, np.int32), np.zeros(0, np.float32))


@contextmanager
def only_one(path: Path, *, wait: float) -> Iterator[bool]:
    """Holds a lock between processes; False when another has it. The system frees it when its process dies."""
    lock = FileLock(str(path))
    got = bool(try_for(lock.acquire, timeout=wait))
    try:
        yield got
    finally:
        if got:
            lock.release()


def create(directory: Path) -> None:
    """An empty index; nobody but us may read or write its directory."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    index.create_in(str(directory), _schema())


def commit_of(directory: Path) -> int:
    """The number of the last commit of an index; raises when there is none."""
    try:
        return int(index.open_dir(str(directory)).latest_generation())
    except Exception as error:  # whoosh raises many kinds for a damaged index; all mean the same to us
        raise IndexUnavailableError("cannot_open") from error


def write(directory: Path, documents: Iterable[tuple[int, IndexRow]], gone: Iterable[str] = ()) -> None:
    """Take services out by id and put documents in, in one commit."""
    try:
        writer = index.open_dir(str(directory)).writer(
            timeout=_LOCK_SECONDS, codec=fast_postings.BlockCodec(), compound=False
        )
        writer.pool = fast_postings.Pool()
    except Exception as error:  # whoosh raises many kinds for a damaged index; all mean the same to us
        raise IndexUnavailableError("cannot_write") from error
    try:
        for service_id in dict.fromkeys(gone):
            writer.delete_by_term("service", service_id)
        for slot, row in documents:
            writer.add_document(slot=slot, service=row.service_id, text=terms_of(row))
        writer.commit()
    except BaseException:
        with suppress(Exception):  # what went wrong first is what is told, not that tidying failed too
            writer.cancel()
        raise


class _Kept:
    """Decoded posting lists of this process, the least recently used ones given up first. Segments never change."""

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._held: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, key: tuple[str, str]) -> Postings | None:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def keep(self, key: tuple[str, str], found: Postings) -> None:
        with self._lock:
            if key not in self._held:
                self._held[key] = found
                self._size += found.size
            while self._size > self._most and len(self._held) > 1:
                self._size -= self._held.popitem(last=False)[1].size


_kept = _Kept(_CACHE_BYTES)


class _Segment:
    """Posting lists of one segment by slot. Those of taken-out listings stay in: their slots are not alive."""

    def __init__(self, leaf: IndexReader, name: str, before: "_Segment | None" = None) -> None:
        """`before`: the same segment as it was opened and proved before; its files never change."""
        self._leaf, self.name = leaf, name
        self.is_fast: bool = before.is_fast if before else fast_postings.is_right(leaf, _FIELD)
        self.slots: NDArray[np.int32] = before.slots if before else self._slots()

    def read(self, term: str) -> Postings:
        known = _kept.find((self.name, term))
        if known is not None:
            return known
        numbers, weights = self._fast(term) if self.is_fast else self._slow(term)
        found = Postings(*_by_slot(self.slots[numbers], weights))
        _kept.keep((self.name, term), found)
        return found

    def _fast(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        return fast_postings.read(self._leaf, _FIELD, term.encode("utf-8"))

    def _slow(self, term: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """The public way, a posting at a time."""
        numbers: list[int] = []
        weights: list[float] = []
        matcher = self._leaf.postings(_FIELD, term) if (_FIELD, term) in self._leaf else None
        while matcher is not None and matcher.is_active():
            numbers.append(matcher.id())
            weights.append(matcher.weight())
            matcher.next()
        return np.array(numbers, np.int32), np.array(weights, np.float32)

    def _slots(self) -> NDArray[np.int32]:
        if self.is_fast:
            return fast_postings.column(self._leaf, _SLOT)
        held = self._leaf.column_reader(_SLOT, translate=False)
        return np.array([held[number] for number in range(self._leaf.doc_count_all())], np.int32)


class TextIndex:
    """A reader of one commit. Safe for threads; opened anew in each process, since forks share a file's position."""

    def __init__(self, directory: Path, before: "TextIndex | None" = None) -> None:
        """`before`: an earlier commit; what it learnt of segments that are still there is taken over."""
        known = {segment.name: segment for segment in before.segments} if before else {}
        try:
            opened = index.open_dir(str(directory))
            self._reader: IndexReader = opened.reader()
            # an index without any document has a reader without a number
            self.commit = int(self._reader.generation() or opened.latest_generation())
            leaves = [leaf for leaf, _ in self._reader.leaf_readers() if leaf.doc_count_all()]
            named = [(leaf, str(leaf.segment().segment_id())) for leaf in leaves]
            self.segments: list[_Segment] = [_Segment(leaf, name, known.get(name)) for leaf, name in named]
        except Exception as error:
            raise IndexUnavailableError("cannot_open") from error
        weakref.finalize(self, self._reader.close)
        self._lock = threading.Lock()
        self._begun: dict[tuple[str, int], list[str]] = {}

    @property
    def documents(self) -> int:
        return int(self._reader.doc_count())

    @property
    def is_fast(self) -> bool:
        """Posting lists are read straight from the files; otherwise their format is not the one we know."""
        return all(segment.is_fast for segment in self.segments)

    def beginning_with(self, prefix: str, most: int = 20) -> list[str]:
        """Terms that begin with these letters, the common ones first."""
        with self._lock:
            found = self._begun.get((prefix, most))
            if found is None:
                found = [term.decode("utf-8") for term in self._reader.expand_prefix(_FIELD, prefix)]
                found.sort(key=lambda term: (-self._reader.doc_frequency(_FIELD, term), term))
                if len(self._begun) >= _BEGUN:
                    self._begun.clear()
                found = self._begun[prefix, most] = found[:most]
        return list(found)

    def postings(self, term: str) -> Postings:
        """Slots in rising order; some may not be alive any more."""
        try:
            with self._lock:
                parts = [segment.read(term) for segment in self.segments]
        except Exception as error:  # a file that lost pages: whoosh raises whatever it stumbles over
            raise IndexUnavailableError("words_unreadable") from error
        told = [part for part in parts if len(part.slots)]
        if len(told) < 2:
            return told[0] if told else NO_POSTINGS
        joined = np.concatenate([part.slots for part in told]), np.concatenate([part.weights for part in told])
        return Postings(*_by_slot(*joined))

    def close(self) -> None:
        self._reader.close()


def _by_slot(slots: NDArray[np.int32], weights: NDArray[np.float32]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    if np.all(slots[1:] > slots[:-1]):
        return slots, weights
    order = np.argsort(slots, kind="stable")
    return slots[order], weights[order]


def terms_of(row: IndexRow) -> dict[str, float]:
    """Everything of a listing that can be found by words. No street: a confidential one must not be guessable."""
    parts: list[Part] = [
        (_NAME, "en", row.name),
        (_ORGANIZATION, "en", row.organization),
        (_DESCRIPTION, "en", f"{row.description} {row.place_words}"),
    ]
    for weight, needs in ((_NEEDS, row.needs), (_ALSO, row.also_serves)):
        known = [NEEDS[need] for need in needs]
        parts.append((weight, "en", " ".join(need.label for need in known)))
        parts.append((weight, "es", " ".join(need.label_es for need in known)))
    return weighed(parts, f"{row.name} {row.organization}")


def _schema() -> "fields.Schema":
    return fields.Schema(
        slot=fields.COLUMN(columns.NumericColumn("i", default=-1)), service=fields.ID, text=WeighedTerms()
    )
