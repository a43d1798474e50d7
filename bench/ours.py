"""Our engine as the portal uses it: `ask` finds, counts and orders; `whole` also reads the words and tells reasons."""

from pathlib import Path

from bench.corpus import NOW
from bench.work import Reading, Reply
from search import answering, column_files, columns, index
from search.answer import SearchAnswer
from search.columns import NEED_NUMBER
from search.index import TextIndex
from search.rows import IndexRow
from search.snapshot import Snapshot


class Ours:
    name = "ours"
    ordered_alike = True

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot

    def ask(self, reading: Reading) -> Reply:
        picked = answering.pick(self.snapshot, reading.asked, reading.criteria, NOW, widen=False)
        return Reply(
            total=len(picked.rows),
            open_now=picked.facets.open_now,
            needs={NEED_NUMBER[need]: count for need, count in picked.facets.need.items()},
            page=tuple(picked.looked.part.rows[picked.page].tolist()),
        )

    def whole(self, reading: Reading) -> SearchAnswer:
        return answering.answer(self.snapshot, reading.criteria, NOW)


def build(rows: list[IndexRow], directory: Path) -> None:
    index.create(directory / "words")
    index.write(directory / "words", enumerate(rows))
    column_files.save(columns.build(rows), directory / "columns")


def load(directory: Path) -> Snapshot:
    return Snapshot(column_files.load(directory / "columns"), TextIndex(directory / "words"))
