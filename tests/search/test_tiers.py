"""How well a place is known decides what is said of where it is: pin, "about", or nothing."""

import json
from typing import Any

import pytest
from sqlalchemy.orm import Session

from resources_db import places
from resources_db.models import directory as d
from resources_db.repositories import listings
from resources_db.vocab import Confidentiality, GeocodeQuality, LocationType
from search import headquarters
from search.areas import AreaSpec
from search.criteria import Sort
from search.geo import Point
from search.rows import from_listing
from tests.resources_db.directory_world import NOW, pantry
from tests.search.kit import HERE, ask, plain, row

NEW_YORK = Point(40.7484, -73.9967)
CINCINNATI = Point(*HERE)
SQUARE = json.dumps(
    {"type": "Polygon", "coordinates": [[[-84.6, 39.0], [-84.4, 39.0], [-84.4, 39.2], [-84.6, 39.2], [-84.6, 39.0]]]}
)


@pytest.mark.parametrize("quality", [GeocodeQuality.ROOFTOP, GeocodeQuality.STREET])
def test_a_known_address_has_its_own_point(session: Session, quality: GeocodeQuality) -> None:
    listing = listings.get(session, pantry(session, geocode_quality=quality))
    assert listing is not None
    assert (listing.latitude, listing.geocode_quality) == (39.11, quality)


@pytest.mark.parametrize("quality", [GeocodeQuality.CITY])
def test_a_point_that_says_less_than_the_zip_is_no_point(session: Session, quality: GeocodeQuality) -> None:
    listing = listings.get(session, pantry(session, geocode_quality=quality))
    assert listing is not None
    assert (listing.latitude, listing.geocode_quality) == (None, quality)


def test_an_address_nobody_looked_up_stands_in_the_middle_of_its_zip(session: Session) -> None:
    unknown: dict[str, Any] = {"latitude": None, "longitude": None, "geocode_quality": GeocodeQuality.NONE}
    listing = listings.get(session, pantry(session, **unknown))
    area = places.zip_area("45202")
    assert listing is not None
    assert area is not None
    assert (listing.latitude, listing.longitude) == (area.latitude, area.longitude)
    assert listing.geocode_quality is GeocodeQuality.ZIP
    online = listings.get(session, pantry(session, name="Net", location_type=LocationType.VIRTUAL, **unknown))
    assert online is not None
    assert online.latitude is None


def test_of_a_place_only_its_area_is_told_all_ask_from_the_middle_of_three_digits(session: Session) -> None:
    key = pantry(session, confidentiality=Confidentiality.AREA_ONLY)
    for address in session.query(d.Address):
        address.postal_code = "452"
    listing = listings.get(session, key)
    assert listing is not None
    assert (listing.latitude, listing.longitude) == places_of_zip3("452")
    assert (listing.geocode_quality, listing.address_lines) == (GeocodeQuality.ZIP, ())


def places_of_zip3(digits: str) -> tuple[float | None, float | None]:
    point = places.middle_of_zip3(digits)
    return point.latitude, point.longitude


def test_of_two_as_near_the_one_whose_address_is_known_comes_first() -> None:
    rows = [
        row(1, "A middle of a ZIP", "food_pantry", at=HERE, quality=GeocodeQuality.ZIP),
        row(2, "B door", "food_pantry", at=HERE, quality=GeocodeQuality.ROOFTOP),
    ]
    for sort in (Sort.NEAR, Sort.BEST):
        answer = ask(plain(rows), needs=("food_pantry",), near="45202", sort=sort)
        assert [str(hit.key)[-1] for hit in answer.hits] == [rows[1].key[-1], rows[0].key[-1]]
        assert [hit.about for hit in answer.hits] == [False, True]


@pytest.mark.parametrize(
    ("spec", "far"),
    [
        (AreaSpec(zip_codes=("45202",)), True),
        (AreaSpec(counties=("Hamilton County, OH",)), True),
        (AreaSpec(counties=("Hamilton, Ohio",)), True),
        (AreaSpec(states=("OH",)), True),
        (AreaSpec(polygon=SQUARE), True),
        (AreaSpec(nationwide=True), False),
        (AreaSpec(states=("NY",)), False),
        (AreaSpec(polygon="{}"), False),
        (AreaSpec(), False),
    ],
)
def test_an_address_far_from_all_that_is_served_is_a_headquarters(spec: AreaSpec, far: bool) -> None:
    assert headquarters.is_far_from([spec], NEW_YORK) is far
    assert not headquarters.is_far_from([spec], CINCINNATI) or spec.states == ("NY",)
    assert not headquarters.is_far_from([spec, AreaSpec(nationwide=True)], NEW_YORK)


def test_a_headquarters_in_another_state_is_nearest_to_nobody(session: Session) -> None:
    key = pantry(session, latitude=40.7484, longitude=-73.9967)
    session.add(d.ServiceArea(service_id=key.service_id, states=["OH"]))
    session.flush()
    listing = listings.get(session, key)
    assert listing is not None
    snapshot = plain([from_listing(listing, NOW)])
    at_its_door = ask(snapshot, now=NOW, needs=("food_pantry",), near="10001", sort=Sort.NEAR)
    served = ask(snapshot, now=NOW, needs=("food_pantry",), near="45202")
    assert (at_its_door.strict_total, served.strict_total) == (0, 1)
    assert served.hits[0].distance_m is None


def test_a_number_in_letters_is_kept_beside_the_one_that_is_dialled(session: Session) -> None:
    key = pantry(session)
    session.add(
        d.Phone(service_id=key.service_id, number="1-800-LAW-REP-4", e164="+18005297374", vanity="1-800-LAW-REP-4")
    )
    session.flush()
    listing = listings.get(session, key)
    assert listing is not None
    assert ("+18005297374", "1-800-LAW-REP-4") in {(phone.number, phone.vanity) for phone in listing.phones}
