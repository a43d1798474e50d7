"""What a place answered, on the patient's page, and a visit as a file for their calendar."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app, url_for
from sqlalchemy import select

from i18n import catalog, formatting
from i18n.catalog import patient as patient_words
from portal import db, errors
from portal.auth import link_guard
from portal.auth.guards import link
from portal.patient import ics
from portal.patient.blueprint import asked, blueprint, speak
from portal.patient.page import Behind, behind
from referrals import telling
from resources_db.models.referrals import Referral, ReferralEvent
from resources_db.vocab import Confidentiality, EventKind, ReferralState

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from resources_db.repositories.listing import Listing

S = ReferralState
_ = patient_words.gettext
NAMESPACE = uuid.UUID("8c5a7b0e-51c4-4c58-9d0e-6a1f0c3d2b47")
"""Makes a calendar's lasting name of a visit from our row, so that a changed date replaces the old entry."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a place said: a sentence, its words, and where the visit's file is."""

    words: str
    own: str = ""
    calendar: str = ""


def told(session: Session, found: Behind, token: str, now: datetime) -> list[Told | None]:
    """What each place of the page answered, in the order of the places; None where there is nothing to say."""
    by_place = {(one.service_id, one.location_id): one for one in _referrals(session, found)}
    return [
        _told(session, by_place.get((place.service_id, place.location_id)), found, token, now)
        for place in found.listings
    ]


@blueprint.get("/r/<token>/visit/<ref>.ics")
@link("patient")
def visit_file(token: str, ref: str) -> ResponseReturnValue:  # noqa: ARG001 - the guard reads the token
    """The visit for a calendar. The address holds the link and a code, the file no name, and no need."""
    now = db.now()
    with db.reading() as session:
        found = behind(session, link_guard.opened(), now)
        referral = next((one for one in _referrals(session, found) if one.ref == ref), None) if found else None
        if found is None or referral is None or not _is_ahead(referral, found.zone, now):
            return errors.link_not_working()
        speak(found)
        body = ics.file_of(_visit(found, referral, now))
    response = current_app.response_class(body, mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="visit.ics"'
    return response


def _referrals(session: Session, found: Behind) -> list[Referral]:
    query = select(Referral).where(Referral.id.in_(found.referral_ids)).order_by(Referral.created_at)
    return list(session.scalars(query))


def _told(session: Session, referral: Referral | None, found: Behind, token: str, now: datetime) -> Told | None:
    if referral is None:
        return None
    if referral.state is S.ACCEPTED:
        return Told(_("They can help. They will call you."))
    if referral.state is S.SCHEDULED and _is_ahead(referral, found.zone, now):
        address = url_for("patient.visit_file", token=token, ref=referral.ref, l=asked())
        return Told(_("You have a visit: %(when)s", when=_when(referral, found.zone)), calendar=address)
    if referral.state is S.NEEDS_CLIENT:
        return Told(_("They need papers from you."), own=_own_words(session, referral))
    if referral.state is S.WAITLISTED:
        if referral.next_on is None:
            return Told(_("There is a wait at this place."))
        day = formatting.long_day(referral.next_on)
        return Told(_("There is a wait at this place, maybe until %(day)s.", day=day))
    return None


def _is_ahead(referral: Referral, zone: str, now: datetime) -> bool:
    ends = telling.visit_ends(referral, zone)
    return referral.state is S.SCHEDULED and ends is not None and ends > now


def _when(referral: Referral, zone: str) -> str:
    assert referral.next_on is not None
    day = formatting.long_day(referral.next_on)
    if referral.next_at is None:
        return day
    # Translators: when a visit is, such as "Wednesday, December 2 at 2:30 PM".
    return _("%(day)s at %(time)s", day=day, time=formatting.time(referral.next_at, zone))


def _own_words(session: Session, referral: Referral) -> str:
    """Which papers, as the agency wrote it."""
    said = select(ReferralEvent).where(
        ReferralEvent.referral_id == referral.id,
        ReferralEvent.kind == EventKind.MOVE,
        ReferralEvent.to_state == S.NEEDS_CLIENT,
    )
    newest = session.scalars(said.order_by(ReferralEvent.seq.desc()).limit(1)).first()
    return newest.text if newest is not None else ""


def _visit(found: Behind, referral: Referral, now: datetime) -> ics.Visit:
    assert referral.next_on is not None
    listing = next((one for one in found.listings if one.service_id == referral.service_id), None)
    public = listing if not found.sensitive else None
    host = urlsplit(db.runtime().settings.public_url).hostname or "localhost"
    return ics.Visit(
        uid=f"{uuid.uuid5(NAMESPACE, str(referral.id))}@{host}",
        starts=referral.next_at or referral.next_on,
        zone=found.zone,
        # Translators: name of a visit in the patient's calendar. It must not say what help it is.
        summary=_("Visit"),
        # Translators: in the patient's calendar, below a visit. %(name)s is a first name or the name of the team.
        description=_(
            "To change it call %(name)s, %(phone)s.",
            name=found.sender.staff,
            phone=formatting.phone(found.sender.phone),
        ),
        location=_where(public) if public is not None else "",
        language=catalog.current_language().tag,
        sequence=referral.version,
        now=now,
    )


def _where(listing: Listing) -> str:
    if listing.sensitive or listing.confidentiality is not Confidentiality.PUBLIC:
        return ""
    return ", ".join((listing.name, *listing.address_lines))
