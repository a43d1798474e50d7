"""Proposed changes of listings. Proposing writes two tables of its own; the published record stays as it is.

A refused proposal leaves no trace in the published record: not in its text, dates or version, nor in search.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from resources_db import audit, freshness, search_log
from resources_db.listing_fields import FIELDS, BadFieldError
from resources_db.listing_key import ListingKey
from resources_db.models.curation import ListingChange, ListingChangeField
from resources_db.models.directory import Location, Service
from resources_db.repositories import listings
from resources_db.repositories.listing import Listing
from resources_db.tenancy import actor_of
from resources_db.vocab import ChangeOrigin, ChangeState, Confidentiality, ConfirmMethod, FieldGroup, FieldOrigin

ACCEPTED, REJECTED, SUPERSEDED = "accepted", "rejected", "superseded"
_BY_AGENCY = {ChangeOrigin.AGENCY_MEMBER, ChangeOrigin.AGENCY_LINK, ChangeOrigin.CAMPAIGN}


class ProposalError(ValueError):
    """A proposal that cannot be made or decided; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ConflictError(ProposalError):
    """The published value is no longer the one the reviewer saw."""

    def __init__(self, field: str, current: str) -> None:
        super().__init__("conflict")
        self.field = field
        self.current = current


@dataclass(frozen=True, slots=True)
class Decision:
    """`value` replaces the proposed text; `seen` is the published text the reviewer had before them."""

    accept: bool
    value: str | None = None
    seen: str | None = None


def propose(
    session: Session,
    *,
    service_id: uuid.UUID,
    location_id: uuid.UUID | None = None,
    fields: Mapping[str, str],
    origin: ChangeOrigin,
    submitter: uuid.UUID | None = None,
    submitter_label: str = "",
    note: str = "",
    now: datetime,
) -> ListingChange:
    """Keep a proposal; raises BadFieldError for a text that cannot be, ProposalError when nothing would change."""
    listing = _listing(session, service_id, location_id)
    changed = {name: text.strip() for name, text in fields.items() if _changes(listing, name, text)}
    if not changed:
        raise ProposalError("nothing_changed")
    _supersede(session, listing, changed, submitter, submitter_label, now)
    change = ListingChange(
        service_id=service_id,
        location_id=location_id,
        base_version=listing.version,
        origin=origin,
        submitter_id=submitter,
        submitter_label=submitter_label,
        note=note,
        state=ChangeState.OPEN,
        created_at=now,
        fields=[
            ListingChangeField(field=name, old=FIELDS[name].read(listing), new=text) for name, text in changed.items()
        ],
    )
    session.add(change)
    session.flush()
    return change


def _changes(listing: Listing, name: str, text: str) -> bool:
    """Is this a real change of a known field? Raises BadFieldError for one that cannot be."""
    field = FIELDS.get(name)
    if field is None:
        raise BadFieldError(name, "unknown_field")
    if text.strip() == field.read(listing).strip():
        return False
    if field.group == FieldGroup.PLACE and listing.confidentiality != Confidentiality.PUBLIC:
        raise BadFieldError(name, "confidential")
    if code := field.check(text):
        raise BadFieldError(name, code)
    return True


def _supersede(
    session: Session,
    listing: Listing,
    changed: Mapping[str, str],
    submitter: uuid.UUID | None,
    label: str,
    now: datetime,
) -> None:
    """A newer word of the same person about the same field replaces the older one."""
    if submitter is None and not label:
        return
    stmt = _open_of(listing.service_id, listing.location_id).where(
        ListingChange.submitter_id == submitter, ListingChange.submitter_label == label
    )
    for older in session.scalars(stmt):
        for field in older.fields:
            if field.field in changed and field.decision is None:
                field.decision = SUPERSEDED
        if all(field.decision == SUPERSEDED for field in older.fields):
            older.state, older.decided_at = ChangeState.SUPERSEDED, now


def _open_of(service_id: uuid.UUID, location_id: uuid.UUID | None) -> Select[ListingChange]:
    return (
        select(ListingChange)
        .where(
            ListingChange.service_id == service_id,
            ListingChange.location_id.is_(None) if location_id is None else ListingChange.location_id == location_id,
            ListingChange.state == ChangeState.OPEN,
        )
        .options(selectinload(ListingChange.fields))
    )


def waiting(session: Session) -> list[ListingChange]:
    """Open proposals, the oldest first."""
    stmt = select(ListingChange).where(ListingChange.state == ChangeState.OPEN)
    stmt = stmt.options(selectinload(ListingChange.fields)).order_by(ListingChange.created_at, ListingChange.id)
    return list(session.scalars(stmt))


def get(session: Session, change_id: uuid.UUID) -> ListingChange | None:
    """One proposal with its fields."""
    stmt = select(ListingChange).where(ListingChange.id == change_id).options(selectinload(ListingChange.fields))
    return session.scalar(stmt)


def listing_of(session: Session, change: ListingChange) -> Listing:
    """What is published now of the listing a proposal is about."""
    return _listing(session, change.service_id, change.location_id)


def decide(
    session: Session, change_id: uuid.UUID, *, decisions: Mapping[str, Decision], by: uuid.UUID | None, now: datetime
) -> ListingChange:
    """Accept or reject field by field; a field not named stays open. On ConflictError nothing is written."""
    change = get(session, change_id)
    if change is None:
        raise ProposalError("not_found")
    if change.state != ChangeState.OPEN:
        raise ProposalError("already_decided")
    if by is not None and by == change.submitter_id:
        raise ProposalError("own_change")
    listing = listing_of(session, change)
    chosen = [(field, decisions[field.field]) for field in change.fields if field.field in decisions]
    accepted = [(field, decision) for field, decision in chosen if decision.accept]
    for field, decision in accepted:
        _refuse_conflict(listing, field, decision)
    for field, decision in chosen:
        field.decision = ACCEPTED if decision.accept else REJECTED
    if accepted:
        _publish(session, listing, change, accepted, by, now)
    _close(change, by, now)
    audit.record(session, action="proposal.decided", subject_kind="listing_change", subject_id=change.id, now=now)
    session.flush()
    return change


def _refuse_conflict(listing: Listing, field: ListingChangeField, decision: Decision) -> None:
    current = FIELDS[field.field].read(listing)
    if current.strip() != (field.old if decision.seen is None else decision.seen).strip():
        raise ConflictError(field.field, current)
    if decision.value is not None and (code := FIELDS[field.field].check(decision.value)):
        raise BadFieldError(field.field, code)


def _publish(
    session: Session,
    listing: Listing,
    change: ListingChange,
    accepted: list[tuple[ListingChangeField, Decision]],
    by: uuid.UUID | None,
    now: datetime,
) -> None:
    for field, decision in accepted:
        text = field.new if decision.value is None else decision.value
        FIELDS[field.field].write(session, listing, text)
        field.new = text
    groups = list(dict.fromkeys(FIELDS[field.field].group for field, _ in accepted))
    by_agency = change.origin in _BY_AGENCY
    freshness.confirm(
        session,
        service_id=listing.service_id,
        location_id=listing.location_id,
        groups=groups,
        method=ConfirmMethod.AGENCY_LINK if by_agency else ConfirmMethod.PHONE_CALL,
        origin=FieldOrigin.AGENCY if by_agency else FieldOrigin.STAFF,
        by=by,
        now=now,
    )
    _edited(session, listing, groups, now)
    search_log.touch(session, [listing.service_id], now=now)


def _edited(session: Session, listing: Listing, groups: list[FieldGroup], now: datetime) -> None:
    service = session.get_one(Service, listing.service_id)
    service.version += 1
    service.edited_at = service.last_modified = now
    if FieldGroup.PLACE in groups and listing.location_id:
        place = session.get_one(Location, listing.location_id)
        place.version += 1
        place.edited_at = now


def _close(change: ListingChange, by: uuid.UUID | None, now: datetime) -> None:
    decisions = {field.decision for field in change.fields if field.decision != SUPERSEDED}
    if None in decisions:
        return
    change.state = (
        ChangeState.PARTLY
        if {ACCEPTED, REJECTED} <= decisions
        else ChangeState.APPROVED
        if ACCEPTED in decisions
        else ChangeState.REJECTED
    )
    change.decided_at, change.decided_by = now, by


def withdraw(session: Session, change_id: uuid.UUID, *, now: datetime) -> ListingChange:
    """The submitter takes a proposal back."""
    change = get(session, change_id)
    if change is None or change.state != ChangeState.OPEN:
        raise ProposalError("not_found" if change is None else "already_decided")
    change.state, change.decided_at, change.decided_by = ChangeState.WITHDRAWN, now, actor_of(session).user_id
    session.flush()
    return change


def _listing(session: Session, service_id: uuid.UUID, location_id: uuid.UUID | None) -> Listing:
    found = listings.get(session, ListingKey(service_id, location_id), include_staff=True)
    if found is None:
        raise ProposalError("not_found")
    return found
