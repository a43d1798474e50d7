"""The send page: what would leave, to whom, in which exact words. Send stores it; ten seconds later it leaves."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import abort, request, url_for

from i18n import catalog, formatting
from i18n.catalog import gettext as _
from portal import db, freshness_words, htmx, listing_status
from portal.auth.guards import needs
from portal.caseload import presenters, rerefer, send_words, texting_words
from portal.caseload.blueprint import blueprint
from referrals import create, people, prepare, senders
from referrals.create import Choice, Wish
from referrals.duplicates import GoOn
from referrals.errors import BadInputError, NotSendableError, TooLateError
from referrals.text_timing import Rules
from resources_db.listing_key import BadListingKeyError, ListingKey
from resources_db.models.referrals import SendBatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from referrals.prepare import Draft

MOST_PLACES = 10
MOST_NOTE = 500
MOST_KEY = 80


@dataclass(frozen=True, slots=True)
class Asked:
    """The send form as it stands: the same fields in the address of a preview and in the pressed form."""

    keys: tuple[ListingKey, ...]
    wanted: tuple[str, ...]
    language: str | None
    with_person: bool
    form_key: str
    previous_id: uuid.UUID | None = None
    others: tuple[ListingKey, ...] = ()
    """More places that stand ready beside the chosen one, after a no."""
    from_today: bool = False
    go_on: GoOn | None = None
    note: str = ""
    ticked: frozenset[str] | None = None

    def address(self, patient_id: uuid.UUID, keys: Sequence[ListingKey] | None = None) -> str:
        """The address of this preview, or of one with other places; it carries ids and codes only."""
        chosen = self.keys if keys is None else tuple(keys)
        pairs = [("listing", str(key)) for key in chosen] + [("need", need) for need in self.wanted]
        pairs += [("next", str(key)) for key in (*self.keys, *self.others) if key not in chosen]
        pairs += [("today", "y")] if self.from_today else []
        pairs += [("language", self.language)] if self.language else []
        pairs += [("with_person", "y")] if self.with_person else []
        pairs += [("previous", str(self.previous_id))] if self.previous_id else []
        return f"{url_for('caseload.compose', patient_id=patient_id)}?{urlencode(pairs)}"


@blueprint.get("/patients/<uuid:patient_id>/send")
@needs("referral.create")
def compose(patient_id: uuid.UUID) -> ResponseReturnValue:
    """What would be sent. Nothing is written."""
    return _page(patient_id, _asked())


@blueprint.post("/patients/<uuid:patient_id>/send")
@needs("referral.send")
def send(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the send; it can be undone for ten seconds. A second click is the same send."""
    asked = _asked()
    if "preview" in request.form:  # the tray of the search page, and a changed language without JavaScript
        return _page(patient_id, asked)
    try:
        with db.transaction() as session:
            batch = create.send(
                session,
                patient_id=patient_id,
                choices=[Choice(key, asked.ticked, asked.previous_id) for key in asked.keys],
                form_key=asked.form_key,
                now=db.now(),
                wish=Wish(
                    note=asked.note,
                    language=asked.language,
                    wanted=asked.wanted,
                    with_person=asked.with_person,
                    go_on=asked.go_on,
                ),
            )
            undo = url_for("caseload.undo_send", batch_id=batch.id)
    except NotSendableError as error:
        return _page(patient_id, asked, problem=send_words.why(error.why), status=422)
    except BadInputError:
        return _page(patient_id, asked, problem=_("Please press Send once more."), status=422)
    if not asked.from_today:
        return htmx.redirect(url_for("caseload.record", patient_id=patient_id))
    words = _("It leaves in 10 seconds. Until then you can undo.")
    return htmx.redirect(url_for("caseload.today"), toast=words, undo_url=undo)


@blueprint.post("/sends/<uuid:batch_id>/undo")
@needs("referral.send")
def undo_send(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Take a send back. After ten seconds it has left, and the page says so."""
    with db.transaction() as session:
        try:
            batch = create.undo(session, batch_id, now=db.now())
            patient_id, words = batch.patient_id, _("Taken back. Nothing was sent.")
        except TooLateError:
            patient_id = session.get_one(SendBatch, batch_id).patient_id
            words = _("It has left already. You can stop each referral on this page.")
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=words)


def _asked() -> Asked:
    values = request.values
    try:
        keys = tuple(dict.fromkeys(ListingKey.parse(text) for text in values.getlist("listing")[:MOST_PLACES]))
        others = tuple(dict.fromkeys(ListingKey.parse(text) for text in values.getlist("next")[:MOST_PLACES]))
    except BadListingKeyError:
        abort(400)
    dropped = values.get("drop", "")
    language = values.get("language", "")
    offered = {one.code for one in catalog.offered()}
    return Asked(
        keys=tuple(key for key in keys if str(key) != dropped),
        wanted=tuple(values.getlist("need")[:MOST_PLACES]),
        language=language if language in offered else None,
        with_person=values.get("with_person") == "y",
        form_key=values.get("key", "")[:MOST_KEY] or secrets.token_urlsafe(24),
        previous_id=values.get("previous", type=uuid.UUID),
        others=tuple(key for key in others if key not in keys),
        from_today=values.get("today") == "y",
        go_on=GoOn(values["go_on"]) if values.get("go_on") in set(GoOn) else None,
        note=request.form.get("note", "")[:MOST_NOTE],
        ticked=frozenset(request.form.getlist("field")) if "fields_shown" in request.form else None,
    )


def _page(patient_id: uuid.UUID, asked: Asked, *, problem: str = "", status: int = 200) -> ResponseReturnValue:
    now = db.now()
    with db.reading() as session:
        person = presenters.person(people.get(session, patient_id), now=now)
        zone = senders.org_of(session, people.get(session, patient_id).org_id).timezone
        draft, unknown = _draft(session, patient_id, asked)
        rows = [
            {
                "place": place,
                "key": str(place.listing.key),
                "open": listing_status.open_words(place.listing, now),
                "doubt": freshness_words.doubt(place.listing, now),
                "problem": send_words.why(place.problem) if place.problem else "",
            }
            for place in (draft.places if draft else ())
        ]
        return htmx.render(
            "caseload/send.html",
            block="main",
            status=status,
            asked=asked,
            person=person,
            first_name=people.get(session, patient_id).first_name,
            draft=draft,
            rows=rows,
            problem=problem or unknown,
            facts=send_words.facts(draft, asked.ticked) if draft else [],
            warned=send_words.warnings(draft.warnings, zone) if draft else [],
            go_on=send_words.go_on(draft.warnings, asked.go_on) if draft else None,
            after=rerefer.after(session, asked, patient_id, now) if asked.previous_id else None,
            text_why=texting_words.why(draft.texting) if draft else "",
            agreed=agreed(draft, zone) if draft else [],
            goes_out=texting_words.goes_out(draft.timing, zone) if draft else "",
            limit=texting_words.limit(draft, zone) if draft else None,
            hours=formatting.hours(rules().hours.opens, rules().hours.closes),
            here=asked.address(patient_id),
            text_languages=catalog.offered(),
            language_name=presenters.language_name,
            language_tag=presenters.language_tag,
        )


def _draft(session: Session, patient_id: uuid.UUID, asked: Asked) -> tuple[Draft | None, str]:
    try:
        draft = prepare.prepare(
            session,
            patient_id=patient_id,
            keys=asked.keys,
            form_key=asked.form_key,
            wanted=asked.wanted,
            language=asked.language,
            with_person=asked.with_person,
            now=db.now(),
            rules=rules(),
            after=asked.previous_id,
        )
    except NotSendableError as error:
        return None, send_words.why(error.why)
    return draft, ""


def rules() -> Rules:
    """The hours and amounts of this installation."""
    settings = db.runtime().messenger.settings
    return Rules(settings.hours, settings.limits)


def agreed(draft: Draft, zone: str) -> list[str]:
    """The consents the places rest on, each once."""
    words = []
    for consent in {place.consent.id: place.consent for place in draft.places if place.consent}.values():
        given = formatting.date(formatting.local(consent.effective_at, zone).date())
        witness = consent.witness
        words.append(
            _("spoken, %(date)s, heard by %(name)s", date=given, name=witness)
            if witness
            else _("signed, %(date)s", date=given)
        )
    return words
