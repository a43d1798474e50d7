"""Rows of the import pages: a file on its way, an import of the past, its counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from i18n import formatting
from i18n.catalog import ngettext
from portal.curation import import_words
from resources_db.models.imports import ImportJob
from resources_db.vocab import ImportAction, ImportStage, ImportState

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.importers.queue import Look
    from resources_db.models.curation import ImportRun

TOLD: Final = (ImportAction.CREATE, ImportAction.UPDATE, ImportAction.WITHDRAW, ImportAction.SKIP)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file on its way, or one that waits for somebody."""

    id: str
    source: str
    file: str
    family: str
    drawing: str
    word: str
    when: str
    href: str


@dataclass(frozen=True, slots=True)
class RunRow:
    """An import with its report."""

    id: str
    source: str
    file: str
    family: str
    drawing: str
    word: str
    when: str
    counts: str
    may_undo: bool


@dataclass(frozen=True, slots=True)
class CountRow:
    """Records of one kind: the number for each action, in the order of the head."""

    kind: str
    label: str
    numbers: tuple[int, ...]


def file_row(look: Look, href: str, now: datetime) -> FileRow:
    """A file as the list shows it."""
    needs_columns = look.stage is ImportStage.FAILED and look.problem == import_words.COLUMNS_NEEDED
    family, drawing, words = import_words.NEEDS_COLUMNS if needs_columns else import_words.STAGES[look.stage]
    when = formatting.ago(look.created_at, now)
    return FileRow(str(look.id), look.source, look.file_name, family, drawing, str(words), when, href)


def run_row(run: ImportRun, now: datetime, *, may_undo: bool, file_name: str = "") -> RunRow:
    """An import as the list shows it; `file_name` as the person called the file."""
    family, drawing, words = import_words.RUNS[run.state]
    return RunRow(
        id=str(run.id),
        source=run.source,
        file=file_name or run.file_name,
        family=family,
        drawing=drawing,
        word=str(words),
        when=formatting.ago(run.applied_at or run.started_at, now),
        counts=in_words(run),
        may_undo=may_undo and run.state is ImportState.APPLIED,
    )


def names_of_files(session: Session, runs: Iterable[ImportRun]) -> dict[uuid.UUID, str]:
    """How people called the files of these imports. In the folder a file has a name of ours."""
    wanted = [run.id for run in runs]
    rows = session.execute(select(ImportJob.run_id, ImportJob.file_name).where(ImportJob.run_id.in_(wanted)))
    return {run_id: name for run_id, name in rows if run_id is not None}


def total(run: ImportRun, action: ImportAction) -> int:
    """Records of all kinds with one action."""
    return sum(counts.get(action.value, 0) for counts in objects(run).values())


def errors(run: ImportRun) -> int:
    """Rows left out, all of them: more than the report lists, where there are very many."""
    counted = run.counts.get("errors")
    listed = sum(isinstance(one, dict) and one.get("severity") == "error" for one in run.problems)
    return sum(counted.values()) if isinstance(counted, dict) else listed


def in_words(run: ImportRun) -> str:
    """`120 new, 3 changed, 2 errors`; what is none is not named."""
    new, changed = total(run, ImportAction.CREATE), total(run, ImportAction.UPDATE)
    gone, wrong = total(run, ImportAction.WITHDRAW), errors(run)
    shown = formatting.number
    parts = [
        (new, ngettext("%(num)s new", "%(num)s new", new, num=shown(new))),
        (changed, ngettext("%(num)s changed", "%(num)s changed", changed, num=shown(changed))),
        (gone, ngettext("%(num)s withdrawn", "%(num)s withdrawn", gone, num=shown(gone))),
        (wrong, ngettext("%(num)s error", "%(num)s errors", wrong, num=shown(wrong))),
    ]
    return ", ".join(words for number, words in parts if number)


def count_rows(run: ImportRun) -> list[CountRow]:
    """Each kind of record with its numbers."""
    actions = (*TOLD, ImportAction.SAME)
    return [
        CountRow(kind, import_words.kind(kind), tuple(counts.get(action.value, 0) for action in actions))
        for kind, counts in objects(run).items()
    ]


def objects(run: ImportRun) -> dict[str, dict[str, int]]:
    """Per kind of record and action, as it was counted."""
    found = run.counts.get("objects")
    return found if isinstance(found, dict) else {}
