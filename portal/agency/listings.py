"""Your listings: what an agency account speaks for, how fresh each is, one tap for "all right", and claims."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from flask import abort, request, url_for
from sqlalchemy import select

from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext
from portal import db, field_words, freshness_words, htmx, told
from portal.agency import inbox
from portal.agency.blueprint import blueprint
from portal.auth.guards import needs
from referrals import claiming
from resources_db import claims, freshness, proposal_queue
from resources_db.claims import ClaimError
from resources_db.listing_fields import BadFieldError
from resources_db.listing_key import ListingKey
from resources_db.models.directory import Organization
from resources_db.models.tenants import Org
from resources_db.models.upkeep import ListingClaim
from resources_db.repositories import listings
from resources_db.vocab import ChangeOrigin, ClaimState, ConfirmMethod, FieldOrigin, OrgKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from i18n.lazy import LazyText
    from portal.auth.current import Member

FOUND: Final = 12
SHORTEST: Final = 3
STATES: Final[Mapping[ClaimState, LazyText]] = {
    ClaimState.ASKED: lazy_gettext("The directory team checks it and may call you."),
    ClaimState.MAILED: lazy_gettext("Type the code from our mail."),
    ClaimState.VERIFIED: lazy_gettext("This is yours."),
    ClaimState.REFUSED: lazy_gettext("The directory team did not agree."),
    ClaimState.ENDED: lazy_gettext("Ended."),
}
PROBLEMS: Final[Mapping[str, LazyText]] = {
    "claimed_already": lazy_gettext("This is yours already."),
    "too_many": lazy_gettext("That is enough for today. Please try again tomorrow, or call the directory team."),
    "not_an_agency": lazy_gettext("Only accounts of agencies claim listings."),
}


@dataclass(frozen=True, slots=True)
class ListingRow:
    """One listing of the account."""

    key: str
    name: str
    place: str
    fresh: str
    href: str


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim, and whether its code is waited for."""

    id: str
    name: str
    said: str
    why: str
    code: bool


@blueprint.get("/agency/listings")
@needs("listing.propose")
def own_listings() -> ResponseReturnValue:
    """Each listing with its age; below it what was sent, and the way to claim more."""
    return _page()


@blueprint.post("/agency/listings/<key>/right")
@needs("listing.propose")
def listing_is_right(key: str) -> ResponseReturnValue:
    """One tap: all of this listing is right."""
    wanted = ListingKey.parse(key)
    with db.transaction() as session:
        if not _speaks_for(session, wanted):
            abort(404)
        freshness.confirm(
            session,
            service_id=wanted.service_id,
            location_id=wanted.location_id,
            groups=freshness.SPOKEN_OF,
            method=ConfirmMethod.AGENCY_LINK,
            origin=FieldOrigin.AGENCY,
            by=inbox.member().user_id,
            now=db.now(),
        )
    return htmx.redirect(
        url_for("agency.own_listings"), toast=_("Thank you. Your listing says that you checked it today.")
    )


@blueprint.post("/agency/claims")
@needs("listing.propose")
def claim() -> ResponseReturnValue:
    """Claim an organization: a code goes out, or a person checks."""
    person, given = inbox.member(), request.form.get("organization", "")
    mail = request.form.get("mail", "")[:200]
    try:
        organization_id = uuid.UUID(given)
    except ValueError:
        return _page(problem=_("Choose your organization from the list."), mail=mail, status=422)
    try:
        with db.transaction() as session:
            org = session.get_one(Org, person.org_id)
            made = claiming.ask(session, org, organization_id, mail, language=person.language, now=db.now())
            mailed = made.state is ClaimState.MAILED
    except BadFieldError as bad:
        return _page(problem=field_words.error(bad.code), mail=mail, status=422)
    except ClaimError as refusal:
        if refusal.code == "not_found":
            abort(404)
        return _page(problem=str(PROBLEMS[refusal.code]), mail=mail, status=422)
    said = _("We sent a code to that address. Type it below.") if mailed else str(STATES[ClaimState.ASKED])
    return htmx.redirect(url_for("agency.own_listings"), toast=said)


@blueprint.post("/agency/claims/<uuid:claim_id>/code")
@needs("listing.propose")
def claim_code(claim_id: uuid.UUID) -> ResponseReturnValue:
    """The code of the mail."""
    with db.transaction() as session:
        row = session.get(ListingClaim, claim_id)
        if row is None or row.org_id != inbox.member().org_id:
            abort(404)
        right = claims.check(session, row, request.form.get("code", "")[:20], now=db.now())
    if right:
        return htmx.redirect(url_for("agency.own_listings"), toast=_("Thank you. You can change these listings now."))
    return _page(problem=_("That code is not right, or it is too old. After 5 tries a person checks."), status=422)


def _page(*, problem: str = "", mail: str = "", status: int = 200) -> ResponseReturnValue:
    person, asked = inbox.member(), request.args.get("q", "").strip()
    if person.org_kind is not OrgKind.AGENCY:
        abort(404)
    with db.reading() as session:
        held = claims.held(session, person.org_id)
        found = [
            one for organization in held for one in listings.of_organization(session, organization, include_staff=True)
        ]
        now = db.now()
        rows = [
            ListingRow(
                str(one.key),
                one.name,
                one.address_lines[0] if one.address_lines else one.location_name,
                freshness_words.line(one, now),
                url_for("directory.change_listing", key=str(one.key)),
            )
            for one in found
        ]
        sent = proposal_queue.of_listings(session, [one.key for one in found], frozenset({ChangeOrigin.AGENCY_MEMBER}))
        claimed = [_claim_row(row, organization) for row, organization in claims.of_org(session, person.org_id)]
        offered = _search(session, asked, held)
    return htmx.render(
        "agency/listings.html",
        status=status,
        rows=rows,
        told=told.of(sent, now),
        claims=claimed,
        offered=offered,
        asked=asked,
        problem=problem,
        mail=mail,
    )


def _claim_row(row: ListingClaim, organization: Organization) -> ClaimRow:
    said = str(STATES[row.state])
    return ClaimRow(str(row.id), organization.name, said, row.why, row.state is ClaimState.MAILED)


def _search(session: Session, asked: str, held: frozenset[uuid.UUID]) -> list[tuple[str, str]]:
    if len(asked) < SHORTEST:
        return []
    stmt = select(Organization).where(
        Organization.name.icontains(asked, autoescape=True), Organization.deleted_at.is_(None)
    )
    stmt = stmt.where(Organization.id.not_in(held)) if held else stmt
    return [(str(one.id), one.name) for one in session.scalars(stmt.order_by(Organization.name).limit(FOUND))]


def _speaks_for(session: Session, key: ListingKey) -> bool:
    person: Member = inbox.member()
    found = listings.get(session, key, include_staff=True)
    return found is not None and claims.holds(session, person.org_id, found.organization_id)
