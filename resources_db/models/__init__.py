"""All tables. Importing this package loads every model, so that metadata and relationships are complete."""

from resources_db.models import (
    access,
    care,
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
    "care",
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
