"""A real export of over a thousand food sites, imported by the importer and found by search."""

import pytest

from resources_db.importers import base, mapping
from resources_db.repositories import listings
from resources_db.tenancy import system
from search.criteria import SearchCriteria
from search.engine import SearchEngine
from search.geo import Point, exact_metres
from search.geocode import find_place
from tests.conftest import ROOT

HERE = find_place("15213")


@pytest.fixture
def pittsburgh(session, shared, now):
    path = shared / "data/samples/pittsburgh_food/merged_datasets.csv"
    planned = base.plan(
        session, path, source="pittsburgh", mapping=mapping.load(ROOT / "docs/examples/food-sites-mapping.yaml")
    )
    base.apply(session, planned, actor=system(), now=now)
    session.flush()
    session.expire_all()


def test_food_sites_near_a_zip_are_found_nearest_counted_exactly(session, pittsburgh, tmp_path, now):
    engine = SearchEngine(tmp_path / "index")
    asked = SearchCriteria(q="no food for the kids", near="15213", radius_m=5_000, limit=50)
    answer = engine.answer(session, asked, now)
    assert engine.status().listings == 1327
    assert answer.total > 5
    read = {item.need for item in answer.understood}
    every = listings.of_services(session, listings.all_service_ids(session))
    far = sorted(_metres(one) for one in every if read & {*one.needs, *one.also_serves})
    # the circle is drawn on a ball, the shown distance on the ellipsoid: half a percent apart at its edge
    surely, perhaps = (sum(metres <= 5_000 * edge for metres in far) for edge in (0.994, 1.006))
    assert surely <= answer.strict_total <= perhaps
    assert all(hit.distance_m is not None for hit in answer.hits)
    assert min(hit.distance_m for hit in answer.hits) < 2_000


def test_a_site_is_found_by_its_name_among_a_thousand(session, pittsburgh, tmp_path, now):
    engine = SearchEngine(tmp_path / "index")
    wanted = next(
        one for one in listings.of_services(session, listings.all_service_ids(session)) if "Angora" in one.name.title()
    )
    answer = engine.answer(session, SearchCriteria(q="angora gardens"), now)
    assert answer.hits[0].key == wanted.key


def _metres(listing) -> float:
    return exact_metres(Point(HERE.latitude, HERE.longitude), Point(listing.latitude, listing.longitude))
