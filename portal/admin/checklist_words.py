"""The checklist of going live, step by step in words: what was found and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from i18n.catalog import ngettext
from messaging.going_live import Grade, Step
from portal import text_cost

if TYPE_CHECKING:
    from i18n.lazy import LazyText
    from messaging.going_live import Finding

FAMILY = {Grade.GOOD: "good", Grade.LOOK: "warn", Grade.BAD: "stop", Grade.SKIPPED: "calm"}
STEPS: dict[Step, LazyText] = {
    Step.ADDRESS: lazy("Public address"),
    Step.ACCOUNT: lazy("Account"),
    Step.SERVICE: lazy("Messaging service"),
    Step.SENDERS: lazy("Numbers that send"),
    Step.INBOUND: lazy("Replies and STOP reach us"),
    Step.CAMPAIGN: lazy("Registration with the carriers"),
    Step.WEBHOOK: lazy("Reports reach us, signed"),
    Step.SPENT: lazy("This month at the provider"),
}
WEBHOOKS: dict[str, LazyText] = {
    "works": lazy("Our address answers, takes a right signature and refuses a wrong one."),
    "unreachable": lazy("Nobody answers at the public address. Look at the proxy, the certificate and the firewall."),
    "signature_refused": lazy(
        "Our own right signature is refused. Look at HANDRAIL_PUBLIC_URL and TWILIO_AUTH_TOKEN of every process."
    ),
    "takes_anything": lazy("A wrong signature is not refused: something else answers at the public address."),
}


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph with a sign: `family` good, warn, stop or calm."""

    family: str
    title: str
    words: str


def step(found: Finding) -> Note:
    return Note(FAMILY[found.grade], str(STEPS[found.step]), _said(found))


def _said(found: Finding) -> str:
    if found.grade is Grade.SKIPPED:
        return _("Not looked at: mend what stands before.")
    return {
        Step.ADDRESS: _address,
        Step.ACCOUNT: _account,
        Step.SERVICE: _service,
        Step.SENDERS: _senders,
        Step.INBOUND: _inbound,
        Step.CAMPAIGN: _campaign,
        Step.WEBHOOK: lambda one: str(WEBHOOKS[one.detail]),
        Step.SPENT: _spent,
    }[found.step](found)


def _address(found: Finding) -> str:
    if found.grade is Grade.GOOD:
        return found.detail
    return _("%(address)s is not https. Set HANDRAIL_PUBLIC_URL.", address=found.detail)


def _account(found: Finding) -> str:
    return {
        Grade.GOOD: _("Active."),
        Grade.LOOK: _("A trial account: it sends only to numbers that you confirmed at the provider."),
    }.get(found.grade) or _(
        "The provider says: %(code)s. Look at TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.", code=found.detail
    )


def _service(found: Finding) -> str:
    if found.grade is Grade.GOOD:
        return found.detail
    return _("The provider says: %(code)s. Look at TWILIO_MESSAGING_SERVICE_SID.", code=found.detail)


def _senders(found: Finding) -> str:
    if found.grade is Grade.GOOD:
        return ngettext("%(num)s number", "%(num)s numbers", int(found.detail))
    return _("The messaging service has no number. Add one at the provider.")


def _inbound(found: Finding) -> str:
    return {
        Grade.GOOD: _("The service hands incoming texts to %(address)s.", address=found.detail),
        Grade.LOOK: _("Each number decides by itself where replies go. Set “Send a webhook” at the service instead."),
    }.get(found.grade) or _("Set the service’s request address for incoming texts to …/sms/inbound of this site.")


def _campaign(found: Finding) -> str:
    return {
        Grade.GOOD: _("Registered."),
        Grade.LOOK: _("No campaign is registered. US carriers refuse such texts, except from toll-free numbers."),
    }.get(found.grade) or _("The campaign is not approved: %(state)s.", state=found.detail)


def _spent(found: Finding) -> str:
    parts = found.detail.split()
    if found.grade is not Grade.GOOD or len(parts) != len(("segments", "price", "currency")):
        return _("The provider does not say.")
    segments, price, currency = int(parts[0]), Decimal(parts[1]), parts[2]
    said = formatting.money(price) if currency == "USD" else f"{formatting.number(price)} {currency}"
    return _("%(segments)s segments, %(price)s", segments=formatting.number(segments), price=said)


def price_of(findings: tuple[Finding, ...]) -> Decimal | None:
    """What a segment cost this month by the provider's own count, in its currency; None while nobody knows."""
    detail = next((one.detail for one in findings if one.step is Step.SPENT and one.grade is Grade.GOOD), "")
    return text_cost.of_segment(detail)
