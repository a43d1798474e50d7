"""ZIP codes too small to be shown alone go together: with the rest of the same three digits, else of the county. Pure.

Whatever is still too small after that is hidden by `cells`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from referrals.cells import is_safe
from resources_db.places import zip_area

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from referrals.cells import Parts

REST = "**"
"""45**: the rest of the ZIP codes that begin so."""
COUNTY = "county:"


def merged(parts: Mapping[str, Parts]) -> Mapping[str, Parts]:
    """Each ZIP code, or the group it had to go into, with what was counted there."""
    whole = {zip_code for zip_code in parts if zip_code and not zip_code.endswith(REST)}
    alone, small = _split(parts, lambda one: one in whole and is_safe(parts[one]))
    by_three = _pooled(small, lambda one: f"{one[:3]}{REST}" if one else "")
    enough, few = _split(by_three, lambda one: is_safe(by_three[one]))
    rest = {one: row for one, row in small.items() if (f"{one[:3]}{REST}" if one else "") in few}
    return {**alone, **enough, **_pooled(rest, _county)}


def _county(zip_code: str) -> str:
    area = zip_area(zip_code)
    return f"{COUNTY}{area.county}, {area.state}" if area is not None and area.county else zip_code


def _split(parts: Mapping[str, Parts], fits: Callable[[str], bool]) -> tuple[dict[str, Parts], dict[str, Parts]]:
    yes = {one: row for one, row in parts.items() if fits(one)}
    return yes, {one: row for one, row in parts.items() if one not in yes}


def _pooled(parts: Mapping[str, Parts], into: Callable[[str], str]) -> dict[str, Parts]:
    pools: dict[str, list[Parts]] = {}
    for one, row in parts.items():
        pools.setdefault(into(one), []).append(row)
    return {name: _sum(rows) for name, rows in pools.items()}


def _sum(rows: Iterable[Parts]) -> Parts:
    return tuple(map(sum, zip(*rows, strict=True)))
