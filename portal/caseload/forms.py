"""Forms of the care team's pages: they read what was typed and check its shape; use cases check its meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from wtforms import (
    BooleanField,
    Form,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
    validators,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from i18n import locales
from i18n.catalog import lazy_gettext
from portal import need_words
from referrals.people import Household, PatientFacts
from resources_db import needs
from resources_db.vocab import HelpWanted, NeedSource, Priority

if TYPE_CHECKING:
    from collections.abc import Callable

    from wtforms import Field

_ = cast("Callable[[str], str]", lazy_gettext)
"""Form fields ask for text; ours is looked up when it is shown."""

MOST_NAME = 200
MOST_NOTE = 4_000
MOST_DETAILS = 1_000
MOST_PEOPLE = 30
LONGEST_COUNT = 4

TOO_LONG = _("This is too long to keep. Please shorten it.")
PROBLEMS: dict[tuple[str, str], str] = {
    ("first_name", "missing"): _("Type at least one name."),
    ("zip", "five_digits"): _("Type the 5 digits of the ZIP, such as 45202."),
    ("birth_date", "not_a_date"): _("Type the date as year-month-day, such as 1992-05-14, or leave it empty."),
    ("birth_date", "not_possible"): _("Nobody can be born on this day and live today. Look at the year."),
    ("phone", "premium"): _("This number costs the caller money, so we never call or text it."),
    ("phone", "toll_free"): _("Texts cannot go to a toll-free number. Type a cell phone number."),
    ("phone", "foreign"): _("Type a US number. Texts abroad are not possible here."),
    ("date_at_risk", "not_a_date"): _("Type the date as year-month-day, such as 2026-12-01, or leave it empty."),
    ("recipients", "missing"): _("Tick at least one kind of service."),
    ("witness", "missing"): _("Type who heard the spoken yes."),
    ("method", "signature_needed"): _("This needs a signature."),
    ("details", "too_long"): TOO_LONG,
    ("subneed", "unknown"): _("Choose a need from the list."),
    ("expires_at", "past"): _("Choose a day that is still to come."),
    ("signed_on", "ahead"): _("This day has not come yet."),
    ("told", "missing"): _("Tell the person that they can take it back, and tick it."),
}
PHONE_PROBLEM = _("Type 10 digits, such as 513-555-0148, or leave it empty.")
HOW_MANY = _("Type a number from 0 to 30.")
PEOPLE = [validators.Optional(), validators.NumberRange(0, MOST_PEOPLE, message=HOW_MANY)]
OTHER_PROBLEM = _("Please look at this again.")


ALSO_CALLED = {"recipients": "domains", "how": "method", "expires_at": "until"}
"""What a use case calls a field where the form calls it otherwise."""


def show_problem(form: Form, field: str, problem: str) -> None:
    """Put the words of a use case's complaint beside the field it is about."""
    default = PHONE_PROBLEM if field == "phone" else OTHER_PROBLEM
    words = str(PROBLEMS.get((field, problem), default))
    target: Field | None = form._fields.get(ALSO_CALLED.get(field, field))
    if target is None:
        form.form_errors.append(words)
        return
    target.errors = [*target.errors, words]


ZONES = {
    "America/New_York": _("Eastern"),
    "America/Chicago": _("Central"),
    "America/Denver": _("Mountain"),
    "America/Phoenix": _("Arizona"),
    "America/Los_Angeles": _("Pacific"),
    "America/Anchorage": _("Alaska"),
    "Pacific/Honolulu": _("Hawaii"),
    "America/Puerto_Rico": _("Puerto Rico"),
    "Pacific/Guam": _("Guam"),
}


class PeopleField(IntegerField):
    """How many people. What is no such number is nothing, and the range beside it says what to type."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Digits without end would be a number too large for the range to look at."""
        typed = valuelist[0].strip() if valuelist else ""
        self.data = int(typed) if typed.isdecimal() and len(typed) <= LONGEST_COUNT else None


class PatientForm(Form):
    """A patient as a care team writes them down. Only a name is needed; everything else may come later."""

    first_name = StringField(_("First name"), [validators.Length(max=MOST_NAME, message=TOO_LONG)])
    last_name = StringField(_("Last name"), [validators.Length(max=MOST_NAME, message=TOO_LONG)])
    language = SelectField(_("Language for texts and pages"), default="en")
    interpreter = BooleanField(_("Needs an interpreter"))
    phone = StringField(_("Cell phone"), description=_("Where texts go. Leave it empty when there is none."))
    zip = StringField(_("ZIP"), description=_("Search starts here."))
    street = StringField(_("Street"), [validators.Length(max=MOST_NAME, message=TOO_LONG)])
    birth_date = StringField(_("Date of birth"), description=_("Year-month-day, or empty when not known."))
    adults = PeopleField(_("Adults at home"), PEOPLE)
    children = PeopleField(_("Children at home"), PEOPLE)
    safe_contact = TextAreaField(
        _("How to contact safely"),
        [validators.Length(max=MOST_NOTE, message=TOO_LONG)],
        description=_("For the team only. It never leaves Handrail."),
    )
    timezone = SelectField(
        _("Time zone"),
        default="",
        description=_("Texts come by day there. Choose one when the ZIP or the phone is from somewhere else."),
    )
    never_text = BooleanField(_("Never text"))
    never_call = BooleanField(_("Never call"))
    contact_prohibited = BooleanField(
        _("Nobody may contact this person"),
        description=_("Stops all texts and all open referrals at once. Agencies are asked to stop."),
    )

    def offer_languages(self) -> None:
        """Fill the list of languages; any of them may be recorded, also those without words of ours."""
        self.language.choices = [
            SelectChoice(one.code, f"{one.name} ({one.english_name})") for one in locales.preferable()
        ]

    def offer_zones(self, known: str | None = None) -> None:
        """Fill the list of time zones; one that an import brought and the list lacks stays on offer."""
        zones = ZONES if known is None or known in ZONES else {known: known.replace("_", " "), **ZONES}
        unknown = SelectChoice("", _("By ZIP and phone number"))
        self.timezone.choices = [unknown, *(SelectChoice(zone, name) for zone, name in zones.items())]

    def facts(self) -> PatientFacts:
        """What was typed, for the use case."""
        counted = self.adults.data is not None or self.children.data is not None
        household = Household(self.adults.data or 0, self.children.data or 0) if counted else None
        return PatientFacts(
            first_name=self.first_name.data or "",
            last_name=self.last_name.data or "",
            birth_date=self.birth_date.data or "",
            phone=self.phone.data or "",
            street=self.street.data or "",
            zip=self.zip.data or "",
            language=self.language.data,
            interpreter=self.interpreter.data,
            household=household,
            safe_contact=self.safe_contact.data or "",
            timezone=self.timezone.data if self.timezone.raw_data else None,
            never_text=self.never_text.data,
            never_call=self.never_call.data,
            contact_prohibited=self.contact_prohibited.data,
        )


class NeedForm(Form):
    """A need a patient told us about."""

    subneed = SelectField(_("What is needed"))
    source = SelectField(
        _("How we know"),
        choices=[
            SelectChoice(NeedSource.TALK.value, _("In a talk")),
            SelectChoice(NeedSource.SCREENING.value, _("A screening")),
            SelectChoice(NeedSource.PATIENT.value, _("The patient wrote or filled it in")),
            SelectChoice(NeedSource.EHR.value, _("The health record")),
            SelectChoice(NeedSource.IMPORT.value, _("Another system")),
        ],
        default=NeedSource.TALK.value,
    )
    help_wanted = RadioField(
        _("Does the patient want help with this?"),
        choices=[
            SelectChoice(HelpWanted.YES.value, _("Yes")),
            SelectChoice(HelpWanted.NO.value, _("No")),
            SelectChoice(HelpWanted.UNKNOWN.value, _("Not asked yet")),
        ],
        default=HelpWanted.YES.value,
    )
    urgency = RadioField(
        _("How soon"),
        choices=[
            SelectChoice(Priority.ROUTINE.value, _("Soon")),
            SelectChoice(Priority.URGENT.value, _("Today or tomorrow")),
        ],
        default=Priority.ROUTINE.value,
    )
    date_at_risk = StringField(_("Help must come before"), description=_("For a shut-off or an eviction. Often empty."))
    details = TextAreaField(
        _("What to know about it"),
        [validators.Length(max=MOST_DETAILS, message=TOO_LONG)],
        description=_("For the team only. It never leaves Handrail."),
    )

    def offer_needs(self) -> None:
        """Fill the list of needs, in the reader's language, by domain."""
        self.subneed.choices = [
            SelectChoice(one.id, need_words.need(one.id), optgroup=need_words.domain(domain))
            for domain in needs.DOMAINS
            for one in needs.in_domain(domain)
        ]
