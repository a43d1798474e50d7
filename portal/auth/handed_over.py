"""A tablet in a patient's hand: until staff prove again who they are, this browser opens nothing of the care team.

The session stays, so that whoever takes the tablet back goes on where they were; a password (and nothing else than
that) opens it. Everything that is not on the short list here is shut, whatever page is added later.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from flask import redirect, request, session, url_for

from portal import db
from portal.auth import current, fresh, guards
from portal.auth.guards import Kind

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue

KEY: Final = "handed_over"
OPEN: Final = frozenset(
    {"static", "screening.back", "screening.take_back", "security.verify", "security.logout", "auth.signed_out"}
)
HEALTH: Final = "health"


def init(app: Flask) -> None:
    """Shut this app's pages for browsers that were handed over."""
    app.before_request(_shut)


def hand_over() -> None:
    """From here on this browser is in a patient's hand."""
    session[KEY] = db.wall_clock().isoformat()


def is_handed_over() -> bool:
    """Whether it still is: nobody has given a password since."""
    since = session.get(KEY)
    if not isinstance(since, str) or current.member() is None:
        return False
    proved = fresh.authenticated_at()
    return proved is None or proved <= datetime.fromisoformat(since)


def take_back() -> bool:
    """Open the browser again; False while nobody has proved who they are. Demo people have nothing to be asked for."""
    person = current.member()
    if is_handed_over() and not (person is not None and person.demo):
        return False
    session.pop(KEY, None)
    return True


def _shut() -> ResponseReturnValue | None:
    if KEY not in session or not is_handed_over():
        return None
    policy = guards.current_policy()
    if request.blueprint == HEALTH or request.endpoint in OPEN or (policy is not None and policy.kind is Kind.LINK):
        return None
    return redirect(url_for("screening.back"), code=303)
