"""How confidential a place is, and who may change that. More so: one person, at once. Less so: two people.

The true place stands sealed in repositories/confidential.py; what is written of it elsewhere is purged by
confidential_purge.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from resources_db import audit, confidential_purge, search_log
from resources_db import confidential_rows as rows_of
from resources_db.base import new_id
from resources_db.models import directory as d
from resources_db.models.upkeep import ConfidentialityAsk
from resources_db.repositories import confidential
from resources_db.repositories.confidential import HiddenPlace
from resources_db.vocab import Confidentiality, GeocodeQuality, LowerState, Visibility

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

ORDER: Final = (Confidentiality.PUBLIC, Confidentiality.AREA_ONLY, Confidentiality.HIDDEN)
"""From what everybody may know to what nobody may."""
SAFETY: Final = "dv_safety"
LONGEST_WHY: Final = 500


class ConfidentialityError(ValueError):
    """A step that is not possible; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Ask:
    """What is wanted and why; a person writes the reason."""

    wanted: Confidentiality
    why: str


def stricter(one: Confidentiality, other: Confidentiality) -> bool:
    """Does the first tell less than the other?"""
    return ORDER.index(one) > ORDER.index(other)


def protect(session: Session, location_id: uuid.UUID, ask: Ask, *, now: datetime) -> None:
    """Make a place more confidential, at once. One person is enough, with a reason.

    Raises ConfidentialityError: not_found, not_stricter, no_reason.
    """
    place = _place(session, location_id)
    if not stricter(ask.wanted, place.confidentiality):
        raise ConfidentialityError("not_stricter")
    audit.record(
        session,
        action="confidential_place.protected",
        subject_kind="location",
        subject_id=location_id,
        reason=_reason(ask.why),
        detail={"from": place.confidentiality.value, "to": ask.wanted.value},
        now=now,
    )
    _drop_asks(session, location_id, now)
    _seal(session, place, ask.wanted, now)


def hide_unsafe(session: Session, service_id: uuid.UUID, *, now: datetime) -> int:
    """Hide the public places of a service for people who flee abuse, unless people decided otherwise. How many."""
    service = session.get(d.Service, service_id)
    if service is None or SAFETY not in {*service.needs, *service.also_serves}:
        return 0
    held = select(d.ServiceAtLocation.location_id).where(
        d.ServiceAtLocation.service_id == service_id, d.ServiceAtLocation.deleted_at.is_(None)
    )
    stmt = select(d.Location).where(d.Location.id.in_(held), d.Location.confidentiality == Confidentiality.PUBLIC)
    open_places = [place for place in session.scalars(stmt).all() if not decided(session, [place.id])]
    for place in open_places:
        audit.record(
            session,
            action="confidential_place.protected",
            subject_kind="location",
            subject_id=place.id,
            reason=SAFETY,
            now=now,
        )
        _seal(session, place, Confidentiality.HIDDEN, now)
    return len(open_places)


def ask_lower(
    session: Session, location_id: uuid.UUID, ask: Ask, *, by: uuid.UUID, now: datetime
) -> ConfidentialityAsk:
    """Ask that a place be less confidential. Nothing changes until another person approves.

    Raises ConfidentialityError: not_found, not_less, no_reason, already_asked.
    """
    place = _place(session, location_id)
    if not stricter(place.confidentiality, ask.wanted):
        raise ConfidentialityError("not_less")
    if waiting_of(session, location_id) is not None:
        raise ConfidentialityError("already_asked")
    row = ConfidentialityAsk(
        id=new_id(), location_id=location_id, wanted=ask.wanted, why=_reason(ask.why), asked_at=now, asked_by=by
    )
    session.add(row)
    audit.record(
        session,
        action="confidential_place.asked",
        subject_kind="location",
        subject_id=location_id,
        reason=row.why,
        detail={"wanted": ask.wanted.value},
        now=now,
    )
    return row


def decide(session: Session, ask_id: uuid.UUID, *, approve: bool, by: uuid.UUID, now: datetime) -> ConfidentialityAsk:
    """Approve or refuse another person's wish. Who asked may only take the wish back (refuse it).

    Raises ConfidentialityError: not_found, already_decided, own_ask.
    """
    row = session.scalar(select(ConfidentialityAsk).where(ConfidentialityAsk.id == ask_id).with_for_update())
    if row is None:
        raise ConfidentialityError("not_found")
    if row.state is not LowerState.ASKED:
        raise ConfidentialityError("already_decided")
    if approve and row.asked_by == by:
        raise ConfidentialityError("own_ask")
    place = _place(session, row.location_id)
    refused = LowerState.WITHDRAWN if row.asked_by == by else LowerState.REFUSED
    row.state, row.decided_at, row.decided_by = LowerState.APPROVED if approve else refused, now, by
    audit.record(
        session,
        action=f"confidential_place.{row.state.value}",
        subject_kind="location",
        subject_id=row.location_id,
        reason=row.why,
        detail={"wanted": row.wanted.value},
        now=now,
    )
    if approve:
        _unseal(session, place, row.wanted, now)
    return row


def waiting(session: Session) -> Sequence[ConfidentialityAsk]:
    """Wishes nobody decided yet, the oldest first."""
    stmt = select(ConfidentialityAsk).where(ConfidentialityAsk.state == LowerState.ASKED)
    return session.scalars(stmt.order_by(ConfidentialityAsk.asked_at, ConfidentialityAsk.id)).all()


def waiting_of(session: Session, location_id: uuid.UUID) -> ConfidentialityAsk | None:
    """The open wish about a place."""
    return next((ask for ask in waiting(session) if ask.location_id == location_id), None)


def decided(session: Session, location_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, Confidentiality]:
    """The level two people agreed on last, by place; no import and no rule goes behind it."""
    wanted = set(location_ids)
    stmt = select(ConfidentialityAsk).where(ConfidentialityAsk.state == LowerState.APPROVED)
    rows = session.scalars(stmt.order_by(ConfidentialityAsk.decided_at, ConfidentialityAsk.id))
    return {row.location_id: row.wanted for row in rows if row.location_id in wanted}


def protected(session: Session) -> Sequence[d.Location]:
    """All places that are not public, the most confidential first."""
    stmt = select(d.Location).where(
        d.Location.confidentiality != Confidentiality.PUBLIC,
        d.Location.deleted_at.is_(None),
        d.Location.visibility != Visibility.HIDDEN,
    )
    found = session.scalars(stmt.order_by(d.Location.id)).all()
    return sorted(found, key=lambda place: -ORDER.index(place.confidentiality))


def _place(session: Session, location_id: uuid.UUID) -> d.Location:
    place = session.scalar(select(d.Location).where(d.Location.id == location_id).with_for_update())
    if place is None or place.deleted_at is not None:
        raise ConfidentialityError("not_found")
    return place


def _reason(why: str) -> str:
    words = " ".join(why.split())[:LONGEST_WHY]
    if not words:
        raise ConfidentialityError("no_reason")
    return words


def _drop_asks(session: Session, location_id: uuid.UUID, now: datetime) -> None:
    if (ask := waiting_of(session, location_id)) is not None:
        ask.state, ask.decided_at = LowerState.WITHDRAWN, now


def _seal(session: Session, place: d.Location, level: Confidentiality, now: datetime) -> None:
    """Street, point and words go behind the seal; the public tables keep what this level tells."""
    rows = rows_of.addresses(session, place.id)
    known = confidential.stored(session, place.id)
    true = known if known is not None and not known.says_nothing else rows_of.read(place, rows)
    confidential.put(session, place.id, true, now=now)
    place.confidentiality = level
    _strip(session, place, rows, true)
    _changed(session, place, now)


def enforce(session: Session, location_id: uuid.UUID, *, now: datetime) -> None:
    """After an import sealed a place: nothing of it may be left in public tables, history or reports."""
    place = session.get(d.Location, location_id, populate_existing=True)
    true = confidential.stored(session, location_id)
    if place is not None and true is not None and place.confidentiality is not Confidentiality.PUBLIC:
        _strip(session, place, rows_of.addresses(session, location_id), true)
        _changed(session, place, now)


def _strip(session: Session, place: d.Location, rows: Sequence[d.Address], true: HiddenPlace) -> None:
    confidential_purge.purge(session, place.id, [row.id for row in rows], true)
    for name in (*rows_of.WORDS, *rows_of.IDENTIFIERS):
        setattr(place, name, "")
    place.latitude = place.longitude = None
    place.geocode_quality, place.geocode_source, place.extra = GeocodeQuality.NONE, "", {}
    for row in rows:
        session.delete(row)
    session.flush()
    if place.confidentiality is Confidentiality.AREA_ONLY:
        rows_of.write(session, place.id, [rows_of.area(address) for address in true.addresses])


def _unseal(session: Session, place: d.Location, level: Confidentiality, now: datetime) -> None:
    """What two people agreed to tell comes back from behind the seal."""
    public = level is Confidentiality.PUBLIC
    true = confidential.remove(session, place.id) if public else confidential.stored(session, place.id)
    true = true or HiddenPlace()
    for row in rows_of.addresses(session, place.id):
        session.delete(row)
    session.flush()
    rows_of.write(
        session, place.id, true.addresses if public else [rows_of.area(address) for address in true.addresses]
    )
    place.confidentiality = level
    if public:
        for name, text in true.words.items():
            setattr(place, name, text)
        rows_of.pin(place, true)
    _changed(session, place, now)


def _changed(session: Session, place: d.Location, now: datetime) -> None:
    place.edited_at, place.version = now, place.version + 1
    held = select(d.ServiceAtLocation.service_id).where(d.ServiceAtLocation.location_id == place.id)
    search_log.touch(session, session.scalars(held), now=now)
