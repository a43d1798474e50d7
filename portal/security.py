"""What holds for every request and answer: headers, size, host, origin, CSRF, characters, safe ways on."""

from __future__ import annotations

import re
import secrets
import unicodedata
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request, session
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import RequestEntityTooLarge

from portal import db
from portal.auth import guards
from portal.auth.guards import Kind
from portal.errors import DomainError
from portal.uploads import Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flask.typing import ResponseReturnValue

BODY_CAP: Final = 64 * 1024
FIELDS_BESIDE_FILE: Final = 256 * 1024
"""More than BODY_CAP: the reader of forms takes a file in pieces of 64 KiB and asks that a piece fits, too."""
LINKS: Final = "/r/"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
VARY: Final = ("HX-Request", "Accept-Language", "Cookie")
STATIC_AGE: Final = "public, max-age=31536000, immutable"
PERMISSIONS_POLICY: Final = (
    "geolocation=(self), publickey-credentials-get=(self), publickey-credentials-create=(self), "
    "camera=(), microphone=(), payment=(), usb=()"
)
BIDI_CONTROLS: Final = dict.fromkeys(
    map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
)
UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")

csrf = CSRFProtect()
View = TypeVar("View", bound="Callable[..., object]")


def init(app: Flask) -> None:
    """Guard this app's requests and answers."""
    settings = db.runtime_of(app).settings
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_CAP,
        MAX_FORM_MEMORY_SIZE=BODY_CAP,
        TRUSTED_HOSTS=list(settings.hosts),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        # checked below by hand: link, webhook and API views never read cookies
        WTF_CSRF_CHECK_DEFAULT=False,
    )
    app.request_class = Request
    csrf.init_app(app)
    app.before_request(_begin)
    app.before_request(_check_request)
    app.after_request(_headers)


def body_cap(size: int) -> Callable[[View], View]:
    """Raise the size a view takes, for uploads."""

    def raised(view: View) -> View:
        view.body_cap = size  # type: ignore[attr-defined]
        return view

    return raised


def takes_file(size: int, *, folder: str) -> Callable[[View], View]:
    """Let a view take one large file: it arrives in `folder` of the data folder, never in memory.

    Only the file may be large, the other fields stay small; and nothing is read from somebody who may not send it.
    """

    def raised(view: View) -> View:
        view.body_cap, view.form_cap, view.upload_folder = size, FIELDS_BESIDE_FILE, folder  # type: ignore[attr-defined]
        return view

    return raised


def any_text(view: View) -> View:
    """Let a view read what cannot be stored: it cleans what it is asked and stores nothing of it."""
    view.any_text = True  # type: ignore[attr-defined]
    return view


def safe_next(wanted: str | None, default: str = "/") -> str:
    """A place on this site to go on to; anything that could lead elsewhere becomes `default`."""
    if not wanted or len(wanted) > 2_000 or any(ord(letter) <= 32 or ord(letter) == 127 for letter in wanted):
        return default
    path = _own_path(wanted)
    if (
        not path.startswith("/")
        or path.startswith("//")
        or "\\" in path
        or "%5c" in path.lower()
        or "%2f%2f" in path.lower()
    ):
        return default
    parts = urlsplit(path)
    return default if parts.scheme or parts.netloc else path


def clean_text(text: str) -> str:
    """Text as we keep it: NFC, without the controls that turn letters round."""
    return unicodedata.normalize("NFC", text).translate(BIDI_CONTROLS)


def content_security_policy(tiles: str = "") -> str:
    """The one policy of all pages; on the search page an operator may add the origin of map tiles."""
    images = f"'self' {tiles}".strip()
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {images}; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'; "
        "manifest-src 'self'"
    )


def _own_path(wanted: str) -> str:
    # htmx tells the whole address of the page it is on; only our own may be cut down to a path.
    own = f"{request.scheme}://{request.host}"
    return wanted.removeprefix(own) if wanted.startswith(f"{own}/") else wanted


def _begin() -> None:
    g.request_id = secrets.token_hex(6)
    view = _view()
    cap = getattr(view, "body_cap", None)
    if isinstance(cap, int):
        request.max_content_length = cap
        request.max_form_memory_size = getattr(view, "form_cap", cap)


def _check_request() -> ResponseReturnValue | None:
    if request.method not in SAFE_METHODS and hasattr(_view(), "upload_folder"):
        refusal = guards.refusal()
        if refusal is not None:
            return refusal
    _check_content()
    return None


def _check_content() -> None:
    length = request.content_length
    if length is not None and request.max_content_length is not None and length > request.max_content_length:
        raise RequestEntityTooLarge
    if not getattr(_view(), "any_text", False):
        _refuse_unstorable(_texts())
    if request.method in SAFE_METHODS:
        return
    policy = guards.current_policy()
    if policy is None or policy.kind in {Kind.WEBHOOK, Kind.API}:
        return
    _refuse_cross_site(is_link=policy.kind is Kind.LINK)
    if not policy.cookieless:
        csrf.protect()


def _view() -> Callable[..., object] | None:
    return current_app.view_functions.get(request.endpoint or "")


def _texts() -> Iterable[str]:
    yield request.path
    yield request.query_string.decode("latin-1").replace("%00", "\0")
    if request.method in SAFE_METHODS:
        return
    if request.is_json:
        yield from _strings(request.get_json(silent=True))
        return
    for name, values in request.form.lists():
        yield name
        yield from values


def _strings(value: object, depth: int = 0) -> Iterable[str]:
    if depth > 64:
        raise DomainError("unstorable_text")
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _strings(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner, depth + 1)


def _refuse_unstorable(texts: Iterable[str]) -> None:
    # SQLite would keep a NUL and PostgreSQL raise; a lone surrogate breaks both.
    if any(UNSTORABLE.search(text) for text in texts):
        raise DomainError("unstorable_text")


def _refuse_cross_site(*, is_link: bool) -> None:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        # A no-referrer page posts "Origin: null"; the token in a link's path is the proof there.
        if site not in {"same-origin", "none"}:
            raise DomainError("cross_site", 403)
        return
    origin = request.headers.get("Origin")
    if origin is None or (is_link and origin == "null"):
        return
    if origin.rstrip("/") not in {db.runtime().settings.public_url, f"{request.scheme}://{request.host}"}:
        raise DomainError("cross_site", 403)


def _headers(response: Response) -> Response:
    settings = db.runtime().settings
    policy = guards.current_policy()
    headers = response.headers
    headers.setdefault("Content-Security-Policy", content_security_policy())
    # By address too: a mistyped address below a link still holds its token.
    is_link = request.path.startswith(LINKS) or (policy is not None and policy.kind is Kind.LINK)
    headers["Referrer-Policy"] = "no-referrer" if is_link else "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Permissions-Policy"] = PERMISSIONS_POLICY
    headers["X-Request-ID"] = str(g.get("request_id", "-"))
    if settings.https:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if is_link:
        headers["X-Robots-Tag"] = "noindex, nofollow"
    for name in VARY:
        response.vary.add(name)
    headers["Cache-Control"] = _cache(response)
    return response


def _cache(response: Response) -> str:
    if request.endpoint == "static":
        hashed = response.status_code == 200 and bool(request.args.get("v"))
        return STATIC_AGE if hashed else "no-cache"
    policy = guards.current_policy()
    public = policy is not None and policy.kind in {Kind.PUBLIC, Kind.API}
    unbound = getattr(session, "id", None) is None and not session.modified
    good = response.status_code < 400 and request.method in SAFE_METHODS
    return "private, no-cache" if public and unbound and good else "no-store"
