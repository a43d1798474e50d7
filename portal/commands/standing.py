"""`handrail standing`: count now, and not at night, how often listings helped the people who were sent there."""

from __future__ import annotations

import click

from portal import housekeeping, wiring
from portal.config import Settings


@click.command("standing")
def standing() -> None:
    """Count anew; the search index takes in what changed."""
    runtime = wiring.build(Settings.from_env())
    try:
        changed = housekeeping.recount(runtime)
    finally:
        runtime.close()
    if not runtime.settings.standing:
        click.echo("Records of helping are turned off (HANDRAIL_STANDING=0), so none are kept.")
    click.echo(f"{changed} records changed.")
