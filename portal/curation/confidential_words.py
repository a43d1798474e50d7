"""Words and rows of the pages about protected places. They name the services and the area, never the place."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import url_for
from sqlalchemy import select

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from resources_db import confidentiality
from resources_db.models.directory import Organization, Service, ServiceAtLocation
from resources_db.models.tenants import AppUser
from resources_db.vocab import Confidentiality

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from i18n.lazy import LazyText
    from resources_db.models.directory import Location
    from resources_db.repositories.confidential import HiddenPlace

LEVELS: Final[Mapping[Confidentiality, LazyText]] = {
    Confidentiality.PUBLIC: lazy("Public: address, map and directions"),
    Confidentiality.AREA_ONLY: lazy("Area only: city and the first three digits of the ZIP"),
    Confidentiality.HIDDEN: lazy("Hidden: no place at all, only how to reach them"),
}
SHORT: Final[Mapping[Confidentiality, LazyText]] = {
    Confidentiality.PUBLIC: lazy("Public"),
    Confidentiality.AREA_ONLY: lazy("Area only"),
    Confidentiality.HIDDEN: lazy("Hidden"),
}


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place by the services it holds."""

    id: uuid.UUID
    title: str
    organization: str
    level: str
    short: str
    href: str


@dataclass(frozen=True, slots=True)
class AskRow:
    """A wish that waits: of which place, by whom, why; and whether the reader may approve it."""

    id: uuid.UUID
    location_id: uuid.UUID
    title: str
    wanted: str
    why: str
    who: str
    when: str
    own: bool
    href: str


Names = dict["uuid.UUID", list[tuple[str, str]]]


def names(session: Session, location_ids: Sequence[uuid.UUID]) -> Names:
    """Service and organization names by place; two more are asked for than shown."""
    stmt = (
        select(ServiceAtLocation.location_id, Service.name, Organization.name)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .join(Organization, Organization.id == Service.organization_id)
        .where(ServiceAtLocation.deleted_at.is_(None), Service.deleted_at.is_(None))
        .order_by(Service.name)
    )
    found: Names = defaultdict(list)
    wanted = set(location_ids)
    for location_id, service, organization in session.execute(stmt.where(ServiceAtLocation.location_id.in_(wanted))):
        found[location_id].append((service, organization))
    return found


def row(place: Location, named: Names) -> PlaceRow:
    held = named.get(place.id, [])
    return PlaceRow(
        id=place.id,
        title=", ".join(dict.fromkeys(service for service, _organization in held)) or _("A place without services"),
        organization=", ".join(dict.fromkeys(organization for _service, organization in held)),
        level=str(LEVELS[place.confidentiality]),
        short=str(SHORT[place.confidentiality]),
        href=url_for("curation.confidential_place", location_id=place.id),
    )


def asks(session: Session, named: Names, *, me: uuid.UUID, now: datetime) -> list[AskRow]:
    """The wishes that wait, the oldest first."""
    waiting = confidentiality.waiting(session)
    missing = [ask.location_id for ask in waiting if ask.location_id not in named]
    held = {**names(session, missing), **named} if missing else named
    people = select(AppUser.id, AppUser.name).where(AppUser.id.in_({ask.asked_by for ask in waiting}))
    who = {person: name for person, name in session.execute(people)} if waiting else {}  # noqa: C416
    return [
        AskRow(
            id=ask.id,
            location_id=ask.location_id,
            title=", ".join(dict.fromkeys(service for service, _organization in held.get(ask.location_id, []))),
            wanted=str(LEVELS[ask.wanted]),
            why=ask.why,
            who=who.get(ask.asked_by, ""),
            when=formatting.ago(ask.asked_at, now),
            own=ask.asked_by == me,
            href=url_for("curation.confidential_place", location_id=ask.location_id),
        )
        for ask in waiting
    ]


def levels(here: Confidentiality, *, stricter: bool) -> list[tuple[str, str]]:
    """What may be chosen: the levels that tell less than this one, or more."""
    return [
        (level.value, str(words))
        for level, words in LEVELS.items()
        if level is not here and confidentiality.stricter(level, here) is stricter
    ]


def true_lines(place: HiddenPlace | None) -> tuple[str, ...]:
    """The true place, line by line."""
    if place is None:
        return ()
    lines = [place.words.get("name", "")]
    for address in place.addresses:
        town = ", ".join(filter(None, (address.get("city"), address.get("state_province"))))
        lines += [address.get("address_1", ""), address.get("address_2", "")]
        lines.append(" ".join(filter(None, (town, address.get("postal_code")))))
    lines += [place.words.get("transportation", ""), place.words.get("description", "")]
    return tuple(filter(None, lines))


def refusal(code: str) -> str:
    """Why a step was not taken, and what to do."""
    words = {
        "no_reason": _("Write why. The reason is kept."),
        "choose": _("Choose what is told."),
        "not_stricter": _("That would tell more, not less. Ask for it instead."),
        "not_less": _("That would not tell more. Choose another level."),
        "already_asked": _("Somebody has asked already. It waits for a second person."),
        "already_decided": _("Somebody else has decided this already."),
        "own_ask": _("You asked for this yourself, so somebody else decides it."),
    }
    return words.get(code, _("This cannot be done now."))
