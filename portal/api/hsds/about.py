"""What /hsds says about itself: the version, the publisher, and the members we add."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portal.api.hsds import members
from resources_db.hsds.fields import HSDS_VERSION

if TYPE_CHECKING:
    from portal.config import Settings
    from resources_db.hsds.views import Hsds


def root(settings: Settings) -> Hsds:
    """The answer of GET /hsds/."""
    base = f"{settings.public_url}/hsds"
    publisher: Hsds = {
        "name": settings.publisher,
        "identifier": settings.publisher_id,
        "email": settings.publisher_email,
        "website": settings.publisher_website or settings.public_url,
    }
    return {
        "version": HSDS_VERSION,
        "profile": f"{base}/profile",
        "openapi_url": f"{base}/openapi.json",
        "description": "The published directory of this Handrail installation.",
        "publisher": {name: value for name, value in publisher.items() if value},
    }


def profile() -> Hsds:
    """Members beside HSDS: they begin with x_ and may be ignored."""
    return {
        "name": "Handrail profile of HSDS",
        "version": HSDS_VERSION,
        "description": "Every record is valid HSDS. Members that begin with x_ are ours and may be ignored.",
        "members": {kind: list(words) for kind, words in members.by_object().items()},
        "meaning": dict(sorted(members.WORDS.items())),
    }
