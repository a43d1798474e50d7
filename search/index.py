"""The Whoosh index of one generation: writing documents, and reading posting lists into numpy. The only door to whoosh.

Whoosh 2.7.4, and never Searcher.refresh(): every later fork gives back deleted documents there. A new reader is opened
instead. Whoosh never fsyncs, so everything here can be rebuilt from SQL.
"""

import threading
import warnings
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from resources_db.needs import NEEDS
from search.analyzer import ListingAnalyzer, Part, parts_to_text
from search.errors import IndexUnavailableError
from search.rows import IndexRow

with warnings.catch_warnings():
    # whoosh 2.7.4 has string escapes that newer Pythons warn about when they compile it
    warnings.simplefilter("ignore")
    import whoosh.codec.whoosh3  # noqa: F401  # whoosh would load it late, outside of this block
    from whoosh import fields, index
    from whoosh.reading import IndexReader
    from whoosh.util.filelock import FileLock, try_for

_NAME, _NEEDS, _ORGANIZATION, _DESCRIPTION, _ALSO = 3.0, 2.0, 1.5, 1.0, 1.0
_LOCK_SECONDS = 20.0
_CACHE_BYTES = 128 * 1024 * 1024
_FIELD = "text"


@dataclass(frozen=True, slots=True)
class Postings:
    """Slots that hold a term, rising, and the weight of the term in each."""

    slots: NDArray[np.int32]
    weights: NDArray[np.float32]

    @property
    def size(self) -> int:
        return int(self.slots.nbytes + self.weights.nbytes)


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
        writer = index.open_dir(str(directory)).writer(timeout=_LOCK_SECONDS)
    except Exception as error:  # whoosh raises many kinds for a damaged index; all mean the same to us
        raise IndexUnavailableError("cannot_write") from error
    try:
        for service_id in dict.fromkeys(gone):
            writer.delete_by_term("service", service_id)
        for slot, row in documents:
            writer.add_document(slot=slot, service=row.service_id, text=text_of(row))
        writer.commit()
    except BaseException:
        with suppress(Exception):  # what went wrong first is what is told, not that tidying failed too
            writer.cancel()
        raise


class TextIndex:
    """A reader of one commit. Safe for threads; dies with its snapshot."""

    def __init__(self, directory: Path) -> None:
        try:
            opened = index.open_dir(str(directory))
            self._reader: IndexReader = opened.reader()
            # an index without any document has a reader without a number
            self.commit = int(self._reader.generation() or opened.latest_generation())
            self._slot_of = self._slots()
        except Exception as error:
            raise IndexUnavailableError("cannot_open") from error
        self._cache: OrderedDict[str, Postings] = OrderedDict()
        self._held = 0
        self._lock = threading.Lock()

    @property
    def documents(self) -> int:
        return int(self._reader.doc_count())

    def has(self, term: str) -> bool:
        with self._lock:
            return (_FIELD, term) in self._reader

    def beginning_with(self, prefix: str, most: int = 20) -> list[str]:
        """Terms that begin with these letters, the common ones first."""
        with self._lock:
            found = [term.decode("utf-8") for term in self._reader.expand_prefix(_FIELD, prefix)]
            found.sort(key=lambda term: (-self._reader.doc_frequency(_FIELD, term), term))
        return found[:most]

    def postings(self, term: str) -> Postings:
        """Decoded once, then kept while there is room."""
        with self._lock:
            known = self._cache.get(term)
            if known is not None:
                self._cache.move_to_end(term)
                return known
            try:
                found = self._decode(term)
            except Exception as error:  # a file that lost pages: whoosh raises whatever it stumbles over
                raise IndexUnavailableError("words_unreadable") from error
            self._keep(term, found)
            return found

    def close(self) -> None:
        self._reader.close()

    def _decode(self, term: str) -> Postings:
        if (_FIELD, term) not in self._reader:
            return NO_POSTINGS
        matcher = self._reader.postings(_FIELD, term)
        numbers: list[int] = []
        weights: list[float] = []
        while matcher.is_active():
            numbers.append(matcher.id())
            weights.append(matcher.weight())
            matcher.next()
        slots = self._slot_of[np.asarray(numbers, np.int64)]
        order = np.argsort(slots, kind="stable")
        return Postings(slots[order], np.asarray(weights, np.float32)[order])

    def _keep(self, term: str, found: Postings) -> None:
        self._cache[term] = found
        self._held += found.size
        while self._held > _CACHE_BYTES and len(self._cache) > 1:
            self._held -= self._cache.popitem(last=False)[1].size

    def _slots(self) -> NDArray[np.int32]:
        """Document number -> slot of the columns; documents are renumbered by merges, slots are not."""
        slots = np.full(self._reader.doc_count_all(), -1, np.int32)
        for number in self._reader.all_doc_ids():
            stored: Mapping[str, int] = self._reader.stored_fields(number)
            slots[number] = stored["slot"]
        return slots


def text_of(row: IndexRow) -> str:
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
    return parts_to_text(parts, f"{row.name} {row.organization}")


def _schema() -> "fields.Schema":
    return fields.Schema(
        slot=fields.STORED,
        service=fields.ID,
        text=fields.TEXT(analyzer=ListingAnalyzer(), phrase=False, stored=False),
    )
