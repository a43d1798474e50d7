"""Spanish words that sound alike, however they are written ("ipoteca", "sicologo", "kasa").

Owns how a word sounds; what to do about a slip is decided in spelling.
"""

import re
from functools import cache

from search.lexicon import vocabulary

_SHORTEST = 4
# Folded Spanish letters that are said the same, in this order.
_SAID_AS = tuple(
    (re.compile(written), said)
    for written, said in (
        ("sh", "ch"),
        ("(?<!c)h", ""),
        ("ll", "y"),
        (r"(.)\1+", r"\1"),
        ("[vw]", "b"),
        ("ps(?=[aeiou])", "s"),
        ("s?c(?=[ei])|z|x", "s"),
        ("qu(?=[ei])|k|c(?!h)", "k"),
        ("gu(?=[ei])", "g*"),
        ("g(?=[ei])", "j"),
        (r"g\*", "g"),
        ("n(?=[bp])", "m"),
        ("y(?![aeiou])", "i"),
    )
)


@cache
def _sounding() -> dict[str, str]:
    """The word of the lists for each sound; the shortest where several sound the same."""
    words = sorted((word for word in vocabulary("es") if _may_sound(word)), key=lambda word: (-len(word), word))
    return {_sound(word): word for word in words}


def meant(word: str) -> str:
    """The word of the Spanish lists that sounds like this one; empty where none does."""
    found = _sounding().get(_sound(word), "") if _may_sound(word) else ""
    return "" if found == word else found


def _may_sound(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha() and word.isascii()


def _sound(word: str) -> str:
    for written, said in _SAID_AS:
        word = written.sub(said, word)
    return word
