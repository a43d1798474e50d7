"""Why an item about texts is on Today: what a patient wrote, what did not arrive, what was stopped."""

from __future__ import annotations

from i18n.catalog import gettext as _
from i18n.catalog import ngettext
from messaging.errors import rule_of
from portal.caseload import send_words, texting_words
from portal.caseload.why_facts import Facts, Why


def wrote(facts: Facts) -> Why:
    """The patient wrote; words of danger come first."""
    words = _quoted(facts.item.words)
    if facts.item.facts.get("danger"):
        because = _("Somebody at this number may be in danger. Call now") if facts.count("shared") else ""
        because = because or _("%(name)s may be in danger. Call now", name=facts.name)
        return Why(because, words, "warning", "stop")
    return Why(_shared(facts) or _("%(name)s wrote", name=facts.name), words, "text", "wait")


def maybe_stop(facts: Facts) -> Why:
    """Words that may mean: no more texts. A person decides."""
    because = _shared(facts) or _("%(name)s may want no more texts. Read and decide", name=facts.name)
    return Why(because, _quoted(facts.item.words), "text", "warn")


def _shared(facts: Facts) -> str:
    """When several patients have the number nobody can say who it was."""
    count = facts.count("shared")
    return ngettext("A number of %(num)s patient wrote", "A number of %(num)s patients wrote", count) if count else ""


def stopped(facts: Facts) -> Why:
    """The patient stopped texts."""
    more = _("Or it was about an appointment: the word was CANCEL.") if facts.item.facts.get("appointment") else ""
    return Why(_("%(name)s stopped texts. Call instead", name=facts.name), more, "text", "warn")


def not_delivered(facts: Facts) -> Why:
    """A text did not arrive, and why."""
    return Why(_("Text not delivered. Call instead"), _undelivered(facts), "text", "stop")


def _undelivered(facts: Facts) -> str:
    code = facts.text("why")
    if code in set(send_words.WHY):
        return send_words.why(code)
    number = texting_words.BAD_NUMBER.get(rule_of(facts.text("code")).meaning)
    return str(number) if number is not None else _("You can also print the list.")


def blocked(facts: Facts) -> Why:
    """A send that was stopped before it left."""
    code = facts.text("why")
    more = send_words.why(code) if code in set(send_words.WHY) else ""
    return Why(_("A send was stopped before it left"), more, "warning", "stop")


def _quoted(words: str) -> str:
    return _("“%(words)s”", words=words) if words else ""
