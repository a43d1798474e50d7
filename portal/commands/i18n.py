"""`handrail i18n`: take texts out of the code, bring catalogs up to date, build and check them."""

from pathlib import Path

import click
from babel.messages.mofile import write_mo
from rich.console import Console

from i18n import checks, locales, sources
from i18n.catalog import DOMAINS, LOCALE_DIR
from i18n.pseudo import pseudo

console = Console()
_COMPLETE = locales.CatalogState.COMPLETE


@click.group("i18n")
def i18n() -> None:
    """Texts and their translations."""


@i18n.command("extract")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=LOCALE_DIR, show_default=True)
def extract(out: Path) -> None:
    """Write messages.pot and patient.pot: all English texts of the code."""
    for domain in DOMAINS:
        source = sources.template(domain)
        sources.write(out / f"{domain}.pot", source)
        console.print(f"{domain}: {len(source)} texts")


@i18n.command("update")
def update() -> None:
    """Bring every catalog up to the code: new texts come in empty, gone ones leave."""
    for domain in DOMAINS:
        source = sources.template(domain)
        for code, its_domain, path in sources.catalogs():
            if its_domain == domain:
                catalog = sources.merged(sources.read(path, code), source)
                sources.write(path, catalog)
                empty = len(checks.gaps(catalog, source))
                console.print(f"{code} {domain}: {len(catalog)} texts, {empty} to translate")


@i18n.command("compile")
def compile_() -> None:
    """Build .mo files (not needed to run; it saves a second at start)."""
    for code, domain, path in sources.catalogs():
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, sources.read(path, code))
        console.print(f"{code} {domain}: built")


@i18n.command("check")
def check() -> None:
    """Check every catalog; fails on a gap, on a draft that lacks a text to phones, and on any text that is wrong."""
    found = 0
    for domain in DOMAINS:
        source = sources.template(domain)
        found += _report("en", domain, checks.check_source(source))
        for code, its_domain, path in sources.catalogs():
            if its_domain == domain:
                catalog = sources.read(path, code)
                complete = locales.get(code).status is _COMPLETE
                problems = checks.check(catalog, source, complete=complete) + checks.unused(catalog, source)
                problems += [] if complete else checks.draft_gaps(catalog, source)
                found += _report(code, domain, problems)
                if not complete and (missing := checks.gaps(catalog, source)):
                    console.print(f"{code} {domain}: {len(missing)} texts still in English")
    if found:
        raise SystemExit(1)


def _report(code: str, domain: str, problems: list[checks.Problem]) -> int:
    for problem in problems:
        console.print(f"{code} {domain}: {problem}", markup=False)
    console.print(f"{code} {domain}: {len(problems)} problems")
    return len(problems)


@i18n.command("pseudo")
@click.argument("text", nargs=-1)
@click.option("--rtl", is_flag=True, help="Hebrew letters, to try pages written from right to left.")
def pseudo_(text: tuple[str, ...], rtl: bool) -> None:
    """Show a text as the pseudo-locales print it (set HANDRAIL_PSEUDO=1 to browse in eo and yi)."""
    for one in text or ("Hours, documents and cost",):
        console.print(pseudo(one, rtl=rtl), markup=False)
