"""Is everything ready for real texts? Asks the provider and our own public address, and changes nothing.

The steps stand in the order in which an operator would mend them: what comes later needs what comes before.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING

from messaging import webhook_check
from messaging.twilio_account import AccountError, TwilioAccount
from messaging.webhook_check import INBOUND_PATH, Webhook

if TYPE_CHECKING:
    from messaging.settings import ProviderSettings
    from messaging.twilio_account import ServiceFacts

VERIFIED = "VERIFIED"
ACTIVE, FULL = "active", "Full"


@unique
class Step(StrEnum):
    """What is looked at."""

    ADDRESS = "address"
    ACCOUNT = "account"
    SERVICE = "service"
    SENDERS = "senders"
    INBOUND = "inbound"
    CAMPAIGN = "campaign"
    WEBHOOK = "webhook"
    SPENT = "spent"


@unique
class Grade(StrEnum):
    """`look`: texts may leave, yet somebody should look; `skipped`: an earlier step must be mended first."""

    GOOD = "good"
    LOOK = "look"
    BAD = "bad"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One step; `detail` is the provider's code, a count or a status, never a secret."""

    step: Step
    grade: Grade
    detail: str = ""


def look(settings: ProviderSettings, *, simulated: bool = False) -> tuple[Finding, ...]:
    """All steps. Calls the network: never inside a transaction. `simulated`: plain http is all right there."""
    found = [_address(settings, simulated=simulated), *_provider(TwilioAccount(settings), settings), _webhook(settings)]
    return tuple(found)


def ready(findings: tuple[Finding, ...]) -> bool:
    """Whether nothing stands in the way."""
    return bool(findings) and all(one.grade in {Grade.GOOD, Grade.LOOK} for one in findings)


def _address(settings: ProviderSettings, *, simulated: bool) -> Finding:
    good = simulated or settings.public_url.startswith("https://")
    return Finding(Step.ADDRESS, Grade.GOOD if good else Grade.BAD, settings.public_url)


def _provider(account: TwilioAccount, settings: ProviderSettings) -> list[Finding]:
    asked = (Step.SERVICE, Step.SENDERS, Step.INBOUND, Step.CAMPAIGN, Step.SPENT)
    try:
        facts = account.account()
    except AccountError as error:
        return [Finding(Step.ACCOUNT, Grade.BAD, error.code), *(Finding(step, Grade.SKIPPED) for step in asked)]
    usable = facts.status == ACTIVE
    grade = Grade.BAD if not usable else Grade.GOOD if facts.kind == FULL else Grade.LOOK
    return [Finding(Step.ACCOUNT, grade, facts.kind if usable else facts.status), *_sender(account, settings)]


def _sender(account: TwilioAccount, settings: ProviderSettings) -> list[Finding]:
    try:
        service = account.service()
    except AccountError as error:
        rest = [Finding(step, Grade.SKIPPED) for step in (Step.SENDERS, Step.INBOUND, Step.CAMPAIGN)]
        return [Finding(Step.SERVICE, Grade.BAD, error.code), *rest, _spent(account)]
    return [
        Finding(Step.SERVICE, Grade.GOOD, service.name),
        Finding(Step.SENDERS, Grade.GOOD if service.senders else Grade.BAD, str(service.senders)),
        _inbound(service, settings),
        _campaign(service),
        _spent(account),
    ]


def _inbound(service: ServiceFacts, settings: ProviderSettings) -> Finding:
    """Replies and STOP must reach us."""
    if service.numbers_decide:
        return Finding(Step.INBOUND, Grade.LOOK, "numbers")
    right = service.inbound_url == settings.public_url + INBOUND_PATH
    return Finding(Step.INBOUND, Grade.GOOD if right else Grade.BAD, service.inbound_url)


def _campaign(service: ServiceFacts) -> Finding:
    """US carriers refuse texts of unregistered campaigns (code 30034); toll-free numbers have none of this kind."""
    if service.campaign == VERIFIED or (service.registered and not service.campaign):
        return Finding(Step.CAMPAIGN, Grade.GOOD, service.campaign)
    return Finding(Step.CAMPAIGN, Grade.LOOK if not service.campaign else Grade.BAD, service.campaign)


def _spent(account: TwilioAccount) -> Finding:
    try:
        spent = account.spent()
    except AccountError as error:
        return Finding(Step.SPENT, Grade.LOOK, error.code)
    return Finding(Step.SPENT, Grade.GOOD, f"{spent.segments} {spent.price} {spent.currency}")


def _webhook(settings: ProviderSettings) -> Finding:
    found = webhook_check.look(settings)
    return Finding(Step.WEBHOOK, Grade.GOOD if found is Webhook.WORKS else Grade.BAD, found.value)
