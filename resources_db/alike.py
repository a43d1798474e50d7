"""How alike two names are: what people write in many ways is made one first. Pure; knows no tables."""

import re
import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher
from functools import lru_cache

_DROPPED = frozenset("inc incorporated llc llp ltd corp corporation co the of at and for a an".split())
_SHORT: Mapping[str, str] = dict(
    pair.split("=")
    for pair in (
        "saint=st street=st str=st avenue=ave av=ave road=rd boulevard=blvd drive=dr lane=ln court=ct "
        "mount=mt fort=ft center=ctr centre=ctr cntr=ctr services=service svc=service svcs=service srvcs=service "
        "association=assoc assn=assoc department=dept community=comm cmty=comm university=univ county=cnty "
        "national=natl hospital=hosp government=govt organization=org organisation=org program=prog programme=prog "
        "programs=prog ministries=ministry churches=church pantries=pantry foundation=fdn fndn=fdn "
        "north=n south=s east=e west=w"
    ).split()
)
# Letters that look like Latin ones: a name may be copied so that it looks the same and is not (bad-inputs.md, 88).
_LOOKALIKES = {
    int(code, 16): latin
    for latin, codes in (
        pair.split("=")
        for pair in (
            "a=0430,03b1 b=0432,03b2 c=0441 e=0435,03b5 h=043d i=0456,03b9,0131 j=0458 k=043a,03ba m=043c n=03b7 "
            "o=043e,03bf p=0440,03c1 s=0455 t=0442,03c4 u=03c5 v=03bd x=0445,03c7 y=0443"
        ).split()
    )
    for code in codes.split(",")
}
_DIGITS_AS_LETTERS = re.compile(r"(?<=[a-z])[01](?=[a-z])")
_NOT_WORDS = re.compile(r"[^\w]+")
_SETS_APART = frozenset(
    "n s e w ne nw se sw men mens women womens boys girls adult adults child children kids youth teen teens senior "
    "seniors family families infant infants veteran veterans male female i ii iii iv upper lower day night morning "
    "evening summer winter spring fall".split()
)
"""Words that tell two sites or two services of one house apart, however alike the rest of the name is."""
_GRAM = 3
_SHORTEST = 2  # letters of an abbreviation
_SLIP = 0.75
_MOST = 120  # letters compared; the cost grows with the square


def letters(text: str) -> str:
    """Lower case without accents, and with letters that only look Latin made Latin."""
    plain = _plain(text).translate(_LOOKALIKES)
    return _DIGITS_AS_LETTERS.sub(lambda found: "o" if found[0] == "0" else "l", plain)


def _plain(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))


@lru_cache(maxsize=20_000)
def normal(name: str) -> str:
    """Case, punctuation, Inc/LLC/The, St/Saint and the like do not count."""
    said = letters(name).replace("'", "").replace("\u2019", "")
    words = [_SHORT.get(word, word) for word in _NOT_WORDS.sub(" ", said).split()]
    kept = [word for word in words if word not in _DROPPED]
    return " ".join(kept or words)


def disguised(one: str, other: str) -> bool:
    """Names that a reader takes for the same though letters of another script, or digits, stand in one of them."""
    return _plain(one) != _plain(other) and letters(one) == letters(other)


def grams(text: str) -> frozenset[str]:
    """Runs of three letters of the words, with the edges of words as letters."""
    padded = f"  {text} "
    return frozenset(padded[at : at + _GRAM] for at in range(len(padded) - _GRAM + 1))


def trigrams(one: str, other: str) -> float:
    """Shared runs of three letters, 0 to 1."""
    first, second = grams(one), grams(other)
    return len(first & second) / len(first | second) if first and second else 0.0


@lru_cache(maxsize=50_000)
def names(one: str, other: str) -> float:
    """How alike two names are, 0 to 1.

    Halved where a number or a word such as "north" or "women" stands in one only, or where a word was put in the
    place of another: "Tax Help" is not a way to write "Rent Help", however much else of the two is the same.
    """
    first, second = normal(one), normal(other)
    if not first or not second:
        return 0.0
    if first.replace(" ", "") == second.replace(" ", ""):
        return 1.0
    words, others = first.split(), second.split()
    mine = [word for word in words if not _has(others, word)]
    theirs = [word for word in others if not _has(words, word)]
    apart = set(words) ^ set(others)
    measured = max(_ratio(first, second), _ratio(" ".join(sorted(words)), " ".join(sorted(others))))
    set_apart = any(word in _SETS_APART or any(letter.isdigit() for letter in word) for word in apart)
    return measured / 2 if set_apart or (mine and theirs) else measured


def _has(words: list[str], wanted: str) -> bool:
    """The word, a slip of it, or its beginning as an abbreviation."""
    return any(
        word == wanted
        or (min(len(word), len(wanted)) >= _SHORTEST and (word.startswith(wanted) or wanted.startswith(word)))
        or _ratio(word, wanted) >= _SLIP
        for word in words
    )


def _ratio(first: str, second: str) -> float:
    return SequenceMatcher(None, first[:_MOST], second[:_MOST], autojunk=False).ratio()


def texts(one: str, other: str) -> float:
    """How many words two descriptions share, 0 to 1."""
    first, second = set(normal(one).split()), set(normal(other).split())
    return len(first & second) / len(first | second) if first and second else 0.0
