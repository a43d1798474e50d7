"""A patient's page as facts: needs, their attempts, and the history of each attempt in two voices. Reads only."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import consent, goals, need_changes, needs, outcomes, people, sight, texting, threads, worklist
from referrals.errors import NotFoundError
from referrals.two_sided import latest_words
from resources_db.listing_key import ListingKey
from resources_db.models.consents import Consent
from resources_db.models.people import Assignment, Need, Note, Patient
from resources_db.models.referrals import (
    AgencyContact,
    Referral,
    ReferralEvent,
    ReferralTask,
    SendBatch,
    ServiceRequest,
    WorklistItem,
)
from resources_db.models.tenants import AppUser
from resources_db.repositories import listings
from resources_db.vocab import BatchState, ReferralState, TaskKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.goals import GoalFacts
    from referrals.need_changes import Change
    from referrals.outcomes import Outcome
    from referrals.texting import Texting
    from referrals.threads import Text
    from resources_db.repositories.listing import Listing
    from resources_db.vocab import PatientWord

QUESTIONS = (TaskKind.ASK_DAY_3, TaskKind.ASK_DAY_10, TaskKind.ASK_DAY_30)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One referral with everything its page tells. `listing` is None when the place left the directory."""

    referral: Referral
    listing: Listing | None
    subneed: str
    number: int
    of: int
    events: tuple[ReferralEvent, ...]
    sender: str
    texted: bool
    batch: SendBatch | None
    word: PatientWord | None
    outcome: Outcome
    contact: AgencyContact | None
    next_question_at: datetime | None
    settled: tuple[WorklistItem, ...] = ()
    """Items about it that a new fact took off the list."""
    actors: Mapping[uuid.UUID, str] = field(default_factory=dict)
    """The names of those who acted in its history."""

    @property
    def place(self) -> str:
        """The name of the place."""
        return self.listing.name if self.listing is not None else ""


@dataclass(frozen=True, slots=True)
class NeedFacts:
    """One need and its attempts, the newest first."""

    need: Need
    subneed: str
    days: int | None
    attempts: tuple[Attempt, ...]
    history: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Lead:
    """Who leads the patient since when, and who gave them over (empty where that is the lead)."""

    id: uuid.UUID
    name: str
    since: datetime
    from_name: str


@dataclass(frozen=True, slots=True)
class Record:
    """A patient's page."""

    patient: Patient
    lead: Lead | None
    needs: tuple[NeedFacts, ...]
    goals: tuple[GoalFacts, ...]
    attempts: tuple[Attempt, ...]
    consents: tuple[Consent, ...]
    texting: Texting
    messages: tuple[Text, ...]
    notes: tuple[Note, ...]
    waiting: SendBatch | None
    hides: bool
    """Whether something is protected and not shown to whoever asks (`sight`)."""


def of_patient(session: Session, patient_id: uuid.UUID, *, now: datetime) -> Record:
    """Everything of one patient. Raises NotFoundError; the caller audits the read."""
    patient = people.get(session, patient_id)
    own_needs = session.scalars(select(Need).where(Need.patient_id == patient.id).order_by(Need.identified_at)).all()
    attempts = _attempts(session, patient.id, {need.id: needs.subneed_of(need) for need in own_needs})
    hidden = set() if sight.sees(session, patient.id) else {one.id for one in own_needs if needs.is_protected(one)}
    by_need = _by_need(session, attempts)
    history = need_changes.history(session, [need.id for need in own_needs])
    return Record(
        patient=patient,
        lead=_lead(session, patient.id),
        needs=tuple(
            NeedFacts(
                need,
                needs.subneed_of(need),
                needs.days_without_help(need, now),
                tuple(by_need.get(need.id, ())),
                history.get(need.id, ()),
            )
            for need in own_needs
        ),
        goals=tuple(one for one in goals.of_patient(session, patient.id) if one.need_id not in hidden),
        attempts=attempts,
        consents=tuple(one for one in consent.standing(session, patient.id, now=now) if not (hidden and one.flags)),
        texting=texting.state(session, patient),
        messages=threads.of_patient(session, patient),
        notes=tuple(
            session.scalars(select(Note).where(Note.patient_id == patient.id).order_by(Note.created_at.desc()))
        ),
        waiting=_waiting(session, patient.id),
        hides=bool(hidden),
    )


def attempt(session: Session, referral_id: uuid.UUID) -> Attempt:
    """One referral with its history; raises NotFoundError."""
    referral = session.scalars(select(Referral).where(Referral.id == referral_id)).one_or_none()
    if referral is None:
        raise NotFoundError
    own_needs = session.scalars(select(Need).where(Need.patient_id == referral.patient_id))
    every = _attempts(session, referral.patient_id, {need.id: needs.subneed_of(need) for need in own_needs})
    found = next((one for one in every if one.referral.id == referral.id), None)
    if found is None:
        raise NotFoundError
    return found


def _attempts(session: Session, patient_id: uuid.UUID, subneeds: Mapping[uuid.UUID, str]) -> tuple[Attempt, ...]:
    """The patient's referrals, the newest first, without thrown away drafts and what the reader may not see."""
    query = (
        select(Referral, ServiceRequest.need_id)
        .join(ServiceRequest, ServiceRequest.id == Referral.request_id)
        .where(Referral.patient_id == patient_id, Referral.state != ReferralState.ERROR)
        .order_by(Referral.created_at, Referral.ref)
    )
    shown = sight.sees(session, patient_id)
    rows = [(referral, need_id) for referral, need_id in session.execute(query) if shown or not referral.sensitive]
    referrals = [row[0] for row in rows]
    places = _places(session, referrals)
    history = _history(session, [one.id for one in referrals])
    batches = _batches(session, referrals)
    senders = _names(session, [one.created_by for one in referrals])
    contacts = _contacts(session, referrals)
    questions = _questions(session, patient_id)
    words = latest_words(session, referrals)
    settled = _settled(session, [one.id for one in referrals])
    actors = _names(session, [event.actor_id for events in history.values() for event in events])
    total: dict[uuid.UUID, int] = defaultdict(int)
    for _, need_id in rows:
        total[need_id] += 1
    seen: dict[uuid.UUID, int] = defaultdict(int)
    found = []
    for referral, need_id in rows:
        seen[need_id] += 1
        batch = batches.get(referral.batch_id) if referral.batch_id else None
        word = words.get(referral.id)
        found.append(
            Attempt(
                referral=referral,
                listing=places.get(ListingKey(referral.service_id, referral.location_id)),
                subneed=subneeds.get(need_id, ""),
                number=seen[need_id],
                of=total[need_id],
                events=history.get(referral.id, ()),
                sender=senders.get(referral.created_by, "") if referral.created_by else "",
                texted=batch is not None and bool(batch.body) and batch.state is BatchState.RELEASED,
                batch=batch,
                word=word.word if word else None,
                outcome=outcomes.outcome(referral.state, word.word if word else None),
                contact=contacts.get(referral.contact_id) if referral.contact_id else None,
                next_question_at=questions.get(referral.batch_id) if referral.batch_id else None,
                settled=tuple(settled[referral.id]),
                actors=actors,
            )
        )
    return tuple(reversed(found))


def _by_need(session: Session, attempts: Iterable[Attempt]) -> dict[uuid.UUID, list[Attempt]]:
    listed = list(attempts)
    requests = {one.referral.request_id for one in listed}
    query = select(ServiceRequest.id, ServiceRequest.need_id).where(ServiceRequest.id.in_(requests))
    need_of = {request_id: need_id for request_id, need_id in session.execute(query)}  # noqa: C416 - rows are no pairs
    found: dict[uuid.UUID, list[Attempt]] = defaultdict(list)
    for one in listed:
        found[need_of[one.referral.request_id]].append(one)
    return found


def _places(session: Session, referrals: Sequence[Referral]) -> dict[ListingKey, Listing]:
    keys = list(dict.fromkeys(ListingKey(one.service_id, one.location_id) for one in referrals))
    return {listing.key: listing for listing in listings.load(session, keys, include_staff=True)}


def _history(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[ReferralEvent, ...]]:
    query = select(ReferralEvent).where(ReferralEvent.referral_id.in_(ids)).order_by(ReferralEvent.seq)
    found: dict[uuid.UUID, tuple[ReferralEvent, ...]] = {}
    for event in session.scalars(query):
        found[event.referral_id] = (*found.get(event.referral_id, ()), event)
    return found


def _batches(session: Session, referrals: Sequence[Referral]) -> dict[uuid.UUID, SendBatch]:
    ids = {one.batch_id for one in referrals if one.batch_id is not None}
    return {batch.id: batch for batch in session.scalars(select(SendBatch).where(SendBatch.id.in_(ids)))}


def _contacts(session: Session, referrals: Sequence[Referral]) -> dict[uuid.UUID, AgencyContact]:
    ids = {one.contact_id for one in referrals if one.contact_id is not None}
    return {one.id: one for one in session.scalars(select(AgencyContact).where(AgencyContact.id.in_(ids)))}


def _questions(session: Session, patient_id: uuid.UUID) -> dict[uuid.UUID, datetime]:
    """The next question we will put to the patient about each send."""
    query = (
        select(ReferralTask.batch_id, ReferralTask.due_at)
        .where(ReferralTask.patient_id == patient_id, ReferralTask.done_at.is_(None))
        .where(ReferralTask.kind.in_(QUESTIONS), ReferralTask.batch_id.is_not(None))
        .order_by(ReferralTask.due_at.desc())
    )
    return {batch_id: due_at for batch_id, due_at in session.execute(query) if batch_id is not None}


def _waiting(session: Session, patient_id: uuid.UUID) -> SendBatch | None:
    """A send that still can be undone."""
    query = select(SendBatch).where(SendBatch.patient_id == patient_id, SendBatch.state == BatchState.WAITING)
    return session.scalars(query.order_by(SendBatch.created_at.desc()).limit(1)).one_or_none()


def _settled(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID | None, list[WorklistItem]]:
    by_itself = select(WorklistItem).where(WorklistItem.referral_id.in_(ids), WorklistItem.done_how == worklist.FACT)
    found: dict[uuid.UUID | None, list[WorklistItem]] = defaultdict(list)
    for item in session.scalars(by_itself.order_by(WorklistItem.done_at, WorklistItem.id)):
        found[item.referral_id].append(item)
    return found


def _names(session: Session, ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    wanted = {one for one in ids if one is not None}
    return {row[0]: row[1] for row in session.execute(select(AppUser.id, AppUser.name).where(AppUser.id.in_(wanted)))}


def _lead(session: Session, patient_id: uuid.UUID) -> Lead | None:
    query = select(Assignment).where(Assignment.patient_id == patient_id, Assignment.ended_at.is_(None))
    found = session.scalars(query).one_or_none()
    if found is None:
        return None
    names = _names(session, [found.navigator_id, found.created_by])
    giver = names.get(found.created_by, "") if found.created_by not in (None, found.navigator_id) else ""
    return Lead(found.navigator_id, names.get(found.navigator_id, ""), found.started_at, giver)
