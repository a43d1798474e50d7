"""Answers messaging's questions: is the subject of a queued text still open, what does a reply mean, what if it failed?

Messaging calls these in its own transaction, over all orgs; each narrows itself to the org of the message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from messaging import questions
from messaging.hooks import Hooks
from referrals import (
    acting,
    agency_texting,
    asking,
    campaign_messages,
    check_ins,
    contacts,
    digests,
    lifecycle,
    listing_check,
    listing_digits,
    needs,
    notices,
    phone_words,
    replies,
    room_checks,
    schedule,
    screening_links,
    worklist,
)
from referrals.worklist import About
from resources_db.models.care import Screening
from resources_db.models.messages import MessageEvent
from resources_db.models.people import Need, Patient
from resources_db.models.referrals import AgencyContact, Referral, ReferralTask, SendBatch
from resources_db.vocab import BatchState, MessageState, Purpose, ReferralState, WhyCode

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from messaging.opt_out import Reading
    from resources_db.models.messages import InboundMessage, Message, SmsQuestion

NOT_OURS = frozenset({"inbound_message", "app_user", "access_link"})


def subject_still_open(session: Session, message: Message) -> bool:
    """Whether a queued text still makes sense; False cancels it."""
    if message.subject_kind in NOT_OURS:
        return True
    ask = _STILL.get(message.purpose)
    with acting.in_org(session, message.org_id):
        return _may_reach(session, message) and (ask is None or ask(session, message))


def on_answer(session: Session, inbound: InboundMessage, reading: Reading, question: SmsQuestion | None) -> bool:
    """A digit: an agency's where it names a referral or answers a notice to an agency, else the patient's."""
    if listing_digits.answer(session, inbound, reading, question):
        return True
    to_agency = question.role == questions.AGENCY if question is not None else inbound.patient_id is None
    if reading.tag or to_agency:
        return agency_texting.answer(session, inbound, reading, question)
    if question is None:
        return False
    with acting.in_org(session, inbound.org_id):
        return replies.digit(session, inbound, reading, question)


def on_free_text(session: Session, inbound: InboundMessage, reading: Reading) -> None:
    """Words for a person; a number that is an agency's only writes about its referral."""
    if inbound.patient_id is None and agency_texting.wrote(session, inbound, reading) and not reading.danger:
        return
    phone_words.wrote(session, inbound, reading)


def on_stop(session: Session, inbound: InboundMessage, reading: Reading) -> None:
    """STOP was texted."""
    agency_texting.stopped(session, inbound)
    phone_words.stopped(session, inbound, reading)


def on_start(session: Session, inbound: InboundMessage, _reading: Reading) -> None:
    """START was texted."""
    phone_words.started(session, inbound)


def on_help(session: Session, inbound: InboundMessage, _reading: Reading) -> None:
    """HELP was texted."""
    phone_words.asked_for_help(session, inbound)


def on_failed(session: Session, message: Message) -> None:
    """A message will not arrive: call instead, or tell the agency another way."""
    if message.subject_kind == listing_check.SUBJECT:
        campaign_messages.failed(session, message, now=_moment(session, message))
        return
    with acting.in_org(session, message.org_id):
        about = _lost(session, message)
        if about is not None:
            now = _moment(session, message)
            worklist.open_item(session, about, due_at=now, now=now)


def _may_reach(session: Session, message: Message) -> bool:
    """Whether the record of the patient a text goes to is open, and contact is safe."""
    patient_id = _patient_of(session, message)
    patient = session.get(Patient, patient_id) if patient_id is not None else None
    return patient is None or (patient.closed_at is None and not patient.contact_prohibited)


def _batch_open(session: Session, message: Message) -> bool:
    batch = session.get(SendBatch, message.subject_id)
    if batch is None or batch.state is not BatchState.RELEASED:
        return False
    states = set(session.scalars(select(Referral.state).where(Referral.batch_id == batch.id)))
    return not states <= {ReferralState.WITHDRAWN, ReferralState.ERROR}


def _question_open(session: Session, message: Message) -> bool:
    if message.subject_kind == asking.TASK:
        task = session.get(ReferralTask, message.subject_id)
        return task is not None and check_ins.still_wanted(session, task)
    batch = session.get(SendBatch, message.subject_id)
    return batch is not None and _batch_open(session, message) and not asking.has_answered(session, batch)


def _need_open(session: Session, message: Message) -> bool:
    task = session.get(ReferralTask, message.subject_id)
    need = session.get(Need, task.need_id) if task is not None and task.need_id else None
    return need is not None and need.status in needs.OPEN


def _news_stands(session: Session, message: Message) -> bool:
    if not _batch_open(session, message):
        return False
    news = select(Referral.id).where(Referral.batch_id == message.subject_id, Referral.state.in_(schedule.NEWS))
    return session.scalars(news).first() is not None


def _visit_stands(session: Session, message: Message) -> bool:
    task = session.get(ReferralTask, message.subject_id)
    referral = session.get(Referral, task.referral_id) if task is not None and task.referral_id else None
    if task is None or referral is None or referral.state is not ReferralState.SCHEDULED:
        return False
    return task.dedupe_key.endswith(schedule.day_key(referral))


def _unanswered(session: Session, message: Message) -> bool:
    referral = session.get(Referral, message.subject_id)
    return referral is not None and referral.state in lifecycle.UNANSWERED


def _still_stopped(session: Session, message: Message) -> bool:
    """A withdrawal that was pressed wrongly is told to nobody, when it is seen in time."""
    corrected = select(Referral.id).where(Referral.correction_of == message.subject_id)
    return session.scalars(corrected).first() is None


def _with_agency(session: Session, message: Message) -> bool:
    referral = session.get(Referral, message.subject_id)
    return referral is not None and referral.state in lifecycle.WITH_AGENCY


def _list_stands(session: Session, message: Message) -> bool:
    return digests.open_count(session, message.subject_id) > 0


_STILL: Mapping[str, Callable[[Session, Message], bool]] = {
    Purpose.REFERRAL: _batch_open,
    Purpose.DETAILS: _batch_open,
    Purpose.NEWS: _news_stands,
    Purpose.SAID_YES: _news_stands,
    Purpose.APPOINTMENT: _visit_stands,
    Purpose.NUDGE: _question_open,
    Purpose.SOLVED: _need_open,
    Purpose.SCREENING: screening_links.is_open,
    Purpose.AGENCY_NEW: _unanswered,
    Purpose.AGENCY_REMINDER: _unanswered,
    Purpose.AGENCY_CONFIRM: _with_agency,
    Purpose.AGENCY_STOP: _still_stopped,
    Purpose.AGENCY_DIGEST: _list_stands,
    Purpose.LISTING_CHECK: campaign_messages.still_wanted,
    Purpose.LISTING_DIGITS: campaign_messages.still_wanted,
    Purpose.ROOM_CHECK: room_checks.still_wanted,
}


def _lost(session: Session, message: Message) -> About | None:
    facts: dict[str, object] = {"code": message.error_code, "state": message.state.value, "purpose": message.purpose}
    if message.subject_kind == "referral":
        return _lost_notice(session, message, facts)
    patient_id = _patient_of(session, message)
    return About(WhyCode.TEXT_NOT_DELIVERED, patient_id, message.org_id, facts=facts) if patient_id else None


def _patient_of(session: Session, message: Message) -> uuid.UUID | None:
    if message.subject_kind == "patient":
        return message.subject_id
    kinds = {asking.BATCH: SendBatch, asking.TASK: ReferralTask, screening_links.KIND: Screening}
    kind = kinds.get(message.subject_kind)
    row = session.get(kind, message.subject_id) if kind is not None else None
    return row.patient_id if isinstance(row, SendBatch | ReferralTask | Screening) else None


def _lost_notice(session: Session, message: Message, facts: dict[str, object]) -> About | None:
    """The agency's other way is tried at once; an item only when none is left."""
    referral = session.get(Referral, message.subject_id)
    if referral is None:
        return None
    contact = session.get(AgencyContact, referral.contact_id) if referral.contact_id else None
    purpose = Purpose(message.purpose)
    if purpose not in notices.WRITERS:
        return None  # a confirmation: what it confirms is kept all the same
    if contact is not None:
        by_other_way = _preferred(contact) == message.channel.value
        now = _moment(session, message)
        again = notices.send(session, referral, purpose, number=_number(message), now=now, other_way=by_other_way)
        if again is not None and again.state is MessageState.QUEUED:
            return None
    facts |= {"agency": notices.agency_name(session, referral), "notice": "new"}
    return About(
        WhyCode.NOTICE_NOT_CONFIRMED, referral.patient_id, referral.org_id, referral_id=referral.id, facts=facts
    )


def _preferred(contact: AgencyContact) -> str | None:
    ways = contacts.channels(contact)
    return ways[0].value if ways else None


def _number(message: Message) -> int:
    """Which notice it was; it stands in the dedupe key, before the way it went."""
    return int(message.dedupe_key.split("#")[0].split(":")[-2])


def _moment(session: Session, message: Message) -> datetime:
    """When it was known: the newest event of the message."""
    newest = select(MessageEvent.at).where(MessageEvent.message_id == message.id).order_by(MessageEvent.at.desc())
    return session.scalars(newest.limit(1)).first() or message.due_at


HOOKS = Hooks(
    subject_still_open=subject_still_open,
    on_answer=on_answer,
    on_free_text=on_free_text,
    on_stop=on_stop,
    on_start=on_start,
    on_help=on_help,
    on_failed=on_failed,
)
"""What wiring hands to messaging."""
