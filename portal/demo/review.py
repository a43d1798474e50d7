"""Proposed changes that wait for the directory editor: from an agency, a navigator and a patient."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.demo import files
from resources_db import proposals
from resources_db.repositories import listings
from resources_db.tenancy import act_as, system
from resources_db.vocab import ChangeOrigin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.directory import Service


def make(session: Session, services: Mapping[str, Service], *, now: datetime) -> int:
    """Propose what the file says; nothing of it is published."""
    act_as(session, system())
    rows = files.rows("proposals")
    for row in rows:
        listing = listings.of_services(session, [services[row["service"]].id])[0]
        proposals.propose(
            session,
            service_id=listing.service_id,
            location_id=listing.location_id,
            fields={row["field"]: row["new"]},
            origin=ChangeOrigin(row["origin"]),
            submitter_label=row["label"],
            note=row["note"],
            now=now - timedelta(days=int(row["days_ago"]), hours=1),
        )
    return len(rows)
