"""Places of an import: mended addresses, judged coordinates, and which places must stay hidden."""

from collections import defaultdict
from collections.abc import Sequence

from resources_db import places
from resources_db.importers.batch import Batch, Checked
from resources_db.vocab import Confidentiality, GeocodeQuality

_SHARED_POINT = 5  # more addresses than this on one coordinate: it is nobody's door
_CROWDED = """
CREATE TABLE crowded AS
SELECT json_extract(place.body, '$[0].latitude') AS latitude, json_extract(place.body, '$[0].longitude') AS longitude
FROM record AS place JOIN record AS address
    ON address.kind = 'address' AND json_extract(address.body, '$[0].location_id') = place.key
WHERE place.kind = 'location' AND place.state = 0 AND address.state = 0 AND latitude IS NOT NULL
GROUP BY 1, 2 HAVING count(DISTINCT lower(json_extract(address.body, '$[0].address_1'))) > ?
"""
_UNSAFE = """
CREATE TABLE unsafe AS
SELECT DISTINCT json_extract(link.body, '$[0].location_id') AS location_id
FROM record AS service JOIN record AS link
    ON link.kind = 'service_at_location' AND json_extract(link.body, '$[0].service_id') = service.key
WHERE service.kind = 'service' AND service.state = 0 AND link.state = 0
    AND EXISTS (SELECT 1 FROM json_each(service.body, '$[0].x_needs') WHERE value = 'dv_safety')
"""


def mend_addresses(batch: Batch) -> None:
    for record in batch.each("address"):
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
    """Needs addresses that are mended, and services whose needs are known."""
    batch.index("address", "location_id")
    batch.index("service_at_location", "service_id")
    batch.store.execute(_CROWDED, (_SHARED_POINT,))
    batch.store.execute(_UNSAFE)
    crowded = set(batch.store.execute("SELECT latitude, longitude FROM crowded").fetchall())
    unsafe = {location for (location,) in batch.store.execute("SELECT location_id FROM unsafe")}
    for part in batch.of("location"):
        addresses: dict[str, list[Checked]] = defaultdict(list)
        for address in batch.held("address", "location_id", [one.external_id for one in part]):
            addresses[address.text("location_id")].append(address)
        for place in part:
            _place(batch, place, addresses[place.external_id], crowded=_point(place) in crowded)
            said = any(places.says_confidential(one.text("address_1")) for one in addresses[place.external_id])
            if "x_confidentiality" not in place.values and (said or place.external_id in unsafe):
                place.values["x_confidentiality"] = Confidentiality.HIDDEN.value
                batch.warn(place, "placed_hidden", "address_1")
        batch.save(part)


def _place(batch: Batch, place: Checked, addresses: Sequence[Checked], *, crowded: bool) -> None:
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
