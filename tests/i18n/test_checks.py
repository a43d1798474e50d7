import pytest
from babel.messages.catalog import Catalog

from i18n import checks


def _pair(msgid, msgstr, *, context=None, locale="es", flags=()):
    source, catalog = Catalog(), Catalog(locale=locale, fuzzy=False)
    source.add(msgid, context=context)
    catalog.add(msgid, msgstr, context=context, flags=flags)
    return catalog, source


@pytest.mark.parametrize(
    ("msgid", "msgstr", "problem"),
    [
        ("Sent %(when)s.", "Enviado %(cuando)s.", "placeholders"),
        ("Sent %(when)s.", "Enviado.", "placeholders"),
        ("%(a)s and %(a)s", "%(a)s", "placeholders"),
        ("<b>Open</b>", "Abierto", "tags"),
        ("Open", "<i>Abierto</i>", "tags"),
        ("Open", "Abierto ", "edge whitespace"),
        ("Open", "Abier\u202eto", "bidi control"),
        ("Look", "Vea https://example.org", "foreign url"),
        ("%(n)s of it", "100% de %(n)s", "stray percent"),
        (("%(num)s place", "%(num)s places"), ("%(num)s lugar", "%(otro)s lugares"), "placeholders"),
        ("Open", "", "missing"),
    ],
)
def test_a_wrong_translation_is_found(msgid, msgstr, problem):
    catalog, source = _pair(msgid, msgstr)
    assert problem in {p.code for p in checks.check(catalog, source, complete=True)}


def test_a_fuzzy_text_is_a_gap_in_a_complete_language_and_none_in_a_draft():
    catalog, source = _pair("Open", "Abierto", flags=("fuzzy",))
    assert [p.code for p in checks.check(catalog, source, complete=True)] == ["fuzzy"]
    assert checks.check(catalog, source, complete=False) == []


def test_a_draft_may_lack_a_line_of_a_page_but_no_text_to_a_phone():
    source = Catalog()
    source.add("Line of a page.")
    source.add("Text to a phone.", context="sms")
    assert [p.msgid for p in checks.gaps(Catalog(locale="vi"), source)] == ["Line of a page.", "Text to a phone."]
    assert [p.msgid for p in checks.draft_gaps(Catalog(locale="vi"), source)] == ["Text to a phone."]


def test_a_text_the_catalog_never_heard_of_is_missing():
    source = Catalog()
    source.add("New sentence.")
    assert [p.code for p in checks.check(Catalog(locale="es"), source, complete=True)] == ["missing"]


def test_a_text_the_code_no_longer_has_is_unused():
    catalog, _source = _pair("Old sentence.", "Frase vieja.")
    assert [p.code for p in checks.unused(catalog, Catalog())] == ["unused"]


def test_the_wrong_number_of_plural_forms_is_found():
    catalog, source = _pair(("%(num)s place", "%(num)s places"), ("%(num)s a", "%(num)s b", "%(num)s c"))
    assert "plural forms" in {p.code for p in checks.check(catalog, source, complete=True)}


def test_a_singular_may_leave_its_number_out():
    catalog, source = _pair(("%(num)s day", "%(num)s days"), ("un día", "%(num)s días"))
    assert checks.check(catalog, source, complete=True) == []


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("es", "%(org)s: " + "a" * 150),
        ("es", "%(org)s: día"),
        ("ar", "%(org)s: " + "ا" * 130),
        ("vi", "%(org)s: " + "ừ" * 200),
    ],
)
def test_a_text_over_the_budget_of_its_language_is_found(locale, text):
    catalog, source = _pair("%(org)s: hello", text, context="sms", locale=locale)
    assert [p.code for p in checks.check(catalog, source, complete=True)] == ["segments"]


def test_the_same_letters_are_free_where_no_phone_is_billed():
    catalog, source = _pair("%(org)s: hello", "%(org)s: día")
    assert checks.check(catalog, source, complete=True) == []


def test_an_english_text_over_budget_is_found_too():
    source = Catalog()
    source.add("%(org)s: %(link)s " + "word" * 30, context="sms")
    assert [p.code for p in checks.check_source(source)] == ["segments"]


def test_markup_other_than_bold_and_links_is_refused_in_the_source():
    source = Catalog()
    source.add("<script>x</script>")
    assert {p.code for p in checks.check_source(source)} == {"markup"}
