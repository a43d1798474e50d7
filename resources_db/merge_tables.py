"""What hangs on a record, and what of it moves when the record is merged. A test holds it to the schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from resources_db.duplicates import LOCATION, ORGANIZATION, SERVICE

LINK: Final = "service_at_location"


@dataclass(frozen=True, slots=True)
class Hanging:
    """A column that holds the id of a record. `same` are columns that make two rows of it say the same thing:
    what the survivor has already stays behind with the record that goes.
    """

    table: str
    column: str
    same: tuple[str, ...] = ()
    called: str = ""
    """What the preview counts it as; empty: not worth a line."""


_SAME: Final[Mapping[str, tuple[str, ...]]] = {
    "phone": ("number", "extension", "type"),
    "contact": ("name", "email"),
    "language": ("code", "name"),
    "required_document": ("document",),
    "accessibility": ("description",),
    "url": ("url",),
    "funding": ("source_text",),
    "cost_option": ("option", "amount", "amount_description"),
    "organization_identifier": ("identifier_scheme", "identifier_type", "identifier"),
    "service_area": ("name", "description", "extent"),
    "field_mark": ("field_group",),
    "listing_text": ("field", "lang"),
    "attribute": ("taxonomy_term_id", "link_type", "value"),
    "agency_clock": ("org_id", "ended_at"),
    "consent_recipient": ("consent_id",),
    "listing_standing": ("need", "location_id", "service_id"),
    "listing_review": ("why", "state", "location_id", "service_id"),
    "service_capacity": ("unit_id",),
    "campaign_listing": ("ask_id", "service_id", "location_id"),
}
_CALLED: Final[Mapping[str, str]] = {
    "service": "services",
    "location": "places",
    "service_at_location": "places",
    "phone": "phones",
    "contact": "contacts",
    "agency_contact": "contacts",
    "referral": "referrals",
    "capacity_statement": "statements",
    "listing_change": "changes",
    "listing_review": "reviews",
    "listing_text": "words",
    "org": "accounts",
}
_ANY: Final = tuple(
    Hanging(table, column, _SAME.get(table, ()), _CALLED.get(table, ""))
    for table, column in (
        ("attribute", "link_id"),
        ("field_mark", "record_id"),
        ("listing_text", "record_id"),
        ("staff_note", "record_id"),
    )
)
_TABLES: Final[Mapping[str, str]] = {
    ORGANIZATION: "program service location contact phone funding url organization_identifier agency_contact referral "
    "consent_recipient agency_clock org listing_claim",
    SERVICE: "contact phone service_area language cost_option required_document service_capacity funding url "
    "agency_contact capacity_statement listing_change listing_standing listing_review campaign_listing",
    LOCATION: "contact phone language accessibility capacity_statement listing_change listing_standing listing_review "
    "campaign_listing confidentiality_ask",
    LINK: "contact phone service_area",
}
MOVES: Final[Mapping[str, tuple[Hanging, ...]]] = {
    kind: (
        *(Hanging(table, f"{kind}_id", _SAME.get(table, ()), _CALLED.get(table, "")) for table in tables.split()),
        *((Hanging("organization", "parent_organization_id"),) if kind == ORGANIZATION else ()),
        *_ANY,
    )
    for kind, tables in _TABLES.items()
}
"""By kind of record. Links (service_at_location) are merged one by one, since each is a record itself."""
BLOCKS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    SERVICE: {"hours": ("schedule",)},
    LOCATION: {"hours": ("schedule",), "address": ("address",)},
    LINK: {"hours": ("schedule",)},
    ORGANIZATION: {},
}
"""Rows that make sense only together: those of one side are picked, those of the other stay with what goes."""
STAYS: Final[Mapping[str, str]] = {
    "referral.service_id": "keeps what it was sent to; pages follow the redirect",
    "referral.location_id": "keeps what it was sent to; pages follow the redirect",
    "intake.service_id": "keeps what was asked for; pages follow the redirect",
    "intake.location_id": "keeps what was asked for; pages follow the redirect",
    "disclosure.organization_id": "a record of who was told then",
    "confidential_place.location_id": "sealed for its own place; the survivor keeps its own",
    "service_at_location.service_id": "links are merged one by one",
    "service_at_location.location_id": "links are merged one by one",
}
