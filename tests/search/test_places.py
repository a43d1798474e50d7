"""Places typed into a form or said in a sentence; counties by number; everything offline."""

import pytest

from search import counties, gazetteer, whereabouts
from search.errors import PlaceError, PlaceProblem
from search.geo import Point
from search.geocode import PackagedGeocoder, find_place, zip_or_none

CINCINNATI = Point(39.1, -84.51)


@pytest.mark.bad_input(90)
@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("45202", "45202"),
        (" 45202 ", "45202"),
        ("45202-1234", "45202"),
        ("45202.0", "45202"),
        ("0501", "00501"),
        ("501", "00501"),
        ("４５２０２", "45202"),
        ("Cincinnati, OH", "Cincinnati, OH"),
        ("cincinnati oh", "Cincinnati, OH"),
        ("Cincinnati, Ohio", "Cincinnati, OH"),
        ("Cincinnati", "Cincinnati, OH"),
        ("Cincinnati, OH 45202", "45202"),
        ("St. Louis, MO", "Saint Louis, MO"),
        ("philly", "Philadelphia, PA"),
        ("San José, CA", "San Jose, CA"),
    ],
)
def test_a_place_is_found_however_it_is_written(typed, label):
    assert find_place(typed, CINCINNATI).label == label


@pytest.mark.bad_input(90)
@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("00000", PlaceProblem.UNKNOWN_ZIP),
        ("99999", PlaceProblem.UNKNOWN_ZIP),
        ("4520", PlaceProblem.UNKNOWN_ZIP),
        ("12", PlaceProblem.NOT_A_ZIP),
        ("452021", PlaceProblem.NOT_A_ZIP),
        ("09001", PlaceProblem.ZIP_WITHOUT_PLACE),
        ("qqqq", PlaceProblem.UNKNOWN_CITY),
        ("Springfield", PlaceProblem.WHICH_CITY),
        ("\x00", PlaceProblem.NOT_A_ZIP),
        ("9" * 500, PlaceProblem.NOT_A_ZIP),
    ],
)
def test_an_unknown_place_says_what_is_wrong_with_it(typed, problem):
    with pytest.raises(PlaceError) as caught:
        find_place(typed)
    assert caught.value.problem is problem


def test_an_unknown_place_offers_what_may_have_been_meant():
    assert "45202" in _suggestions("4520")
    assert _suggestions("cincinati") == ("Cincinnati, OH",)
    assert "Springfield, IL" in _suggestions("Springfield")


def _suggestions(typed: str) -> tuple[str, ...]:
    with pytest.raises(PlaceError) as caught:
        find_place(typed)
    return caught.value.suggestions


def test_a_name_alone_means_the_city_around_here():
    assert find_place("Springfield", CINCINNATI).label == "Springfield, OH"
    assert find_place("Dayton", CINCINNATI).label == "Dayton, OH"


def test_a_po_box_zip_is_a_place_too():
    assert zip_or_none("45201") is not None


def test_the_geocoder_speaks_geopy():
    location = PackagedGeocoder(CINCINNATI).geocode("45202")
    assert (round(location.latitude, 1), round(location.longitude, 1)) == (39.1, -84.5)


def test_zip_codes_know_their_time_zone():
    assert gazetteer.zone_of_zip("45202") == ("America/New_York",)
    assert gazetteer.zone_of_zip("00000") == ()


@pytest.mark.parametrize(
    ("said", "place", "rest"),
    [
        ("food 45202", "45202", "food"),
        ("food near 45202 please", "45202", "food please"),
        ("food pantry in Dayton, OH", "Dayton, OH", "food pantry"),
        ("pantry in Covington", "Covington, KY", "pantry"),
        ("comida cerca de Hamilton", "Hamilton, OH", "comida"),
        ("dentist Columbus OH", "Columbus, OH", "dentist"),
    ],
)
def test_a_place_in_the_words_is_taken_out_of_them(said, place, rest):
    found = whereabouts.find(said, CINCINNATI)
    assert found is not None
    assert (found.place.label, found.rest) == (place, rest)


@pytest.mark.parametrize(
    "said",
    [
        "therapist in spanish",
        "clases en inglés",
        "help in mobile homes",
        "help me",
        "in crisis",
        "ayuda en casa",
        "call 5135550142",
    ],
)
def test_words_that_are_not_meant_as_places_stay(said):
    assert whereabouts.find(said, CINCINNATI) is None


def test_counties_are_known_by_number_and_by_name():
    assert counties.read("39061") == counties.read("Hamilton County, OH") == ("OH", "hamilton")
    assert counties.read("21015") == ("KY", "boone")
    assert counties.fips("McCracken County", "KY") == "21145"
    assert counties.read("nowhere") is None
