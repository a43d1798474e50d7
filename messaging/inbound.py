"""Texts that come in: stored once, read as STOP, START, HELP, an answer or words for a person, answered at most once.

All in the transaction of the webhook, so that a STOP binds before the provider has our 204.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from i18n.catalog import spoken
from messaging import opt_out, outbox, phone, questions, senders, suppression, texts
from messaging.opt_out import Kind, Reading
from resources_db.encryption import vault
from resources_db.models.messages import InboundMessage, Message
from resources_db.models.tenants import Org
from resources_db.vocab import Purpose, SuppressionWhy

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from messaging.messenger import Messenger
    from messaging.senders import Sender

log = logging.getLogger(f"handrail.{__name__}")

ONE_ANSWER_IN = timedelta(hours=24)
FROM = "inbound_message.from"
"""Where the sender's number is sealed; `from` cannot be an attribute's name."""


@dataclass(frozen=True, slots=True)
class IncomingText:
    """What the provider handed over."""

    sid: str
    sender: str
    to: str
    body: str
    opt_out_type: str | None = None


def receive(messenger: Messenger, session: Session, text: IncomingText, now: datetime) -> InboundMessage | None:
    """Store and act on one incoming text; None when it was here before."""
    sender = senders.find(session, phone.index(text.sender), now)
    if sender is None:
        log.warning("a text came in before there is any org to read it")
        return None
    reading = opt_out.read(text.body, text.opt_out_type, sender.lang)
    inbound = _stored(session, text, sender, reading, now)
    if inbound is None:
        return None
    _ACT[reading.kind](_Arrival(messenger, session, text, sender, inbound, now), reading)
    session.flush()
    log.info("inbound", extra={"row_id": str(inbound.id), "outcome": inbound.read_as})
    return inbound


def number_of(inbound: InboundMessage) -> str:
    """Who sent it, E.164."""
    if inbound.from_enc is None:
        return ""
    return vault().decrypt(inbound.from_enc, FROM, inbound.org_id, inbound.id, None)


def _stored(
    session: Session, text: IncomingText, sender: Sender, reading: Reading, now: datetime
) -> InboundMessage | None:
    if session.scalars(select(InboundMessage.id).where(InboundMessage.message_sid == text.sid)).first() is not None:
        return None
    inbound = InboundMessage(
        org_id=sender.org_id,
        message_sid=text.sid,
        from_bix=sender.phone_bix,
        to_number=text.to,
        body=text.body.replace("\0", ""),
        opt_out_type=text.opt_out_type,
        read_as=reading.stored,
        question_id=sender.question.id if sender.question else None,
        patient_id=sender.patient_id,
        at=now,
    )
    inbound.from_enc = vault().encrypt(text.sender, FROM, inbound.org_id, inbound.id, session)
    try:
        with session.begin_nested():
            session.add(inbound)
    except IntegrityError:
        return None  # the same text in another request at the same time
    return inbound


@dataclass(frozen=True, slots=True)
class _Arrival:
    messenger: Messenger
    session: Session
    text: IncomingText
    sender: Sender
    inbound: InboundMessage
    now: datetime

    @property
    def provider_answers(self) -> bool:
        return self.messenger.settings.advanced_opt_out and self.text.opt_out_type is not None

    def reply(self, purpose: Purpose, words: Callable[[Org, str], str], lang: str | None = None) -> None:
        org = self.session.get_one(Org, self.sender.org_id)
        lang = spoken(lang or self.sender.lang)
        outbox.enqueue_text(
            self.session,
            org_id=org.id,
            to=self.text.sender,
            body=words(org, lang),
            lang=lang,
            purpose=purpose.value,
            subject_kind="inbound_message",
            subject_id=self.inbound.id,
            dedupe_key=f"inbound:{self.inbound.id}:{purpose.value}",
            now=self.now,
            replies_to_inbound=True,
        )


def _stop(arrival: _Arrival, reading: Reading) -> None:
    bix = arrival.sender.phone_bix
    fresh = suppression.suppress(arrival.session, bix, SuppressionWhy.STOP_WORD, arrival.now)
    suppression.release_hold(arrival.session, bix, None, arrival.now)
    if fresh and not arrival.provider_answers:
        arrival.reply(Purpose.OPTED_OUT, texts.opted_out, _language_of_word(arrival, reading))
    arrival.messenger.hooks.on_stop(arrival.session, arrival.inbound, reading)


def _start(arrival: _Arrival, reading: Reading) -> None:
    lifted = suppression.lift(arrival.session, arrival.sender.phone_bix, "START", arrival.now)
    if lifted and not arrival.provider_answers:
        arrival.reply(Purpose.OPTED_IN, texts.opted_in)
    arrival.messenger.hooks.on_start(arrival.session, arrival.inbound, reading)


def _help(arrival: _Arrival, reading: Reading) -> None:
    if not arrival.provider_answers:
        arrival.reply(Purpose.HELP, texts.helped, _language_of_word(arrival, reading))
    arrival.messenger.hooks.on_help(arrival.session, arrival.inbound, reading)


def _answer(arrival: _Arrival, reading: Reading) -> None:
    question = arrival.sender.question
    if not arrival.messenger.hooks.on_answer(arrival.session, arrival.inbound, reading, question):
        _as_free_text(arrival, reading)
    elif question is not None:
        questions.answered(arrival.session, question, arrival.now)


def _as_free_text(arrival: _Arrival, reading: Reading) -> None:
    arrival.inbound.read_as = Kind.FREE.value
    _free(arrival, Reading(Kind.FREE, digit=reading.digit, tag=reading.tag))


def _hold(arrival: _Arrival, reading: Reading) -> None:
    suppression.hold(arrival.session, arrival.sender.phone_bix, "may_want_stop", arrival.now)
    arrival.messenger.hooks.on_free_text(arrival.session, arrival.inbound, reading)


def _free(arrival: _Arrival, reading: Reading) -> None:
    arrival.messenger.hooks.on_free_text(arrival.session, arrival.inbound, reading)
    if not _answered_lately(arrival):
        arrival.reply(Purpose.FREE_TEXT, texts.free_text)


def _answered_lately(arrival: _Arrival) -> bool:
    lately = select(Message.id).where(
        Message.to_bix == arrival.sender.phone_bix,
        Message.purpose == Purpose.FREE_TEXT.value,
        Message.created_at > arrival.now - ONE_ANSWER_IN,
    )
    return arrival.session.scalars(lately).first() is not None


def _language_of_word(arrival: _Arrival, reading: Reading) -> str:
    # STOP and START are law's words in any language: they say nothing about what the person reads.
    return reading.language if reading.language not in {None, "en"} else arrival.sender.lang


_ACT: dict[Kind, Callable[[_Arrival, Reading], None]] = {
    Kind.STOP: _stop,
    Kind.START: _start,
    Kind.HELP: _help,
    Kind.ANSWER: _answer,
    Kind.HOLD: _hold,
    Kind.FREE: _free,
}
