"""Consent to text in words: why no text may go out, and what was agreed, stopped and decided before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from messaging import limits
from portal.caseload import presenters, send_words
from referrals.texting_past import What
from resources_db.vocab import SuppressionWhy, TextingLevel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from i18n.lazy import LazyText
    from messaging.limits import Use
    from referrals.prepare import Draft
    from referrals.text_timing import Timing
    from referrals.texting import Texting
    from referrals.texting_past import Line
    from resources_db.models.consents import TextingConsent

S = SuppressionWhy
STOPPED: dict[str, LazyText] = {
    S.STOP_WORD: lazy(
        "The patient stopped texts with STOP. Only START from that phone brings them back. Call instead."
    ),
    S.PROVIDER_21610: lazy("This phone said STOP to the phone company. Only START from that phone brings texts back."),
    S.PAGE: lazy("Somebody said on a page of ours: no more texts. Ask again if that has changed."),
    S.STAFF: lazy("The patient told a care team: no more texts. Ask again if that has changed."),
    S.WRONG_NUMBER: lazy("Texts to this number reached the wrong person. Check the number."),
}
BAD_NUMBER: dict[str, LazyText] = {
    "not_mobile": lazy("This number is a landline and gets no texts. Call, or ask for a cell phone number."),
    "invalid_number": lazy("This number does not exist. Call, or ask for the right one."),
    "unknown_destination": lazy("The phone company does not know this number. Ask for the right one."),
    "unreachable": lazy("This phone could not be reached, three times in a row. Call instead."),
}
HAPPENED: dict[tuple[What, str], LazyText] = {
    (What.AGREED, "spoken"): lazy("Agreed to texts, spoken"),
    (What.AGREED, "paper"): lazy("Agreed to texts, signed on paper"),
    (What.AGREED, "page"): lazy("Agreed to texts, signed on a screen"),
    (What.AGREED, "START"): lazy("Agreed to texts with START"),
    (What.TOOK_BACK, "hold"): lazy("The agreement ended: the patient wrote that texts should stop"),
    (What.TOOK_BACK, "wrong_person"): lazy("The agreement ended: the texts reached the wrong person"),
    (What.TOOK_BACK, ""): lazy("The agreement was taken back"),
    (What.STOPPED, S.STOP_WORD): lazy("STOP came from this phone"),
    (What.STOPPED, S.PROVIDER_21610): lazy("The phone company reported a STOP"),
    (What.STOPPED, S.PAGE): lazy("No more texts, said on a page of ours"),
    (What.STOPPED, S.STAFF): lazy("No more texts, told to a care team"),
    (What.STOPPED, S.WRONG_NUMBER): lazy("No more texts: the number is somebody else’s"),
    (What.STARTED, "START"): lazy("START came from this phone"),
    (What.STARTED, "consent"): lazy("A new agreement ended the stop"),
    (What.STARTED, ""): lazy("The stop ended"),
    (What.HELD, ""): lazy("Something came that may mean STOP; texts waited"),
    (What.DECIDED, "go_on"): lazy("Read by a person: texts may go on"),
    (What.DECIDED, "stop"): lazy("Read by a person: it meant STOP"),
}


REACHED: dict[str, LazyText] = {
    limits.NUMBER_A_DAY: lazy("%(name)s has had as many texts as a day allows: %(most)s."),
    limits.NUMBER_IN_30_DAYS: lazy("%(name)s has had as many texts as we promised for 30 days: %(most)s."),
    limits.USER_A_DAY: lazy("You have sent as many texts as one person may in a day: %(most)s."),
    limits.TEAM_A_DAY: lazy("Your care team has used its %(most)s text parts of today."),
    limits.ORG_A_DAY: lazy("Your organization has used its %(most)s text parts of today."),
    limits.SITE_A_DAY: lazy("All organizations here have together used the %(most)s text parts of today."),
}
NEARLY: dict[str, LazyText] = {
    limits.USER_A_DAY: lazy("You have sent %(used)s of %(most)s texts today."),
    limits.TEAM_A_DAY: lazy("Your care team has used %(used)s of %(most)s text parts today."),
    limits.ORG_A_DAY: lazy("Your organization has used %(used)s of %(most)s text parts today."),
    limits.SITE_A_DAY: lazy("All organizations here have used %(used)s of %(most)s text parts today."),
}


@dataclass(frozen=True, slots=True)
class LimitNote:
    """A limit in the way of a text, or nearly used up; `more` says what becomes of the text."""

    title: str
    more: str
    reached: bool


@dataclass(frozen=True, slots=True)
class PastRow:
    """One line of the history; `wording` are the words the patient agreed to, in their language."""

    title: str
    when: str
    more: str
    wording: str
    lang: str


def why(texting: Texting) -> str:
    """Why no text may go out, and what to do about it; empty when one may."""
    if texting.why is None:
        return ""
    more = STOPPED.get(texting.more) or BAD_NUMBER.get(texting.more)
    return str(more) if more is not None else send_words.why(texting.why)


def limit(draft: Draft, zone: str) -> LimitNote | None:
    """What staff have to know about limits before they send."""
    timing, name = draft.timing, draft.patient.first_name
    if draft.text is None:
        return None
    if timing.reached is not None:
        more = (
            _("The text would come too late, so none goes out. Call, or print the list.")
            if timing.too_late
            else _("The text waits and goes out %(when)s", when=goes_out(timing, zone))
        )
        return LimitNote(_used(REACHED, timing.reached, name), more, reached=True)
    return LimitNote(_used(NEARLY, timing.nearly, name), "", reached=False) if timing.nearly is not None else None


def goes_out(timing: Timing, zone: str) -> str:
    """When a text waits: the day and the clock time; empty when it leaves at once."""
    if not timing.quiet and timing.reached is None:
        return ""
    day = formatting.day(formatting.local(timing.leaves_at, zone).date())
    return _("%(day)s at %(time)s", day=day, time=formatting.time(timing.leaves_at, zone))


def _used(words: Mapping[str, LazyText], use: Use, name: str) -> str:
    figures = {"name": name, "used": formatting.number(use.used), "most": formatting.number(use.most)}
    return str(words[use.code]) % figures


def past(lines: Iterable[Line], zone: str) -> list[PastRow]:
    """The history as the page shows it."""
    return [_row(line, zone) for line in lines]


def _row(line: Line, zone: str) -> PastRow:
    words = HAPPENED.get((line.what, line.how)) or HAPPENED[line.what, ""]
    parts = [_("By %(name)s", name=line.by) if line.by else ""]
    agreed = line.consent if line.what is What.AGREED else None
    parts += _agreed(agreed) if agreed is not None else []
    parts += [] if line.this_number else [_("for an earlier number")]
    return PastRow(
        title=str(words),
        when=formatting.date_time(line.at, zone),
        more=" · ".join(part for part in parts if part),
        wording=agreed.wording if agreed is not None else "",
        lang=presenters.language_tag(agreed.language) if agreed is not None else "",
    )


def _agreed(consent: TextingConsent) -> list[str]:
    details = consent.level is TextingLevel.DETAILS
    return [
        presenters.language_name(consent.language),
        _("with an interpreter") if consent.interpreter else "",
        _("may name the place") if details else _("neutral words only"),
        _("wording %(version)s", version=consent.wording_version),
    ]
