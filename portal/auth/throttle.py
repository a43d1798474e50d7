"""Slows down guessing at the sign-in pages: tries are counted before the answer is known, successes are forgotten.

Never a hard lock: beyond the limit an account still takes one try a minute, so nobody can lock out the owner.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import Flask, g, request, session

from portal import db, limits
from portal.errors import DomainError
from portal.limits import TooManyError
from resources_db import audit
from resources_db.limits import Limit
from resources_db.tenancy import system

if TYPE_CHECKING:
    from flask import Response

SLOW: Final = Limit("password.slow", 1, timedelta(minutes=1))
HASHING: Final = frozenset({"security.login", "security.verify", "security.change_password", "security.reset_password"})
CODES: Final = frozenset({"security.two_factor_token_validation", "security.mf_recovery"})
AT_ONCE: Final = 4
PATIENCE_SECONDS: Final = 2
_hashes = threading.BoundedSemaphore(AT_ONCE)
"""A flood of sign-ins must not eat the memory: argon2 takes 46 MB each."""


def init(app: Flask) -> None:
    """Count tries at the sign-in pages of this app."""
    app.before_request(_before)
    app.after_request(_after)
    app.teardown_request(_release)


def _before() -> None:
    if request.method != "POST" or not (request.endpoint or "").startswith("security."):
        return
    if request.endpoint == "security.login":
        _count_password(request.form.get("email", "").strip().lower())
    elif request.endpoint == "security.verify":
        _count_password(str(session.get("_user_id", "")))
    elif request.endpoint in CODES:
        limits.count(limits.CODE_BY_ACCOUNT, _half_signed_in())
    elif request.endpoint == "security.forgot_password":
        limits.count(limits.MAIL_BY_ACCOUNT, request.form.get("email", "").strip().lower())
        limits.count(limits.MAIL_BY_ADDRESS)
    if request.endpoint in HASHING:
        if not _hashes.acquire(timeout=PATIENCE_SECONDS):
            raise DomainError("busy", 503)
        g.hashing = True


def _count_password(account: str) -> None:
    g.counted_account = account
    limits.count(limits.PASSWORD_BY_ADDRESS)
    try:
        limits.count(limits.PASSWORD_BY_ACCOUNT, account)
    except TooManyError:
        limits.count(SLOW, account)


def _half_signed_in() -> str:
    g.counted_code = str(session.get("tf_user_id", ""))
    return str(g.counted_code)


def _after(response: Response) -> Response:
    if request.method == "POST" and response.status_code == 302:
        response.status_code = 303  # Flask-Security still answers forms with 302
    if request.endpoint not in HASHING | CODES or request.method != "POST":
        return response
    if response.status_code != 303:
        _note_failure()
        return response
    if account := g.get("counted_account"):
        limits.forget(limits.PASSWORD_BY_ACCOUNT, account)
    if code := g.get("counted_code"):
        limits.forget(limits.CODE_BY_ACCOUNT, code)
    return response


def _note_failure() -> None:
    with db.transaction(system()) as database:
        audit.record(
            database,
            action="sign_in",
            subject_kind="page",
            subject_id=str(request.endpoint),
            outcome="refused",
            now=db.wall_clock(),
        )


def _release(_error: BaseException | None) -> None:
    if g.pop("hashing", False):
        _hashes.release()
