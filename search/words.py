"""Words of any language as search sees them: folded, split, stemmed. Used alike for listings, questions and lexicon.

Folding comes before splitting: a plain split breaks vowelled Arabic and decomposed Vietnamese.
"""

import re
import threading
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

import snowballstemmer

from search.arabic import light_stem
from search.chinese import simplified

_STEMMERS = {
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "pt": "portuguese",
    "ru": "russian",
}
_LETTERS = (
    str.maketrans(
        {
            "đ": "d",
            "ł": "l",
            "ø": "o",
            "ß": "ss",
            "œ": "oe",
            "æ": "ae",
            "ı": "i",
            # Arabic: one alef, one ya, ta marbuta as ha, hamza carriers as their letter; tatweel goes
            "أ": "ا",
            "إ": "ا",
            "آ": "ا",
            "ٱ": "ا",
            "ى": "ي",
            "ة": "ه",
            "ؤ": "و",
            "ئ": "ي",
            "ـ": None,
        }
    )
    | simplified()
)
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_SPLIT = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")
_KEEPS_MARKS = "и\u0306"  # й is a letter of its own; ё is read as е
_MAX_CHARACTERS = 20_000
_lock = threading.Lock()  # a snowball stemmer keeps its word inside itself


def fold(text: str) -> str:
    """Text without case, accents, Arabic marks and look-alike letters, Chinese in one script; NFC."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    kept = []
    before = ""
    for letter in decomposed:
        if not unicodedata.combining(letter):
            kept.append(letter)
            before = letter
        elif before + letter == _KEEPS_MARKS:
            kept.append(letter)
    return unicodedata.normalize("NFC", "".join(kept).translate(_LETTERS))


def split(text: str) -> list[str]:
    """Folded words in order; apostrophes split, runs of CJK become overlapping pairs."""
    return [word for run in runs(text) for word in pairs(run)]


def runs(text: str) -> list[str]:
    """Folded stretches of letters and digits; CJK apart from other scripts."""
    return _SPLIT.findall(fold(text[:_MAX_CHARACTERS]))


def pairs(run: str) -> list[str]:
    """The index words of one run."""
    if len(run) > 1 and _IS_CJK.match(run):
        return [run[i : i + 2] for i in range(len(run) - 1)]
    return [run]


def units(run: str) -> list[str]:
    """What readings compare of one run: a word, or each character of CJK."""
    return list(run) if _IS_CJK.match(run) else [run]


@cache
def _stemmer(language: str) -> "snowballstemmer.stemmer":
    return snowballstemmer.stemmer(_STEMMERS[language])


@lru_cache(maxsize=65_536)
def stem(word: str, language: str) -> str:
    """The stem of one folded word; languages without a stemmer give the word back."""
    if language == "ar":
        return light_stem(word)
    if language not in _STEMMERS or not word.isalpha():
        return word
    with _lock:
        return str(_stemmer(language).stemWord(word))


def stems(word: str, language: str) -> frozenset[str]:
    """What a question's word may look like in the index: stemmed in the page's language and in English."""
    return frozenset({stem(word, language), stem(word, "en")})


# Little words that are written onto a word; the Arabic ones are the stemmer's.
_FILIPINO_LINKER = re.compile(r"(?<=[aeiou])(?:ng|n)$")
_FILIPINO_PREFIX = re.compile(r"^(?:pinag|mag|nag|pag|pam|pang)(?=\w{4})")


@lru_cache(maxsize=65_536)
def root(word: str, language: str) -> str:
    """What readings compare of one unit: without the little words grown onto it, then stemmed."""
    if language == "fil" and len(word) > 4:
        word = _FILIPINO_PREFIX.sub("", _FILIPINO_LINKER.sub("", word))
    return family(word, language) or stem(word, language)


def family(word: str, language: str) -> str:
    """The root that data/roots gives a word whatever the stemmer says; empty for most words."""
    named = _families(language)
    if word in named or language != "ar":
        return named.get(word, "")
    return named.get(stem(word, language), "")


@cache
def _families(language: str) -> Mapping[str, str]:
    path = files("search").joinpath("data", f"roots.{language}.txt")
    lines = path.read_text("utf-8").splitlines() if path.is_file() else []
    groups = [split(line) for line in lines if line.strip() and not line.startswith("#")]
    named = {word: group[0] + "*" for group in groups for word in group}  # "*": never another word's stem
    if language == "ar":  # a word may stand behind an article or "and": its first family by stem counts too
        for word in tuple(named):
            named.setdefault(stem(word, language), named[word])
    return named


_LATIN_ACCENTED = re.compile(r"[a-z\u00df-\u024f\u1e00-\u1eff]+")


def accented(text: str) -> list[str]:
    """Words in Latin letters that are written with accents, as written but in small letters."""
    if text.isascii():
        return []
    found = _LATIN_ACCENTED.findall(unicodedata.normalize("NFC", text[:_MAX_CHARACTERS]).lower())
    return [word for word in found if not word.isascii()]
