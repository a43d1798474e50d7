"""Where an id leads that was merged away. Chains are resolved when they are made: one step always suffices."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db.listing_key import ListingKey
from resources_db.models.upkeep import RecordRedirect


def leads_to(session: Session, record_id: uuid.UUID) -> uuid.UUID | None:
    """The survivor of a merged record, or None for an id that was never merged."""
    row = session.get(RecordRedirect, record_id)
    return row.new_id if row else None


def of(session: Session, record_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, uuid.UUID]:
    """The survivors of those ids that were merged."""
    stmt = select(RecordRedirect.old_id, RecordRedirect.new_id).where(RecordRedirect.old_id.in_(set(record_ids)))
    return dict(session.execute(stmt).all())


def of_all_listings(session: Session) -> Mapping[uuid.UUID, uuid.UUID]:
    """Every service and place that was merged away, with what stands for it: for counts over the whole directory."""
    stmt = select(RecordRedirect.old_id, RecordRedirect.new_id).where(RecordRedirect.kind.in_(("service", "location")))
    return dict(session.execute(stmt).all())


def of_keys(session: Session, keys: Iterable[ListingKey]) -> Mapping[ListingKey, ListingKey]:
    """The listings that stand where those of these keys stood; only keys of which a part was merged."""
    asked = list(keys)
    found = of(session, {part for key in asked for part in (key.service_id, key.location_id) if part})
    led = {key: ListingKey(found.get(key.service_id, key.service_id), _led(found, key.location_id)) for key in asked}
    return {key: to for key, to in led.items() if to != key}


def standing(session: Session, service_id: uuid.UUID, location_id: uuid.UUID | None) -> ListingKey:
    """The listing to write to: that of these ids, or the one that stands in its place."""
    asked = ListingKey(service_id, location_id)
    return of_keys(session, [asked]).get(asked, asked)


def _led(found: Mapping[uuid.UUID, uuid.UUID], location_id: uuid.UUID | None) -> uuid.UUID | None:
    return found.get(location_id, location_id) if location_id else None


def merged_into(session: Session, record_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, list[uuid.UUID]]:
    """The ids that were merged into each of these records."""
    stmt = select(RecordRedirect.new_id, RecordRedirect.old_id).where(RecordRedirect.new_id.in_(set(record_ids)))
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for new, old in session.execute(stmt.order_by(RecordRedirect.old_id)):
        found.setdefault(new, []).append(old)
    return found


def lead(
    session: Session,
    old_id: uuid.UUID,
    new_id: uuid.UUID,
    *,
    kind: str,
    merge_id: uuid.UUID,
    by: uuid.UUID | None,
    now: datetime,
) -> None:
    """From now on the old id leads to the new one."""
    session.add(RecordRedirect(old_id=old_id, new_id=new_id, kind=kind, merge_id=merge_id, at=now, by=by))
