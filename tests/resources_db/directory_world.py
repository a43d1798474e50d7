"""One pantry as directory tests need it."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from resources_db.listing_key import ListingKey
from resources_db.models import directory as d
from resources_db.vocab import GeocodeQuality

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def pantry(session: Session, *, name: str = "Hope Pantry", **place: object) -> ListingKey:
    agency = d.Organization(name=name, edited_at=NOW)
    service = d.Service(organization_id=agency.id, name=name, needs=["food_pantry"], edited_at=NOW)
    facts = {"latitude": 39.11, "longitude": -84.51, "geocode_quality": GeocodeQuality.ROOFTOP, **place}
    location = d.Location(name=f"{name} hall", edited_at=NOW, **facts)
    link = d.ServiceAtLocation(service_id=service.id, location_id=location.id, edited_at=NOW)
    for rows in (
        [agency],
        [service, location],
        [link],
        [
            d.Address(
                location_id=location.id,
                address_1="1418 Vine St",
                city="Cincinnati",
                state_province="OH",
                postal_code="45202",
            ),
            d.Phone(service_id=service.id, number="513-555-0163", e164="+15135550163", type="voice"),
            d.Phone(organization_id=agency.id, number="513-555-0199", e164="+15135550199", type="fax"),
            d.Schedule(location_id=location.id, freq="WEEKLY", byday="MO,WE,FR", opens_at="09:00", closes_at="13:00"),
        ],
    ):
        session.add_all(rows)
        session.flush()
    return ListingKey(service.id, location.id)
