"""The word lists of search/data as look-up tables: phrases to needs, danger words, constraints, small words.

Reads our list of needs (resources_db.needs) and the everyday phrases beside it; the understanding is in needs.py.
Formats are told in data/README.md. Tables of a language are made when it is first read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from resources_db.needs import NEEDS
from search import words as forms
from search.words import accented, runs, split, units

LANGUAGES = ("en", "es", "zh", "vi", "ar", "ht", "ru", "ko", "fil", "fr", "pt")
BY_CHARACTER = frozenset({"zh", "ko"})  # read without word boundaries
NOTHING = "-"  # a phrase that sounds like a need and is none
GAP = " "  # in a key of a language read by character: other words may stand here
_LABEL, _SYNONYM, _SYNONYM_WORD, _EVERYDAY, _LOOSE = 1.0, 0.95, 0.85, 0.9, 0.55
# Words of the list of needs that mean too much else to be sure of when they stand alone.
_LOOSE_WORDS = frozenset(
    "access activities actividades brakes collections commodities depends era heap lead loss map mat mold na pads soar "
    "shots subs ship tires beds bed access vita hope link anexo computadora laptop wipes heat".split()
)
# Words whose stem is that of a plainer word.
_WHOLE = {
    "en": frozenset(
        "housing billing lighting fired wills filling fillings siding heating passed medication apart weather hear "
        "natural commodities kick cut parent train aid trap".split()
    ),
    "es": frozenset(
        "mesa mesas parto partida minutos papeles medicaid medicare mandado marido maridos bote bebida bebidas "
        "bebo sol seguridad especial coco limpia limpio limpie jala jalo cela mata ase "
        "mato matando matan matar mataron mate matado llevo llevamos lleva deje "
        "pasada pasado paso pasa pasan pasar".split()
    ),
}
Key = tuple[str, ...]
Said = tuple[str, str, float]  # phrase, meaning, how sure


@dataclass(frozen=True, slots=True)
class Entry:
    """One phrase: the roots of its words, and what it means (a need, a constraint or a danger) with how sure."""

    key: Key
    meanings: tuple[tuple[str, float], ...]
    telling: int = 1  # words of the key that are not small


@dataclass(frozen=True, slots=True)
class Phrases:
    """Entries of one language by their first root, longest first, and by each of their roots."""

    language: str
    by_first: Mapping[str, tuple[Entry, ...]]
    by_word: Mapping[str, tuple[Entry, ...]]
    stems: frozenset[str]

    def __iter__(self) -> Iterator[Entry]:
        for entries in self.by_first.values():
            yield from entries


@dataclass(frozen=True, slots=True)
class ContextRule:
    """Beside one of `needs`, any of `words` (roots; in CJK phrases) adds `gives`, or puts it instead."""

    needs: frozenset[str]
    words: frozenset[str]
    instead: bool
    gives: str


@cache
def small_words(language: str) -> frozenset[str]:
    """Folded words that carry no need by themselves."""
    return frozenset(word for line in _lines(f"small_words.{language}.txt") for word in split(line))


@cache
def asking_words(language: str) -> frozenset[str]:
    """Folded words after which people name what they ask for."""
    return frozenset(word for line in _lines(f"asking.{language}.txt") for word in split(line))


@cache
def unwanted_phrases(language: str) -> Phrases:
    """What says that the words after it are not asked for ("already have"), and what may stand between."""
    return _phrases(language, _said(f"unwanted.{language}.txt"), skip_small=False)


@cache
def joining_words(language: str) -> frozenset[str]:
    return frozenset(word for line in _lines(f"joining.{language}.txt") for word in split(line))


@cache
def plain_words(language: str) -> frozenset[str]:
    """Common words of a language that are no need: spelling leaves them alone."""
    return frozenset(word for line in _lines(f"plain_words.{language}.txt") for word in split(line))


@lru_cache(maxsize=65_536)
def root(unit: str, language: str) -> str:
    """What readings compare of one unit. A small word stays as it is: "como" is not the root of "comida"."""
    if unit in small_words(language) or unit in _WHOLE.get(language, ()):
        return forms.family(unit, language) or unit
    found = forms.root(unit, language)
    return f"{found}~" if found in small_words(language) else found


@cache
def short_forms(language: str) -> Mapping[str, tuple[str, ...]]:
    """How people write words when they text or write by ear, folded, to the words meant."""
    pairs = (pair.partition("=") for line in _lines(f"short_forms.{language}.txt") for pair in line.split(";"))
    return {"".join(split(short)): tuple(split(full)) for short, _, full in pairs if full.strip()}


@cache
def vocabulary(language: str) -> frozenset[str]:
    """Folded words of the phrases that mean a need, as written."""
    return frozenset(word for phrase, _meaning, _sure in needs_said(language) for word in split(phrase))


@cache
def known_words(language: str) -> frozenset[str]:
    """Every folded word the lists hold for a language: a sign that a text is written in it."""
    said = (phrase for name in ("urgent", "constraints") for phrase, _kind, _sure in _said(f"{name}.{language}.txt"))
    other = (word for phrase in said for word in split(phrase))
    listed = small_words(language) | plain_words(language) | short_forms(language).keys()
    return vocabulary(language) | listed | frozenset(other)


@cache
def accented_words(language: str) -> frozenset[str]:
    """Words with accents as written: stronger evidence than folded ones."""
    lists = [line for name in ("small_words", "plain_words") for line in _lines(f"{name}.{language}.txt")]
    phrases = [phrase for phrase, _meaning, _sure in needs_said(language)]
    return frozenset(word for text in (*lists, *phrases) for word in accented(text))


@cache
def needs_phrases(language: str) -> Phrases:
    return _phrases(language, needs_said(language), skip_small=True)


@cache
def danger_phrases(language: str) -> Phrases:
    return _phrases(language, _said(f"urgent.{language}.txt"), skip_small=False)


@cache
def constraint_phrases(language: str) -> Phrases:
    return _phrases(language, _said(f"constraints.{language}.txt"), skip_small=False)


@cache
def context_rules(language: str) -> tuple[ContextRule, ...]:
    return tuple(_rule(line, language) for line in _lines(f"context.{language}.txt"))


@cache
def place_words(language: str, where: str) -> tuple[str, ...]:
    """Words that stand `before` or `after` the name of a place, longest first."""
    lines = (line.partition(":") for line in _lines(f"near.{language}.txt"))
    words = {word.strip() for head, _, said in lines if head.strip() == where for word in said.split(";")}
    return tuple(sorted(words - {""}, key=lambda word: (-len(word), word)))


@cache
def related_needs() -> Mapping[str, tuple[str, ...]]:
    """What comes nearest to helping, when too little serves a need itself."""
    pairs = (line.split(":", 1) for line in _lines("related.txt"))
    return {need: tuple(others.split()) for need, others in pairs}


@cache
def circumstances() -> Mapping[str, frozenset[str]]:
    """Needs that are mostly the reason for these others when said beside them; an empty set stands for any."""
    pairs = (line.split(":", 1) for line in _lines("circumstances.txt"))
    return {need.strip(): frozenset(others.split()) - {"*"} for need, others in pairs}


@cache
def places_written() -> tuple[tuple[str, str], ...]:
    """Short names of cities as written, with "City, ST"."""
    pairs = (line.split("=", 1) for line in _lines("places.txt"))
    return tuple((short.strip(), full.strip()) for short, full in pairs)


@cache
def place_nicknames() -> Mapping[str, str]:
    """Short names of cities, folded, to "City, ST"."""
    return {" ".join(split(short)): full for short, full in places_written()}


def content(words: Iterable[str], language: str) -> list[str]:
    return [word for word in words if word not in small_words(language)]


def _lines(name: str) -> Iterator[str]:
    """The lines of one list, without notes; a list that is not there is empty."""
    path = files("search").joinpath("data", name)
    for line in path.read_text("utf-8").splitlines() if path.is_file() else ():
        if line.strip() and not line.startswith("#"):
            yield line.strip()


def _rule(line: str, language: str) -> ContextRule:
    needs, words, gives = (part.strip() for part in line.split("|"))
    if language in BY_CHARACTER:
        said = frozenset("".join(runs(phrase)) for phrase in words.split(";"))
    else:
        said = frozenset(root(word, language) for phrase in words.split(";") for word in split(phrase))
    return ContextRule(frozenset(needs.split()), said - {""}, gives.startswith("="), gives[1:].strip())


@cache
def needs_said(language: str) -> tuple[Said, ...]:
    return (*_from_needs(language), *_said(f"everyday.{language}.txt", _EVERYDAY))


def _from_needs(language: str) -> Iterator[Said]:
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


def _said(name: str, usual: float = 1.0) -> Iterator[Said]:
    for line in _lines(name):
        meaning, _, phrases = line.partition(":")
        for phrase in phrases.split(";"):
            words, _, sure = phrase.partition("=")
            yield words.strip(), meaning.strip(), float(sure) if sure else usual


def _key_of(language: str, *, skip_small: bool) -> Callable[[str], Key]:
    small, short = small_words(language), short_forms(language)

    def key(phrase: str) -> Key:
        if language in BY_CHARACTER:
            return _with_gaps(phrase)
        words = [word for unit in _units_of(phrase) for word in short.get(unit, (unit,))]
        if skip_small:
            telling = [word for word in words if word not in small]
            words = telling if len(telling) > 1 else words
        return tuple(root(word, language) for word in words)

    return key


def _units_of(phrase: str) -> list[str]:
    return [unit for run in runs(phrase) for unit in units(run)]


def _with_gaps(phrase: str) -> Key:
    parts = [part for part in map(_units_of, phrase.split()) if part]
    return tuple(unit for i, part in enumerate(parts) for unit in ([GAP] if i else []) + part)


def _phrases(language: str, said: Iterable[Said], *, skip_small: bool) -> Phrases:
    found: dict[Key, dict[str, float]] = defaultdict(dict)
    key_of = _key_of(language, skip_small=skip_small)
    for phrase, meaning, sure in said:
        key = key_of(phrase)
        if key:
            found[key][meaning] = max(sure, found[key].get(meaning, 0.0))
    return _by_words(language, found)


def _by_words(language: str, found: Mapping[Key, Mapping[str, float]]) -> Phrases:
    grouped: dict[str, list[Entry]] = defaultdict(list)
    small = {root(word, language) for word in small_words(language)} | {GAP}
    for key, meanings in found.items():
        telling = sum(word not in small for word in key)
        grouped[key[0]].append(Entry(key, tuple(meanings.items()), max(telling, 1)))
    by_first = {first: tuple(sorted(entries, key=lambda e: -len(e.key))) for first, entries in grouped.items()}
    by_word: dict[str, list[Entry]] = defaultdict(list)
    for entry in (entry for entries in by_first.values() for entry in entries):
        for word in dict.fromkeys(part for part in entry.key if part != GAP):
            by_word[word].append(entry)
    held = {word: tuple(entries) for word, entries in by_word.items()}
    return Phrases(language, by_first, held, frozenset(by_word))
