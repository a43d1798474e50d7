"""What mails to agencies say, in the agency's language. No name, no need, no service that reveals one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from i18n import formatting
from i18n.catalog import current_language, ngettext, spoken_by_staff, use_language
from i18n.catalog import gettext as _
from referrals.texts import Sender
from resources_db.vocab import Purpose

MOST_NAMED = 20
"""Listings named in one mail; the page behind its link shows all."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A finished mail in one language."""

    subject: str
    body: str
    language: str
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice to an agency is about."""

    agency: str
    ref: str
    link: str
    since: date


def new(language: str, sender: Sender, notice: Notice) -> Mail:
    """A new referral."""
    with use_language(spoken_by_staff(language)):
        subject = _("%(org)s: new referral %(ref)s", org=sender.org, ref=notice.ref)
        text = _(
            "%(org)s has a new referral for %(agency)s. It needs your answer. No account is needed:",
            org=sender.org,
            agency=notice.agency,
        )
        return Mail(subject, _body(text, sender, notice), current_language().code, Purpose.AGENCY_NEW)


def reminder(language: str, sender: Sender, notice: Notice) -> Mail:
    """A referral still waits."""
    with use_language(spoken_by_staff(language)):
        subject = _("%(org)s: referral %(ref)s still waits", org=sender.org, ref=notice.ref)
        text = _(
            "Referral %(ref)s for %(agency)s waits since %(date)s. Can you help? One tap answers it:",
            ref=notice.ref,
            agency=notice.agency,
            date=formatting.long_day(notice.since),
        )
        return Mail(subject, _body(text, sender, notice), current_language().code, Purpose.AGENCY_REMINDER)


def news(language: str, sender: Sender, notice: Notice) -> Mail:
    """A referral is under way: is there news?"""
    with use_language(spoken_by_staff(language)):
        subject = _("%(org)s: how is referral %(ref)s going?", org=sender.org, ref=notice.ref)
        text = _(
            "How is referral %(ref)s for %(agency)s going? Did the person get help? One tap tells us:",
            ref=notice.ref,
            agency=notice.agency,
        )
        return Mail(subject, _body(text, sender, notice), current_language().code, Purpose.AGENCY_CONFIRM)


def stop(language: str, sender: Sender, notice: Notice) -> Mail:
    """A referral was withdrawn."""
    with use_language(spoken_by_staff(language)):
        subject = _("%(org)s: referral %(ref)s was withdrawn", org=sender.org, ref=notice.ref)
        text = _(
            "Referral %(ref)s for %(agency)s was withdrawn. Please do not contact the person. "
            "Tell us with one tap that you have read this:",
            ref=notice.ref,
            agency=notice.agency,
        )
        return Mail(subject, _body(text, sender, notice), current_language().code, Purpose.AGENCY_STOP)


def link(language: str, sender: Sender, notice: Notice) -> Mail:
    """A new link, because the agency asked for one."""
    with use_language(spoken_by_staff(language)):
        subject = _("%(org)s: your new link for referral %(ref)s", org=sender.org, ref=notice.ref)
        text = _("Here is your new link for referral %(ref)s. No account is needed:", ref=notice.ref)
        return Mail(subject, _body(text, sender, notice), current_language().code, Purpose.AGENCY_LINK)


def digest(language: str, sender: Sender, notice: Notice, count: int) -> Mail:
    """Once a week: how many referrals are open, never whose or for what. `notice.link` opens the list."""
    with use_language(spoken_by_staff(language)):
        subject = _("%(org)s: your weekly list of referrals", org=sender.org)
        text = ngettext(
            "%(num)s referral from %(org)s is open at %(agency)s. See and answer it here, with a code:",
            "%(num)s referrals from %(org)s are open at %(agency)s. See and answer them here, with a code:",
            count,
            org=sender.org,
            agency=notice.agency,
        )
        return Mail(subject, _body(text, sender, notice), current_language().code, Purpose.AGENCY_DIGEST)


def listing_check(language: str, sender: Sender, notice: Notice, names: Sequence[str], note: str = "") -> Mail:
    """Are these listings still right? `note` is a sentence of the team's own."""
    with use_language(spoken_by_staff(language)):
        subject = _("%(org)s: is your listing still right?", org=sender.org)
        text = ngettext(
            "People find %(agency)s through this listing. Is it still right? One tap says so, no account is needed:",
            "People find %(agency)s through these %(num)s listings. Are they still right? One tap says so, no account "
            "is needed:",
            len(names),
            agency=notice.agency,
        )
        named = "\n".join(f"- {name}" for name in names[:MOST_NAMED])
        whole = "\n\n".join(filter(None, (note, text, named)))
        return Mail(subject, _body(whole, sender, notice), current_language().code, Purpose.LISTING_CHECK)


def room_check(language: str, sender: Sender, notice: Notice, name: str) -> Mail:
    """What an agency said about room has come to its end: how is it now?"""
    with use_language(spoken_by_staff(language)):
        subject = _("%(org)s: do you have room again?", org=sender.org)
        text = _(
            "What you said about room at %(name)s has come to its end. Tell care teams with one tap how it is now:",
            name=name,
        )
        return Mail(subject, _body(text, sender, notice), current_language().code, Purpose.ROOM_CHECK)


def code(language: str, sender: Sender, digits: str) -> Mail:
    """The six digits that open a referral."""
    with use_language(spoken_by_staff(language)):
        subject = _("%(org)s: your code", org=sender.org)
        body = _(
            "%(code)s is your %(org)s code. It works for 10 minutes. We never call to ask for it.",
            code=digits,
            org=sender.org,
        )
        return Mail(subject, body, current_language().code, Purpose.CODE)


def _body(text: str, sender: Sender, notice: Notice) -> str:
    if not sender.phone:
        return f"{text}\n\n{notice.link}\n"
    closing = _("Questions? Call %(org)s, %(phone)s.", org=sender.org, phone=formatting.phone(sender.phone))
    return f"{text}\n\n{notice.link}\n\n{closing}\n"
