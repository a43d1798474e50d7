"""Pages around an account that Flask-Security does not have: the way in, the own account, sessions, the language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import Blueprint, current_app, request, session
from sqlalchemy import select
from werkzeug.exceptions import HTTPException

from i18n import catalog
from portal import db, htmx, locale
from portal.auth import current, sessions
from portal.auth.guards import needs, public
from portal.security import safe_next
from resources_db.models.access import WebSession
from resources_db.models.tenants import AppUser
from resources_db.vocab import Role

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from portal.auth.current import Member

blueprint = Blueprint("auth", __name__)

FIRST_PAGES: Final[dict[Role, tuple[str, ...]]] = {
    Role.NAVIGATOR: ("/today",),
    Role.SUPERVISOR: ("/today",),
    Role.CARE_ADMIN: ("/today", "/admin"),
    Role.AGENCY_WORKER: ("/agency",),
    Role.AGENCY_ADMIN: ("/agency", "/admin"),
    Role.CURATOR: ("/curation",),
    Role.DIRECTORY_ADMIN: ("/curation", "/admin"),
    Role.AUDITOR: ("/reports", "/admin/audit"),
    Role.SITE_ADMIN: ("/admin",),
}
"""Where each role starts; the first page that exists is taken."""


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """Sends everybody to where their day starts; strangers to the directory, in the demo to its people."""
    person = current.member()
    if person is not None and _lacks_recovery_codes(person):
        return htmx.redirect("/mf-recovery-codes")
    if person is not None:
        return htmx.redirect(first_existing((*FIRST_PAGES[person.role], "/search", "/account")))
    demo = db.runtime().settings.demo
    return htmx.redirect(first_existing(("/dev/people",) if demo else ("/search", "/login")))


@blueprint.get("/signed-out")
@public
def signed_out() -> ResponseReturnValue:
    """Says that the tab can be closed, and lets the browser forget what it kept."""
    response = htmx.render("auth/signed_out.html")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.get("/account")
@needs("account.own")
def account() -> ResponseReturnValue:
    """The own account: who one is here, and which sessions are open."""
    person = current.member()
    assert person is not None
    with db.reading() as database:
        rows = database.scalars(
            select(WebSession)
            .where(WebSession.user_id == person.user_id, WebSession.ended_at.is_(None))
            .order_by(WebSession.seen_at.desc())
        ).all()
    return htmx.render("auth/account.html", person=person, open_sessions=rows, this_session=_this_session())


@blueprint.post("/account/settings")
@needs("account.own")
def save_settings() -> ResponseReturnValue:
    """Keep the own language, and whether single keys work."""
    person = current.member()
    assert person is not None
    code = request.form.get("language", "")
    with db.transaction() as database:
        user = database.get_one(AppUser, person.user_id)
        user.keys_on = request.form.get("keys") == "y"
        if catalog.readable(code):
            user.language = session[locale.SAVED] = code
    return htmx.redirect("/account")


@blueprint.post("/account/sessions/end")
@needs("account.own")
def end_other_sessions() -> ResponseReturnValue:
    """End all sessions but this one."""
    person = current.member()
    assert person is not None
    sessions.end_all(db.runtime(), person.user_id, "ended by the person", keep=getattr(session, "id", None))
    return htmx.redirect("/account")


@blueprint.post("/language")
@public
def choose_language() -> ResponseReturnValue:
    """Keep the language for this browser."""
    code = request.form.get("language", "")
    if catalog.readable(code):
        session[locale.SAVED] = code
    return htmx.redirect(safe_next(request.form.get("next")))


def first_existing(paths: tuple[str, ...]) -> str:
    """The first of these addresses that has a page."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    for path in paths:
        try:
            adapter.match(path, method="GET")
        except HTTPException:
            continue
        return path
    return "/login"


def _lacks_recovery_codes(person: Member) -> bool:
    """Whether somebody with a second factor would be locked out by a lost phone."""
    if person.demo:
        return False
    with db.reading() as database:
        return not database.scalar(select(AppUser.mf_recovery_codes).where(AppUser.id == person.user_id))


def _this_session() -> bytes:
    token = getattr(session, "id", None)
    return sessions.hashed(token) if token else b""
