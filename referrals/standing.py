"""How many of the people sent to a listing for a need are known to have been helped: the record search orders by.

Counts over all orgs, nothing about anybody. Why that is safe to publish: docs/adr/0009-standing.md.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from referrals import counting, outcomes, said
from referrals.lifecycle import HELPED
from referrals.outcomes import Agreement
from resources_db import redirects
from resources_db.listing_key import ListingKey
from resources_db.models.people import Need
from resources_db.models.referrals import PatientAnswer, Referral, ServiceRequest
from resources_db.needs import NEEDS, SENSITIVE
from resources_db.repositories import standing
from resources_db.repositories.standing import LEAST_KNOWN, Standing, Subject
from resources_db.tenancy import actor_of

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.vocab import PatientWord, Reason, ReferralState

LOOKS_BACK = timedelta(days=730)
"""Older outcomes tell of another time: people, money and rules of a place change."""
STEP = 5
"""A published number moves only when so many outcomes came or went: one step never tells about one person."""
_NEEDS = frozenset(NEEDS) - SENSITIVE


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one person sent to a listing for a need."""

    patient_id: uuid.UUID
    subject: Subject
    sent_at: datetime
    helped: bool


def recount(session: Session, *, now: datetime) -> int:
    """Count anew and write down what may be published. Gives how many rows changed; again gives none.

    Raises ValueError in a session that sees one org only: it would take the others' records away.
    """
    if actor_of(session).org_id is not None:
        msg = "records are counted over all orgs"
        raise ValueError(msg)
    counted = count(_outcomes(session, now))
    return standing.replace_all(session, publishable(counted, standing.held(session)), now=now)


def forget(session: Session, *, now: datetime) -> int:
    """Take every record away, for installations that do not want them."""
    return standing.replace_all(session, {}, now=now)


def count(told: Iterable[Outcome]) -> Mapping[Subject, Standing]:
    """One outcome a person: the newest known. Nothing is left out for being few."""
    newest: dict[tuple[uuid.UUID, Subject], Outcome] = {}
    for one in sorted(told, key=lambda one: one.sent_at):
        newest[one.patient_id, one.subject] = one
    known = Counter(one.subject for one in newest.values())
    helped = Counter(one.subject for one in newest.values() if one.helped)
    return {subject: Standing(subject.need, helped[subject], number) for subject, number in known.items()}


def publishable(counted: Mapping[Subject, Standing], before: Mapping[Subject, Standing]) -> Mapping[Subject, Standing]:
    """Nothing from fewer than five outcomes; a published number stays until at least five came or went."""
    told: dict[Subject, Standing] = {}
    for subject, record in counted.items():
        if record.known < LEAST_KNOWN:
            continue
        old = before.get(subject)
        told[subject] = old if old is not None and abs(record.known - old.known) < STEP else record
    return told


def led_to_help(state: ReferralState, reason: Reason | None, word: PatientWord | None) -> bool | None:
    """Whether the person got help there, by both words; None while it is open, not known, or not the place's doing."""
    row = outcomes.AGENCY.get(state)
    if row is None or reason in counting.CLIENTS_OWN_REASONS:
        return None
    match outcomes.TABLE[row, outcomes.said(word)].agreement:
        case Agreement.AGREED | Agreement.AGREED_IN_PART | Agreement.AGENCY_SILENT:
            return True
        case Agreement.AGREED_NO | Agreement.DISAGREE:
            return False
        case Agreement.UNCONFIRMED:
            return True if state in HELPED else None
    return None


def _outcomes(session: Session, now: datetime) -> Iterator[Outcome]:
    since = now - LOOKS_BACK
    later = aliased(Referral)
    corrected = select(later.correction_of).where(later.correction_of.is_not(None))
    words = _Words(session, since)
    led = redirects.of_all_listings(session)
    rows = session.execute(
        select(
            Referral.id,
            Referral.batch_id,
            Referral.patient_id,
            Referral.service_id,
            Referral.location_id,
            Referral.state,
            Referral.reason,
            Referral.sent_at,
            Need.subneed,
        )
        .join(ServiceRequest, ServiceRequest.id == Referral.request_id)
        .join(Need, Need.id == ServiceRequest.need_id)
        .where(
            Referral.sent_at >= since,
            Referral.sent_at <= now,
            Referral.state.in_(outcomes.AGENCY),
            Referral.sensitive.is_(False),
            Need.subneed.in_(_NEEDS),
            Referral.id.not_in(corrected),
        )
    )
    for row in rows:
        helped = led_to_help(row.state, row.reason, words.last(row.id, row.batch_id))
        if helped is not None and row.sent_at is not None:
            subject = Subject(_stands(led, row.service_id, row.location_id), row.subneed)
            yield Outcome(row.patient_id, subject, row.sent_at, helped)


def _stands(led: Mapping[uuid.UUID, uuid.UUID], service_id: uuid.UUID, location_id: uuid.UUID | None) -> ListingKey:
    """What was sent to a listing that was merged away counts for the one that stands in its place."""
    return ListingKey(led.get(service_id, service_id), led.get(location_id, location_id) if location_id else None)


class _Words:
    """What each person said last about a referral, or about the whole send it was part of."""

    def __init__(self, session: Session, since: datetime) -> None:
        query = (
            select(PatientAnswer.referral_id, PatientAnswer.batch_id, PatientAnswer.word, PatientAnswer.at)
            .where(PatientAnswer.at >= since, PatientAnswer.need_id.is_(None), PatientAnswer.word.in_(outcomes.SAID))
            .where(said.counts())
            .order_by(PatientAnswer.at)
        )
        self._said: dict[uuid.UUID, tuple[datetime, PatientWord]] = {}
        for row in session.execute(query):
            about = row.referral_id or row.batch_id
            if about is not None:
                self._said[about] = (row.at, row.word)

    def last(self, referral_id: uuid.UUID, batch_id: uuid.UUID | None) -> PatientWord | None:
        said = [self._said[about] for about in (referral_id, batch_id) if about in self._said]
        return max(said, key=lambda one: one[0])[1] if said else None
