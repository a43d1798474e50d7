"""`handrail search` and `handrail reindex`: the directory from the command line, and its index."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from portal.config import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from portal.finding import Found
    from search.answer import Reason

console = Console(highlight=False)


@click.command("reindex")
def reindex() -> None:
    """Build the search index anew beside the old one, check it, and swap."""
    from portal import wiring
    from resources_db.tenancy import system

    runtime = wiring.build(Settings.from_env())
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console) as progress, runtime.database.reading(system()) as session:
            task = progress.add_task("Services", total=None)
            listings = runtime.search.rebuild(
                session,
                runtime.clock.now(),
                lambda done, total: progress.update(task, completed=done, total=total),
            )
    finally:
        runtime.close()
    console.print(f"{listings} listings are in the index.")


@click.command("search")
@click.argument("words", nargs=-1)
@click.option("--near", default="", help="ZIP or city.")
@click.option("--miles", type=click.FloatRange(0.1, 300), default=10.0, show_default=True, help="How far.")
@click.option("--need", "needs", multiple=True, help="Id of a need; may be given again.")
@click.option("--language", default="", help="Spoken there, such as es.")
@click.option("--open-now", is_flag=True, help="Only what is surely open now.")
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True)
def search(
    words: tuple[str, ...],
    near: str,
    miles: float,
    needs: tuple[str, ...],
    language: str,
    limit: int,
    *,
    open_now: bool,
) -> None:
    """Ask the directory, as the search page does: handrail search no food for the kids --near 45202."""
    from portal import finding, wiring
    from resources_db.tenancy import system
    from search.criteria import MILE, from_query

    asked = {
        "q": [" ".join(words)],
        "near": [near],
        "radius_m": [str(miles * MILE)],
        "need": list(needs),
        "language": [language],
        "open_now": ["1" if open_now else ""],
        "limit": [str(limit)],
    }
    criteria, problems = from_query(asked)
    if problems:
        raise click.UsageError(", ".join(f"{one.field}: {one.problem.value}" for one in problems))
    runtime = wiring.build(Settings.from_env())
    try:
        with runtime.database.reading(system()) as session:
            _print(finding.find(session, runtime.search, criteria, runtime.clock.now()))
    finally:
        runtime.close()


def _print(found: Found) -> None:
    from portal import search_words

    answer = found.answer
    for one in search_words.urgent(answer):
        console.print(one.text, style="bold")
    if found.place_error:
        console.print(search_words.place_problem(found.place_error), *found.place_error.suggestions)
    if answer.understood:
        console.print("We read this as: " + ", ".join(item.need for item in answer.understood))
    console.print(f"{answer.total} places")
    for step in answer.relaxed:
        console.print(search_words.relaxed(step))
    for number, (hit, listing) in enumerate(found.pairs, start=1):
        far = f"{hit.distance_m / 1609.344:.1f} mi" if hit.distance_m is not None else "-"
        console.print(f"{number:>3}. {listing.name} ({listing.organization_name})  {far}  {hit.open.state.value}")
        console.print(f"     {_reasons(hit.why)}", style="dim")


def _reasons(why: Iterable[Reason]) -> str:
    from portal import search_words

    return search_words.why(why)
