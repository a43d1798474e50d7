import threading

import pytest
from jinja2 import Environment, StrictUndefined

import i18n
from i18n import catalog, jinja, locales
from i18n.catalog import (
    current_language,
    gettext,
    lazy_gettext,
    ngettext,
    offered,
    patient,
    pgettext,
    readable,
    switch_on,
    use_language,
)
from i18n.pseudo import pseudo


@pytest.fixture(autouse=True)
def _no_drafts(monkeypatch):
    monkeypatch.delenv(catalog.ENV_PSEUDO, raising=False)
    yield
    switch_on(())


def test_the_package_is_ours():
    assert "languages.toml" in {p.name for p in locales.Path(i18n.__file__).parent.iterdir()}


def test_english_is_spoken_when_nothing_was_chosen():
    assert current_language().code == "en"
    assert gettext("Sent to %(place)s.", place="Hope Pantry") == "Sent to Hope Pantry."


def test_a_percent_sign_without_values_is_only_a_percent_sign():
    assert gettext("100% free") == "100% free"


def test_a_draft_language_reads_as_english_until_an_admin_switches_it_on():
    with use_language("ar") as language:
        assert language.code == "en"
    switch_on({"ar"})
    with use_language("ar") as language:
        assert (language.code, language.direction) == ("ar", "rtl")
    assert "ar" in {one.code for one in offered()}


def test_a_language_without_words_reads_as_english_with_english_formats():
    with use_language("ko") as language:
        assert language.code == "en"


def test_the_language_goes_back_after_the_block_even_after_an_error():
    with pytest.raises(ValueError, match="stop"), use_language("es"):
        raise ValueError("stop")
    assert current_language().code == "en"


def test_the_language_of_one_thread_is_not_that_of_another():
    heard = []
    with use_language("es"):
        thread = threading.Thread(target=lambda: heard.append(current_language().code))
        thread.start()
        thread.join()
    assert heard == ["en"]


def test_numbers_choose_the_plural_form():
    assert ngettext("%(num)s place", "%(num)s places", 1) == "1 place"
    assert ngettext("%(num)s place", "%(num)s places", 5) == "5 places"


def test_pseudo_locales_bracket_everything_but_placeholders_and_only_when_asked(monkeypatch):
    assert not readable("eo")
    monkeypatch.setenv(catalog.ENV_PSEUDO, "1")
    assert readable("eo")
    with use_language("eo"):
        text = gettext("Sent to %(place)s.", place="Hope Pantry")
    assert text.startswith("⟦")
    assert "Hope Pantry" in text
    with use_language("yi") as language:
        assert language.direction == "rtl"
        assert pgettext("sms", "<b>Open</b>").startswith("⟦<b>")


def test_pseudo_keeps_tags_entities_and_percent_signs():
    assert "%(n)s" in pseudo("%(n)s &amp; 100%% <b>free</b>")
    assert "%%" in pseudo("100%% free")
    assert "</b>" in pseudo("<b>free</b>", rtl=True)


def test_a_lazy_label_speaks_the_language_of_the_moment_it_is_read(monkeypatch):
    monkeypatch.setenv(catalog.ENV_PSEUDO, "1")
    label = lazy_gettext("Phone")
    assert str(label) == "Phone"
    with use_language("eo"):
        assert str(label) == pseudo("Phone")
    assert label == "Phone"


def test_a_lazy_label_is_escaped_on_a_page():
    assert lazy_gettext("A < B").__html__() == "A &lt; B"


def test_catalogs_are_read_without_a_build_step():
    for domain in catalog.DOMAINS:
        assert catalog.translations("es", domain).info()["language"] == "es"


def test_every_language_has_a_name_a_direction_and_formats_babel_knows():
    from babel import Locale

    for language in locales.LANGUAGES.values():
        assert language.name
        assert language.direction in {"ltr", "rtl"}
        Locale.parse(language.format_locale)


def test_a_write_in_language_is_kept_under_its_own_code():
    other = locales.get("quc")
    assert (other.code, other.format_locale, other.status) == ("quc", "en_US", locales.CatalogState.NONE)


def test_patients_may_prefer_many_languages_but_no_pseudo_one():
    codes = {one.code for one in locales.preferable()}
    assert {"en", "es", "zh_Hans", "vi", "ko", "ht", "hmn", "km", "lo", "my", "sw", "uk", "hy", "am", "so"} <= codes
    assert not codes & {"eo", "yi"}


@pytest.fixture
def env():
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    jinja.install(environment)
    return environment


def test_templates_speak_and_escape_what_people_typed(env):
    page = env.from_string('{{ _("Sent to %(place)s.", place=place) }}|{{ p_("<b>Open</b> %(x)s", x=place) }}')
    assert page.render(place="<i>") == "Sent to &lt;i&gt;.|<b>Open</b> &lt;i&gt;"


def test_templates_count_and_use_contexts(env):
    page = env.from_string(
        '{{ pn_("%(num)s place", "%(num)s places", 2) }}|{{ ngettext("%(num)s text", "%(num)s texts", 1) }}'
        '|{{ pp_("button", "Call") }}|{{ pgettext("state", "Open") }}'
    )
    assert page.render() == "2 places|1 text|Call|Open"


def test_a_cached_template_follows_the_language_of_each_rendering(env, monkeypatch):
    monkeypatch.setenv(catalog.ENV_PSEUDO, "1")
    page = env.from_string('{{ _("Today") }} {{ p_("Today") }}')
    assert page.render() == "Today Today"
    with use_language("eo"):
        assert page.render() == f"{pseudo('Today')} {pseudo('Today')}"
    assert patient.gettext("Today") == "Today"
