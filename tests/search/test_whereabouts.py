"""Places said inside questions of any language; what only looks like a place stays."""

import pytest

from search import whereabouts
from search.geo import Point

CINCINNATI = Point(39.1072, -84.502)


@pytest.mark.parametrize(
    ("said", "place", "rest"),
    [
        ("rent help hamilton", "Hamilton, OH", "rent help"),
        ("dentist in covington ky", "Covington, KY", "dentist"),
        ("comida en Cincinnati", "Cincinnati, OH", "comida"),
        ("thuc an gan Cincinnati", "Cincinnati, OH", "thuc an"),
        ("Cincinnati 附近的食物", "Cincinnati, OH", "食物"),
        ("辛辛那提 食物银行", "Cincinnati, OH", "食物银行"),
        ("在Covington找食物", "Covington, KY", "找食物"),
        ("신시내티 무료 급식", "Cincinnati, OH", "무료 급식"),
        ("Hamilton 근처 병원", "Hamilton, OH", "병원"),
        ("продукты рядом с Hamilton", "Hamilton, OH", "продукты"),
        ("еда в Цинциннати", "Cincinnati, OH", "еда"),
        ("طعام في سينسيناتي", "Cincinnati, OH", "طعام"),
        ("manje nan Cincinnati", "Cincinnati, OH", "manje"),
        ("nourriture à Cincinnati", "Cincinnati, OH", "nourriture"),
        ("comida em Hamilton", "Hamilton, OH", "comida"),
        ("pagkain malapit sa Cincinnati", "Cincinnati, OH", "pagkain"),
        ("家附近 45202", "45202", "家附近"),
    ],
)
def test_a_place_is_read_in_every_language_and_taken_out_of_the_words(said, place, rest):
    found = whereabouts.find(said, CINCINNATI)
    assert found is not None
    assert found.place.label == place
    assert found.rest == rest


@pytest.mark.parametrize(
    "said",
    [
        "dayton",
        "i live in hope",
        "sa bahay",
        "nan kay mwen",
        "chez moi à la maison",
        "в больнице",
        "food",
        "st paul church",
    ],
)
def test_words_that_are_no_place_stay(said):
    assert whereabouts.find(said, CINCINNATI) is None


def test_a_far_city_without_a_word_before_it_is_not_taken_for_a_place():
    assert whereabouts.find("church of phoenix", CINCINNATI) is None
    assert whereabouts.find("church in phoenix", CINCINNATI) is not None
