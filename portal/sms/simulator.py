"""The phone simulator: the page with the phones, and the provider's API as the product's client calls it. Demo only.

The API handlers touch only the phone company's own file: the product's worker calls them while it holds nothing,
and they need nothing the product may hold.
"""

from __future__ import annotations

import json
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Flask, Response, current_app, request

from i18n.catalog import gettext as _
from messaging.sms_text import MAX_LETTERS
from portal import db, htmx
from portal.auth import guards
from portal.auth.guards import simulator_only, webhook
from portal.sms import phone_page, phone_people, provider_api, time_travel
from portal.sms.carrier import Tricks
from portal.sms.phone_page import PhonePage
from portal.sms.provider_api import Ending, Reply
from resources_db.tenancy import system

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.blueprints import BlueprintSetupState
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("simulator", __name__)

SILENCE_SECONDS: Final = 11.0
"""A little longer than our client waits."""
STEPS: Final = {"hour": timedelta(hours=1), "day": timedelta(days=1), "3days": timedelta(days=3)}
TRICKS: Final = ("doubled", "reversed", "early", "never", "bad_signature", "list_down")
LIST_LAG: Final = timedelta(seconds=60)
PARTS: Final = ("thread", "phones", "inbox", "clock")


@blueprint.record_once
def _register_check(state: BlueprintSetupState) -> None:
    assert isinstance(state.app, Flask)
    guards.check_webhook_with(state.app, "phone", lambda: db.runtime().settings.simulator)


@blueprint.get("/dev/phone")
@simulator_only
def phones() -> ResponseReturnValue:
    """The phones; with `part`, one part of the page for htmx."""
    part = request.args.get("part", "")
    return htmx.render("sms/phone.html", block=part if part in PARTS else None, page=_shown())


@blueprint.post("/dev/phone/reply")
@simulator_only
def reply() -> ResponseReturnValue:
    """The owner of a phone writes."""
    number, body = request.form.get("phone", ""), request.form.get("b", "")[:MAX_LETTERS]
    if provider_api.E164.fullmatch(number) and body.strip():
        db.runtime().phone_company.start()
        db.runtime().phone_company.receive(sender=number, body=body)
    return _back(number, "words")


@blueprint.post("/dev/phone/clock")
@simulator_only
def clock() -> ResponseReturnValue:
    """Put the product's clock forward, and let happen what falls due."""
    runtime, by = db.runtime(), request.form.get("by", "")
    if by in STEPS:
        time_travel.advance(runtime, STEPS[by])
    elif by == "next" and not time_travel.to_next(runtime):
        htmx.say_later(_("Nothing is planned."))
    return _back(request.form.get("phone", ""), "clock-name")


@blueprint.post("/dev/phone/switches")
@simulator_only
def switches() -> ResponseReturnValue:
    """The faults of all phones, and the tricks of the phone company until it starts anew."""
    company = db.runtime().phone_company
    for name in ("off", "slow"):
        company.store.set_switch(name, "1" if request.form.get(name) else "")
    lag = LIST_LAG if request.form.get("list_lag") else timedelta(0)
    company.tricks = Tricks(**{name: bool(request.form.get(name)) for name in TRICKS}, list_lag=lag)
    return _back(request.form.get("phone", ""), "network")


@blueprint.route("/dev/twilio/<path:path>", methods=["GET", "POST"])
@webhook("phone")
def provider(path: str) -> ResponseReturnValue:
    """The provider's API."""
    company = db.runtime().phone_company
    company.start()
    values = request.form if request.method == "POST" else request.args
    authorization = request.headers.get("Authorization", "")
    return _wire(provider_api.answer(company, request.method, f"/{path}", values.to_dict(), authorization))


@blueprint.post("/dev/mail")
@webhook("phone")
def mail() -> ResponseReturnValue:
    """Mail for the agencies' inbox."""
    company = db.runtime().phone_company
    if not provider_api.is_ours(company, request.headers.get("Authorization", "")):
        return _wire(provider_api.error("20003"))
    letter = request.get_json()
    company.store.add_mail({name: str(value) for name, value in letter.items()}, company.product_now())
    return _wire(Reply(201, json.dumps({})))


def _wire(answer: Reply) -> Response:
    if answer.ending is Ending.ANSWER:
        return current_app.response_class(answer.body, answer.status, dict(answer.headers), content_type=answer.kind)
    if answer.ending is Ending.SAY_NOTHING:
        time.sleep(SILENCE_SECONDS)
    # Promise more than comes: the server closes the connection, and the client sees a broken answer.
    broken = current_app.response_class(_nothing(), answer.status, content_type=answer.kind)
    broken.headers["Content-Length"] = str(len(answer.body))
    return broken


def _nothing() -> Iterator[bytes]:
    yield b""


def _back(number: str, place: str) -> Response:
    """To the place where the hand was; a browser puts the cursor there if it is a field."""
    known = provider_api.E164.fullmatch(number)
    return htmx.redirect(f"/dev/phone?phone=%2B{number[1:]}#{place}" if known else f"/dev/phone#{place}")


def _shown() -> PhonePage:
    runtime = db.runtime()
    store = runtime.phone_company.store
    with db.reading(system()) as session:
        owners = phone_people.owners(session)
    asked = request.args.get("phone", "")
    here = phone_page.chosen(asked if provider_api.E164.fullmatch(asked) else "", owners, store)
    return PhonePage(
        here=here,
        phones=phone_page.rows(here, owners, store),
        bubbles=phone_page.bubbles(here, store),
        mails=phone_page.mails(store, request.args.get("mail", ""), phone_people.HOME_ZONE),
        product_time=runtime.clock.now(),
        real_time=runtime.clock.real(),
        off=bool(store.switch("off")),
        slow=bool(store.switch("slow")),
        tricks=runtime.phone_company.tricks,
    )
