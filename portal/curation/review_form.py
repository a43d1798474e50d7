"""What a reviewer sends: a choice for each field, other words, a reason; read into decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flask import request

from portal import field_words
from portal.curation.review_rows import Typed
from resources_db.listing_fields import FIELDS
from resources_db.proposals import Decision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

APPROVE, REJECT = "approve", "reject"
LONGEST: Final = 4_000
LONGEST_WHY: Final = 300


def typed(names: Iterable[str]) -> dict[str, Typed]:
    """What stands in the form for these fields."""
    return {name: _one(name) for name in names}


def _one(name: str) -> Typed:
    choice = request.form.get(name, "")
    given = request.form.get(f"value.{name}")
    value = None if given is None else given.replace("\r\n", "\n").strip()[:LONGEST]
    changed = value is not None and value != _plain(f"proposed.{name}")
    if request.form.get("do") == "all" and choice != REJECT:
        choice = APPROVE
    if changed and not choice:
        choice = APPROVE  # who writes other words means them
    why = request.form.get(f"why.{name}", "")
    return Typed(
        choice=choice if choice in (APPROVE, REJECT) else "",
        value=value if changed else None,
        why=why if why in field_words.WHY_NOT else "",
        own_why=request.form.get(f"own-why.{name}", "").strip()[:LONGEST_WHY],
    )


def decisions(typed_: Mapping[str, Typed]) -> dict[str, Decision]:
    """The decisions of the fields that have a choice."""
    return {
        name: Decision(
            one.choice == APPROVE,
            value=one.value if one.choice == APPROVE else None,
            seen=_plain(f"seen.{name}"),
            why=one.own_why or one.why,
        )
        for name, one in typed_.items()
        if one.choice and name in FIELDS
    }


def _plain(name: str) -> str:
    # A textarea or hidden field comes back with CR LF line ends; ours are LF.
    return request.form.get(name, "").replace("\r\n", "\n").strip()
