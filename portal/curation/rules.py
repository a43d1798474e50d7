"""The rules by which changes go live, and the agencies that claim listings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import abort, request, url_for

from i18n import formatting
from i18n.catalog import gettext as _
from i18n.catalog import lazy_gettext, ngettext
from portal import db, htmx
from portal.auth.guards import needs
from portal.curation import tabs
from portal.curation.blueprint import blueprint
from resources_db import claims, policy, policy_table
from resources_db.claims import ClaimError
from resources_db.policy import EDITABLE, ORIGINS, Risk
from resources_db.vocab import ChangeOrigin, ClaimState, PolicyDecision

if TYPE_CHECKING:
    import uuid
    from collections.abc import Mapping
    from datetime import datetime

    from flask.typing import ResponseReturnValue
    from sqlalchemy.orm import Session

    from i18n.lazy import LazyText

RISKS: Final[Mapping[Risk, tuple[LazyText, LazyText]]] = {
    Risk.ROOM: (lazy_gettext("Room, and a notice of up to 30 days"), lazy_gettext("Full, a wait, closed on Friday")),
    Risk.HOURS_CONTACT: (
        lazy_gettext("Hours, phone, e-mail, website on the same host"),
        lazy_gettext("Of a sensitive listing a person always decides."),
    ),
    Risk.DETAILS: (
        lazy_gettext("What to bring, cost, languages, how to get in"),
        lazy_gettext("“Live, one in ten checked” asks the team to look at every tenth."),
    ),
    Risk.IDENTITY: (
        lazy_gettext("Name, what it is, address, who can go"),
        lazy_gettext("A wrong word here sends people in vain."),
    ),
    Risk.CLOSING: (
        lazy_gettext("Closing, another web host, a link in a text, more than 5 fields"),
        lazy_gettext("A person always decides."),
    ),
}
WHO: Final[Mapping[ChangeOrigin, LazyText]] = {
    ChangeOrigin.AGENCY_MEMBER: lazy_gettext("Agency account that claimed it"),
    ChangeOrigin.AGENCY_LINK: lazy_gettext("Agency by a link"),
    ChangeOrigin.NAVIGATOR: lazy_gettext("Navigator"),
}
DECISIONS: Final[Mapping[PolicyDecision, LazyText]] = {
    PolicyDecision.REVIEW: lazy_gettext("A person decides"),
    PolicyDecision.LIVE: lazy_gettext("Live at once"),
    PolicyDecision.SAMPLED: lazy_gettext("Live, one in ten checked"),
}
METHODS: Final[Mapping[str, LazyText]] = {
    claims.ON_RECORD: lazy_gettext("A code went to an address on the record."),
    claims.ON_DOMAIN: lazy_gettext("A code went to an address on its web domain."),
    claims.PERSON: lazy_gettext("No fitting address. Please call them, then decide."),
}


@blueprint.get("/curation/rules")
@needs("listing.approve")
def rules() -> ResponseReturnValue:
    """The table, and who waits to be checked."""
    now = db.now()
    with db.reading() as session:
        table = policy_table.current(session)
        waiting = _claims(session, now)
    rows = [
        (risk.value, str(words), str(hint), [_cell(risk, origin, table) for origin in ORIGINS])
        for risk, (words, hint) in RISKS.items()
    ]
    return htmx.render(
        "curation/rules.html",
        tabs=tabs.tabs("rules"),
        rows=rows,
        who=[str(words) for words in WHO.values()],
        decisions=[(one.value, str(words)) for one, words in DECISIONS.items()],
        claims=waiting,
    )


@blueprint.post("/curation/rules")
@needs("curation.rules")
def save_rules() -> ResponseReturnValue:
    """Keep what was changed; it counts from the next proposal on."""
    wanted = {
        (risk, origin): PolicyDecision(chosen)
        for risk in EDITABLE
        for origin in ORIGINS
        if (chosen := request.form.get(f"{risk.value}.{origin.value}", "")) in set(PolicyDecision)
    }
    with db.transaction() as session:
        changed = len(policy_table.put(session, wanted, now=db.now()))
    said = ngettext("%(num)s rule changed.", "%(num)s rules changed.", changed) if changed else _("Nothing changed.")
    return htmx.redirect(url_for("curation.rules"), toast=said)


@blueprint.post("/curation/claims/<uuid:claim_id>")
@needs("listing.approve")
def decide_claim(claim_id: uuid.UUID) -> ResponseReturnValue:
    """A person has checked who they are."""
    verified = request.form.get("do") == "verify"
    try:
        with db.transaction() as session:
            claims.decide(session, claim_id, verified=verified, why=request.form.get("why", "")[:300], now=db.now())
    except ClaimError as refusal:
        if refusal.code == "not_found":
            abort(404)
        return htmx.redirect(url_for("curation.rules"), toast=_("Somebody else decided this before you."))
    said = _("They can edit their listings now.") if verified else _("Refused. They are told why.")
    return htmx.redirect(url_for("curation.rules"), toast=said)


def _cell(risk: Risk, origin: ChangeOrigin, table: policy.Table) -> tuple[str, str, str, bool]:
    """The field's name, what it says, in words, and whether it can be changed."""
    found = policy.decision(risk, origin, table)
    return f"{risk.value}.{origin.value}", found.value, str(DECISIONS[found]), risk in EDITABLE


def _claims(session: Session, now: datetime) -> list[tuple[str, str, str, str, str, bool]]:
    return [
        (
            str(claim.id),
            org.name,
            organization.name,
            formatting.ago(claim.asked_at, now),
            str(METHODS.get(claim.method, "")),
            claim.state is ClaimState.MAILED,
        )
        for claim, organization, org in claims.waiting(session)
    ]
