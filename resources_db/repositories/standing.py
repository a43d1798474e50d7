"""Reads and replaces the records of helping that search orders by. Counting them is the work of referrals."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db import search_log
from resources_db.listing_key import ListingKey
from resources_db.models.standing import ListingStanding

LEAST_KNOWN = 5
"""Below this nothing is written down: a count of few could tell about a person."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Of `known` people sent for this need, `helped` got help."""

    need: str
    helped: int
    known: int


@dataclass(frozen=True, slots=True)
class Subject:
    """A listing and the need that people were sent there for."""

    listing: ListingKey
    need: str


def of_services(session: Session, service_ids: Sequence[uuid.UUID]) -> Mapping[ListingKey, tuple[Standing, ...]]:
    """The records of these services' listings."""
    query = select(ListingStanding).where(ListingStanding.service_id.in_(service_ids)).order_by(ListingStanding.need)
    found: dict[ListingKey, tuple[Standing, ...]] = defaultdict(tuple)
    for row in session.scalars(query):
        key = ListingKey(row.service_id, row.location_id)
        found[key] = (*found[key], Standing(row.need, row.helped, row.known))
    return found


def replace_all(session: Session, counted: Mapping[Subject, Standing], *, now: datetime) -> int:
    """Make the table say this; rows that say it already stay untouched. Gives how many rows changed."""
    held = {Subject(ListingKey(row.service_id, row.location_id), row.need): row for row in _rows(session)}
    changed: set[Subject] = set()
    for subject in held.keys() - counted.keys():
        session.delete(held[subject])
        changed.add(subject)
    for subject, record in counted.items():
        row = held.get(subject)
        if row is None:
            session.add(_new(subject, record, now))
        elif (row.helped, row.known) != (record.helped, record.known):
            row.helped, row.known, row.as_of = record.helped, record.known, now
        else:
            continue
        changed.add(subject)
    search_log.touch(session, {subject.listing.service_id for subject in changed}, now=now)
    session.flush()
    return len(changed)


def held(session: Session) -> Mapping[Subject, Standing]:
    """Everything that is written down now."""
    return {
        Subject(ListingKey(row.service_id, row.location_id), row.need): Standing(row.need, row.helped, row.known)
        for row in _rows(session)
    }


def _rows(session: Session) -> Sequence[ListingStanding]:
    return session.scalars(select(ListingStanding)).all()


def _new(subject: Subject, record: Standing, now: datetime) -> ListingStanding:
    return ListingStanding(
        service_id=subject.listing.service_id,
        location_id=subject.listing.location_id,
        need=subject.need,
        helped=record.helped,
        known=record.known,
        as_of=now,
    )
