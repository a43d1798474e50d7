"""Needs that nobody could meet: by place, kind and language together, and what became of each kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from referrals import areas, cells, counting, wanted
from referrals.metrics import whole
from referrals.periods import By

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from referrals.cells import Parts, Shown
    from referrals.metrics import Figure
    from referrals.periods import Period


@dataclass(frozen=True, slots=True)
class Unmet:
    """Unmet and the rest: of all, by ZIP code, and by ZIP code, kind of need and language together."""

    whole: Figure
    by_zip: Shown[str]
    by_all: Shown[tuple[str, str, str]]


def unmet(session: Session, period: Period) -> Unmet:
    """Wanted needs found 30 days ago or more that are open still, or ended without help."""
    needs = wanted.read(session, period, (By.ZIP, By.DOMAIN, By.LANGUAGE))
    counted = counting.unmet(needs)
    parts = {(key[0], key[1], key[2]): both for key, both in counted.parts(needs.groups).items() if sum(both)}
    places = {key[0]: both for key, both in counted.parts(needs.groups.along(0)).items() if sum(both)}
    return Unmet(whole(counted), cells.protect(areas.merged(places)), cells.protect(_merged(parts)))


def _merged(parts: Mapping[tuple[str, str, str], Parts]) -> Mapping[tuple[str, str, str], Parts]:
    """For each kind and language, ZIP codes too small go together as they do alone."""
    apart: dict[tuple[str, str], dict[str, Parts]] = {}
    for (place, kind, language), both in parts.items():
        apart.setdefault((kind, language), {})[place] = both
    return {
        (place, kind, language): both
        for (kind, language), places in apart.items()
        for place, both in areas.merged(places).items()
    }
