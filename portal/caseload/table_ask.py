"""What the address of the patient table asks for, and the addresses of the same table asked another way."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import request, url_for

from i18n import locales
from referrals.patient_query import Ask, Sort
from resources_db import needs
from resources_db.vocab import Tier

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LAST_PAGE = 10_000
TIERS = {"today": Tier.TODAY, "week": Tier.THIS_WEEK, "work": Tier.IN_WORK, "steady": Tier.STEADY}
TIER_KEYS = {tier: key for key, tier in TIERS.items()}
MARKS = ("silent", "waiting", "untouched")
_ZIP = re.compile(r"\d{3}(\d{2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """The address, read: one's own patients, the team's, or those of one navigator; filters; order; page."""

    team: bool = False
    lead: uuid.UUID | None = None
    ask: Ask = Ask()  # noqa: RUF009 - frozen
    page: int = 1

    @property
    def filtered(self) -> bool:
        """Whether any filter is on."""
        ask = self.ask
        return bool(ask.tier or ask.domain or ask.language or ask.zip or ask.silent or ask.waiting or ask.untouched)

    def of(self, own: Iterable[uuid.UUID]) -> Ask:
        """The question with its people: `own` are those whose patients are one's own."""
        if self.lead is not None:
            return replace(self.ask, leads=(self.lead,))
        return self.ask if self.team else replace(self.ask, leads=tuple(own))

    def query(self, **other: str) -> str:
        """The query string of this view, with some of its parts another way; empty parts are left out."""
        return urlencode({name: value for name, value in {**self.pairs(), **other}.items() if value})

    def href(self, **other: str) -> str:
        """The address of the table with some of its parts another way; it begins at the first page again."""
        query = self.query(**{"page": "", **other})
        return f"{url_for('caseload.patients')}?{query}" if query else url_for("caseload.patients")

    def pairs(self) -> dict[str, str]:
        """Everything that stands in the address."""
        ask = self.ask
        return {
            "view": "team" if self.team and not self.lead else "",
            "lead": str(self.lead or ""),
            "tier": TIER_KEYS[ask.tier] if ask.tier else "",
            "need": ask.domain,
            "lang": ask.language,
            "zip": ask.zip,
            **{mark: "1" if getattr(ask, mark) else "" for mark in MARKS},
            "sort": ask.sort.value if ask.sort is not Sort.TIER else "",
            "dir": "down" if ask.backwards else "",
            "page": str(self.page) if self.page > 1 else "",
        }


def of_request() -> Asked:
    """What the address of this request asks for. What nobody can ask for is left out, never an error."""
    return read(request.args)


def read(args: Mapping[str, str]) -> Asked:
    """The same of any query."""
    return Asked(
        team=args.get("view") == "team" or bool(_id(args.get("lead", ""))),
        lead=_id(args.get("lead", "")),
        ask=Ask(
            tier=TIERS.get(args.get("tier", "")),
            domain=found if (found := args.get("need", "")) in needs.DOMAINS else "",
            language=code if (code := args.get("lang", "")) in {one.code for one in locales.preferable()} else "",
            zip=typed if _ZIP.fullmatch(typed := args.get("zip", "").strip()) else "",
            silent=args.get("silent") == "1",
            waiting=args.get("waiting") == "1",
            untouched=args.get("untouched") == "1",
            sort=next((one for one in Sort if one.value == args.get("sort")), Sort.TIER),
            backwards=args.get("dir") == "down",
        ),
        page=min(max(_number(args.get("page", "")), 1), LAST_PAGE),
    )


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= 5 else 1


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
