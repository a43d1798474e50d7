"""The words of listings in the reader's language, as this installation allows them. Every page asks here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal import db, papers, who_can_go
from resources_db.repositories import listing_texts

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Mapping

    from sqlalchemy.orm import Session

    from resources_db.repositories.listing import Listing
    from resources_db.repositories.listing_texts import Words


def of(session: Session, listings: Iterable[Listing], lang: str) -> Mapping[uuid.UUID, Mapping[str, Words]]:
    """By service; empty for the language the listings are written in."""
    if lang == "en":
        return {}
    return listing_texts.of_listings(session, listings, lang, machine=bool(db.runtime().settings.translator_url))


def known(listing: Listing, field: str) -> bool:
    """What the catalogs say in every language needs no translator."""
    if field == listing_texts.BRING:
        return all(papers.known(paper) for paper in listing.documents)
    return field == listing_texts.WHO and who_can_go.known(listing.eligibility) is not None
