"""Which rows serve what is asked and may lie near enough; the other filters are asked of these alone."""

import numpy as np

from search import facets, rescue, selection
from search.columns import NEED_NUMBER
from search.geocode import Place
from search.rescue import Attempt
from search.snapshot import Mask, Rows, Snapshot, mask_of
from search.text_match import Wording


def of(snapshot: Snapshot, wording: Wording, attempt: Attempt) -> Rows:
    """Rising rows, never too few: the distance is measured later."""
    mask = snapshot.columns.arrays.alive
    for some in (_serving(snapshot, wording, attempt), _around(snapshot, attempt)):
        if some is not None:
            mask = mask & some
    return np.flatnonzero(mask)


def _serving(snapshot: Snapshot, wording: Wording, attempt: Attempt) -> Mask | None:
    asked, rows = attempt.question, snapshot.columns.rows
    in_domain = facets.in_domain(snapshot, asked.domain) if asked.domain else None
    if asked.needs:
        numbers = [NEED_NUMBER[need] for need in asked.needs]
        lists = [snapshot.serving(number, also=also) for number in numbers for also in (False, True)]
        if attempt.near_needs:
            lists += [snapshot.serving(NEED_NUMBER[need], also=False) for need in rescue.near_needs(asked)]
        serving = mask_of([*lists, wording.named], rows)
    elif asked.words:
        serving = mask_of([wording.some_words if attempt.some_words else wording.all_words], rows)
    else:
        return in_domain
    return serving if in_domain is None else serving & in_domain


def around(snapshot: Snapshot, place: Place, radius_m: float) -> Rows:
    """Rising rows that may lie within the radius, serve the place, or help from anywhere."""
    return np.flatnonzero(snapshot.columns.arrays.alive & _may_be_near(snapshot, place, radius_m))


def _around(snapshot: Snapshot, attempt: Attempt) -> Mask | None:
    place = attempt.question.place
    if place is None:
        return None
    mask = _may_be_near(snapshot, place, attempt.question.radius_m)
    return mask | selection.nowhere(snapshot) if attempt.anywhere else mask


def _may_be_near(snapshot: Snapshot, place: Place, radius_m: float) -> Mask:
    near = [snapshot.grid.near(place.point, radius_m), snapshot.covered_by(place)]
    return mask_of(near, snapshot.columns.rows) | snapshot.anywhere
