"""What is being asked, put together: criteria of the form, words read, place found. The engine works on this alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from search import needs, text_match, whereabouts
from search.answer import ReadConstraint, Understood
from search.audience import Group
from search.criteria import CONSTRAINT_WORDS, Cost, OpenWhen, SearchCriteria, Sort, Travel
from search.errors import PlaceError
from search.geocode import Place, find_place
from search.needs import Correction, Reading
from search.snapshot import Snapshot

_ROUND_THE_CLOCK = frozenset({"emergency_shelter", "crisis_support", "dv_safety", "detox"})
_PREFIXES = (("open_", "open"), ("lang_", "language"), ("for_", "who"))  # of codes in the word lists, and their field
_CODES = {"free": ("cost", Cost.FREE.value), "near_bus": ("travel", Travel.BUS.value)}
_NOT_PAID = (Cost.FREE, Cost.UNKNOWN)  # "free": few places say that they are; those that charge are left out


@dataclass(frozen=True, slots=True)
class Question:
    needs: Mapping[str, float]
    understood: tuple[Understood, ...]
    constraints: tuple[ReadConstraint, ...]
    instead: tuple[str, ...]
    corrections: tuple[Correction, ...]
    urgent: tuple[str, ...]
    words: tuple[str, ...]
    may_be_a_name: bool
    only_sounds: bool
    place: Place | None
    radius_m: float
    domain: str
    language: str
    open_when: OpenWhen | None
    open_at: datetime | None
    has_room: bool
    no_papers: bool
    by_phone: bool
    who: Group | None
    wheelchair: bool
    cost: tuple[Cost, ...]
    checked: int
    travel: Travel | None
    sort: Sort
    lang: str


def put(snapshot: Snapshot, criteria: SearchCriteria) -> Question:
    """Raises PlaceError when the form's place is not one we know."""
    said = None if "near" in criteria.without else whereabouts.find(criteria.q, snapshot.middle, criteria.lang)
    place = said.place if said else _place(snapshot, criteria.near)
    reading = needs.read(
        said.rest if said else criteria.q, criteria.lang, snapshot, mend="spelling" not in criteria.without
    )
    understood = _understood(criteria, reading)
    constraints = _constraints(criteria, reading, understood)
    read = {constraint.field: constraint.value for constraint in constraints}
    if said:
        constraints = (*constraints, ReadConstraint("near", said.place.label))
    return Question(
        needs={item.need: item.confidence for item in understood},
        understood=understood,
        constraints=constraints,
        instead=tuple(need for need in reading.instead if need not in criteria.needs),
        corrections=reading.corrections,
        urgent=reading.urgent,
        words=_text_words(reading),
        may_be_a_name=_may_be_a_name(snapshot, reading),
        only_sounds=reading.only_sounds,
        place=place,
        radius_m=float(criteria.radius_m),
        domain=criteria.domain,
        language=criteria.language or read.get("language", ""),
        open_when=_open_when(criteria, read),
        open_at=criteria.open_at,
        has_room=criteria.has_room or "has_room" in read,
        no_papers=criteria.no_papers or "no_papers" in read,
        by_phone=criteria.by_phone or "by_phone" in read,
        who=criteria.who or (Group(read["who"]) if "who" in read else None),
        wheelchair=criteria.wheelchair or "wheelchair" in read,
        cost=criteria.cost or (_NOT_PAID if "cost" in read else ()),
        checked=criteria.checked,
        travel=criteria.travel or (Travel(read["travel"]) if "travel" in read else None),
        sort=criteria.sort,
        lang=criteria.lang,
    )


def _place(snapshot: Snapshot, near: str) -> Place | None:
    return find_place(near, snapshot.middle) if near.strip() else None


def _open_when(criteria: SearchCriteria, read: Mapping[str, str]) -> OpenWhen | None:
    """A chosen minute says it more exactly than any word."""
    if criteria.open_at is not None:
        return None
    return criteria.open_when or (OpenWhen(read["open"]) if "open" in read else None)


def _understood(criteria: SearchCriteria, reading: Reading) -> tuple[Understood, ...]:
    chosen = [Understood(need, 1.0, chosen=True) for need in criteria.needs]
    read = [
        Understood(item.need, item.confidence)
        for item in reading.needs
        if item.need not in criteria.without and item.need not in criteria.needs
    ]
    return (*chosen, *read)


def _constraints(
    criteria: SearchCriteria, reading: Reading, understood: tuple[Understood, ...]
) -> tuple[ReadConstraint, ...]:
    """Filters read from the words, unless the form says it already or the person removed the chip."""
    found: dict[str, str] = {}
    for code in reading.constraints:
        field, value = _field_of(code)
        if field in CONSTRAINT_WORDS and field not in criteria.without:
            found.setdefault(field, value)
    asked = {item.need for item in understood}
    if criteria.open_when or criteria.open_at or (found.get("open") == OpenWhen.TONIGHT and asked & _ROUND_THE_CLOCK):
        found.pop("open", None)  # a shelter is not "closed tonight" because nobody wrote down its hours
    chosen = {"language": criteria.language, "who": criteria.who, "cost": criteria.cost, "travel": criteria.travel}
    for field in [name for name, value in chosen.items() if value]:
        found.pop(field, None)
    return tuple(ReadConstraint(field, value) for field, value in found.items())


def _field_of(code: str) -> tuple[str, str]:
    for prefix, field in _PREFIXES:
        if code.startswith(prefix):
            return field, code.removeprefix(prefix)
    return _CODES.get(code, (code, "1"))


def _may_be_a_name(snapshot: Snapshot, reading: Reading) -> bool:
    """Beside a need, words that also stand in names are a name only where somebody is called just so.

    Who types "elm food" wants food: a class for food handlers on Elm Street must not come before the pantries.
    """
    words = _text_words(reading)
    if not reading.rest or not words:
        return False
    return not reading.needs or set(words) <= set(reading.rest) or text_match.is_a_name(snapshot, words)


def _text_words(reading: Reading) -> tuple[str, ...]:
    """A question of small words only is searched as it stands. A word said twice is one word to look for."""
    words = reading.telling or (() if reading.needs or reading.constraints else reading.words)
    return tuple(dict.fromkeys(words))


def place_or_error(snapshot: Snapshot, near: str) -> Place | PlaceError | None:
    """For pages that go on without the place and say what was wrong with it."""
    try:
        return _place(snapshot, near)
    except PlaceError as error:
        return error
