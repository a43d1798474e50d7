"""What the provider calls: incoming texts and reports on ours. Signature first, then one short transaction.

A call that is not truly signed is counted in this process and leaves no row, so nobody can fill the database with them.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Flask, current_app, request

from messaging import callbacks, inbound
from messaging.inbound import IncomingText
from messaging.twilio_transport import is_signed
from portal import db
from portal.auth import guards
from portal.auth.guards import webhook
from portal.security import UNSTORABLE, any_text
from resources_db.tenancy import system
from resources_db.vocab import ActorKind

if TYPE_CHECKING:
    from flask.blueprints import BlueprintSetupState
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("sms", __name__)
log = logging.getLogger(f"handrail.{__name__}")

NO_ANSWER = ("", 204)
EMPTY_REPLY = "<?xml version='1.0' encoding='UTF-8'?><Response/>"
MOST_REFUSED: Final = 10
"""In a minute; more than these are no slip of a setting."""


class _Refused:
    """Counts the refused calls of a minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._minute, self._n = 0, 0

    def count(self, minute: int) -> None:
        with self._lock:
            self._n = self._n + 1 if minute == self._minute else 1
            self._minute, n = minute, self._n
        level = logging.ERROR if n == MOST_REFUSED + 1 else logging.WARNING
        log.log(level, "a call without a right signature was refused", extra={"count": n})


_refused = _Refused()


@blueprint.record_once
def _register_check(state: BlueprintSetupState) -> None:
    assert isinstance(state.app, Flask)
    guards.check_webhook_with(state.app, "twilio", _signed)


@blueprint.post("/sms/status")
@any_text
@webhook("twilio")
def status() -> ResponseReturnValue:
    """A report on one of our texts; the token in the address says which."""
    sid = _field("MessageSid")
    if not sid:
        return NO_ANSWER
    messenger = db.runtime().messenger
    with db.transaction(system(kind=ActorKind.WEBHOOK)) as session:
        callbacks.apply(
            messenger,
            session,
            token=UNSTORABLE.sub("", request.args.get("t", "")),
            sid=sid,
            status=_field("MessageStatus"),
            error_code=_field("ErrorCode"),
            now=db.now(),
        )
    return NO_ANSWER


@blueprint.post("/sms/inbound")
@any_text
@webhook("twilio")
def incoming() -> ResponseReturnValue:
    """A text from a phone. Our reply, if any, goes through the outbox like every text; the answer here is empty."""
    text = IncomingText(
        sid=_field("MessageSid"),
        sender=_field("From"),
        to=_field("To"),
        body=_field("Body"),
        opt_out_type=_field("OptOutType") or None,
    )
    if text.sid and text.sender:
        with db.transaction(system(kind=ActorKind.WEBHOOK)) as session:
            inbound.receive(db.runtime().messenger, session, text, db.now())
    return current_app.response_class(EMPTY_REPLY, mimetype="text/xml")


def _field(name: str) -> str:
    """A field without the letters that no database keeps: a text must not be lost for one of them."""
    return UNSTORABLE.sub("", request.form.get(name, ""))


def _signed() -> bool:
    right = _is_signed()
    if not right:
        _refused.count(int(db.wall_clock().timestamp() // 60))
    return right


def _is_signed() -> bool:
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
