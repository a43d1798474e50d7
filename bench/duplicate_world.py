"""Organizations and services made up for the search for duplicates, with planted pairs of which we know the truth."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bench.corpus import FIRST, KINDS
from resources_db.duplicates import ORGANIZATION, SERVICE, Facts, Place

STREETS = "Vine Elm Main Oak Race Liberty Walnut Sycamore Hopple Central Reading Montgomery Harrison Glenway".split()
ENDS = ("Street", "Avenue", "Road", "Boulevard")
SAINTS = ("Saint Anthony", "Saint Mary", "Saint Vincent", "Saint Joseph", "Saint Francis", "Mount Zion", "Fort Thomas")
WORK = (
    "Food Pantry", "Legal Aid", "Rent Help", "Utility Assistance", "English Classes", "Job Training", "Free Clinic",
    "Dental Clinic", "Diaper Bank", "Senior Meals", "After School Program", "Tax Help", "Ride Program", "Baby Supplies",
)  # fmt: skip
SAID = (
    "helps neighbors who need it with food money papers rides and somebody who listens every week of the year no "
    "appointment bring what you have families children seniors veterans and newcomers are welcome call before you come"
).split()
ABBREVIATED = (
    ("Community", "Comm."),
    ("Center", "Ctr"),
    ("Services", "Svcs"),
    ("Association", "Assn"),
    ("Foundation", "Fdn"),
    ("Program", "Prog."),
    ("Ministries", "Ministry"),
    ("Church", "Ch."),
)


@dataclass(frozen=True, slots=True)
class World:
    """Records, and which of them were planted as another way to write the same thing."""

    facts: Sequence[Facts]
    pairs: frozenset[frozenset[str]]


def world(count: int, *, share: float = 0.05, seed: int = 11) -> World:
    """`count` services with their organizations; a `share` of each is planted once more, altered."""
    chance = random.Random(seed)
    facts: list[Facts] = []
    pairs: set[frozenset[str]] = set()
    services = 0
    while services < count:
        house = _house(chance)
        own = [_service(chance, house) for _ in range(chance.choice((1, 1, 2, 3, 5)))]
        own = list({one.name: one for one in own}.values())
        services += len(own)
        facts += [house, *own]
        for one in (house, *own):
            if chance.random() < share:
                twin = altered(chance, one)
                facts.append(twin)
                pairs.add(frozenset({one.id, twin.id}))
    return World(facts, frozenset(pairs))


def altered(chance: random.Random, one: Facts) -> Facts:
    """The same thing as another source writes it: one or two of the ways lists differ."""
    ways = [_typo, _abbreviated, _legal_form, _saint, _suite, _other_phone, _less]
    for way in chance.sample(ways, k=chance.choice((1, 1, 2))):
        one = way(chance, one)
    fresh = _id(chance)
    return replace(one, id=fresh, organization=fresh if one.kind == ORGANIZATION else _id(chance))


def _house(chance: random.Random) -> Facts:
    first = chance.choice(SAINTS) if chance.random() < 0.2 else f"{chance.choice(FIRST)} {chance.choice(FIRST)}"
    name = f"{first} {chance.choice(KINDS)}"
    place = Place(
        f"{chance.randint(1, 9_900)} {chance.choice(STREETS)} {chance.choice(ENDS)}",
        "Cincinnati",
        f"45{chance.randint(200, 255)}",
        39.0 + chance.random() / 4,
        -84.7 + chance.random() / 3,
    )
    number = _id(chance)
    host = f"{name.casefold().replace(' ', '')}{chance.randint(1, 999)}.example"
    return Facts(
        ORGANIZATION, number, name, number, _text(chance), (_phone(chance),), (f"info@{host}",), (host,), None, (place,)
    )


def _service(chance: random.Random, house: Facts) -> Facts:
    name = chance.choice(WORK) if chance.random() < 0.3 else f"{house.name} {chance.choice(WORK)}"
    phones = house.phones if chance.random() < 0.7 else (_phone(chance),)
    return replace(house, kind=SERVICE, id=_id(chance), name=name, description=_text(chance), phones=phones, year=None)


def _typo(chance: random.Random, one: Facts) -> Facts:
    at = chance.randrange(1, len(one.name) - 1)
    name = chance.choice(
        (
            one.name[:at] + one.name[at + 1 :],
            one.name[:at] + one.name[at] + one.name[at:],
            one.name[: at - 1] + one.name[at] + one.name[at - 1] + one.name[at + 1 :],
        )
    )
    return replace(one, name=name)


def _abbreviated(_chance: random.Random, one: Facts) -> Facts:
    name = one.name
    for long, short in ABBREVIATED:
        name = name.replace(long, short)
    return replace(
        one, name=name, places=tuple(replace(p, street=p.street.replace("Street", "St.")) for p in one.places)
    )


def _legal_form(chance: random.Random, one: Facts) -> Facts:
    return replace(one, name=chance.choice(("{}, Inc.", "{} LLC", "The {}")).format(one.name.upper()))


def _saint(_chance: random.Random, one: Facts) -> Facts:
    return replace(one, name=one.name.replace("Saint ", "St. ").replace("Mount ", "Mt. "))


def _suite(chance: random.Random, one: Facts) -> Facts:
    number = chance.randint(2, 900)
    return replace(one, places=tuple(replace(place, street=f"{place.street}, Suite {number}") for place in one.places))


def _other_phone(chance: random.Random, one: Facts) -> Facts:
    return replace(one, phones=(_phone(chance),))


def _less(_chance: random.Random, one: Facts) -> Facts:
    return replace(one, emails=(), description="")


def _text(chance: random.Random) -> str:
    return " ".join(chance.sample(SAID, 14))


def _phone(chance: random.Random) -> str:
    return (
        f"+1513555{chance.randint(0, 9_999):04}"
        if chance.random() < 0.1
        else f"+1513{chance.randint(2_000_000, 9_999_999)}"
    )


def _id(chance: random.Random) -> str:
    return str(uuid.UUID(int=chance.getrandbits(128)))
