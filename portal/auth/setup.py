"""Flask-Security as Handrail uses it: invitation only, long passwords, a second factor for everybody.

The table is security design section 2; tests hold each value. Its pages are ours, its messages are ours.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, cast

from flask import Flask, abort, render_template, session
from flask_login import user_logged_out
from flask_security import Security, user_authenticated

from portal import db, htmx
from portal.auth import accounts, current, guards, throttle, words
from portal.auth.forms import AuthenticatorForm, NoRescueForm
from portal.auth.guards import Kind, Policy
from portal.auth.mail import OutboxMail
from portal.auth.passwords import SHORTEST, Passwords
from portal.auth.sessions import Session
from portal.auth.totp import OnceOnly
from resources_db import audit
from resources_db.tenancy import act_as

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

    from portal.auth.accounts import Account

OPEN_PAGES: Final = frozenset({
    "login", "forgot_password", "reset_password", "two_factor_token_validation", "mf_recovery",
    # reached in the middle of a first sign-in; Flask-Security itself asks for the password step before
    "two_factor_setup", "two_factor_setup_validate",
})  # fmt: skip
CLOSED_PAGES: Final = frozenset({"two_factor_rescue", "tf_select"})
"""Flask-Security cannot leave them out; a rescue by mail would weaken the second factor."""
TEMPLATES: Final = {
    "LOGIN_USER_TEMPLATE": "auth/login.html",
    "VERIFY_TEMPLATE": "auth/verify.html",
    "CHANGE_PASSWORD_TEMPLATE": "auth/change_password.html",
    "FORGOT_PASSWORD_TEMPLATE": "auth/forgot_password.html",
    "RESET_PASSWORD_TEMPLATE": "auth/reset_password.html",
    "TWO_FACTOR_SETUP_TEMPLATE": "auth/two_factor_setup.html",
    "TWO_FACTOR_VERIFY_CODE_TEMPLATE": "auth/two_factor_code.html",
    "MULTI_FACTOR_RECOVERY_TEMPLATE": "auth/recovery_code.html",
    "MULTI_FACTOR_RECOVERY_CODES_TEMPLATE": "auth/recovery_codes.html",
    "EMAIL_TEMPLATE_PASSWORD_RESET": "auth/mail/reset",
    "EMAIL_TEMPLATE_PASSWORD_RESET_NOTICE": "auth/mail/changed",
    "EMAIL_TEMPLATE_PASSWORD_CHANGE_NOTICE": "auth/mail/changed",
}
POLICY: Final[dict[str, object]] = {
    "REGISTERABLE": False,
    "UNIFIED_SIGNIN": False,
    "PASSWORDLESS": False,
    "USERNAME_RECOVERY": False,
    "OAUTH_ENABLE": False,
    "RECOVERABLE": True,
    "RESET_PASSWORD_WITHIN": timedelta(minutes=30),
    "CHANGEABLE": True,
    "CHANGE_EMAIL": False,
    "WEBAUTHN": False,
    "TWO_FACTOR": True,
    "TWO_FACTOR_REQUIRED": True,
    "TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
    "TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,
    "TWO_FACTOR_RESCUE_EMAIL": False,
    "TWO_FACTOR_ALWAYS_VALIDATE": True,
    "MULTI_FACTOR_RECOVERY_CODES": True,
    "MULTI_FACTOR_RECOVERY_CODES_N": 10,
    "RETURN_GENERIC_RESPONSES": True,
    "FRESHNESS": timedelta(minutes=10),
    "FRESHNESS_GRACE_PERIOD": timedelta(minutes=5),
    "API_ENABLED_METHODS": ["session"],
    "CSRF_PROTECT_MECHANISMS": ["session"],
    "LOGOUT_METHODS": ["POST"],
    "LOGOUT_CSRF": True,
    "PASSWORD_CHECK_BREACHED": False,
    "PASSWORD_LENGTH_MIN": SHORTEST,
    "PASSWORD_COMPLEXITY_CHECKER": None,
    "PASSWORD_NORMALIZE_FORM": "NFKD",
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__memory_cost": 47_104,
        "argon2__time_cost": 1,
        "argon2__parallelism": 1,
    },
    "DATETIME_FACTORY": lambda: datetime.now(UTC),
    # Ours: messages stand in the pages, so nothing lazy has to go through the session.
    "FLASH_MESSAGES": False,
    "STATIC_FOLDER": None,
    "EMAIL_HTML": False,
    "JOIN_USER_ROLES": False,
    "POST_LOGIN_VIEW": "/",
    "POST_LOGOUT_VIEW": "/signed-out",
    "POST_CHANGE_VIEW": "/account",
    "POST_RESET_VIEW": "/login",
    "TWO_FACTOR_POST_SETUP_VIEW": "/mf-recovery-codes",
    "TOTP_ISSUER": "Handrail",
}


class SecurityWithSegno(Security):
    """Flask-Security insists on the package qrcode although our own Totp draws the picture with segno."""

    def _check_modules(self, module: str, config_name: str) -> None:
        if module != "qrcode":
            super()._check_modules(module, config_name)  # type: ignore[no-untyped-call]


def init(app: Flask) -> None:
    """Set Flask-Security up on this app."""
    keys = db.runtime_of(app).keys
    settings = {
        **POLICY,
        **TEMPLATES,
        "PASSWORD_SALT": keys.password_salt,
        "TOTP_SECRETS": {"1": keys.totp},
        "MULTI_FACTOR_RECOVERY_CODES_KEYS": [keys.recovery],
    }
    app.config.update({f"SECURITY_{name}": value for name, value in settings.items()})
    words.install(app)
    throttle.init(app)
    accounts.init(app)
    security = SecurityWithSegno(
        app,
        accounts.datastore(),
        mail_util_cls=OutboxMail,
        password_util_cls=Passwords,
        totp_cls=OnceOnly,
        render_template=cast("Callable[..., str]", _render),
        two_factor_setup_form=AuthenticatorForm,
        two_factor_rescue_form=NoRescueForm,
    )
    security.want_json(lambda _request: False)
    _declare_guards(app)
    user_authenticated.connect(_signed_in, app)
    user_logged_out.connect(_signed_out, app)


def _declare_guards(app: Flask) -> None:
    for endpoint, view in list(app.view_functions.items()):
        blueprint, _dot, name = endpoint.rpartition(".")
        if blueprint == accounts.BLUEPRINT and name in CLOSED_PAGES:
            app.view_functions[endpoint] = guards.declare(_own_function(_closed), Policy(Kind.PUBLIC, "closed"))
        elif blueprint == accounts.BLUEPRINT:
            kind = Policy(Kind.PUBLIC) if name in OPEN_PAGES else Policy(Kind.NEEDS, "account.own")
            app.view_functions[endpoint] = guards.declare(_own_function(view), kind)


def _closed() -> Response:
    abort(404)


def _own_function(view: guards.View) -> guards.View:
    """A function of this app around a view that is shared by every app in the process."""

    @wraps(view)
    def own(*args: object, **named: object) -> object:
        return view(*args, **named)

    return cast("guards.View", own)


def _render(template: str, **context: object) -> str | Response:
    if template.endswith(".txt"):
        return render_template(template, **context)
    wrong = any(getattr(value, "errors", None) for name, value in context.items() if name.endswith("_form"))
    return htmx.render(template, block=None, status=422 if wrong else 200, **cast("dict[str, Any]", context))


def _signed_in(_app: Flask, user: Account, authn_via: list[str] | None = None, **_more: object) -> None:
    database = accounts.session()
    member = current.load(database, user.id, None)
    now = db.wall_clock()
    assert isinstance(session._get_current_object(), Session)  # type: ignore[attr-defined]  # noqa: SLF001
    session.sign_in(user.id, member.membership_id if member else None, now)  # type: ignore[attr-defined]
    current.set_member(member)
    if member is not None:
        act_as(database, member.actor())
        audit.record(
            database,
            action="sign_in",
            subject_kind="app_user",
            subject_id=user.id,
            detail={"by": list(authn_via or [])},
            now=now,
        )
        database.commit()


def _signed_out(_app: Flask, **_more: object) -> None:
    person = current.member()
    session.end("signed out")  # type: ignore[attr-defined]
    current.set_member(None)
    if person is None:
        return
    database = accounts.session()
    act_as(database, person.actor())
    audit.record(database, action="sign_out", subject_kind="app_user", subject_id=person.user_id, now=db.wall_clock())
    database.commit()
