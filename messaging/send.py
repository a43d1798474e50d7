"""One message leaves: checks and claim in one transaction, the call with none open, the record in another.

The claim commits the intent before the call, so that whatever happens afterwards is known to be in doubt.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from messaging import gate, moves, pace, record
from messaging.messenger import Fence
from messaging.transport import OutgoingMail, OutgoingText
from resources_db.models.messages import Message
from resources_db.vocab import MessageChannel, MessageState

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

    from messaging.messenger import Messenger
    from messaging.transport import Outcome

log = logging.getLogger(f"handrail.{__name__}")


@dataclass(frozen=True, slots=True)
class Claim:
    """A message this worker alone may post, once."""

    message_id: uuid.UUID
    attempt: int
    parcel: OutgoingText | OutgoingMail


def run(messenger: Messenger, message_id: uuid.UUID) -> None:
    """Send one message if it is its turn. Doing it twice, or at the same time as someone else, sends it once."""
    with messenger.in_hand.taking(message_id):
        _send(messenger, message_id)


def _send(messenger: Messenger, message_id: uuid.UUID) -> None:
    fence = Fence(messenger)  # before the claim: whatever holds us up from here on counts
    claim = _claim(messenger, message_id, fence)
    if claim is None:
        return
    if not fence.holds():
        log.warning("held up before sending", extra={"row_id": str(message_id), "attempt": claim.attempt})
        return  # in doubt: reconcile looks before anything is sent
    outcome = _post(messenger, claim)
    _record(messenger, claim, outcome)


def _claim(messenger: Messenger, message_id: uuid.UUID, fence: Fence) -> Claim | None:
    with messenger.writing() as session, session.begin():
        message = session.get(Message, message_id)
        if message is None or message.state is not MessageState.QUEUED:
            return None
        verdict = gate.judge(messenger, session, message, messenger.now())
        if not isinstance(verdict, gate.Go):
            _act(messenger, session, message, verdict)
            return None
        return _claimed(messenger, session, message, fence)


def _claimed(messenger: Messenger, session: Session, message: Message, fence: Fence) -> Claim | None:
    intent = {
        "attempt": message.attempt + 1,
        "intent_at": messenger.protocol_time(session),
        "reconcile_at": None,
        "held_why": None,
    }
    now = messenger.now()
    if not moves.move(session, message, MessageState.SENDING, kind="intent", now=now, values=intent):
        return None
    return Claim(message.id, message.attempt, _parcel(messenger, message, fence))


def _parcel(messenger: Messenger, message: Message, fence: Fence) -> OutgoingText | OutgoingMail:
    if message.channel is MessageChannel.SMS:
        status_url = messenger.settings.status_url(message.token, message.attempt)
        return OutgoingText(message.to, message.body, status_url, still_ours=fence.holds)
    return OutgoingMail(message.id, message.to, message.email_subject or "", message.body, message.lang)


def _act(messenger: Messenger, session: Session, message: Message, verdict: gate.Verdict) -> None:
    now = messenger.now()
    match verdict:
        case gate.Wait(until, why):
            _wait(session, message, until, why, now)
        case gate.Park(why):
            message.held_why = why
            moves.note(session, message, "held", now, code=why)
        case gate.End(state, why):
            if moves.move(session, message, state, kind=why, now=now) and state is MessageState.EXPIRED:
                messenger.hooks.on_failed(session, message)
        case _:
            return


def _wait(session: Session, message: Message, until: datetime, why: str, now: datetime) -> None:
    message.held_why = why
    if why != pace.PACE:  # a turn of some seconds is no story
        moves.note(session, message, "held", now, code=why)
    moves.send_later(session, message, until, until - now)


def _post(messenger: Messenger, claim: Claim) -> Outcome:
    if isinstance(claim.parcel, OutgoingText):
        return messenger.texts.send(claim.parcel)
    return messenger.mails.send(claim.parcel)


def _record(messenger: Messenger, claim: Claim, outcome: Outcome) -> None:
    with messenger.writing() as session, session.begin():
        message = session.get(Message, claim.message_id)
        if message is None:
            return
        record.outcome(messenger, session, message, claim.attempt, outcome, messenger.now())
