"""Members we add that stand in tables of their own: room (x_availability), translations, and what was confirmed when.

Read here in a fixed number of queries; importers/beside.py takes them in again.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from resources_db import capacity
from resources_db.hsds.values import show_datetime
from resources_db.models.curation import CapacityStatement, FieldMark
from resources_db.models.directory import ListingText, Location, Service, ServiceAtLocation
from resources_db.repositories import listing_texts
from resources_db.vocab import FieldGroup

AVAILABILITY, TRANSLATIONS, CONFIRMED = "x_availability", "x_translations", "x_confirmed"
MEMBERS = frozenset({AVAILABILITY, TRANSLATIONS, CONFIRMED})
HOLDERS = frozenset({"service", "service_at_location", "location"})
Id = uuid.UUID
Beside = dict[Id, dict[str, object]]


def of(session: Session, services: Iterable[Id], links: Iterable[Id], locations: Iterable[Id]) -> Beside:
    """The added members by record id; a record without any is absent."""
    found: Beside = defaultdict(dict)
    service_ids, link_ids = list(services), list(links)
    _room(session, service_ids, link_ids, found)
    _words(session, service_ids, found)
    _confirmed(session, [*service_ids, *locations], found)
    return dict(found)


def on(day: date, members: dict[str, object]) -> dict[str, object]:
    """What still counts when the day begins: a word about room that ran out says nothing, never "open"."""
    room = members.get(AVAILABILITY)
    over = isinstance(room, dict) and str(room["counts_until"]) < f"{day.isoformat()}T00:00:00Z"
    return {name: value for name, value in members.items() if not (over and name == AVAILABILITY)}


def without(extra: Mapping[str, object]) -> dict[str, object]:
    """What a source added of its own; of ours only the tables speak."""
    return {name: value for name, value in extra.items() if name not in MEMBERS}


def _room(session: Session, services: list[Id], links: list[Id], found: Beside) -> None:
    """The newest word about room: of the service, or of the service at one place."""
    if not services and not links:
        return
    place = CapacityStatement.location_id
    newest = func.row_number().over(
        partition_by=(CapacityStatement.service_id, place),
        order_by=(CapacityStatement.said_at.desc(), CapacityStatement.id),
    )
    of_links = select(ServiceAtLocation.service_id).where(ServiceAtLocation.id.in_(links))
    wanted = or_(CapacityStatement.service_id.in_(services), CapacityStatement.service_id.in_(of_links))
    ranked = select(CapacityStatement, newest.label("rank")).where(wanted).subquery()
    said = aliased(CapacityStatement, ranked)
    link = select(ServiceAtLocation.id, ServiceAtLocation.service_id, ServiceAtLocation.location_id).where(
        ServiceAtLocation.id.in_(links)
    )
    at = {(service_id, location_id): row_id for row_id, service_id, location_id in session.execute(link)}
    stmt = select(said, Location.timezone).outerjoin(Location, Location.id == said.location_id)
    for row, timezone in session.execute(stmt.where(ranked.c.rank == 1)):
        holder = row.service_id if row.location_id is None else at.get((row.service_id, row.location_id))
        if holder is not None:
            found[holder][AVAILABILITY] = _said(row, capacity.ends_at(row, timezone or ""))


def _said(row: CapacityStatement, ends: datetime) -> dict[str, object]:
    """What was said, by which role, when, and until when it counts. A note may be private and stays here."""
    told: dict[str, object] = {"state": row.state.value}
    if row.until is not None:
        told["until"] = row.until.isoformat()
    if row.weeks is not None:
        told["weeks"] = row.weeks
    return {**told, "said_by": row.said_by, "said_at": show_datetime(row.said_at), "counts_until": show_datetime(ends)}


def _words(session: Session, services: list[Id], found: Beside) -> None:
    """Translations that a person has read, while the source still says the same."""
    if not services:
        return
    stmt = (
        select(ListingText, Service)
        .join(Service, Service.id == ListingText.record_id)
        .where(ListingText.record_id.in_(services), ListingText.state == listing_texts.REVIEWED)
        .order_by(ListingText.lang, ListingText.field)
    )
    for text, service in session.execute(stmt):
        source = getattr(service, text.field) if text.field in listing_texts.FIELDS else ""
        if source and text.source_hash == listing_texts.source_hash(source):
            words = found[service.id].setdefault(TRANSLATIONS, {})
            assert isinstance(words, dict)
            words.setdefault(text.lang, {})[text.field] = text.text


def _confirmed(session: Session, records: list[Id], found: Beside) -> None:
    """Which group of fields was confirmed when and how; by whom is nobody's business."""
    stmt = select(FieldMark).where(FieldMark.record_id.in_(records), FieldMark.confirmed_at.is_not(None))
    order = list(FieldGroup)
    for mark in sorted(session.scalars(stmt), key=lambda one: order.index(one.field_group)):
        if mark.confirmed_at is None:
            continue
        groups = found[mark.record_id].setdefault(CONFIRMED, {})
        assert isinstance(groups, dict)
        groups[mark.field_group.value] = {
            "at": show_datetime(mark.confirmed_at),
            **({"method": mark.confirmed_method.value} if mark.confirmed_method else {}),
        }
