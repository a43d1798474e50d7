"""The one door through which words of people reach the published record, and the way back.

Each field that changed stands in the history with the rows behind it, so that an undo is exact.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db import freshness, history, listing_parts, search_log
from resources_db.history import About
from resources_db.listing_fields import FIELDS, BadFieldError
from resources_db.listing_key import ListingKey
from resources_db.listing_writes import Said
from resources_db.models.curation import CapacityStatement
from resources_db.models.directory import Location, Service
from resources_db.models.upkeep import RecordHistory
from resources_db.repositories import listings
from resources_db.repositories.listing import Listing
from resources_db.tenancy import actor_of
from resources_db.vocab import Confidentiality, ConfirmMethod, FieldGroup, FieldOrigin


class NotFoundError(LookupError):
    """There is no such listing, or it was withdrawn."""


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose word is published: a role for the history, and how it vouches for the groups it touches.

    `change_id` names what was pressed: all that it brought is taken back together.
    """

    role: str
    origin: FieldOrigin
    method: ConfirmMethod
    by: uuid.UUID | None = None
    change_id: uuid.UUID | None = None


def listing_of(session: Session, key: ListingKey) -> Listing:
    """What is published now, for staff. Raises NotFoundError."""
    found = listings.get(session, key, include_staff=True)
    if found is None:
        raise NotFoundError(str(key))
    return found


def publish(session: Session, listing: Listing, texts: Mapping[str, str], hand: Hand, *, now: datetime) -> None:
    """Write these fields, confirm their groups, keep the history. Raises BadFieldError."""
    for name, text in texts.items():
        _refuse(listing, name, text)
    before = {name: FIELDS[name].read(listing) for name in texts}
    kept = {name: _held(session, listing, name) for name in texts}
    said = Said(hand.role, now, actor_of(session).user_id)
    for name, text in texts.items():
        FIELDS[name].write(session, listing, text, said)
    groups = _groups(texts)
    _confirm(session, listing, [group for group in groups if group is not FieldGroup.CAPACITY], hand, now)
    _edited(session, listing, groups, now)
    after = listing_of(session, listing.key)
    about = _about(listing, hand)
    for name in texts:
        for row in history.record(session, about, [(name, before[name], FIELDS[name].read(after))], now=now):
            row.kept = {"rows": kept[name]} if kept[name] is not None else None
    search_log.touch(session, [listing.service_id], now=now)
    session.flush()


def put_back(session: Session, listing: Listing, rows: Sequence[RecordHistory], *, role: str, now: datetime) -> None:
    """Instead of what these rows of the history brought, what stood there before; each is a new row that says so."""
    said = Said(role, now, actor_of(session).user_id)
    fields = [row for row in rows if is_field(row)]
    now_there = {row.field: _held(session, listing, row.field) for row in fields}
    for row in fields:
        _restore(session, listing, row, said)
    _edited(session, listing, _groups([row.field for row in fields]), now)
    for row in fields:
        about = About(
            row.record_kind, row.record_id, role, listing.service_id, listing.location_id, row.change_id, undoes=row.id
        )
        [new] = history.record(session, about, [(row.field, row.new, row.old)], now=now)
        new.kept = {"rows": now_there[row.field]} if now_there[row.field] is not None else None
    search_log.touch(session, [listing.service_id], now=now)
    session.flush()


def is_field(row: RecordHistory) -> bool:
    """A field that people edit, changed in words: neither a confirmation nor what made or ended a record."""
    return row.action == "update" and row.field in FIELDS and row.record_kind == "service"


def differs(listing: Listing, rows: Iterable[RecordHistory]) -> RecordHistory | None:
    """The first of these changes that somebody has changed again since: an undo would lose that."""
    return next(
        (row for row in rows if is_field(row) and FIELDS[row.field].read(listing).strip() != row.new.strip()),
        None,
    )


def _refuse(listing: Listing, name: str, text: str) -> None:
    field = FIELDS.get(name)
    if field is None:
        raise BadFieldError(name, "unknown_field")
    if field.group is FieldGroup.PLACE and listing.confidentiality is not Confidentiality.PUBLIC:
        raise BadFieldError(name, "confidential")
    if field.group is FieldGroup.PLACE and listing.location_id is None:
        raise BadFieldError(name, "no_place")
    if code := field.check(text):
        raise BadFieldError(name, code)


def _held(session: Session, listing: Listing, name: str) -> list[object] | None:
    held = FIELDS[name].held
    return listing_parts.keep(held(session, listing)) if held is not None else None


def _restore(session: Session, listing: Listing, row: RecordHistory, said: Said) -> None:
    field = FIELDS[row.field]
    if row.field == "room":
        _unsay_room(session, listing, row)
    elif field.held is not None and row.kept is not None:
        listing_parts.put_back(session, field.held(session, listing), row.kept.get("rows"))
    else:
        field.write(session, listing, row.old, said)


def _unsay_room(session: Session, listing: Listing, row: RecordHistory) -> None:
    """A word about room that was a mistake never counted: the one before it is the newest again."""
    stmt = select(CapacityStatement).where(
        CapacityStatement.service_id == listing.service_id, CapacityStatement.said_at == row.at
    )
    for statement in session.scalars(stmt).all():
        session.delete(statement)


def _groups(names: Iterable[str]) -> list[FieldGroup]:
    return list(dict.fromkeys(FIELDS[name].group for name in names))


def _about(listing: Listing, hand: Hand) -> About:
    return About(
        "service", listing.service_id, hand.role, listing.service_id, listing.location_id, change_id=hand.change_id
    )


def _confirm(session: Session, listing: Listing, groups: list[FieldGroup], hand: Hand, now: datetime) -> None:
    if groups:
        freshness.confirm(
            session,
            service_id=listing.service_id,
            location_id=listing.location_id,
            groups=groups,
            method=hand.method,
            origin=hand.origin,
            by=hand.by,
            press=hand.change_id,
            now=now,
        )


def _edited(session: Session, listing: Listing, groups: list[FieldGroup], now: datetime) -> None:
    if set(groups) <= {FieldGroup.CAPACITY}:
        return  # a word about room has its own date
    service = session.get_one(Service, listing.service_id)
    service.version += 1
    service.edited_at = service.last_modified = now
    if FieldGroup.PLACE in groups and listing.location_id:
        place = session.get_one(Location, listing.location_id)
        place.version += 1
        place.edited_at = now
    session.flush()
