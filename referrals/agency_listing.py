"""What an agency says of its own listing in the same visit: room, counted at once; corrections, as proposals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from referrals import agency, listing_words
from resources_db import freshness, submitting
from resources_db.listing_key import ListingKey
from resources_db.submitting import Sender
from resources_db.tenancy import actor_of
from resources_db.vocab import ChangeOrigin, ConfirmMethod, FieldOrigin

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from resources_db.models.access import AccessLink
    from resources_db.models.curation import CapacityStatement
    from resources_db.submitting import Submitted
    from resources_db.vocab import CapacityState, FieldGroup


def say_room(
    session: Session,
    link: AccessLink,
    state: CapacityState,
    *,
    now: datetime,
    until: date | None = None,
    weeks: int | None = None,
) -> CapacityStatement:
    """The agency says whether its service has room; it shows at once, with the date."""
    referral = agency.referral_of(session, link)
    return listing_words.say_room(session, referral, state, until=until, weeks=weeks, now=now)


def propose(
    session: Session, link: AccessLink, fields: Mapping[str, str], *, note: str = "", now: datetime
) -> Submitted:
    """Corrections: live where the policy lets a link, else for the directory team. Raises the errors of proposals."""
    referral = agency.referral_of(session, link)
    return submitting.submit(
        session,
        ListingKey(referral.service_id, referral.location_id),
        fields,
        Sender(ChangeOrigin.AGENCY_LINK, actor_of(session).user_id, listing_words.SAID_BY),
        note=note.strip(),
        now=now,
    )


def still_true(session: Session, link: AccessLink, groups: Sequence[FieldGroup], *, now: datetime) -> None:
    """One tap: these facts of the listing are right. Confirmed by the agency, on this day."""
    referral = agency.referral_of(session, link)
    freshness.confirm(
        session,
        service_id=referral.service_id,
        location_id=referral.location_id,
        groups=groups,
        method=ConfirmMethod.AGENCY_LINK,
        origin=FieldOrigin.AGENCY,
        by=actor_of(session).user_id,
        now=now,
    )
