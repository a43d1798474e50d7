"""Why something is on the Today list, in one sentence and a second line. The codes come from `referrals`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from i18n.catalog import ngettext
from portal import need_words
from portal.caseload import reason_words, why_text_words
from portal.caseload.why_facts import Facts, Why
from resources_db.vocab import ReferralState, WhyCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from i18n.lazy import LazyText
    from portal.caseload.why_facts import Told

W = WhyCode


def words(item: Told, *, now: dt.datetime, zone: str) -> Why:
    """Why this item needs somebody, in the reader's language."""
    return WORDS[item.why](Facts(item, now, zone))


def _full(facts: Facts) -> Why:
    until = facts.day("until")
    if facts.text("state") == ReferralState.WAITLISTED:
        more = _("Expected %(date)s.", date=formatting.short_date(until)) if until else ""
        return Why(_("On a waitlist: %(agency)s", agency=facts.agency), more, "ring-bars", "warn")
    more = _("No room until %(date)s.", date=formatting.short_date(until)) if until else _("Find the next best place.")
    return Why(_("Agency said full: %(agency)s", agency=facts.agency), more, "ring-bar", "stop")


def _said_no(facts: Facts) -> Why:
    reason = reason_words.agency(facts.text("reason"))
    return Why(_("Agency said no: %(agency)s", agency=facts.agency), _sentence(reason), "ring-bar", "stop")


def _not_served(facts: Facts) -> Why:
    reason = reason_words.agency(facts.text("reason"))
    return Why(_("%(agency)s could not help", agency=facts.agency), _sentence(reason), "ring-cross", "stop")


def _no_reply(facts: Facts) -> Why:
    because = ngettext(
        "No reply from %(agency)s in %(num)s day",
        "No reply from %(agency)s in %(num)s days",
        facts.count("days"),
        agency=facts.agency,
    )
    return Why(because, _("Call them, or send somewhere else."), "ring-broken")


def _disagree(facts: Facts) -> Why:
    said = reason_words.word(facts.text("patient_word"))
    more = _("%(name)s: “%(words)s”", name=facts.name, words=said) if said else ""
    because = _("%(agency)s says served, %(name)s says no", agency=facts.agency, name=facts.name)
    return Why(because, more, "ring-question", "warn")


def _could_not(facts: Facts) -> Why:
    reason = reason_words.patient(facts.text("patient_reason"))
    because = (
        _("%(name)s could not get help: %(reason)s", name=facts.name, reason=reason)
        if reason
        else _("%(name)s has not got help yet", name=facts.name)
    )
    return Why(because, facts.agency, "ring-cross", "warn")


def _home(facts: Facts) -> Why:
    tried = facts.count("tried")
    # Two tries on two days are what the rule of transitional care asks for; a talk ends them.
    more = _("Tried on %(tried)s of %(days)s days.", tried=tried, days=facts.count("days")) if tried else ""
    return Why(_("Home from hospital, not reached yet"), more, "home")


def _at_risk(facts: Facts) -> Why:
    day = facts.day("on")
    days = (day - formatting.local(facts.now, facts.zone).date()).days if day else 0
    because = ngettext("Help must come within %(num)s day", "Help must come within %(num)s days", max(days, 0))
    more = _("The date is %(date)s.", date=formatting.day(day)) if day else ""
    return Why(because, more, "clock", "warn")


def _consent_ends(facts: Facts) -> Why:
    ends = facts.day("on")
    more = _("It ends %(date)s.", date=formatting.short_date(ends)) if ends else ""
    return Why(_("The agreement to share ends soon"), more, "lock")


def _late(facts: Facts) -> Why:
    return Why(_("%(agency)s answered late. Read it", agency=facts.agency), "", "ring-question", "warn")


def _opened(facts: Facts) -> Why:
    others = facts.count("count") - 1
    more = ngettext("And %(num)s more place.", "And %(num)s more places.", others) if others > 0 else ""
    return Why(_("Has room now: %(agency)s", agency=facts.agency), more, "ring-filled-half", "good")


def _waitlist_others(facts: Facts) -> Why:
    because = _("On a waitlist: %(agency)s", agency=facts.agency)
    return Why(because, _("Other places may have room now."), "ring-bars", "warn")


def _no_place(facts: Facts) -> Why:
    need = need_words.need(facts.text("subneed") or facts.item.subneed)
    return Why(_("No place was found: %(need)s", need=need), _("Look further away, or call 211."), "search", "warn")


def _screening(facts: Facts) -> Why:
    day = facts.day("on")
    more = _("Answered %(date)s.", date=formatting.short_date(day)) if day else ""
    if facts.item.facts.get("danger"):
        return Why(_("%(name)s wants to talk alone. Call when it is safe", name=facts.name), more, "warning", "stop")
    return Why(_("%(name)s answered the questions. Read the answers", name=facts.name), more, "pen", "wait")


def _contact_due(facts: Facts) -> Why:
    days = facts.count("days")
    if not days:
        return Why(_("Time to check in with %(name)s", name=facts.name), icon="phone")
    because = ngettext(
        "No contact with %(name)s in %(num)s day", "No contact with %(name)s in %(num)s days", days, name=facts.name
    )
    return Why(because, _("Call, or send a text."), "phone")


def _handed_over(facts: Facts) -> Why:
    giver, others = facts.text("from"), facts.count("count") - 1
    because = (
        _("%(staff)s handed %(name)s over to you", staff=giver, name=facts.name)
        if giver
        else _("%(name)s is yours now", name=facts.name)
    )
    if giver and others > 0:
        because = ngettext(
            "%(staff)s handed %(name)s and %(num)s other patient over to you",
            "%(staff)s handed %(name)s and %(num)s other patients over to you",
            others,
            staff=giver,
            name=facts.name,
        )
    return Why(because, facts.item.words or _("Read the record and say hello."), "person", "wait")


def _goal_due(facts: Facts) -> Why:
    day = facts.day("on")
    more = _("The date is %(date)s.", date=formatting.day(day)) if day else ""
    return Why(_("A goal of %(name)s has reached its day", name=facts.name), more, "calendar")


def _self_referred(facts: Facts) -> Why:
    more = facts.agency or (need_words.need(facts.text("subneed")) if facts.text("subneed") else "")
    return Why(_("%(name)s asked for help on the public page", name=facts.name), more, "text", "wait")


def _at(
    sentence: Callable[[Facts], str], more: str | LazyText = "", icon: str = "ring-dots", family: str = "calm"
) -> Callable[[Facts], Why]:
    return lambda facts: Why(sentence(facts), str(more), icon, family)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""


WORDS: dict[WhyCode, Callable[[Facts], Why]] = {
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
    W.PATIENT_WROTE: why_text_words.wrote,
    W.PATIENT_NOT_NEEDED: _at(lambda f: _("%(name)s does not need it any more", name=f.name), "", "ring-cross"),
    W.PATIENT_FOUND_IT: _at(lambda f: _("%(name)s found help elsewhere", name=f.name), "", "ring-check", "good"),
    W.DISAGREEMENT: _disagree,
    W.PARTLY_SERVED: _at(lambda _f: _("Got part of it. What is left?"), "", "ring-filled-half", "warn"),
    W.NEEDS_PAPERS: _at(lambda f: _("%(agency)s needs papers", agency=f.agency), "", "pen", "warn"),
    W.HOME_FROM_HOSPITAL: _home,
    W.DATE_AT_RISK: _at_risk,
    W.TEXT_NOT_DELIVERED: why_text_words.not_delivered,
    W.STOPPED_TEXTS: why_text_words.stopped,
    W.MAY_WANT_STOP: why_text_words.maybe_stop,
    W.WRONG_PERSON: _at(lambda _f: _("The text reached the wrong person. Check the number"), "", "warning", "stop"),
    W.NO_ANSWER_TWICE: _at(lambda f: _("No answer to two questions. Call %(name)s", name=f.name), "", "phone"),
    W.WAITLIST_30_DAYS: _at(lambda _f: _("On a waitlist for 30 days: still on the list?"), "", "ring-bars", "warn"),
    W.LINK_LOCKED: _at(lambda f: _("Too many wrong codes at %(agency)s", agency=f.agency), "", "lock", "warn"),
    W.CONSENT_ENDS: _consent_ends,
    W.SEND_BLOCKED: why_text_words.blocked,
    W.UNSENT_DRAFT: _at(lambda _f: _("A send was taken back and not sent again"), "", "ring-dots"),
    W.AGENCY_QUESTION: _at(lambda f: _("%(agency)s has a question", agency=f.agency), "", "text", "wait"),
    W.LATE_ANSWER: _late,
    W.NOTICE_NOT_CONFIRMED: _at(
        lambda f: _("%(agency)s cannot be reached by text or mail. Call them", agency=f.agency), "", "phone", "warn"
    ),
    W.NO_NEXT_STEP: _at(lambda f: _("No news from %(agency)s since they said yes", agency=f.agency), "", "ring-broken"),
    W.PLACE_OPENED: _opened,
    W.WAITLIST_OTHERS: _waitlist_others,
    W.NO_PLACE: _no_place,
    W.WRONG_PATIENT: _at(
        lambda _f: _("A referral went out for the wrong patient"),
        lazy("Its link is closed. Tell your privacy officer."),
        "warning",
        "stop",
    ),
    W.SCREENING_WAITS: _screening,
    W.CONTACT_DUE: _contact_due,
    W.HANDED_OVER: _handed_over,
    W.GOAL_DUE: _goal_due,
    W.NEED_UNSURE: _at(
        lambda f: _("Nobody knows if %(name)s got the help", name=f.name),
        lazy("Our questions got no answer. Ask when you talk."),
        "ring-question",
    ),
    W.SELF_REFERRED: _self_referred,
    W.MANUAL: _at(lambda f: f.item.words or _("A reminder"), "", "pen"),
}
"""One entry for every code; a test holds the two lists together."""
