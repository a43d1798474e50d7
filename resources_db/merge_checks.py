"""Whether two records may be merged, and what would move. Changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, cast

from sqlalchemy import func, select

from resources_db.duplicates import LOCATION, ORGANIZATION, SERVICE
from resources_db.merge_journal import Journal
from resources_db.merge_tables import MOVES
from resources_db.models.directory import Location, Organization, Service, ServiceAtLocation
from resources_db.models.tenants import Org
from resources_db.vocab import Confidentiality, Visibility

if TYPE_CHECKING:
    import uuid

    from sqlalchemy.orm import Session

_NEVER = datetime.min.replace(tzinfo=UTC)
Merged = Organization | Service | Location
MODELS: Final[Mapping[str, type[Merged]]] = {
    ORGANIZATION: Organization,
    SERVICE: Service,
    LOCATION: Location,
}


class MergeError(Exception):
    """`code`: not_found, same, two_accounts, protected, later_merge, too_late, undone."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Preview:
    """What would move, as words of merge_tables with counts, and what would forbid it."""

    moves: Mapping[str, int]
    refused: str = ""


def preview(session: Session, kind: str, survivor_id: uuid.UUID, gone_id: uuid.UUID) -> Preview:
    """Count what hangs on the record that would go. Changes nothing."""
    try:
        checked(session, kind, survivor_id, gone_id)
    except MergeError as refusal:
        return Preview({}, refusal.code)
    journal = Journal(session)
    counts: Counter[str] = Counter()
    for hanging in MOVES[kind]:
        if hanging.called:
            counts[hanging.called] += journal.count(hanging.table, hanging.column, gone_id)
    if kind != ORGANIZATION:
        counts["places" if kind == SERVICE else "services"] += len(links_of(session, kind, gone_id))
        column = f"{kind}_id"
        counts["referrals"] += journal.count("referral", column, gone_id)
    return Preview({word: number for word, number in counts.items() if number})


def checked(session: Session, kind: str, survivor_id: uuid.UUID, gone_id: uuid.UUID) -> tuple[Merged, Merged]:
    """Both records, locked; raises MergeError."""
    model = MODELS[kind]
    if survivor_id == gone_id:
        raise MergeError("same")
    query = select(model).where(model.id.in_((survivor_id, gone_id)), model.deleted_at.is_(None)).with_for_update()
    rows = cast("Sequence[Merged]", session.scalars(query).all())
    found = {row.id: row for row in rows}
    if len(found) != 2:
        raise MergeError("not_found")
    survivor, gone = found[survivor_id], found[gone_id]
    if kind == ORGANIZATION:
        accounts = select(func.count(Org.organization_id.distinct())).where(Org.organization_id.in_(found))
        if (session.scalar(accounts) or 0) > 1:
            raise MergeError("two_accounts")  # the people of both would read each other's referrals
    if isinstance(survivor, Location) and isinstance(gone, Location):
        public = [one.confidentiality is Confidentiality.PUBLIC for one in (survivor, gone)]
        if public[0] != public[1]:
            raise MergeError("protected")  # a public address of a protected place must be sealed first
    return survivor, gone


def better_first(session: Session, kind: str, first: uuid.UUID, second: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID]:
    """The one that everybody sees, that more was sent to, and that was confirmed later stands first."""
    journal = Journal(session)
    column = f"{kind}_id"

    def worth(record_id: uuid.UUID) -> tuple[bool, int, datetime]:
        row = cast("Merged | None", session.get(MODELS[kind], record_id))
        public = row is not None and row.visibility is Visibility.PUBLIC
        confirmed = row.confirmed_at if row is not None else None
        return public, journal.count("referral", column, record_id), confirmed or _NEVER

    return (second, first) if worth(second) > worth(first) else (first, second)


def links_of(session: Session, kind: str, record_id: uuid.UUID) -> list[ServiceAtLocation]:
    """The rows that hang a service on a place."""
    if kind == ORGANIZATION:
        return []
    column = ServiceAtLocation.service_id if kind == SERVICE else ServiceAtLocation.location_id
    return list(session.scalars(select(ServiceAtLocation).where(column == record_id).order_by(ServiceAtLocation.id)))
