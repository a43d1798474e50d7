"""Texts through the real twilio client: the only module that imports it.

Knows the client's habits: no base URL setting, no default timeout, headers that exceptions do not carry, an answer kept
where another thread may overwrite it. What it means that a call failed is decided here; what to do about it is not.
"""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from messaging import watched_http
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
_UNREADABLE = (TwilioException, ValueError, KeyError, TypeError, AttributeError)
logging.getLogger("twilio.http_client").setLevel(logging.WARNING)  # it logs bodies and numbers


class _Http(TwilioHttpClient):  # type: ignore[misc]
    """The client's own HTTP client, sent to a configured base, with both timeouts, keeping Retry-After."""

    def __init__(self, base: str, timing: Timing) -> None:
        super().__init__(max_retries=0)
        self._base = urlsplit(base.rstrip("/")) if base else None
        # the parent hands this on to requests, which takes a time for connecting and one for reading
        self.timeout = (timing.connect.total_seconds(), timing.read.total_seconds())
        self._retry_after: str | None = None
        watched_http.watch(self.session)
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
        self._retry_after = None
        answer = super().request(method, self._moved(url), params, data, headers, auth, None, allow_redirects)
        self._retry_after = (answer.headers or {}).get("Retry-After")
        return answer

    def retry_after(self) -> timedelta | None:
        """What the last answer asked for."""
        return _wait(self._retry_after)

    def _moved(self, url: str) -> str:
        if self._base is None:
            return url
        asked = urlsplit(url)
        path = self._base.path + asked.path
        return urlunsplit((self._base.scheme, self._base.netloc, path, asked.query, asked.fragment))


class _Mine(threading.local):
    """One client a thread: the client keeps its last answer in itself, so two threads could read each other's."""

    def __init__(self, settings: ProviderSettings) -> None:
        self.http = _Http(settings.api_base, settings.timing)
        self.client = Client(settings.account_sid, settings.auth_token, http_client=self.http)


def rest_client(settings: ProviderSettings) -> Client:
    """A client of the provider's API with our base address and timeouts, for one thread."""
    return _Mine(settings).client


class TwilioTexts:
    """A TextTransport over the provider's API."""

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings
        self._mine = _Mine(settings)
        self._at_most = (settings.timing.connect + settings.timing.read).total_seconds()

    def send(self, text: OutgoingText) -> Outcome:
        """Hand one text over; never raises for what a network or a provider can do."""
        with watched_http.calling(text.still_ours, self._at_most) as call:
            try:
                message = self._create(text)
            except (TwilioRestException, TwilioServiceException) as refused:
                return self._refusal(refused)
            except requests.exceptions.RequestException as fault:
                return Unknown(type(fault).__name__) if call.left else NotSent(type(fault).__name__)
            except _UNREADABLE as odd:  # an answer that cannot be read says nothing
                return Unknown(type(odd).__name__)
        return Accepted(str(message.sid), str(message.status or "")) if message.sid else Unknown("no_sid")

    def sent_to(self, to: str, since: datetime) -> Iterator[SentText]:
        """The provider's list for a number, newest first. Not filtered by DateSent, which is empty until it is sent."""
        listed = 0
        try:
            for message in self._mine.client.messages.stream(to=to, limit=MOST_LISTED, page_size=PAGE_SIZE):
                found = _listed(message)
                if found.created_at < since:
                    return
                listed += 1
                yield found
        except (requests.exceptions.RequestException, *_UNREADABLE) as fault:
            raise ListingError(type(fault).__name__) from None
        if listed >= MOST_LISTED:
            raise ListingError("too_long")  # what was not read may be what we look for

    def _create(self, text: OutgoingText) -> MessageInstance:
        return self._mine.client.messages.create(
            to=text.to,
            body=text.body,
            messaging_service_sid=self._settings.messaging_service_sid,
            status_callback=text.status_url,
            validity_period=VALID_FOR_SECONDS,
            smart_encoded=False,
        )

    def _refusal(self, refused: TwilioRestException | TwilioServiceException) -> Outcome:
        status, code = int(refused.status), refused.code
        if status == TOO_MANY:
            return TooMany(self._mine.http.retry_after())
        if status == UNAUTHORISED:
            return Refused("20003")
        if status >= SERVER_FAULT or not code or int(code) == status:
            return Unknown(f"http_{status}")  # without a code of its own it is not the provider who speaks
        return Refused(str(code))


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
