"""Reads a phone cell of a directory into numbers that can be dialled, or says why it cannot. Pure.

Numbers of patients are read by messaging; this is for agencies, where 211, vanity words and several numbers are normal.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers

SHORT_CODES = frozenset({"211", "311", "511", "711", "811", "911", "988"})
_BAD_MARKS = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0000-\u001f]")
_EXTENSION = re.compile(
    r"[\s,;(]*(?:ext(?:ension)?\.?|x|option|#)[\s.:#]*((?:opt\s*)?\d[\w-]*)\)?|[\s,;(]*(opt\.?\s*\d+)\)?", re.IGNORECASE
)
_LABELS = {
    "main": "main", "office": "main", "phone": "main", "tel": "main", "voice": "main",
    "tdd": "tty", "tty": "tty", "textphone": "tty",
    "toll-free": "toll_free", "toll free": "toll_free", "tollfree": "toll_free",
    "fax": "fax", "crisis": "crisis", "hotline": "crisis", "24-hour": "crisis",
    "text": "text", "sms": "text", "cell": "cell", "mobile": "cell",
}  # fmt: skip
_LABEL = re.compile(rf"\b({'|'.join(sorted(_LABELS, key=len, reverse=True))})\b", re.IGNORECASE)
_KIND_OF_LABEL = {"fax": "fax", "tty": "textphone", "text": "text", "cell": "cell"}
_NUMBER = re.compile(
    r"(?:\+?1[\s.\-]*)?\(?\d{3}\)?[\s.\-]*(?:\d{3}[\s.\-]*\d{4}(?!\d)|[0-9A-Z](?:[\s.\-]?[0-9A-Z]){6,}|\d{3}[\s.\-]*[A-Z]{4}\b)"
)
_SHORT = re.compile(r"(?<![\d-])(?:[2-8]11|911|988)(?![\d-])")
_NOTHING = re.compile(r"^\W*(?:n/?a|none|no phone|unknown|null|nan|-+)?\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ReadPhone:
    """`number` is shown as written by the source; `e164` is None when nobody can dial it."""

    number: str
    e164: str | None = None
    extension: str | None = None
    short_code: bool = False
    vanity: str | None = None
    kind: str = "voice"
    label: str = ""

    @property
    def dialable(self) -> bool:
        return (self.e164 is not None or self.short_code) and self.kind != "fax"


def read(text: str, country: str = "US") -> tuple[ReadPhone, ...]:
    """All numbers of one cell. A text without a number comes back as itself, without `e164`."""
    plain = _BAD_MARKS.sub("", text).strip(" \t\"'")
    if _NOTHING.match(plain):
        return ()
    if plain.startswith("+") and not plain.startswith("+1"):
        return (_phone(plain, None, "", country),)
    numbers = {phone.e164 or phone.number: phone for phone in reversed(list(_numbers(plain, country)))}
    return tuple(reversed(numbers.values())) or (ReadPhone(number=plain),)


def _numbers(text: str, country: str) -> Iterator[ReadPhone]:
    found = sorted([*_NUMBER.finditer(text), *_SHORT.finditer(text)], key=lambda match: match.start())
    end = 0
    for match in found:
        if match.start() < end:
            continue  # a short code inside a longer number
        label = _label_before(text[end : match.start()])
        written, end = match.group().strip(), match.end()
        extension = _EXTENSION.match(text, end)
        if extension:
            end = extension.end()
        label = label or _label_after(text, end)
        yield _phone(written, (extension.group(1) or extension.group(2)) if extension else None, label, country)


def _phone(written: str, extension: str | None, label: str, country: str) -> ReadPhone:
    kind = _KIND_OF_LABEL.get(label, "voice")
    if written in SHORT_CODES:
        return ReadPhone(written, extension=extension, short_code=True, kind=kind, label=label)
    vanity = written if re.search("[A-Z]", written) else None
    try:
        parsed = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return ReadPhone(written)
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    # 555 numbers are "possible" though not "valid": the demo community lives on them.
    good = phonenumbers.is_possible_number(parsed) and not e164.startswith(("+1000", "+1111"))
    return ReadPhone(written, e164 if good else None, extension, vanity=vanity, kind=kind, label=label)


def _label_before(text: str) -> str:
    found = list(_LABEL.finditer(text))
    return _LABELS[found[-1].group().lower()] if found else ""


def _label_after(text: str, end: int) -> str:
    found = re.match(r"\s*\(([^)]*)\)", text[end:])
    inner = _LABEL.search(found.group(1)) if found else None
    return _LABELS[inner.group().lower()] if inner else ""
