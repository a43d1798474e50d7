"""Words of any language as search sees them: folded, split, stemmed. Used alike for listings, questions and lexicon.

Folding comes before splitting: a plain split breaks vowelled Arabic and decomposed Vietnamese.
"""

import re
import threading
import unicodedata
from functools import cache, lru_cache

import snowballstemmer

from search.arabic import light_stem

_STEMMERS = {
    "en": "english",
    "es": "spanish",
    "fr": "french",
    "pt": "portuguese",
    "ru": "russian",
}
_LETTERS = str.maketrans(
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
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_SPLIT = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+")
_IS_CJK = re.compile(rf"[{_CJK}]")
_KEEPS_MARKS = "и\u0306"  # й is a letter of its own; ё is read as е
_MAX_CHARACTERS = 20_000
_lock = threading.Lock()  # a snowball stemmer keeps its word inside itself


def fold(text: str) -> str:
    """Text without case, accents, Arabic marks and look-alike letters; NFC."""
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
    found: list[str] = []
    for run in _SPLIT.findall(fold(text[:_MAX_CHARACTERS])):
        if _IS_CJK.match(run) and len(run) > 1:
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
        else:
            found.append(run)
    return found


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
