"""Tells the patient by text that a place has answered, and of a visit: when it is, never where, why or what for.

Due rows of `schedule` come here; each asks the referral again, and what has moved on by then is not sent.
"""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from sqlalchemy import select

from i18n import formatting
from i18n.catalog import patient as patient_words
from i18n.catalog import use_language
from messaging import outbox
from referrals import business_days, links, people, schedule, senders, texting, texts
from referrals.texts import Place, Values
from resources_db.listing_key import ListingKey
from resources_db.models.messages import Message
from resources_db.models.referrals import Referral, SendBatch
from resources_db.repositories import listings
from resources_db.vocab import BatchState, Confidentiality, MessageState, Purpose, ReferralState

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.texting import Texting
    from referrals.texts import Text
    from resources_db.models.people import Patient
    from resources_db.models.referrals import ReferralTask

TOLD, OVER, NOT_TEXTED, TOLD_TODAY = "told", "over", "not_texted", "told_today"
S = ReferralState
DAY_ENDS = time(18)


def tell(session: Session, task: ReferralTask, now: datetime) -> str:
    """A place said yes, set a date, needs papers or has a waitlist: one text a day and send, "there is news"."""
    referral = session.get_one(Referral, task.referral_id)
    if referral.state not in schedule.NEWS:
        return OVER
    if referral.state is S.SCHEDULED:
        return remind(session, task, now)
    batch, patient, allowed = _reader(session, referral)
    if batch is None or not allowed.allowed:
        return NOT_TEXTED
    if _told_today(session, batch, now):
        return TOLD_TODAY
    link = _link(session, batch, patient, now)
    _promise(session, task, batch, patient, _news(session, referral, batch, allowed, link), now)
    return TOLD


def remind(session: Session, task: ReferralTask, now: datetime) -> str:
    """The text of a visit: when it was set, and a day before it. Moved or over by now: nothing is sent."""
    referral = session.get_one(Referral, task.referral_id)
    zone = senders.org_of(session, referral.org_id).timezone
    ends = visit_ends(referral, zone)
    if referral.state is not S.SCHEDULED or ends is None or ends <= now:
        return OVER
    batch, patient, allowed = _reader(session, referral)
    if batch is None or not allowed.allowed:
        return NOT_TEXTED
    sender = senders.of_patient(session, batch.org_id, patient.id)
    values = Values(link=_link(session, batch, patient, now), when=when_words(referral, zone, batch.language))
    text = texts.render(Purpose.APPOINTMENT, batch.language, sender, values)
    _promise(session, task, batch, patient, text, now, expires_at=ends)
    return TOLD


def when_words(referral: Referral, zone: str, language: str) -> str:
    """Day and clock time of a visit in a language: "Nov 25 at 2:30 PM"; the day alone when no time was named."""
    assert referral.next_on is not None
    with use_language(language):
        day = formatting.short_date(referral.next_on)
        if referral.next_at is None:
            return day
        clock = formatting.time(referral.next_at, zone)
        # Translators: when a visit is, inside of a text message; 20 letters at most, such as "Nov 25 at 10:30 AM".
        return patient_words.pgettext("sms", "%(day)s at %(time)s", day=day, time=clock).rstrip(".")


def visit_ends(referral: Referral, zone: str) -> datetime | None:
    """Until when a word about the visit makes sense: its clock time, or the end of its day."""
    if referral.next_at is not None:
        return referral.next_at
    return business_days.at(referral.next_on, DAY_ENDS, zone) if referral.next_on is not None else None


def _reader(session: Session, referral: Referral) -> tuple[SendBatch | None, Patient, Texting]:
    """The send whose text the patient had, the patient, and whether they may be texted now. No text then, none now."""
    patient = people.get(session, referral.patient_id)
    batch = session.get(SendBatch, referral.batch_id) if referral.batch_id else None
    texted = batch is not None and bool(batch.body) and batch.state is BatchState.RELEASED
    return (batch if texted else None), patient, texting.state(session, patient)


def _link(session: Session, batch: SendBatch, patient: Patient, now: datetime) -> str:
    return links.url_of(links.issue(session, links.of_batch(batch, patient), now=now)[1])


def _told_today(session: Session, batch: SendBatch, now: datetime) -> bool:
    """Several places may answer on one day; the page behind the first text shows them all."""
    since = now - schedule.ONE_NEWS_IN
    told = select(Message.id).where(
        Message.subject_kind == "send_batch",
        Message.subject_id == batch.id,
        Message.purpose.in_((Purpose.NEWS, Purpose.SAID_YES)),
        Message.state != MessageState.CANCELLED,
        Message.created_at > since,
    )
    return session.scalars(told).first() is not None


def _news(session: Session, referral: Referral, batch: SendBatch, allowed: Texting, link: str) -> Text:
    """With consent to details a yes names the place, where nothing is sensitive; else only that there is news."""
    sender = senders.of_patient(session, batch.org_id, batch.patient_id)
    if referral.state is S.ACCEPTED and allowed.details and not referral.sensitive:
        listing = listings.get(session, ListingKey(referral.service_id, referral.location_id))
        if listing is not None and not listing.sensitive and listing.confidentiality is Confidentiality.PUBLIC:
            values = Values(link=link, place=Place(listing.name, "", ""))
            text = texts.render(Purpose.SAID_YES, batch.language, sender, values)
            if text.fits:
                return text
    return texts.render(Purpose.NEWS, batch.language, sender, Values(link=link))


def _promise(
    session: Session,
    task: ReferralTask,
    batch: SendBatch,
    patient: Patient,
    text: Text,
    now: datetime,
    expires_at: datetime | None = None,
) -> None:
    outbox.enqueue_text(
        session,
        org_id=batch.org_id,
        to=patient.phone,
        body=text.body,
        lang=text.language,
        purpose=text.purpose,
        subject_kind="referral_task" if text.purpose is Purpose.APPOINTMENT else "send_batch",
        subject_id=task.id if text.purpose is Purpose.APPOINTMENT else batch.id,
        dedupe_key=f"task:{task.id}",
        now=now,
        expires_at=expires_at,
    )
