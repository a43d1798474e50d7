"""Proposed changes of listings. Proposing writes two tables of its own; the published record stays as it is.

A refused proposal leaves no trace in the published record: not in its text, dates or version, nor in search.
What the policy lets go live at once is `submitting`; the way back from a decision is `undoing`.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from resources_db import audit, history, publishing
from resources_db.listing_fields import FIELDS, BadFieldError
from resources_db.listing_key import ListingKey
from resources_db.models.curation import ListingChange, ListingChangeField
from resources_db.publishing import Hand, NotFoundError
from resources_db.repositories.listing import Listing
from resources_db.tenancy import actor_of
from resources_db.vocab import ChangeOrigin, ChangeState, Confidentiality, ConfirmMethod, FieldGroup, FieldOrigin

ACCEPTED, REJECTED, SUPERSEDED = "accepted", "rejected", "superseded"
BY_AGENCY = frozenset({ChangeOrigin.AGENCY_MEMBER, ChangeOrigin.AGENCY_LINK, ChangeOrigin.CAMPAIGN})
BY_TEAM = history.TEAM
"""The label of a change that the directory team itself proposes to a second person."""
_ROLES = {ChangeOrigin.NAVIGATOR: history.NAVIGATOR, ChangeOrigin.PATIENT_REPORT: history.PATIENT}


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
    """`value` replaces the proposed text; `seen` is the published text the reviewer had before them.

    `why` is told to the submitter.
    """

    accept: bool
    value: str | None = None
    seen: str | None = None
    why: str = ""


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
    changed = real_changes(listing, fields)
    if not changed:
        raise ProposalError("nothing_changed")
    supersede(session, listing, changed, submitter, submitter_label, now)
    change = ListingChange(
        service_id=listing.service_id,
        location_id=listing.location_id,
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


def real_changes(listing: Listing, fields: Mapping[str, str]) -> dict[str, str]:
    """What of it would change something. Raises BadFieldError for an unknown field or a text that cannot be."""
    return {name: text.strip() for name, text in fields.items() if _changes(listing, name, text)}


def _changes(listing: Listing, name: str, text: str) -> bool:
    field = FIELDS.get(name)
    if field is None:
        raise BadFieldError(name, "unknown_field")
    if text.strip() == field.read(listing).strip():
        return False
    if field.group == FieldGroup.PLACE and listing.confidentiality != Confidentiality.PUBLIC:
        raise BadFieldError(name, "confidential")
    if field.group == FieldGroup.PLACE and listing.location_id is None:
        raise BadFieldError(name, "no_place")
    if code := field.check(text):
        raise BadFieldError(name, code)
    return True


def supersede(
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
        else:
            close(older, older.decided_by, now)


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
    chosen = [(field, decision) for field, decision in chosen if field.decision is None]
    accepted = [(field, decision) for field, decision in chosen if decision.accept]
    for field, decision in accepted:
        _refuse_conflict(listing, field, decision)
    for field, decision in chosen:
        field.decision = ACCEPTED if decision.accept else REJECTED
        field.why = decision.why.strip()
    if accepted:
        texts = {field.field: _text(field, decision) for field, decision in accepted}
        publishing.publish(session, listing, texts, hand_of(change, by), now=now)
        for field, _decision in accepted:
            field.published = texts[field.field] if texts[field.field] != field.new else ""
    close(change, by, now)
    audit.record(session, action="proposal.decided", subject_kind="listing_change", subject_id=change.id, now=now)
    session.flush()
    return change


def _text(field: ListingChangeField, decision: Decision) -> str:
    return field.new if decision.value is None else decision.value.strip()


def _refuse_conflict(listing: Listing, field: ListingChangeField, decision: Decision) -> None:
    current = FIELDS[field.field].read(listing)
    if current.strip() != (field.old if decision.seen is None else decision.seen).strip():
        raise ConflictError(field.field, current)
    if decision.value is not None and (code := FIELDS[field.field].check(decision.value)):
        raise BadFieldError(field.field, code)


def hand_of(change: ListingChange, by: uuid.UUID | None) -> Hand:
    """Whose word a proposal is, once it is published."""
    if change.origin in BY_AGENCY:
        return Hand(history.AGENCY, FieldOrigin.AGENCY, ConfirmMethod.AGENCY_LINK, by, change.id)
    role = _ROLES.get(change.origin, history.TEAM) if change.submitter_label != BY_TEAM else history.TEAM
    if change.origin is ChangeOrigin.IMPORT:
        role = change.submitter_label or "import"
    return Hand(role, FieldOrigin.STAFF, ConfirmMethod.PHONE_CALL, by, change.id)


def close(change: ListingChange, by: uuid.UUID | None, now: datetime) -> None:
    """Settle the state of a proposal once each of its fields is decided."""
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
    try:
        return publishing.listing_of(session, ListingKey(service_id, location_id))
    except NotFoundError:
        raise ProposalError("not_found") from None
