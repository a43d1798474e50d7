"""The printed list: places in the patient's language, in large type, with a code that opens the patient's own page.

The same page is the sheet to read aloud to a person who takes no paper. Needs no consent: it goes to the patient alone.
"""

from __future__ import annotations

import io
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import segno
from flask import abort, request, url_for
from markupsafe import Markup
from sqlalchemy import select

from i18n import catalog, formatting
from i18n.catalog import gettext as _
from portal import db, htmx, own_words
from portal.auth.guards import needs
from portal.caseload import presenters, print_words
from portal.caseload.blueprint import blueprint
from referrals import goals, links, people, senders, sight
from referrals.lifecycle import WITH_AGENCY
from resources_db import audit
from resources_db import needs as need_catalog
from resources_db.listing_key import BadListingKeyError, ListingKey
from resources_db.models.referrals import Referral, SendBatch
from resources_db.repositories import listings
from resources_db.vocab import BatchState, GoalState

if TYPE_CHECKING:
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from portal.caseload.print_words import Card
    from referrals.goals import GoalFacts
    from resources_db.models.people import Patient

MOST_PLACES: Final = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for: which places, in which language, with English beside it, on paper or by voice."""

    keys: tuple[ListingKey, ...]
    language: str
    beside: bool
    aloud: bool

    def address(self, patient_id: uuid.UUID, **other: str) -> str:
        """The same page with something changed; an empty value takes it away."""
        kept = {"beside": "y" if self.beside else "", "aloud": "y" if self.aloud else "", "language": self.language}
        pairs = [("listing", str(key)) for key in self.keys]
        pairs += [(name, value) for name, value in {**kept, **other}.items() if value]
        return f"{url_for('caseload.print_list', patient_id=patient_id)}?{urlencode(pairs)}"

    @property
    def languages(self) -> list[str]:
        """The languages of the paper, the patient's own first."""
        both = (self.beside or self.aloud) and self.language != "en"
        return [self.language, "en"] if both else [self.language]


@blueprint.get("/patients/<uuid:patient_id>/print")
@needs("person.read")
def print_list(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The chosen places, or those under way."""
    now = db.now()
    with db.transaction() as session:
        patient = people.get(session, patient_id)
        asked = _asked(patient)
        under_way = _under_way(session, patient_id)
        offered = listings.load(session, list(dict.fromkeys([*asked.keys, *under_way]))[:MOST_PLACES])
        chosen = set(asked.keys) or {one.key for one in offered}
        own = own_words.of(session, offered, asked.language)
        cards = [
            print_words.card(
                one, asked.languages, own.get(one.service_id, {}), neutral=under_way.get(one.key, False), now=now
            )
            for one in offered
            if one.key in chosen
        ]
        sender = senders.of_patient(session, patient.org_id, patient.id)
        zone = senders.org_of(session, patient.org_id).timezone
        context: dict[str, object] = {
            "cards": cards,
            "goals": _goals(session, patient_id),
            "sender": sender.org,
            "phone": sender.phone,
            "qr": _qr(_page_link(session, patient_id)),
            "person": presenters.person(patient, now=now),
            "language_off": presenters.language_off(patient.language),
            "picks": [(str(one.key), one.name, one.key in chosen) for one in offered],
        }
        _audit(session, patient_id, cards, asked, now)
    printed = formatting.local(now, zone).date()
    template = "caseload/aloud.html" if asked.aloud else "caseload/print.html"
    context |= {
        "asked": asked,
        **_tools(patient_id, asked),
        **print_words.around(asked.language, sender.staff or sender.org, printed=printed),
    }
    return htmx.render(template, block=None, status=200, **context)


def _asked(patient: Patient) -> Asked:
    try:
        keys = [ListingKey.parse(text) for text in request.args.getlist("listing")[:MOST_PLACES]]
    except BadListingKeyError:
        abort(400)
    wanted = request.args.get("language", "")
    offered = {one.code for one in catalog.offered()}
    return Asked(
        keys=tuple(dict.fromkeys(keys)),
        language=wanted if wanted in offered else catalog.spoken(patient.language),
        beside=request.args.get("beside") == "y",
        aloud=request.args.get("aloud") == "y",
    )


def _tools(patient_id: uuid.UUID, asked: Asked) -> dict[str, object]:
    """What stands above the paper on the screen, in the words of the member of staff."""
    other = _("Only %(language)s", language=presenters.language_name(asked.language))
    return {
        "page": {"language": catalog.current_language()},
        "choices": [
            (one, asked.address(patient_id, language=one.code), one.code == asked.language) for one in catalog.offered()
        ],
        "beside": (
            asked.address(patient_id, beside="" if asked.beside else "y"),
            other if asked.beside else _("English beside it"),
        )
        if asked.language != "en"
        else None,
        "aloud": asked.address(patient_id, aloud="" if asked.aloud else "y"),
        "here": url_for("caseload.print_list", patient_id=patient_id),
    }


def _under_way(session: Session, patient_id: uuid.UUID) -> dict[ListingKey, bool]:
    """The places of open referrals, the newest first, and whether what they are for must stay unsaid."""
    query = select(Referral).where(Referral.patient_id == patient_id, Referral.state.in_(WITH_AGENCY))
    if not sight.sees(session, patient_id):
        query = query.where(Referral.sensitive.is_(False))
    rows = session.scalars(query.order_by(Referral.sent_at.desc(), Referral.ref))
    found: dict[ListingKey, bool] = {}
    for one in rows:
        key = ListingKey(one.service_id, one.location_id)
        found[key] = found.get(key, False) or one.sensitive
    return found


def _goals(session: Session, patient_id: uuid.UUID) -> list[GoalFacts]:
    """What the person wants, as they said it; not what would name a sensitive need on paper others may see."""
    return [
        goal
        for goal in goals.of_patient(session, patient_id)
        if goal.state is GoalState.ACTIVE and not need_catalog.is_sensitive([goal.subneed])
    ]


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
    if not url:
        return Markup("")
    drawn = io.BytesIO()
    segno.make(url, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=False, nl=False, svgclass="qr", lineclass=None, border=2, omitsize=True
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn by us from an address we made


def _audit(session: Session, patient_id: uuid.UUID, cards: list[Card], asked: Asked, now: datetime) -> None:
    audit.record(
        session,
        action="read_aloud" if asked.aloud else "print",
        subject_kind="patient",
        subject_id=patient_id,
        now=now,
        detail={"places": len(cards)},
    )
