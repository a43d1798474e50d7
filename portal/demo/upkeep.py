"""What keeps the demo's listings true: words that something is wrong, and a half answered round of questions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from portal.demo import past
from portal.demo.world import DIRECTORY, PANTRY
from referrals import ask_rests, campaign_clock, campaigns, listing_check
from referrals.listing_queue import OLD, Chosen
from resources_db import reviews
from resources_db.models.directory import Organization
from resources_db.models.referrals import AgencyContact
from resources_db.models.upkeep import CampaignAsk, CampaignListing
from resources_db.tenancy import act_as, system
from resources_db.vocab import ReviewWhy

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from portal.demo.world import World
    from resources_db.models.directory import Service

SAID: Final = (
    (ReviewWhy.WRONG_NUMBER, "A fax answers.", 2),
    (ReviewWhy.CLOSED, "The door was locked, a sign says moved.", 4),
    (ReviewWhy.CLOSED, "", 1),
    (ReviewWhy.WRONG_HOURS, "They close at noon on Fridays now.", 6),
)
"""What navigators reported, with the days ago; the two of one kind are about the same place."""
BEGAN, ANSWERED, REMINDED = timedelta(days=9), timedelta(days=8), timedelta(days=2)


def make(session: Session, made: World, services: Mapping[str, Service], *, now: datetime) -> None:
    """Reports of navigators, then the round: a third confirmed, one moved, the others were reminded."""
    act_as(session, system())
    _reports(session, services, now)
    _leave_in_peace(session, now)
    campaign = campaigns.start(
        session,
        Chosen(grade=OLD),
        name="Fall check",
        note="Thank you for keeping your neighbors informed.",
        org_id=made.orgs[DIRECTORY].id,
        now=now - BEGAN,
    )
    if campaign is None:
        return
    for ask_id in campaign_clock.planned(session, now=now - BEGAN):
        campaign_clock.take(session, ask_id, now=now - BEGAN)
    past.settle(session)
    _answer(session, campaign.id, now - ANSWERED)
    for ask_id in campaign_clock.planned(session, now=now - REMINDED):
        campaign_clock.take(session, ask_id, now=now - REMINDED)
    past.settle(session)
    past.forget_usage(session)


def _reports(session: Session, services: Mapping[str, Service], now: datetime) -> None:
    about = sorted(services.values(), key=lambda service: service.name)[3::7]
    places = (about[0], about[1], about[1], about[2])
    for (why, note, days), service in zip(SAID, places, strict=True):
        reviews.open_review(
            session, service_id=service.id, why=why, from_role="navigator", note=note, now=now - timedelta(days=days)
        )


def _leave_in_peace(session: Session, now: datetime) -> None:
    """The pantry of the story has enough to read."""
    own = select(AgencyContact).join(Organization, Organization.id == AgencyContact.organization_id)
    for contact in session.scalars(own.where(Organization.name == PANTRY)).all():
        ask_rests.rest(session, contact.id, until=now + timedelta(days=30), said_by=ask_rests.AGENCY, now=now - BEGAN)


def _answer(session: Session, campaign_id: uuid.UUID, at: datetime) -> None:
    asks = session.scalars(
        select(CampaignAsk)
        .join(AgencyContact, AgencyContact.id == CampaignAsk.contact_id)
        .join(Organization, Organization.id == AgencyContact.organization_id)
        .where(CampaignAsk.campaign_id == campaign_id, CampaignAsk.sent_at.is_not(None))
        .order_by(Organization.name)
    ).all()
    for number, ask in enumerate(asks):
        rows = session.scalars(select(CampaignListing).where(CampaignListing.ask_id == ask.id)).all()
        if number % 3 == 0:
            listing_check.still_right(session, ask, rows, now=at)
        elif number == 1:
            listing_check.closed(session, ask, rows[0], "moved", "We moved to Elm Street in October.", now=at)
