"""`/dev/people`: one click to be one of the demo's staff. Exists in the demo on loopback only."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import Blueprint, abort, request
from flask_security.utils import login_user
from sqlalchemy import select

from i18n.catalog import lazy_gettext as _
from portal import db, htmx
from portal.auth import accounts
from portal.auth.accounts import Account
from portal.auth.guards import demo_only
from portal.security import safe_next
from resources_db.models.tenants import AppUser, Membership, Org
from resources_db.vocab import Role

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from i18n.lazy import LazyText

blueprint = Blueprint("people", __name__)

ROLE_WORDS: Final[dict[Role, tuple[LazyText, LazyText]]] = {
    Role.NAVIGATOR: (_("Navigator"), _("Today's work, her or his own patients, finding help and sending it.")),
    Role.SUPERVISOR: (_("Director of care management"), _("Everybody's patients, the reports, who to call first.")),
    Role.CARE_ADMIN: (_("Administrator of the care organization"), _("Users, care teams, settings and the audit.")),
    Role.AGENCY_WORKER: (_("Agency worker"), _("The referrals that came in, and the own listings.")),
    Role.AGENCY_ADMIN: (_("Agency administrator"), _("The agency's referrals, listings and users.")),
    Role.CURATOR: (_("Directory editor"), _("Changes to listings that wait for a look.")),
    Role.DIRECTORY_ADMIN: (_("Directory administrator"), _("Imports, needs lists and changes to listings.")),
    Role.AUDITOR: (_("Auditor"), _("The audit and the reports, nothing else.")),
    Role.SITE_ADMIN: (_("Site administrator"), _("The state of the installation, no personal data.")),
}


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One person of the demo as the page shows them."""

    user_id: uuid.UUID
    name: str
    org_name: str
    role: str
    sees: str


@blueprint.get("/dev/people")
@demo_only
def people() -> ResponseReturnValue:
    """Everybody one can be."""
    return htmx.render("auth/people.html", people=demo_people(), next=safe_next(request.args.get("next")))


@blueprint.post("/dev/people/<uuid:user_id>")
@demo_only
def be(user_id: uuid.UUID) -> ResponseReturnValue:
    """Sign in as this demo person. Only accounts made for the demo can be had this way."""
    person = accounts.session().scalar(select(Account).where(Account.id == user_id, AppUser.demo.is_(True)))
    if person is None:
        abort(404)
    login_user(person, authn_via=["demo"])
    return htmx.redirect(safe_next(request.form.get("next")))


def demo_people() -> list[DemoPerson]:
    """The demo's staff, care organization first, in the order they were made."""
    query = (
        select(AppUser, Membership.role, Org.name)
        .join(Membership, Membership.user_id == AppUser.id)
        .join(Org, Org.id == Membership.org_id)
        .where(AppUser.demo.is_(True), AppUser.active.is_(True), Membership.ended_at.is_(None))
    )
    with db.reading() as database:
        rows = database.execute(query).all()
    order = list(Role)
    found = sorted(rows, key=lambda row: (order.index(row[1]), row[0].created_at, row[0].name))
    return [
        DemoPerson(user.id, user.name, org, str(ROLE_WORDS[role][0]), str(ROLE_WORDS[role][1]))
        for user, role, org in found
    ]
