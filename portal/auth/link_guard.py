"""Opens the link of a request by its token, and shows one same page for every link that does not work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import g, request

from portal import db, errors, limits
from portal.auth import current
from resources_db.tenancy import Actor, system
from resources_db.vocab import ActorKind, LinkPurpose

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from resources_db.models.access import AccessLink

MOST_TOKEN = 64


def opened() -> AccessLink:
    """The link this request came by; only for views guarded by `link`."""
    found: AccessLink = g.link
    return found


def open_link(purposes: tuple[LinkPurpose, ...]) -> ResponseReturnValue | None:
    """Act in the name of the link's holder, or answer the one page that all unusable links share."""
    token = str((request.view_args or {}).get("token", ""))
    found = _find(token)
    if found is None or found.purpose not in purposes:
        limits.count(limits.UNKNOWN_LINK)
        return errors.link_not_working()
    g.link = found
    current.set_actor(Actor(ActorKind.LINK, found.org_id, label=str(found.purpose)))
    return None


def purpose_of(token: str) -> LinkPurpose | None:
    """What a working link is for."""
    found = _find(token)
    return found.purpose if found else None


def _find(token: str) -> AccessLink | None:
    from referrals import links

    if not token.isascii() or not token.isalnum() or len(token) > MOST_TOKEN:
        return None
    with db.reading(system()) as session:
        return links.find(session, token, now=db.now())
