"""The places as the page shows them: facts in the order of a phone call, what each answered, what was said of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from i18n import catalog, formatting
from portal import db, own_words, place_words
from portal.patient import visits
from portal.patient.answer_words import ANSWERS, SAID, SOLVED, reason
from resources_db.repositories.listing_texts import NOTHING
from resources_db.vocab import PatientWord

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime

    from i18n.lazy import LazyText
    from portal.patient.page import Behind, Given
    from portal.patient.visits import Told
    from portal.place_words import Place

MAP_SEARCH: Final = "https://www.openstreetmap.org/search"


@dataclass(frozen=True, slots=True)
class Said:
    """What was said before, and the id of the answer while it may be taken back."""

    words: str
    more: str
    undo: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One place of the page."""

    ref: str
    place: Place
    told: Told | None
    said: Said | None


@dataclass(frozen=True, slots=True)
class SolvedQuestion:
    """Asks whether a need is solved; names the places it is about, never the need."""

    ref: str
    names: str


def context(found: Behind, token: str, now: datetime) -> dict[str, object]:
    """Everything the template of the places takes."""
    with db.reading() as session:
        own = own_words.of(session, found.listings, catalog.current_language().code)
        told = visits.told(session, found, token, now)
    maps = "" if found.sensitive else MAP_SEARCH  # a map's host must not learn where somebody goes for this
    shown = [
        Shown(
            ref=spot.ref,
            place=place_words.place(
                spot.listing,
                now=now,
                map_url=maps,
                own=own.get(spot.listing.service_id, NOTHING),
                address=not spot.hidden,
            ),
            told=told[number],
            said=_said(found.word_of(spot)),
        )
        for number, spot in enumerate(found.spots)
    ]
    return {
        "places": shown,
        "solved": _solved(found),
        "answers": _buttons(ANSWERS),
        "solved_answers": _buttons(SOLVED),
    }


def _said(given: Given | None) -> Said | None:
    if given is None or given.word not in SAID or given.word is PatientWord.WRONG_PERSON:
        return None
    return Said(str(SAID[given.word]), reason(given.reason), given.undo)


def _solved(found: Behind) -> list[SolvedQuestion]:
    return [_question(found, need_id) for need_id in found.solved_asked]


def _question(found: Behind, need_id: uuid.UUID) -> SolvedQuestion:
    spots = [spot for spot in found.spots if spot.need_id == need_id]
    several = len({spot.need_id for spot in found.spots}) > 1
    names = formatting.list_of(spot.listing.name for spot in spots) if several and not found.sensitive else ""
    return SolvedQuestion(spots[0].ref if spots else "", names)


def _buttons(answers: Sequence[tuple[PatientWord, str, LazyText]]) -> list[tuple[str, str, str]]:
    return [(word.value, drawing, str(words)) for word, drawing, words in answers]
