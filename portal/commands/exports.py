"""`handrail export`: write the published directory as HSDS."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from portal import wiring
from portal.config import Settings
from resources_db import migrate
from resources_db.hsds import export as hsds
from resources_db.tenancy import system

console = Console()


@click.command("export")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--strict", is_flag=True, help="Official columns only, nothing of our own.")
def export(path: Path, strict: bool) -> None:
    """Write PATH: a folder or .zip (HSDS tabular package), or .ndjson (one full service a line)."""
    runtime = wiring.build(Settings.from_env())
    try:
        migrate.require_head(runtime.database.engine)
        today = runtime.clock.now().date()
        with console.status("Writing"), runtime.database.reading(system()) as session:
            counts = hsds.write(session, path, today=today, strict=strict)
    finally:
        runtime.close()
    table = Table(title=str(path.name))
    table.add_column("file")
    table.add_column("rows", justify="right")
    for name, count in counts.items():
        table.add_row(name, f"{count:,}")
    console.print(table)
