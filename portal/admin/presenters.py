"""Rows of the administrators' pages, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext
from resources_db.vocab import ActorKind, Role

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping
    from datetime import datetime

    from i18n.lazy import LazyText
    from resources_db.models.access import AuditEvent
    from resources_db.models.tenants import AppUser, Membership

ROLES: Final[dict[Role, LazyText]] = {
    Role.NAVIGATOR: lazy_gettext("Navigator"),
    Role.SUPERVISOR: lazy_gettext("Supervisor"),
    Role.CARE_ADMIN: lazy_gettext("Administrator of the care organization"),
    Role.AGENCY_WORKER: lazy_gettext("Agency worker"),
    Role.AGENCY_ADMIN: lazy_gettext("Agency administrator"),
    Role.CURATOR: lazy_gettext("Directory editor"),
    Role.DIRECTORY_ADMIN: lazy_gettext("Directory administrator"),
    Role.AUDITOR: lazy_gettext("Auditor"),
    Role.SITE_ADMIN: lazy_gettext("Site administrator"),
}
HANDS: Final[dict[str, LazyText]] = {
    ActorKind.LINK: lazy_gettext("Somebody with a link"),
    ActorKind.WEBHOOK: lazy_gettext("The text service"),
    ActorKind.CLOCK: lazy_gettext("Handrail, by the clock"),
    ActorKind.IMPORT: lazy_gettext("An import"),
    ActorKind.SYSTEM: lazy_gettext("Handrail"),
}


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One account of the org."""

    name: str
    email: str
    role: str
    state: str


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row of the trail. Codes stay codes: they are what an auditor looks for."""

    at: datetime
    who: str
    action: str
    subject: str
    outcome: str
    reason: str


def member_rows(members: list[tuple[AppUser, Membership]]) -> list[MemberRow]:
    """The accounts in words."""
    return [MemberRow(user.name, user.email, str(ROLES[held.role]), _state(user, held)) for user, held in members]


def audit_row(row: AuditEvent, names: Mapping[uuid.UUID, str], *, hide_subject: bool) -> AuditRow:
    """One row of the trail; the site administrator does not see whom it was about."""
    person = names.get(row.actor_id) if row.actor_id else None
    who = person or str(HANDS.get(row.actor_kind, HANDS[ActorKind.SYSTEM]))
    subject = row.subject_kind if hide_subject else f"{row.subject_kind} {row.subject_id}"
    return AuditRow(row.at, who, row.action, subject, row.outcome, row.reason or "")


def _state(user: AppUser, held: Membership) -> str:
    if held.ended_at is not None:
        return _("ended")
    if not user.active:
        return _("switched off")
    if user.demo:
        return _("demo, without a password")
    return _("second factor set up") if user.tf_primary_method else _("waits for the first sign-in")
