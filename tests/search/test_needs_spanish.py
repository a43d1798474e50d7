"""Spanish as people tell it: what sounds like danger and is none, numbers in the way, words in another order."""

import pytest

from search.needs import read


@pytest.mark.parametrize(
    "text",
    [
        "me corto la luz la compañia",
        "me cortó el internet la compañía",
        "me cortaron el gas",
        "me mato trabajando y no me alcanza",
        "traigo una muela picada que me esta matando",
        "me pego la gripa bien fuerte",
        "me van a matar los biles",
        "me quiero morir de la verguenza",
    ],
)
@pytest.mark.parametrize("page", ["es", "en"])
def test_a_way_of_speaking_raises_no_alarm(text, page):
    assert read(text, page).urgent == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("mi hija dise que se quiere morir", "suicide"),
        ("mi primo se paso de pastillas y no reacciona", "overdose"),
        ("mi marido me tiro contra la pared", "violence"),
        ("mi cuñado toco a mi niña", "child_abuse"),
        ("me quiero matar", "suicide"),
    ],
)
def test_danger_told_in_passing_is_heard(text, kind):
    assert kind in read(text, "es").urgent


def test_an_age_does_not_part_a_phrase():
    assert read("mi hija de 14 se porta mal", "es").needs == read("mi hija se porta mal", "es").needs


def test_words_in_another_order_are_hardly_less_sure_than_one_of_them_alone():
    alone = read("internarse", "es").needs[0]
    both = read("mi hermano necesita internarse", "es").needs[0]
    assert both.need == alone.need == "residential_treatment"
    assert both.confidence > 0.85


def test_taking_time_is_not_asking_for_a_ride():
    assert read("llevo dias con tos", "es").needs[0].need == "primary_care"
