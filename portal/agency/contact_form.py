"""The form of an agency's contact on file: it reads what was typed; `referrals.agency_contacts` checks its meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from wtforms import BooleanField, Form, IntegerField, RadioField, SelectField, StringField, validators
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from i18n import formatting, locales
from i18n.catalog import gettext, lazy_gettext
from referrals.agency_contacts import DIGEST_FROM, DIGEST_TO, ContactFacts
from resources_db.vocab import Channel

if TYPE_CHECKING:
    from collections.abc import Callable

    from resources_db.models.referrals import AgencyContact

_ = cast("Callable[[str], str]", lazy_gettext)
"""Form fields ask for text; ours is looked up when it is shown."""

MOST = 200
TOO_LONG = _("This is too long to keep. Please shorten it.")
A_NUMBER = _("Type a number from 1 to 50.")
ONE, ALL = "service", "all"
PROBLEMS: dict[tuple[str, str], str] = {
    ("email", "not_an_address"): _("Type a mail address, such as intake@hopepantry.org, or leave it empty."),
    ("email", "no_way"): _("Type a mail address or a phone number. Without one nobody hears of a referral."),
    ("phone", "toll_free"): _("Texts cannot go to a toll-free number. Type a cell phone number."),
    ("phone", "foreign"): _("Type a US number. Texts abroad are not possible here."),
    ("phone", "premium"): _("This number costs the caller money, so we never call or text it."),
    ("phone", "extension"): _("A number with an extension gets no texts. Type one without, or leave it empty."),
    ("digest_over", "out_of_range"): A_NUMBER,
}
OTHER_PROBLEM = {"phone": _("Type 10 digits, such as 513-555-0148, or leave it empty.")}
LOOK_AGAIN = _("Please look at this again.")


class ContactForm(Form):
    """Where an agency wants its referrals."""

    applies = RadioField(_("This is the contact of"), default=ALL)
    name = StringField(
        _("Who reads it"), [validators.Length(max=MOST, message=TOO_LONG)], description=_("A name or a desk.")
    )
    email = StringField(_("Mail"), [validators.Length(max=MOST, message=TOO_LONG)])
    phone = StringField(_("Phone for texts"), description=_("A number that can get texts."))
    preferred = RadioField(
        _("First by"),
        choices=[SelectChoice(Channel.EMAIL.value, _("Mail")), SelectChoice(Channel.SMS.value, _("Text"))],
        default=Channel.EMAIL.value,
        description=_("When there is no answer, the other one is tried."),
    )
    language = SelectField(_("Language of the agency"), default="en")
    best_time = StringField(
        _("Best time to call"), [validators.Length(max=MOST, message=TOO_LONG)], description=_("Such as: mornings.")
    )
    code_needed = BooleanField(
        _("Ask for a code before anything of a person is shown"),
        default=True,
        description=_("Turn it off only where the phone or mailbox is the agency’s own and locked."),
    )
    digest = BooleanField(_("Send a weekly list of open referrals"), default=True)
    digest_over = IntegerField(
        _("The list comes when more than this many are open"),
        [validators.NumberRange(DIGEST_FROM, DIGEST_TO, message=A_NUMBER)],
        default=3,
    )
    ended = BooleanField(
        _("No texts and no mails: we call them"),
        description=_("Links that are out close at once. Today then asks us to call."),
    )

    def offer(self, service: str, organization: str) -> None:
        """Fill what depends on the agency and on our languages."""
        self.language.choices = [
            SelectChoice(one.code, f"{one.name} ({one.english_name})") for one in locales.preferable()
        ]
        self.applies.choices = [
            SelectChoice(ALL, gettext("All services of %(agency)s", agency=organization)),
            SelectChoice(ONE, gettext("%(service)s only", service=service)),
        ]

    def show(self, contact: AgencyContact | None, *, own: bool) -> None:
        """Fill the form with what is on file."""
        self.applies.data = ONE if own else ALL
        if contact is None:
            return
        self.phone.data = formatting.phone(contact.phone) if contact.phone else ""
        for name in ("name", "email", "language", "best_time", "code_needed", "digest", "digest_over"):
            self[name].data = getattr(contact, name)
        self.preferred.data = contact.preferred.value
        self.ended.data = contact.ended_at is not None

    def facts(self) -> ContactFacts:
        """What was typed."""
        return ContactFacts(
            name=self.name.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            preferred=Channel(self.preferred.data),
            language=self.language.data,
            best_time=self.best_time.data or "",
            code_needed=self.code_needed.data,
            digest=self.digest.data,
            digest_over=self.digest_over.data or 0,
            ended=self.ended.data,
        )

    def complain(self, field: str, problem: str) -> None:
        """Put the words of a use case's complaint beside the field it is about."""
        words = PROBLEMS.get((field, problem), OTHER_PROBLEM.get(field, LOOK_AGAIN))
        self[field].errors = [*self[field].errors, str(words)]
