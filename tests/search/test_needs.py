"""From a sentence to needs: what people say, in English and Spanish, and what only sounds like it."""

import pytest

from resources_db.needs import NEEDS
from search.lexicon import LANGUAGES, context_rules, needs_phrases, related_needs
from search.needs import read

ENGLISH = [
    ("no food for the kids", {"food_pantry", "child_meals"}),
    ("my son is hungry", {"food_pantry", "child_meals"}),
    ("I have nothing to eat", {"food_pantry"}),
    ("hot meal tonight", {"hot_meals"}),
    ("food for my mom who can't cook", {"home_delivered_meals", "food_pantry"}),
    ("EBT card", {"snap"}),
    ("my food stamps stopped", {"snap"}),
    ("breast pump", {"wic"}),
    ("baby formula", {"infant_formula"}),
    ("ride to dialysis", {"medical_ride"}),
    ("no way to get to the hospital", {"medical_ride"}),
    ("bus pass", {"bus_pass"}),
    ("need a ride with wheelchair", {"paratransit"}),
    ("wheelchair ramp", {"home_repair"}),
    ("wheelchair", {"medical_equipment"}),
    ("gas for my car", {"gas_help"}),
    ("gas bill", {"energy_bill"}),
    ("ride to work", {"work_ride"}),
    ("no place to sleep tonight", {"emergency_shelter"}),
    ("bed for tonight", {"emergency_shelter"}),
    ("beds for my kids", {"furniture_household"}),
    ("kids sleep on the floor", {"furniture_household"}),
    ("can't pay my rent", {"rent_help"}),
    ("eviction notice", {"tenant_legal"}),
    ("bed bugs", {"tenant_legal"}),
    ("Section 8", {"affordable_housing"}),
    ("light bill", {"energy_bill"}),
    ("they shut my power off", {"energy_bill"}),
    ("water shut off", {"water_bill"}),
    ("someone to talk to", {"counseling"}),
    ("my teen is depressed", {"youth_counseling"}),
    ("methadone clinic", {"opioid_medication"}),
    ("clean needles", {"harm_reduction"}),
    ("NA meeting", {"recovery_groups"}),
    ("drug rehab", {"residential_treatment"}),
    ("my mom died", {"grief_support"}),
    ("funeral for my mom", {"emergency_funds"}),
    ("my husband hits me", {"dv_safety"}),
    ("lost my id", {"id_documents"}),
    ("learn english", {"adult_education"}),
    ("tooth hurts", {"dental_vision"}),
    ("out of insulin", {"prescription_help"}),
    ("shots for my kids", {"primary_care"}),
    ("free phone", {"phone_internet"}),
    ("lost my job", {"job_search"}),
    ("I lost my job and cannot pay rent", {"job_search", "rent_help"}),
    ("diapers and formula", {"diapers", "infant_formula"}),
    ("eviction notice and no food", {"tenant_legal", "food_pantry"}),
]
SPANISH = [
    ("comida para mis hijos", {"food_pantry", "child_meals"}),
    ("mi hijo tiene hambre", {"food_pantry", "child_meals"}),
    ("no tengo comida", {"food_pantry"}),
    ("me cortaron la luz", {"energy_bill"}),
    ("recibo de la luz", {"energy_bill"}),
    ("me cortaron el agua", {"water_bill"}),
    ("raite al doctor", {"medical_ride"}),
    ("no puedo pagar la renta", {"rent_help"}),
    ("me van a desalojar", {"tenant_legal"}),
    ("no tengo dónde dormir", {"emergency_shelter"}),
    ("mi esposo me pega", {"dv_safety"}),
    ("abogado de inmigración", {"immigration_legal"}),
    ("necesito papeles", {"immigration_legal"}),
    ("pañales para mi bebé", {"diapers"}),
    ("leche para mi bebé", {"infant_formula"}),
    ("me duele la muela", {"dental_vision"}),
    ("busco trabajo", {"job_search"}),
    ("clases de inglés", {"adult_education"}),
    ("estoy muy triste", {"counseling"}),
    ("no tengo seguro médico", {"health_insurance"}),
    ("se murió mi mamá", {"grief_support"}),
    ("clases de AA", {"recovery_groups"}),
    ("me quedé sin trabajo y no puedo pagar la renta", {"job_search", "rent_help"}),
]


class Listed:
    """A directory whose names hold these words."""

    def __init__(self, *words: str) -> None:
        self.words = words

    def knows(self, word: str) -> bool:
        return word in self.words

    def names_beginning(self, letters: str) -> list[tuple[str, int]]:
        return [(word, self.words.count(word)) for word in self.words if word.startswith(letters)]


def needs_of(text: str, language: str = "en") -> set[str]:
    return {item.need for item in read(text, language).needs}


@pytest.mark.parametrize(("said", "meant"), ENGLISH)
def test_english_is_read_as_the_needs_behind_it(said, meant):
    assert needs_of(said) == meant


@pytest.mark.parametrize(("said", "meant"), SPANISH)
def test_spanish_is_read_as_the_needs_behind_it(said, meant):
    assert needs_of(said, "es") == meant


@pytest.mark.parametrize(("said", "meant"), SPANISH)
def test_spanish_is_understood_on_an_english_page_too(said, meant):
    assert meant <= needs_of(said, "en")


@pytest.mark.parametrize(
    "said",
    [
        "food handler card",
        "food safety class",
        "dog food",
        "animal shelter",
        "ride share driver",
        "light bulbs",
        "permiso de comida",
        "refugio de animales",
    ],
)
def test_words_that_only_sound_like_a_need_are_none(said):
    assert needs_of(said) == set()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pantrie", "food_pantry"),
        ("subxone", "opioid_medication"),
        ("electic bill", "energy_bill"),
        ("foood", "food_pantry"),
        ("methadon", "opioid_medication"),
        ("shleter", "emergency_shelter"),
        ("abogdo", "legal_aid"),
    ],
)
def test_a_slip_of_the_finger_is_mended(typed, meant):
    assert meant in needs_of(typed)


def test_a_mended_word_is_told_and_is_less_sure_than_a_right_one():
    reading = read("foood")
    assert [(fix.typed, fix.read) for fix in reading.corrections] == [("foood", "food")]
    assert reading.needs[0].confidence < read("food").needs[0].confidence


@pytest.mark.parametrize("word", ["good", "wood", "park", "meant", "horse", "street", "bread", "elm", "hope"])
def test_real_words_are_left_alone(word):
    assert read(word).corrections == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wheel chare", "medical_equipment"),
        ("shcool suplies", "clothing"),
        ("legle aid divorse", "legal_aid"),
        ("lightbill", "energy_bill"),
        ("foodstamps", "snap"),
        ("nd help w rent pls", "rent_help"),
        ("electrik bil", "energy_bill"),
        ("fud 4 my famly", "food_pantry"),
        ("necesito ayuda pa pagar los viles de la lus", "energy_bill"),
        ("avogado de imigracion", "immigration_legal"),
        ("nesesito panales", "diapers"),
    ],
)
def test_words_written_by_ear_or_in_haste_are_read(typed, meant):
    assert meant in needs_of(typed)
    assert meant in needs_of(typed, "es")


def test_a_slip_in_the_name_of_a_place_is_mended_by_the_names_we_list():
    listed = Listed("maplewood", "mapleton", "maplewoods", "maplewoods")
    assert [(fix.typed, fix.read) for fix in read("mapletn center", listed=listed).corrections] == [
        ("mapletn", "mapleton")
    ]
    assert [fix.read for fix in read("maplewod center", listed=listed).corrections] == ["maplewood"]
    assert [fix.read for fix in read("maplewodds center", listed=listed).corrections] == ["maplewoods"]
    assert read("mapletn center", listed=listed, mend=False).corrections == ()


def test_a_word_of_the_directory_is_never_corrected():
    assert read("pantera", listed=Listed("pantera")).corrections == ()


@pytest.mark.parametrize(
    ("said", "constraint"),
    [
        ("food tonight", "open_tonight"),
        ("pantry open now", "open_now"),
        ("pantry open saturday", "open_sat"),
        ("pantry on saturday", "open_sat"),
        ("comida el sábado", "open_sat"),
        ("spanish speaking therapist", "lang_es"),
        ("dentist who speaks vietnamese", "lang_vi"),
        ("food pantry no id", "no_papers"),
        ("comida sin papeles", "no_papers"),
        ("detox beds available", "has_room"),
        ("therapist by phone", "by_phone"),
    ],
)
def test_wishes_in_the_words_become_filters(said, constraint):
    assert constraint in read(said).constraints


def test_papers_alone_are_a_need_but_without_papers_is_a_wish():
    assert needs_of("papeles") == {"immigration_legal"}
    assert "immigration_legal" not in needs_of("comida sin papeles")


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("I want to die", "suicide"),
        ("my brother overdosed", "overdose"),
        ("my boyfriend beats me", "violence"),
        ("no shelter tonight with my kids", "no_shelter"),
        ("no insulin", "medical"),
        ("swallowed bleach", "poison"),
        ("quiero morir", "suicide"),
        ("mi esposo me pega", "violence"),
        ("no tengo insulina", "medical"),
        ("sobredosis", "overdose"),
    ],
)
def test_words_of_danger_are_seen_whatever_else_is_said(said, kind):
    assert kind in read(said).urgent


def test_everyday_words_are_not_urgent():
    for said, _meant in ENGLISH[:12]:
        assert read(said).urgent == ()


@pytest.mark.bad_input(78, 83, 86)
@pytest.mark.parametrize(
    "hostile", ["", " ", "\x00", "(" * 5000, "a" * 100_000, "\u202efood", "'; drop table", "🍎" * 500, "a b " * 20_000]
)
def test_hostile_text_is_read_without_error_and_only_so_far(hostile):
    assert len(read(hostile).words) <= 60


def test_the_lexicon_names_only_needs_we_have():
    for language in LANGUAGES:
        meanings = {meaning for entry in needs_phrases(language) for meaning, _sure in entry.meanings}
        assert meanings - {"-"} <= set(NEEDS)
        assert language not in ("en", "es") or meanings - {"-"} == set(NEEDS)
        assert {rule.gives for rule in context_rules(language)} <= set(NEEDS)
    assert set(related_needs()) == set(NEEDS)
    assert {other for near in related_needs().values() for other in near} <= set(NEEDS)
