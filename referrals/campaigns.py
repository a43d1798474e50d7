"""Questions to many agencies: is your listing still right? Whom a filter reaches, who is left out and why, how far.

Sending and reminding: `campaign_clock`. What agencies answer: `listing_check`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from referrals import ask_rests, contacts, listing_queue
from resources_db import audit
from resources_db.models.messages import Suppression
from resources_db.models.referrals import AgencyContact
from resources_db.models.upkeep import Campaign, CampaignAsk, CampaignListing
from resources_db.tenancy import actor_of
from resources_db.vocab import AskState, CampaignState, Channel, FieldGroup

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from referrals.listing_queue import Chosen, Entry

LATELY_CONFIRMED = timedelta(days=60)
"""A listing that somebody confirmed within this time is not asked about again."""
RESTS, STOPPED, ASKED_ALREADY = "rests", "stopped", "asked_already"
RUNNING = (CampaignState.SENDING, CampaignState.PAUSED)
WAITS_FOR_ANSWER = (AskState.WAITING, AskState.SENT, AskState.OPENED, AskState.SNOOZED)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One contact with all its listings; `why_not` says why it is not asked."""

    contact: AgencyContact
    agency: str
    channel: Channel | None
    listings: tuple[Entry, ...]
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """Whom a campaign would ask. `unreached` listings have nobody on file; `recent` ones were confirmed lately."""

    asked: tuple[Recipient, ...]
    left_out: tuple[Recipient, ...]
    unreached: tuple[Entry, ...]
    recent: int

    @property
    def listings(self) -> int:
        """How many listings are asked about."""
        return sum(len(one.listings) for one in self.asked)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign is. Who answered was sent to, too."""

    contacts: int
    sent: int
    opened: int
    answered: int
    bounced: int
    phone_tasks: int
    left_out: int
    listings: int
    confirmed: int
    changed: int


def preview(session: Session, chosen: Chosen, *, now: datetime) -> Preview:
    """Whom this filter reaches today. Nothing is written."""
    found = [entry for entry in listing_queue.entries(session, now=now) if chosen.lets(entry)]
    due = [entry for entry in found if not _lately(entry, now)]
    by_contact: dict[uuid.UUID, list[Entry]] = defaultdict(list)
    on_file, unreached = _on_file(session, due), []
    known: dict[uuid.UUID, AgencyContact] = {}
    for entry in due:
        contact = _contact_of(entry, on_file)
        if contact is None:
            unreached.append(entry)
            continue
        known[contact.id] = contact
        by_contact[contact.id].append(entry)
    barred = _barred(session, known, now)
    recipients = [
        Recipient(
            contact=known[contact_id],
            agency=entries[0].organization,
            channel=next(iter(_ways(known[contact_id], barred)), None),
            listings=tuple(sorted(entries, key=lambda entry: entry.name.casefold())),
            why_not=barred.get(contact_id, "") if not _ways(known[contact_id], barred) else "",
        )
        for contact_id, entries in by_contact.items()
    ]
    recipients.sort(key=lambda one: (one.agency.casefold(), str(one.contact.id)))
    return Preview(
        asked=tuple(one for one in recipients if one.channel is not None),
        left_out=tuple(one for one in recipients if one.channel is None),
        unreached=tuple(unreached),
        recent=len(found) - len(due),
    )


def start(
    session: Session, chosen: Chosen, *, name: str, org_id: uuid.UUID, note: str = "", now: datetime
) -> Campaign | None:
    """Begin to ask; the clock sends in batches. None when the filter reaches nobody."""
    found = preview(session, chosen, now=now)
    if not found.asked:
        return None
    campaign = Campaign(
        name=name.strip(),
        chosen=chosen.kept(),
        note=note.strip(),
        org_id=org_id,
        state=CampaignState.SENDING,
        created_at=now,
        created_by=actor_of(session).user_id,
        started_at=now,
    )
    session.add(campaign)
    session.flush()
    for recipient in (*found.asked, *found.left_out):
        ask = CampaignAsk(
            campaign_id=campaign.id,
            contact_id=recipient.contact.id,
            channel=recipient.channel.value if recipient.channel else "",
            state=AskState.WAITING if recipient.channel else AskState.LEFT_OUT,
            why_not=recipient.why_not,
            next_at=now if recipient.channel else None,
        )
        session.add(ask)
        session.flush()
        session.add_all(CampaignListing(ask_id=ask.id, service_id=entry.service_id) for entry in recipient.listings)
    session.flush()
    _audit(session, campaign, "started", now)
    return campaign


def pause(session: Session, campaign: Campaign, *, now: datetime) -> None:
    """Nothing more leaves until it goes on."""
    if campaign.state is CampaignState.SENDING:
        campaign.state = CampaignState.PAUSED
        _audit(session, campaign, "paused", now)


def go_on(session: Session, campaign: Campaign, *, now: datetime) -> None:
    """A paused campaign goes on."""
    if campaign.state is CampaignState.PAUSED:
        campaign.state = CampaignState.SENDING
        _audit(session, campaign, "resumed", now)


def stop(session: Session, campaign: Campaign, *, now: datetime) -> None:
    """Over: nothing more is sent, what waits in the outbox is cancelled there, links that are out go on working."""
    if campaign.state in RUNNING:
        campaign.state, campaign.ended_at = CampaignState.STOPPED, now
        _audit(session, campaign, "stopped", now)


def progress(session: Session, campaign_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Progress]:
    """How far these campaigns are, in two queries."""
    ids = set(campaign_ids)
    states: dict[uuid.UUID, Counter[AskState]] = defaultdict(Counter)
    sent: Counter[uuid.UUID] = Counter()
    counted = select(CampaignAsk.campaign_id, CampaignAsk.state, func.count(), func.count(CampaignAsk.sent_at))
    for campaign_id, state, many, gone in session.execute(
        counted.where(CampaignAsk.campaign_id.in_(ids)).group_by(CampaignAsk.campaign_id, CampaignAsk.state)
    ):
        states[campaign_id][state] += many
        sent[campaign_id] += gone
    answers: dict[uuid.UUID, Counter[str]] = defaultdict(Counter)
    listed = (
        select(CampaignAsk.campaign_id, CampaignListing.answer, func.count())
        .join(CampaignAsk, CampaignAsk.id == CampaignListing.ask_id)
        .where(CampaignAsk.campaign_id.in_(ids), CampaignAsk.state != AskState.LEFT_OUT)
        .group_by(CampaignAsk.campaign_id, CampaignListing.answer)
    )
    for campaign_id, answer, many in session.execute(listed):
        answers[campaign_id][answer] += many
    return {one: _progress(states[one], sent[one], answers[one]) for one in ids}


def _progress(states: Counter[AskState], sent: int, answers: Counter[str]) -> Progress:
    return Progress(
        contacts=sum(states.values()) - states[AskState.LEFT_OUT],
        sent=sent,
        opened=states[AskState.OPENED] + states[AskState.ANSWERED],
        answered=states[AskState.ANSWERED],
        bounced=states[AskState.BOUNCED],
        phone_tasks=states[AskState.PHONE_TASK],
        left_out=states[AskState.LEFT_OUT] + states[AskState.DECLINED],
        listings=sum(answers.values()),
        confirmed=answers["still_right"],
        changed=answers["changed"] + answers["closed"] + answers["not_us"],
    )


def _lately(entry: Entry, now: datetime) -> bool:
    said = [entry.groups[FieldGroup.CONTACT], entry.groups[FieldGroup.HOURS]]
    return all(at is not None and now - at <= LATELY_CONFIRMED for at in said)


def _on_file(session: Session, due: Sequence[Entry]) -> dict[uuid.UUID, list[AgencyContact]]:
    """Contacts by organization, the oldest first; one query."""
    organizations = {entry.organization_id for entry in due}
    stmt = select(AgencyContact).where(
        AgencyContact.organization_id.in_(organizations), AgencyContact.ended_at.is_(None)
    )
    found: dict[uuid.UUID, list[AgencyContact]] = defaultdict(list)
    for contact in session.scalars(stmt.order_by(AgencyContact.created_at, AgencyContact.id)):
        if contacts.channels(contact):
            found[contact.organization_id].append(contact)
    return found


def _contact_of(entry: Entry, on_file: dict[uuid.UUID, list[AgencyContact]]) -> AgencyContact | None:
    """As for referrals: the contact of the service, else that of the organization."""
    found = on_file.get(entry.organization_id, [])
    own = (one for one in found if one.service_id == entry.service_id)
    whole = (one for one in found if one.service_id is None)
    return next(own, None) or next(whole, None)


def _barred(session: Session, known: dict[uuid.UUID, AgencyContact], now: datetime) -> dict[uuid.UUID, str]:
    """Contacts that may not be asked now, and why: they rest, their number stopped, or another campaign waits."""
    barred = dict.fromkeys(ask_rests.resting(session, known, now=now), RESTS)
    waiting = (
        select(CampaignAsk.contact_id)
        .join(Campaign, Campaign.id == CampaignAsk.campaign_id)
        .where(CampaignAsk.contact_id.in_(known), CampaignAsk.state.in_(WAITS_FOR_ANSWER), Campaign.state.in_(RUNNING))
    )
    for contact_id in session.scalars(waiting):
        barred.setdefault(contact_id, ASKED_ALREADY)
    numbers = {one.phone_bix for one in known.values() if one.phone_bix is not None}
    stmt = select(Suppression.phone_bix).where(Suppression.phone_bix.in_(numbers), Suppression.lifted_at.is_(None))
    stopped = set(session.scalars(stmt))
    for contact in known.values():
        if contact.phone_bix in stopped:
            barred.setdefault(contact.id, STOPPED)
    return barred


def _ways(contact: AgencyContact, barred: dict[uuid.UUID, str]) -> list[Channel]:
    """How it may be asked; a number that stopped leaves the mail."""
    why = barred.get(contact.id, "")
    if why in {RESTS, ASKED_ALREADY}:
        return []
    return [way for way in contacts.channels(contact) if not (why == STOPPED and way is Channel.SMS)]


def _audit(session: Session, campaign: Campaign, what: str, now: datetime) -> None:
    audit.record(session, action=f"campaign.{what}", subject_kind="campaign", subject_id=campaign.id, now=now)
    session.flush()
