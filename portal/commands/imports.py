"""`handrail import`: read a directory file, show what would change, apply it; the rules are in importers."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypedDict, Unpack

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from portal import startup, wiring
from portal.config import Settings
from resources_db import migrate
from resources_db.importers import base, formats, mapping, queue, undo
from resources_db.importers.files import RefusedFileError
from resources_db.importers.keeping import keep
from resources_db.importers.records import Severity
from resources_db.importers.turn import my_turn
from resources_db.models.curation import ImportRun
from resources_db.tenancy import system
from resources_db.vocab import ActorKind, ImportAction

if TYPE_CHECKING:
    import uuid

    from portal.wiring import Runtime
    from resources_db.importers.base import Plan
    from resources_db.importers.records import Problem

console = Console()
REFUSED = {
    "not_found": "There is no such file or folder.",
    "too_large": "This is larger than an import may be (200 MB, unpacked 1 GB).",
    "too_many_files": "This zip holds more than 200 files.",
    "too_many_rows": "This file has more than 1,000,000 rows.",
    "too_many_columns": "This file has more than 1,000 columns.",
    "zip_bomb": "This zip unpacks to far more than it should. Nothing was unpacked.",
    "path_outside": "This zip names files outside its own folder. Nothing was unpacked.",
    "symlink": "This zip holds links to other files. Nothing was unpacked.",
    "bad_zip": "This zip is damaged. Nothing was unpacked.",
    "encrypted": "This zip is locked with a password.",
    "nested_archive": "This zip holds another archive. Unpack it first.",
    "old_spreadsheet": "This kind of spreadsheet is not read. Save it as XLSX or CSV and import that.",
    "bad_spreadsheet": "This spreadsheet cannot be opened. Save it as CSV and import that.",
    "huge_cell": "A cell of this file is far too long, or a quote was never closed. Nothing was read.",
    "sheet_too_wide": "This spreadsheet has cells very far out. Save the part with the data as CSV and import that.",
    "mapping_needed": "This CSV needs a mapping file: --mapping FILE (see docs/import-mapping.md).",
    "unknown_format": "This is neither an HSDS package, nor HSDS JSON, nor a CSV file.",
}
SHOWN_PROBLEMS = 3
SEVERITIES = (
    (Severity.ERROR, "Records that were left out", "red"),
    (Severity.WARNING, "To look over", "yellow"),
)
MOST_PLANS = 3
TOLD_EVERY = 0.1
ACTOR = system(kind=ActorKind.IMPORT)
STEPS = {
    "waiting": "waiting for another import",
    "working_out": "working out hours, places and needs",
    "keeping": "writing the plan down",
}
Telling: TypeAlias = Callable[[str, int, int | None], None]


class _Asked(TypedDict):
    """How the file is to be read, as the options say."""

    format_name: str | None
    source: str
    mapping_path: Path | None
    full: bool
    placeholders: bool
    keep_notes: bool


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.argument("run", required=False)
@click.option(
    "--format", "format_name", type=click.Choice(formats.FORMATS), default=None, help="Found out if not given."
)
@click.option("--source", default="", help="Whose data this is; the file's name if not given.")
@click.option("--mapping", "mapping_path", type=click.Path(exists=True, path_type=Path), help="For a CSV of any shape.")
@click.option("--full", is_flag=True, help="The file is complete: withdraw what this source no longer has.")
@click.option("--placeholders", is_flag=True, help="Stand in for organizations that are named but missing.")
@click.option("--keep-notes", is_flag=True, help="Keep internal notes of the source for the directory team.")
@click.option("--dry-run", is_flag=True, help="Show what would change, change nothing.")
@click.option("--yes", is_flag=True, help="Apply even when many rows are wrong or withdrawn.")
def import_(path: Path, run: str | None, dry_run: bool, yes: bool, **wish: Unpack[_Asked]) -> None:
    """Read a directory: an HSDS folder or zip, HSDS JSON, or any CSV with a mapping file.

    `handrail import undo RUN` takes one of the last ten imports back.
    """
    runtime = wiring.build(Settings.from_env())
    try:
        _ready(runtime)
        if run is not None:
            _undo(runtime, path, run)
        else:
            _run(runtime, path, wish, dry_run=dry_run, yes=yes)
    except (RefusedFileError, formats.UnknownFormatError) as refusal:
        raise click.ClickException(REFUSED.get(refusal.code, refusal.code)) from None
    except mapping.BadMappingError as refusal:
        raise click.ClickException(f"The mapping cannot be used. {refusal}") from None
    finally:
        runtime.close()


def _ready(runtime: Runtime) -> None:
    if runtime.settings.demo:
        startup.upgrade(runtime)
    else:
        migrate.require_head(runtime.database.engine)


def _run(runtime: Runtime, path: Path, wish: _Asked, *, dry_run: bool, yes: bool) -> None:
    with _bar() as bar:
        told = _telling(bar)
        with my_turn(runtime.database, runtime.settings.imports_dir, lambda: told("waiting", 0, None)):
            run_id = _read(runtime, path, wish, told)
            if not dry_run and _may(run_id, runtime, yes=yes):
                _apply(runtime, path, wish, run_id, told)
    if dry_run:
        console.print("Nothing was changed. Leave out --dry-run to apply this.")


def _read(runtime: Runtime, path: Path, wish: _Asked, told: Telling) -> uuid.UUID:
    """Plan, report, keep the plan."""
    with runtime.database.reading(ACTOR) as session:
        planned = base.plan(
            session,
            path,
            source=wish["source"],
            format_name=wish["format_name"] or "",
            mapping=mapping.load(wish["mapping_path"]) if wish["mapping_path"] else None,
            full=wish["full"],
            placeholders=wish["placeholders"],
            keep_notes=wish["keep_notes"],
            progress=told,
            scratch=runtime.settings.imports_dir,
        )
    try:
        _report(planned)
        return keep(runtime.database, planned, actor=ACTOR, now=runtime.clock.now(), progress=told)
    finally:
        planned.close()


def _may(run_id: uuid.UUID, runtime: Runtime, *, yes: bool) -> bool:
    with runtime.database.reading(ACTOR) as session:
        if session.get_one(ImportRun, run_id).counts["second_look"] and not yes:
            raise click.ClickException("Many rows are wrong, or many records would go. Look again, then add --yes.")
    return True


def _apply(runtime: Runtime, path: Path, wish: _Asked, run_id: uuid.UUID, told: Telling) -> None:
    """Write it all at once. When the directory changed since the plan was made, plan again."""
    for _try in range(MOST_PLANS):
        with runtime.database.writing(ACTOR) as session, session.begin():
            run = session.get_one(ImportRun, run_id)
            if base.apply_if_current(session, run, now=runtime.clock.now(), progress=told):
                console.print(f"Applied as one change. Source: {run.source}.")
                console.print(f"To take it back: handrail import undo {run_id}")
                return
            base.forget(session, run)
        console.print("The directory changed meanwhile. It is compared again.")
        run_id = _read(runtime, path, wish, told)
    raise click.ClickException("The directory keeps changing. Nothing was written; try again when it is quiet.")


def _undo(runtime: Runtime, verb: Path, run: str) -> None:
    if verb.name != "undo":
        raise click.UsageError("Name one file, folder or zip. To take an import back: handrail import undo RUN")
    turn = my_turn(runtime.database, runtime.settings.imports_dir)
    with turn, runtime.database.writing(ACTOR) as session, session.begin(), console.status("Writing"):
        found = [one for one in queue.may_undo(session) if str(one).startswith(run.lower())]
        if len(found) != 1:
            raise click.ClickException("No such import among the last ten that stand. See /curation/imports.")
        done = undo.rollback(session, found[0], now=runtime.clock.now())
    console.print(f"Taken back: {done.restored:,} records restored, {done.removed:,} removed.")
    if done.left:
        console.print(f"{done.left:,} records were left alone, because they changed since.")


def _telling(bar: Progress) -> Telling:
    """A line of progress; more often than ten times a second nobody can read it."""
    task = bar.add_task("reading", total=None, amount="0")
    last = [0.0]

    def told(step: str, done: int, total: int | None) -> None:
        if time.monotonic() - last[0] > TOLD_EVERY:
            last[0] = time.monotonic()
            amount = f"{done:,} of {total:,}" if total else f"{done:,}"
            bar.update(task, description=STEPS.get(step, step), completed=done, total=total, amount=amount)

    return told


def _bar() -> Progress:
    amount = TextColumn("{task.fields[amount]} records")
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), amount, TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True)


def _report(planned: Plan) -> None:
    actions = [action for action in ImportAction if action != ImportAction.ERROR]
    table = Table(title=f"{planned.file_name}: {planned.rows:,} records as {planned.format}")
    table.add_column("object")
    for action in actions:
        table.add_column(action.value, justify="right")
    for kind, counts in planned.counts().items():
        table.add_row(kind, *(f"{counts.get(action.value, 0):,}" for action in actions))
    total = (f"{planned.total(action):,}" for action in actions)
    table.add_section()
    table.add_row("all", *total)
    console.print(table)
    if planned.missing:
        console.print(f"{planned.missing:,} records of this source are not in the file.")
    _problems(planned)


def _problems(planned: Plan) -> None:
    """What was wrong once, then where it stands: the mistakes first, then what to look over."""
    examples: dict[tuple[Severity, str], list[Problem]] = defaultdict(list)
    for problem in planned.problems:
        found = examples[problem.severity, problem.code]
        if len(found) < SHOWN_PROBLEMS:
            found.append(problem)
    for severity, title, style in SEVERITIES:
        counts = planned.problems.counts(severity)
        if counts:
            console.print(f"{title}: {sum(counts.values()):,}", style=style)
        for code, count in counts.items():
            found = examples[severity, code]
            console.print(escape(f"  {count:,} × {found[0].message} [{code}]"), style=style)
            for problem in found:
                console.print(escape(f"      {_place(problem)}"), style=style)


def _place(problem: Problem) -> str:
    """File, line, column and what stood there."""
    where = problem.where
    place = f"{where.file} line {where.line}" if where.line else where.file
    column = f", {problem.column}" if problem.column else ""
    return f"{place}{column}: {problem.value}" if problem.value else f"{place}{column}"
