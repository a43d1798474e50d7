"""What the provider calls: incoming texts and reports on ours. Signature first, then one short transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Flask, current_app, request

from messaging import callbacks, inbound
from messaging.inbound import IncomingText
from messaging.twilio_transport import is_signed
from portal import db
from portal.auth import guards
from portal.auth.guards import webhook
from resources_db.tenancy import system
from resources_db.vocab import ActorKind

if TYPE_CHECKING:
    from flask.blueprints import BlueprintSetupState
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("sms", __name__)
NO_ANSWER = ("", 204)
EMPTY_REPLY = "<?xml version='1.0' encoding='UTF-8'?><Response/>"


@blueprint.record_once
def _register_check(state: BlueprintSetupState) -> None:
    assert isinstance(state.app, Flask)
    guards.check_webhook_with(state.app, "twilio", _signed)


@blueprint.post("/sms/status")
@webhook("twilio")
def status() -> ResponseReturnValue:
    """A report on one of our texts; the token in the address says which."""
    form = request.form
    if not form.get("MessageSid"):
        return NO_ANSWER
    messenger = db.runtime().messenger
    with db.transaction(system(kind=ActorKind.WEBHOOK)) as session:
        callbacks.apply(
            messenger,
            session,
            token=request.args.get("t", ""),
            sid=form.get("MessageSid", ""),
            status=form.get("MessageStatus", ""),
            error_code=form.get("ErrorCode", ""),
            now=db.now(),
        )
    return NO_ANSWER


@blueprint.post("/sms/inbound")
@webhook("twilio")
def incoming() -> ResponseReturnValue:
    """A text from a phone. Our reply, if any, goes through the outbox like every text; the answer here is empty."""
    form = request.form
    text = IncomingText(
        sid=form.get("MessageSid", ""),
        sender=form.get("From", ""),
        to=form.get("To", ""),
        body=form.get("Body", ""),
        opt_out_type=form.get("OptOutType") or None,
    )
    if text.sid and text.sender:
        with db.transaction(system(kind=ActorKind.WEBHOOK)) as session:
            inbound.receive(db.runtime().messenger, session, text, db.now())
    return current_app.response_class(EMPTY_REPLY, mimetype="text/xml")


def _signed() -> bool:
    if request.mimetype != "application/x-www-form-urlencoded":
        return False
    # the raw query: parsed and joined again it could differ from what was signed
    query = request.query_string.decode("latin-1")
    path = request.path + (f"?{query}" if query else "")
    form: dict[str, object] = dict(request.form.lists())
    given = request.headers.get("X-Twilio-Signature", "")
    return is_signed(db.runtime().messenger.settings, path, _single(form), given)


def _single(form: dict[str, object]) -> dict[str, object]:
    return {
        name: values[0] if isinstance(values, list) and len(values) == 1 else values for name, values in form.items()
    }
