"""Do the provider's calls reach us? Calls our own public address as the provider would, signed rightly and wrongly.

What is sent names no message, so it leaves nothing behind.
"""

from __future__ import annotations

from enum import StrEnum, unique
from typing import TYPE_CHECKING

import requests

from messaging.twilio_transport import signature

if TYPE_CHECKING:
    from messaging.settings import ProviderSettings

STATUS_PATH = "/sms/status"
INBOUND_PATH = "/sms/inbound"
_TIMEOUTS = (5, 10)
_FORM = {"MessageStatus": "sent"}
_REFUSED = 403


@unique
class Webhook(StrEnum):
    """What came of it."""

    WORKS = "works"
    UNREACHABLE = "unreachable"
    """Nobody answers at the public address."""
    SIGNATURE_REFUSED = "signature_refused"
    """Our own right signature is refused: the address is changed on its way, or another token is in use."""
    TAKES_ANYTHING = "takes_anything"
    """A wrong signature was not refused: somebody else answers there."""


def look(settings: ProviderSettings) -> Webhook:
    """Call our status webhook twice over the public address."""
    url = settings.public_url + STATUS_PATH
    try:
        right = _post(url, signature(settings.auth_token, url, _FORM))
        wrong = _post(url, signature("not the token", url, _FORM))
    except requests.exceptions.RequestException:
        return Webhook.UNREACHABLE
    if right == _REFUSED:
        return Webhook.SIGNATURE_REFUSED
    if not 200 <= right < 300:
        return Webhook.UNREACHABLE
    return Webhook.WORKS if wrong == _REFUSED else Webhook.TAKES_ANYTHING


def _post(url: str, signed: str) -> int:
    with requests.Session() as session:
        session.trust_env = False  # the provider does not come through our proxy either
        answer = session.post(
            url, data=_FORM, headers={"X-Twilio-Signature": signed}, timeout=_TIMEOUTS, allow_redirects=False
        )
        return answer.status_code
