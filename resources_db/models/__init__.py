"""All tables. Importing this package loads every model, so that metadata and relationships are complete."""

from resources_db.models import (
    access,
    care,
    consents,
    curation,
    directory,
    finding,
    imports,
    languages,
    messages,
    pace,
    people,
    referrals,
    standing,
    tenants,
    upkeep,
)

__all__ = [
    "access",
    "care",
    "consents",
    "curation",
    "directory",
    "finding",
    "imports",
    "languages",
    "messages",
    "pace",
    "people",
    "referrals",
    "standing",
    "tenants",
    "upkeep",
]
