"""Numbers that can be texted or called: read what people type, refuse what must not be dialled, show a number.

Numbers of listings, with vanity words and several in one cell, are read by `resources_db/phones.py`.
"""

import re
import unicodedata
from enum import StrEnum, unique

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat, PhoneNumberType

from i18n.formatting import phone as display
from resources_db.encryption import phone_index

__all__ = ["REGIONS", "PhoneError", "PhoneFault", "display", "index", "parse", "parse_voice"]

REGIONS = frozenset({"US", "PR", "VI", "GU", "AS", "MP"})
"""The states and territories: the only regions we text or call by default."""

MAX_TYPED = 40
_TEXTABLE = frozenset(
    {PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE, PhoneNumberType.VOIP}
)
_FAULT_OF_TYPE = {
    PhoneNumberType.PREMIUM_RATE: "premium",
    PhoneNumberType.TOLL_FREE: "toll_free",
    PhoneNumberType.SHARED_COST: "shared_cost",
    PhoneNumberType.PAGER: "pager",
}
_TYPED = re.compile(r"[\d\s()+.\-/]*(?:(?:x|ext\.?)\s*\d+)?", re.IGNORECASE)


@unique
class PhoneFault(StrEnum):
    """Why a number is refused; the words are made where the form is."""

    EMPTY = "empty"
    INVALID = "invalid"
    EXTENSION = "extension"
    FOREIGN = "foreign"
    PREMIUM = "premium"
    TOLL_FREE = "toll_free"
    SHARED_COST = "shared_cost"
    PAGER = "pager"
    OTHER_KIND = "other_kind"


class PhoneError(ValueError):
    """A number that cannot be used. Carries the code of the reason, never the number."""

    def __init__(self, fault: PhoneFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def parse(text: str, *, regions: frozenset[str] = REGIONS) -> str:
    """The E.164 form of a number that can get texts; raises PhoneError."""
    number, kind = _read(text, regions)
    if kind not in _TEXTABLE:
        raise PhoneError(PhoneFault(_FAULT_OF_TYPE.get(kind, "other_kind")))
    if number.extension:
        raise PhoneError(PhoneFault.EXTENSION)
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def parse_voice(text: str, *, regions: frozenset[str] = REGIONS) -> str:
    """The E.164 form of a number that can be called: toll-free is fine, premium is not; raises PhoneError."""
    number, kind = _read(text, regions)
    if kind != PhoneNumberType.TOLL_FREE and kind not in _TEXTABLE:
        raise PhoneError(PhoneFault(_FAULT_OF_TYPE.get(kind, "other_kind")))
    return str(phonenumbers.format_number(number, PhoneNumberFormat.E164))


def index(e164: str) -> bytes:
    """The blind index under which opt-outs, threads and questions of a number are found."""
    return phone_index(e164)


def _read(text: str, regions: frozenset[str]) -> tuple[PhoneNumber, int]:
    typed = unicodedata.normalize("NFKC", text).strip()
    if not typed:
        raise PhoneError(PhoneFault.EMPTY)
    # The strict shape first: it keeps hidden marks, letters and endless input away from the parser.
    if len(typed) > MAX_TYPED or not _TYPED.fullmatch(typed):
        raise PhoneError(PhoneFault.INVALID)
    try:
        number = phonenumbers.parse(typed, "US")
    except phonenumbers.NumberParseException:
        raise PhoneError(PhoneFault.INVALID) from None
    return number, _checked_kind(number, regions)


def _checked_kind(number: PhoneNumber, regions: frozenset[str]) -> int:
    region = phonenumbers.region_code_for_number(number)
    known = region is not None and region in regions
    if not known and (number.country_code != 1 or region is not None):
        raise PhoneError(PhoneFault.FOREIGN)
    if not phonenumbers.is_valid_number(number):
        raise PhoneError(PhoneFault.INVALID)
    return int(phonenumbers.number_type(number))
