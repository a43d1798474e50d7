"""An agency answers by text: a digit, with the code of the referral before it where several wait for an answer.

A digit shows nothing of a person, so it needs no code of ours; words go to the navigator. Links and pages: `agency`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from i18n.catalog import patient as patient_words
from i18n.catalog import use_language
from messaging import outbox, questions
from messaging.inbound import number_of
from referrals import (
    acting,
    agency,
    agency_reasons,
    business_days,
    contacts,
    corrections,
    lifecycle,
    notices,
    senders,
    texts,
    worklist,
)
from referrals.agency_choices import Answer, Choice
from referrals.by import By
from referrals.errors import MoveRefusedError, TooLateError
from referrals.texts import Values
from referrals.worklist import About
from resources_db.models.referrals import AgencyContact, Referral, ReferralEvent
from resources_db.vocab import Channel, EventKind, Purpose, Reason, ReferralState, Side, WhyCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from messaging.opt_out import Reading
    from resources_db.models.messages import InboundMessage, SmsQuestion

TAKE_BACK = 0
"""The digit that takes the last answer back, within ten minutes."""
ANSWERS = {
    1: Answer(Choice.YES),
    2: Answer(Choice.WAITLIST),
    3: Answer(Choice.NO, Reason.OTHER, agency_reasons.UNSAID),  # why not is asked next
    4: Answer(Choice.HELPED),
    5: Answer(Choice.COULD_NOT_REACH),
}
MOST_NAMED = 4
"""Codes that fit into the question back; an agency with more of them reads the rest in its notices."""

# Translators: what an agency answered by text, in 20 letters at most; stands in "Saved for K7QX: ...".
WORDS = {
    Choice.YES: patient_words.lazy_gettext("you can help"),
    # Translators: what an agency answered by text, in 20 letters at most; stands in "Saved for K7QX: ...".
    Choice.WAITLIST: patient_words.lazy_gettext("on your waitlist"),
    # Translators: what an agency answered by text, in 20 letters at most; stands in "Saved for K7QX: ...".
    Choice.NO: patient_words.lazy_gettext("you cannot help"),
    # Translators: what an agency answered by text, in 20 letters at most; stands in "Saved for K7QX: ...".
    Choice.HELPED: patient_words.lazy_gettext("you helped"),
    # Translators: what an agency answered by text, in 20 letters at most; stands in "Saved for K7QX: ...".
    Choice.COULD_NOT_REACH: patient_words.lazy_gettext("could not reach them"),
}
# Translators: an agency took its last answer back by text, in 20 letters at most; stands in "Saved for K7QX: ...".
TAKEN_BACK = patient_words.lazy_gettext("answer taken back")


def answer(session: Session, inbound: InboundMessage, reading: Reading, question: SmsQuestion | None = None) -> bool:
    """Take a digit as an agency's answer. False when it is none of theirs, or nothing waits: a person reads it then.

    The actor is over all orgs: an agency's referrals come from any of them.
    """
    if not reading.tag and _told_why(session, inbound, reading, question):
        return True
    takes_back = reading.digit == TAKE_BACK
    waiting = _just_answered(session, inbound) if takes_back else _meant(session, inbound, reading.tag)
    given = ANSWERS.get(reading.digit) if reading.digit is not None else None
    if not waiting or not (given or takes_back):
        return False
    inbound.patient_id = None  # a patient may have the same number: this was the agency's word
    if len(waiting) > 1:
        _ask_which(session, inbound, waiting)
        return True
    with acting.in_org(session, waiting[0].org_id):
        return _say(session, inbound, waiting[0], given)


def _told_why(session: Session, inbound: InboundMessage, reading: Reading, question: SmsQuestion | None) -> bool:
    """A digit after a "3" says why."""
    referral = agency_reasons.asked_about(session, question, reading.digit, inbound.at)
    if referral is None or question is None or reading.digit is None:
        return False
    inbound.patient_id = None
    with acting.in_org(session, referral.org_id):
        contact = session.get_one(AgencyContact, referral.contact_id)
        reason, key = agency_reasons.BY_DIGIT[reading.digit], f"inbound:{inbound.id}"
        by = By(Side.AGENCY, Channel.SMS, contact.name)
        agency_reasons.tell(session, referral, reason, by=by, key=key, now=inbound.at)
        questions.answered(session, question, inbound.at)
        with use_language(contact.language):
            words = str(WORDS[Choice.NO])
        _confirm(session, inbound, referral, contact, words)
    return True


def wrote(session: Session, inbound: InboundMessage, reading: Reading) -> bool:
    """Words of an agency are a question to the navigator of the referral they are about; False when there is none."""
    about = _meant(session, inbound, reading.tag)
    if not about:
        return False
    referral = about[0]
    with acting.in_org(session, referral.org_id):
        _open(session, referral, WhyCode.AGENCY_QUESTION, inbound, words=inbound.body)
    return True


def stopped(session: Session, inbound: InboundMessage) -> None:
    """STOP from an agency: its mail is used from now on; where it has none, somebody has to call about each one."""
    for referral in _meant(session, inbound, None):
        contact = session.get_one(AgencyContact, referral.contact_id)
        if referral.state in lifecycle.UNANSWERED and not contacts.reachable(session, contact):
            with acting.in_org(session, referral.org_id):
                _open(session, referral, WhyCode.NOTICE_NOT_CONFIRMED, inbound, notice="stopped")


def _meant(session: Session, inbound: InboundMessage, tag: str | None) -> list[Referral]:
    """The referrals a text can be about, the newest first: the ones its code names, or those that are open.

    Where none is open, those that ended without an answer: a late word still counts.
    """
    if tag:
        return _of_number(session, inbound, Referral.ref.startswith(tag), Referral.state != ReferralState.DRAFT)
    still = _of_number(session, inbound, Referral.state.in_(lifecycle.WITH_AGENCY))
    return still or _of_number(session, inbound, Referral.state == ReferralState.NO_RESPONSE)


def _just_answered(session: Session, inbound: InboundMessage) -> list[Referral]:
    """The referrals whose answer can still be taken back."""
    lately = select(ReferralEvent.referral_id).where(
        ReferralEvent.side == Side.AGENCY,
        ReferralEvent.kind == EventKind.MOVE,
        ReferralEvent.recorded_at >= inbound.at - corrections.UNDO,
    )
    return _of_number(session, inbound, Referral.id.in_(lately))


def _of_number(session: Session, inbound: InboundMessage, *wanted: ColumnElement[bool]) -> list[Referral]:
    """Of the referrals to whoever has this number on file, the newest of each chain of corrections."""
    on_file = AgencyContact.phone_bix == inbound.from_bix, AgencyContact.ended_at.is_(None)
    mine = Referral.contact_id.in_(select(AgencyContact.id).where(*on_file))
    found = session.scalars(select(Referral.id).where(mine, *wanted).order_by(Referral.created_at.desc()))
    newest = dict.fromkeys(corrections.newest_of(session, one) for one in found.all())
    return [session.get_one(Referral, one) for one in newest]


def _say(session: Session, inbound: InboundMessage, referral: Referral, given: Answer | None) -> bool:
    contact = session.get_one(AgencyContact, referral.contact_id)
    by = By(Side.AGENCY, Channel.SMS, contact.name)
    key = f"inbound:{inbound.id}"
    try:
        if given is None:
            now_open = corrections.undo(session, referral.id, by=by, key=key, now=inbound.at)
            _confirm(session, inbound, now_open, contact, str(TAKEN_BACK))
            return True
        moved = agency.say(session, referral, given, by=by, key=key, now=inbound.at)
    except (MoveRefusedError, TooLateError):
        return False
    if moved.already:
        return True
    if given.choice is Choice.NO and moved.referral.state is ReferralState.DECLINED:
        _ask_why(session, inbound, moved.referral, contact)
        return True
    with use_language(contact.language):
        words = str(WORDS[given.choice])
    _confirm(session, inbound, moved.referral, contact, words)
    return True


def _ask_why(session: Session, inbound: InboundMessage, referral: Referral, contact: AgencyContact) -> None:
    questions.ask(
        session,
        org_id=referral.org_id,
        phone=number_of(inbound),
        subject_kind=notices.SUBJECT,
        subject_id=referral.id,
        role=questions.AGENCY,
        now=inbound.at,
        question=agency_reasons.QUESTION,
    )
    _reply(session, inbound, referral, contact.language, Purpose.AGENCY_WHY, Values(ref=referral.ref))


def _confirm(session: Session, inbound: InboundMessage, referral: Referral, contact: AgencyContact, words: str) -> None:
    link = notices.link_to(session, referral, contact, inbound.at)
    values = Values(link=link, ref=referral.ref, answer=words)
    _reply(session, inbound, referral, contact.language, Purpose.AGENCY_ACK, values)


def _ask_which(session: Session, inbound: InboundMessage, waiting: Sequence[Referral]) -> None:
    contact = session.get_one(AgencyContact, waiting[0].contact_id)
    codes = ", ".join(sorted(one.ref for one in waiting[:MOST_NAMED]))
    with acting.in_org(session, waiting[0].org_id):
        values = Values(ref=waiting[0].ref, refs=codes)
        _reply(session, inbound, waiting[0], contact.language, Purpose.AGENCY_WHICH, values)


def _reply(
    session: Session, inbound: InboundMessage, referral: Referral, language: str, purpose: Purpose, values: Values
) -> None:
    text = texts.render(purpose, language, senders.of_org(session, referral.org_id), values)
    outbox.enqueue_text(
        session,
        org_id=referral.org_id,
        to=number_of(inbound),
        body=text.body,
        lang=text.language,
        purpose=text.purpose,
        subject_kind="referral",
        subject_id=referral.id,
        dedupe_key=f"inbound:{inbound.id}:{purpose.value}",
        now=inbound.at,
        replies_to_inbound=True,
    )


def _open(
    session: Session, referral: Referral, why: WhyCode, inbound: InboundMessage, *, words: str = "", notice: str = ""
) -> None:
    about = About(
        why,
        referral.patient_id,
        referral.org_id,
        referral_id=referral.id,
        facts={"agency": notices.agency_name(session, referral), "notice": notice or None},
        words=words,
    )
    zone = senders.org_of(session, referral.org_id).timezone
    worklist.open_item(session, about, due_at=business_days.later(inbound.at, 1, zone), now=inbound.at)
