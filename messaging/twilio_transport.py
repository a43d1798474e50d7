"""Texts through the real twilio client: the only module that imports it.

Knows the client's habits: no base URL setting, no default timeout, headers that exceptions do not carry. What it means
that a call failed is decided here; what to do about it is not.
"""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from messaging.transport import (
    Accepted,
    ListingError,
    NotSent,
    Outcome,
    OutgoingText,
    Refused,
    SentText,
    TooMany,
    Unknown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from twilio.http.response import Response
    from twilio.rest.api.v2010.account.message import MessageInstance

    from messaging.settings import ProviderSettings, Timing

log = logging.getLogger(f"handrail.{__name__}")

VALID_FOR_SECONDS = 14_400
PAGE_SIZE = 100
MOST_LISTED = 2_000
TOO_MANY = 429
UNAUTHORISED = 401
SERVER_FAULT = 500
logging.getLogger("twilio.http_client").setLevel(logging.WARNING)  # it logs bodies and numbers


class _Http(TwilioHttpClient):  # type: ignore[misc]
    """The client's own HTTP client, sent to a configured base, with both timeouts, keeping Retry-After."""

    def __init__(self, base: str, timing: Timing) -> None:
        super().__init__(max_retries=0)
        self._base = urlsplit(base.rstrip("/")) if base else None
        # the parent hands this on to requests, which takes a time for connecting and one for reading
        self.timeout = (timing.connect.total_seconds(), timing.read.total_seconds())
        self._seen = threading.local()
        adapter = requests.adapters.HTTPAdapter(pool_maxsize=32, max_retries=0)
        self.session.mount("https://", adapter)
        self.session.mount("http://", adapter)
        self.session.trust_env = False  # a proxy from the environment must not read the texts

    def request(
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002 - ours always hold
        allow_redirects: bool = False,
    ) -> Response:
        """One HTTP request, within the timeouts, to the configured host."""
        self._seen.retry_after = None
        answer = super().request(method, self._moved(url), params, data, headers, auth, None, allow_redirects)
        self._seen.retry_after = (answer.headers or {}).get("Retry-After")
        return answer

    def retry_after(self) -> timedelta | None:
        """What the last answer of this thread asked for."""
        return _wait(getattr(self._seen, "retry_after", None))

    def _moved(self, url: str) -> str:
        if self._base is None:
            return url
        asked = urlsplit(url)
        path = self._base.path + asked.path
        return urlunsplit((self._base.scheme, self._base.netloc, path, asked.query, asked.fragment))


class TwilioTexts:
    """A TextTransport over the provider's API."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings
        self._http = _Http(settings.api_base, settings.timing)
        self._client = Client(settings.account_sid, settings.auth_token, http_client=self._http)

    def send(self, text: OutgoingText) -> Outcome:
        """Hand one text over; never raises for what a network or a provider can do."""
        try:
            message = self._client.messages.create(
                to=text.to,
                body=text.body,
                messaging_service_sid=self._settings.messaging_service_sid,
                status_callback=text.status_url,
                validity_period=VALID_FOR_SECONDS,
                smart_encoded=False,
            )
        except TwilioRestException as refused:
            return self._refusal(refused)
        except requests.exceptions.RequestException as fault:
            return NotSent(type(fault).__name__) if _never_left(fault) else Unknown(type(fault).__name__)
        except (TwilioException, ValueError, KeyError) as odd:  # an answer that cannot be read says nothing
            return Unknown(type(odd).__name__)
        return Accepted(str(message.sid), str(message.status or "")) if message.sid else Unknown("no_sid")

    def sent_to(self, to: str, since: datetime) -> Iterator[SentText]:
        """The provider's list for a number, newest first. Not filtered by DateSent, which is empty until it is sent."""
        try:
            for message in self._client.messages.stream(to=to, limit=MOST_LISTED, page_size=PAGE_SIZE):
                found = _listed(message)
                if found.created_at < since:
                    return
                yield found
        except (TwilioException, requests.exceptions.RequestException, ValueError, KeyError) as fault:
            raise ListingError(type(fault).__name__) from None

    def _refusal(self, refused: TwilioRestException) -> Outcome:
        status, code = int(refused.status), refused.code
        if status == TOO_MANY:
            return TooMany(self._http.retry_after())
        if status >= SERVER_FAULT:
            return Unknown(f"http_{status}")
        if status == UNAUTHORISED:
            return Refused("20003")
        return Refused(str(code)) if code else Refused(f"http_{status}")


def _listed(message: MessageInstance) -> SentText:
    created = message.date_created or datetime.now(UTC)
    return SentText(
        sid=str(message.sid),
        to=str(message.to),
        body=str(message.body),
        status=str(message.status or ""),
        error_code=str(message.error_code or ""),
        direction=str(message.direction or ""),
        created_at=created if created.tzinfo else created.replace(tzinfo=UTC),
    )


def _never_left(fault: requests.exceptions.RequestException) -> bool:
    # Only what happens before the first byte: no route, refused, no such name, TLS failure. A reset after connect
    # comes as ConnectionError too, but from the exchange of data ("Connection aborted"), and stays in doubt.
    if isinstance(fault, requests.exceptions.SSLError | requests.exceptions.ConnectTimeout):
        return True
    if not isinstance(fault, requests.exceptions.ConnectionError):
        return False
    reason = getattr(fault.args[0] if fault.args else None, "reason", None)
    return type(reason).__name__ in {"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"}


def _wait(header: str | None) -> timedelta | None:
    if not header:
        return None
    if header.strip().isdigit():
        return timedelta(seconds=min(int(header), 3_600))
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(until - datetime.now(UTC), timedelta(0)) if until.tzinfo else None


def signature(token: str, url: str, form: Mapping[str, str]) -> str:
    """The provider's signature of a webhook call."""
    return str(RequestValidator(token).compute_signature(url, dict(form)))


def is_signed(settings: ProviderSettings, path_and_query: str, form: Mapping[str, object], given: str) -> bool:
    """Whether a call of `path_and_query` at our public address was signed with a token of ours.

    Never with the address the request claims: behind a proxy that is another one, and a stranger may choose it.
    `form` may hold lists for repeated parameters.
    """
    url = settings.public_url + path_and_query
    tokens = [token for token in (settings.auth_token, settings.previous_auth_token) if token]
    return bool(given) and any(RequestValidator(token).validate(url, form, given) for token in tokens)
