"""`handrail search`: the directory from the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click
from rich.console import Console

from portal.config import Settings
from search.audience import Group
from search.criteria import MILE, Cost, SearchCriteria, Sort, Travel, from_query

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from portal.finding import Found
    from search.answer import Reason

console = Console(highlight=False)


@click.command("search")
@click.argument("words", nargs=-1)
@click.option("--near", default="", help="ZIP or city.")
@click.option("--miles", type=click.FloatRange(0.1, 300), default=10.0, show_default=True, help="How far.")
@click.option("--need", multiple=True, help="Id of a need; may be given again.")
@click.option("--language", default="", help="Spoken there, such as es.")
@click.option("--open-now", is_flag=True, help="Only what is surely open now.")
@click.option("--open-at", default="", help="Only what is surely open then, such as 2026-11-28T09:30.")
@click.option("--has-room", is_flag=True, help="Only places that said they have room.")
@click.option("--no-papers", is_flag=True, help="Only places that ask for no papers.")
@click.option("--by-phone", is_flag=True, help="Only help by phone or net.")
@click.option("--who", type=click.Choice([one.value for one in Group]), help="Only places that take these people.")
@click.option("--wheelchair", is_flag=True, help="Only places that say a wheelchair gets in.")
@click.option("--cost", multiple=True, type=click.Choice([one.value for one in Cost]), help="May be given again.")
@click.option("--travel", type=click.Choice([one.value for one in Travel]), help="How the person gets about.")
@click.option("--sort", type=click.Choice([one.value for one in Sort]), default=Sort.BEST.value, show_default=True)
@click.option("--limit", type=click.IntRange(1, 100), default=10, show_default=True)
@click.option("--lang", default="en", show_default=True, help="Language of the words.")
@click.option("--json", "as_json", is_flag=True, help="The document that /api/search answers.")
def search(words: tuple[str, ...], miles: float, lang: str, *, as_json: bool, **asked: object) -> None:
    """Ask the directory, as the search page does: handrail search no food for the kids --near 45202."""
    from i18n import catalog
    from portal import finding, search_document, wiring
    from resources_db.tenancy import system

    criteria = _criteria({**asked, "q": " ".join(words), "radius_m": miles * MILE, "lang": lang})
    runtime = wiring.build(Settings.from_env())
    try:
        with catalog.use_language(finding.language(lang)), runtime.database.reading(system()) as session:
            now = runtime.clock.now()
            found = finding.find(session, runtime.search, criteria, now)
            if as_json:
                click.echo(json.dumps(search_document.document(found, now), ensure_ascii=False, indent=2))
            else:
                _print(found)
    finally:
        runtime.close()


def _criteria(asked: Mapping[str, object]) -> SearchCriteria:
    """The same reading as an address of the search page."""
    values = {name: [str(one) for one in _many(value)] for name, value in asked.items()}
    criteria, problems = from_query(values)
    if problems:
        raise click.UsageError(", ".join(f"{one.field}: {one.problem.value}" for one in problems))
    return criteria


def _many(value: object) -> Sequence[object]:
    """The values of an option; one that was not given has none."""
    if isinstance(value, tuple):
        return value
    return () if value in (None, False, "") else (1 if value is True else value,)


def _print(found: Found) -> None:
    from portal import search_words, urgent_words

    answer = found.answer
    for one in urgent_words.urgent(answer):
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
