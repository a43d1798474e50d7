"""Forms of agreements: a general one for services and texts, and the signed one that 42 CFR Part 2 asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from wtforms import BooleanField, DateField, Form, RadioField, SelectField, SelectMultipleField, StringField, validators
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from i18n.catalog import lazy_gettext
from portal import need_words
from portal.caseload.forms import MOST_NAME, TOO_LONG
from portal.caseload.send_words import FIELDS
from referrals.part2 import Told
from resources_db import needs
from resources_db.vocab import ConsentMethod

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from referrals.disclosure import Field as Fact

_ = cast("Callable[[str], str]", lazy_gettext)
"""Form fields ask for text; ours is looked up when it is shown."""

YEAR, QUARTER, MONTH = "365", "90", "30"
GIVEN_BY = {
    "patient": _("The patient"),
    "parent": _("A parent"),
    "guardian": _("A guardian"),
    "power_of_attorney": _("Somebody with power of attorney"),
    "other": _("Another person who may decide for them"),
}
SIGNED = [
    SelectChoice(ConsentMethod.E_SIGN.value, _("Signed on a screen")),
    SelectChoice(ConsentMethod.PAPER_SCAN.value, _("Signed on paper")),
]
TOLD = {
    Told.MAY_REVOKE: _("They can take it back at any time, in writing or by telling us"),
    Told.IF_REFUSED: _("What happens when they say no"),
    Told.MAY_BE_PASSED_ON: _("Who gets it may be allowed to pass it on"),
}
MISSING = _("Tick at least one.")
NEEDED = _("This must be filled in.")
NO_DATE = _("Choose a date.")


class AgreementForm(Form):
    """What the patient agreed to: sharing with kinds of services or with named agencies, and texts."""

    domains = SelectMultipleField(_("Share with"))
    agencies = SelectMultipleField(_("Or with these agencies only"))
    lasts = RadioField(
        _("How long"),
        choices=[
            SelectChoice(YEAR, _("One year")),
            SelectChoice(QUARTER, _("90 days")),
            SelectChoice(MONTH, _("30 days")),
        ],
        default=YEAR,
    )
    method = RadioField(
        _("How they agreed"),
        choices=[SelectChoice(ConsentMethod.VERBAL.value, _("Spoken")), *SIGNED],
        default=ConsentMethod.VERBAL.value,
    )
    witness = StringField(_("Who heard it"), [validators.Length(max=MOST_NAME, message=TOO_LONG)])
    given_by = SelectField(_("Who agreed"), choices=[SelectChoice(code, word) for code, word in GIVEN_BY.items()])
    interpreter = BooleanField(_("With an interpreter"))
    texts = BooleanField(_("Agrees to texts"))
    details = BooleanField(_("Texts may name the place"))
    chart = BooleanField(_("The health record may name sensitive needs"))

    def offer(self, agencies: Iterable[tuple[str, str]]) -> None:
        """Fill the lists: every kind of service, and the agencies somebody wants to send to."""
        self.domains.choices = [SelectChoice(domain, need_words.domain(domain)) for domain in needs.DOMAINS]
        self.agencies.choices = [SelectChoice(number, name) for number, name in agencies]


class ProtectedForm(Form):
    """A signed agreement for substance use treatment: every element of 42 CFR 2.31, each with its own field."""

    agencies = SelectMultipleField(_("Who may get it"), [validators.DataRequired(MISSING)])
    discloser = StringField(
        _("Who may share it"), [validators.DataRequired(NEEDED), validators.Length(max=MOST_NAME, message=TOO_LONG)]
    )
    fields = SelectMultipleField(_("What is shared"), [validators.DataRequired(MISSING)])
    purpose = StringField(
        _("What for"), [validators.DataRequired(NEEDED), validators.Length(max=MOST_NAME, message=TOO_LONG)]
    )
    until = DateField(_("It ends on"), [validators.InputRequired(NO_DATE)])
    told = SelectMultipleField(
        _("The person was told"),
        [validators.DataRequired(MISSING)],
        choices=[SelectChoice(code.value, word) for code, word in TOLD.items()],
    )
    method = RadioField(_("How they signed"), [validators.InputRequired(NEEDED)], choices=SIGNED)
    signed_on = DateField(_("Signed on"), [validators.InputRequired(NO_DATE)])
    given_by = SelectField(_("Who signed"), choices=[SelectChoice(code, word) for code, word in GIVEN_BY.items()])
    interpreter = BooleanField(_("With an interpreter"))

    def offer(self, agencies: Iterable[tuple[str, str]], facts: Iterable[Fact]) -> None:
        """Fill the lists: the programs somebody wants to send to, and the facts their need allows."""
        self.agencies.choices = [SelectChoice(number, name) for number, name in agencies]
        self.fields.choices = [SelectChoice(fact.value, str(FIELDS[fact])) for fact in facts]
