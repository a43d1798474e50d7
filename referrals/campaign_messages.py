"""The message of a question about listings: a text or a mail to one contact with one link to all its listings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from messaging import outbox, questions
from referrals import acting, contacts, links, listing_check, mails, senders, texts
from referrals.mails import Notice
from referrals.texts import Values
from resources_db.models.directory import Organization, Service
from resources_db.models.messages import Message, SmsQuestion
from resources_db.models.referrals import AgencyContact
from resources_db.models.upkeep import Campaign, CampaignAsk, CampaignListing
from resources_db.vocab import AskState, CampaignState, Channel, LinkPurpose, MessageChannel, Purpose, ReviewWhy

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.mails import Mail
    from referrals.texts import Sender, Text
    from resources_db.models.access import AccessLink

GOOD_FOR = timedelta(days=6)
"""A text that waits for a long weekend's office hours still goes out."""
A_DAY = 3
QUESTION = "listing"
ENDED = (AskState.DECLINED, AskState.LEFT_OUT)


def send(session: Session, ask: CampaignAsk, *, number: str, now: datetime, other_way: bool = False) -> Message | None:
    """Ask this contact; the same number is sent once. None when no way is left."""
    campaign = session.get_one(Campaign, ask.campaign_id)
    assert campaign.org_id is not None
    with acting.in_org(session, campaign.org_id):
        contact = session.get_one(AgencyContact, ask.contact_id)
        ways = contacts.reachable(session, contact)
        ways = [way for way in ways if way.value != ask.channel] if other_way else ways
        if not ways:
            return None
        subject = links.Subject(
            LinkPurpose.LISTING_CHECK, listing_check.SUBJECT, ask.id, campaign.org_id,
            contact_id=contact.id, number_bix=contact.phone_bix, language=contact.language,
        )  # fmt: skip
        link, token = links.issue(session, subject, now=now, life=links.LISTING_CHECK)
        write = _text if ways[0] is Channel.SMS else _mail
        message = write(session, campaign, ask, contact, links.url_of(token), f"ask:{ask.id}:{number}", now)
        if token not in message.body:
            link.revoked_at = now  # another worker was faster, and its message holds its own link
        else:
            ask.link_id, ask.channel = link.id, ways[0].value
        return message


def renew(session: Session, link: AccessLink, *, now: datetime) -> Message | None:
    """The holder of a link that has ended asks for a new one: to the contact on file, three a day."""
    ask = session.get(CampaignAsk, link.subject_id)
    if ask is None or ask.state in ENDED:
        return None
    asked = select(func.count(Message.id)).where(
        Message.subject_id == ask.id,
        Message.dedupe_key.like(f"ask:{ask.id}:again:%"),
        Message.created_at > now - timedelta(days=1),
    )
    if session.scalars(asked).one() >= A_DAY:
        return None
    return send(session, ask, number=f"again:{int(now.timestamp())}", now=now)


def still_wanted(session: Session, message: Message) -> bool:
    """Whether a queued question still makes sense when its turn comes."""
    ask = session.get(CampaignAsk, message.subject_id)
    if ask is None:
        return False
    campaign = session.get_one(Campaign, ask.campaign_id)
    return campaign.state is not CampaignState.STOPPED and ask.state in {
        AskState.SENT,
        AskState.OPENED,
        AskState.WAITING,
    }


def failed(session: Session, message: Message, *, now: datetime) -> None:
    """It will not arrive: the other way is tried once; where there is none, somebody has to find a contact."""
    ask = session.get(CampaignAsk, message.subject_id)
    if ask is None or ask.state not in {AskState.SENT, AskState.OPENED}:
        return
    came_by = Channel.SMS.value if message.channel is MessageChannel.SMS else Channel.EMAIL.value
    ask.channel = came_by
    if ":other" not in message.dedupe_key:
        number = message.dedupe_key.split("#")[0].split(":", 2)[2]
        if send(session, ask, number=f"{number}:other", now=now, other_way=True) is not None:
            return
    ask.state, ask.next_at = AskState.BOUNCED, None
    for row in session.scalars(
        select(CampaignListing).where(CampaignListing.ask_id == ask.id, CampaignListing.answer == "")
    ):
        listing_check.open_for(session, row, ReviewWhy.BOUNCED, now=now)


def names(session: Session, ask: CampaignAsk) -> list[str]:
    """The listings a contact is asked about, by name."""
    stmt = select(Service.name).join(CampaignListing, CampaignListing.service_id == Service.id)
    return list(session.scalars(stmt.where(CampaignListing.ask_id == ask.id).order_by(Service.name)))


def written(
    session: Session, org_id: uuid.UUID, contact: AgencyContact, channel: Channel, agency: str, names: Sequence[str],
    note: str, *, now: datetime,
) -> Text | Mail:  # fmt: skip
    """The exact words a contact would get; only the end of the link is another one."""
    sender, url = senders.of_org(session, org_id), links.url_of("x" * links.LENGTH)
    if channel is Channel.SMS:
        return text_of(sender, contact.language, url, digits=digits_are_free(session, contact, now))
    return mails.listing_check(contact.language, sender, Notice(agency, "", url, now.date()), names, note)


def text_of(sender: Sender, language: str, url: str, *, digits: bool) -> Text:
    """The text. Digits are offered only where a bare digit can mean nothing else."""
    purpose = Purpose.LISTING_DIGITS if digits else Purpose.LISTING_CHECK
    return texts.render(purpose, language, sender, Values(link=url))


def _text(
    session: Session, campaign: Campaign, ask: CampaignAsk, contact: AgencyContact, url: str, key: str, now: datetime
) -> Message:
    assert campaign.org_id is not None
    digits = digits_are_free(session, contact, now)
    text = text_of(senders.of_org(session, campaign.org_id), contact.language, url, digits=digits)
    if digits:
        questions.ask(
            session, org_id=campaign.org_id, phone=contact.phone, subject_kind=listing_check.SUBJECT,
            subject_id=ask.id, role=questions.AGENCY, now=now, question=QUESTION,
        )  # fmt: skip
    return outbox.enqueue_text(
        session, org_id=campaign.org_id, to=contact.phone, body=text.body, lang=text.language, purpose=text.purpose,
        subject_kind=listing_check.SUBJECT, subject_id=ask.id, dedupe_key=key, now=now, expires_at=now + GOOD_FOR,
    )  # fmt: skip


def digits_are_free(session: Session, contact: AgencyContact, now: datetime) -> bool:
    """Whether no referral waits for a digit of this number: then "1" can only mean the listing."""
    if contact.phone_bix is None:
        return False
    waiting = select(SmsQuestion.id).where(
        SmsQuestion.phone_bix == contact.phone_bix,
        SmsQuestion.closed_at.is_(None),
        SmsQuestion.closes_at > now,
        SmsQuestion.subject_kind != listing_check.SUBJECT,
    )
    return session.scalars(waiting.limit(1)).first() is None


def _mail(
    session: Session, campaign: Campaign, ask: CampaignAsk, contact: AgencyContact, url: str, key: str, now: datetime
) -> Message:
    assert campaign.org_id is not None
    agency = session.get_one(Organization, contact.organization_id).name
    notice = Notice(agency, "", url, now.date())
    sender = senders.of_org(session, campaign.org_id)
    mail = mails.listing_check(contact.language, sender, notice, names(session, ask), campaign.note)
    return outbox.enqueue_email(
        session, org_id=campaign.org_id, to=contact.email, subject=mail.subject, body=mail.body, lang=mail.language,
        purpose=mail.purpose, subject_kind=listing_check.SUBJECT, subject_id=ask.id, dedupe_key=key, now=now,
    )  # fmt: skip
