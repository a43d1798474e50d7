"""A geopy geocoder that works offline over the packaged gazetteer: ZIPs, "City, ST", city names. Never an address."""

from dataclasses import dataclass

from geopy.geocoders.base import Geocoder
from geopy.location import Location
from geopy.point import Point as GeoPoint

from search import gazetteer
from search.errors import PlaceError, PlaceProblem
from search.gazetteer import City, ZipPlace
from search.geo import Point, exact_metres

_MOST_CHARACTERS = 80
_HOME_METRES = 300_000  # a name alone means the one around here, if there is one around here
_CLEARLY_BIGGER = 3
_PULL_METRES = 50_000  # twice as far must be clearly bigger: Dayton, Ohio, not the Dayton across the river


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question is asked from. Always "about": the middle of a ZIP or of a city."""

    label: str
    latitude: float
    longitude: float
    zip_code: str | None
    state: str
    county: str
    zone: str
    city: str = ""
    zips: tuple[str, ...] = ()  # a city's

    @property
    def point(self) -> Point:
        return Point(self.latitude, self.longitude)


class PackagedGeocoder(Geocoder):
    """geopy's interface over packaged data; `prefer` is where the listings are, to choose among cities of one name."""

    def __init__(self, prefer: Point | None = None) -> None:
        super().__init__()
        self.prefer = prefer

    def geocode(self, query: str, *, exactly_one: bool = True) -> Location | list[Location]:
        """A geopy Location whose `raw` is our Place; raises PlaceError where a person could mend the text."""
        place = find_place(query, self.prefer)
        raw = {"place": place}
        location = Location(place.label, GeoPoint(place.latitude, place.longitude), raw)
        return location if exactly_one else [location]


def find_place(text: str, prefer: Point | None = None) -> Place:
    """The place a person means; raises PlaceError with suggestions when we do not know it."""
    typed = " ".join(text.split())[:_MOST_CHARACTERS]
    code = gazetteer.mend_zip(typed) or _last_zip(typed)
    if code is not None:
        return _from_zip(code, typed)
    if not any(letter.isalpha() for letter in typed):
        raise PlaceError(PlaceProblem.NOT_A_ZIP, typed)
    return _from_city(typed, prefer)


def zip_or_none(text: str) -> Place | None:
    """For facts we hold ourselves (a patient's ZIP): None instead of an error."""
    try:
        return find_place(text)
    except PlaceError:
        return None


def _last_zip(typed: str) -> str | None:
    """The ZIP at the end of "Cincinnati, OH 45202": closer than the middle of the city."""
    last = typed.rpartition(" ")[2]
    code = gazetteer.mend_zip(last) if len(last) >= 5 else None
    return code if code and gazetteer.zip_place(code) else None


def _from_zip(code: str, typed: str) -> Place:
    found = gazetteer.zip_place(code)
    if found is None:
        begins = (
            typed if typed.isascii() and typed.isdigit() else code
        )  # "4520" more likely lacks its end than its zero
        raise PlaceError(PlaceProblem.UNKNOWN_ZIP, typed, gazetteer.similar_zips(begins))
    if found.military:
        raise PlaceError(PlaceProblem.ZIP_WITHOUT_PLACE, typed)
    return _zip_to_place(found)


def _zip_to_place(found: ZipPlace) -> Place:
    return Place(
        label=found.code,
        latitude=found.latitude,
        longitude=found.longitude,
        zip_code=found.code,
        state=found.state,
        county=found.county,
        zone=found.zone,
        city=found.city,
    )


def _from_city(typed: str, prefer: Point | None) -> Place:
    name, state = _split_state(typed)
    found = gazetteer.cities(name)
    if state:
        found = tuple(city for city in found if city.state == state)
    if not found:
        raise PlaceError(PlaceProblem.UNKNOWN_CITY, typed, _similar_cities(name))
    return _city_to_place(_choose(found, typed, prefer))


def _split_state(typed: str) -> tuple[str, str | None]:
    if "," in typed:
        name, _, rest = typed.rpartition(",")
        return name, gazetteer.state_code(rest)
    words = typed.split()
    if len(words) > 1 and gazetteer.state_code(words[-1]) and not gazetteer.cities(typed):
        return " ".join(words[:-1]), gazetteer.state_code(words[-1])
    return typed, None


def _choose(found: tuple[City, ...], typed: str, prefer: Point | None) -> City:
    if len(found) == 1:
        return found[0]
    if prefer is not None:
        around = [city for city in found if _metres(prefer, city) <= _HOME_METRES]
        if around:
            return max(around, key=lambda city: len(city.zips) / (1 + _metres(prefer, city) / _PULL_METRES))
    if len(found[0].zips) >= _CLEARLY_BIGGER * len(found[1].zips):
        return found[0]
    raise PlaceError(PlaceProblem.WHICH_CITY, typed, tuple(f"{city.name}, {city.state}" for city in found[:4]))


def _metres(origin: Point, city: City) -> float:
    return exact_metres(origin, Point(city.latitude, city.longitude))


def _city_to_place(city: City) -> Place:
    return Place(
        label=f"{city.name}, {city.state}",
        latitude=city.latitude,
        longitude=city.longitude,
        zip_code=None,
        state=city.state,
        county=city.county,
        zone=city.zone,
        city=city.name,
        zips=city.zips,
    )


def _similar_cities(name: str) -> tuple[str, ...]:
    return tuple(f"{city.name}, {city.state}" for city in gazetteer.similar_cities(name))
