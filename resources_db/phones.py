"""Reads a phone cell of a directory into numbers that can be dialled, or says why it cannot. Pure.

Numbers of patients are read by messaging; this is for agencies, where 211, vanity words and several numbers are normal.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import phonenumbers

SHORT_CODES = frozenset({"211", "311", "511", "711", "811", "911", "988"})
_LINES = re.compile(r"[\r\n\t\v\f]+")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
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
    "f:": "fax", "p:": "main", "t:": "main", "o:": "main", "c:": "cell",
}  # fmt: skip
_LABEL = re.compile(
    rf"\b((?:{'|'.join(sorted((one for one in _LABELS if one[-1] != ':'), key=len, reverse=True))})\b|[fptoc]:)",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"[\s,-]*\b(fax|tty|tdd|text|sms|cell|mobile)\b\s*(?:only)?\s*(?=[,;/]|$)", re.IGNORECASE)
_BOTH_WAYS = re.compile(
    r"\b(?:call|voice)\s*(?:or|and|&|/)\s*(?:text|sms)\b|\b(?:text|sms)\s*(?:or|and|&|/)\s*call\b", re.IGNORECASE
)
_ALSO = re.compile(r"\s*(?:/|or|&|and)\s*(\d{4})(?![\d-])", re.IGNORECASE)
_PLAIN = re.compile(r"\+1[2-9]\d{2}[2-9]\d{6}$")
_KIND_OF_LABEL = {"fax": "fax", "tty": "textphone", "text": "text", "cell": "cell"}
_NUMBER = re.compile(
    r"(?:(?:\+|00)?1[\s.\-]*)?\(?\d{3}\)?[\s.\-/]*(?:\d{3}[\s.\-]*\d{4}(?!\d)|[0-9A-Z](?:[\s.\-]?[0-9A-Z]){6,}|\d{3}[\s.\-]*[A-Z]{4}\b)"
)
_SHORT = re.compile(r"(?<![\d-])(?:[2-9]-?1-?1|988)(?![\d-])")
_NOTHING = re.compile(
    r"^\W*(?:n/?a|none|no (?:tele)?phone(?: number)?|not available|unavailable|unknown|unlisted|tbd|null|nan|-+)?\W*$",
    re.IGNORECASE,
)


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
    accepts_sms: bool | None = None

    @property
    def dialable(self) -> bool:
        return (self.e164 is not None or self.short_code) and self.kind != "fax"


def read(text: str, country: str = "US") -> tuple[ReadPhone, ...]:
    """All numbers of one cell. A text without a number comes back as itself, without `e164`."""
    plain = _DASHES.sub("-", _BAD_MARKS.sub("", _LINES.sub("; ", text))).strip(" \"';")
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
        before = text[end : match.start()]
        label = _label_before(before)
        written, end = match.group().strip(), match.end()
        extension = _EXTENSION.match(text, end)
        if extension:
            end = extension.end()
        label = label or _label_after(text, end)
        both = bool(_BOTH_WAYS.search(before) or _BOTH_WAYS.match(text[end:].lstrip(" (")))
        said = (extension.group(1) or extension.group(2)) if extension else None
        phone = _phone(written, said, "" if both and label == "text" else label, country)
        yield replace(phone, accepts_sms=True) if both or phone.kind == "text" else phone
        if phone.e164 and (also := _ALSO.match(text, end)):
            yield replace(phone, number=f"{written[:-4]}{also[1]}", e164=f"{phone.e164[:-4]}{also[1]}", extension=None)
            end = also.end()


def _phone(written: str, extension: str | None, label: str, country: str) -> ReadPhone:
    kind = _KIND_OF_LABEL.get(label, "voice")
    if (code := written.replace("-", "")) in SHORT_CODES:
        return ReadPhone(code, extension=extension, short_code=True, kind=kind, label=label)
    vanity = written if re.search("[A-Z]", written) else None
    try:
        parsed = phonenumbers.parse(re.sub(r"^001", "+1", written).replace("/", "-"), country)
    except phonenumbers.NumberParseException:
        return ReadPhone(written)
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    good = e164 if _is_good(parsed, e164) else None
    return ReadPhone(written, good, extension, vanity=vanity, kind=kind, label=label)


def _is_good(parsed: phonenumbers.PhoneNumber, e164: str) -> bool:
    """Could it be dialled? 555 numbers are "possible" though not "valid": the demo community lives on them."""
    if not phonenumbers.is_possible_number(parsed):
        return False
    return not e164.startswith("+1") or (bool(_PLAIN.match(e164)) and len(set(e164[2:])) > 1)


def _label_before(text: str) -> str:
    found = list(_LABEL.finditer(text))
    return _LABELS[found[-1].group().lower()] if found else ""


def _label_after(text: str, end: int) -> str:
    found = re.match(r"\s*\(([^)]*)\)", text[end:])
    inner = _LABEL.search(found.group(1)) if found else None
    if inner is None:
        behind = _BEHIND.match(text, end)
        in_brackets = found is not None and found.group(1).strip().lower() == "f"
        return "fax" if in_brackets else _LABELS[behind.group(1).lower()] if behind else ""
    return _LABELS[inner.group().lower()]
