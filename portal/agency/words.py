"""The words of the agency's page: answers, reasons, what comes next, what of a person is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from i18n import formatting, locales
from i18n.catalog import current_language, ngettext
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext as lazy
from referrals.agency_choices import FIRST, Choice
from resources_db.vocab import CapacityState, Reason, ReferralState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from i18n.lazy import LazyText
    from referrals.agency import ReceiverView
    from referrals.disclosure import PersonView
    from referrals.people import Household

S = ReferralState
LATER: Final = (
    Choice.NEXT_STEP,
    Choice.SCHEDULED,
    Choice.STARTED,
    Choice.HELPED,
    Choice.PARTLY,
    Choice.NEEDS_DOCUMENTS,
    Choice.COULD_NOT_REACH,
    Choice.MISSED,
    Choice.WAITLIST,
    Choice.CANNOT,
)
"""The answers after a yes, in the order in which they usually come."""
HAD_A_DATE: Final = frozenset({S.SCHEDULED, S.RECEIVING})

# Translators: why an agency cannot help; each is a button.
REASONS: Final[dict[Reason, LazyText]] = {
    Reason.NO_CAPACITY: lazy("We are full"),
    Reason.WAITLIST_ONLY: lazy("We only have a waitlist"),
    Reason.NOT_ELIGIBLE: lazy("The person does not fit our rules"),
    Reason.OUT_OF_AREA: lazy("They live outside our area"),
    Reason.SERVICE_NOT_OFFERED: lazy("We do not offer this"),
    Reason.PROGRAM_CLOSED: lazy("The program is closed"),
    Reason.FUNDING_EXHAUSTED: lazy("We are out of funds or food"),
    Reason.LANGUAGE_UNAVAILABLE: lazy("Nobody here speaks the language"),
    Reason.NEEDS_MORE_INFORMATION: lazy("We need to know more first"),
    Reason.DUPLICATE: lazy("We have this person already"),
    Reason.SAFETY: lazy("It would not be safe"),
    Reason.COULD_NOT_REACH: lazy("We could not reach the person"),
    Reason.NO_SHOW: lazy("The person did not come"),
    Reason.CLIENT_DECLINED_HELP: lazy("The person did not want it"),
    Reason.FOUND_INELIGIBLE: lazy("The person does not fit our rules"),
    Reason.DOCUMENTS_MISSING: lazy("Papers are missing"),
    Reason.CLIENT_MOVED: lazy("The person moved away"),
    Reason.DIED: lazy("The person died"),
}
ROOM: Final[dict[CapacityState, tuple[str, str, LazyText]]] = {
    CapacityState.OPEN: ("good", "ring-plus", lazy("Yes, we have room")),
    CapacityState.WAITLIST: ("warn", "ring-bars", lazy("There is a wait")),
    CapacityState.FULL: ("stop", "ring-bar", lazy("We are full until a date")),
    CapacityState.OUT_OF_FUNDS: ("calm", "ring-cross", lazy("Out of funds or food")),
}
AFTER: Final[dict[ReferralState, LazyText]] = {
    S.ACCEPTED: lazy("Please call within 3 work days. You can tell us here how it went."),
    S.WAITLISTED: lazy("We will look for another place too, and ask you again in 30 days."),
    S.DECLINED: lazy("That helps: we look for another place now."),
    S.NOT_SERVED: lazy("That helps: we look for another place now."),
    S.SERVED: lazy("We will ask the person how it went."),
    S.PARTLY_SERVED: lazy("We will look for the rest of the help."),
    S.CONTACTING: lazy("We will try from our side too."),
    S.SCHEDULED: lazy("We will ask you the day after how it went."),
    S.MISSED: lazy("We will talk to the person about a new date."),
    S.NEEDS_CLIENT: lazy("We will help the person to get the papers."),
    S.RECEIVING: lazy("We will ask for news in 30 days."),
}
"""What happens next, said after an answer."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One large answer: what is sent, its drawing, its words, what comes of it."""

    value: str
    drawing: str
    family: str
    label: str
    small: str = ""
    main: bool = False


def heading(view: ReceiverView) -> str:
    """The question of the page."""
    name = first_name(view)
    if view.state in {S.SENT, S.SEEN, S.NO_RESPONSE}:
        return _("Can you help %(name)s?", name=name) if name else _("Can you help this person?")
    if view.person is None:
        return _("Referral %(ref)s", ref=view.ref)
    return _("How is it going with %(name)s?", name=name) if name else _("How is it going?")


def title(view: ReceiverView) -> str:
    """The heading up to the name: titles stay in the history of shared computers."""
    name = first_name(view)
    return heading(view).partition(name)[0].rstrip() if name else heading(view)


def first_name(view: ReceiverView) -> str:
    """The first name, where it may be shown."""
    return (view.person.first_name or "") if view.person else ""


def answers(view: ReceiverView) -> list[AnswerRow]:
    """The answers that can be pressed now."""
    name = first_name(view) or _("the person")
    first = Choice.YES in view.choices
    rows = {
        Choice.YES: AnswerRow("yes", "ring-three", "", _("Yes, we can"), _("You will call in 3 work days"), main=True),
        Choice.WAITLIST: AnswerRow("waitlist", "ring-bars", "warn", _("Waitlist"), _("You can tell us a date next")),
        Choice.NO: AnswerRow("no", "ring-bar", "stop", _("No, we cannot"), _("One tap for the reason, next")),
        Choice.HELPED: AnswerRow(
            "helped",
            "ring-check",
            "good",
            _("Helped already") if first else _("Helped"),
            _("%(name)s got the help", name=name),
        ),
        Choice.COULD_NOT_REACH: AnswerRow(
            "could_not_reach",
            "ring-broken",
            "calm",
            _("Could not reach %(name)s", name=name),
            _("We will try from our side"),
        ),
        Choice.SCHEDULED: AnswerRow("scheduled", "ring-date", "", _("We set a date"), _("You tell us the day next")),
        Choice.NEXT_STEP: AnswerRow(
            "next_step", "phone", "", _("We call on another day"), _("You tell us the day next")
        ),
        Choice.MISSED: AnswerRow("missed", "ring-cross", "warn", _("%(name)s did not come", name=name)),
        Choice.NEEDS_DOCUMENTS: AnswerRow("needs_documents", "pen", "warn", _("We need papers first")),
        Choice.STARTED: AnswerRow("started", "ring-nearly", "good", _("The help has started")),
        Choice.PARTLY: AnswerRow("partly", "ring-filled-half", "good", _("Helped with a part of it")),
        Choice.CANNOT: AnswerRow(
            "cannot", "ring-bar", "stop", _("We cannot after all"), _("One tap for the reason, next")
        ),
    }
    offered = set(view.choices) - (set() if view.state in HAD_A_DATE else {Choice.MISSED})
    return [rows[choice] for choice in (FIRST if first else LATER) if choice in offered]


def before_code() -> list[AnswerRow]:
    """The answers that need nothing of the person, for a full pantry that has no time for codes."""
    return [
        AnswerRow("waitlist", "ring-bars", "warn", _("Waitlist"), _("You can tell us a date next")),
        AnswerRow("no", "ring-bar", "stop", _("No, we cannot"), _("One tap for the reason, next")),
    ]


def reasons(codes: Iterable[Reason]) -> list[tuple[str, str]]:
    """The reasons offered as buttons; "other" has a field of its own."""
    return [(code.value, str(REASONS[code])) for code in codes if code in REASONS]


def after(state: ReferralState) -> str:
    """What happens next."""
    words = AFTER.get(state)
    return str(words) if words is not None else ""


def person_rows(person: PersonView, note: str) -> list[tuple[str, str, str]]:
    """The shared facts that are known: label, words, and "phone" where the number can be dialled."""
    rows = [
        (_("First name"), person.first_name, "name"),
        (_("Last name"), person.last_name, "name"),
        (_("Date of birth"), person.birth_date, ""),
        (_("Phone"), person.phone, "phone"),
        (_("Speaks"), language(person.language) if person.language else None, ""),
        (_("Household"), household(person.household), ""),
        (_("Street"), person.street, ""),
        (_("ZIP"), person.zip, ""),
        (_("Note"), note, ""),
    ]
    return [(label, value, kind) for label, value, kind in rows if value]


def household(home: Household | None) -> str:
    """Who lives there: "2 adults, 3 kids"."""
    if home is None:
        return ""
    adults = ngettext("%(num)s adult", "%(num)s adults", home.adults) if home.adults else ""
    kids = ngettext("%(num)s kid", "%(num)s kids", home.children) if home.children else ""
    return ", ".join(part for part in (adults, kids) if part)


def language(code: str) -> str:
    """A language by the name the reader knows it by, or its own."""
    found = locales.get(code)
    return found.english_name if current_language().code == "en" else found.name


def contact_hint(way: str, to: str) -> str:
    """Where a code went, so far that its owner knows it and nobody else learns it."""
    if way == "sms":
        return _("the phone that ends in %(digits)s", digits=to[-2:])
    name, _at, house = to.partition("@")
    return _("the mail address %(address)s", address=f"{name[:1]}…@{house}")


def who_said(side: str, care_team: str, agency: str) -> str:
    """Whose word changed the referral, for the one who came second."""
    return {"agency": agency, "navigator": care_team, "clock": _("the clock"), "system": care_team}.get(side, side)


def day(view: ReceiverView, zone: str) -> str:
    """The day the referral was sent, written out."""
    return day_of(view.sent_at, zone)


def day_of(moment: datetime | None, zone: str) -> str:
    """A moment's day, written out."""
    return formatting.long_day(formatting.local(moment, zone).date()) if moment else ""
