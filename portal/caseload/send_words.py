"""The words of the send page: why something cannot be sent, what agencies will see, what was sent before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for

from i18n import formatting
from i18n.catalog import lazy_gettext as lazy
from portal.caseload import presenters
from referrals.disclosure import Field
from referrals.duplicates import Duplicate, GoOn, usual_reason
from referrals.errors import Why
from referrals.people import Household

if TYPE_CHECKING:
    import datetime as dt

    from i18n.lazy import LazyText
    from referrals.disclosure import PersonView
    from referrals.duplicates import Warned
    from referrals.prepare import Draft

WHY: dict[Why, LazyText] = {
    Why.NO_PLACES: lazy("No place is chosen. Go back and choose one."),
    Why.UNKNOWN_LISTING: lazy("This place is no longer in the directory."),
    Why.NO_NEED: lazy("We do not know yet which need this place answers. Its listing has to say it first."),
    Why.NO_CONSENT: lazy("The patient has not agreed yet to share with this kind of service."),
    Why.ALREADY_OPEN: lazy("A referral to this place for the same need is already open."),
    Why.CHOSEN_TWICE: lazy("This is the same service at another place. Keep the one that is easier to reach."),
    Why.DIRECTORY_ONLY: lazy("For safety nothing about a person is sent here. Give the phone number by voice."),
    Why.PART2_CONSENT: lazy("This program needs a signed consent that names it (42 CFR Part 2)."),
    Why.PATIENT_CLOSED: lazy("This patient's record is closed."),
    Why.CONTACT_PROHIBITED: lazy("Nobody may contact this person now: it is not safe."),
    Why.FIELD_NOT_ALLOWED: lazy("One of the facts may not be shared for this need."),
    Why.NO_PHONE: lazy("No cell phone number is written down."),
    Why.NEVER_TEXT: lazy("The contact rules say: never text."),
    Why.NO_TEXTING_CONSENT: lazy("The patient has not agreed to texts."),
    Why.STOPPED: lazy("The patient stopped texts with STOP."),
    Why.ON_HOLD: lazy("The patient wrote something that may mean STOP. Read it first."),
    Why.SAFE_ONLY: lazy("For this need texts go to a safe number only."),
    Why.NUMBER_BAD: lazy("Texts do not reach this number."),
}
FIELDS: dict[Field, LazyText] = {
    Field.FIRST_NAME: lazy("First name"),
    Field.LAST_NAME: lazy("Last name"),
    Field.BIRTH_DATE: lazy("Date of birth"),
    Field.PHONE: lazy("Phone"),
    Field.LANGUAGE: lazy("Language"),
    Field.HOUSEHOLD: lazy("Household"),
    Field.STREET: lazy("Street"),
    Field.ZIP: lazy("ZIP"),
}
WARNINGS: dict[Duplicate, LazyText] = {
    Duplicate.ALREADY_THERE: lazy("Already getting help or waiting at %(agency)s."),
    Duplicate.SAID_DUPLICATE: lazy("%(agency)s said before that this is a duplicate."),
    Duplicate.OTHER_TEAM: lazy("Another team is already helping with this need."),
    Duplicate.OTHER_PERSON: lazy("%(name)s is already helping with this need: %(agency)s, sent %(date)s."),
    Duplicate.SAME_SERVICE: lazy("Already referred to %(agency)s on %(date)s."),
    Duplicate.SAME_NEED: lazy("One more referral for this need is open: %(agency)s, sent %(date)s."),
}
BY_OTHERS = lazy("Already referred to %(agency)s on %(date)s by %(name)s.")
GOES_ON: dict[GoOn, LazyText] = {
    GoOn.TWO_TRIES: lazy("Try two places at once"),
    GoOn.CHANGED: lazy("Something has changed since"),
    GoOn.OTHER_HELP: lazy("It is different help"),
    GoOn.ASKED_FOR: lazy("The patient asks for it"),
    GoOn.TALKED: lazy("We talked with each other"),
}
"""Why somebody sends although they were warned."""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact that would leave the house."""

    field: str
    label: str
    value: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """One earlier referral, with the way to look at it."""

    words: str
    href: str
    join: str = ""
    """Where joining a colleague's open referral is pressed; empty for one's own and for what has ended."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The reasons for going on, and the one that stands chosen."""

    offered: tuple[tuple[str, str], ...]
    chosen: str


def facts(draft: Draft, ticked: frozenset[str] | None) -> list[FactRow]:
    """Every fact that one of the places may see, as the patient's record has it."""
    rows: dict[Field, FactRow] = {}
    for place in draft.places:
        for field in place.fields:
            chosen = ticked is None or field.value in ticked
            rows[field] = FactRow(field.value, str(FIELDS[field]), value(place.person, field), chosen)
    return [rows[field] for field in Field if field in rows]


def value(person: PersonView, field: Field) -> str:
    """One shared fact in words."""
    raw = getattr(person, field.value)
    if isinstance(raw, Household):
        return presenters.household_words(raw)
    if field is Field.PHONE and raw:
        return formatting.phone(raw)
    if field is Field.LANGUAGE and raw:
        return presenters.language_name(raw)
    return str(raw or "")


def warnings(warned: tuple[Warned, ...], zone: str) -> list[Earlier]:
    """What was sent before, in words."""
    return [_earlier(one, zone) for one in warned]


def _earlier(one: Warned, zone: str) -> Earlier:
    words = BY_OTHERS if one.kind is Duplicate.SAME_SERVICE and one.sent_by and not one.by_me else WARNINGS[one.kind]
    facts = {"agency": one.agency, "date": _day(one.sent_at, zone), "name": one.sent_by}
    if one.referral_id is None:
        return Earlier(str(words) % facts, "")
    return Earlier(
        words=str(words) % facts,
        href=url_for("caseload.referral", referral_id=one.referral_id),
        join=url_for("caseload.join", referral_id=one.referral_id) if one.is_open and not one.by_me else "",
    )


def go_on(warned: tuple[Warned, ...], asked: GoOn | None) -> Choices | None:
    """The choice of a reason for sending all the same; None where nothing was warned of."""
    usual = usual_reason(warned)
    if usual is None:
        return None
    return Choices(tuple((code.value, str(label)) for code, label in GOES_ON.items()), (asked or usual).value)


def why(code: Why | str) -> str:
    """The sentence of a reason."""
    return str(WHY[Why(code)])


def sent_to(name: str, agencies: list[str]) -> str:
    """Whom a send goes to: the patient and the agencies."""
    return formatting.list_of([name, *agencies])


def _day(moment: dt.datetime | None, zone: str) -> str:
    return formatting.short_date(formatting.local(moment, zone).date()) if moment else ""
