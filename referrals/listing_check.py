"""What an agency says of its own listings behind the link of a question: all right, changed, closed or moved, not ours.

Reading changes nothing. No answer of it names a patient, and none is needed: a listing is public.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from referrals import ask_rests, links
from referrals.errors import NotFoundError
from resources_db import freshness, reviews, submitting
from resources_db.models.directory import Organization, ServiceAtLocation
from resources_db.models.referrals import AgencyContact
from resources_db.models.upkeep import CampaignAsk, CampaignListing
from resources_db.repositories import listings
from resources_db.submitting import Sender
from resources_db.vocab import AskState, ChangeOrigin, ConfirmMethod, FieldGroup, FieldOrigin, ReviewWhy

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from resources_db.models.access import AccessLink
    from resources_db.repositories.listing import Listing
    from resources_db.submitting import Submitted

SUBJECT = "campaign_ask"
AGENCY = "agency"
STILL_RIGHT, CHANGED, CLOSED, NOT_US = "still_right", "changed", "closed", "not_us"
LATER = timedelta(days=90)
GONE: Mapping[str, ReviewWhy] = {"closed": ReviewWhy.CLOSED, "moved": ReviewWhy.MOVED}
LONGEST_WORDS = 300


@dataclass(frozen=True, slots=True)
class AskedListing:
    """One listing of the question with all its places, and what was said of it so far."""

    row: CampaignListing
    places: tuple[Listing, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as its contact sees it."""

    ask: CampaignAsk
    contact: AgencyContact
    agency: str
    listings: tuple[AskedListing, ...]

    @property
    def open(self) -> tuple[AskedListing, ...]:
        """Those without an answer yet."""
        return tuple(one for one in self.listings if not one.row.answer)


def asked(session: Session, link: AccessLink) -> Asked:
    """What this link asks; always the same number of queries. Raises NotFoundError."""
    ask = session.get(CampaignAsk, link.subject_id)
    if ask is None or ask.contact_id != link.contact_id:
        raise NotFoundError
    contact = session.get_one(AgencyContact, ask.contact_id)
    rows = session.scalars(select(CampaignListing).where(CampaignListing.ask_id == ask.id)).all()
    places: dict[uuid.UUID, list[Listing]] = {}
    for listing in listings.of_services(session, [row.service_id for row in rows], include_staff=True):
        places.setdefault(listing.service_id, []).append(listing)
    shown = [AskedListing(row, tuple(places[row.service_id])) for row in rows if row.service_id in places]
    shown.sort(key=lambda one: (one.places[0].name.casefold(), str(one.row.id)))
    return Asked(ask, contact, session.get_one(Organization, contact.organization_id).name, tuple(shown))


def still_right(
    session: Session,
    ask: CampaignAsk,
    rows: Sequence[CampaignListing],
    *,
    groups: Sequence[FieldGroup] = freshness.SPOKEN_OF,
    method: ConfirmMethod = ConfirmMethod.AGENCY_LINK,
    now: datetime,
) -> None:
    """The agency says that these groups of these listings are right, at all of their places."""
    held = select(ServiceAtLocation).where(
        ServiceAtLocation.service_id.in_([row.service_id for row in rows]), ServiceAtLocation.deleted_at.is_(None)
    )
    places: dict[uuid.UUID, list[uuid.UUID | None]] = {}
    for place in session.scalars(held):
        places.setdefault(place.service_id, []).append(place.location_id)
    for row in rows:
        for location_id in places.get(row.service_id, [None]):
            freshness.confirm(
                session,
                service_id=row.service_id,
                location_id=location_id,
                groups=groups,
                method=method,
                origin=FieldOrigin.AGENCY,
                now=now,
            )
        _answered(row, STILL_RIGHT, now)
    _settle(session, ask, now)


def change(
    session: Session,
    ask: CampaignAsk,
    row: CampaignListing,
    listing: Listing,
    fields: Mapping[str, str],
    *,
    now: datetime,
) -> Submitted:
    """The agency corrects its listing: what policy lets through is live, the rest waits. Raises proposals' errors."""
    sender = Sender(ChangeOrigin.AGENCY_LINK, label=AGENCY)
    done = submitting.submit(session, listing.key, fields, sender, now=now)
    _answered(row, CHANGED, now)
    _settle(session, ask, now)
    return done


def closed(session: Session, ask: CampaignAsk, row: CampaignListing, what: str, words: str, *, now: datetime) -> None:
    """It closed or moved: the team looks at it; nothing of the listing changes before that."""
    _review(session, row, GONE.get(what, ReviewWhy.CLOSED), words, now)
    _answered(row, CLOSED, now)
    _settle(session, ask, now)


def not_us(session: Session, ask: CampaignAsk, row: CampaignListing, *, now: datetime) -> None:
    """The contact on file says that the listing is not its own: the team looks for the right one."""
    _review(session, row, ReviewWhy.BOUNCED, NOT_US, now)
    _answered(row, NOT_US, now)
    _settle(session, ask, now)


def later(session: Session, ask: CampaignAsk, *, now: datetime) -> None:
    """Not now: this contact is asked again in three months."""
    ask_rests.rest(session, ask.contact_id, until=now + LATER, said_by=ask_rests.AGENCY, now=now)
    ask.state, ask.next_at = AskState.SNOOZED, now + LATER


def never(session: Session, ask: CampaignAsk, *, now: datetime) -> None:
    """No more questions about listings to this contact; referrals still come."""
    ask_rests.rest(session, ask.contact_id, until=None, said_by=ask_rests.AGENCY, now=now)
    ask.state, ask.next_at = AskState.DECLINED, None


def again(session: Session, ask: CampaignAsk, *, now: datetime) -> None:
    """Pressed by mistake: the questions are wanted."""
    ask_rests.end(session, ask.contact_id, now=now)
    ask.state = AskState.OPENED
    _settle(session, ask, now)


def opened(session: Session, link: AccessLink, ask: CampaignAsk, *, now: datetime) -> None:
    """A button was pressed: the question was opened. Fetching the page is no opening."""
    links.opened(session, link, now=now)
    if ask.state in {AskState.SENT, AskState.PHONE_TASK, AskState.WAITING}:
        ask.state = AskState.OPENED


def open_for(session: Session, row: CampaignListing, why: ReviewWhy, *, now: datetime) -> None:
    """The campaign itself gives the team something to do about a listing."""
    reviews.open_review(
        session, service_id=row.service_id, location_id=row.location_id, why=why, from_role="campaign", now=now
    )


def _review(session: Session, row: CampaignListing, why: ReviewWhy, words: str, now: datetime) -> None:
    reviews.open_review(
        session,
        service_id=row.service_id,
        location_id=row.location_id,
        why=why,
        from_role=AGENCY,
        note=words.strip()[:LONGEST_WORDS],
        now=now,
    )


def _answered(row: CampaignListing, answer: str, now: datetime) -> None:
    row.answer, row.answered_at = answer, now


def _settle(session: Session, ask: CampaignAsk, now: datetime) -> None:
    """Everything was answered: no reminder comes any more."""
    session.flush()
    left = select(CampaignListing.id).where(CampaignListing.ask_id == ask.id, CampaignListing.answer == "")
    if session.scalars(left.limit(1)).first() is None:
        ask.state, ask.answered_at, ask.next_at = AskState.ANSWERED, ask.answered_at or now, None
    elif ask.state in {AskState.SENT, AskState.PHONE_TASK}:
        ask.state = AskState.OPENED
    session.flush()
