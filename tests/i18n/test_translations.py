"""The catalogs in the repository against the texts of the code as they are now."""

import re
from pathlib import Path

import pytest

from i18n import checks, locales, reading_level, sources
from i18n.catalog import DOMAINS

COMPLETE = [
    code for code, one in locales.LANGUAGES.items() if one.status is locales.CatalogState.COMPLETE and code != "en"
]
DRAFTS = [code for code, one in locales.LANGUAGES.items() if one.status is locales.CatalogState.DRAFT]
GLOSSARY = Path(sources.ROOT) / "i18n" / "glossary.md"


@pytest.fixture(scope="module", params=DOMAINS)
def domain(request):
    return request.param


@pytest.fixture(scope="module")
def source(domain):
    return sources.template(domain)


def _texts(messages, field):
    for message in messages:
        if message.id:
            value = getattr(message, field)
            yield from value if isinstance(value, (tuple, list)) else (value,)


def test_the_english_texts_are_well_formed_and_affordable(source):
    assert [str(problem) for problem in checks.check_source(source)] == []


@pytest.mark.parametrize("code", COMPLETE)
def test_a_complete_language_has_every_text_and_every_text_is_right(source, domain, code):
    catalog = sources.read(sources.path_of(code, domain), code)
    assert [str(problem) for problem in checks.check(catalog, source, complete=True)] == []


@pytest.mark.parametrize("code", COMPLETE + DRAFTS)
def test_no_catalog_holds_a_text_the_code_no_longer_has(source, domain, code):
    path = sources.path_of(code, domain)
    if path.exists():
        assert [str(problem) for problem in checks.unused(sources.read(path, code), source)] == []


@pytest.mark.parametrize("code", DRAFTS)
def test_what_a_draft_has_is_right(source, domain, code):
    path = sources.path_of(code, domain)
    if path.exists():
        assert [str(problem) for problem in checks.check(sources.read(path, code), source, complete=False)] == []


def test_every_patient_text_tells_its_translator_where_it_stands():
    silent = [m.id for m in sources.template("patient") if m.id and m.context == "sms" and not m.auto_comments]
    assert silent == []


def test_patient_texts_are_plain_in_english():
    hard = [t for t in _texts(sources.template("patient"), "id") if reading_level.too_hard(t, "en")]
    assert hard == []


def test_patient_texts_are_plain_in_spanish():
    catalog = sources.read(sources.path_of("es", "patient"), "es")
    hard = [t for t in _texts(catalog, "string") if reading_level.too_hard(t, "es")]
    assert hard == []


def _agreed_words():
    for line in GLOSSARY.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == 3 and cells[0] not in {"English", "---"}:
            yield cells[0], tuple(word.strip() for word in cells[1].split(","))


@pytest.mark.parametrize(
    ("english", "spanish"), list(_agreed_words()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_agreed_word_is_used_for_the_thing(domain, english, spanish):
    wanted = re.compile(rf"\b{english}s?\b", re.IGNORECASE)
    stems = [word[:6].casefold() for word in spanish]
    for message in sources.read(sources.path_of("es", domain), "es"):
        said_in_english = re.sub(r"%\(\w+\)s", "", " ".join(_texts([message], "id")))
        if message.id and wanted.search(said_in_english):
            said = " ".join(_texts([message], "string")).casefold()
            assert not said or any(stem in said for stem in stems), f"{message.id}: {said}"


def test_the_catalogs_are_as_the_update_command_would_write_them(domain, source, tmp_path):
    for code, its_domain, path in sources.catalogs():
        if its_domain == domain:
            copy = tmp_path / f"{code}.po"
            sources.write(copy, sources.merged(sources.read(path, code), source))
            assert copy.read_text("utf-8") == path.read_text("utf-8"), f"run: handrail i18n update ({path})"
