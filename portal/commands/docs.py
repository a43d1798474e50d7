"""`handrail permissions` and `handrail settings`: who may do what, and what can be set, printed from the code."""

from __future__ import annotations

import click

from portal.auth import permissions as permission_map
from portal.config import documented


@click.command("permissions")
def permissions() -> None:
    """Print who may do what, as docs/permissions.md holds it."""
    click.echo(permission_map.as_markdown(), nl=False)


@click.command("settings")
def settings() -> None:
    """Print the settings and what each one does (docs/self-hosting.md says more)."""
    click.echo(settings_page(), nl=False)


def settings_page() -> str:
    """The page of settings."""
    rows = [f"| `{name}` | {words} |" for name, words in documented()]
    return "\n".join(["| setting | what it does |", "|---|---|", *rows]) + "\n"
