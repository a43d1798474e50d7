"""Texts in the words of staff: what an answer meant, why a text did not arrive, what is planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from i18n.catalog import lazy_gettext as _
from messaging.opt_out import Kind
from resources_db.vocab import Purpose, TaskKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from i18n.lazy import LazyText

FAILED: Mapping[str, LazyText] = {
    "30003": _("the phone is off or out of reach"),
    "30004": _("the phone company blocked it"),
    "30005": _("the number does not exist"),
    "30006": _("a landline"),
    "30007": _("the phone company held it back"),
    "30008": _("the phone company does not say why"),
    "21211": _("not a phone number"),
    "21610": _("the person sent STOP"),
    "21614": _("not a cell phone"),
    "21635": _("a landline"),
}
"""Why a text did not arrive, by the provider's code; a code nobody knows says nothing."""
READ_AS: Mapping[str, LazyText] = {
    Kind.STOP.value: _("Stopped all texts"),
    Kind.START.value: _("Wants texts again"),
    Kind.HELP.value: _("Asked for help"),
    Kind.HOLD.value: _("May want no more texts"),
}
ABOUT: Mapping[str, LazyText] = {
    Purpose.WELCOME: _("Welcome"),
    Purpose.REFERRAL: _("The places"),
    Purpose.DETAILS: _("The place"),
    Purpose.REMINDER: _("The places again"),
    Purpose.APPOINTMENT: _("Visit"),
    Purpose.SAID_YES: _("A place said yes"),
    Purpose.NEWS: _("News"),
    Purpose.SCREENING: _("Questions about needs"),
    Purpose.NUDGE: _("Question: did help come?"),
    Purpose.SOLVED: _("Question: is it solved?"),
    Purpose.STAFF_TEXT: _("Written by the team"),
    Purpose.STAFF_REPLY: _("Written by the team"),
}
"""What a text of ours was for; answers that go by themselves need no word."""
PLANNED: Mapping[TaskKind, LazyText] = {
    TaskKind.ASK_DAY_3: _("Ask: did help come?"),
    TaskKind.ASK_DAY_10: _("Ask again: did help come?"),
    TaskKind.ASK_DAY_30: _("Ask: is it solved?"),
    TaskKind.CHECK_IN: _("Check in: did help come?"),
    TaskKind.APPOINTMENT_REMINDER: _("Remind of the visit"),
    TaskKind.APPOINTMENT_CHECK: _("Ask: did the visit happen?"),
    TaskKind.TELL_PATIENT: _("Tell that a place answered"),
}
SHIPPED: Mapping[str, LazyText] = {
    "call_me": _("Please call me"),
    "missed_you": _("I called and missed you"),
    "how_did_it_go": _("How did it go?"),
    "on_it": _("Still working on it"),
    "bring_papers": _("Bring your papers"),
}


def failed(code: str | None) -> str:
    """Why a text did not arrive."""
    words = FAILED.get(code or "")
    return str(words) if words is not None else ""


def about(purpose: str) -> str:
    """What a text of ours was for."""
    words = ABOUT.get(purpose)
    return str(words) if words is not None else ""


def read_as(kind: str) -> str:
    """How a text that came in was understood, where that is more than words for a person."""
    words = READ_AS.get(kind)
    return str(words) if words is not None else ""
