"""An agency account shows that an organization of the directory is its own: by mail to an address the record names.

A claim lets the account's words about its listings go live as the policy says. It opens no referral of anybody.
"""

import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from resources_db import audit
from resources_db.encryption import blind_index
from resources_db.listing_writes import BadFieldError
from resources_db.mail_hosts import host_of, shows_who
from resources_db.models.directory import Contact, Organization, Service
from resources_db.models.tenants import Org
from resources_db.models.upkeep import ListingClaim
from resources_db.tenancy import actor_of
from resources_db.vocab import ClaimState, OrgKind

ON_RECORD, ON_DOMAIN, PERSON = "mail_on_record", "mail_on_domain", "person"
CODE_LIFE, TRIES = timedelta(minutes=30), 5
A_DAY, ASKS_A_DAY = timedelta(days=1), 5
OPEN = (ClaimState.ASKED, ClaimState.MAILED)


class ClaimError(ValueError):
    """A claim that cannot be made or decided; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asked:
    """`code` goes to `claim.mailed_to`; empty where a person checks."""

    claim: ListingClaim
    code: str = ""


def addresses(session: Session, organization_id: uuid.UUID) -> list[str]:
    """Public mail addresses that the record itself names, the organization's first."""
    organization = session.get(Organization, organization_id)
    if organization is None or organization.deleted_at is not None:
        return []
    services = select(Service.email).where(Service.organization_id == organization_id, Service.deleted_at.is_(None))
    people = select(Contact.email).where(Contact.organization_id == organization_id, Contact.private.is_(False))
    found = [organization.email, *session.scalars(services), *session.scalars(people)]
    return list(dict.fromkeys(one.strip().lower() for one in found if "@" in one))


def hosts(session: Session, organization_id: uuid.UUID) -> frozenset[str]:
    """Hosts of the record's web pages that belong to one agency alone."""
    organization = session.get(Organization, organization_id)
    pages = session.scalars(select(Service.url).where(Service.organization_id == organization_id)).all()
    known = [organization.website if organization else "", *pages]
    return frozenset(host for one in known if one and shows_who(host := host_of(one)))


def ask(session: Session, *, org: Org, organization_id: uuid.UUID, mail: str, now: datetime) -> Asked:
    """Claim an organization. With a fitting address a code is made for it, else a person of the team checks.

    Raises ClaimError: not_an_agency, not_found, claimed_already, too_many; BadFieldError for what is no mail address.
    """
    if org.kind is not OrgKind.AGENCY:
        raise ClaimError("not_an_agency")
    organization = session.get(Organization, organization_id)
    if organization is None or organization.deleted_at is not None:
        raise ClaimError("not_found")
    if holds(session, org.id, organization_id):
        raise ClaimError("claimed_already")
    if len(_lately(session, org.id, now)) >= ASKS_A_DAY:
        raise ClaimError("too_many")
    mail = mail.strip().lower()
    if mail and ("@" not in mail or not host_of(mail)):
        raise BadFieldError("mail", "bad_email")
    _end_older(session, org.id, organization_id, now)
    method = _method(session, organization_id, mail)
    claim = ListingClaim(
        organization_id=organization_id,
        org_id=org.id,
        method=method,
        mailed_to=mail if method != PERSON else "",
        state=ClaimState.ASKED if method == PERSON else ClaimState.MAILED,
        asked_at=now,
        asked_by=actor_of(session).user_id,
    )
    code = "" if method == PERSON else f"{secrets.randbelow(1_000_000):06}"
    if code:
        claim.code_hash, claim.code_until = _hash(claim.id, code), now + CODE_LIFE
    session.add(claim)
    session.flush()
    _log(session, "listing_claim.asked", claim, now)
    return Asked(claim, code)


def check(session: Session, claim: ListingClaim, digits: str, *, now: datetime) -> bool:
    """Whether the code of the mail is right. A wrong one counts; after five a person checks."""
    if claim.state is not ClaimState.MAILED or claim.code_hash is None or claim.code_until is None:
        return False
    session.execute(  # counted where it stands, so that tries at once are all counted
        update(ListingClaim)
        .where(ListingClaim.id == claim.id)
        .values(misses=ListingClaim.misses + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(claim)
    given = _hash(claim.id, "".join(one for one in digits if one.isdigit()))
    in_time = claim.misses <= TRIES and now <= claim.code_until
    right = in_time and hmac.compare_digest(given, claim.code_hash)
    if right:
        claim.state, claim.decided_at, claim.code_hash = ClaimState.VERIFIED, now, None
        _log(session, "listing_claim.verified", claim, now)
    elif claim.misses >= TRIES or now > claim.code_until:
        claim.state, claim.method, claim.code_hash = ClaimState.ASKED, PERSON, None
    session.flush()
    return right


def decide(session: Session, claim_id: uuid.UUID, *, verified: bool, why: str = "", now: datetime) -> ListingClaim:
    """A person of the directory team has checked. Raises ClaimError not_found or decided_already."""
    claim = session.get(ListingClaim, claim_id)
    if claim is None:
        raise ClaimError("not_found")
    if claim.state not in OPEN:
        raise ClaimError("decided_already")
    claim.state = ClaimState.VERIFIED if verified else ClaimState.REFUSED
    claim.method, claim.why, claim.code_hash = PERSON, why.strip(), None
    claim.decided_at, claim.decided_by = now, actor_of(session).user_id
    _log(session, "listing_claim.verified" if verified else "listing_claim.refused", claim, now)
    session.flush()
    return claim


def end(session: Session, claim_id: uuid.UUID, *, now: datetime) -> ListingClaim:
    """The account no longer speaks for the organization. Raises ClaimError."""
    claim = session.get(ListingClaim, claim_id)
    if claim is None or claim.state is not ClaimState.VERIFIED:
        raise ClaimError("not_found")
    claim.state, claim.decided_at, claim.decided_by = ClaimState.ENDED, now, actor_of(session).user_id
    _log(session, "listing_claim.ended", claim, now)
    session.flush()
    return claim


def holds(session: Session, org_id: uuid.UUID, organization_id: uuid.UUID) -> bool:
    """Whether an account has shown that this organization is its own."""
    return organization_id in held(session, org_id)


def held(session: Session, org_id: uuid.UUID) -> frozenset[uuid.UUID]:
    """The organizations an agency account speaks for: the one it was set up with, and those it claimed."""
    org = session.get(Org, org_id)
    if org is None or org.kind is not OrgKind.AGENCY:
        return frozenset()
    stmt = select(ListingClaim.organization_id)
    claimed = stmt.where(ListingClaim.org_id == org_id, ListingClaim.state == ClaimState.VERIFIED)
    own = [org.organization_id] if org.organization_id else []
    return frozenset([*own, *session.scalars(claimed)])


def waiting(session: Session) -> list[tuple[ListingClaim, Organization, Org]]:
    """Claims a person of the team looks at, the oldest first; and those whose mail is out."""
    stmt = (
        select(ListingClaim, Organization, Org)
        .join(Organization, Organization.id == ListingClaim.organization_id)
        .join(Org, Org.id == ListingClaim.org_id)
        .where(or_(ListingClaim.state == ClaimState.ASKED, ListingClaim.state == ClaimState.MAILED))
        .order_by(ListingClaim.asked_at, ListingClaim.id)
    )
    return [(claim, organization, org) for claim, organization, org in session.execute(stmt)]


def of_org(session: Session, org_id: uuid.UUID) -> list[tuple[ListingClaim, Organization]]:
    """What an account claimed, the newest first."""
    stmt = select(ListingClaim, Organization).join(Organization, Organization.id == ListingClaim.organization_id)
    stmt = stmt.where(ListingClaim.org_id == org_id, ListingClaim.state != ClaimState.ENDED)
    newest_first = stmt.order_by(ListingClaim.asked_at.desc(), ListingClaim.id)
    return [(claim, organization) for claim, organization in session.execute(newest_first)]


def _method(session: Session, organization_id: uuid.UUID, mail: str) -> str:
    if mail and mail in addresses(session, organization_id):
        return ON_RECORD
    host = host_of(mail)
    return ON_DOMAIN if mail and shows_who(host) and host in hosts(session, organization_id) else PERSON


def _lately(session: Session, org_id: uuid.UUID, now: datetime) -> list[uuid.UUID]:
    stmt = select(ListingClaim.id).where(ListingClaim.org_id == org_id, ListingClaim.asked_at > now - A_DAY)
    return list(session.scalars(stmt))


def _end_older(session: Session, org_id: uuid.UUID, organization_id: uuid.UUID, now: datetime) -> None:
    """One claim at a time: a new one replaces what was open."""
    stmt = select(ListingClaim).where(
        ListingClaim.org_id == org_id,
        ListingClaim.organization_id == organization_id,
        ListingClaim.state.in_(OPEN),
    )
    for older in session.scalars(stmt):
        older.state, older.decided_at, older.code_hash = ClaimState.ENDED, now, None


def _hash(claim_id: uuid.UUID, digits: str) -> bytes:
    return blind_index("claim.code", f"{claim_id}|{digits}")


def _log(session: Session, action: str, claim: ListingClaim, now: datetime) -> None:
    audit.record(session, action=action, subject_kind="listing_claim", subject_id=claim.id, now=now)
