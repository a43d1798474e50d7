"""Using a bundle for a patient: choose one, look at the place of each need, send all of it with one button."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from flask import request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from portal import db, htmx
from portal.auth.guards import needs
from portal.caseload import bundle_page, bundle_words, presenters, send_words
from portal.caseload.blueprint import blueprint
from referrals import bundle_use, kit, people, senders
from referrals import bundles as bundle_rules
from referrals.bundle_use import Use
from referrals.bundles import BundleChangedError
from referrals.create import Wish
from referrals.errors import BadInputError, NotSendableError
from resources_db.listing_key import ListingKey

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.caseload.bundle_page import Asked
    from referrals.bundles import Kit


@blueprint.get("/patients/<uuid:patient_id>/bundles")
@needs("referral.create")
def choose_bundle(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The bundles to choose from."""
    with db.reading() as session:
        person = presenters.person(people.get(session, patient_id), now=db.now())
        rows = [
            {
                "name": bundle_words.name(one),
                "needs": bundle_words.needs(one),
                "plan": bundle_words.plan(one),
                "href": url_for("caseload.bundle", patient_id=patient_id, bundle_id=one.id),
            }
            for one in bundle_rules.of_org(session)
        ]
    return htmx.render("caseload/bundles.html", person=person, rows=rows)


@blueprint.get("/patients/<uuid:patient_id>/bundles/<uuid:bundle_id>")
@needs("referral.create")
def bundle(patient_id: uuid.UUID, bundle_id: uuid.UUID) -> ResponseReturnValue:
    """What the bundle comes to for this patient now. Nothing is written."""
    return _page(patient_id, bundle_id)


@blueprint.post("/patients/<uuid:patient_id>/bundles/<uuid:bundle_id>")
@needs("referral.send")
def use_bundle(patient_id: uuid.UUID, bundle_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the send; it can be undone for ten seconds. A second click is the same send."""
    if "preview" in request.form:
        return _page(patient_id, bundle_id)
    asked = bundle_page.asked_now()
    try:
        with db.transaction() as session:
            found = bundle_rules.get(session, bundle_id)
            used = bundle_use.use(
                session,
                patient_id,
                _use(found, asked),
                form_key=asked.form_key,
                now=db.now(),
                wish=Wish(note=asked.note, with_person=asked.with_person),
            )
    except NotSendableError as error:
        return _page(patient_id, bundle_id, problems=[("needs", send_words.why(error.why))], status=422)
    except BundleChangedError:
        words = _("Somebody changed this bundle meanwhile. Look at it again, then send.")
        return _page(patient_id, bundle_id, problems=[("needs", words)], status=409)
    except BadInputError as error:
        return _page(patient_id, bundle_id, problems=[_problem(error)], status=422)
    return htmx.redirect(url_for("caseload.record", patient_id=patient_id), toast=_said(used))


def _said(used: bundle_use.Used) -> str | None:
    """Nothing beside the toast that counts down, unless a need went to the list instead."""
    count = len(used.without_place)
    if not count:
        return None
    return ngettext(
        "%(num)s need without a place is on your list.", "%(num)s needs without a place are on your list.", count
    )


def _problem(error: BadInputError) -> tuple[str, str]:
    if error.field == "came_home":
        return "home", _(
            "Type the day of the way home as year-month-day. It may be two weeks ahead, or two months ago."
        )
    if error.field == "places":
        return "needs", _("Choose at least one need.")
    return "needs", _("Please press Send once more.")


def _use(found: Kit, asked: Asked) -> Use:
    places: dict[str, ListingKey | None] = {}
    for item, pick in zip(found.items, asked.picks, strict=False):
        if pick and pick != bundle_page.SKIP:
            places[item.subneed] = None if pick == bundle_page.NONE else ListingKey.parse(pick)
    return Use(found.id, asked.version, places, fields=asked.ticked, came_home=_day(asked.came_home))


def _day(typed: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        return None


def _page(
    patient_id: uuid.UUID,
    bundle_id: uuid.UUID,
    *,
    problems: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    asked, now = bundle_page.asked_now(), db.now()
    with db.reading() as session:
        found = bundle_rules.get(session, bundle_id)
        patient = people.get(session, patient_id)
        zone = senders.org_of(session, patient.org_id).timezone
        view = bundle_page.of(session, patient, found, asked, now=now)
        today = formatting.local(now, zone).date()
        home = asked.came_home or str(kit.home_on(patient, zone) or today)
        here = replace(asked, picks=view.picks, version=found.version, came_home=home)
        return htmx.render(
            "caseload/bundle.html",
            block="main",
            status=status,
            asked=asked,
            version=found.version,
            home=home,
            view=view,
            title=bundle_words.name(found),
            plan=bundle_words.plan(found),
            discharge=found.discharge,
            problems=problems or [],
            person=presenters.person(patient, now=now),
            first_name=patient.first_name,
            action=url_for("caseload.use_bundle", patient_id=patient_id, bundle_id=bundle_id),
            ask_consent=url_for(
                "caseload.ask_consent",
                patient_id=patient_id,
                share=list(view.share),
                back=here.address(patient_id, bundle_id),
            ),
            language_name=presenters.language_name,
            language_tag=presenters.language_tag,
        )
