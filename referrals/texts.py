"""What every text about a referral says, to patients and to agencies. English is the source.

No text names a patient or a need. Each is written for one segment; filled over budget, it says the same in fewer words.
Opt-out, help, code and free-text answers belong to messaging.
"""

from dataclasses import dataclass
from datetime import date

from i18n import budgets, formatting
from i18n.catalog import current_language, patient, use_language
from i18n.lazy import LazyText
from messaging import sms_text
from referrals import listing_texts
from resources_db.vocab import Purpose

P = Purpose
TEXTS: dict[Purpose, tuple[LazyText, ...]] = {
    P.WELCOME: (
        # Translators: first SMS to a patient; the law asks for each part. HELP and STOP are words the phone company
        # knows (HELP may be AYUDA). One GSM-7 segment.
        patient.lazy_pgettext(
            "sms",
            "%(org)s: You agreed to texts about local help, up to 6 a month. Msg & data rates may apply. HELP for "
            "help, STOP to end. Call %(phone)s.",
        ),
    ),
    P.REFERRAL: (
        # Translators: SMS to a patient; "here" is the link. One GSM-7 segment.
        patient.lazy_pgettext(
            "sms",
            "%(org)s: Here is the help you asked for: %(link)s Questions? Call %(staff)s %(phone)s. Reply STOP to end.",
        ),
        # Translators: SMS to a patient; used when the name of the staff person does not fit. One GSM-7 segment.
        patient.lazy_pgettext(
            "sms", "%(org)s: Here is the help you asked for: %(link)s Questions? Call %(phone)s. Reply STOP to end."
        ),
    ),
    P.DETAILS: (
        # Translators: SMS to a patient who agreed to details. One GSM-7 segment.
        patient.lazy_pgettext("sms", "%(org)s: %(place)s, %(hours)s. Tel %(place_phone)s. %(link)s Reply STOP to end."),
    ),
    P.REMINDER: (
        # Translators: SMS to a patient who has not opened the list yet. One GSM-7 segment.
        patient.lazy_pgettext(
            "sms",
            "%(org)s: A reminder of the help we found: %(link)s Need other help? Call %(phone)s. Reply STOP to end.",
        ),
    ),
    P.SCREENING: (
        # Translators: SMS to a patient: we have questions about daily life; it must not say which. One GSM-7 segment.
        patient.lazy_pgettext(
            "sms",
            "%(org)s: A few short questions, so that we can help: %(link)s Or call %(phone)s. Reply STOP to end.",
        ),
    ),
    P.APPOINTMENT: (
        # Translators: SMS to a patient; says when, never where or why. %(when)s is a day and a clock time. One GSM-7
        # segment.
        patient.lazy_pgettext(
            "sms",
            "%(org)s: You have a visit %(when)s. See %(link)s To change it call %(phone)s. Reply STOP to end.",
        ),
    ),
    P.SAID_YES: (
        # Translators: SMS to a patient who agreed to details: a place will help and calls them. One GSM-7 segment.
        patient.lazy_pgettext("sms", "%(org)s: %(place)s can help and will call you. See %(link)s Reply STOP to end."),
    ),
    P.NEWS: (
        # Translators: SMS to a patient when a place has answered; it must not say what. One GSM-7 segment.
        patient.lazy_pgettext(
            "sms",
            "%(org)s: There is news about the help you asked for: %(link)s Questions? Call %(phone)s. "
            "Reply STOP to end.",
        ),
        # Translators: SMS to a patient when a place has answered; the shorter one. One GSM-7 segment.
        patient.lazy_pgettext("sms", "%(org)s: There is news about the help you asked for: %(link)s"),
    ),
    P.NUDGE: (
        # Translators: SMS to a patient. Never write YES: it is a keyword of the phone company. One GSM-7 segment.
        patient.lazy_pgettext(
            "sms",
            "%(org)s: Did you get the help (ref %(ref)s)? Reply 1 if you did, 2 if not yet, 3 if you need other help. "
            "Reply STOP to end.",
        ),
    ),
    P.SOLVED: (
        # Translators: SMS to a patient; "ref" is a code of four letters. One GSM-7 segment.
        patient.lazy_pgettext(
            "sms",
            "%(org)s: Is the problem of ref %(ref)s solved now? Reply 1 solved, 2 partly, 3 not solved. Need help? "
            "Call %(phone)s. Reply STOP to end.",
        ),
    ),
    P.ANSWER_1: (
        # Translators: SMS to a patient who told us that help came. One GSM-7 segment.
        patient.lazy_pgettext("sms", "%(org)s: Thank you. We are glad you got help. Need other help? Call %(phone)s."),
    ),
    P.ANSWER_2: (
        # Translators: SMS to a patient who has not got help yet. One GSM-7 segment.
        patient.lazy_pgettext(
            "sms",
            "%(org)s: Thank you for telling us. %(staff)s will look into it and call you. Urgent? Call %(phone)s.",
        ),
    ),
    P.ANSWER_3: (
        # Translators: SMS to a patient who needs other help. One GSM-7 segment.
        patient.lazy_pgettext(
            "sms", "%(org)s: OK. %(staff)s will call you about other help. You can also call %(phone)s."
        ),
    ),
    P.AGENCY_NEW: (
        # Translators: SMS to an agency. One GSM-7 segment.
        patient.lazy_pgettext(
            "sms", "%(org)s: New referral %(ref)s needs your answer. No account needed: %(link)s Reply STOP to end."
        ),
    ),
    P.AGENCY_REMINDER: (
        # Translators: SMS to an agency; the date is short, such as "Nov 22". One GSM-7 segment.
        patient.lazy_pgettext(
            "sms",
            "%(org)s: Referral %(ref)s waits since %(date)s. Can you help? Answer in one tap: %(link)s "
            "Reply STOP to end.",
        ),
    ),
    P.AGENCY_CONFIRM: (
        # Translators: SMS to an agency that said yes some time ago: is there news? One GSM-7 segment.
        patient.lazy_pgettext(
            "sms", "%(org)s: How is referral %(ref)s going? Tell us in one tap: %(link)s Reply STOP to end."
        ),
    ),
    P.AGENCY_STOP: (
        # Translators: SMS to an agency. One GSM-7 segment.
        patient.lazy_pgettext(
            "sms",
            "%(org)s: Referral %(ref)s was withdrawn. Please do not contact the person. %(link)s Reply STOP to end.",
        ),
    ),
    P.AGENCY_ACK: (
        # Translators: SMS to an agency that answered by text. One GSM-7 segment.
        patient.lazy_pgettext(
            "sms", "%(org)s: Saved for %(ref)s: %(answer)s. To change it or add a note: %(link)s Reply STOP to end."
        ),
    ),
    P.AGENCY_WHICH: (
        # Translators: SMS to an agency that answered with a digit only; %(refs)s are up to four codes. One GSM-7
        # segment.
        patient.lazy_pgettext(
            "sms",
            "%(org)s: Which referral? %(refs)s. Send its code and the digit, like %(ref)s 1. Reply STOP to end.",
        ),
    ),
    P.AGENCY_WHY: (
        # Translators: SMS to an agency that answered "3" (no) by text. Very short words; one GSM-7 segment.
        patient.lazy_pgettext(
            "sms",
            "%(org)s: Saved for %(ref)s: no. Why? Reply 1 full, 2 waitlist only, 3 not our rules, 4 not our area, "
            "5 out of funds, 6 other. STOP to end.",
        ),
    ),
    P.AGENCY_LINK: (
        # Translators: SMS to an agency that asked for a new link. One GSM-7 segment.
        patient.lazy_pgettext("sms", "%(org)s: Your new link for referral %(ref)s: %(link)s Reply STOP to end."),
    ),
    P.AGENCY_DIGEST: (
        # Translators: SMS to an agency once a week; %(count)s is a number from 2 on. One GSM-7 segment.
        patient.lazy_pgettext(
            "sms",
            "%(org)s: Your weekly list. Open referrals: %(count)s. See and answer them: %(link)s Reply STOP to end.",
        ),
    ),
    **listing_texts.TEXTS,
}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who a text comes from: its label, the navigator's texting name, and the number (E.164) a person answers."""

    org: str
    staff: str
    phone: str


@dataclass(frozen=True, slots=True)
class Place:
    """The one place a text with details names."""

    name: str
    hours: str
    phone: str


@dataclass(frozen=True, slots=True)
class Values:
    """What fills the placeholders of a text, beside its sender. `answer` and `when` come in the reader's language."""

    link: str = ""
    ref: str = ""
    refs: str = ""
    answer: str = ""
    when: str = ""
    since: date | None = None
    count: int = 0
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A finished text in one language, folded as it will be sent."""

    body: str
    language: str
    purpose: Purpose

    @property
    def measure(self) -> sms_text.Measure:
        """What it bills."""
        return sms_text.measure(self.body)

    @property
    def fits(self) -> bool:
        """Whether it is within the budget of its language."""
        return self.measure.segments <= budgets.of(self.language).segments


NOTHING = Values()


def render(purpose: Purpose, language: str, sender: Sender, values: Values = NOTHING) -> Text:
    """The text in that language: the first version within budget, else the shortest one."""
    with use_language(language):
        spoken = current_language().code
        filled = _filled(sender, values)
        versions = [Text(sms_text.fold(str(words) % filled), spoken, purpose) for words in TEXTS[purpose]]
    return next((text for text in versions if text.fits), versions[-1])


def referral(language: str, sender: Sender, link: str, place: Place | None = None) -> Text:
    """The text of a send. With `place` (consent to details, nothing sensitive) it says where and when, if that fits."""
    if place is not None:
        details = render(Purpose.DETAILS, language, sender, Values(link=link, place=place))
        if details.fits:
            return details
    return render(Purpose.REFERRAL, language, sender, Values(link=link))


def _filled(sender: Sender, values: Values) -> dict[str, str]:
    place = values.place or Place("", "", "")
    return {
        "org": sender.org,
        "staff": sender.staff,
        "phone": formatting.phone(sender.phone),
        "link": values.link,
        "ref": values.ref,
        "refs": values.refs,
        "answer": values.answer,
        "when": values.when,
        "count": formatting.number(values.count),
        "date": formatting.short_date(values.since) if values.since else "",
        "place": place.name,
        "hours": place.hours,
        "place_phone": formatting.phone(place.phone),
    }
