"""Changes of listings: some wait for the directory editor, one went live by the rules, one was not taken."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.demo import files
from resources_db import proposals, submitting
from resources_db.proposals import Decision
from resources_db.repositories import listings
from resources_db.submitting import Sender
from resources_db.tenancy import act_as, system
from resources_db.vocab import ChangeOrigin

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.directory import Service

DECIDED = "Job Center"


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
    _past(session, services, now)
    return len(rows)


def _past(session: Session, services: Mapping[str, Service], now: datetime) -> None:
    """What the history has to tell: taken in other words, not taken with a reason, and live without a person."""
    key = listings.of_services(session, [services[DECIDED].id])[0].key
    at = now - timedelta(days=20)
    sender = Sender(ChangeOrigin.AGENCY_LINK, label="agency")
    waiting = submitting.submit(
        session, key, {"how_to_start": "call or come", "cost": "See www.work-ready.example"}, sender, now=at
    ).waiting
    assert waiting is not None
    decisions = {
        "how_to_start": Decision(accept=True, value="Call, or just come during opening hours."),
        "cost": Decision(accept=False, why="not_confirmed"),
    }
    proposals.decide(session, waiting.id, decisions=decisions, by=None, now=at + timedelta(hours=5))
    waiting.told_at = at + timedelta(hours=6)
    member = Sender(ChangeOrigin.AGENCY_MEMBER, label=DECIDED, verified=True)
    ramp = {"accessibility": "Ramp at the side door, lift to all floors"}
    submitting.submit(session, key, ramp, member, now=now - timedelta(hours=2), sampled=lambda _number: False)
