"""Places of an import: mended addresses, judged coordinates, and which places must stay hidden."""

from collections import defaultdict
from collections.abc import Iterable

from resources_db import places
from resources_db.importers.checked import Batch, Checked
from resources_db.vocab import Confidentiality, GeocodeQuality

_SHARED_POINT = 5  # more addresses than this on one coordinate: it is nobody's door


def mend_addresses(batch: Batch) -> None:
    for record in batch.of("address"):
        _address(batch, record)


def _address(batch: Batch, record: Checked) -> None:
    if state := record.text("state_province"):
        record.values["state_province"] = places.state_code(state)
    if (code := record.text("postal_code")) and record.text("country") == "US":
        mended = places.mend_zip(code)
        if mended:
            record.values["postal_code"] = mended
        else:
            batch.warn(record, "bad_zip", "postal_code", code)


def judge_places(batch: Batch) -> None:
    addresses: dict[str, list[Checked]] = defaultdict(list)
    for address in batch.of("address"):
        addresses[address.text("location_id")].append(address)
    crowded = _crowded(batch, addresses)
    unsafe = _unsafe(batch)
    for place in batch.of("location"):
        _place(batch, place, addresses[place.external_id], crowded=_point(place) in crowded)
        said = any(places.says_confidential(one.text("address_1")) for one in addresses[place.external_id])
        if "x_confidentiality" not in place.values and (said or place.external_id in unsafe):
            place.values["x_confidentiality"] = Confidentiality.HIDDEN.value
            batch.warn(place, "placed_hidden", "address_1")


def _place(batch: Batch, place: Checked, addresses: Iterable[Checked], *, crowded: bool) -> None:
    first = next(iter(addresses), None)
    code, state = (first.text("postal_code"), first.text("state_province")) if first else ("", "")
    if code and "x_timezone" not in place.values and (zone := places.timezone_of(code)):
        place.values["x_timezone"] = zone
    if "x_geocode_quality" in place.values or _point(place) is None:
        return
    latitude, longitude = _point(place) or (None, None)
    point = places.judge(latitude, longitude, state=state, postal_code=code)
    if point.problem:
        batch.warn(place, point.problem, "latitude", f"{latitude}, {longitude}")
    quality = GeocodeQuality.ZIP if crowded and not point.problem else point.quality
    place.values["x_geocode_quality"] = quality.value


def _point(place: Checked) -> tuple[float, float] | None:
    latitude, longitude = place.values.get("latitude"), place.values.get("longitude")
    if isinstance(latitude, int | float) and isinstance(longitude, int | float):
        return float(latitude), float(longitude)
    return None


def _crowded(batch: Batch, addresses: dict[str, list[Checked]]) -> set[tuple[float, float]]:
    streets: dict[tuple[float, float], set[str]] = defaultdict(set)
    for place in batch.of("location"):
        point = _point(place)
        for address in addresses[place.external_id]:
            if point:
                streets[point].add(address.text("address_1").casefold())
    return {point for point, found in streets.items() if len(found) > _SHARED_POINT}


def _unsafe(batch: Batch) -> set[str]:
    """Places of services for people who flee abuse stay hidden until a person decides."""
    services = {one.external_id for one in batch.of("service") if "dv_safety" in (one.words("x_needs"))}
    links = batch.of("service_at_location")
    return {link.text("location_id") for link in links if link.text("service_id") in services}
