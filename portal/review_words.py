"""Why somebody should look at a listing, in words: for the directory team's pages and the form of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext
from resources_db.vocab import ReviewWhy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from i18n.lazy import LazyText

NOT_US: Final = "not_us"
"""The note of a review that an agency opened by saying that a listing is not its own."""
WHYS: Final[Mapping[ReviewWhy, LazyText]] = {
    ReviewWhy.WRONG_NUMBER: lazy_gettext("The phone number is wrong"),
    ReviewWhy.WRONG_HOURS: lazy_gettext("The hours are wrong"),
    ReviewWhy.CLOSED: lazy_gettext("It was closed"),
    ReviewWhy.MOVED: lazy_gettext("It has moved"),
    ReviewWhy.NOT_OFFERED: lazy_gettext("It does not offer this"),
    ReviewWhy.OUT_OF_AREA: lazy_gettext("It does not serve this area"),
    ReviewWhy.FULL: lazy_gettext("It said that it is full"),
    ReviewWhy.OUTDATED: lazy_gettext("Not confirmed for a long time"),
    ReviewWhy.NEVER_CONFIRMED: lazy_gettext("Nobody has ever confirmed it"),
    ReviewWhy.NO_ANSWER: lazy_gettext("The agency did not answer our questions"),
    ReviewWhy.BOUNCED: lazy_gettext("Our message did not reach the agency"),
    ReviewWhy.CALL_THEM: lazy_gettext("Call them: the link was not answered"),
    ReviewWhy.WORDS_OUTDATED: lazy_gettext("A translation is outdated"),
    ReviewWhy.SAMPLE: lazy_gettext("Picked to be looked at"),
    ReviewWhy.REPORTED: lazy_gettext("Somebody reported it"),
}
REPORTABLE: Final = (
    ReviewWhy.WRONG_NUMBER,
    ReviewWhy.WRONG_HOURS,
    ReviewWhy.CLOSED,
    ReviewWhy.MOVED,
    ReviewWhy.NOT_OFFERED,
    ReviewWhy.OUT_OF_AREA,
    ReviewWhy.REPORTED,
)
"""What a person may say is wrong; the last one is "something else"."""


def why(one: ReviewWhy) -> str:
    """The reason as one short sentence."""
    return str(WHYS[one])


def note(text: str) -> str:
    """What was written with it; our own codes in words."""
    return _("The contact on file says that this listing is not theirs.") if text == NOT_US else text
