"""An agency answers a question about its listings by text: 1 all right (phone and hours only), 2 something changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from messaging import outbox, questions
from messaging.inbound import number_of
from referrals import acting, links, listing_check, senders, texts
from referrals.texts import Values
from resources_db import freshness
from resources_db.models.referrals import AgencyContact
from resources_db.models.upkeep import CampaignAsk, CampaignListing
from resources_db.vocab import AskState, ConfirmMethod, LinkPurpose, Purpose

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from messaging.opt_out import Reading
    from resources_db.models.messages import InboundMessage, SmsQuestion

ALL_RIGHT, SOMETHING_CHANGED = 1, 2


def answer(session: Session, inbound: InboundMessage, reading: Reading, question: SmsQuestion | None) -> bool:
    """Take a digit as a word about listings; False when nothing was asked about them, or it is another digit."""
    if question is None or question.subject_kind != listing_check.SUBJECT or reading.tag:
        return False
    if reading.digit not in {ALL_RIGHT, SOMETHING_CHANGED}:
        return False
    with acting.in_org(session, question.org_id):
        ask = session.get(CampaignAsk, question.subject_id)
        if ask is None or not questions.answered(session, question, inbound.at):
            return False
        inbound.patient_id = None  # a patient may have the same number: this was the agency's word
        contact = session.get_one(AgencyContact, ask.contact_id)
        if reading.digit == ALL_RIGHT:
            _all_right(session, ask, inbound)
        elif ask.state is AskState.SENT:
            ask.state = AskState.OPENED
        purpose = Purpose.LISTING_SAVED if reading.digit == ALL_RIGHT else Purpose.LISTING_CHANGE
        _reply(session, inbound, question, contact, purpose)
    return True


def _all_right(session: Session, ask: CampaignAsk, inbound: InboundMessage) -> None:
    open_rows = select(CampaignListing).where(CampaignListing.ask_id == ask.id, CampaignListing.answer == "")
    listing_check.still_right(
        session,
        ask,
        session.scalars(open_rows).all(),
        groups=freshness.RELIED_ON,
        method=ConfirmMethod.SMS_REPLY,
        now=inbound.at,
    )


def _reply(
    session: Session, inbound: InboundMessage, question: SmsQuestion, contact: AgencyContact, purpose: Purpose
) -> None:
    subject = links.Subject(
        LinkPurpose.LISTING_CHECK, listing_check.SUBJECT, question.subject_id, question.org_id,
        contact_id=contact.id, number_bix=contact.phone_bix, language=contact.language,
    )  # fmt: skip
    url = links.url_of(links.issue(session, subject, now=inbound.at, life=links.LISTING_CHECK)[1])
    text = texts.render(purpose, contact.language, senders.of_org(session, question.org_id), Values(link=url))
    outbox.enqueue_text(
        session, org_id=question.org_id, to=number_of(inbound), body=text.body, lang=text.language,
        purpose=text.purpose, subject_kind=listing_check.SUBJECT, subject_id=question.subject_id,
        dedupe_key=f"inbound:{inbound.id}:{purpose.value}", now=inbound.at, replies_to_inbound=True,
    )  # fmt: skip
