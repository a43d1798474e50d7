"""Why a "no" by text was a no, told by the next digit. The state stays; the reason, the room and the item follow.

A "3" counts at once, so that a silent phone loses nothing; its reason may come within the hour, by digit or by link.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from referrals import business_days, corrections, events, listing_words, notices, progress, senders, worklist
from referrals.reasons import NO_ROOM
from referrals.worklist import About
from resources_db.vocab import EventKind, Reason, ReferralState, WhyCode

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.by import By
    from resources_db.models.messages import SmsQuestion
    from resources_db.models.referrals import Referral

QUESTION = "why"
"""What the open question of the number asks."""
OPEN_FOR = timedelta(hours=1)
UNSAID = "3, by text"
"""The text of a "no" whose reason was not told yet."""
BY_DIGIT = {
    1: Reason.NO_CAPACITY,
    2: Reason.WAITLIST_ONLY,
    3: Reason.NOT_ELIGIBLE,
    4: Reason.OUT_OF_AREA,
    5: Reason.FUNDING_EXHAUSTED,
    6: Reason.OTHER,
}


def asked_about(session: Session, question: SmsQuestion | None, digit: int | None, now: datetime) -> Referral | None:
    """The referral whose reason this digit tells; None when it tells something else."""
    if question is None or question.question != QUESTION or digit not in BY_DIGIT:
        return None
    if now - question.asked_at > OPEN_FOR or corrections.newest_of(session, question.subject_id) != question.subject_id:
        return None
    referral = progress.seen(session, question.subject_id)
    return referral if referral.state is ReferralState.DECLINED and referral.reason is Reason.OTHER else None


def tell(session: Session, referral: Referral, reason: Reason, *, by: By, key: str, now: datetime) -> None:
    """Keep the reason beside the "no": on the referral, in its history, on the listing, on the navigator's list."""
    referral = progress.locked(session, referral.id)
    if events.with_key(session, referral.id, key) is not None:
        return
    events.append(session, referral, kind=EventKind.NOTE, by=by, key=key, now=now, reason=reason)
    referral.reason, referral.version = reason, referral.version + 1
    listing_words.learn(session, referral, reason, until=None, now=now)
    worklist.clear(session, referral_id=referral.id, whys=(WhyCode.AGENCY_SAID_NO,), now=now)
    why = WhyCode.AGENCY_FULL if reason in NO_ROOM else WhyCode.AGENCY_SAID_NO
    facts: dict[str, object] = {
        "agency": notices.agency_name(session, referral),
        "reason": reason.value,
        "state": referral.state.value,
    }
    about = About(why, referral.patient_id, referral.org_id, referral_id=referral.id, facts=facts)
    zone = senders.org_of(session, referral.org_id).timezone
    worklist.open_item(session, about, due_at=business_days.later(now, 1, zone), now=now)
