"""Words of listings in other languages: what a person has read, then the agency's own, then a machine's where allowed.

Only while the source still says the same: a translation never outlives its source. One reader for every page.
"""

import hashlib
import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db.models.directory import ListingText
from resources_db.repositories.listing import Listing
from resources_db.vocab import WordsOrigin, WordsState

REVIEWED = WordsState.REVIEWED.value
DESCRIPTION, WHO, START, COST, ALERT = (
    "description",
    "eligibility_description",
    "application_process",
    "fees_description",
    "alert",
)
BRING, HOURS = "documents", "hours_note"
FIELDS = (DESCRIPTION, WHO, START, COST, ALERT)
"""Free texts that are columns of a service."""
EVERY = (*FIELDS, BRING, HOURS)
"""All that may be translated; the last two are put together from papers and opening hours."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text in the reader's language. `machine`: shown only with the mark."""

    text: str
    machine: bool = False


NOTHING: Mapping[str, Words] = MappingProxyType({})


def source(listing: Listing, field: str) -> str:
    """What the listing itself says there, in the language it was written in."""
    return {
        DESCRIPTION: listing.description,
        WHO: listing.eligibility,
        START: listing.application_process,
        COST: listing.cost_text,
        ALERT: listing.alert,
        BRING: ", ".join(listing.documents),
        HOURS: listing.hours_text,
    }[field]


def of_listings(
    session: Session, listings: Iterable[Listing], lang: str, *, machine: bool = False
) -> Mapping[uuid.UUID, Mapping[str, Words]]:
    """By service: each field that may be shown in that language. One query, whatever the number of listings.

    `machine`: the site has switched machine translations on.
    """
    by_service: dict[uuid.UUID, list[Listing]] = defaultdict(list)
    for listing in listings:
        by_service[listing.service_id].append(listing)
    found: dict[uuid.UUID, dict[str, Words]] = defaultdict(dict)
    query = select(ListingText).where(ListingText.record_id.in_(by_service), ListingText.lang == lang)
    for row in session.scalars(query) if by_service else ():
        if may_show(row, machine=machine) and any(is_of(row, one) for one in by_service[row.record_id]):
            found[row.record_id][row.field] = Words(row.text, row.origin == WordsOrigin.MACHINE)
    return found


def may_show(row: ListingText, *, machine: bool) -> bool:
    """A person's text once it was read, an agency's own, a machine's only where the site allows it."""
    if row.origin == WordsOrigin.MACHINE:
        return machine or row.state == REVIEWED
    return row.origin == WordsOrigin.AGENCY or row.state == REVIEWED


def is_of(row: ListingText, listing: Listing) -> bool:
    """Whether the listing still says what these words were made from; nothing is a translation of nothing."""
    if row.field not in EVERY:
        return False
    said = source(listing, row.field)
    return bool(said) and row.source_hash == source_hash(said)


def source_hash(text: str) -> str:
    """What a translation was made from: spaces and forms of letters do not count."""
    return hashlib.sha256(" ".join(unicodedata.normalize("NFC", text).split()).encode()).hexdigest()
