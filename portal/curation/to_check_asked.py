"""What the queue of listings to check was asked: filters and page, read from the address and written back to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

import zipcodes
from flask import url_for

from referrals.listing_queue import OLD, USED, Chosen
from referrals.listing_use import Use
from resources_db.freshness import Grade
from resources_db.needs import NEEDS
from resources_db.vocab import ReviewWhy

if TYPE_CHECKING:
    import uuid
    from collections.abc import Collection, Mapping

MOST_WORD: Final = 60
ZIP_LENGTH: Final = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters as words of the address; `near` is a ZIP code, its first digits, or a county."""

    why: str = ""
    grade: str = ""
    need: str = ""
    near: str = ""
    source: str = ""
    use: str = ""
    mine: bool = False
    page: int = 1

    @property
    def filtered(self) -> bool:
        """Whether anything is chosen."""
        return bool(self.why or self.grade or self.need or self.near or self.source or self.use or self.mine)

    @property
    def pairs(self) -> dict[str, str]:
        """What the address says; only what differs from the whole queue."""
        words = {
            "why": self.why,
            "grade": self.grade,
            "need": self.need,
            "near": self.near,
            "source": self.source,
            "use": self.use,
            "mine": "y" if self.mine else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        return {name: word for name, word in words.items() if word}

    def url(self, endpoint: str = "curation.to_check", press: uuid.UUID | None = None) -> str:
        """The address of the queue, or of one of its presses, with these filters."""
        path = url_for(endpoint, press=press) if press else url_for(endpoint)
        return f"{path}?{urlencode(self.pairs)}" if self.pairs else path

    def with_page(self, page: int) -> Asked:
        """The same filters, another page."""
        return replace(self, page=page)

    def turned(self) -> Asked:
        """One's own listings only, or everybody's again."""
        return replace(self, mine=not self.mine, page=1)

    def chosen(self, user_id: uuid.UUID | None) -> Chosen:
        """The filter itself."""
        return Chosen(
            why=self.why,
            grade=self.grade,
            need=self.need,
            zips=zips(self.near),
            source=self.source,
            use=self.use,
            assigned_to=user_id if self.mine else None,
        )


def read(values: Mapping[str, str]) -> Asked:
    """Filters of an address; words that are none are left out."""
    page = values.get("page", "")
    return Asked(
        why=_one(values.get("why", ""), {why.value for why in ReviewWhy}),
        grade=_one(values.get("grade", ""), {OLD, *(grade.value for grade in Grade)}),
        need=_one(values.get("need", ""), NEEDS),
        near=values.get("near", "").strip()[:MOST_WORD],
        source=values.get("source", "").strip()[:MOST_WORD],
        use=_one(values.get("use", ""), {USED, *(use.value for use in Use)}),
        mine=bool(values.get("mine")),
        page=max(int(page), 1) if page.isascii() and page.isdigit() and len(page) < ZIP_LENGTH else 1,
    )


@lru_cache(64)
def zips(near: str) -> frozenset[str]:
    """The ZIP codes of a place: itself, all that begin so, or those of a county ("Hamilton, OH"). Unknown: none."""
    if not near:
        return frozenset()
    if near.isascii() and near.isdigit():
        return frozenset(one["zip_code"] for one in zipcodes.similar_to(near[:ZIP_LENGTH])) or frozenset({near})
    county, _, state = (part.strip() for part in near.partition(","))
    name = county.casefold().removesuffix(" county")
    found = [
        one["zip_code"]
        for one in zipcodes.list_all()
        if one["county"].casefold().removesuffix(" county") == name and state.upper() in {"", one["state"]}
    ]
    return frozenset(found) or frozenset({near})


def _one(word: str, known: Collection[str]) -> str:
    return word if word in known else ""
