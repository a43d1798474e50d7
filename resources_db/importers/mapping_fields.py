"""The fields a mapping page offers: `object.field` with its words, in groups; which of them may stand several times."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from i18n.catalog import lazy_gettext as _
from i18n.lazy import LazyText
from resources_db.hsds.fields import OBJECTS

CATEGORY = "taxonomy_term.name"
"""Words of a category: each becomes a term that is linked to the service."""

# What a part needs to be worth a record, and what it belongs to unless the mapping says otherwise.
PARTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "phone": ("number", "service"),
        "schedule": ("x_original_text", "service"),
        "language": ("name", "service"),
        "contact": ("name", "service"),
        "required_document": ("document", "service"),
        "service_area": ("name", "service"),
        "cost_option": ("option", "service"),
        "funding": ("source", "service"),
        "url": ("url", "service"),
        "address": ("address_1", "location"),
        "accessibility": ("description", "location"),
        "organization_identifier": ("identifier", "organization"),
    }
)
OWNERS = ("organization", "service", "location", "contact")


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of the list that a person picks from."""

    to: str
    label: str
    group_label: str
    many: bool


_GROUPS: tuple[tuple[LazyText, tuple[tuple[str, LazyText], ...]], ...] = (
    (
        _("Organization"),
        (
            ("organization.id", _("Id of the organization in the source")),
            ("organization.name", _("Name of the organization")),
            ("organization.alternate_name", _("Other name of the organization")),
            ("organization.description", _("What the organization does")),
            ("organization.website", _("Website of the organization")),
            ("organization.email", _("E-mail of the organization")),
            ("organization.legal_status", _("Legal status")),
            ("organization.year_incorporated", _("Year it was founded")),
            ("organization.tax_id", _("Tax number")),
        ),
    ),
    (
        _("Service"),
        (
            ("service.id", _("Id of the service in the source")),
            ("service.organization_id", _("Id of the organization that offers it")),
            ("service.name", _("Name of the service")),
            ("service.alternate_name", _("Other name of the service")),
            ("service.description", _("What it offers")),
            ("service.status", _("Status: active, inactive or closed")),
            (CATEGORY, _("Category, in the words of the source")),
            ("service.x_needs", _("Needs it meets, from our list")),
            ("service.url", _("Website of the service")),
            ("service.email", _("E-mail of the service")),
            ("service.alert", _("Warning or temporary message")),
            ("service.x_alert_from", _("Message shows from")),
            ("service.x_alert_until", _("Message shows until")),
            ("service.accreditations", _("Accreditations")),
            ("service.x_confirmed_at", _("Last checked on")),
            ("funding.source", _("Who pays for it")),
        ),
    ),
    (
        _("Who can go, and how"),
        (
            ("service.eligibility_description", _("Who can go")),
            ("service.minimum_age", _("Youngest age")),
            ("service.maximum_age", _("Oldest age")),
            ("service.application_process", _("How to start")),
            ("service.x_access", _("Way in: walk in, call first, appointment")),
            ("service.fees_description", _("What it costs")),
            ("service.wait_time", _("Waiting time")),
            ("service.interpretation_services", _("Interpreters")),
            ("language.name", _("Languages spoken")),
            ("required_document.document", _("What to bring")),
            ("service_area.name", _("Area served, in words")),
            ("service_area.x_zip_codes", _("ZIP codes served")),
            ("service_area.x_counties", _("Counties served")),
            ("service_area.x_states", _("States served")),
        ),
    ),
    (
        _("Phone, people and hours"),
        (
            ("phone.number", _("Phone number")),
            ("phone.extension", _("Extension of the number before")),
            ("phone.description", _("What the number before is for")),
            ("phone.type", _("Kind of the number before: voice, fax, text")),
            ("contact.name", _("Name of a contact person")),
            ("contact.title", _("Role of the contact person")),
            ("contact.email", _("E-mail of the contact person")),
            ("schedule.x_original_text", _("Opening hours, in words")),
            ("schedule.byday", _("Weekday of opening hours")),
            ("schedule.opens_at", _("Opens at")),
            ("schedule.closes_at", _("Closes at")),
        ),
    ),
    (
        _("Place"),
        (
            ("location.id", _("Id of the place in the source")),
            ("location.organization_id", _("Id of the organization at this place")),
            ("service_at_location.service_id", _("Ids of services at this place")),
            ("service_at_location.location_id", _("Ids of places of this service")),
            ("location.name", _("Name of the place")),
            ("location.description", _("How to find the place")),
            ("location.transportation", _("Bus and train")),
            ("location.latitude", _("Latitude")),
            ("location.longitude", _("Longitude")),
            ("address.address_1", _("Street and number")),
            ("address.address_2", _("Suite, floor, building")),
            ("address.city", _("City")),
            ("address.region", _("County")),
            ("address.state_province", _("State")),
            ("address.postal_code", _("ZIP code")),
            ("address.country", _("Country")),
            ("address.attention", _("Attention line of the address")),
            ("accessibility.description", _("Help for people with disabilities")),
        ),
    ),
)


def choices() -> list[Choice]:
    """All fields a page offers, in the reader's language and in the order they should stand."""
    return [Choice(to, str(label), str(group), is_many(to)) for group, fields in _GROUPS for to, label in fields]


def label_of(to: str) -> str:
    """The words for `object.field`; its own name when it has none."""
    return next((str(label) for _group, fields in _GROUPS for name, label in fields if name == to), to)


def is_many(to: str) -> bool:
    """Does standing twice make two records (phones, languages) instead of appending to one text?"""
    kind, _dot, name = to.partition(".")
    return to == CATEGORY or (kind in PARTS and PARTS[kind][0] == name) or kind == "service_at_location"


def is_list(to: str) -> bool:
    kind, _dot, name = to.partition(".")
    field = OBJECTS[kind].field(name) if kind in OBJECTS else None
    return field is not None and field.type == "list"


def is_known(to: str) -> bool:
    """Is there such a field? `id` of the three things that a row can name is one."""
    kind, _dot, name = to.partition(".")
    if kind not in OBJECTS:
        return False
    return OBJECTS[kind].field(name) is not None
