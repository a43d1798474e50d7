"""What a reading tells besides the need: other meanings, circumstances, corrections, the language, danger."""

import pytest

from search.lexicon import LANGUAGES, NOTHING, circumstances, needs_phrases
from search.needs import read
from tests.search.kit import ask, names, plain, row


def sure_of(text: str, language: str = "en") -> dict[str, float]:
    return {item.need: item.confidence for item in read(text, language).needs}


@pytest.mark.parametrize(
    ("said", "first", "beside"),
    [
        ("my tooth hurts and i have no insurance", "dental_vision", "health_insurance"),
        ("no money for pads", "hygiene_products", "emergency_funds"),
        ("lost my job and cant pay rent", "rent_help", "job_search"),
        ("me duele la muela y no tengo seguro", "dental_vision", "health_insurance"),
        ("doctor says i need insulin", "prescription_help", "primary_care"),
    ],
)
def test_a_circumstance_is_read_less_sure_than_the_need_it_explains(said, first, beside):
    sure = sure_of(said)
    assert next(iter(sure)) == first
    assert sure[first] > sure[beside]


def test_a_circumstance_alone_is_the_need():
    assert sure_of("i have no insurance") == {"health_insurance": 0.9}
    assert sure_of("no money") == {"emergency_funds": 0.9}
    for need, others in circumstances().items():
        assert need not in others


def test_words_in_no_phrase_are_read_by_the_phrases_they_stand_in_and_never_very_sure():
    reading = read("pharmacies")
    assert reading.needs[0].need == "prescription_help"
    lone = read("electrical panel")
    assert lone.needs == () or lone.needs[0].confidence <= 0.9


def test_a_doubtful_word_offers_what_else_it_may_mean():
    reading = read("commodities")
    assert [item.need for item in reading.needs] == ["food_pantry"]
    assert reading.needs[0].confidence < 0.6
    assert set(read("kitchen").instead) & {"food_pantry", "hot_meals", "furniture_household"}
    assert read("light bill").instead == ()


def test_what_may_also_be_meant_reaches_the_answer_without_what_was_chosen():
    found = plain([row(1, "Kitchen", "hot_meals")])
    offered = ask(found, "kitchen").instead
    assert offered
    assert offered[0] not in ask(found, "kitchen", needs=(offered[0],)).instead


@pytest.mark.parametrize(
    ("said", "page", "spoken"),
    [
        ("no tengo comida", "en", "es"),
        ("m pa gen manje", "en", "ht"),
        ("toi can do an", "en", "vi"),
        ("j'ai faim", "en", "fr"),
        ("nao tenho comida", "en", "pt"),
        ("wala akong pagkain", "en", "fil"),
        ("нет еды", "en", "ru"),
        ("没有吃的", "es", "zh"),
        ("沒有吃的", "en", "zh"),
        ("먹을 게 없어요", "en", "ko"),
        ("ما عندي أكل", "en", "ar"),
        ("i have no food at home", "es", "en"),
    ],
)
def test_the_words_say_which_language_they_are_in_whatever_the_page(said, page, spoken):
    reading = read(said, page)
    assert reading.language == spoken
    assert any(item.need == "food_pantry" for item in reading.needs)


@pytest.mark.parametrize("said", ["pain", "sale", "car", "me", "a", "vale", "chat", "on", "son", "main", "coin", "pan"])
def test_a_short_word_of_english_is_not_read_as_one_of_another_language(said):
    assert not {"food_pantry", "hot_meals"} & set(sure_of(said))


def test_bread_is_meant_where_the_sentence_is_french():
    assert "food_pantry" in sure_of("j'ai besoin de pain pour ma famille", "fr")


@pytest.mark.parametrize("page", ["es", "vi", "ht", "fil", "fr", "pt"])
@pytest.mark.parametrize(("word", "meant"), [("food", "food_pantry"), ("light", "energy_bill"), ("stamps", "snap")])
def test_one_english_word_is_read_on_every_page_and_is_no_name_there(word, meant, page):
    heard = read(word, page)
    assert (heard.needs[0].need, heard.rest) == (meant, ())


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("necesito ride al doctor", "medical_ride"),
        ("no puedo con los biles", "emergency_funds"),
        ("busco un part time job", "job_search"),
        ("mi landlord no arregla nada", "tenant_legal"),
        ("aplicar para food stamps", "snap"),
    ],
)
def test_two_languages_in_one_sentence_are_both_read(said, meant):
    assert meant in sure_of(said, "es")
    assert meant in sure_of(said, "en")


@pytest.mark.parametrize(
    "said",
    [
        "this heat is killing me",
        "I would kill for a pizza",
        "my phone died",
        "stroke of luck",
        "dead battery",
        "my feet are killing me",
        "food poisoning",
        "hit me with a bill",
        "i'm starving",
        "narcan training",
        "suicide prevention training",
        "me muero de hambre",
        "este calor me mata",
        "me cortaron la luz",
        "me corto la luz la compañia",
    ],
)
def test_sayings_that_only_sound_like_danger_raise_no_alarm(said):
    assert read(said).urgent == ()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("he wont let me leave the house", "violence"),
        ("he won't let me leave", "violence"),
        ("i dont want to live anymore", "suicide"),
        ("my baby swallowed a battery", "poison"),
        ("i want to die and i could kill for a drink", "suicide"),
        ("me quiero morir", "suicide"),
        ("mi bebé se tragó una pila", "poison"),
        ("我想自杀", "suicide"),
        ("хочу умереть", "suicide"),
        ("je veux mourir", "suicide"),
        ("tôi muốn chết", "suicide"),
        ("죽고 싶어요", "suicide"),
        ("mwen vle mouri", "suicide"),
        ("gusto ko nang mamatay", "suicide"),
        ("quero morrer", "suicide"),
        ("اريد ان اموت", "suicide"),
    ],
)
def test_danger_is_read_in_every_language_on_every_page(said, kind):
    assert kind in read(said, "en").urgent
    assert kind in read(said, "es").urgent


def test_what_was_mended_can_be_searched_exactly_as_typed():
    rows = [row(1, "Pantree House", "counseling"), row(2, "Food For All", "food_pantry")]
    found = plain(rows)
    assert [(fix.typed, fix.read) for fix in ask(found, "foood").corrections] == [("foood", "food")]
    assert ask(found, "foood", without=("spelling",)).corrections == ()
    assert names(rows, ask(found, "Pantre house"))[0] == "Pantree House"


def test_no_phrase_is_a_need_and_nothing_at_once():
    for language in LANGUAGES:
        for entry in needs_phrases(language):
            meanings = {meaning for meaning, _sure in entry.meanings}
            assert NOTHING not in meanings or meanings == {NOTHING}, (language, entry.key)
