"""THE MAP: who may do what. Nothing else in Handrail decides this; docs/permissions.md is printed from here.

A rule names roles and conditions. Roles are checked by the guards; conditions that need the object (own org, own
caseload, party of the referral, consent) are checked where the object is loaded, by the use case.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from types import MappingProxyType
from typing import TYPE_CHECKING

from resources_db.vocab import LinkPurpose, OrgKind, Role

if TYPE_CHECKING:
    from collections.abc import Mapping


@unique
class If(StrEnum):
    """Conditions beside the role."""

    OWN_ORG = "own org"
    CASELOAD = "navigator: own caseload, unless the org's caseload is open"
    PARTY = "sender or receiver of the referral"
    SHARED_FIELDS = "a receiver sees the shared fields only"
    FRESH = "signed in again within 10 minutes"
    REASON = "a written reason"
    CONSENT = "valid consent for recipient and need"
    LIFECYCLE = "a move that the lifecycle allows that side"
    NOT_OWN_CHANGE = "not one's own change to phone, address or eligibility"
    SECOND_PERSON = "a second person approves"
    GRANT = "extra grant on the membership"
    NOT_SELF = "not on oneself, not above one's own role"
    AUDITED = "every read is audited"
    SMALL_CELLS = "counts under 11 hidden"
    NO_SUBJECTS = "site admin: installation events, without names of subjects"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may, and under which conditions. `public` is everybody, signed in or not."""

    roles: frozenset[Role]
    conditions: tuple[If, ...] = ()
    public: bool = False
    links: frozenset[LinkPurpose] = frozenset()

    @property
    def fresh(self) -> bool:
        """Whether the person must have signed in again a moment ago."""
        return If.FRESH in self.conditions


N, S, CA = Role.NAVIGATOR, Role.SUPERVISOR, Role.CARE_ADMIN
W, AA = Role.AGENCY_WORKER, Role.AGENCY_ADMIN
C, DA = Role.CURATOR, Role.DIRECTORY_ADMIN
AU, SA = Role.AUDITOR, Role.SITE_ADMIN
EVERYONE = frozenset(Role)
PATIENT_LINK = frozenset({LinkPurpose.PATIENT})
AGENCY_LINK = frozenset({LinkPurpose.AGENCY})


def _rule(*roles: Role, only: tuple[If, ...] = (), links: frozenset[LinkPurpose] = frozenset()) -> Rule:
    return Rule(frozenset(roles), only, links=links)


PERMISSIONS: Mapping[str, Rule] = MappingProxyType(
    {
        "directory.read": Rule(EVERYONE, (If.GRANT,), public=True),
        "listing.propose": _rule(W, AA, N, S, C, only=(If.OWN_ORG,), links=AGENCY_LINK),
        "listing.approve": _rule(C, DA, only=(If.NOT_OWN_CHANGE,)),
        "listing.edit": _rule(C, DA, only=(If.NOT_OWN_CHANGE,)),
        "listing.map": _rule(DA),
        "curation.rules": _rule(DA),
        "listing.import": _rule(DA, only=(If.FRESH,)),
        "place.protect": _rule(C, DA, only=(If.REASON, If.AUDITED)),
        "place.lower": _rule(C, DA, only=(If.FRESH, If.SECOND_PERSON, If.AUDITED)),
        "place.read": _rule(C, DA, only=(If.FRESH, If.REASON, If.AUDITED)),
        "taxonomy.edit": _rule(DA, only=(If.FRESH,)),
        "person.find": _rule(N, S, CA, only=(If.OWN_ORG, If.CASELOAD, If.AUDITED)),
        "person.read": _rule(N, S, CA, only=(If.OWN_ORG, If.CASELOAD, If.AUDITED)),
        "person.edit": _rule(N, S, CA, only=(If.OWN_ORG, If.CASELOAD)),
        "caseload.hand_over": _rule(N, S, CA, only=(If.OWN_ORG, If.CASELOAD)),
        "caseload.cover": _rule(N, S, CA, only=(If.OWN_ORG,)),
        "person.reveal": _rule(N, S, only=(If.OWN_ORG, If.AUDITED)),
        "person.delete": _rule(CA, only=(If.OWN_ORG, If.FRESH, If.SECOND_PERSON)),
        "person.merge": _rule(CA, only=(If.OWN_ORG, If.FRESH)),
        "consent.record": _rule(N, S, only=(If.OWN_ORG,)),
        "consent.revoke": _rule(N, S, only=(If.OWN_ORG,), links=PATIENT_LINK),
        "screening.ask": _rule(N, S, only=(If.OWN_ORG, If.CASELOAD)),
        "screening.read": _rule(N, S, CA, only=(If.OWN_ORG, If.CASELOAD, If.AUDITED)),
        "screening.confirm": _rule(N, S, only=(If.OWN_ORG,)),
        "screening.answer": _rule(links=PATIENT_LINK),
        "screening.manage": _rule(CA, only=(If.OWN_ORG,)),
        "referral.create": _rule(N, S, only=(If.OWN_ORG, If.CONSENT)),
        "referral.send": _rule(N, S, only=(If.OWN_ORG, If.CONSENT)),
        "referral.read": _rule(N, S, CA, W, AA, only=(If.PARTY, If.SHARED_FIELDS)),
        "referral.move": _rule(N, S, W, AA, only=(If.PARTY, If.LIFECYCLE), links=AGENCY_LINK),
        "referral.answer": _rule(links=PATIENT_LINK),
        "referral.note.internal": _rule(N, S, W, AA, only=(If.OWN_ORG,)),
        "referral.sensitive": _rule(N, S, W, AA, only=(If.GRANT, If.CONSENT)),
        "contact.edit": _rule(N, S, CA, C, DA),
        "intake.work": _rule(N, S, CA, only=(If.OWN_ORG, If.AUDITED)),
        "worklist.team": _rule(S, CA, only=(If.OWN_ORG,)),
        "bundle.edit": _rule(S, CA, only=(If.OWN_ORG,)),
        "message.read": _rule(N, S, only=(If.OWN_ORG, If.AUDITED)),
        "message.send": _rule(N, S, only=(If.OWN_ORG,)),
        "report.read": _rule(S, CA, AA, C, DA, AU, only=(If.OWN_ORG, If.SMALL_CELLS)),
        "export.people": _rule(S, CA, AA, only=(If.OWN_ORG, If.FRESH, If.REASON)),
        "export.referrals": _rule(S, CA, AA, only=(If.OWN_ORG, If.FRESH, If.REASON)),
        "audit.read": _rule(CA, AA, AU, SA, only=(If.OWN_ORG, If.NO_SUBJECTS)),
        "user.read": _rule(CA, AA, DA, SA, only=(If.OWN_ORG,)),
        "user.invite": _rule(CA, AA, DA, SA, only=(If.OWN_ORG, If.FRESH, If.NOT_SELF)),
        "user.role": _rule(CA, AA, DA, SA, only=(If.OWN_ORG, If.FRESH, If.NOT_SELF)),
        "user.sessions": _rule(CA, AA, DA, SA, only=(If.OWN_ORG, If.FRESH, If.NOT_SELF)),
        "org.settings": _rule(CA, AA, SA, only=(If.OWN_ORG, If.FRESH)),
        "apiclient.manage": _rule(CA, AA, SA, only=(If.OWN_ORG, If.FRESH)),
        "breakglass.open": _rule(S, SA, only=(If.FRESH, If.REASON)),
        "status.read": _rule(CA, AA, DA, SA),
        "search.rebuild": _rule(DA, SA),
        "agency.pace": _rule(CA, only=(If.OWN_ORG,)),
        "texting.manage": _rule(CA, SA, only=(If.FRESH,)),
        "language.switch": _rule(CA, SA, only=(If.FRESH,)),
        "account.own": Rule(EVERYONE),
        "link.open": Rule(frozenset(), (), links=frozenset(LinkPurpose)),
    }
)

ROLES_OF: Mapping[OrgKind, tuple[Role, ...]] = MappingProxyType(
    {
        OrgKind.CARE: (N, S, CA, AU, SA),
        OrgKind.AGENCY: (W, AA, AU),
        OrgKind.DIRECTORY: (C, DA, AU),
    }
)
"""Which roles a kind of org can give."""


def rule(permission: str) -> Rule:
    """The rule of a permission; an unknown one raises, so that a typing error never opens a door."""
    return PERMISSIONS[permission]


def allows(permission: str, role: Role | None) -> bool:
    """Whether a role (None: a stranger) has this permission at all."""
    found = rule(permission)
    return found.public or (role is not None and role in found.roles)


def link_allows(permission: str, purpose: LinkPurpose) -> bool:
    """Whether the holder of a link of this purpose has this permission."""
    return purpose in rule(permission).links


def as_markdown() -> str:
    """The map as docs/permissions.md prints it."""
    lines = [
        "# Who may do what",
        "",
        "Printed from `portal/auth/permissions.py` by `handrail permissions`; a test compares the two.",
        "",
        "| permission | roles | links | conditions |",
        "|---|---|---|---|",
    ]
    lines += [_row(name, found) for name, found in PERMISSIONS.items()]
    return "\n".join(lines) + "\n"


def _row(name: str, found: Rule) -> str:
    roles = "everybody" if found.public else "all signed-in" if found.roles == EVERYONE else _words(found.roles)
    return f"| {name} | {roles} | {_words(found.links)} | {'; '.join(found.conditions)} |"


def _words(some: frozenset[Role] | frozenset[LinkPurpose]) -> str:
    return ", ".join(word for word in (*Role, *LinkPurpose) if word in some)
