"""The current source texts of a domain, read out of the code and templates, and merged into the catalogs."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from i18n.catalog import DOMAINS, LOCALE_DIR
from i18n.extract import KEYWORDS
from i18n.locales import LANGUAGES, SOURCE, CatalogState

ROOT = Path(__file__).resolve().parent.parent
MAPPINGS = {"messages": "babel.cfg", "patient": "babel-patient.cfg"}
FOLDERS = ("portal", "referrals", "messaging", "search", "resources_db", "i18n", "templates")
COMMENT = "Translators:"


def template(domain: str, root: Path = ROOT) -> Catalog:
    """All texts of a domain as they stand in the code now."""
    catalog = Catalog(project="Handrail", charset="utf-8")
    methods, options = _mapping(root / MAPPINGS[domain])
    found = extract_from_dir(root, methods, options, KEYWORDS, (COMMENT,), directory_filter=partial(_ours, root))
    for _file, _line, message, comments, context in found:
        catalog.add(message, auto_comments=_joined(comments), context=context)
    return catalog


def _mapping(path: Path) -> tuple[list[tuple[str, str]], dict[str, dict[str, Any]]]:
    with path.open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    return methods, options


def _ours(root: Path, folder: str) -> bool:
    inside = Path(folder).relative_to(root).parts
    return not inside or (inside[0] in FOLDERS and inside[-1] not in {"__pycache__", "vendor"})


def _joined(comments: list[str]) -> list[str]:
    return [" ".join(comments)] if comments else []


def path_of(code: str, domain: str, locale_dir: Path = LOCALE_DIR) -> Path:
    """Where the catalog of a language lies."""
    return locale_dir / code / "LC_MESSAGES" / f"{domain}.po"


def catalogs(locale_dir: Path = LOCALE_DIR) -> Iterator[tuple[str, str, Path]]:
    """The catalogs that should exist: complete languages in both domains, drafts where a file is."""
    for language in LANGUAGES.values():
        for domain in DOMAINS:
            path = path_of(language.code, domain, locale_dir)
            wanted = language.status is CatalogState.COMPLETE and language.code != SOURCE
            if wanted or path.exists():
                yield language.code, domain, path


def read(path: Path, code: str) -> Catalog:
    """A catalog from its file; a new one if there is none."""
    if not path.exists():
        return Catalog(locale=code, project="Handrail", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=code)


def merged(catalog: Catalog, source: Catalog) -> Catalog:
    """The catalog brought up to the source: new texts empty, gone texts dropped, none guessed."""
    catalog.update(source, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    return catalog


def write(path: Path, catalog: Catalog) -> None:
    """Write a catalog so that a change of code makes a small difference: sorted, no places, no dates."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        if catalog.locale is not None:
            file.write(_header(catalog).encode())
        write_po(file, catalog, no_location=True, omit_header=True, sort_output=True, width=0, ignore_obsolete=True)


def _header(catalog: Catalog) -> str:
    plural = f"nplurals={catalog.num_plurals}; plural={catalog.plural_expr};"
    lines = (
        f"Language: {catalog.locale}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {plural}",
    )
    return 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n"
