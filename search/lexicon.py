"""The word lists of search/data as look-up tables: phrases to needs, danger words, constraints, small words.

Reads our list of needs (resources_db.needs) and the everyday phrases beside it; the understanding is in needs.py.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from resources_db.needs import NEEDS
from search.words import split, stem

LANGUAGES = ("en", "es", "zh", "vi", "ar", "ht", "ru", "ko", "fil", "fr", "pt")
NOTHING = "-"  # a phrase that sounds like a need and is none
_LABEL, _SYNONYM, _SYNONYM_WORD, _EVERYDAY, _LOOSE = 1.0, 0.95, 0.85, 0.9, 0.55
# Words of the list of needs that mean too much else to be sure of when they stand alone.
_LOOSE_WORDS = frozenset(
    "access activities actividades brakes collections commodities depends era heap lead loss map mat mold na pads soar "
    "shots subs ship tires beds bed access vita hope link anexo computadora laptop wipes heat".split()
)
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase: its stemmed words, and what it means (a need, a constraint or a danger) with how sure."""

    key: Key
    meanings: tuple[tuple[str, float], ...]
    telling: int = 1  # words of the key that are not small


@dataclass(frozen=True, slots=True)
class Phrases:
    """Entries of one language by their first stem, longest first, and by each of their stems."""

    language: str
    by_first: Mapping[str, tuple[Entry, ...]]
    by_word: Mapping[str, tuple[Entry, ...]]
    vocabulary: frozenset[str]  # folded words as written, for spelling
    stems: frozenset[str]

    def __iter__(self) -> Iterator[Entry]:
        for entries in self.by_first.values():
            yield from entries


@dataclass(frozen=True, slots=True)
class ContextRule:
    """Beside one of `needs`, any of `words` (folded) adds `gives`, or puts it instead."""

    needs: frozenset[str]
    words: frozenset[str]
    instead: bool
    gives: str


@cache
def small_words(language: str) -> frozenset[str]:
    """Folded words that carry no need by themselves."""
    return frozenset(word for line in _lines(f"small_words.{language}.txt") for word in split(line))


@cache
def plain_words() -> frozenset[str]:
    """Common words that spelling must leave alone."""
    names = [f"plain_words.{language}.txt" for language in LANGUAGES]
    return frozenset(word for name in names for line in _lines(name) for word in split(line))


@cache
def needs_phrases(language: str) -> Phrases:
    found: dict[Key, dict[str, float]] = defaultdict(dict)
    written: set[str] = set()
    for phrase, meaning, sure in (*_from_needs(language), *_from_everyday(language)):
        _add(found, written, language, phrase, meaning, sure)
    return _phrases(language, found, written)


@cache
def danger_phrases(language: str) -> Phrases:
    return _plain_phrases(f"urgent.{language}.txt", language, skip_small=False)


@cache
def constraint_phrases(language: str) -> Phrases:
    return _plain_phrases(f"constraints.{language}.txt", language, skip_small=False)


@cache
def context_rules() -> tuple[ContextRule, ...]:
    return tuple(_rule(line) for language in LANGUAGES for line in _lines(f"context.{language}.txt"))


@cache
def related_needs() -> Mapping[str, tuple[str, ...]]:
    """What comes nearest to helping, when too little serves a need itself."""
    pairs = (line.split(":", 1) for line in _lines("related.txt"))
    return {need: tuple(others.split()) for need, others in pairs}


@cache
def place_nicknames() -> Mapping[str, str]:
    """Short names of cities, folded, to "City, ST"."""
    pairs = (line.split("=", 1) for line in _lines("places.txt"))
    return {" ".join(split(short)): full.strip() for short, full in pairs}


def _lines(name: str) -> Iterator[str]:
    """The lines of one list, without notes; a list that is not there is empty."""
    path = files("search").joinpath("data", name)
    for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def _rule(line: str) -> ContextRule:
    needs, words, gives = (part.strip() for part in line.split("|"))
    said = frozenset(word for phrase in words.split(";") for word in split(phrase))
    return ContextRule(frozenset(needs.split()), said, gives.startswith("="), gives[1:].strip())


def _from_needs(language: str) -> Iterator[tuple[str, str, float]]:
    if language not in ("en", "es"):
        return
    for need in NEEDS.values():
        label, synonyms = (need.label_es, need.synonyms_es) if language == "es" else (need.label, need.synonyms_en)
        yield label, need.id, _LABEL
        for synonym in synonyms:
            words = split(synonym)
            if len(words) > 1:
                yield synonym, need.id, _SYNONYM
            else:
                yield synonym, need.id, _LOOSE if words[0] in _LOOSE_WORDS else _SYNONYM_WORD


def _from_everyday(language: str) -> Iterator[tuple[str, str, float]]:
    for line in _lines(f"everyday.{language}.txt"):
        meaning, _, phrases = line.partition(":")
        for phrase in phrases.split(";"):
            words, _, sure = phrase.partition("=")
            yield words.strip(), meaning.strip(), float(sure) if sure else _EVERYDAY


def _plain_phrases(name: str, language: str, *, skip_small: bool) -> Phrases:
    found: dict[Key, dict[str, float]] = defaultdict(dict)
    written: set[str] = set()
    for line in _lines(name):
        meaning, _, phrases = line.partition(":")
        for phrase in phrases.split(";"):
            _add(found, written, language, phrase, meaning.strip(), 1.0, skip_small=skip_small)
    return _phrases(language, found, written)


def _add(
    found: dict[Key, dict[str, float]],
    written: set[str],
    language: str,
    phrase: str,
    meaning: str,
    sure: float,
    *,
    skip_small: bool = True,
) -> None:
    words = split(phrase)
    if not words:
        return
    written.update(words)
    telling = content(words, language) if skip_small else words
    key = tuple(stem(word, language) for word in (telling if len(telling) > 1 or len(words) == 1 else words))
    meanings = found[key]
    meanings[meaning] = max(sure, meanings.get(meaning, 0.0))


def content(words: Iterable[str], language: str) -> list[str]:
    small = small_words(language)
    return [word for word in words if word not in small]


def _phrases(language: str, found: Mapping[Key, Mapping[str, float]], written: set[str]) -> Phrases:
    grouped: dict[str, list[Entry]] = defaultdict(list)
    small = {stem(word, language) for word in small_words(language)}
    for key, meanings in found.items():
        telling = sum(word not in small for word in key)
        grouped[key[0]].append(Entry(key, tuple(meanings.items()), max(telling, 1)))
    by_first = {first: tuple(sorted(entries, key=lambda e: -len(e.key))) for first, entries in grouped.items()}
    by_word: dict[str, list[Entry]] = defaultdict(list)
    for entry in (entry for entries in by_first.values() for entry in entries):
        for word in dict.fromkeys(entry.key):
            by_word[word].append(entry)
    held = {word: tuple(entries) for word, entries in by_word.items()}
    return Phrases(language, by_first, held, frozenset(written), frozenset(by_word))
