"""Codes of authenticator apps: each works once, and the picture for the app is drawn as inline SVG."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Protocol

from flask_security import Totp
from markupsafe import Markup
from sqlalchemy import or_, update

from portal.auth import accounts
from resources_db.models.tenants import AppUser

if TYPE_CHECKING:
    from portal.auth.accounts import Account


class Match(Protocol):
    """What passlib tells of a right code: the step of time it belongs to."""

    @property
    def counter(self) -> int: ...


class OnceOnly(Totp):
    """Flask-Security's codes with the guard against replay that it leaves to the application."""

    def verify_totp(  # type: ignore[override]
        self, token: str, totp_secret: str, user: Account, window: int = 0
    ) -> bool:
        """Whether the code is right and was not used before; of two requests with one code, one wins."""
        user.code_taken = True
        right = super().verify_totp(token=token, totp_secret=totp_secret, user=user, window=window)
        return bool(right) and user.code_taken

    def get_last_counter(self, user: Account) -> int | None:  # type: ignore[override]
        """The step of the code used last."""
        return user.tf_last_counter

    def set_last_counter(self, user: Account, tmatch: Match) -> None:  # type: ignore[override]
        """Note the step of this code, unless another request was faster."""
        counter = int(tmatch.counter)
        unused = or_(AppUser.tf_last_counter.is_(None), AppUser.tf_last_counter < counter)
        change = update(AppUser).where(AppUser.id == user.id, unused).values(tf_last_counter=counter)
        done = accounts.session().execute(change, execution_options={"synchronize_session": False})
        user.code_taken = bool(getattr(done, "rowcount", 0))

    def generate_qrcode(self, username: str, totp: str) -> str:
        """The picture an authenticator app reads, as SVG in the page: the CSP allows no data: images."""
        import segno

        drawn = io.BytesIO()
        segno.make(self.get_totp_uri(username, totp)).save(
            drawn, kind="svg", scale=5, xmldecl=False, svgns=False, nl=False, light="#fff", dark="#000"
        )
        return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn by us from our own address
