"""Our list of needs: ids, labels, words and crosswalks, and a plain suggestion from a listing's words.

The list itself is data/subneeds.json. Understanding what a person typed is search's work, not done here.
"""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import cast

TAXONOMY_NAME = "handrail-needs"

# Words that mean too many other things to stand for a need by themselves.
_LOOSE_WORDS = (
    "activities anxiety beds brakes caregiver collections custody depends formula insulin lead lockers loss mold na "
    "pads ship shots soap subs therapy tires walker wipes laundry crib aa era mat heap"
)
# Phrases that hold a need's word and mean something else.
_MISLEADING = (
    "food handler|bed bug|food safety|driver job|food drive volunteer|animal shelter|pet shelter|dog shelter|"
    "picnic shelter|tax shelter|pet food pantry|pet food|bus driver|christmas light|holiday light|light rail|bus tour"
).split("|")
# A name with such a word sells, hires, teaches or insures what its other words say: these help nobody who has the need.
_TRADE = re.compile(
    r" (insurance|boutique|certification|(?<!birth )(?<!death )certificate|degree|technician|seminar|sale|outlet|"
    r"dealership|hiring|franchise|exterminator|pest|fitness|gym|karting|basketball|hockey|reservation|luxury|designer|"
    r"crafting|wedding|party|catering|tour|juice|towing|advertising|payment center|consulting|investor|"
    r"for (?:employer|landlord|business)|rental $)"
)
_OF_WORK = frozenset({"job_search", "adult_education", "health_insurance", "id_documents"})
# Single words that are plain enough in the name of a service.
_NAME_WORDS: Mapping[str, str] = {
    "pantry": "food_pantry",
    "counseling": "counseling",
    "counselling": "counseling",
    "shelter": "emergency_shelter",
    "wic": "wic",
    "snap": "snap",
    "weatherization": "home_repair",
    "immigration": "immigration_legal",
    "diaper": "diapers",
    "furniture": "furniture_household",
}
_NAME_WEIGHT, _BODY_WEIGHT, _ENOUGH, _AT_MOST = 3, 1, 2, 4


@dataclass(frozen=True, slots=True)
class Need:
    id: str
    domain: str
    label: str
    label_es: str
    definition: str
    synonyms_en: tuple[str, ...]
    synonyms_es: tuple[str, ...]
    sensitive: bool
    open_eligibility: tuple[int, ...]
    gravity_category: str
    icd10cm: tuple[str, ...]


def _read() -> Mapping[str, object]:
    text = files("resources_db").joinpath("data/subneeds.json").read_text("utf-8")
    return cast("Mapping[str, object]", json.loads(text))


def _need(row: Mapping[str, object]) -> Need:
    crosswalk = cast("Mapping[str, object]", row["map"])
    return Need(
        id=cast("str", row["id"]),
        domain=cast("str", row["domain"]),
        label=cast("str", row["label_en"]),
        label_es=cast("str", row["label_es"]),
        definition=cast("str", row["definition"]),
        synonyms_en=tuple(cast("list[str]", row["synonyms_en"])),
        synonyms_es=tuple(cast("list[str]", row["synonyms_es"])),
        sensitive=cast("bool", row["sensitive"]),
        open_eligibility=tuple(cast("list[int]", crosswalk["open_eligibility_v2"])),
        gravity_category=cast("str", crosswalk["gravity_category"]),
        icd10cm=tuple(cast("list[str]", crosswalk["icd10cm"])),
    )


_DATA = _read()
DOMAINS: tuple[str, ...] = tuple(cast("list[str]", _DATA["domains"]))
NEEDS: Mapping[str, Need] = MappingProxyType(
    {need.id: need for need in map(_need, cast("list[Mapping[str, object]]", _DATA["subneeds"]))}
)
SENSITIVE: frozenset[str] = frozenset(need.id for need in NEEDS.values() if need.sensitive)


def is_sensitive(need_ids: Iterable[str]) -> bool:
    """True when any of the needs must stay neutral in messages and on lock screens."""
    return not SENSITIVE.isdisjoint(need_ids)


def in_domain(domain: str) -> tuple[Need, ...]:
    return tuple(need for need in NEEDS.values() if need.domain == domain)


def from_code(taxonomy: str, code: str) -> tuple[str, ...]:
    """Needs a coded term stands for: our own taxonomy, or the Open Eligibility crosswalk."""
    if taxonomy.strip().casefold() == TAXONOMY_NAME:
        return (code,) if code in NEEDS else ()
    if "open eligibility" in taxonomy.casefold().replace("-", " ") and code.isdigit():
        return tuple(n.id for n in NEEDS.values() if int(code) in n.open_eligibility[:1])
    return ()


def suggest(name: str, description: str = "", terms: Iterable[str] = ()) -> tuple[str, ...]:
    """Likely needs of a listing, best first; empty when its words say nothing clear."""
    scores: Counter[str] = Counter()
    _count(scores, name, _NAME_WEIGHT, loose=True)
    for term in terms:
        _count(scores, term, _NAME_WEIGHT, loose=True)
    _count(scores, description, _BODY_WEIGHT, loose=False)
    if _TRADE.search(f" {_fold(name)} "):
        scores = Counter({need: score for need, score in scores.items() if need in _OF_WORK})
    ranked = [(need, score) for need, score in scores.most_common(_AT_MOST) if score >= _ENOUGH]
    return tuple(need for need, _ in ranked or scores.most_common(1))


def _count(scores: Counter[str], text: str, weight: int, *, loose: bool) -> None:
    for need_id, name_words in _found(text, loose=loose):
        scores[need_id] += weight - _BODY_WEIGHT if name_words else weight


@lru_cache(maxsize=4096)
def _found(text: str, *, loose: bool) -> tuple[tuple[str, bool], ...]:
    """Needs whose phrases stand in a text, each phrase once; whether only a plain word of a name said it."""
    folded = f" {_fold(text)} "
    for phrase in _MISLEADING:
        folded = folded.replace(f" {phrase} ", " ")
    words, known = folded.split(), _phrases()
    shortest = 1 if loose else 2
    runs = {
        " ".join(words[at : at + length])
        for length in range(shortest, _longest() + 1)
        for at in range(len(words) - length + 1)
    }
    found = [(need_id, False) for phrase in sorted(runs & known.keys()) for need_id in known[phrase]]
    return (*found, *((_NAME_WORDS[word], True) for word in words if loose and word in _NAME_WORDS))


@cache
def _longest() -> int:
    return max(len(phrase.split()) for phrase in _phrases())


@cache
def _phrases() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    too_loose = set(_fold(_LOOSE_WORDS).split())
    for need in NEEDS.values():
        for words in (need.label, need.label_es, *need.synonyms_en, *need.synonyms_es):
            phrase = _fold(words)
            if phrase not in too_loose:
                found.setdefault(phrase, []).append(need.id)
    return {phrase: tuple(dict.fromkeys(ids)) for phrase, ids in found.items()}


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))
    return " ".join(map(_singular, words))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
