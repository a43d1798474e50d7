"""Three dates kept apart: edited, looked at, confirmed. Who vouched for which group of fields, and how old that is.

Editing is not confirming: only a person's "this is right" makes a group fresh.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db import audit, history, reviews, search_log
from resources_db.models.curation import FieldMark
from resources_db.models.directory import Location, Service, ServiceAtLocation
from resources_db.vocab import ConfirmMethod, FieldGroup, FieldOrigin

RELIED_ON = (FieldGroup.CONTACT, FieldGroup.HOURS)
"""What a patient relies on first: the worse of the two is the listing's grade."""
SPOKEN_OF = tuple(group for group in FieldGroup if group is not FieldGroup.CAPACITY)
"""Groups that are confirmed; a word about room has an age and an end of its own."""
_M = TypeVar("_M", bound="Marked")
_STRENGTH = {FieldOrigin.IMPORT: 0, FieldOrigin.AGENCY: 1, FieldOrigin.STAFF: 2}


class Dated(Protocol):
    """A service, as far as its confirmation as a whole goes."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def confirmed_at(self) -> datetime | None: ...
    @property
    def confirmed_method(self) -> ConfirmMethod | None: ...


class Marked(Protocol):
    """Who vouched for one group of a record, and when."""

    @property
    def record_id(self) -> uuid.UUID: ...
    @property
    def field_group(self) -> FieldGroup: ...
    @property
    def confirmed_at(self) -> datetime | None: ...


class Grade(StrEnum):
    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"
    NEVER = "never"


class _Limits:
    fresh = timedelta(days=180)
    ageing = timedelta(days=365)


def use_limits(fresh_days: int, ageing_days: int) -> None:
    """Up to how many days a confirmation counts as fresh, and as ageing; wiring says it once a process."""
    _Limits.fresh, _Limits.ageing = timedelta(days=fresh_days), timedelta(days=ageing_days)


def limits() -> tuple[timedelta, timedelta]:
    """Up to when something is fresh, and up to when it is only ageing."""
    return _Limits.fresh, _Limits.ageing


@dataclass(frozen=True, slots=True)
class GroupFreshness:
    grade: Grade
    confirmed_at: datetime | None = None
    method: ConfirmMethod | None = None
    origin: FieldOrigin | None = None
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Freshness:
    """`grade` is the worse of contact and hours: what a patient relies on first."""

    groups: Mapping[FieldGroup, GroupFreshness]
    grade: Grade
    edited_at: datetime
    looked_at: datetime | None
    confirmed_at: datetime | None


def grade(confirmed_at: datetime | None, now: datetime) -> Grade:
    if confirmed_at is None:
        return Grade.NEVER
    age = now - confirmed_at
    return Grade.FRESH if age <= _Limits.fresh else Grade.AGEING if age <= _Limits.ageing else Grade.STALE


def worst(grades: Iterable[Grade]) -> Grade:
    """The grade of the whole is that of its worst part."""
    return max(grades, key=list(Grade).index)


def of_listing(session: Session, service_id: uuid.UUID, location_id: uuid.UUID | None, *, now: datetime) -> Freshness:
    """How fresh each group of a listing is."""
    service = session.get_one(Service, service_id)
    marks = _marks(session, service_id, location_id)
    whole = _whole_record(service, marks)
    groups: dict[FieldGroup, GroupFreshness] = {one: _group(marks.get(one), whole, now) for one in SPOKEN_OF}
    grade_of_all = worst(groups[group].grade for group in RELIED_ON)
    return Freshness(groups, grade_of_all, service.edited_at, service.looked_at, service.confirmed_at)


def dates(service: Dated, marks: Iterable[Marked], location_id: uuid.UUID | None) -> dict[FieldGroup, datetime]:
    """When each group of a listing was last confirmed, from marks already loaded; a group nobody spoke of is left out.

    `marks` may hold those of other places too.
    """
    own = _own(marks, service.id, location_id)
    whole = _whole_record(service, own).confirmed_at
    said = {group: max(filter(None, (whole, _confirmed(own.get(group)))), default=None) for group in SPOKEN_OF}
    return {group: at for group, at in said.items() if at is not None}


def _confirmed(mark: Marked | None) -> datetime | None:
    return mark.confirmed_at if mark is not None else None


def _whole_record(service: Dated, marks: Mapping[FieldGroup, Marked]) -> GroupFreshness:
    """A source may say that it verified the record as a whole: that counts for every group nobody else spoke of."""
    counts = not marks or service.confirmed_method == ConfirmMethod.IMPORT
    at = service.confirmed_at if counts else None
    return GroupFreshness(Grade.NEVER, at, service.confirmed_method if at else None, FieldOrigin.IMPORT)


def _group(mark: FieldMark | None, whole: GroupFreshness, now: datetime) -> GroupFreshness:
    locked = mark is not None and mark.locked
    if mark is None or mark.confirmed_at is None or (whole.confirmed_at and whole.confirmed_at > mark.confirmed_at):
        return replace(whole, grade=grade(whole.confirmed_at, now), locked=locked)
    return GroupFreshness(
        grade(mark.confirmed_at, now), mark.confirmed_at, mark.confirmed_method, mark.origin, mark.locked
    )


def confirm(
    session: Session,
    *,
    service_id: uuid.UUID,
    location_id: uuid.UUID | None = None,
    groups: Iterable[FieldGroup],
    method: ConfirmMethod,
    origin: FieldOrigin,
    by: uuid.UUID | None = None,
    press: uuid.UUID | None = None,
    now: datetime,
) -> None:
    """Somebody said that these groups are right. From now on no import overwrites them.

    `press` names what was pressed, so that it can be taken back as one (`take_back`).
    """
    service = session.get_one(Service, service_id)
    marks = _marks(session, service_id, location_id)
    if not marks:
        _split(session, service, location_id)
        marks = _marks(session, service_id, location_id)
    groups = list(dict.fromkeys(groups))
    for group in groups:
        marks[group] = _mark(session, marks.get(group), service_id, location_id, group)
        mark = marks[group]
        _remember(session, mark, service, location_id, origin, press, now)
        mark.confirmed_at, mark.confirmed_by, mark.confirmed_method = now, by, method
        if _STRENGTH[origin] >= _STRENGTH[mark.origin]:
            mark.origin = origin
        if group == FieldGroup.PLACE and location_id:
            _say(session.get_one(Location, location_id), method, by, now)
    _say(service, method, by, now)
    session.flush()
    _assure(session, service)
    reviews.settle(session, service_id=service_id, location_id=location_id, groups=groups, press=press, now=now)
    audit.record(
        session, action="listing.confirmed", subject_kind="service", subject_id=service_id, now=now,
        detail={"groups": [group.value for group in groups], "method": method.value, "by": origin.value},
    )  # fmt: skip
    search_log.touch(session, [service_id], now=now)
    session.flush()


def _remember(
    session: Session,
    mark: FieldMark,
    service: Service,
    location_id: uuid.UUID | None,
    origin: FieldOrigin,
    press: uuid.UUID | None,
    now: datetime,
) -> None:
    """The history says that the group was confirmed, by which role, and keeps what stood there before."""
    role = history.TEAM if origin is FieldOrigin.STAFF else history.AGENCY
    about = history.About(
        mark.record_kind, mark.record_id, role, service_id=service.id, location_id=location_id, change_id=press
    )
    before = mark.confirmed_at.isoformat() if mark.confirmed_at else ""
    for row in history.record(
        session, about, [(mark.field_group.value, before, now.isoformat())], action=history.CONFIRM, now=now
    ):
        row.kept = {
            "by": str(mark.confirmed_by or ""),
            "method": (mark.confirmed_method or ""),
            "origin": mark.origin.value,
            "assured": str(service.assured_date or ""),
        }


def _assure(session: Session, service: Service) -> None:
    """`assured_date`: the oldest confirmation of contact, hours and every place; none while one of them has none."""
    places = select(ServiceAtLocation.location_id).where(
        ServiceAtLocation.service_id == service.id, ServiceAtLocation.deleted_at.is_(None)
    )
    held = list(session.scalars(places))
    needed = [(service.id, group) for group in RELIED_ON] + [(place, FieldGroup.PLACE) for place in held]
    marks = session.scalars(select(FieldMark).where(FieldMark.record_id.in_([service.id, *held])))
    known = {(mark.record_id, mark.field_group): mark.confirmed_at for mark in marks}
    said = [at for one in needed if (at := known.get(one)) is not None]
    if len(said) == len(needed):
        service.assured_date = min(said).date()


def _split(session: Session, service: Service, location_id: uuid.UUID | None) -> None:
    """The first word about one group: what was known of the whole record stays known of the others."""
    if service.confirmed_at is None:
        return
    for group in FieldGroup:
        mark = _mark(session, None, service.id, location_id, group)
        mark.confirmed_at, mark.confirmed_method = service.confirmed_at, service.confirmed_method
    session.flush()  # read again by the caller


def looked(session: Session, *, service_id: uuid.UUID, now: datetime) -> None:
    """Somebody opened the record to check it, and said nothing yet."""
    session.get_one(Service, service_id).looked_at = now


def lock(session: Session, *, record_id: uuid.UUID, record_kind: str, group: FieldGroup) -> FieldMark:
    """Keep a group as it is, whatever an import brings."""
    mark = session.scalar(select(FieldMark).where(FieldMark.record_id == record_id, FieldMark.field_group == group))
    if mark is None:
        mark = FieldMark(record_id=record_id, record_kind=record_kind, field_group=group, origin=FieldOrigin.STAFF)
        session.add(mark)
    mark.locked = True
    session.flush()
    return mark


def _say(record: Service | Location, method: ConfirmMethod, by: uuid.UUID | None, now: datetime) -> None:
    record.confirmed_at, record.confirmed_by, record.confirmed_method = now, by, method


def _marks(session: Session, service_id: uuid.UUID, location_id: uuid.UUID | None) -> dict[FieldGroup, FieldMark]:
    """Marks of the listing: the place's own for PLACE, the service's for the rest."""
    ids = [one for one in (service_id, location_id) if one]
    return _own(session.scalars(select(FieldMark).where(FieldMark.record_id.in_(ids))), service_id, location_id)


def _own(marks: Iterable[_M], service_id: uuid.UUID, location_id: uuid.UUID | None) -> dict[FieldGroup, _M]:
    return {
        mark.field_group: mark for mark in marks if mark.record_id == _holder(mark.field_group, service_id, location_id)
    }


def _holder(group: FieldGroup, service_id: uuid.UUID, location_id: uuid.UUID | None) -> uuid.UUID:
    return location_id if group == FieldGroup.PLACE and location_id else service_id


def _mark(
    session: Session, known: FieldMark | None, service_id: uuid.UUID, location_id: uuid.UUID | None, group: FieldGroup
) -> FieldMark:
    if known is not None:
        return known
    holder = _holder(group, service_id, location_id)
    kind = "location" if holder == location_id else "service"
    mark = FieldMark(record_id=holder, record_kind=kind, field_group=group, origin=FieldOrigin.IMPORT, locked=False)
    session.add(mark)
    return mark
