"""What is asked for comes before what is only told, and words that only sound like a need find nothing by half."""

import pytest

from search import needs
from tests.search.kit import ask, names, plain, row


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("client homeless, looking for a soup kitchen", "hot_meals"),
        ("family moved from shelter, needs beds", "furniture_household"),
        ("the toilet has been broken for a month and my landlord wont answer his phone", "tenant_legal"),
        ("my husband takes my phone and wont let me see my family", "dv_safety"),
        ("we have no beds just moved in from the shelter", "furniture_household"),
        ("meals for diabetics delivered", "medical_food"),
        ("the owner says its my problem", "tenant_legal"),
    ],
)
def test_what_is_asked_for_or_said_at_length_comes_first(said, first):
    assert needs.read(said).needs[0].need == first


def test_what_follows_something_asked_for_is_asked_for_too():
    read = {item.need for item in needs.read("need food and diapers for my baby").needs}
    assert {"food_pantry", "diapers"} <= read


@pytest.mark.parametrize("said", ["had a stroke, cant drive to therapy", "my dad had a seizure last year"])
def test_what_is_past_is_not_urgent(said):
    assert needs.read(said).urgent == ()


@pytest.mark.parametrize("said", ["i think she had a stroke", "my moms face is drooping", "my 2 year old drank windex"])
def test_what_happens_now_is_urgent(said):
    assert needs.read(said).urgent


def test_half_of_what_only_sounds_like_a_need_finds_nothing():
    rows = [row(1, "Coat drive", "clothing"), row(2, "Coats and paint for crafts"), row(3, "Ride club")]
    assert names(rows, ask(plain(rows), "coat of paint")) == ["Coats and paint for crafts"]
    assert names(rows[:1], ask(plain(rows[:1]), "coat of paint")) == []


def test_a_need_beside_a_saying_is_no_mere_sound():
    assert not needs.read("rent a car to get food at the food pantry").only_sounds
