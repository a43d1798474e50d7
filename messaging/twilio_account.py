"""What the provider says about our account, our sender and their registration: read for the checklist of going live.

Nothing is changed there, and nothing here sends. The calls are made with no transaction open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException

from messaging.errors import MessagingError
from messaging.twilio_transport import rest_client

if TYPE_CHECKING:
    from messaging.settings import ProviderSettings

Read = TypeVar("Read")
MOST_SENDERS = 100
_UNREADABLE = (TwilioException, ValueError, KeyError, TypeError, AttributeError)


class AccountError(MessagingError):
    """The provider could not be asked, or said no; `code` is its code, or the kind of fault."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """`status` active, suspended or closed; `kind` Trial or Full."""

    status: str
    kind: str


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """A messaging service: where it hands incoming texts to, its numbers, the state of its campaign ("" if none)."""

    name: str
    inbound_url: str
    numbers_decide: bool
    """Each number's own webhook is called, not the service's."""
    senders: int
    campaign: str
    registered: bool


@dataclass(frozen=True, slots=True)
class Spent:
    """What the provider counted this month; `price` in `currency`, which is mostly USD."""

    segments: int
    price: Decimal
    currency: str


class TwilioAccount:
    """Reads; raises AccountError."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings
        self._client = rest_client(settings)

    def account(self) -> AccountFacts:
        """The account itself. Whether the credentials are right shows here first."""
        found = _asked(lambda: self._client.api.v2010.accounts(self._settings.account_sid).fetch())
        return AccountFacts(str(found.status or ""), str(found.type or ""))

    def service(self) -> ServiceFacts:
        """The messaging service that texts leave from."""
        service = self._client.messaging.v1.services(self._settings.messaging_service_sid)
        found = _asked(service.fetch)
        numbers = _asked(lambda: service.phone_numbers.list(limit=MOST_SENDERS))
        campaigns = _asked(lambda: service.us_app_to_person.list(limit=1))
        return ServiceFacts(
            name=str(found.friendly_name or ""),
            inbound_url=str(found.inbound_request_url or ""),
            numbers_decide=bool(found.use_inbound_webhook_on_number),
            senders=len(numbers),
            campaign=str(campaigns[0].campaign_status or "") if campaigns else "",
            registered=bool(found.us_app_to_person_registered),
        )

    def spent(self) -> Spent:
        """Outgoing texts of this month, as the provider's own account of usage has them."""
        found = _asked(lambda: self._client.usage.records.this_month.list(category="sms-outbound", limit=1))
        if not found:
            return Spent(0, Decimal(0), "USD")
        return Spent(
            int(Decimal(found[0].usage or 0)), Decimal(found[0].price or 0), str(found[0].price_unit or "usd").upper()
        )


def _asked(call: Callable[[], Read]) -> Read:
    try:
        return call()
    except TwilioRestException as refused:
        raise AccountError(str(refused.code or refused.status)) from None
    except (requests.exceptions.RequestException, *_UNREADABLE) as fault:
        raise AccountError(type(fault).__name__) from None
