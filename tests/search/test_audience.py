"""Whom a listing is for, read from what it says of itself."""

import pytest

from search import audience
from search.audience import EVERYBODY, Group


def told(*texts: str, youngest: float | None = None, oldest: float | None = None) -> tuple[str, str]:
    found = audience.of(texts, youngest, oldest)
    return " ".join(sorted(found.meant_for)), " ".join(sorted(found.not_for))


@pytest.mark.parametrize(
    ("said", "meant_for", "not_for"),
    [
        ("Overnight Beds for Men", "men", "families women"),
        ("Beds for single men, check-in from 4 pm", "men", "families women"),
        ("A room in a clean and sober home for men", "men", "families women"),
        ("Men's Residential Program", "men", "families women"),
        ("Women’s Residential Program", "women", "men"),
        ("Mothers in treatment live with their children", "families women", "men"),
        ("Women and children only", "families women", "men"),
        ("Fathers and their children", "families men", "women"),
        ("Men and women over 18", "men women", ""),
        ("Men, women and couples", "men women", ""),
        ("Rooms for single adults", "", "families"),
        ("Adults only", "", "families"),
        ("Apartments for families", "families", ""),
        ("Veterans and other men live here", "men veterans", "families women"),
        ("Lunch for people 60+", "seniors", ""),
        ("Rides for neighbors 60 and better, for older adults", "seniors", ""),
        ("A counselor for teenagers", "youth", ""),
        ("Anyone who lives nearby", "", ""),
        ("Medicines and treatment, mental health", "", ""),
        ("", "", ""),
    ],
)
def test_a_listing_says_whom_it_is_for_and_whom_it_sends_away(said, meant_for, not_for):
    assert told(said) == (meant_for, not_for)


def test_ages_speak_too():
    assert told("Apartments", youngest=62) == ("seniors", "youth")
    assert told("Drop-in", youngest=16, oldest=24) == ("youth", "seniors")
    assert told("Detox", youngest=18) == ("", "")
    assert told("After-school club", youngest=5, oldest=18) == ("youth", "seniors")


def test_silence_shuts_nobody_out():
    assert audience.of([]) == EVERYBODY


def test_nobody_is_meant_and_sent_away_at_once():
    found = audience.of(["A house for single men and their families"], 62, 24)
    assert not found.meant_for & found.not_for


@pytest.mark.parametrize(
    ("said", "gets_in"),
    [
        (["Step-free entrance"], True),
        (["Wheelchair accessible"], True),
        (["Ramp at the side door", "Parking behind"], True),
        (["No steps"], True),
        (["Not wheelchair accessible"], False),
        (["Ramp in front", "No elevator to the second floor"], False),
        (["Three steps at the door"], False),
        (["Large print forms"], False),
        ([], False),
    ],
)
def test_a_wheelchair_gets_in_where_somebody_says_so_and_nobody_says_it_does_not(said, gets_in):
    assert audience.step_free(said) is gets_in


def test_every_group_has_a_bit_of_its_own():
    assert audience.bits(Group) == (1 << len(Group)) - 1
