"""What an incoming text means: STOP, START, HELP, an answer, a doubtful "please stop", or words for a person. Pure.

The whole message must be the word; every language's words are tried, whatever the person's language is.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique

from messaging import opt_out_words as words
from messaging.danger_words import DANGER, SAYINGS

LONGEST_DOUBT = 12
"""A stop word inside a longer message is part of a story; a wish such as "stop texting me" counts at any length."""

_INVISIBLE = re.compile("[\u00ad\u061c\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\u20e3\ufeff]")
_APOSTROPHES = str.maketrans(dict.fromkeys("‘’‚‛ʼ′`´", "'"))
"""Phones put in a curly one by themselves."""
_WITHOUT_SPACES = frozenset({"zh_Hans", "zh_Hant", "ko", "ru", "ar"})
"""No spaces between words, or endings and prefixes written onto them."""
_IDEOGRAPH = re.compile("[\u3400-\u9fff]")
_REPEATED = re.compile(r"(\w)\1+")
_TAGGED = re.compile(r"([2-9cdfghjkmnpqrtvwxyz]{2}|[2-9cdfghjkmnpqrtvwxyz]{4}) ([0-9])")


@unique
class Kind(StrEnum):
    """How an incoming text is read."""

    STOP = "stop"
    START = "start"
    HELP = "help"
    ANSWER = "answer"
    HOLD = "hold"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Reading:
    """`language` is that of the word; `tag` names one of several referrals; `danger` and `said_yes` are for staff."""

    kind: Kind
    language: str | None = None
    digit: int | None = None
    tag: str | None = None
    danger: bool = False
    said_yes: bool = False
    may_mean_appointment: bool = False

    @property
    def stored(self) -> str:
        """The word kept in `inbound_message.read_as`."""
        return f"answer:{self.digit}" if self.kind is Kind.ANSWER else self.kind.value


def folded(text: str) -> str:
    """The text as it is compared: one form, one case, no invisible marks, no marks around it, single spaces."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text.translate(_APOSTROPHES)))
    plain = unicodedata.normalize("NFKC", plain.casefold())
    return _bare(" ".join(plain.split()), "PZC")


def _bare(text: str, kinds: str) -> str:
    """Without the letters of these kinds (Unicode's major categories) at both ends."""
    start, end = 0, len(text)
    while start < end and unicodedata.category(text[start])[0] in kinds:
        start += 1
    while end > start and unicodedata.category(text[end - 1])[0] in kinds:
        end -= 1
    return text[start:end]


def without_accents(text: str) -> str:
    """The letters without their marks."""
    apart = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


def read(text: str, opt_out_type: str | None = None, own: str = "") -> Reading:
    """What a message means. The provider's own OptOutType, where it sends one, has the last word.

    `own` is the language of the sender: a word of several languages, such as 停止, counts as a word of that one.
    """
    plain = folded(text)
    kind, language = _keyword(_bare(plain, "PZCS"), own)  # a word with a picture beside it is still that word
    if opt_out_type:
        kind = {"STOP": Kind.STOP, "START": Kind.START, "HELP": Kind.HELP}.get(opt_out_type.upper(), kind)
    if kind is not None:
        return Reading(kind, language, may_mean_appointment=plain in {"cancel", "cancelar"})
    tag, digit = _answer(plain)
    if digit is not None:
        return Reading(Kind.ANSWER, digit=digit, tag=tag)
    kind = Kind.HOLD if _may_want_stop(plain) else Kind.FREE
    return Reading(kind, danger=_is_danger(plain), said_yes=_listed(plain, words.YES) is not None)


def _keyword(plain: str, own: str = "") -> tuple[Kind | None, str | None]:
    for kind, table in ((Kind.STOP, words.STOP), (Kind.START, words.START), (Kind.HELP, words.HELP)):
        language = _listed(plain, table, own)
        if language is not None:
            return kind, language
    return None, None


def _listed(plain: str, table: Mapping[str, tuple[str, ...]], own: str = "") -> str | None:
    bare = without_accents(plain)
    for language in sorted(table, key=lambda one: one != own):
        listed = table[language]
        if any(plain == folded(word) for word in listed):
            return language
        if language in words.ACCENTS_FOLDED and any(bare == without_accents(folded(word)) for word in listed):
            return language
    return None


def _answer(plain: str) -> tuple[str | None, int | None]:
    if len(plain) == 1 and plain.isdecimal():
        return None, unicodedata.decimal(plain)
    for digit, listed in words.ANSWERS.items():
        if plain in listed:
            return None, int(digit)
    tagged = _TAGGED.fullmatch(plain)
    return (tagged[1].upper(), int(tagged[2])) if tagged else (None, None)


def _may_want_stop(plain: str) -> bool:
    if _any_inside(words.MAY_WANT_STOP, plain):
        return True
    once = _REPEATED.sub(r"\1", plain)  # "stoooop"
    if " " not in once and _keyword(once)[0] is Kind.STOP:
        return True
    return _length(plain) <= LONGEST_DOUBT and _any_inside(words.STOP, plain)


def _length(plain: str) -> int:
    """In words; Chinese writes about two letters a word and no spaces."""
    return len(plain.split()) + len(_IDEOGRAPH.findall(plain)) // 2


def _is_danger(plain: str) -> bool:
    for saying in SAYINGS:
        plain = plain.replace(saying, " ")
    return _any_inside(DANGER, plain)


def _any_inside(table: Mapping[str, tuple[str, ...]], plain: str) -> bool:
    return any(
        _inside(folded(word), plain, language)
        for language, listed in table.items()
        for word in listed
        if word not in words.TOO_COMMON
    )


def _inside(word: str, plain: str, language: str) -> bool:
    if language in words.ACCENTS_FOLDED:
        word, plain = without_accents(word), without_accents(plain)
    if not word.isascii() and language in _WITHOUT_SPACES:
        return word in plain
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", plain) is not None
