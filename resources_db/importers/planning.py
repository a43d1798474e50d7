"""Plans an import: open, read, check, work out, link, hide, compare, kind by kind and some thousand records at a time.

Nothing is written to the directory, and nothing grows with the file but the scratch store on disk.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from resources_db.hsds.fields import OBJECTS
from resources_db.importers import derive, doubled, formats, identity, linking, placeholders, stamp
from resources_db.importers.batch import Batch
from resources_db.importers.changes import Changes
from resources_db.importers.checked import check
from resources_db.importers.compare import Comparing
from resources_db.importers.hiding import Hider
from resources_db.importers.mapping import FileMapping
from resources_db.importers.missing import Missing
from resources_db.importers.notes import Notes
from resources_db.importers.problems import Problems
from resources_db.importers.records import Problem, Severity
from resources_db.vocab import ImportAction

Progress = Callable[[str, int, int | None], None]
"""Told the step (reading, working_out, comparing, keeping, writing), how many records it has done, and of how many."""

MOST_ERRORS, MOST_WITHDRAWN = 0.20, 0.10


def quiet(_step: str, _done: int, _total: int | None) -> None:
    """Progress for nobody."""


@dataclass(slots=True)
class Plan:
    """What an import would do, and everything a person should see first. Close it when it is kept or refused."""

    source: str
    format: str
    file_name: str
    file_hash: str
    batch: Batch
    changes: Changes
    stamp: str
    """How the directory stood when this was planned (stamp.py)."""
    missing: int = 0
    mapping: dict[str, object] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        return self.batch.rows

    @property
    def problems(self) -> Problems:
        return self.batch.problems

    @property
    def errors(self) -> list[Problem]:
        """The first thousand."""
        return [problem for problem in self.problems if problem.severity == Severity.ERROR]

    def counts(self) -> dict[str, dict[str, int]]:
        """Per object and action."""
        counted: dict[str, dict[str, int]] = defaultdict(dict)
        for (kind, action), count in self.changes.counted.items():
            counted[kind][action.value] = count
        return {kind: counted[kind] for kind in OBJECTS if kind in counted}

    def total(self, action: ImportAction) -> int:
        """Records of the standard with this action."""
        return sum(count for (kind, one), count in self.changes.counted.items() if one == action and kind in OBJECTS)

    @property
    def needs_second_look(self) -> bool:
        """More than a fifth of the rows wrong, or more than a tenth of the source withdrawn."""
        actions: Counter[ImportAction] = Counter()
        for (kind, action), count in self.changes.counted.items():
            actions[action] += count if kind in OBJECTS else 0
        standing = actions.total() - actions[ImportAction.CREATE]
        errors = sum(self.problems.counts(Severity.ERROR).values())
        many = actions[ImportAction.WITHDRAW] > MOST_WITHDRAWN * max(standing, 10)
        return many or errors > MOST_ERRORS * max(self.rows, 1)

    def close(self) -> None:
        """Throw the scratch store away."""
        self.batch.close()


@dataclass(frozen=True, slots=True)
class Wish:
    """How a person wants a file to be read."""

    source: str = ""
    format_name: str = ""
    mapping: FileMapping | None = None
    full: bool = False
    placeholders: bool = False
    keep_notes: bool = False


def plan(session: Session, path: Path, wish: Wish, *, progress: Progress = quiet, scratch: Path | None = None) -> Plan:
    """Read and compare, write nothing. Raises RefusedFileError, UnknownFormatError; `scratch` is a folder."""
    opened = formats.open_input(path, format_name=wish.format_name, mapping=wish.mapping)
    source = wish.source or (wish.mapping.source if wish.mapping else path.stem)
    batch = Batch(scratch)
    try:
        stamped = stamp.of(session)
        check(batch, opened.reader.read(), lambda count: progress("reading", count, None))
        doubled.tell(batch)
        batch.on_part = _counting(progress, "working_out", None)
        derive.derive(batch)
        batch.on_part = _counting(progress, "comparing", batch.rows)
        planned = Plan(
            source, opened.reader.name, path.name, opened.source.hash(), batch, Changes(batch.store), stamped
        )
        planned.mapping = dict(wish.mapping.raw) if wish.mapping else {}
        _compare(session, planned, wish, parts=opened.reader.complete_parts)
    except BaseException:
        batch.close()
        raise
    return planned


def _counting(progress: Progress, step: str, total: int | None) -> Callable[[int], None]:
    done = 0

    def on_part(count: int) -> None:
        nonlocal done
        done += count
        progress(step, done, total)

    return on_part


def _compare(session: Session, planned: Plan, wish: Wish, *, parts: bool) -> None:
    batch, changes = planned.batch, planned.changes
    references = identity.References(session, batch, planned.source)
    if wish.placeholders:
        placeholders.stand_in(batch, references)
    identity.settle(session, batch, planned.source)
    comparing = Comparing(session, planned.source)
    hider = Hider(session, batch, changes)
    missing = Missing(session, batch, changes, planned.source, full=wish.full, parts=parts)
    for kind in OBJECTS.values():
        for records in batch.of(kind.name):
            linked = linking.link(references, batch, kind, records)
            rows = comparing.rows(kind, linked)
            for change in comparing.compare(kind, hider.hide(linked, rows), rows):
                changes.add(change)
        missing.look(kind)
    planned.missing = missing.count
    Notes(session, batch, changes, planned.source).add(everything=wish.keep_notes)


def told(planned: Plan) -> Mapping[str, object]:
    """The counts of a plan, as a run keeps them."""
    private = planned.problems.counts(Severity.WARNING)
    kept: Counter[str] = Counter()
    for change in planned.changes:
        if change.kept:
            kept[change.kind] += 1
    return {
        "rows": planned.rows,
        "objects": planned.counts(),
        "warnings": private,
        "errors": planned.problems.counts(Severity.ERROR),
        "missing": planned.missing,
        "kept": dict(kept),
        "second_look": planned.needs_second_look,
    }
