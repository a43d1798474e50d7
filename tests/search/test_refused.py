"""What a sentence names without asking for it, what stands in a list, and times and towns inside a longer question."""

import pytest

from search import needs, whereabouts
from search.geo import Point

CINCINNATI = Point(39.1031, -84.512)


def needs_of(said: str) -> list[str]:
    return [item.need for item in needs.read(said, "en").needs]


@pytest.mark.parametrize(
    ("said", "wanted", "refused"),
    [
        ("not a shelter, i need an apartment", "affordable_housing", "emergency_shelter"),
        ("not a shelter or a soup kitchen, i need a ride to the doctor", "medical_ride", "hot_meals"),
        ("not rehab, just meetings", "recovery_groups", "residential_treatment"),
        ("already on medicaid but need a dentist", "dental_vision", "health_insurance"),
        ("i already have food stamps, need baby formula", "infant_formula", "snap"),
    ],
)
def test_what_is_refused_is_not_read_beside_what_is_asked_for(said, wanted, refused):
    assert needs_of(said)[0] == wanted
    assert refused not in needs_of(said)


@pytest.mark.parametrize("said", ["not a shelter", "i already have food stamps"])
def test_what_is_refused_is_read_where_nothing_else_is_said(said):
    assert needs_of(said)


def test_a_list_is_read_part_by_part_and_a_ride_to_somewhere_is_a_ride():
    assert set(needs_of("need a dentist and a ride there")) == {"dental_vision", "medical_ride"}
    assert needs_of("ride to the dentist") == ["medical_ride"]


def test_a_time_inside_a_longer_phrase_of_a_need_is_a_filter_too():
    assert "open_sat" in needs.read("saturday food pantry", "en").constraints
    assert "open_tonight" in needs.read("place to sleep tonight", "en").constraints


def test_words_that_are_a_filter_are_no_need_beside_another():
    reading = needs.read("womens shelter with kids no id", "en")
    assert "no_papers" in reading.constraints
    assert "id_documents" not in [item.need for item in reading.needs]


def test_a_city_is_heard_before_the_name_of_its_state_and_a_day():
    said = whereabouts.find("food pantry hamilton ohio wednesday", CINCINNATI)
    assert said is not None
    assert (said.place.label, said.rest) == ("Hamilton, OH", "food pantry wednesday")
