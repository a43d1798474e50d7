"""The key of a listing: a service at a location, or a service that has no location."""

from __future__ import annotations

import uuid
from dataclasses import dataclass


class BadListingKeyError(ValueError):
    """The text is not a listing key."""


@dataclass(frozen=True, slots=True, order=True)
class ListingKey:
    """`<service id>` or `<service id>.<location id>`; safe in URLs and form fields."""

    service_id: uuid.UUID
    location_id: uuid.UUID | None = None

    def __str__(self) -> str:
        return str(self.service_id) if self.location_id is None else f"{self.service_id}.{self.location_id}"

    @classmethod
    def parse(cls, text: str) -> ListingKey:
        """The key written in `text`; raises BadListingKeyError."""
        service, _, location = text.partition(".")
        try:
            return cls(uuid.UUID(service), uuid.UUID(location) if location else None)
        except ValueError:
            msg = "not a listing key"
            raise BadListingKeyError(msg) from None
