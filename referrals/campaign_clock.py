"""What the clock does for campaigns: sends in batches, reminds on day 7 and 14, asks for a call on day 21.

Each contact is one transaction of its own; a killed worker goes on where it was, and nobody is asked twice.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import ask_rests, campaign_messages, listing_check
from resources_db import freshness
from resources_db.freshness import Grade
from resources_db.models.upkeep import Campaign, CampaignAsk, CampaignListing
from resources_db.vocab import AskState, CampaignState, ReviewWhy

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

BATCH = 1_000
"""Contacts at most in one turn of the clock."""
REMIND = (timedelta(days=7), timedelta(days=14))
CALL, LOWER = timedelta(days=21), timedelta(days=45)
S = AskState
DUE = (S.WAITING, S.SENT, S.OPENED, S.SNOOZED, S.PHONE_TASK)


def planned(session: Session, *, now: datetime) -> list[uuid.UUID]:
    """Questions with something due now, the oldest first, at most a batch."""
    stmt = (
        select(CampaignAsk.id)
        .join(Campaign, Campaign.id == CampaignAsk.campaign_id)
        .where(CampaignAsk.state.in_(DUE), CampaignAsk.next_at <= now, Campaign.state == CampaignState.SENDING)
        .order_by(CampaignAsk.next_at, CampaignAsk.id)
        .limit(BATCH)
    )
    return list(session.scalars(stmt))


def take(session: Session, ask_id: uuid.UUID, *, now: datetime) -> str:
    """The next step with one contact; what it was."""
    ask = session.scalars(select(CampaignAsk).where(CampaignAsk.id == ask_id).with_for_update()).one()
    campaign = session.get_one(Campaign, ask.campaign_id)
    if ask.next_at is None or ask.next_at > now or campaign.state is not CampaignState.SENDING:
        return "nothing"
    if ask.state in {S.WAITING, S.SNOOZED}:
        return _first(session, ask, now)
    assert ask.sent_at is not None
    if ask.state is S.PHONE_TASK:
        return _lower(session, ask, now)
    if ask.reminders < len(REMIND):
        return _remind(session, ask, now)
    return _call(session, ask, now)


def finish(session: Session, *, now: datetime) -> int:
    """Campaigns in which nobody is asked any more are done; how many."""
    running = session.scalars(select(Campaign).where(Campaign.state == CampaignState.SENDING)).all()
    busy = set(
        session.scalars(
            select(CampaignAsk.campaign_id).where(
                CampaignAsk.campaign_id.in_([one.id for one in running]),
                CampaignAsk.state.in_(DUE),
                CampaignAsk.next_at.is_not(None),
            )
        )
    )
    over = [one for one in running if one.id not in busy]
    for campaign in over:
        campaign.state, campaign.ended_at = CampaignState.DONE, now
    return len(over)


def _first(session: Session, ask: CampaignAsk, now: datetime) -> str:
    number = f"{ask.reminders}" if ask.state is S.WAITING else f"after:{int(now.timestamp())}"
    if ask.state is S.WAITING and ask.contact_id in ask_rests.resting(session, [ask.contact_id], now=now):
        return _leave_out(ask, "rests")
    message = campaign_messages.send(session, ask, number=number, now=now)
    if message is None:
        return _leave_out(ask, "stopped")
    ask.state, ask.sent_at, ask.reminders, ask.next_at = S.SENT, now, 0, now + REMIND[0]
    return "sent"


def _remind(session: Session, ask: CampaignAsk, now: datetime) -> str:
    assert ask.sent_at is not None
    ask.reminders += 1
    steps = (*REMIND, CALL)
    ask.next_at = ask.sent_at + steps[ask.reminders]
    if ask.contact_id in ask_rests.resting(session, [ask.contact_id], now=now):
        return "rests"
    campaign_messages.send(session, ask, number=f"{int(ask.sent_at.timestamp())}:{ask.reminders}", now=now)
    return "reminded"


def _call(session: Session, ask: CampaignAsk, now: datetime) -> str:
    """Nobody answered: a person calls. No answer changes no date."""
    assert ask.sent_at is not None
    for row in _unanswered(session, ask):
        listing_check.open_for(session, row, ReviewWhy.CALL_THEM, now=now)
    ask.state, ask.next_at = S.PHONE_TASK, ask.sent_at + LOWER
    return "call"


def _lower(session: Session, ask: CampaignAsk, now: datetime) -> str:
    """Six weeks without a word: what is stale stands lower in search until it is confirmed. Never hidden."""
    for row in _unanswered(session, ask):
        if freshness.of_listing(session, row.service_id, row.location_id, now=now).grade in {Grade.STALE, Grade.NEVER}:
            listing_check.open_for(session, row, ReviewWhy.NO_ANSWER, now=now)
    ask.next_at = None
    return "lowered"


def _leave_out(ask: CampaignAsk, why: str) -> str:
    ask.state, ask.why_not, ask.next_at = S.LEFT_OUT, why, None
    return "left_out"


def _unanswered(session: Session, ask: CampaignAsk) -> list[CampaignListing]:
    stmt = select(CampaignListing).where(CampaignListing.ask_id == ask.id, CampaignListing.answer == "")
    return list(session.scalars(stmt))
