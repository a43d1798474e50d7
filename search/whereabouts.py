"""A place said inside a question: a ZIP, "Dayton, OH", "near Covington", "cerca de Hamilton", "Hamilton 附近"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from search import gazetteer, sentence, tongues
from search.errors import PlaceError
from search.geo import Point, exact_metres
from search.geocode import Place, find_place
from search.lexicon import (
    BY_CHARACTER,
    constraint_phrases,
    known_words,
    needs_phrases,
    place_words,
    places_written,
    root,
)
from search.words import fold, split

_ZIP = re.compile(r"(?<![\d-])\d{5}(?:-\d{4})?(?![\d-])", re.ASCII)
_CITY_STATE = re.compile(r"([^\W\d_][\w.'’ -]{1,40}?),?\s+([A-Za-z]{2})\b\.?(?:\s*$|[,.;])")
_NAME = r"((?:[^\W\d_][\w.'’-]*\s*){1,4})"
_LATIN_NAME = r"([A-Za-z][A-Za-z.'’-]*(?:\s[A-Za-z][A-Za-z.'’-]*){0,3})"
_BEFORE_ZIP = ("by", "zip", "code", "codigo", "código", "postal", "area")
_LONGEST_NAME = 4
_FEWEST_ZIPS = 2  # "in English" is not English, Indiana
_HOME_METRES = 120_000.0  # a name without "in" is a place only when it is around here
_MOST_CHARACTERS = 1_000


@dataclass(frozen=True, slots=True)
class Said:
    """The place, and the question without it."""

    place: Place
    rest: str


def find(text: str, prefer: Point | None = None, page: str = "en") -> Said | None:
    """The place a question names, if it names one we know."""
    text = text[:_MOST_CHARACTERS]
    languages = _languages(text, page)
    ways = (_by_zip(text), _by_city_and_state(text), _by_own_name(text), _beside_a_word(text, languages))
    for place, start, end in (found for way in ways for found in way):
        known = _known(place, prefer)
        if known is not None:
            return Said(known, _cut(text, start, _past_state(text, end, known), languages))
    return _at_the_end(text, prefer, languages)


_Found = tuple[str, int, int]  # what to look up, and where it stands


def _languages(text: str, page: str) -> tuple[str, ...]:
    ours = tongues.page_language(page)
    return tuple(dict.fromkeys((*tongues.of(sentence.of(text).units, text, ours).order, ours, "en", "es")))


def _by_zip(text: str) -> Iterator[_Found]:
    for found in _ZIP.finditer(text):
        yield found[0], found.start(), found.end()


def _by_city_and_state(text: str) -> Iterator[_Found]:
    for found in _CITY_STATE.finditer(text):
        state = gazetteer.state_code(found[2])
        if state is None or ("," not in found[0] and not found[2].isupper()):
            continue  # "help me" is not a town in Maine
        words = found[1].split()
        for first in range(max(len(words) - _LONGEST_NAME, 0), len(words)):
            name = " ".join(words[first:])
            if name in found[1]:
                yield f"{name}, {state}", found.start(1) + found[1].rindex(name), found.end(2)


def _by_own_name(text: str) -> Iterator[_Found]:
    """Cities in other letters than ours, with whatever ending the language gives them."""
    if not text.isascii():
        for pattern, city in _foreign_names():
            for found in pattern.finditer(text):
                yield city, found.start(), found.end()


@cache
def _foreign_names() -> tuple[tuple[re.Pattern[str], str], ...]:
    names = [(name, city) for name, city in places_written() if not name.isascii()]
    return tuple((_of_name(name), city) for name, city in names)


def _of_name(name: str) -> re.Pattern[str]:
    words = [re.escape(word) for word in re.findall(r"[^\W_]+", name)]
    ending = "" if tongues.is_cjk(name) else r"\w{0,2}"
    return re.compile(r"[\W_]*".join(words) + ending, re.IGNORECASE)


def _beside_a_word(text: str, languages: tuple[str, ...]) -> Iterator[_Found]:
    for pattern in _patterns(languages):
        for found in pattern.finditer(text):
            words = found[1].split()
            for length in range(len(words), 0, -1):
                name = " ".join(words[:length])
                if _is_a_city(name):
                    last = found[1].index(words[length - 1]) + len(words[length - 1])
                    yield name, found.start(), found.end() if length == len(words) else found.start(1) + last


@lru_cache(maxsize=64)
def _patterns(languages: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    made = []
    for language in languages:
        close = language in BY_CHARACTER  # written without spaces
        before, after = (_any_of(place_words(language, where)) for where in ("before", "after"))
        if before:
            made.append(rf"(?:{before})\s*{_LATIN_NAME}" if close else rf"\b(?:{before})\s+{_NAME}")
        if after:
            made.append(rf"{_LATIN_NAME}\s*(?:{after})")
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in made)


def _any_of(words: tuple[str, ...]) -> str:
    """These words, with and without accents."""
    plain = (fold(word) for word in words)
    written = dict.fromkeys((*words, *(word for word in plain if len(word) > 1)))
    return "|".join(re.escape(word) for word in sorted(written, key=len, reverse=True))


def _past_state(text: str, end: int, place: Place) -> int:
    """The state after a city belongs to it: "in covington ky"."""
    found = re.match(r"\s*,?\s*([A-Za-z]{2})\b", text[end:])
    return end + found.end() if found and gazetteer.state_code(found[1]) == place.state else end


def _is_a_city(name: str) -> bool:
    folded = split(name)
    if len(folded) == 1 and _is_a_word(folded[0]):
        return False  # "in mobile homes" is not Mobile, Alabama
    return any(len(city.zips) >= _FEWEST_ZIPS for city in gazetteer.cities(name))


def _is_a_word(word: str) -> bool:
    return any(
        word in known_words(tongue) or root(word, tongue) in needs_phrases(tongue).stems for tongue in ("en", "es")
    )


def _at_the_end(text: str, prefer: Point | None, languages: tuple[str, ...]) -> Said | None:
    """The last words are a city around here, and something else is said before: "rent help hamilton tonight"."""
    if prefer is None or languages[0] not in tongues.LATIN:
        return None
    words = text.split()
    times = _words_of_time(languages[0])
    last = next((at for at in range(len(words), 0, -1) if words[at - 1].strip(".,!?").lower() not in times), 0)
    words, after = words[:last], words[last:]
    state = gazetteer.state_code(words[-1].strip(".,!?")) if len(words) > 2 else None
    words = words[:-1] if state else words
    for length in range(min(_LONGEST_NAME - 1, len(words) - 1), 0, -1):
        name = " ".join(words[-length:]).strip(" ,.;!?")
        if _is_a_city(name):
            place = _known(name, prefer)
            near = place is not None and exact_metres(prefer, place.point) <= _HOME_METRES
            if place is not None and near and state in (None, place.state):
                return Said(place, " ".join([*words[:-length], *after]).strip(" ,.;"))
    return None


@cache
def _words_of_time(language: str) -> frozenset[str]:
    """Words that may stand after a city and say when."""
    times = (entry for entry in constraint_phrases(language) if entry.meanings[0][0].startswith("open_"))
    return frozenset(word for entry in times for word in entry.key if len(entry.key) == 1 or entry.telling > 1)


def _known(text: str, prefer: Point | None = None) -> Place | None:
    try:
        return find_place(text, prefer)
    except PlaceError:
        return None


def _cut(text: str, start: int, end: int, languages: tuple[str, ...]) -> str:
    words = _any_of(tuple(word for tongue in languages for word in place_words(tongue, "before")) + _BEFORE_ZIP)
    before = re.sub(rf"(?:^|(?<=\s))(?:{words})\s*$", "", text[:start].rstrip(), flags=re.IGNORECASE)
    return " ".join(f"{before} {text[end:]}".split()).strip(" ,.;")
