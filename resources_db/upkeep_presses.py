"""What the directory team does with listings of its queue, one or many at once, and how it takes a press back.

A press has an id: everything it changed names it, so that one undo brings all of it back.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select

from resources_db import audit, freshness, history, reviews, search_log
from resources_db.base import new_id
from resources_db.models.curation import FieldMark
from resources_db.models.directory import Location, Service, ServiceAtLocation
from resources_db.models.upkeep import ListingReview, RecordHistory
from resources_db.tenancy import actor_of
from resources_db.vocab import ConfirmMethod, FieldGroup, FieldOrigin, ReviewState, ReviewWhy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from sqlalchemy.orm import Session

    from resources_db.base import JsonDict

TEAM = "directory team"
EVER = datetime.min.replace(tzinfo=UTC)


def confirm(session: Session, service_ids: Collection[uuid.UUID], *, now: datetime) -> uuid.UUID:
    """Somebody called: all of these listings is right, at all of their places. What was open about them is done."""
    press = new_id()
    for service_id, places in _places(session, service_ids).items():
        everywhere: list[uuid.UUID | None] = [*places] or [None]
        for place in everywhere:
            freshness.confirm(
                session,
                service_id=service_id,
                location_id=place,
                groups=freshness.SPOKEN_OF,
                method=ConfirmMethod.PHONE_CALL,
                origin=FieldOrigin.STAFF,
                by=actor_of(session).user_id,
                press=press,
                now=now,
            )
    for row in reviews.of_services(session, service_ids):
        row.state, row.closed_at, row.closed_by = ReviewState.DONE, now, actor_of(session).user_id
        row.undo_of = press
    session.flush()
    return press


def snooze(session: Session, service_ids: Collection[uuid.UUID], *, until: datetime, now: datetime) -> uuid.UUID:
    """Not now: these listings come back into the queue at `until`, or when somebody says something new of them."""
    press = new_id()
    for row in _open_rows(session, service_ids, press, now):
        row.state, row.until, row.undo_of = ReviewState.SNOOZED, until, press
    session.flush()
    return press


def assign(session: Session, service_ids: Collection[uuid.UUID], *, to: uuid.UUID, now: datetime) -> uuid.UUID:
    """Somebody takes these listings on."""
    press = new_id()
    for row in _open_rows(session, service_ids, press, now):
        row.assigned_to, row.undo_of = to, press
    session.flush()
    return press


def dismiss(session: Session, service_ids: Collection[uuid.UUID], *, now: datetime) -> uuid.UUID:
    """Looked at: nothing was wrong. No date of the listing changes, except that it was looked at."""
    press = new_id()
    for service_id in service_ids:
        freshness.looked(session, service_id=service_id, now=now)
    for row in reviews.of_services(session, service_ids):
        row.state, row.closed_at, row.closed_by = ReviewState.DISMISSED, now, actor_of(session).user_id
        row.undo_of = press
    _audit(session, service_ids, "listing_review.dismissed", now)
    search_log.touch(session, list(service_ids), now=now)
    return press


def take_back(session: Session, press: uuid.UUID, *, now: datetime) -> int:
    """Undo one press, whole; how many listings it was about."""
    touched = _restore_marks(session, press)
    for row in session.scalars(select(ListingReview).where(ListingReview.undo_of == press)).all():
        touched.add(row.service_id)
        if row.id == uuid.uuid5(press, str(row.service_id)):
            session.delete(row)
            continue
        row.state, row.until, row.assigned_to = ReviewState.OPEN, None, None
        row.closed_at, row.closed_by, row.undo_of = None, None, None
    _audit(session, touched, "listing_review.undone", now)
    search_log.touch(session, list(touched), now=now)
    session.flush()
    return len(touched)


def _open_rows(
    session: Session, service_ids: Collection[uuid.UUID], press: uuid.UUID, now: datetime
) -> Iterable[ListingReview]:
    """What is open about each of these services; one is opened for a listing that is only old."""
    rows = reviews.of_services(session, service_ids)
    known = {row.service_id for row in rows}
    for service_id in service_ids:
        if service_id not in known:
            made = ListingReview(
                id=uuid.uuid5(press, str(service_id)),
                service_id=service_id,
                why=ReviewWhy.OUTDATED,
                from_role=TEAM,
                opened_at=now,
                last_at=now,
            )
            session.add(made)
            rows.append(made)
    return rows


def _places(session: Session, service_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    held: dict[uuid.UUID, list[uuid.UUID]] = {service_id: [] for service_id in service_ids}
    links = select(ServiceAtLocation).where(
        ServiceAtLocation.service_id.in_(held), ServiceAtLocation.deleted_at.is_(None)
    )
    for link in session.scalars(links):
        held[link.service_id].append(link.location_id)
    return held


def _restore_marks(session: Session, press: uuid.UUID) -> set[uuid.UUID]:
    rows = session.scalars(
        select(RecordHistory)
        .where(RecordHistory.change_id == press, RecordHistory.action == history.CONFIRM)
        .order_by(RecordHistory.seq.desc())
    ).all()
    services: dict[uuid.UUID, str] = {}
    for row in rows:
        kept: JsonDict = row.kept or {}
        group = FieldGroup(row.field)
        mark = session.scalar(
            select(FieldMark).where(FieldMark.record_id == row.record_id, FieldMark.field_group == group)
        )
        if mark is not None and mark.confirmed_at == datetime.fromisoformat(row.new):  # nobody confirmed it since
            mark.confirmed_at = datetime.fromisoformat(row.old) if row.old else None
            mark.confirmed_by = uuid.UUID(str(kept["by"])) if kept.get("by") else None
            mark.confirmed_method = ConfirmMethod(str(kept["method"])) if kept.get("method") else None
            mark.origin = FieldOrigin(str(kept["origin"]))
        if row.service_id is not None:
            services[row.service_id] = str(kept.get("assured", ""))
    session.execute(delete(RecordHistory).where(RecordHistory.seq.in_([row.seq for row in rows])))
    session.flush()
    for service_id, assured in services.items():
        _say_again(session, service_id, assured)
    return set(services)


def _say_again(session: Session, service_id: uuid.UUID, assured: str) -> None:
    """The dates of the whole record follow its groups; those of its places theirs."""
    service = session.get_one(Service, service_id)
    places = _places(session, [service_id])[service_id]
    marks = session.scalars(select(FieldMark).where(FieldMark.record_id.in_([service_id, *places]))).all()
    _newest(service, [mark for mark in marks if mark.confirmed_at is not None])
    for place in places:
        own = [mark for mark in marks if mark.record_id == place and mark.confirmed_at is not None]
        _newest(session.get_one(Location, place), own)
    service.assured_date = date.fromisoformat(assured) if assured else None


def _newest(record: Service | Location, marks: list[FieldMark]) -> None:
    newest = max(marks, key=lambda mark: mark.confirmed_at or EVER, default=None)
    record.confirmed_at = newest.confirmed_at if newest else None
    record.confirmed_by = newest.confirmed_by if newest else None
    record.confirmed_method = newest.confirmed_method if newest else None


def _audit(session: Session, service_ids: Iterable[uuid.UUID], action: str, now: datetime) -> None:
    for service_id in service_ids:
        audit.record(session, action=action, subject_kind="service", subject_id=service_id, now=now)
