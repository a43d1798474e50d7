"""What an import may not overwrite becomes a proposal, once: a word already proposed or refused does not come back."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db import proposals
from resources_db.importers.steps import Step
from resources_db.listing_fields import BadFieldError
from resources_db.models.curation import ListingChange, ListingChangeField
from resources_db.proposals import ProposalError
from resources_db.repositories import listings
from resources_db.vocab import ChangeOrigin

_FIELD_OF: Mapping[str, str] = {
    "name": "name",
    "description": "description",
    "url": "url",
    "email": "email",
    "fees_description": "cost",
    "eligibility_description": "eligibility",
    "application_process": "how_to_start",
    "alert": "alert",
    "access": "access",
}


def propose_kept(session: Session, changes: Iterable[Step], source: str, *, now: datetime) -> int:
    """One proposal for each service with kept fields; gives how many were made."""
    label = f"import: {source}"
    kept = {change.record_id: _texts(change) for change in changes if change.kept}
    known = _known(session, set(kept), label)
    made = 0
    for service_id, texts in kept.items():
        fresh = {field: text for field, text in texts.items() if (service_id, field, text) not in known}
        found = listings.of_services(session, [service_id], include_staff=True) if fresh else []
        if not found:
            continue
        try:
            proposals.propose(
                session,
                service_id=service_id,
                location_id=found[0].location_id,
                fields=fresh,
                origin=ChangeOrigin.IMPORT,
                submitter_label=label,
                now=now,
            )
        except (ProposalError, BadFieldError):
            continue  # nothing new to a reader, or a text that no field would take
        made += 1
    return made


def _texts(change: Step) -> dict[str, str]:
    return {
        _FIELD_OF[name]: str(value) for name, value in change.kept.items() if name in _FIELD_OF and value is not None
    }


def _known(session: Session, service_ids: set[uuid.UUID], label: str) -> set[tuple[uuid.UUID, str, str]]:
    if not service_ids:
        return set()
    stmt = (
        select(ListingChange.service_id, ListingChangeField.field, ListingChangeField.new)
        .join(ListingChangeField, ListingChangeField.change_id == ListingChange.id)
        .where(ListingChange.service_id.in_(service_ids), ListingChange.submitter_label == label)
    )
    return {(service_id, field, text) for service_id, field, text in session.execute(stmt)}
