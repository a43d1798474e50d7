"""What an agency pressed and typed, read from the form; which answers ask one thing more, and how that is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from i18n.catalog import gettext as _
from portal.agency import listing_form, page, words
from referrals import reasons
from referrals.agency_choices import Answer, Choice
from referrals.lifecycle import RefusalCode
from resources_db.vocab import BusinessStatus, Reason, ReferralState

if TYPE_CHECKING:
    from collections.abc import Collection

NEEDS_REASON = {Choice.NO: ReferralState.DECLINED, Choice.CANNOT: ReferralState.NOT_SERVED}
WAIT = "wait-"
"""Begins the names of the day on the thanks page, where the room form has a day too."""
NEEDS_DATE = frozenset({Choice.SCHEDULED, Choice.NEXT_STEP})
NEEDS_PAPERS = frozenset({Choice.NEEDS_DOCUMENTS})
TO_MEND = frozenset({RefusalCode.REASON_MISSING, RefusalCode.REASON_WRONG, RefusalCode.TEXT_MISSING,
                     RefusalCode.DATE_MISSING, RefusalCode.TOO_FEW_ATTEMPTS})  # fmt: skip


def choice() -> Choice | None:
    """The button that was pressed."""
    asked = request.form.get("answer", "")
    return Choice(asked) if asked in set(Choice) else None


def answer(pressed: Choice) -> Answer:
    """The button with all that was typed beside it. Raises ValueError for a day or time that is none."""
    form = request.form
    reason, status = form.get("reason", ""), form.get("business_status", "")
    return Answer(
        choice=pressed,
        reason=Reason(reason) if reason in set(Reason) else None,
        text=page.given_text(),
        next_on=listing_form.date_of(form) or listing_form.date_of(form, WAIT),
        at_clock=listing_form.clock_of(form),
        business_status=BusinessStatus(status) if status in set(BusinessStatus) else None,
    )


def incomplete(given: Answer) -> bool:
    """Whether this answer has a page of its own that was not filled in yet."""
    if given.choice in NEEDS_REASON:
        return given.reason is None
    if given.choice in NEEDS_DATE:
        return given.next_on is None
    return given.choice in NEEDS_PAPERS and "step" not in request.form


def missing(given: Answer) -> str:
    """What to do, when the step was sent without it."""
    if "step" not in request.form:
        return ""
    return _("Choose a reason.") if given.choice in NEEDS_REASON else _("Type the day: month, day and year.")


def no_such_day() -> str:
    """A day or time that is none."""
    return _("There is no such day or time. Type month, day and year.")


def refused(code: RefusalCode) -> str:
    """What to do about a refusal that can be mended on the spot."""
    if code is RefusalCode.TEXT_MISSING:
        return _("Type a few words, so that we know why.")
    if code is RefusalCode.TOO_FEW_ATTEMPTS:
        return _("Please try three times on different days first. Each try counts when you tell us here.")
    return _("Type the day: month, day and year.") if code is RefusalCode.DATE_MISSING else _("Choose a reason.")


def reasons_of(pressed: Choice, possible: Collection[Choice]) -> list[tuple[str, str]]:
    """The reasons an answer asks for; after a yes, "no" is "we cannot after all"."""
    state = NEEDS_REASON.get(pressed)
    if state is None:
        return []
    if Choice.YES not in possible:
        state = ReferralState.NOT_SERVED
    return words.reasons(reasons.OF_STATE[state])


def typed() -> dict[str, str]:
    """What was typed, to stand there again."""
    return {
        name: request.form.get(name, "")[: page.MOST_TEXT] for name in ("text", "month", "day", "year", "clock", "seen")
    }
