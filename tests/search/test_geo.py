"""Distances and the grid: never a listing too few, and as far as geopy says."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.geo import Grid, Point, exact_metres, haversine

places = st.tuples(st.floats(-80, 80), st.floats(-179.9, 179.9))


@given(st.lists(places, min_size=1, max_size=40), places, st.floats(100, 300_000))
def test_the_grid_never_loses_a_listing_inside_the_radius(points, origin, radius):
    latitude, longitude = (np.array(part, np.float64) for part in zip(*points, strict=True))
    here = Point(*origin)
    within = set(np.flatnonzero(haversine(here, latitude, longitude) <= radius).tolist())
    assert within <= set(Grid(latitude, longitude).near(here, radius).tolist())


@given(places, places)
def test_the_quick_distance_is_within_a_hundredth_of_the_exact_one(one, other):
    exact = exact_metres(Point(*one), Point(*other))
    quick = float(haversine(Point(*one), np.array([other[0]]), np.array([other[1]]))[0])
    assert math.isclose(quick, exact, rel_tol=0.01, abs_tol=1.0)


def test_listings_without_a_place_are_not_in_the_grid():
    grid = Grid(np.array([math.nan, 39.1]), np.array([math.nan, -84.5]))
    assert grid.near(Point(39.1, -84.5), 1_000).tolist() == [1]
