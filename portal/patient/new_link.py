"""A link that has ended, and the button below it: a new one goes to the number on file, and to nobody else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from messaging import outbox
from portal.auth.link_guard import renews
from referrals import links, people, senders, texting, texts
from referrals.texts import Values
from resources_db.models.access import AccessLink
from resources_db.models.referrals import Referral, SendBatch
from resources_db.vocab import LinkPurpose, Purpose, ReferralState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

A_DAY: Final = timedelta(days=1)
MOST_A_DAY: Final = 3
LIFE: Final = timedelta(days=30)
SHOWN_NO_MORE: Final = (ReferralState.WITHDRAWN, ReferralState.ERROR, ReferralState.DRAFT)


@renews(LinkPurpose.PATIENT)
def renew(session: Session, ended: AccessLink, now: datetime) -> None:
    """Text a new link for the same places, if the old one only grew old: not after a stop, nor to a new number."""
    batch = session.get(SendBatch, ended.subject_id) if ended.subject_kind == "send_batch" else None
    if batch is None or ended.revoked_at is not None or not _has_places(session, batch):
        return
    patient = people.get(session, batch.patient_id)
    if patient.phone_bix is None or patient.phone_bix != ended.number_bix:
        return
    if not texting.state(session, patient).allowed or _given_lately(session, batch, now) >= MOST_A_DAY:
        return
    link, token = links.issue(session, links.of_batch(batch, patient), now=now, life=LIFE)
    sender = senders.of_patient(session, batch.org_id, patient.id)
    text = texts.render(Purpose.REMINDER, batch.language, sender, Values(link=links.url_of(token)))
    outbox.enqueue_text(
        session,
        org_id=batch.org_id,
        to=patient.phone,
        body=text.body,
        lang=text.language,
        purpose=text.purpose,
        subject_kind="send_batch",
        subject_id=batch.id,
        dedupe_key=f"link:{link.id}",
        now=now,
    )


def _has_places(session: Session, batch: SendBatch) -> bool:
    query = select(Referral.id).where(Referral.batch_id == batch.id, Referral.state.not_in(SHOWN_NO_MORE))
    return session.scalars(query).first() is not None


def _given_lately(session: Session, batch: SendBatch, now: datetime) -> int:
    query = select(func.count(AccessLink.id)).where(
        AccessLink.subject_id == batch.id, AccessLink.created_at > now - A_DAY
    )
    return session.scalar(query) or 0
