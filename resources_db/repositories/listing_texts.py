"""Words of listings in other languages: only what a person has read, and only while the source still says the same."""

import hashlib
import unicodedata
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db.models.directory import ListingText, Service

REVIEWED = "reviewed"
FIELDS = ("description", "eligibility_description", "application_process", "fees_description")
"""Free texts of a service that may be translated; structured facts come from the catalogs."""


def of_services(session: Session, service_ids: Sequence[uuid.UUID], lang: str) -> Mapping[uuid.UUID, Mapping[str, str]]:
    """Each service's fields in that language."""
    found: dict[uuid.UUID, dict[str, str]] = defaultdict(dict)
    query = (
        select(ListingText, Service)
        .join(Service, Service.id == ListingText.record_id)
        .where(ListingText.record_id.in_(service_ids), ListingText.lang == lang, ListingText.state == REVIEWED)
    )
    for text, service in session.execute(query):
        if text.field in FIELDS and text.source_hash == source_hash(getattr(service, text.field)):
            found[service.id][text.field] = text.text
    return found


def source_hash(text: str) -> str:
    """What a translation was made from: spaces and forms of letters do not count."""
    return hashlib.sha256(" ".join(unicodedata.normalize("NFC", text).split()).encode()).hexdigest()
