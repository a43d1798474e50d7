import pytest

from i18n import reading_level

EASY_EN = "You can get free food at Hope Pantry. Go on Tuesday from 9 am to noon. Bring an ID if you have one."
HARD_EN = (
    "Individuals experiencing food insecurity may be eligible to receive supplemental nutrition assistance "
    "contingent upon verification of household income documentation."
)
EASY_ES = "Puede recibir comida gratis en Hope Pantry. Vaya el martes de 9 a.m. a 12 p.m. Llame al 555-0100."
HARD_ES = (
    "Las personas que experimentan inseguridad alimentaria podrían ser elegibles para recibir asistencia "
    "nutricional suplementaria condicionada a la verificación documental de los ingresos familiares."
)


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("guardería", 4),
        ("ayuda", 3),
        ("pañales", 3),
        ("luz", 1),
        ("días", 2),
        ("quiero", 2),
        ("baúl", 2),
        ("aéreo", 4),
        ("hay", 1),
        ("desintoxicación", 6),
    ],
)
def test_spanish_syllables_are_counted_by_rule(word, syllables):
    assert reading_level.syllables_es(word) == syllables


def test_plain_texts_pass_and_office_texts_fail():
    assert not reading_level.too_hard(EASY_EN, "en")
    assert reading_level.too_hard(HARD_EN, "en")
    assert not reading_level.too_hard(EASY_ES, "es")
    assert reading_level.too_hard(HARD_ES, "es")


def test_a_label_of_two_words_is_never_called_hard():
    assert not reading_level.too_hard("Documentation verification", "en")


def test_a_language_without_a_measure_is_never_called_hard():
    assert not reading_level.too_hard(HARD_ES, "vi")
