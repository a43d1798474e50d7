"""Staff accounts as Flask-Security sees them, and the database session it works in.

Its session reads, except while a form of the sign-in pages is sent; it is closed before the web session is stored,
because SQLite has one writer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from flask import Flask, g, request
from flask_security import RoleMixin, SQLAlchemySessionUserDatastore, UserMixin
from sqlalchemy import func, select
from werkzeug.local import LocalProxy

from portal import db
from resources_db.models.tenants import AppUser
from resources_db.tenancy import system

if TYPE_CHECKING:
    from flask import Response
    from sqlalchemy.orm import Session, scoped_session

BLUEPRINT: Final = "security"


class Account(AppUser, UserMixin):  # type: ignore[misc]
    """An account with what Flask-Security asks of one. It sees no roles: rights are decided by our map alone."""

    __allow_unmapped__ = True
    roles: tuple[()] = ()  # type: ignore[assignment]
    code_taken: bool = True

    def verify_and_update_password(self, password: str) -> bool:
        """Whether this is the password. An account without one (the people of the demo) has no right one."""
        return self.password is not None and bool(super().verify_and_update_password(password))

    def calc_username(self) -> str:
        """How authenticator apps show the account."""
        return self.email

    def check_tf_required_setup(self) -> bool:
        """Nobody switches the second factor off."""
        return True


class NoRole(RoleMixin):
    """Stands where Flask-Security wants a role model; nothing is ever made of it."""


class Accounts(SQLAlchemySessionUserDatastore):
    """Finds accounts by e-mail without regard to case, and by nothing else than that and the session's id."""

    def find_user(self, case_insensitive: bool = False, **wanted: object) -> Account | None:
        """The account with this one attribute."""
        ((name, value),) = wanted.items()
        column = getattr(Account, name)
        fits = func.lower(column) == str(value).lower() if case_insensitive else column == value
        return cast("Account | None", session().scalar(select(Account).where(fits)))

    def mf_get_recovery_codes(self, user: Account) -> list[str]:  # type: ignore[override]
        """The codes that are left; locked while a form is sent, so that of two requests with one code one wins."""
        held = session()
        if request.method == "POST" and user in held:
            held.refresh(user, ["mf_recovery_codes"], with_for_update=True)
        return list(user.mf_recovery_codes or [])

    def mf_delete_recovery_code(self, user: Account, idx: int) -> bool:  # type: ignore[override]
        """Take one code away. A new list: a change inside the old one would not be stored."""
        codes = list(user.mf_recovery_codes or [])
        if idx >= len(codes):
            return False
        user.mf_recovery_codes = [code for place, code in enumerate(codes) if place != idx]
        session().add(user)
        return True


def datastore() -> Accounts:
    """The accounts on the session of the request."""
    return Accounts(cast("scoped_session[Session]", LocalProxy(session)), Account, NoRole)


def init(app: Flask) -> None:
    """Close the session with each request."""
    app.after_request(_close_after)
    app.teardown_request(_close)


def session() -> Session:
    """The session Flask-Security works in during this request."""
    if "account_session" not in g:
        writes = request.method == "POST" and request.blueprint in {BLUEPRINT, "people"}
        database = db.runtime().database
        g.account_session = database.writing(system()) if writes else database.reading(system())
    found: Session = g.account_session
    return found


def keep() -> None:
    """Commit at the end of this request if it goes well: Flask-Security commits only where an account changed."""
    g.account_kept = True


def _close_after(response: Response) -> Response:
    held: Session | None = g.get("account_session")
    if held is not None and g.get("account_kept") and response.status_code < 400:
        held.commit()
    _close(None)
    return response


def _close(_error: BaseException | None) -> None:
    found: Session | None = g.pop("account_session", None)
    if found is not None:
        found.close()
