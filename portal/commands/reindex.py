"""`handrail reindex`: build the search index anew beside the running one, or compare it with the database."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from portal.config import Settings

if TYPE_CHECKING:
    from portal.wiring import Runtime

console = Console(highlight=False)

DIFFERS, BUSY, FAILED = 1, 3, 4
SHOWN = 10


@click.command("reindex")
@click.option("--check", is_flag=True, help="Only compare the index with the database, listing by listing.")
def reindex(*, check: bool) -> None:
    """Build the search index of this machine anew, check it, and swap. Search goes on with the old one meanwhile.

    Exit codes: 0 done, or index and database agree; 1 they differ (--check); 3 another rebuild is running;
    4 it could not be built, and the old index stays.
    """
    from portal import wiring

    runtime = wiring.build(Settings.from_env())
    try:
        code = _check(runtime) if check else _build(runtime)
    finally:
        runtime.close()
    sys.exit(code)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console)


def _build(runtime: Runtime) -> int:
    from resources_db.tenancy import system
    from search import upkeep
    from search.errors import IndexUnavailableError

    try:
        with _progress() as progress, runtime.database.reading(system()) as session:
            task = progress.add_task("Services", total=None)

            def told(done: int, total: int) -> None:
                words = "Writing and checking" if done == total else "Services"
                progress.update(task, description=words, completed=done, total=total)

            listings = runtime.search.rebuild(session, runtime.clock.now(), told, wait=1.0)
    except (IndexUnavailableError, OSError) as error:
        reason = upkeep.code(error)
        if reason == "another_writer":
            click.echo("Another rebuild is running on this machine: nothing was done.", err=True)
            return BUSY
        click.echo(f"The index could not be built ({reason}). The old one stays in use.", err=True)
        return FAILED
    report = runtime.search.store.report()
    console.print(
        f"{listings} listings are in the index {runtime.search.status().generation}, in {report.seconds:.1f} s."
    )
    return 0


def _check(runtime: Runtime) -> int:
    from resources_db.tenancy import system
    from search import follow, verify
    from search.errors import IndexUnavailableError

    try:
        opened = runtime.search.take_newest()
    except IndexUnavailableError as error:
        click.echo(f"There is no index that opens here ({error.reason}). Search answers from the database.", err=True)
        return DIFFERS
    with _progress() as progress, runtime.database.reading(system()) as session:
        task = progress.add_task("Services", total=None)
        waiting = follow.waiting(session, opened.manifest)
        rows = follow.read_rows(
            session, runtime.clock.now(), lambda done, total: progress.update(task, completed=done, total=total)
        )
        found = verify.compare(opened.snapshot, rows, leave_out={str(service) for service in waiting})
    console.print(
        f"Index {opened.snapshot.generation}: {opened.snapshot.columns.living} listings; database: {len(rows)}. "
        f"Services with a change waiting: {len(waiting)}."
    )
    if not found.count:
        console.print("They agree.")
        return 0
    kinds = {"missing in the index": found.missing, "gone from the database": found.extra, "not alike": found.differing}
    for words, keys in kinds.items():
        if keys:
            console.print(f"{len(keys)} {words}: {', '.join(keys[:SHOWN])}{' ...' if len(keys) > SHOWN else ''}")
    console.print(f"Drift: {found.count / max(len(rows), 1):.2%}. To mend it: handrail reindex")
    return DIFFERS
