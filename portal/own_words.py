"""The words of listings in the reader's language, as this installation allows them. Every page asks here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from portal import db, papers, place_words, who_can_go
from resources_db.repositories import listing_texts

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from resources_db.repositories.listing import Listing
    from resources_db.repositories.listing_texts import Words


SAID_BY_ACCESS: Final = frozenset(
    {"just come", "walk in", "walk in any time", "no appointment needed", "call first", "call", "call ahead"}
    | {"make an appointment", "by appointment", "call for an appointment", "apply online", "online"}
)
"""Words that say no more than the way to get in, which the catalogs say."""


def of(session: Session, listings: Iterable[Listing], lang: str) -> Mapping[uuid.UUID, Mapping[str, Words]]:
    """By service; empty for the language the listings are written in."""
    if lang == "en":
        return {}
    return listing_texts.of_listings(session, listings, lang, machine=bool(db.runtime().settings.translator_url))


def known(listing: Listing, field: str) -> bool:
    """What the catalogs say in every language needs no translator."""
    if field == listing_texts.BRING:
        return all(papers.known(paper) for paper in listing.documents)
    if field == listing_texts.HOURS:
        return bool(place_words.weekly_hours(listing))
    if field == listing_texts.START:
        plain = " ".join(listing.application_process.split()).rstrip(".").casefold()
        return listing.access is not None and plain in SAID_BY_ACCESS
    return field == listing_texts.WHO and who_can_go.known(listing.eligibility) is not None
