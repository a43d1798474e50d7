"""What a text costs and how it is written on the wire: encoding, segments, safe substitutions. Pure.

Letters are never replaced; only look-alike marks are, so that no Vietnamese or Spanish word is harmed.
"""

import unicodedata
from dataclasses import dataclass

from i18n import gsm7

GSM7 = "GSM-7"
UCS2 = "UCS-2"
_SINGLE = {GSM7: 160, UCS2: 70}
_PART = {GSM7: 153, UCS2: 67}
MAX_LETTERS = 1600
"""The provider refuses longer bodies."""

_PLAIN_MARKS = {
    "'": "\u2018\u2019\u201a\u201b\u2032\u02bc`\u00b4",
    '"': "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022",
    "...": "\u2026",
    " ": "\u00a0\u202f\u2007\u2009\u200a\u2002\u2003\t",
    "": "\u200b\u2060\ufeff\u00ad",
}
_LOOK_ALIKES = str.maketrans({mark: plain for plain, marks in _PLAIN_MARKS.items() for mark in marks})


@dataclass(frozen=True, slots=True)
class Measure:
    """What a text bills: `units` used, `left` in the last segment, and the characters that force UCS-2."""

    encoding: str
    segments: int
    units: int
    left: int
    forcing: tuple[str, ...]

    @property
    def room(self) -> int:
        """Units that fit into this many segments."""
        return _room(self.encoding, self.segments)


def fold(text: str) -> str:
    """The text as it will be sent: composed letters, plain quotes, dashes and spaces; line ends as one character."""
    plain = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return plain.translate(_LOOK_ALIKES).strip()


def measure(text: str) -> Measure:
    """How this exact text is encoded and billed (fold it first to see what will be sent)."""
    counted = gsm7.count(text)
    room = _room(counted.encoding, counted.segments)
    return Measure(counted.encoding, counted.segments, counted.units, max(room - counted.units, 0), counted.not_gsm7)


def _room(encoding: str, segments: int) -> int:
    return _SINGLE[encoding] if segments <= 1 else _PART[encoding] * segments
