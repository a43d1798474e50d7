"""`/r/<token>`: one address for every link in a text or mail; the link's purpose decides which room answers.

Rooms register their page with `opens`; their further addresses are `/r/<token>/...`, guarded by `link`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, url_for

from portal import errors, htmx
from portal.auth import link_guard
from portal.auth.guards import link
from resources_db.vocab import LinkPurpose

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    Page = Callable[[str], ResponseReturnValue]

blueprint = Blueprint("links", __name__)
_pages: dict[tuple[LinkPurpose, str], Page] = {}


def opens(*purposes: LinkPurpose, kind: str = "") -> Callable[[Page], Page]:
    """Let this function answer `GET /r/<token>` for links of these purposes; it gets the token.

    `kind` narrows it to links on one kind of subject; those win over the others.
    """

    def registered(page: Page) -> Page:
        _pages.update({(purpose, kind): page for purpose in purposes})
        return page

    return registered


@blueprint.post("/r/<token>")
@link(*LinkPurpose)
def ask_for_new_link(token: str) -> ResponseReturnValue:
    """The button of the page of links that do not work; the guard answers it. A link that works shows its page."""
    return htmx.redirect(url_for("links.open_link", token=token))


@blueprint.get("/r/<token>")
@link(*LinkPurpose)
def open_link(token: str) -> ResponseReturnValue:
    """The page of the link. Reading it changes nothing: previews and mail scanners open links too."""
    found = link_guard.opened()
    page = _pages.get((found.purpose, found.subject_kind)) or _pages.get((found.purpose, ""))
    return page(token) if page else errors.link_not_working()
