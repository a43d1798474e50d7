"""The words for error codes: what happened and what to do next, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from i18n.catalog import lazy_gettext as _
from i18n.lazy import LazyText


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
    409: (_("Somebody else was faster"), _("This changed while you were working on it. Look at it again, then decide.")),
    413: (_("That is too much at once"), _("Make the text or file smaller and send it again.")),
    419: (_("Please send that again"), _("Your page was open for a long time. Nothing you typed is lost: press the button to send it again.")),
    421: (_("We could not read that"), _("Open the address you were given.")),
    422: (_("We could not take that in"), _("Something typed cannot be stored. Go back and change it.")),
    429: (_("Too many tries"), _("Please wait a little, then try again.")),
    500: (_("Something went wrong here"), _("Nothing you did caused it. Try again in a minute. If it happens again, tell us the number below.")),
    503: (_("Busy for a moment"), _("Nothing you typed is lost: wait a few seconds and press the button to send it again.")),
}

CODES: Final[dict[str, Pair]] = {
    "too_many": (_("Too many tries"), _("Please try again in %(seconds)s seconds. If you need help now, call 211.")),
    "cross_site": (_("This came from another site"), _("Open the page here and send it again.")),
    "unstorable_text": (_("We could not take that in"), _("The text holds characters that cannot be stored. Type it again instead of pasting it.")),
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
    return words % facts if "%(" in words else words


def domain_errors() -> tuple[type[Exception], ...]:
    """The bases of the error trees of the packages below."""
    from portal.errors import DomainError

    return (DomainError,)


def read(error: Exception) -> tuple[str, Mapping[str, object]]:
    """The code and the facts of a domain error."""
    code, facts = getattr(error, "code", None), getattr(error, "facts", None)
    return str(code) if code else type(error).__name__, facts if isinstance(facts, Mapping) else {}


def status_of(error: Exception, code: str) -> int:
    """The HTTP status of a domain error."""
    status = getattr(error, "status", None)
    return status if isinstance(status, int) else STATUS_OF_CODE.get(code, 422)


STATUS_OF_CODE: Final[dict[str, int]] = {}
