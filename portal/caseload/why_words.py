"""Why something is on the Today list, in one sentence and a second line. The codes come from `referrals`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from messaging.errors import rule_of
from portal.caseload import reason_words, send_words, texting_words
from resources_db.vocab import ReferralState, WhyCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from referrals.caseload import TodayItem

W = WhyCode


@dataclass(frozen=True, slots=True)
class Why:
    """The sentence, the line below it, and the drawing that stands before the row."""

    because: str
    more: str = ""
    icon: str = "ring-dots"
    family: str = "calm"


def words(item: TodayItem, *, now: dt.datetime, zone: str) -> Why:
    """Why this item needs somebody, in the reader's language."""
    return WORDS[item.why](_Facts(item, now, zone))


@dataclass(frozen=True, slots=True)
class _Facts:
    """The facts of an item, read safely: a missing one is an empty word, never an error on the list."""

    item: TodayItem
    now: dt.datetime
    zone: str

    def text(self, name: str) -> str:
        value = self.item.facts.get(name)
        return value if isinstance(value, str) else ""

    def count(self, name: str) -> int:
        value = self.item.facts.get(name)
        return value if isinstance(value, int) else 0

    def day(self, name: str) -> dt.date | None:
        try:
            return dt.date.fromisoformat(self.text(name)[:10])
        except ValueError:
            return None

    @property
    def agency(self) -> str:
        return self.text("agency")

    @property
    def name(self) -> str:
        return self.item.first_name


def _full(facts: _Facts) -> Why:
    until = facts.day("until")
    if facts.text("state") == ReferralState.WAITLISTED:
        more = _("Expected %(date)s.", date=formatting.short_date(until)) if until else ""
        return Why(_("On a waitlist: %(agency)s", agency=facts.agency), more, "ring-bars", "warn")
    more = _("No room until %(date)s.", date=formatting.short_date(until)) if until else _("Find the next best place.")
    return Why(_("Agency said full: %(agency)s", agency=facts.agency), more, "ring-bar", "stop")


def _said_no(facts: _Facts) -> Why:
    reason = reason_words.agency(facts.text("reason"))
    return Why(_("Agency said no: %(agency)s", agency=facts.agency), _sentence(reason), "ring-bar", "stop")


def _not_served(facts: _Facts) -> Why:
    reason = reason_words.agency(facts.text("reason"))
    return Why(_("%(agency)s could not help", agency=facts.agency), _sentence(reason), "ring-cross", "stop")


def _no_reply(facts: _Facts) -> Why:
    because = ngettext(
        "No reply from %(agency)s in %(num)s day",
        "No reply from %(agency)s in %(num)s days",
        facts.count("days"),
        agency=facts.agency,
    )
    return Why(because, _("Call them, or send somewhere else."), "ring-broken")


def _disagree(facts: _Facts) -> Why:
    said = reason_words.word(facts.text("patient_word"))
    more = _("%(name)s: “%(words)s”", name=facts.name, words=said) if said else ""
    because = _("%(agency)s says served, %(name)s says no", agency=facts.agency, name=facts.name)
    return Why(because, more, "ring-question", "warn")


def _could_not(facts: _Facts) -> Why:
    reason = reason_words.patient(facts.text("patient_reason"))
    because = (
        _("%(name)s could not get help: %(reason)s", name=facts.name, reason=reason)
        if reason
        else _("%(name)s has not got help yet", name=facts.name)
    )
    return Why(because, facts.agency, "ring-cross", "warn")


def _at_risk(facts: _Facts) -> Why:
    day = facts.day("on")
    days = (day - formatting.local(facts.now, facts.zone).date()).days if day else 0
    because = ngettext("Help must come within %(num)s day", "Help must come within %(num)s days", max(days, 0))
    more = _("The date is %(date)s.", date=formatting.day(day)) if day else ""
    return Why(because, more, "clock", "warn")


def _wrote(facts: _Facts) -> Why:
    words = _quoted(facts.item.words)
    if facts.item.facts.get("danger"):
        because = _("Somebody at this number may be in danger. Call now") if facts.count("shared") else ""
        because = because or _("%(name)s may be in danger. Call now", name=facts.name)
        return Why(because, words, "warning", "stop")
    return Why(_shared(facts) or _("%(name)s wrote", name=facts.name), words, "text", "wait")


def _maybe_stop(facts: _Facts) -> Why:
    because = _shared(facts) or _("%(name)s may want no more texts. Read and decide", name=facts.name)
    return Why(because, _quoted(facts.item.words), "text", "warn")


def _shared(facts: _Facts) -> str:
    """When several patients have the number nobody can say who it was."""
    count = facts.count("shared")
    return ngettext("A number of %(num)s patient wrote", "A number of %(num)s patients wrote", count) if count else ""


def _stopped(facts: _Facts) -> Why:
    more = _("Or it was about an appointment: the word was CANCEL.") if facts.item.facts.get("appointment") else ""
    return Why(_("%(name)s stopped texts. Call instead", name=facts.name), more, "text", "warn")


def _not_delivered(facts: _Facts) -> Why:
    return Why(_("Text not delivered. Call instead"), _undelivered(facts), "text", "stop")


def _undelivered(facts: _Facts) -> str:
    code = facts.text("why")
    if code in set(send_words.WHY):
        return send_words.why(code)
    number = texting_words.BAD_NUMBER.get(rule_of(facts.text("code")).meaning)
    return str(number) if number is not None else _("You can also print the list.")


def _blocked(facts: _Facts) -> Why:
    code = facts.text("why")
    more = send_words.why(code) if code in set(send_words.WHY) else ""
    return Why(_("A send was stopped before it left"), more, "warning", "stop")


def _consent_ends(facts: _Facts) -> Why:
    ends = facts.day("on")
    more = _("It ends %(date)s.", date=formatting.short_date(ends)) if ends else ""
    return Why(_("The agreement to share ends soon"), more, "lock")


def _late(facts: _Facts) -> Why:
    return Why(_("%(agency)s answered late. Read it", agency=facts.agency), "", "ring-question", "warn")


def _opened(facts: _Facts) -> Why:
    others = facts.count("count") - 1
    more = ngettext("And %(num)s more place.", "And %(num)s more places.", others) if others > 0 else ""
    return Why(_("Has room now: %(agency)s", agency=facts.agency), more, "ring-filled-half", "good")


def _at(
    sentence: Callable[[_Facts], str], more: str = "", icon: str = "ring-dots", family: str = "calm"
) -> Callable[[_Facts], Why]:
    return lambda facts: Why(sentence(facts), str(more), icon, family)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def _quoted(words: str) -> str:
    return _("“%(words)s”", words=words) if words else ""


WORDS: dict[WhyCode, Callable[[_Facts], Why]] = {
    W.NO_REPLY: _no_reply,
    W.AGENCY_FULL: _full,
    W.AGENCY_SAID_NO: _said_no,
    W.NOT_SERVED: _not_served,
    W.NO_RESPONSE: _at(
        lambda f: _("No answer from %(agency)s. The referral ended", agency=f.agency), "", "ring-broken"
    ),
    W.PATIENT_COULD_NOT: _could_not,
    W.PATIENT_OTHER_HELP: _at(lambda f: _("%(name)s asked for other help", name=f.name), "", "search", "wait"),
    W.PATIENT_WANTS_CALL: _at(lambda f: _("%(name)s wants a call", name=f.name), "", "phone", "wait"),
    W.PATIENT_WROTE: _wrote,
    W.PATIENT_NOT_NEEDED: _at(lambda f: _("%(name)s does not need it any more", name=f.name), "", "ring-cross"),
    W.PATIENT_FOUND_IT: _at(lambda f: _("%(name)s found help elsewhere", name=f.name), "", "ring-check", "good"),
    W.DISAGREEMENT: _disagree,
    W.PARTLY_SERVED: _at(lambda _f: _("Got part of it. What is left?"), "", "ring-filled-half", "warn"),
    W.NEEDS_PAPERS: _at(lambda f: _("%(agency)s needs papers", agency=f.agency), "", "pen", "warn"),
    W.HOME_FROM_HOSPITAL: _at(lambda _f: _("Home from hospital, not reached yet"), "", "home"),
    W.DATE_AT_RISK: _at_risk,
    W.TEXT_NOT_DELIVERED: _not_delivered,
    W.STOPPED_TEXTS: _stopped,
    W.MAY_WANT_STOP: _maybe_stop,
    W.WRONG_PERSON: _at(lambda _f: _("The text reached the wrong person. Check the number"), "", "warning", "stop"),
    W.NO_ANSWER_TWICE: _at(lambda f: _("No answer to two questions. Call %(name)s", name=f.name), "", "phone"),
    W.WAITLIST_30_DAYS: _at(lambda _f: _("On a waitlist for 30 days: still on the list?"), "", "ring-bars", "warn"),
    W.LINK_LOCKED: _at(lambda f: _("Too many wrong codes at %(agency)s", agency=f.agency), "", "lock", "warn"),
    W.CONSENT_ENDS: _consent_ends,
    W.SEND_BLOCKED: _blocked,
    W.UNSENT_DRAFT: _at(lambda _f: _("A send was taken back and not sent again"), "", "ring-dots"),
    W.AGENCY_QUESTION: _at(lambda f: _("%(agency)s has a question", agency=f.agency), "", "text", "wait"),
    W.LATE_ANSWER: _late,
    W.NOTICE_NOT_CONFIRMED: _at(
        lambda f: _("%(agency)s cannot be reached by text or mail. Call them", agency=f.agency), "", "phone", "warn"
    ),
    W.NO_NEXT_STEP: _at(lambda f: _("No news from %(agency)s since they said yes", agency=f.agency), "", "ring-broken"),
    W.PLACE_OPENED: _opened,
    W.MANUAL: _at(lambda f: f.item.words or _("A reminder"), "", "pen"),
}
"""One entry for every code; a test holds the two lists together."""
