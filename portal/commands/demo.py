"""`handrail demo`: make the demo world in an empty database, and say who can be whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.console import Console

from portal import startup, wiring
from portal.config import Settings, UnsafeSettingsError

if TYPE_CHECKING:
    from collections.abc import Callable

console = Console(highlight=False)


@click.command("demo")
def demo() -> None:
    """Make the demo's people, places and stories; a database that holds accounts is left as it is."""
    settings = Settings.from_env()
    if not settings.demo:
        raise UnsafeSettingsError("The demo makes open doors: unset your HANDRAIL settings, or set HANDRAIL_DEMO=1.")
    with startup.only_one(settings):
        runtime = wiring.build(settings)
        try:
            startup.prepare(runtime, _step)
        finally:
            runtime.close()
    console.print("Now run: handrail run")


def _step(words: str, work: Callable[[], str | None]) -> None:
    with console.status(words):
        result = work()
    console.print(f"[green]✓[/green] {words}{': ' + result if result else ''}")
