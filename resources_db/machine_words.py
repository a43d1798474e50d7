"""Words of listings for and from a machine translator: which may be sent, what is masked, what is kept of the answer.

Only public texts of listings ever leave, never of protected places or sensitive help, and nothing of any person.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from sqlalchemy.orm import Session

from resources_db import listing_words
from resources_db.listing_words import MISSING, Known
from resources_db.models.directory import ListingText
from resources_db.repositories import listing_texts, listings
from resources_db.vocab import Confidentiality, WordsOrigin, WordsState

AT_ONCE: Final = 50
_KEPT: Final = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|\$?\d[\d\s().,:/x+$%-]*\d|\$?\d")
_MASK: Final = re.compile(r"\[\[(\d+)\]\]")


class Translator(Protocol):
    """The plug-in point: anything that turns texts of one language into another one's."""

    def translate(self, texts: Sequence[str], source: str, target: str) -> Sequence[str]:
        """As many texts as were given, in their order; raises OSError when it cannot."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """One text on its way: what was masked stays here."""

    service_id: uuid.UUID
    field: str
    source: str
    masked: str
    kept: tuple[str, ...]


def to_send(session: Session, lang: str, *, known: Known, now: datetime) -> list[Sent]:
    """What people who read this language lack most, and may be shown to a translator."""
    gaps = [one for one in listing_words.gaps(session, lang, known=known, now=now) if one.state == MISSING]
    places = listings.of_services(session, {one.listing.service_id for one in gaps}, include_staff=True)
    private = {one.service_id for one in places if one.sensitive or one.confidentiality is not Confidentiality.PUBLIC}
    chosen = [one for one in gaps if one.listing.service_id not in private][:AT_ONCE]
    return [_masked(one.listing.service_id, one.field, listing_texts.source(one.listing, one.field)) for one in chosen]


def ask(translator: Translator, sent: Sequence[Sent], lang: str) -> list[tuple[Sent, str]]:
    """The answers that can be used, with what was masked put back. No session is open while this waits."""
    if not sent:
        return []
    answers = translator.translate([one.masked for one in sent], "en", lang)
    found = [(one, _unmasked(answer, one.kept)) for one, answer in zip(sent, answers, strict=True)]
    return [(one, text) for one, text in found if text]


def keep(session: Session, lang: str, answers: Sequence[tuple[Sent, str]], *, now: datetime) -> int:
    """Write them down as a machine's, read by nobody; words that came meanwhile from somebody else win."""
    rows = [
        ListingText(
            record_id=one.service_id,
            field=one.field,
            lang=lang,
            text=text,
            origin=WordsOrigin.MACHINE,
            state=WordsState.DRAFT,
            source_hash=listing_texts.source_hash(one.source),
            at=now,
        )
        for one, text in answers
        if not listing_words.has(session, one.service_id, one.field, lang)
    ]
    session.add_all(rows)
    session.flush()
    return len(rows)


def _masked(service_id: uuid.UUID, field: str, source: str) -> Sent:
    kept: list[str] = []

    def mask(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"[[{len(kept) - 1}]]"

    return Sent(service_id, field, source, _KEPT.sub(mask, source), tuple(kept))


def _unmasked(answer: str, kept: Sequence[str]) -> str:
    """The answer with phones, times, sums and addresses as they were; empty when one is missing or doubled."""
    if sorted(int(number) for number in _MASK.findall(answer)) != list(range(len(kept))):
        return ""
    text = _MASK.sub(lambda found: kept[int(found[1])], answer).strip()
    return text if sorted(_KEPT.findall(text)) == sorted(kept) else ""
