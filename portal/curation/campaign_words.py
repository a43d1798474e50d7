"""Campaigns in words: whom they reach, how far they are, and why a contact is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import url_for

from i18n import formatting
from i18n.catalog import lazy_gettext, ngettext
from referrals import campaigns
from referrals.campaign_auto import Every
from resources_db.vocab import AskState, CampaignState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from i18n.lazy import LazyText
    from referrals.campaigns import Progress, Recipient
    from resources_db.models.upkeep import Campaign

STATES: Final[Mapping[CampaignState, tuple[str, str, LazyText]]] = {
    CampaignState.DRAFT: ("calm", "pen", lazy_gettext("Not started")),
    CampaignState.SENDING: ("wait", "clock", lazy_gettext("Running")),
    CampaignState.PAUSED: ("warn", "ring-bar", lazy_gettext("Paused by the team")),
    CampaignState.DONE: ("good", "check", lazy_gettext("Finished")),
    CampaignState.STOPPED: ("calm", "cross", lazy_gettext("Stopped")),
}
ASKS: Final[Mapping[AskState, tuple[str, str, LazyText]]] = {
    AskState.WAITING: ("calm", "clock", lazy_gettext("Waits for its turn")),
    AskState.SENT: ("wait", "mail", lazy_gettext("Asked")),
    AskState.OPENED: ("wait", "check", lazy_gettext("Began to answer")),
    AskState.ANSWERED: ("good", "checks", lazy_gettext("Answered")),
    AskState.SNOOZED: ("calm", "clock", lazy_gettext("Asked for later")),
    AskState.DECLINED: ("calm", "cross", lazy_gettext("Does not want to be asked")),
    AskState.BOUNCED: ("stop", "cross", lazy_gettext("Not reached")),
    AskState.PHONE_TASK: ("warn", "phone", lazy_gettext("No answer: call them")),
    AskState.LEFT_OUT: ("calm", "ring-bar", lazy_gettext("Left out")),
}
ORDER: Final = (
    AskState.PHONE_TASK,
    AskState.BOUNCED,
    AskState.OPENED,
    AskState.SENT,
    AskState.WAITING,
    AskState.SNOOZED,
    AskState.DECLINED,
    AskState.LEFT_OUT,
    AskState.ANSWERED,
)
"""Contacts that need somebody first; those that are done last."""
WHY_NOT: Final[Mapping[str, LazyText]] = {
    campaigns.RESTS: lazy_gettext("asked not to be asked now"),
    campaigns.STOPPED: lazy_gettext("stopped our texts and has no mail"),
    campaigns.ASKED_ALREADY: lazy_gettext("has an open question already"),
}
EVERY: Final[Mapping[Every, LazyText]] = {
    Every.NEVER: lazy_gettext("Never by itself"),
    Every.HALF_YEAR: lazy_gettext("Every half year"),
    Every.YEAR: lazy_gettext("Every year"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One campaign in the list."""

    name: str
    href: str
    state: tuple[str, str, str]
    began: str
    figures: tuple[tuple[str, str], ...]


def line(campaign: Campaign, done: Progress, now: datetime) -> Line:
    """Name, state, and how far it is."""
    family, drawing, words = STATES[campaign.state]
    return Line(
        name=campaign.name,
        href=url_for("curation.campaign", campaign_id=campaign.id),
        state=(family, drawing, str(words)),
        began=formatting.ago(campaign.started_at or campaign.created_at, now),
        figures=figures(done),
    )


def figures(done: Progress) -> tuple[tuple[str, str], ...]:
    """What came of it, each as a word and a number."""
    counted = (
        (lazy_gettext("Contacts"), done.contacts),
        (lazy_gettext("Asked"), done.sent),
        (lazy_gettext("Began to answer"), done.opened),
        (lazy_gettext("Answered"), done.answered),
        (lazy_gettext("Not reached"), done.bounced),
        (lazy_gettext("To call"), done.phone_tasks),
        (lazy_gettext("Left out"), done.left_out),
        (lazy_gettext("Listings confirmed"), done.confirmed),
        (lazy_gettext("Listings changed"), done.changed),
    )
    return tuple((str(words), formatting.number(number)) for words, number in counted)


def recipient(one: Recipient) -> tuple[str, str, str]:
    """The agency, how many listings, and why it is left out."""
    listings = ngettext("%(num)s listing", "%(num)s listings", len(one.listings))
    return one.agency, listings, str(WHY_NOT[one.why_not]) if one.why_not else ""
