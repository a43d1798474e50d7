"""A proposal meets the policy: what may go live does, and is logged as such; the rest waits for a person."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from resources_db import audit, listing_writes, policy, policy_table, proposals, publishing, reviews
from resources_db.listing_fields import FIELDS
from resources_db.listing_key import ListingKey
from resources_db.models.curation import ListingChange
from resources_db.policy import Case, Sample
from resources_db.proposals import ACCEPTED, ProposalError
from resources_db.publishing import NotFoundError
from resources_db.repositories.listing import Listing
from resources_db.vocab import ChangeOrigin, ChangeState, PolicyDecision, ReviewWhy


@dataclass(frozen=True, slots=True)
class Sender:
    """Who proposes. `verified`: an account that has shown that the listing is its own."""

    origin: ChangeOrigin
    user_id: uuid.UUID | None = None
    label: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Submitted:
    """What went live at once and what waits; either may be nothing, not both."""

    live: ListingChange | None
    waiting: ListingChange | None


def submit(
    session: Session,
    key: ListingKey,
    fields: Mapping[str, str],
    sender: Sender,
    *,
    note: str = "",
    now: datetime,
    sampled: Sample = policy.is_sampled,
) -> Submitted:
    """Propose, and publish what the policy lets through. Raises BadFieldError, ProposalError when nothing changes.

    `sampled` says of the number of a random id whether a person looks at that change afterwards.
    """
    try:
        listing = publishing.listing_of(session, key)
    except NotFoundError:
        raise ProposalError("not_found") from None
    changed = proposals.real_changes(listing, fields)
    if not changed:
        raise ProposalError("nothing_changed")
    judged = policy.judge(_case(listing, changed, sender, now), policy_table.current(session))
    at_once = {name: text for name, text in changed.items() if judged[name] is not PolicyDecision.REVIEW}
    later = {name: text for name, text in changed.items() if name not in at_once}
    live = _live(session, listing, at_once, sender, note, now) if at_once else None
    waiting = None
    if later:
        waiting = proposals.propose(
            session,
            service_id=key.service_id,
            location_id=key.location_id,
            fields=later,
            origin=sender.origin,
            submitter=sender.user_id,
            submitter_label=sender.label,
            note=note,
            now=now,
        )
    if live is not None and PolicyDecision.SAMPLED in judged.values() and sampled(live.id.int):
        _look_at(session, live, now)
    return Submitted(live, waiting)


def _case(listing: Listing, changed: Mapping[str, str], sender: Sender, now: datetime) -> Case:
    until = changed.get("alert_until")
    return Case(
        old={name: FIELDS[name].read(listing) for name in changed},
        new=changed,
        origin=sender.origin,
        sensitive=listing.sensitive,
        verified=sender.verified,
        alert_until=listing_writes.day(until) if until is not None else listing.alert_until,
        today=now.astimezone(ZoneInfo(listing.timezone)).date(),
    )


def _live(
    session: Session, listing: Listing, fields: Mapping[str, str], sender: Sender, note: str, now: datetime
) -> ListingChange:
    """The proposal of these fields, approved by the policy in the moment it is made."""
    change = proposals.propose(
        session,
        service_id=listing.service_id,
        location_id=listing.location_id,
        fields=fields,
        origin=sender.origin,
        submitter=sender.user_id,
        submitter_label=sender.label,
        note=note,
        now=now,
    )
    publishing.publish(session, listing, fields, proposals.hand_of(change, sender.user_id), now=now)
    for field in change.fields:
        field.decision = ACCEPTED
    change.state, change.decided_at, change.by_policy = ChangeState.APPROVED, now, True
    audit.record(session, action="proposal.by_policy", subject_kind="listing_change", subject_id=change.id, now=now)
    session.flush()
    return change


def _look_at(session: Session, change: ListingChange, now: datetime) -> None:
    reviews.open_review(
        session,
        service_id=change.service_id,
        location_id=change.location_id,
        why=ReviewWhy.SAMPLE,
        from_role="clock",
        change_id=change.id,
        now=now,
    )
