"""`handrail import`: read a directory file, show what would change, apply it; the rules are in importers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from portal import startup, wiring
from portal.config import Settings
from resources_db import migrate
from resources_db.importers import base, formats, mapping
from resources_db.importers.files import RefusedFileError
from resources_db.importers.records import Severity
from resources_db.tenancy import system
from resources_db.vocab import ActorKind, ImportAction

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

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
    "encrypted": "This zip is locked with a password.",
    "nested_archive": "This zip holds another archive. Unpack it first.",
    "old_spreadsheet": "This kind of spreadsheet is not read. Save it as XLSX or CSV and import that.",
    "bad_spreadsheet": "This spreadsheet cannot be opened. Save it as CSV and import that.",
    "huge_cell": "A cell of this spreadsheet is far too long. Nothing was read.",
    "sheet_too_wide": "This spreadsheet has cells very far out. Save the part with the data as CSV and import that.",
    "mapping_needed": "This CSV needs a mapping file: --mapping FILE (see docs/import-mapping.md).",
    "unknown_format": "This is neither an HSDS package, nor HSDS JSON, nor a CSV file.",
}
SHOWN_PROBLEMS = 20


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--format", "format_name", type=click.Choice(formats.FORMATS), default=None, help="Found out if not given."
)
@click.option("--source", default="", help="Whose data this is; the file's name if not given.")
@click.option("--mapping", "mapping_path", type=click.Path(exists=True, path_type=Path), help="For a CSV of any shape.")
@click.option("--full", is_flag=True, help="The file is complete: withdraw what this source no longer has.")
@click.option("--dry-run", is_flag=True, help="Show what would change, change nothing.")
@click.option("--yes", is_flag=True, help="Apply even when many rows are wrong or withdrawn.")
def import_(
    path: Path, format_name: str | None, source: str, mapping_path: Path | None, full: bool, dry_run: bool, yes: bool
) -> None:
    """Read a directory: an HSDS folder or zip, HSDS JSON, or any CSV with a mapping file."""
    runtime = wiring.build(Settings.from_env())
    try:
        _ready(runtime)
        _run(runtime, path, format_name or "", source, mapping_path, full=full, dry_run=dry_run, yes=yes)
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


def _run(
    runtime: Runtime,
    path: Path,
    format_name: str,
    source: str,
    mapping_path: Path | None,
    *,
    full: bool,
    dry_run: bool,
    yes: bool,
) -> None:
    actor, now = system(kind=ActorKind.IMPORT), runtime.clock.now()
    mapped = mapping.load(mapping_path) if mapping_path else None
    with runtime.database.writing(actor) as session, session.begin():
        with _bar() as bar:
            task = bar.add_task("reading", total=None)

            def told(stage: str, count: int) -> None:
                bar.update(task, description=stage, completed=count)

            planned = base.plan(
                session, path, source=source, format_name=format_name, mapping=mapped, full=full, progress=told
            )
        _report(planned)
        if dry_run:
            base.record_dry_run(session, planned, actor=actor, now=now)
            console.print("Nothing was changed. Leave out --dry-run to apply this.")
        elif planned.needs_second_look and not yes:
            raise click.ClickException("Many rows are wrong, or many records would go. Look again, then add --yes.")
        else:
            _apply(session, planned, runtime)


def _apply(session: Session, planned: Plan, runtime: Runtime) -> None:
    with console.status("Writing"):
        base.apply(session, planned, actor=system(kind=ActorKind.IMPORT), now=runtime.clock.now())
    console.print(f"Applied as one change. Source: {planned.source}.")


def _bar() -> Progress:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed:,} records"))
    return Progress(*columns, TimeElapsedColumn(), console=console, transient=True)


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
    _problems(planned.problems)


def _problems(problems: list[Problem]) -> None:
    if not problems:
        return
    errors = [problem for problem in problems if problem.severity == Severity.ERROR]
    warnings = Counter(problem.code for problem in problems if problem.severity == Severity.WARNING)
    console.print(f"{len(errors):,} errors (those records were left out), {warnings.total():,} warnings.")
    for problem in errors[:SHOWN_PROBLEMS]:
        console.print(_line(problem), style="red")
    if len(errors) > SHOWN_PROBLEMS:
        console.print(f"  and {len(errors) - SHOWN_PROBLEMS:,} more errors", style="red")
    for code, count in warnings.most_common():
        console.print(f"{_line(_first(problems, code))} ({count:,} like this)", style="yellow")


def _line(problem: Problem) -> str:
    where = problem.where
    place = f"{where.file} line {where.line}" if where.line else where.file
    value = f": {problem.value!r}" if problem.value else ""
    return escape(f"  {place}, {problem.column} [{problem.code}] {problem.message}{value}")


def _first(problems: list[Problem], code: str) -> Problem:
    return next(one for one in problems if one.code == code and one.severity == Severity.WARNING)
