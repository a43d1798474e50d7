"""What a transport can do, and the classes of outcome that the sending protocol tells apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from messaging.errors import MessagingError

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterable
    from datetime import datetime, timedelta


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """One text, ready to leave."""

    to: str
    body: str
    status_url: str
    still_ours: Callable[[], bool] = _always
    """Asked at the last moment before the first byte: a sender that was held up may not post any more."""


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One mail, ready to leave. The same `message_id` again is the same mail again, never a second one."""

    message_id: uuid.UUID
    to: str
    subject: str
    body: str
    lang: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider has it, under this id."""

    sid: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class TooMany:
    """The provider did not process it and says when to come back."""

    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """The request provably never left: no byte of it was written."""

    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider processed it and said no, with its code."""

    code: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may or may not have been accepted; nobody sends again before having looked."""

    why: str


Outcome = Accepted | TooMany | NotSent | Refused | Unknown


@dataclass(frozen=True, slots=True)
class SentText:
    """One entry of the provider's list of messages."""

    sid: str
    to: str
    body: str
    status: str
    error_code: str
    direction: str
    created_at: datetime


class ListingError(MessagingError):
    """The provider's list could not be read; nothing may be concluded from it."""


class TextTransport(Protocol):
    """A provider of texts. Calls are made with no transaction open and end within the timeouts."""

    def send(self, text: OutgoingText) -> Outcome:
        """Hand one text over."""

    def sent_to(self, to: str, since: datetime) -> Iterable[SentText]:
        """What was sent to a number, newest first, back to `since`; raises ListingError."""


class MailTransport(Protocol):
    """A way for mail to leave."""

    def send(self, mail: OutgoingMail) -> Outcome:
        """Hand one mail over."""
