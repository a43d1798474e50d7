"""What the directory team does to one listing by hand: edits, locks, notes, shows or hides it.

Phone, address and who can go are never changed by one person alone: those become a proposal for a colleague.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db import audit, freshness, history, proposals, publishing, search_log
from resources_db.base import new_id
from resources_db.history import About
from resources_db.listing_key import ListingKey
from resources_db.models.curation import FieldMark, ListingChange
from resources_db.models.directory import Location, Service
from resources_db.models.imports import StaffNote
from resources_db.proposals import ProposalError
from resources_db.publishing import Hand
from resources_db.tenancy import actor_of
from resources_db.vocab import ChangeOrigin, ConfirmMethod, FieldGroup, FieldOrigin, Visibility

SECOND_PERSON = frozenset(
    {"phone", "address_1", "address_2", "city", "state", "postal_code", "eligibility", "minimum_age", "maximum_age"}
)
METHODS = (ConfirmMethod.PHONE_CALL, ConfirmMethod.VISIT, ConfirmMethod.WEBSITE)


@dataclass(frozen=True, slots=True)
class Edited:
    """`press` undoes what was published; `waiting` is what a colleague decides."""

    press: uuid.UUID | None
    waiting: ListingChange | None


def edit(
    session: Session, key: ListingKey, fields: Mapping[str, str], *, method: ConfirmMethod, now: datetime
) -> Edited:
    """Publish what one person may, propose the rest. Raises BadFieldError, ProposalError when nothing changes."""
    listing = publishing.listing_of(session, key)
    changed = proposals.real_changes(listing, fields)
    if not changed:
        raise ProposalError("nothing_changed")
    by = actor_of(session).user_id
    alone = {name: text for name, text in changed.items() if name not in SECOND_PERSON}
    press = new_id() if alone else None
    if alone:
        hand = Hand(history.TEAM, FieldOrigin.STAFF, method, by, press)
        publishing.publish(session, listing, alone, hand, now=now)
        detail: dict[str, object] = {"fields": sorted(alone)}
        audit.record(
            session, action="listing.edited", subject_kind="service", subject_id=key.service_id, now=now, detail=detail
        )
    together = {name: text for name, text in changed.items() if name in SECOND_PERSON}
    if not together:
        return Edited(press, None)
    waiting = proposals.propose(
        session,
        service_id=key.service_id,
        location_id=key.location_id,
        fields=together,
        origin=ChangeOrigin.NAVIGATOR,
        submitter=by,
        submitter_label=proposals.BY_TEAM,
        now=now,
    )
    return Edited(press, waiting)


def checked(
    session: Session, key: ListingKey, groups: list[FieldGroup], *, method: ConfirmMethod, now: datetime
) -> uuid.UUID:
    """Somebody checked these groups and found them right; gives the press that takes it back."""
    press = new_id()
    freshness.confirm(
        session,
        service_id=key.service_id,
        location_id=key.location_id,
        groups=groups,
        method=method,
        origin=FieldOrigin.STAFF,
        by=actor_of(session).user_id,
        press=press,
        now=now,
    )
    return press


def lock(session: Session, key: ListingKey, group: FieldGroup, *, on: bool, now: datetime) -> None:
    """Whether an import may change this group of the listing."""
    holder, kind = holder_of(key, group)
    if on:
        freshness.lock(session, record_id=holder, record_kind=kind, group=group)
    else:
        stmt = select(FieldMark).where(FieldMark.record_id == holder, FieldMark.field_group == group)
        for mark in session.scalars(stmt):
            mark.locked = False
    _tell(session, key, "locked." + group.value, "" if on else "yes", "yes" if on else "", now)


def holder_of(key: ListingKey, group: FieldGroup) -> tuple[uuid.UUID, str]:
    """The record whose mark counts for a group: the place for PLACE, else the service."""
    if group is FieldGroup.PLACE and key.location_id is not None:
        return key.location_id, "location"
    return key.service_id, "service"


def show_or_hide(session: Session, key: ListingKey, wanted: Visibility, *, now: datetime) -> None:
    """Who may see the service: everybody, staff, nobody. Raises LookupError for an unknown one."""
    service = session.get(Service, key.service_id)
    if service is None or service.deleted_at is not None:
        raise publishing.NotFoundError(str(key))
    before = service.visibility
    if before is wanted:
        return
    service.visibility, service.version = wanted, service.version + 1
    service.edited_at = service.last_modified = now
    _tell(session, key, "visibility", before.value, wanted.value, now)
    search_log.touch(session, [key.service_id], now=now)


def write_note(session: Session, key: ListingKey, text: str, *, now: datetime) -> StaffNote:
    """What only the team reads."""
    row = StaffNote(
        record_kind="service",
        record_id=key.service_id,
        kind="note",
        text=text.strip(),
        source=history.TEAM,
        at=now,
        actor_id=actor_of(session).user_id,
    )
    session.add(row)
    session.flush()
    return row


def notes(session: Session, key: ListingKey, *, most: int) -> list[StaffNote]:
    """Notes of the service and its place, the newest first."""
    ids = [one for one in (key.service_id, key.location_id) if one is not None]
    stmt = select(StaffNote).where(StaffNote.record_id.in_(ids)).order_by(StaffNote.at.desc(), StaffNote.id)
    return list(session.scalars(stmt.limit(most)))


def hidden(session: Session, key: ListingKey) -> Service | None:
    """A service that nobody sees, so that the team can show it again."""
    service = session.get(Service, key.service_id)
    gone = service is None or service.deleted_at is not None or service.visibility is not Visibility.HIDDEN
    place = session.get(Location, key.location_id) if key.location_id else None
    return None if gone or (key.location_id is not None and place is None) else service


def _tell(session: Session, key: ListingKey, field: str, old: str, new: str, now: datetime) -> None:
    about = About("service", key.service_id, history.TEAM, key.service_id, key.location_id)
    history.record(session, about, [(field, old, new)], now=now)
    audit.record(
        session, action="listing.edited", subject_kind="service", subject_id=key.service_id, now=now,
        detail={"fields": [field]},
    )  # fmt: skip
    session.flush()
