"""In a long story all words together say what it is about: one loose word ("stove", "car") does not decide."""

import pytest

from search import likeness, needs, tongues
from search import sentence as sentences
from search.lexicon import Entry
from search.matching import Match


def first_of(said, sure, language="en", silent=()):
    sentence = sentences.of(said)
    spoken = tongues.of(sentence.units, said, language)
    return next(iter(likeness.led_by_all_words(sentence, spoken, sure, silent)), None)


@pytest.mark.parametrize(
    ("said", "language", "first", "loose"),
    [
        ("i sit at the table with unpaid light letters, they disconnect us monday", "en", "energy_bill", None),
        ("grandma gave up her car, she needs somebody to take her to the store", "en", "senior_ride", "car_repair"),
        ("my kids cant do homework because we have no wifi", "en", "phone_internet", "adult_education"),
        ("mis hijos no pueden hacer la tarea porque no hay internet", "es", "phone_internet", "adult_education"),
        ("mi mama no puede pararse en la estufa, alguien le trae la comida", "es", "home_delivered_meals", None),
    ],
)
def test_a_story_is_about_what_all_its_words_speak_for(said, language, first, loose):
    read = [item.need for item in needs.read(said, language).needs]
    assert read[0] == first
    assert loose is None or loose in read


@pytest.mark.parametrize(("said", "first"), [("stove", "furniture_household"), ("i need a bed", "furniture_household")])
def test_a_word_that_stands_alone_means_what_it_says(said, first):
    assert needs.read(said).needs[0].need == first


def test_what_was_said_stays_as_sure_or_comes_right_behind():
    said = "grandma gave up her car, she needs somebody to take her to the store"
    sentence = sentences.of(said)
    spoken = tongues.of(sentence.units, said, "en")
    sure = {"car_repair": 0.9, "food_pantry": 0.7}
    led = likeness.led_by_all_words(sentence, spoken, sure, ())
    assert led == {"senior_ride": 0.9, "car_repair": pytest.approx(0.864), "food_pantry": 0.7}


def test_words_that_are_refused_do_not_speak():
    said = "no eviction court landlord"
    refused = Match(Entry(("eviction",), (("tenant_legal", 1.0),)), (1, 2, 3))
    assert first_of(said, {"clothing": 0.6}) == "tenant_legal"
    assert first_of(said, {"clothing": 0.6}, silent=(refused,)) == "clothing"


def test_one_word_alone_outvotes_nothing_and_words_alone_name_nothing():
    assert first_of("eviction", {"furniture_household": 0.6}) == "furniture_household"
    assert first_of("eviction court landlord", {}) is None


def test_danger_is_not_outvoted():
    said = "my landlord wants the rent and the eviction court is monday, i want to die"
    assert needs.read(said).needs[0].need == "crisis_support"


def test_a_language_that_is_not_counted_is_left_as_it_was():
    assert first_of("loyer expulsion tribunal propriétaire", {"diapers": 0.6}, "fr") == "diapers"
