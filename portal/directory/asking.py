"""Reads the address of the search page: criteria, the patient it is for, what is chosen; prefills what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from i18n.catalog import current_language
from portal.patient_context import ARGUMENT, PatientContext
from resources_db.listing_key import BadListingKeyError, ListingKey
from search.criteria import SearchCriteria, from_query

MOST_CHOSEN = 20
PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class Ask:
    """What one address of the search page asks. `chosen` are listings ticked on this or another page of the list."""

    criteria: SearchCriteria
    patient: PatientContext | None
    chosen: tuple[ListingKey, ...]

    def query(self, criteria: SearchCriteria | None = None, *, chosen: bool = True) -> str:
        """The query string of this page with other criteria; "asked" keeps removed prefills removed."""
        pairs = [pair for pair in (criteria or self.criteria).to_pairs() if pair[0] != "limit"]
        if self.patient:
            pairs += [(ARGUMENT, str(self.patient.id)), ("asked", "1")]
        if chosen:
            pairs += [("listing", str(key)) for key in self.chosen]
        return urlencode(pairs)


def read(values: Mapping[str, Sequence[str]], patient: PatientContext | None) -> Ask:
    """Always something that can be searched; unknown words are left out."""
    criteria, _problems = from_query({**values, "limit": [str(PAGE_SIZE)]})
    criteria = replace(criteria, limit=PAGE_SIZE, lang=current_language().code.split("_")[0])
    if values.get("was") and values["was"][0].strip() != criteria.q:
        # a new sentence: what was removed or chosen belonged to the old one
        criteria = replace(criteria, without=(), needs=() if criteria.q else criteria.needs, domain="", offset=0)
    if patient and not values.get("asked"):
        criteria = _prefill(criteria, patient)
    return Ask(criteria, patient, _chosen(values))


def _prefill(criteria: SearchCriteria, patient: PatientContext) -> SearchCriteria:
    language = patient.language.split("_")[0]
    return replace(
        criteria,
        near=criteria.near or patient.zip_code,
        language=criteria.language or (language if language != "en" else ""),
    )


def _chosen(values: Mapping[str, Sequence[str]]) -> tuple[ListingKey, ...]:
    keys: dict[ListingKey, None] = {}
    for text in values.get("listing", ()):
        try:
            keys[ListingKey.parse(text)] = None
        except BadListingKeyError:
            continue
    return tuple(keys)[:MOST_CHOSEN]
