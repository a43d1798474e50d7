"""Mixed questions as people ask them: words, radius, category, language and open now, slips, beginnings, sayings."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from resources_db.needs import NEEDS
from search.criteria import OpenWhen, SearchCriteria

PLACES = (
    "45202 45219 41011 60614 60629 77002 77036 10001 10025 90011 90026 33125 33136 19104 75201 78207 85003 98104 80202 "
    "63101 40202 43215 48201 55401 02118 30303 37203 70112 97205 27701 59801 04401 82801 58501 88001"
).split()
NAMES = (
    "hope harbor pantry", "grace food pantry", "union mission", "salvation family", "bethel church",
    "catholic services", "lincoln clinic", "trinity diapers", "sunrise counseling", "haven shelter",
    "mercy medical rides", "elm river center", "food", "help with rent", "free legal help", "community family center",
)  # fmt: skip
SAYINGS = (
    "no food for the kids", "light bill", "ride to dialysis", "someone to talk to", "comida para mis hijos",
    "diapers and formula", "behind on rent and food", "need a lawyer for eviction", "no tengo para la luz",
    "my water got shut off", "place to sleep tonight", "somewhere to get a shower", "insulin is too expensive",
    "i lost my job", "winter coat for my son", "help with my phone bill",
)  # fmt: skip
SLIPS = ("pantrie", "food pantri near me", "counselling servces", "eletric bill", "dentel clinic", "shleter tonight",
         "childcar help", "imigration lawyer", "furnitur", "grocerys")  # fmt: skip
BEGUN = (
    "har",
    "hope pan",
    "catholic serv",
    "lutheran min",
    "bethel coun",
    "sun",
    "food pant",
    "grace chur",
    "hav",
    "jeff",
)
KINDS = ("text", "radius", "category", "language and open now", "misspelt", "prefix", "saying")


@dataclass(frozen=True, slots=True)
class Asked:
    kind: str
    criteria: SearchCriteria


def mixed(count: int = 200, seed: int = 3) -> list[Asked]:
    chance = random.Random(seed)
    return [_asked(chance, KINDS[number % len(KINDS)]) for number in range(count)]


def by_kind(asked: Sequence[Asked]) -> Mapping[str, list[int]]:
    return {kind: [place for place, one in enumerate(asked) if one.kind == kind] for kind in KINDS}


def _asked(chance: random.Random, kind: str) -> Asked:
    need = chance.choice(sorted(NEEDS))
    here = chance.choice(PLACES)
    somewhere = here if chance.random() < 0.6 else ""
    asked = {
        "text": lambda: SearchCriteria(q=chance.choice(NAMES), near=somewhere),
        "radius": lambda: SearchCriteria(
            needs=(need,), near=here, radius_m=chance.choice((3_000, 8_000, 16_093, 40_000, 80_000))
        ),
        "category": lambda: SearchCriteria(needs=(need,), near=somewhere, radius_m=80_000),
        "language and open now": lambda: SearchCriteria(
            needs=(need,),
            near=here,
            radius_m=40_000,
            language=chance.choice(("es", "zh", "ar")),
            open_when=OpenWhen.NOW,
        ),
        "misspelt": lambda: SearchCriteria(q=chance.choice(SLIPS), near=somewhere),
        "prefix": lambda: SearchCriteria(q=chance.choice(BEGUN), near=somewhere),
        "saying": lambda: SearchCriteria(q=chance.choice(SAYINGS), near=somewhere, lang="en"),
    }
    return Asked(kind, asked[kind]())
