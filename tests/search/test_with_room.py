"""Which listings answer as asked and did not say they are full: what a watched search waits for."""

from datetime import date, timedelta

import pytest

from resources_db.listing_key import ListingKey
from resources_db.repositories.listing import CapacityView
from resources_db.vocab import CapacityState
from search import answering
from search.criteria import SearchCriteria
from search.errors import PlaceError
from tests.search.kit import NOW, ask, plain, row


def said(state, until=None):
    return CapacityView(state, until, "agency", NOW - timedelta(days=1))


ROWS = [
    row(1, "With Room", "detox", capacity=said(CapacityState.OPEN)),
    row(2, "Says Nothing", "detox"),
    row(3, "Full Until December", "detox", capacity=said(CapacityState.FULL, date(2026, 12, 1))),
    row(4, "Far Away", "detox", at=(41.5, -81.7)),
    row(5, "Something Else", "food_pantry"),
]


def numbers(keys):
    return sorted(int(ListingKey.parse(str(key)).service_id) for key in keys)


def test_full_places_far_places_and_other_needs_do_not_count():
    found = answering.with_room(plain(ROWS), SearchCriteria(q="detox", near="45202"), NOW)
    assert numbers(found) == [1, 2]


def test_a_place_that_was_full_counts_again_when_its_word_has_ended():
    found = answering.with_room(plain(ROWS), SearchCriteria(q="detox", near="45202"), NOW + timedelta(days=12))
    assert numbers(found) == [1, 2, 3]


def test_nothing_is_widened():
    asked = SearchCriteria(q="detox", near="44101")  # Cleveland: only the far one is there
    assert numbers(answering.with_room(plain(ROWS), asked, NOW)) == [4]


def test_an_unknown_place_is_an_error():
    with pytest.raises(PlaceError):
        answering.with_room(plain(ROWS), SearchCriteria(q="detox", near="Nowhereville"), NOW)


def test_the_answer_says_how_many_of_the_strict_ones_have_room():
    answer = ask(plain(ROWS), "detox", near="45202")
    assert (answer.strict_total, answer.with_room) == (3, 2)
