"""`handrail audit`: is the audit trail whole?"""

from __future__ import annotations

from pathlib import Path

import click

from portal import wiring
from portal.config import Settings
from resources_db import audit as trail
from resources_db import audit_anchor
from resources_db.tenancy import system


@click.group("audit")
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
@click.option("--anchor", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="File of anchored heads.")
def verify(anchor: Path | None) -> None:
    """Say which rows were edited, deleted, replaced or cut; exit code 1 when any was."""
    runtime = wiring.build(Settings.from_env())
    file = anchor or runtime.settings.audit_anchor
    with runtime.database.reading(system()) as session:
        faults = trail.verify(session)
        if file is not None and file.exists():
            faults += audit_anchor.compare(session, file)
    runtime.close()
    for fault in faults:
        click.echo(f"chain {fault.chain}, row {fault.seq}: {fault.what}")
    if file is None:
        click.echo("No anchor is set (HANDRAIL_AUDIT_ANCHOR), so a cut end cannot be seen for certain.")
    if faults:
        raise SystemExit(1)
    click.echo("The audit trail is whole.")


@audit.command("anchor")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
def anchor(file: Path | None) -> None:
    """Append the heads of all chains to FILE (else HANDRAIL_AUDIT_ANCHOR)."""
    runtime = wiring.build(Settings.from_env())
    target = file or runtime.settings.audit_anchor
    if target is None:
        raise click.UsageError("Name a file, or set HANDRAIL_AUDIT_ANCHOR.")
    with runtime.database.reading(system()) as session:
        count = audit_anchor.write(session, target, now=runtime.clock.real())
    runtime.close()
    click.echo(f"{count} chains anchored in {target}.")
