"""What a person may be typing: needs, names and places that begin so. Served from memory; no SQL, nothing is logged."""

import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np
from numpy.typing import NDArray

from resources_db.needs import NEEDS
from search import gazetteer, hints, lexicon
from search.geo import Point, haversine
from search.hints import Part
from search.lexicon import LANGUAGES
from search.snapshot import Snapshot

MOST = 8
_AT_FIRST = {"need": 4, "listing": 3, "organization": 2, "place": 2}
_MOST_CHARACTERS = 80
_SHORTEST, _SHORTEST_ZIP, _SHORTEST_CITY = 2, 3, 3
_SURE_ENOUGH = 0.6
_FEW = 2
_MOST_TOGETHER = 6  # words of a sentence that may begin one phrase
_LOOKED_AT = 400
_SCRIPTS = {"HANGUL": "ko", "CJK": "zh", "ARABIC": "ar", "CYRILLIC": "ru"}
_NEAR_WORDS = frozenset("in near around at en de cerca".split())
_AROUND_M = 300_000.0
_LAST = "\U0010ffff"


class Kind(StrEnum):
    NEED = "need"
    LISTING = "listing"
    ORGANIZATION = "organization"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`text` is what to show (of a need: the words that matched); `field` and `value` are what goes into the query."""

    kind: Kind
    text: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    text: str
    need: str
    sure: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Phrases:
    """Phrases of one language, and each of their words with the number of its phrase, by the alphabet."""

    phrases: tuple[_Phrase, ...]
    words: tuple[str, ...]
    numbers: tuple[int, ...]

    def beginning(self, word: str) -> Iterator[_Phrase]:
        for place in range(bisect_left(self.words, word), bisect_left(self.words, word + _LAST)):
            yield self.phrases[self.numbers[place]]


def suggest(snapshot: Snapshot | None, text: str, lang: str = "en", limit: int = MOST) -> tuple[Suggestion, ...]:
    """At most `limit` suggestions; none for what is too short to tell anything."""
    typed = _typed(text)
    if not typed or (len(typed) == 1 and len(typed[0]) < _shortest(typed[0])):
        return ()
    listings = list(_names(snapshot, typed, Kind.LISTING)) if snapshot else []
    listed = {one.text.casefold() for one in listings}
    named = list(_names(snapshot, typed, Kind.ORGANIZATION)) if snapshot else []
    named = [one for one in named if one.text.casefold() not in listed]
    places = list(_places(snapshot.middle if snapshot else None, typed))
    needs, whole = _needs(typed, lang)
    if not whole and places and _NEAR_WORDS & set(typed):
        needs = []  # what stands behind "in" is a place, not a need
    found = {Kind.NEED: needs, Kind.LISTING: listings, Kind.ORGANIZATION: named, Kind.PLACE: places}
    if not whole and (listings or named):
        found = {**{kind: found[kind] for kind in (Kind.LISTING, Kind.ORGANIZATION)}, **found}
        found[Kind.NEED] = needs[:_FEW]
    return _mixed(found, limit)


def warm() -> None:
    """Read the word lists and the cities now, so that the first who types need not wait."""
    gazetteer.warm()
    for language in ("en", "es"):
        _phrases(language)


def _mixed(found: dict[Kind, list[Suggestion]], limit: int) -> tuple[Suggestion, ...]:
    """Some of each kind; what one kind leaves free, the others fill."""
    taken = {kind: min(len(some), _AT_FIRST[kind]) for kind, some in found.items()}
    for kind, some in found.items():
        free = limit - sum(taken.values())
        taken[kind] += max(min(free, len(some) - taken[kind]), 0)
    return tuple(one for kind, some in found.items() for one in some[: taken[kind]])[:limit]


def _typed(text: str) -> tuple[str, ...]:
    words = hints.words_of(" ".join(text[:_MOST_CHARACTERS].split()))
    # of a run without spaces only the whole is typed, not each of its ends
    return tuple(word for place, word in enumerate(words) if not place or not words[place - 1].endswith(word))


def _shortest(word: str) -> int:
    return _SHORTEST if word.isascii() else 1


def _needs(typed: Sequence[str], lang: str) -> tuple[list[Suggestion], bool]:
    """By the last words of what was typed: "i need help with light b" begins "light bill". Were they all the words?"""
    for length in range(min(len(typed), _MOST_TOGETHER), 0, -1):
        last = typed[-length:]
        if length == 1 and len(last[0]) < _shortest(last[0]):
            break
        best = _best_phrases(last, lang)
        if best:
            return [Suggestion(Kind.NEED, one.text, "need", one.need) for one in best], length == len(typed)
    return [], False


def _best_phrases(typed: Sequence[str], lang: str) -> list[_Phrase]:
    ranked: list[tuple[tuple[int, bool, float, int, str], _Phrase]] = []
    for rank, language in enumerate(_languages(typed, lang)):
        for phrase in _phrases(language).beginning(typed[-1]):
            if phrase.sure >= _SURE_ENOUGH and all(word in phrase.words for word in typed[:-1]):
                later = not phrase.words[0].startswith(typed[0])
                ranked.append(((rank, later, -phrase.sure, len(phrase.text), phrase.text), phrase))
    best: dict[str, _Phrase] = {}
    for _, phrase in sorted(ranked, key=lambda item: item[0]):
        best.setdefault(phrase.need, phrase)
    return list(best.values())[:MOST]


def _languages(typed: Sequence[str], lang: str) -> tuple[str, ...]:
    """The page's language, that of the letters, then English and Spanish."""
    named = (unicodedata.name(word[0], "").split(" ")[0] for word in typed)
    scripts = [_SCRIPTS[name] for name in named if name in _SCRIPTS]
    known = (*([lang] if lang in LANGUAGES else []), *scripts, "en", "es")
    return tuple(dict.fromkeys(known))


@cache
def _phrases(language: str) -> _Phrases:
    said = [
        _Phrase(phrase, need, sure, hints.words_of(phrase))
        for phrase, need, sure in lexicon.needs_said(language)
        if need in NEEDS
    ]
    phrases = tuple(one for one in said if one.words)
    entries = sorted({(word, number) for number, one in enumerate(phrases) for word in one.words})
    return _Phrases(phrases, tuple(word for word, _ in entries), tuple(number for _, number in entries))


def _names(snapshot: Snapshot, typed: Sequence[str], kind: Kind) -> Iterator[Suggestion]:
    """Names that hold all typed words, the last one begun; those that begin with it first, by the alphabet."""
    arrays = snapshot.columns.arrays
    first, later = _PARTS[kind]
    held = arrays.alive
    for word in typed[:-1]:
        held = held & _holding(snapshot, word, (first, later))
    begun = snapshot.hints(typed[-1])
    rows, parts = begun.row, begun.part
    shown = arrays.shown_name if kind is Kind.LISTING else arrays.shown_organization
    seen: set[str] = set()
    for part in (first, later):
        for row in rows[(parts == part) & held[rows]][:_LOOKED_AT]:
            name = hints.read(shown[row])
            if name.casefold() not in seen and _fits(name, typed):
                seen.add(name.casefold())
                yield Suggestion(kind, name, "q", name)
            if len(seen) >= MOST:
                return


_PARTS = {
    Kind.LISTING: (Part.NAME_FIRST, Part.NAME_LATER),
    Kind.ORGANIZATION: (Part.ORGANIZATION_FIRST, Part.ORGANIZATION_LATER),
}


def _holding(snapshot: Snapshot, word: str, parts: Iterable[Part]) -> NDArray[np.bool_]:
    held = snapshot.hints(word, whole=True)
    mask = np.zeros(snapshot.columns.rows, np.bool_)
    mask[held.row[np.isin(held.part, list(parts))]] = True
    return mask


def _fits(name: str, typed: Sequence[str]) -> bool:
    """The columns hold words cut short: this looks at the whole ones."""
    words = hints.words_of(name)
    return all(word in words for word in typed[:-1]) and any(word.startswith(typed[-1]) for word in words)


def _places(middle: Point | None, typed: Sequence[str]) -> Iterator[Suggestion]:
    """A ZIP or a city that begins so, the nearest ones first."""
    if len(typed[-1]) >= _SHORTEST_ZIP and typed[-1].isdigit() and typed[-1].isascii():
        zips = gazetteer.zips_beginning(typed[-1])
        codes = _nearest(middle, [(code.code, code.latitude, code.longitude, 0) for code in zips])
        yield from (Suggestion(Kind.PLACE, code, "near", code) for code in codes)
        return
    begins = _city_words(typed)
    if len(begins) >= _SHORTEST_CITY:
        found = gazetteer.cities_beginning(begins)
        named = [(f"{city.name}, {city.state}", city.latitude, city.longitude, len(city.zips)) for city in found]
        yield from (Suggestion(Kind.PLACE, name, "near", name) for name in _nearest(middle, named))


def _city_words(typed: Sequence[str]) -> str:
    """What stands behind the last "in" or "near", or everything."""
    ends = [place for place, word in enumerate(typed) if word in _NEAR_WORDS]
    return " ".join(typed[ends[-1] + 1 :] if ends else typed)


def _nearest(middle: Point | None, found: Sequence[tuple[str, float, float, int]]) -> list[str]:
    """Around the listings, the biggest first and equals the nearest first; far away only a few, when none is here."""
    if not found:
        return []
    origin = middle or Point(found[0][1], found[0][2])
    metres = haversine(origin, np.array([one[1] for one in found]), np.array([one[2] for one in found]))
    keyed = [(-size, float(far), name) for far, (name, _, _, size) in zip(metres, found, strict=True)]
    here = sorted(one for one in keyed if one[1] <= _AROUND_M)
    return [name for _, _, name in here[:MOST] or sorted(keyed)[:_FEW]]
