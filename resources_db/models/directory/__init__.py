"""The directory: HSDS 3.1 objects under their HSDS names, with our own columns beside them.

Field meanings: the HSDS 3.1 schema. Text fields hold "" where the source said nothing.
"""

from resources_db.models.directory.columns import Part, Record
from resources_db.models.directory.parts import (
    Accessibility,
    Address,
    Contact,
    CostOption,
    Funding,
    Language,
    OrganizationIdentifier,
    Phone,
    RequiredDocument,
    Schedule,
    ServiceArea,
    ServiceCapacity,
    Unit,
    Url,
)
from resources_db.models.directory.records import (
    ConfidentialPlace,
    ListingText,
    Location,
    Organization,
    Program,
    Service,
    ServiceAtLocation,
)
from resources_db.models.directory.taxonomy import Attribute, Metadata, MetaTableDescription, Taxonomy, TaxonomyTerm

__all__ = [
    "Accessibility",
    "Address",
    "Attribute",
    "ConfidentialPlace",
    "Contact",
    "CostOption",
    "Funding",
    "Language",
    "ListingText",
    "Location",
    "MetaTableDescription",
    "Metadata",
    "Organization",
    "OrganizationIdentifier",
    "Part",
    "Phone",
    "Program",
    "Record",
    "RequiredDocument",
    "Schedule",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceCapacity",
    "Taxonomy",
    "TaxonomyTerm",
    "Unit",
    "Url",
]
