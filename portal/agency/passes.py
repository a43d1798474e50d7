"""The short cookie of a browser that pressed a link's button, or passed its code. It works for those links only.

The value is a secret for each link; we keep hashes. Another device with the same link passes its own check.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import request

from portal import db
from referrals import codes

if TYPE_CHECKING:
    from flask import Response
    from sqlalchemy.orm import Session

    from resources_db.models.access import AccessLink, LinkPass

MOST: Final = 5
"""An agency may have several referrals open in its tabs; the oldest pass falls out."""
BETWEEN: Final = "."


def held(session: Session, link: AccessLink) -> LinkPass | None:
    """The best pass this browser holds for this link, if any is still good."""
    now = db.now()
    found = [one for secret in _secrets() if (one := codes.pass_of(session, link, secret, now=now)) is not None]
    return max(found, key=lambda one: one.stepped_up, default=None)


def stepped_up(session: Session, link: AccessLink) -> bool:
    """Whether this browser has typed the link's code within the last half hour."""
    own = held(session, link)
    return own is not None and own.stepped_up


def give(response: Response, secret: str) -> Response:
    """Let the browser keep one more pass."""
    response.set_cookie(
        _name(),
        BETWEEN.join([*_secrets(), secret][-MOST:]),
        max_age=int(codes.PASS_LIFE.total_seconds()),
        path="/",
        secure=db.runtime().settings.https,
        httponly=True,
        samesite="Lax",
    )
    return response


def _name() -> str:
    return "__Host-link" if db.runtime().settings.https else "link"


def _secrets() -> list[str]:
    return [secret for secret in request.cookies.get(_name(), "").split(BETWEEN) if secret][-MOST:]
