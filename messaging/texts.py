"""The texts that answer STOP, START, HELP and free words, and the code text. Referral wording: `referrals/texts.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from i18n.catalog import patient, use_language
from i18n.formatting import phone

if TYPE_CHECKING:
    from resources_db.models.tenants import Org

DEFAULT_LABEL = "Handrail"


def opted_out(org: Org, lang: str) -> str:
    """The one confirmation after STOP."""
    with use_language(lang):
        return patient.pgettext(
            "sms",
            # Translators: text message after STOP; one GSM-7 segment where the language allows it. START stays START.
            "%(org)s: You will get no more texts from us. For help or your visits call %(phone)s."
            " Text START to get texts again.",
            org=_label(org),
            phone=phone(org.phone),
        )


def opted_in(org: Org, lang: str) -> str:
    """The confirmation after START."""
    with use_language(lang):
        return patient.pgettext(
            "sms",
            # Translators: text message after START. HELP and STOP are words the reader texts back.
            "%(org)s: You will get our texts again, up to 6 a month. Msg & data rates may apply."
            " HELP for help, STOP to end.",
            org=_label(org),
        )


def helped(org: Org, lang: str) -> str:
    """The answer to HELP: a person's number first, since it may be a cry for help."""
    with use_language(lang):
        return patient.pgettext(
            "sms",
            # Translators: text message after HELP. 211, 911 and 988 are phone numbers.
            "%(org)s: Texts about help you asked for. Call %(phone)s or 211. Emergency 911, crisis 988."
            " Msg & data rates may apply. STOP to end.",
            org=_label(org),
            phone=phone(org.phone),
        )


def free_text(org: Org, lang: str) -> str:
    """The answer to free words: a person will read them."""
    with use_language(lang):
        return patient.pgettext(
            "sms",
            # Translators: text message after somebody wrote to us. 911 and 988 are phone numbers.
            "%(org)s: We got your text. A person reads it on work days. Urgent: call %(phone)s."
            " Emergency 911, crisis 988.",
            org=_label(org),
            phone=phone(org.phone),
        )


def code(org: Org, lang: str, digits: str) -> str:
    """A one-time code."""
    with use_language(lang):
        return patient.pgettext(
            "sms",
            # Translators: text message with a one-time code.
            "%(code)s is your %(org)s code. It works for 10 minutes. We never call to ask for it.",
            code=digits,
            org=_label(org),
        )


def _label(org: Org) -> str:
    return org.sms_label or DEFAULT_LABEL
