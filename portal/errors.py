"""Turns errors into answers: a page, a fragment or a problem document, with a status, plain words and a request id.

Domain errors carry a code and facts; their words are in `error_words`. No answer holds a traceback, SQL or a name.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, current_app, g, make_response, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, SecurityError

from i18n.catalog import current_language
from i18n.catalog import lazy_gettext as _
from i18n.lazy import LazyText
from portal import error_words, htmx
from portal.api import problems
from portal.error_words import Words
from portal.limits import TooManyError
from resources_db.tenancy import ForeignTenantError, system

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

log = logging.getLogger("handrail.errors")

CSRF_FAILED: Final = 419
BROKEN: Final = (_("Something went wrong here"), _("Nothing you did caused it. Please try again in a minute."))
STRANGE_HOST: Final = (_("We could not read that"), _("Open the address you were given."))
KEPT_STATUSES: Final = frozenset({409, CSRF_FAILED, 429, 503})
NEVER_KEPT: Final = ("password", "code", "secret", "csrf", "token")
MOST_KEPT: Final = 60
POSTGRES_BUSY: Final = frozenset({"55P03", "57014", "40001", "40P01"})


class DomainError(RuntimeError):
    """What the edge itself refuses, in the same form as the packages below: a code and facts."""

    def __init__(self, code: str, status: int = 422, **facts: object) -> None:
        super().__init__(code)
        self.code, self.status, self.facts = code, status, facts


@dataclass(frozen=True, slots=True)
class Problem:
    """One answer to an error."""

    status: int
    code: str
    words: Words


def init(app: Flask) -> None:
    """Answer every error of this app."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(TooManyError, _too_many)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(ForeignTenantError, _foreign)
    app.register_error_handler(Exception, _unforeseen)
    for kind in error_words.domain_errors():
        app.register_error_handler(kind, _domain)


def answer(status: int, code: str | None = None, facts: Mapping[str, object] | None = None) -> Response:
    """The answer for a status, with the words of a domain code where there are some."""
    words = (code and error_words.of_code(code, facts or {})) or error_words.of_status(status)
    return _show(Problem(status, code or str(status), words))


def sign_in_first() -> Response:
    """Nobody is signed in: send the person to the sign-in page and back here afterwards."""
    if problems.speaks_json():
        return answer(401)
    return _detour("/login")


def confirm_first() -> Response:
    """The page asks for a fresh proof of who is there."""
    return _detour("/verify")


def refused(permission: str) -> Response:
    """A function the person knows of but their role does not have."""
    log.warning("refused", extra={"permission": permission})
    return answer(403)


def link_not_working(*, asked: bool = False) -> Response:
    """The one page of unknown, ended, revoked and wrong links, so that nothing can be learned by trying.

    `asked`: a new link was asked for; the page says the same whether there was one to send or not. An installation of
    one care organization gives its phone number, on every such page.
    """
    from portal import db
    from referrals import senders

    with db.reading(system()) as session:
        care = senders.only_care_org(session)
    body = current_app.jinja_env.get_template("errors/link.html").render(asked=asked, care=care)
    return Response(body, 404, mimetype="text/html")


def kept_input() -> list[tuple[str, str]]:
    """What the person typed, to be sent again by one button; secrets and tokens are left out."""
    return list(_kept())[:MOST_KEPT] if request.method == "POST" else []


def _kept() -> Iterator[tuple[str, str]]:
    for name, values in request.form.lists():
        if not any(word in name.lower() for word in NEVER_KEPT):
            yield from ((name, value) for value in values)


def _detour(path: str) -> Response:
    from portal.security import safe_next

    here = request.full_path.rstrip("?") if request.method == "GET" else htmx.page_behind()
    query = f"?next={_quoted(safe_next(here))}"
    return htmx.to_sign_in(path + query) if htmx.wants_fragment() else htmx.redirect(path + query)


def _quoted(text: str) -> str:
    from urllib.parse import quote

    return quote(text, safe="/")


def _http(error: HTTPException) -> Response:
    if isinstance(error, SecurityError):
        # The host is not ours, so no address of ours can be built for a page.
        return Response(_bare(*STRANGE_HOST), 400, mimetype="text/html")
    if error.code is None or error.response is not None or error.code < 400:
        return make_response(error.get_response())
    response = answer(error.code)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after", "www-authenticate"}:
            response.headers[name] = value
    return response


def _csrf(_error: CSRFError) -> Response:
    return answer(CSRF_FAILED)


def _too_many(error: TooManyError) -> Response:
    response = answer(429, "too_many", {"seconds": error.wait_seconds})
    response.headers["Retry-After"] = str(error.wait_seconds)
    return response


def _domain(error: Exception) -> Response:
    code, facts = error_words.read(error)
    return answer(error_words.status_of(error, code), code, facts)


def _foreign(_error: ForeignTenantError) -> Response:
    log.warning("foreign tenant")
    return answer(404)


def _database(error: DBAPIError) -> Response:
    if not is_busy(error):
        return _unforeseen(error)
    log.warning("database busy")
    response = answer(503)
    response.headers["Retry-After"] = "5"
    return response


def is_busy(error: DBAPIError) -> bool:
    """Whether the database asks to come back later: another writer, a lock, a lost connection."""
    state = getattr(error.orig, "sqlstate", None)
    text = str(error.orig)
    return error.connection_invalidated or state in POSTGRES_BUSY or "database is locked" in text or "is busy" in text


def _unforeseen(error: Exception) -> Response:
    if current_app.config["TESTING"] and current_app.config["PROPAGATE_EXCEPTIONS"]:
        raise error
    # The type and the place are logged, never the message: it may hold what somebody typed.
    log.error("unforeseen", extra={"error": type(error).__name__}, exc_info=_without_message(error))
    try:
        return answer(500)
    except Exception:  # noqa: BLE001 - the last resort when the page of the error itself is broken
        return Response(_bare(*BROKEN), 500, mimetype="text/html")


def _without_message(error: Exception) -> tuple[type[BaseException], BaseException, TracebackType | None]:
    return type(error), RuntimeError("message withheld"), error.__traceback__


def _show(problem: Problem) -> Response:
    words = problem.words
    if problems.speaks_json():
        return problems.answer(problem.status, words.title, words.text, code=problem.code, request_id=request_id())
    context: dict[str, object] = {
        "problem": problem,
        "kept": kept_input() if problem.status in KEPT_STATUSES else [],
        "action": request.path,
        "request_id": request_id(),
    }
    return htmx.render("errors/page.html", block="fragment", status=problem.status, **context)


def request_id() -> str:
    """The number people can tell when they ask for help; also in the log."""
    return str(g.get("request_id", "-"))


def _bare(title: LazyText, text: LazyText) -> str:
    language = current_language()
    return (
        f'<!doctype html><html lang="{language.tag}" dir="{language.direction}"><title>{title}</title><h1>{title}</h1>'
        f"<p>{text}</p><p>{request_id()}</p></html>"
    )
