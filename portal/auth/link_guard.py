"""Opens the link of a request by its token, and shows one same page for every link that does not work."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from flask import g, request

from portal import db, errors, limits
from portal.auth import current
from resources_db.tenancy import Actor, act_as, system
from resources_db.vocab import ActorKind, LinkPurpose

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from resources_db.models.access import AccessLink

MOST_TOKEN = 64
NEW_LINK = "new-link"
"""The button of the page of links that do not work."""

Renewal: TypeAlias = "Callable[[Session, AccessLink, datetime], None]"
_renewals: dict[LinkPurpose, Renewal] = {}


def renews(*purposes: LinkPurpose) -> Callable[[Renewal], Renewal]:
    """Let this function send a new link when the holder of an ended one asks; only ever to the contact on file."""

    def registered(renewal: Renewal) -> Renewal:
        _renewals.update(dict.fromkeys(purposes, renewal))
        return renewal

    return registered


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
        asked = request.method == "POST" and NEW_LINK in request.form
        if asked and found is None:
            _renew(token)
        return errors.link_not_working(asked=asked)
    g.link = found
    current.set_actor(Actor(ActorKind.LINK, found.org_id, label=str(found.purpose)))
    return None


def purpose_of(token: str) -> LinkPurpose | None:
    """What a working link is for."""
    found = _find(token)
    return found.purpose if found else None


def _renew(token: str) -> None:
    """Send a new link, if this was ever one and still has a use. Whoever asks learns nothing of either."""
    from referrals import links

    if not _well_formed(token):
        return
    with db.transaction(system()) as session:
        ended = links.find_any(session, token)
        renewal = _renewals.get(ended.purpose) if ended is not None else None
        if ended is not None and renewal is not None:
            act_as(session, Actor(ActorKind.LINK, ended.org_id, label=str(ended.purpose)))
            renewal(session, ended, db.now())


def _well_formed(token: str) -> bool:
    return token.isascii() and token.isalnum() and len(token) <= MOST_TOKEN


def _find(token: str) -> AccessLink | None:
    from referrals import links

    if not _well_formed(token):
        return None
    with db.reading(system()) as session:
        return links.find(session, token, now=db.now())
