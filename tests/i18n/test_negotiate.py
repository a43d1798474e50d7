import pytest

from i18n.negotiate import accepted, canonical, choose

EVERY = {"en", "es", "ar", "zh_Hans", "zh_Hant", "vi", "fil", "ht", "ko", "ru", "fr", "pt_BR"}


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("zh", "zh_Hans"), ("zh-CN", "zh_Hans"), ("zh-SG", "zh_Hans"), ("zh-Hans-CN", "zh_Hans"), ("zh-Hans", "zh_Hans"),
        ("zh-TW", "zh_Hant"), ("zh-HK", "zh_Hant"), ("zh-MO", "zh_Hant"), ("zh-Hant-HK", "zh_Hant"),
        ("tl", "fil"), ("tl-PH", "fil"), ("fil-PH", "fil"), ("es-MX", "es"), ("es-419", "es"), ("es_US", "es"),
        ("pt", "pt_BR"), ("pt-PT", "pt_BR"), ("pt-BR", "pt_BR"), ("mww", "hmn"), ("hnj", "hmn"), ("en-GB", "en"),
        ("EN-us", "en"), ("ht-HT", "ht"), (" ar-EG ", "ar"),
    ],
)  # fmt: skip
def test_a_language_tag_as_written_out_there_becomes_our_code(tag, code):
    assert canonical(tag) == code


@pytest.mark.parametrize("tag", ["", "*", "xx", "klingon", "iw", "../../etc", "e" * 5000])
def test_an_unknown_tag_is_no_language(tag):
    assert canonical(tag) is None


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en;q=0.5, es", "es"),
        ("zh-TW, zh;q=0.8", "zh_Hant"),
        ("xx, fr;q=0.2", "fr"),
        ("es;q=0, en", "en"),
        ("de, ja;q=0.9", "en"),
        ("es;q=x, vi;q=0.1", "vi"),
        ("*", "en"),
        ("", "en"),
        (",,,;q=,;", "en"),
        ("a" * 100000, "en"),
    ],
)
def test_the_browser_header_is_read_by_weight_and_never_breaks(header, code):
    assert choose(EVERY, header=header) == code


def test_the_link_wins_over_the_saved_choice_the_person_and_the_browser():
    wishes = {"saved": "vi", "person": "ar", "header": "ru"}
    assert choose(EVERY, asked="es", **wishes) == "es"
    assert choose(EVERY, **wishes) == "vi"
    assert choose(EVERY, person="ar", header="ru") == "ar"
    assert choose(EVERY, header="ru") == "ru"
    assert choose(EVERY) == "en"


def test_a_language_that_is_switched_off_is_passed_over():
    assert choose({"en", "es"}, asked="ar", saved="klingon", header="vi, es;q=0.1") == "es"


def test_equal_weights_keep_the_order_of_the_header():
    assert list(accepted("vi, ru, es")) == ["vi", "ru", "es"]
