"""What each figure is called and what it means. The meaning stands beside the figure wherever it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import lazy_gettext as _
from portal import need_words
from portal.reports.asked import month_of
from referrals.counting import Measure
from referrals.periods import By

if TYPE_CHECKING:
    from collections.abc import Mapping

    from i18n.lazy import LazyText

_ANSWERED = _("Opening the link does not count. No answer counts as not answered.")
_CLOSED = _("Everyone knows how it ended: helped, not helped, or not wanted. No answer never counts as closed.")
_MET = _("The person, or a care manager who checked, said it is solved. It counts from the day it was found.")

LABELS: Mapping[Measure, LazyText] = {
    Measure.ANSWERED_7: _("Agency answered in 7 days"),
    Measure.ANSWERED_14: _("Agency answered in 14 days"),
    Measure.ANSWERED_30: _("Agency answered in 30 days"),
    Measure.CLOSED_30: _("Loop was closed in 30 days"),
    Measure.CLOSED_60: _("Loop was closed in 60 days"),
    Measure.CLOSED_90: _("Loop was closed in 90 days"),
    Measure.SERVED: _("Person was served"),
    Measure.FIRST_TRY: _("Served by the first agency asked"),
    Measure.AGREEMENT: _("Both sides say the same"),
    Measure.NO_ROOM: _("Agency had no room"),
    Measure.MET_30: _("Need was met in 30 days"),
    Measure.MET_90: _("Need was met in 90 days"),
    Measure.UNMET: _("Need was still unmet after 30 days"),
}
MEANINGS: Mapping[Measure, LazyText] = {
    Measure.ANSWERED_7: _ANSWERED,
    Measure.ANSWERED_14: _ANSWERED,
    Measure.ANSWERED_30: _ANSWERED,
    Measure.CLOSED_30: _CLOSED,
    Measure.CLOSED_60: _CLOSED,
    Measure.CLOSED_90: _CLOSED,
    Measure.SERVED: _("The agency said all or part of the help was given. No answer counts as not served."),
    Measure.FIRST_TRY: _("The same, of referrals that did not follow a failed one."),
    Measure.AGREEMENT: _("The agency said served, and the person, when asked, said that help came."),
    Measure.NO_ROOM: _("The agency said no, or put the person on a waitlist, for lack of room or money."),
    Measure.MET_30: _MET,
    Measure.MET_90: _MET,
    Measure.UNMET: _("Found 30 days ago or more, wanted, and still open or ended without help."),
}
BY: Mapping[By, LazyText] = {
    By.DOMAIN: _("Kind of need"),
    By.NEED: _("Need"),
    By.AGENCY: _("Agency"),
    By.LANGUAGE: _("Language"),
    By.ZIP: _("ZIP code"),
    By.TEAM: _("Care team"),
    By.MONTH: _("Month"),
    By.SERVICE: _("Service"),
    By.WEEK: _("Week"),
}
"""What a breakdown can be by, as its first column is called."""


def group(by: By, key: str, names: Mapping[str, str]) -> str:
    """What a group of a breakdown is called; `names` are those of the database."""
    match by:
        case By.DOMAIN:
            return need_words.domain(key)
        case By.NEED:
            return need_words.need(key)
        case By.LANGUAGE:
            return formatting.language_name(key)
        case By.MONTH:
            return month_of(key)
    return names.get(key, key)
