"""May a proposed change go live at once, or does a person decide? Pure: the table of directory.md section 8.

What the table never says: closing, moving to another web host, a text with a link, more than five fields and a
patient's word are always for a person; of a sensitive listing only room goes live.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias
from urllib.parse import urlsplit

from resources_db.vocab import ChangeOrigin, PolicyDecision


class Risk(StrEnum):
    """The rows of the table."""

    ROOM = "room"
    HOURS_CONTACT = "hours_contact"
    DETAILS = "details"
    IDENTITY = "identity"
    CLOSING = "closing"


_R, _O, _D = Risk, ChangeOrigin, PolicyDecision
Table: TypeAlias = Mapping[tuple[Risk, ChangeOrigin], PolicyDecision]
RISK_OF: Mapping[str, Risk] = MappingProxyType(
    {
        **dict.fromkeys(("room", "alert", "alert_until"), _R.ROOM),
        **dict.fromkeys(("hours", "phone", "email", "url"), _R.HOURS_CONTACT),
        **dict.fromkeys(
            ("documents", "cost", "cost_kind", "languages", "access", "how_to_start", "accessibility"), _R.DETAILS
        ),
        **dict.fromkeys(
            ("name", "description", "needs", "eligibility", "minimum_age", "maximum_age", "address_1", "address_2",
             "city", "state", "postal_code"), _R.IDENTITY,
        ),
        "status": _R.CLOSING,
    }
)  # fmt: skip
DEFAULTS: Table = MappingProxyType(
    {
        (_R.ROOM, _O.AGENCY_MEMBER): _D.LIVE,
        (_R.ROOM, _O.AGENCY_LINK): _D.LIVE,
        (_R.HOURS_CONTACT, _O.AGENCY_MEMBER): _D.LIVE,
        (_R.DETAILS, _O.AGENCY_MEMBER): _D.SAMPLED,
    }
)
"""What is not named is reviewed."""
EDITABLE: tuple[Risk, ...] = (_R.ROOM, _R.HOURS_CONTACT, _R.DETAILS, _R.IDENTITY)
ORIGINS: tuple[ChangeOrigin, ...] = (_O.AGENCY_MEMBER, _O.AGENCY_LINK, _O.NAVIGATOR)
"""Whose words an administrator may let go live; a campaign's answers count as those of a link."""
MOST_FIELDS = 5
LONGEST_ALERT = timedelta(days=30)
UNDO_FOR = timedelta(days=30)
ONE_OF = 10
"""Of the sampled ones a person looks at every tenth."""
_LINK = re.compile(r"https?:|www\.|\b[\w-]+\.(?:com|org|net|info|gov|edu|us|io|ly|me|co)\b(?!@)", re.IGNORECASE)
_MAY_HOLD_A_LINK = frozenset({"url", "email"})


@dataclass(frozen=True, slots=True)
class Case:
    """What is proposed and of which listing. `old` and `new` are texts by field; `alert_until` as it would be then."""

    old: Mapping[str, str]
    new: Mapping[str, str]
    origin: ChangeOrigin
    sensitive: bool = False
    verified: bool = False
    """The submitter has shown that the listing is theirs."""
    alert_until: date | None = None
    today: date = date.max


def judge(case: Case, table: Table) -> dict[str, PolicyDecision]:
    """What happens to each field."""
    if len(case.new) > MOST_FIELDS:
        return dict.fromkeys(case.new, PolicyDecision.REVIEW)
    return {name: _decision(name, case, table) for name in case.new}


def decision(risk: Risk, origin: ChangeOrigin, table: Table) -> PolicyDecision:
    """What the table says, with what it may never say taken out."""
    if origin is ChangeOrigin.CAMPAIGN:
        origin = ChangeOrigin.AGENCY_LINK
    if risk not in EDITABLE or origin not in ORIGINS:
        return PolicyDecision.REVIEW
    return table.get((risk, origin), DEFAULTS.get((risk, origin), PolicyDecision.REVIEW))


def risk_of(name: str, case: Case) -> Risk:
    """The row a field of this case stands in."""
    text = case.new[name]
    if name not in _MAY_HOLD_A_LINK and _LINK.search(text):
        return Risk.CLOSING
    if name == "url" and text.strip() and _host(text) != _host(case.old[name]):
        return Risk.CLOSING
    if name in ("alert", "alert_until") and not _short(case):
        return Risk.IDENTITY
    return RISK_OF[name]


def is_sampled(number: int) -> bool:
    """Whether this one of the sampled changes is looked at; `number` is that of its random id."""
    return number % ONE_OF == 0


Sample: TypeAlias = Callable[[int], bool]


def _decision(name: str, case: Case, table: Table) -> PolicyDecision:
    origin = case.origin
    if origin is ChangeOrigin.AGENCY_MEMBER and not case.verified:
        return PolicyDecision.REVIEW
    if case.sensitive and name != "room":
        return PolicyDecision.REVIEW
    return decision(risk_of(name, case), origin, table)


def _short(case: Case) -> bool:
    """A notice ends within thirty days, or it is being taken away."""
    if not case.new.get("alert", "x").strip():
        return True
    return case.alert_until is not None and case.alert_until - case.today <= LONGEST_ALERT


def _host(address: str) -> str:
    text = address.strip()
    host = urlsplit(text if "//" in text else f"//{text}").hostname or ""
    return host.removeprefix("www.").lower()
