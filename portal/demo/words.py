"""Words of listings in every state: draft, the English changed, an agency's own, a machine's nobody has read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from portal.demo import files
from resources_db import history, listing_words
from resources_db.models.directory import ListingText
from resources_db.repositories import listing_texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.directory import Service


def make(session: Session, services: Mapping[str, Service], *, now: datetime) -> int:
    """What the file says. Where `before` stands, that was the English the words were made from, until last week."""
    rows = files.rows("words")
    for row in rows:
        service = services[row["service"]]
        source: str = getattr(service, row["field"])
        before = row["before"]
        if before:
            about = history.About("service", service.id, history.TEAM)
            history.record(session, about, [(row["field"], before, source)], now=now - timedelta(days=6))
        session.add(
            ListingText(
                record_id=service.id,
                field=row["field"],
                lang=row["lang"],
                text=row["text"],
                origin=row["origin"],
                state=row["state"],
                source_hash=listing_texts.source_hash(before or source),
                at=now - timedelta(days=30),
            )
        )
    session.flush()
    listing_words.open_tasks(session, now=now - timedelta(days=5))
    return len(rows)
