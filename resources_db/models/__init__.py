"""All tables. Importing this package loads every model, so that metadata and relationships are complete."""

from resources_db.models import (
    access,
    consents,
    curation,
    directory,
    finding,
    languages,
    messages,
    pace,
    people,
    referrals,
    standing,
    tenants,
)

__all__ = [
    "access",
    "consents",
    "curation",
    "directory",
    "finding",
    "languages",
    "messages",
    "pace",
    "people",
    "referrals",
    "standing",
    "tenants",
]
