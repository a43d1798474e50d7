"""How often a listing helped: counts for the order of search, across all orgs, without anybody's data."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from resources_db.base import Base, Id


class ListingStanding(Base):
    """Of the people sent to a listing for a need, how many are known to have been helped. Never fewer than five known.

    Written by the nightly recount only; `as_of` is when these numbers were counted.
    """

    __tablename__ = "listing_standing"
    __table_args__ = (
        Index("uq_listing_standing_of_a_place", "service_id", "location_id", "need", unique=True),
        CheckConstraint("known >= 5", name="enough_known"),
        CheckConstraint("helped >= 0 AND helped <= known", name="helped_of_known"),
    )

    id: Mapped[Id]
    service_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("service.id"))
    location_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("location.id"))
    need: Mapped[str]
    helped: Mapped[int]
    known: Mapped[int]
    as_of: Mapped[datetime]
