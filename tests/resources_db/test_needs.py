"""Our list of needs and the suggestion made from a listing's words."""

import pytest

from resources_db import needs


def test_there_are_sixty_six_needs_in_six_domains() -> None:
    assert len(needs.NEEDS) == 66
    assert {need.domain for need in needs.NEEDS.values()} == set(needs.DOMAINS)


def test_sensitive_needs_are_known() -> None:
    assert needs.is_sensitive(["food_pantry", "dv_safety"])
    assert not needs.is_sensitive(["food_pantry"])


@pytest.mark.parametrize(
    ("name", "description", "expected"),
    [
        ("Hope Food Pantry", "", "food_pantry"),
        ("Food Pantries of the East Side", "", "food_pantry"),
        ("Banco de comida San José", "", "food_pantry"),
        ("St. Anne Kitchen", "A soup kitchen with free dinner each evening.", "hot_meals"),
        ("Rides", "Medical transportation and dialysis ride for members.", "medical_ride"),
        ("Legal Aid on Vine", "", "legal_aid"),
    ],
)
def test_a_listing_gets_needs_from_its_words(name: str, description: str, expected: str) -> None:
    assert expected in needs.suggest(name, description)


@pytest.mark.parametrize("name", ["Food handler card course", "Office of the clerk", ""])
def test_words_that_say_nothing_clear_give_no_need(name: str) -> None:
    assert needs.suggest(name) == ()


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("Shelter Insurance Agency", "Auto, home and life policies."),
        ("Animal Shelter", "Adopt a dog or cat."),
        ("Picnic Shelter Reservations", ""),
        ("Pet Food Pantry", "Kibble for dogs and cats."),
        ("Pantry Moth and Pest Control", "Moths in your food pantry."),
        ("School Bus Driver Hiring", "Training and a bonus."),
        ("Furniture Rental", "Sofas by the month."),
        ("Grief Counseling Certificate", "Credits for professionals."),
        ("Luxury Apartments", "Section 8 not accepted."),
        ("Immigration Law for Employers", ""),
        ("Detox Juice Bar", "Cleanses and shots."),
        ("Dance Shoes Outlet", ""),
    ],
)
def test_who_sells_or_teaches_what_a_need_is_about_does_not_serve_it(name: str, description: str) -> None:
    assert needs.suggest(name, description) == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Birth Certificate Help", "id_documents"),
        ("Family Shelter", "emergency_shelter"),
        ("Rental Assistance", "rent_help"),
        ("Health Insurance for Kids: Medicaid", "health_insurance"),
    ],
)
def test_words_of_a_trade_in_a_name_of_help_do_not_hide_it(name: str, expected: str) -> None:
    assert expected in needs.suggest(name)


def test_our_own_taxonomy_maps_straight_to_needs() -> None:
    assert needs.from_code("handrail-needs", "food_pantry") == ("food_pantry",)
    assert needs.from_code("handrail-needs", "no_such_need") == ()


def test_open_eligibility_codes_map_by_the_crosswalk() -> None:
    assert "food_pantry" in needs.from_code("Open Eligibility", "1130")
    assert needs.from_code("Some other list", "1130") == ()
