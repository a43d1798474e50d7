"""The words for error codes: what happened and what to do next, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from i18n import formatting
from i18n.catalog import lazy_gettext as _
from i18n.lazy import LazyText
from messaging.errors import MessagingError
from portal.auth import current
from referrals.errors import ChangedMeanwhileError, ReferralError
from resources_db.listing_key import BadListingKeyError
from resources_db.proposals import ProposalError
from resources_db.vocab import Side
from search.errors import IndexUnavailableError


@dataclass(frozen=True, slots=True)
class Words:
    """A heading and one or two sentences."""

    title: str
    text: str


Pair: TypeAlias = tuple[LazyText, LazyText]

STATUS: Final[dict[int, Pair]] = {
    400: (_("We could not read that"), _("Go back and try once more. If it happens again, tell us the number below.")),
    401: (_("Please sign in"), _("Sign in and try again.")),
    403: (_("Your role does not include this"), _("Ask an administrator of your organization if you need it.")),
    404: (_("We cannot find this page"), _("It may have moved, or the address may have a typing mistake.")),
    405: (_("This page cannot be used that way"), _("Go back and use the button or link on the page.")),
    409: (
        _("Somebody else was faster"),
        _("This changed while you were working on it. Look at it again, then decide."),
    ),
    413: (_("That is too much at once"), _("Make the text or file smaller and send it again.")),
    419: (
        _("Please send that again"),
        _("Your page was open for a long time. Nothing you typed is lost: press the button to send it again."),
    ),
    421: (_("We could not read that"), _("Open the address you were given.")),
    422: (_("We could not take that in"), _("Something typed cannot be stored. Go back and change it.")),
    429: (_("Too many tries"), _("Please wait a little, then try again.")),
    500: (
        _("Something went wrong here"),
        _("Nothing you did caused it. Try again in a minute. If it happens again, tell us the number below."),
    ),
    503: (
        _("Busy for a moment"),
        _("Nothing you typed is lost: wait a few seconds and press the button to send it again."),
    ),
}

SIDES: Final[dict[str, LazyText]] = {
    Side.NAVIGATOR: _("The care team"),
    Side.AGENCY: _("The agency"),
    Side.PATIENT: _("The patient"),
    Side.CLOCK: _("Handrail"),
    Side.SYSTEM: _("Handrail"),
}
FASTER = _("Somebody else was faster")
CODES: Final[dict[str, Pair]] = {
    "too_many": (_("Too many tries"), _("Please try again in %(seconds)s seconds. If you need help now, call 211.")),
    "cross_site": (_("This came from another site"), _("Open the page here and send it again.")),
    "unstorable_text": (
        _("We could not take that in"),
        _("The text holds characters that cannot be stored. Type it again instead of pasting it."),
    ),
    "changed_meanwhile": (FASTER, _("This changed while you were working on it. Look at it again, then decide.")),
    "changed_by": (FASTER, _("%(said_by)s changed this on %(at)s. Look at it again, then decide.")),
    "move_refused": (
        _("That step is not possible now"),
        _("The referral has moved on. Look at it again: the page shows what can come next."),
    ),
    "too_late": (
        _("It was sent already"),
        _("The ten seconds to take it back are over. You can withdraw the referral on its page."),
    ),
    "not_sendable": (_("Not sent"), _("Something is missing for one of the places. Go back: the page says what.")),
    "bad_input": (_("We could not take that in"), _("One of the answers does not fit. Go back and change it.")),
    "link_locked": (
        _("This link is locked"),
        _("The code was wrong too often. The care team has been told and will call."),
    ),
    "step_up_needed": (
        _("Please confirm that it is you"),
        _("Open the link again and type the code from the text message."),
    ),
    "search_unavailable": (
        _("Search is being built"),
        _("It will be there in a minute. If you need help now, call 211."),
    ),
}
STATUS_OF_CODE: Final[dict[str, int]] = {
    "not_found": 404,
    "move_refused": 409,
    "changed_meanwhile": 409,
    "changed_by": 409,
    "too_late": 409,
    "conflict": 409,
    "link_locked": 403,
    "step_up_needed": 403,
    "search_unavailable": 503,
}


def of_status(status: int) -> Words:
    """The words of a status."""
    title, text = STATUS.get(status) or (STATUS[500] if status >= 500 else STATUS[400])
    return Words(str(title), str(text))


def of_code(code: str, facts: Mapping[str, object]) -> Words | None:
    """The words of a domain code with its facts filled in, or None when there are none of its own."""
    pair = CODES.get(code)
    if pair is None:
        return None
    return Words(_filled(pair[0], facts), _filled(pair[1], facts))


def _filled(text: LazyText, facts: Mapping[str, object]) -> str:
    words = str(text)
    return words % dict(facts) if "%(" in words else words


def domain_errors() -> tuple[type[Exception], ...]:
    """The bases of the error trees of the packages below, and our own."""
    from portal.errors import DomainError

    return DomainError, ReferralError, MessagingError, IndexUnavailableError, ProposalError, BadListingKeyError


def read(error: Exception) -> tuple[str, Mapping[str, object]]:
    """The code and the facts of a domain error."""
    if isinstance(error, ChangedMeanwhileError):
        return _who_was_faster(error)
    if isinstance(error, IndexUnavailableError):
        return "search_unavailable", {}
    if isinstance(error, BadListingKeyError):
        return "not_found", {}
    code, facts = getattr(error, "code", None), getattr(error, "facts", None)
    return str(code) if code else type(error).__name__, facts if isinstance(facts, Mapping) else {}


def status_of(error: Exception, code: str) -> int:
    """The HTTP status of a domain error."""
    status = getattr(error, "status", None)
    return status if isinstance(status, int) else STATUS_OF_CODE.get(code, 422)


def _who_was_faster(error: ChangedMeanwhileError) -> tuple[str, Mapping[str, object]]:
    if not error.said_by or error.at is None:
        return "changed_meanwhile", {}
    person = current.member()
    at = formatting.date_time(error.at, person.timezone if person else "UTC")
    return "changed_by", {"said_by": str(SIDES.get(error.said_by, error.said_by)), "at": at}
