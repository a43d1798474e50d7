"""ZIPs, states and coordinates of real exports."""

import pytest

from resources_db import places
from resources_db.vocab import GeocodeQuality


@pytest.mark.parametrize(
    ("text", "expected"),
    [("15131.0", "15131"), ("501", "00501"), ("2139", "02139"), (" 45202 ", "45202"), ("45202-1234", "45202-1234"),
     ("452021234", "45202-1234"), ("00000", None), ("ABC 1234", None), ("", None)],
)  # fmt: skip
def test_a_zip_is_mended_or_refused(text: str, expected: str | None) -> None:
    assert places.mend_zip(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("FL ", "FL"), ("Pennsylvania", "PA"), ("oh", "OH"), ("MyState", "MyState")]
)
def test_a_state_becomes_its_two_letters(text: str, expected: str) -> None:
    assert places.state_code(text) == expected


@pytest.mark.parametrize(
    ("latitude", "longitude", "problem"),
    [(0, 0, "point_out_of_range"), (100, 101, "point_out_of_range"), (-84.5, 39.1, "point_outside_state"),
     (39.1, 84.5, "point_outside_state"), (40.0, -105.0, "point_outside_state"), (39.11, -84.51, "")],
)  # fmt: skip
def test_a_wrong_coordinate_is_dropped_with_its_reason(latitude: float, longitude: float, problem: str) -> None:
    point = places.judge(latitude, longitude, state="OH", postal_code="45202")
    assert (point.problem, point.latitude is None) == (problem, bool(problem))


def test_the_middle_of_a_zip_is_only_known_to_be_in_the_zip() -> None:
    area = places.zip_area("45202")
    assert area is not None
    assert places.judge(area.latitude, area.longitude, postal_code="45202").quality == GeocodeQuality.ZIP


@pytest.mark.parametrize("text", ["Confidential", "Call for location", "undisclosed", "Address not published"])
def test_words_that_ask_for_silence_are_understood(text: str) -> None:
    assert places.says_confidential(text)


def test_coordinates_are_read_out_of_words_only_when_both_are_in_range() -> None:
    assert places.point_in_words("Geolocation is 42.108547, -87.974705") == (42.108547, -87.974705)
    assert places.point_in_words("Suite 12.5, 30") is None


def test_the_zone_of_a_zip() -> None:
    assert places.timezone_of("45202") == "America/New_York"
