"""The only module that knows HX headers: whole page or block, redirects, toasts. Built on htmx-flask.

A fragment is a named block of its page. A history restore asks for the whole page although it calls itself htmx.
"""

from __future__ import annotations

import json
from typing import Final

from flask import Response, current_app, flash
from htmx_flask import make_response, request

RESWAPS: Final = frozenset(
    {"innerHTML", "outerHTML", "beforebegin", "afterbegin", "beforeend", "afterend", "delete", "none"}
)
VARY: Final = "HX-Request"


def wants_fragment() -> bool:
    """Whether htmx asks for a part of the page it already shows."""
    return bool(request.htmx) and not request.htmx.history_restore_request


def page_behind() -> str:
    """The address of the page that a request came from: htmx says it, a form's browser too (our policy lets it)."""
    return request.htmx.current_url or request.referrer or "/"


def target() -> str:
    """The id of the element that will be swapped, or nothing."""
    return request.htmx.target or ""


def render(template: str, /, *, block: str | None = None, status: int = 200, **context: object) -> Response:
    """The page, or only its `block` where htmx asked for a part."""
    if block is not None and wants_fragment():
        return fragment(template, block, status=status, **context)
    return _answer(_whole(template, context), status)


def fragment(template: str, block: str, /, *, status: int = 200, **context: object) -> Response:
    """Always only the block: for routes that exist for fragments."""
    return _answer(_block(template, block, context), status)


def redirect(location: str, *, toast: str | None = None, undo_url: str | None = None) -> Response:
    """Go on after a POST: 303, or for htmx a full navigation. The toast, with its undo, stands on the next page."""
    if toast is not None:
        say_later(toast, undo_url)
    if wants_fragment():
        response: Response = make_response("", 204, redirect=location)
        return response
    response = current_app.response_class(status=303)
    response.headers["Location"] = location
    return response


def with_toast(
    response: Response, message: str, *, undo_url: str | None = None, seconds: int | None = None
) -> Response:
    """Let the page show a short word, with an undo where there is one. Without JavaScript use `say_later`."""
    detail = {"message": message, "undo": undo_url, "seconds": seconds}
    response.headers["HX-Trigger"] = json.dumps({"toast": {key: value for key, value in detail.items() if value}})
    return response


def reswap(response: Response, how: str, *, into: str | None = None) -> Response:
    """Swap the answer another way than the element asked for.

    The header is set by hand: htmx-flask 0.1.0 misses a comma and refuses beforebegin and afterbegin.
    """
    if how not in RESWAPS:
        msg = f"htmx knows no swap called {how}"
        raise ValueError(msg)
    response.headers["HX-Reswap"] = how
    if into is not None:
        response.headers["HX-Retarget"] = into
    return response


def push_url(response: Response, url: str) -> Response:
    """Put `url` into the address bar, so that the page can be reloaded and shared."""
    response.headers["HX-Push-Url"] = url
    return response


def say_later(message: str, undo_url: str | None = None) -> None:
    """A short word for the next page: kept in the session, shown once by the layout."""
    flash(str(message), undo_url or "message")


def to_sign_in(location: str) -> Response:
    """Send a fragment's reader to the sign-in page; a redirect would put that page into the fragment."""
    response: Response = make_response("", 401, redirect=location)
    return response


def _whole(template: str, context: dict[str, object]) -> str:
    current_app.update_template_context(context)
    return current_app.jinja_env.get_template(template).render(context)


def _block(template: str, block: str, context: dict[str, object]) -> str:
    current_app.update_template_context(context)
    page = current_app.jinja_env.get_template(template)
    return "".join(page.blocks[block](page.new_context(context)))


def _answer(body: str, status: int) -> Response:
    return current_app.response_class(body, status=status, mimetype="text/html")
