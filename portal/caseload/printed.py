"""The printed list: places in the patient's language, in large type, with a code that opens the patient's own page."""

from __future__ import annotations

import io
import uuid
from typing import TYPE_CHECKING, Final

import segno
from flask import abort, request
from markupsafe import Markup
from sqlalchemy import select

from i18n.catalog import use_language
from portal import db, htmx, place_words
from portal.auth.guards import needs
from portal.caseload.blueprint import blueprint
from referrals import links, people, senders
from referrals.lifecycle import WITH_AGENCY
from resources_db import audit
from resources_db.listing_key import BadListingKeyError, ListingKey
from resources_db.models.referrals import Referral, SendBatch
from resources_db.repositories import listing_texts, listings
from resources_db.vocab import BatchState

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

MOST_PLACES: Final = 12


@blueprint.get("/patients/<uuid:patient_id>/print")
@needs("person.read")
def print_list(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The chosen places, or those under way. Needs no consent: the paper goes to the patient alone."""
    now = db.now()
    with db.transaction() as session:
        patient = people.get(session, patient_id)
        keys = _chosen() or _under_way(session, patient_id)
        found = listings.load(session, keys[:MOST_PLACES])
        sender = senders.of_patient(session, patient.org_id, patient.id)
        link = _page_link(session, patient_id)
        audit.record(
            session,
            action="print",
            subject_kind="patient",
            subject_id=patient_id,
            now=now,
            detail={"places": len(found)},
        )
        with use_language(patient.language) as spoken:
            own = listing_texts.of_services(session, [one.service_id for one in found], spoken.code)
            return htmx.render(
                "caseload/print.html",
                places=[
                    place_words.place(one, now=now, map_url="", own=own.get(one.service_id, place_words.NOTHING))
                    for one in found
                ],
                sender=sender.org,
                navigator=sender.staff,
                phone=sender.phone,
                qr=_qr(link) if link else "",
                patient_id=patient_id,
            )


def _chosen() -> list[ListingKey]:
    try:
        return [ListingKey.parse(text) for text in request.args.getlist("listing")]
    except BadListingKeyError:
        abort(400)


def _under_way(session: Session, patient_id: uuid.UUID) -> list[ListingKey]:
    query = select(Referral).where(Referral.patient_id == patient_id, Referral.state.in_(WITH_AGENCY))
    rows = session.scalars(query.order_by(Referral.sent_at.desc()))
    return list(dict.fromkeys(ListingKey(one.service_id, one.location_id) for one in rows))


def _page_link(session: Session, patient_id: uuid.UUID) -> str:
    """The address of the newest page of this patient; its token is made again from the send's form key."""
    query = select(SendBatch).where(SendBatch.patient_id == patient_id, SendBatch.state == BatchState.RELEASED)
    newest = session.scalars(query.order_by(SendBatch.created_at.desc()).limit(1)).one_or_none()
    if newest is None:
        return ""
    token = links.token_of_form(newest.idempotency_key)
    return links.url_of(token) if links.find(session, token, now=db.now()) else ""


def _qr(url: str) -> Markup:
    """The address as an inline drawing; it holds no colour and no style, so the page's rules stay as strict."""
    drawn = io.BytesIO()
    segno.make(url, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=False, nl=False, svgclass="qr", lineclass=None, border=2
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn by us from an address we made
