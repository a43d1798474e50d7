"""Folding and splitting, the same for listings and questions."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.words import fold, root, split, stem


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("José", "jose"),
        ("Đặng", "dang"),
        ("Straße", "strasse"),
        ("ЁЖ", "еж"),
        ("Йод", "йод"),
        ("إسكان", "اسكان"),
        ("مَدْرَسَة", "مدرسه"),
        ("４５２０２", "45202"),
    ],
)
def test_text_is_folded_to_what_people_type(written, folded):
    assert fold(written) == folded


@pytest.mark.bad_input(86)
def test_composed_and_decomposed_names_are_one():
    assert split(unicodedata.normalize("NFC", "José Nguyễn")) == split(unicodedata.normalize("NFD", "José Nguyễn"))


def test_chinese_is_split_into_pairs_and_apostrophes_split_words():
    assert split("食物银行") == ["食物", "物银", "银行"]
    assert split("St. Anne's") == ["st", "anne", "s"]


def test_plural_and_singular_share_a_stem():
    assert stem("pantries", "en") == stem("pantry", "en")
    assert stem("despensas", "es") == stem("despensa", "es")
    assert stem("kẹo", "vi") == "kẹo"


@given(st.text(max_size=200))
def test_folding_twice_changes_nothing_and_never_fails(text):
    assert fold(fold(text)) == fold(text)
    split(text)


@pytest.mark.parametrize(
    "written",
    [
        "سيارة السيارة سيارتي بسيارة سيارات",
        "كهرباء الكهرباء الكهربا كهربائي",
        "طعام الطعام للطعام وطعام بالطعام",
        "وظيفة الوظيفة وظيفتي",
        "أسنان أسناني الأسنان",
        "بيت بيتي بالبيت عالبيت",
        "دوا دواء دوائي الدواء",
        "محامي محامية المحامي",
    ],
)
def test_an_arabic_word_has_one_stem_with_and_without_its_article_and_endings(written):
    assert len({stem(word, "ar") for word in split(written)}) == 1


def test_different_arabic_words_keep_different_stems():
    for one, other in (("ماء", "ما"), ("ألم", "المي"), ("بدون", "بدي"), ("والدي", "دي"), ("ولد", "لد")):
        assert stem(split(one)[0], "ar") != stem(split(other)[0], "ar")


@pytest.mark.parametrize(("traditional", "plain"), [("食物銀行", "食物银行"), ("看醫生", "看医生"), ("傢俬", "家俬")])
def test_both_chinese_scripts_are_one(traditional, plain):
    assert split(traditional) == split(plain)


def test_words_of_one_family_share_a_root_and_words_of_two_do_not():
    assert root("денег", "ru") == root("деньги", "ru")
    assert root(split("أدوية")[0], "ar") == root(split("الدواء")[0], "ar")
    assert root("comida", "pt") != root("com", "pt")
    assert root("medicamento", "pt") != root("medico", "pt")
