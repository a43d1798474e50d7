"""What somebody says they do not want is not what they ask for; Spanish written by ear is read."""

import pytest

from search.needs import read
from search.sounds import meant


@pytest.mark.parametrize(
    ("text", "language", "first"),
    [
        ("no quiero albergue, busco comida", "es", "food_pantry"),
        ("no necesito comida, necesito un abogado", "es", "legal_aid"),
        ("no quiero albergue ni comida, busco un abogado", "es", "legal_aid"),
        ("no tengo problema de drogas, necesito terapia", "es", "counseling"),
        ("ya tengo comida, ocupo pañales", "es", "diapers"),
        ("I don't need food, I need a lawyer", "en", "legal_aid"),
    ],
)
def test_what_is_refused_beside_something_asked_for_is_not_read(text: str, language: str, first: str) -> None:
    needs = [one.need for one in read(text, language).needs]
    assert needs[0] == first
    assert not ({"emergency_shelter", "food_pantry", "outpatient_substance_use"} - {first}) & set(needs)


def test_what_somebody_no_longer_has_is_asked_for() -> None:
    assert {one.need for one in read("ya no tengo comida y debo la luz", "es").needs} == {"food_pantry", "energy_bill"}


def test_what_is_refused_with_nothing_else_asked_for_is_still_read() -> None:
    assert read("no quiero perder mi casa por la hipoteca", "es").needs[0].need == "mortgage_help"


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("ipoteca", "hipoteca"),
        ("sikologo", "psicologo"),
        ("domisilio", "domicilio"),
        ("hipoteca", ""),
        ("rodriguez", ""),
    ],
)
def test_a_spanish_word_written_by_ear_is_heard(written: str, read_as: str) -> None:
    assert meant(written) == read_as


def test_only_spanish_is_heard_by_ear() -> None:
    assert [(one.typed, one.read) for one in read("atrasado con la ipoteca", "es").corrections] == [
        ("ipoteca", "hipoteca")
    ]
    assert not read("kasa mobile", "en").corrections


@pytest.mark.parametrize(
    ("text", "not_meant"),
    [
        ("vivo con mi cuñada", "diapers"),
        ("me duele mucho la cabeza", "grief_support"),
        ("solo quiero una despensa", "social_connection"),
    ],
)
def test_spanish_words_that_only_share_a_stem_are_told_apart(text: str, not_meant: str) -> None:
    assert not_meant not in {one.need for one in read(text, "es").needs}
