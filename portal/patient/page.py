"""What stands behind a patient's link: the places of one send, who sent them, what was said, what is still asked."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import needs, said, senders, take_back
from referrals.lifecycle import TERMINAL
from resources_db.listing_key import ListingKey
from resources_db.models.people import Need
from resources_db.models.referrals import PatientAnswer, Referral, ReferralTask, SendBatch, ServiceRequest
from resources_db.repositories import listings
from resources_db.vocab import PatientReason, PatientWord, ReferralState, TaskKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.texts import Sender
    from resources_db.models.access import AccessLink
    from resources_db.repositories.listing import Listing

GONE = frozenset({ReferralState.WITHDRAWN, ReferralState.ERROR, ReferralState.DRAFT})
ASKED_OR_DUE = frozenset({None, "asked", "not_texted"})
"""What became of the question of day 30 while it still wants an answer."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place of the page. `hidden`: it helps after violence, so no address and no map, whatever is listed."""

    referral_id: uuid.UUID
    ref: str
    need_id: uuid.UUID
    listing: Listing
    hidden: bool


@dataclass(frozen=True, slots=True)
class Given:
    """An answer that counts. `undo` is its id while it may be taken back, else nothing."""

    word: PatientWord
    reason: PatientReason | None
    referral_id: uuid.UUID | None
    need_id: uuid.UUID | None
    at: datetime
    undo: str


@dataclass(frozen=True, slots=True)
class Behind:
    """The facts of the page. No name of the patient is among them."""

    batch_id: uuid.UUID
    language: str
    sender: Sender
    spots: tuple[Spot, ...]
    sensitive: bool
    closed: bool
    given: tuple[Given, ...]
    solved_asked: tuple[uuid.UUID, ...]
    """Needs of which we ask whether they are solved."""
    zone: str
    """The zone of the care team: visits are told and put into calendars by its clocks."""

    @property
    def listings(self) -> tuple[Listing, ...]:
        """The places in their order."""
        return tuple(spot.listing for spot in self.spots)

    @property
    def referral_ids(self) -> tuple[uuid.UUID, ...]:
        """The referrals of the places."""
        return tuple(spot.referral_id for spot in self.spots)

    def spot(self, ref: str) -> Spot | None:
        """The place a form names."""
        return next((one for one in self.spots if one.ref == ref), None)

    def word_of(self, spot: Spot) -> Given | None:
        """The newest word about one place, or about all of them."""
        about = (one for one in self.given if one.need_id is None and one.referral_id in {None, spot.referral_id})
        return next(about, None)


def behind(session: Session, link: AccessLink, now: datetime) -> Behind | None:
    """What the link opens; None when nothing of it may be shown any more."""
    batch = session.get(SendBatch, link.subject_id)
    if batch is None:
        return None
    referrals = session.scalars(
        select(Referral).where(Referral.batch_id == batch.id, Referral.state.not_in(GONE)).order_by(Referral.ref)
    ).all()
    if not referrals:
        return None
    wanted = _needs(session, referrals)
    spots = tuple(_spots(session, referrals, wanted))
    safety = any(spot.hidden for spot in spots)
    return Behind(
        batch_id=batch.id,
        language=batch.language,
        sender=senders.of_patient(session, batch.org_id, batch.patient_id),
        spots=spots,
        sensitive=safety or any(one.sensitive for one in referrals),
        closed=all(one.state in TERMINAL for one in referrals),
        given=_given(session, batch, now),
        solved_asked=_solved_asked(session, batch, wanted, now),
        zone=senders.org_of(session, batch.org_id).timezone,
    )


def _needs(session: Session, referrals: Sequence[Referral]) -> dict[uuid.UUID, Need]:
    """The need behind each request."""
    query = (
        select(ServiceRequest.id, Need)
        .join(Need, ServiceRequest.need_id == Need.id)
        .where(ServiceRequest.id.in_({one.request_id for one in referrals}))
    )
    return {request_id: need for request_id, need in session.execute(query)}  # noqa: C416 - rows are no pairs


def _spots(session: Session, referrals: Sequence[Referral], wanted: Mapping[uuid.UUID, Need]) -> list[Spot]:
    keys = {one.id: ListingKey(one.service_id, one.location_id) for one in referrals}
    found = {listing.key: listing for listing in listings.load(session, keys.values())}
    return [
        Spot(
            referral_id=one.id,
            ref=one.ref,
            need_id=wanted[one.request_id].id,
            listing=found[keys[one.id]],
            hidden=_is_safety(found[keys[one.id]], wanted[one.request_id]),
        )
        for one in referrals
        if keys[one.id] in found
    ]


def _is_safety(listing: Listing, need: Need) -> bool:
    return bool(needs.SAFETY & {needs.subneed_of(need), *listing.needs, *listing.also_serves})


def _given(session: Session, batch: SendBatch, now: datetime) -> tuple[Given, ...]:
    """What was said and counts, the newest first."""
    query = select(PatientAnswer).where(PatientAnswer.batch_id == batch.id, said.counts())
    return tuple(
        Given(
            word=one.word,
            reason=one.reason,
            referral_id=one.referral_id,
            need_id=one.need_id,
            at=one.at,
            undo=one.id.hex if take_back.may(one, now) else "",
        )
        for one in session.scalars(query.order_by(PatientAnswer.at.desc(), PatientAnswer.id.desc()))
    )


def _solved_asked(
    session: Session, batch: SendBatch, wanted: Mapping[uuid.UUID, Need], now: datetime
) -> tuple[uuid.UUID, ...]:
    """Open needs whose day-30 question has come and has no answer that counts."""
    due = select(ReferralTask).where(
        ReferralTask.batch_id == batch.id, ReferralTask.kind == TaskKind.ASK_DAY_30, ReferralTask.due_at <= now
    )
    open_ids = {need.id for need in wanted.values() if need.status in needs.OPEN}
    asked = [one.need_id for one in session.scalars(due) if one.outcome in ASKED_OR_DUE]
    told = select(PatientAnswer.need_id).where(PatientAnswer.need_id.in_(open_ids), said.counts())
    answered = set(session.scalars(told.where(PatientAnswer.batch_id == batch.id)))
    return tuple(dict.fromkeys(one for one in asked if one in open_ids and one not in answered))
