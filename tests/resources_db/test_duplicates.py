"""What may be one record twice: suggested with reasons, told apart for good, never merged by itself."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.duplicate_world import world
from resources_db import alike, duplicate_finding, duplicates
from resources_db.duplicates import LIKELY, MAYBE, ORGANIZATION, SERVICE, Facts, Place
from resources_db.engine import Database
from resources_db.importers import base
from resources_db.models import directory as d
from resources_db.models.upkeep import DuplicatePair
from resources_db.tenancy import system
from resources_db.vocab import Confidentiality, PairState
from tests.resources_db.directory_world import NOW, pantry

VINE = Place("1418 Vine Street", "Cincinnati", "45202", 39.1100, -84.5100)
NEAR_VINE = Place("1420 Vine Street", "Cincinnati", "45202", 39.1108, -84.5100)
FAR = Place("9 Elm Street", "Cincinnati", "45202", 39.2, -84.4)
HOPE = Facts(ORGANIZATION, "1", "Saint Mary's Food Pantry, Inc.", "1", phones=("+15135550163",), places=(VINE,))
TWIN = replace(HOPE, id="2", organization="2", name="ST MARYS FOOD PANTRY")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Saint Mary's Food Pantry, Inc.", "ST MARYS FOOD PANTRY"),
        ("The Hope Center LLC", "Hope Ctr"),
        ("Casa Niño", "Casa Nino"),
        ("Норе Pantry", "Hope Pantry"),
    ],
)
def test_ways_to_write_one_name_are_one(one: str, other: str) -> None:
    assert alike.names(one, other) == 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hope Shelter for Men", "Hope Shelter for Women"),
        ("Pantry 12", "Pantry 13"),
        ("Library North", "Library South"),
        ("Grace Church Tax Help", "Grace Church Rent Help"),
    ],
)
def test_a_word_or_number_that_tells_two_apart_halves_what_is_alike(one: str, other: str) -> None:
    assert alike.names(one, other) <= 0.5


def test_a_likely_pair_comes_with_its_reasons() -> None:
    found = duplicates.compare(HOPE, TWIN)
    assert found is not None
    assert (found.band, found.score) == (LIKELY, 1.0)
    assert found.reasons == (("same_name", ""), ("same_street", ""), ("same_phone", "+15135550163"))


def test_the_score_is_the_weighted_mean_over_what_both_have() -> None:
    """Name 1.0, place 0.6 of weight 0.9 (90 m is 1, 600 m 0.3), e-mail differs: 0.6 x 0."""
    near = replace(TWIN, phones=(), places=(replace(NEAR_VINE, latitude=39.1135),), emails=("b@x.example",))
    found = duplicates.compare(replace(HOPE, emails=("a@x.example",)), near)
    assert found is None or found.score == pytest.approx((1 + 0.9 * 0.6) / 2.5, abs=1e-3)
    close = duplicates.compare(HOPE, replace(near, emails=(), places=(NEAR_VINE,)))
    assert close is not None
    assert ("near", "90.0") in close.reasons


def test_another_phone_alone_does_not_make_two_agencies_of_one() -> None:
    other = replace(TWIN, phones=("+15135550999",), hosts=("stmary.example",))
    found = duplicates.compare(replace(HOPE, hosts=("stmary.example",)), other)
    assert found is not None
    assert found.band == LIKELY


def test_letters_that_only_look_the_same_are_told() -> None:
    found = duplicates.compare(replace(HOPE, name="Hope Pantry"), replace(TWIN, name="Норе Pantry"))
    assert found is not None
    assert found.reasons[0] == ("disguised", "")


def test_one_organization_with_several_sites_is_no_pair() -> None:
    house = replace(HOPE, kind=duplicates.LOCATION, organization="9", phones=("+15135550163",), name="Hope Pantry")
    assert duplicates.compare(house, replace(house, id="2", places=(FAR,))) is None


def test_one_address_with_several_services_is_no_pair() -> None:
    service = replace(HOPE, kind=SERVICE, organization="9", name="Rent help", hosts=("hope.example",))
    assert duplicates.compare(service, replace(service, id="2", name="Food pantry")) is None


PANTRY = replace(HOPE, kind=SERVICE, organization="9")


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        (replace(PANTRY, hours="WEEKLY MO 09:00 12:00"), replace(PANTRY, hours="WEEKLY TU 13:00 15:00")),
        (replace(PANTRY, people="Men over 60"), replace(PANTRY, people="Mothers")),
        (replace(PANTRY, topics=("english",)), replace(PANTRY, topics=("tutoring",))),
    ],
)
def test_the_same_service_at_other_hours_or_for_others_is_no_pair(mine: Facts, theirs: Facts) -> None:
    assert duplicates.compare(mine, replace(theirs, id="2")) is None
    assert duplicates.compare(mine, replace(mine, id="2")) is not None


def test_a_name_alone_is_no_reason() -> None:
    assert duplicates.compare(replace(HOPE, phones=(), places=()), replace(TWIN, phones=(), places=())) is None


def test_planted_pairs_are_found_and_little_else() -> None:
    made = world(3_000, seed=5)
    found = {frozenset({one.first.id, one.second.id}): one for one in duplicate_finding.suggestions(made.facts)}
    likely = {pair for pair, one in found.items() if one.band == LIKELY}
    assert len(made.pairs) > 100
    assert len(likely & made.pairs) / len(made.pairs) >= 0.9
    assert len(likely & made.pairs) / len(likely) >= 0.8


def test_a_phone_of_very_many_records_tells_nothing() -> None:
    many = [
        Facts(ORGANIZATION, str(number), f"Hope Pantry {number:c<2}", str(number), phones=("+12115550000",))
        for number in range(duplicate_finding.MOST_IN_BLOCK + 1)
    ]
    assert list(duplicate_finding.suggestions(many)) == []


def test_known_bad_matches_are_never_likely(database: Database, shared: Path) -> None:
    folder = shared / "data/samples/servicenet_fixtures/healthleads/bad_matches"
    with database.writing(system()) as session, session.begin():
        base.apply(session, base.plan(session, folder, source="bad"), actor=system(), now=NOW)
    duplicate_finding.search_all(database, now=NOW)
    with database.reading(system()) as session:
        assert session.scalars(select(d.Organization)).first() is not None
        assert session.scalars(select(DuplicatePair).where(DuplicatePair.band == LIKELY)).all() == []


def _pairs(session: Session) -> list[tuple[str, str, PairState]]:
    return sorted((one.kind, one.band, one.state) for one in session.scalars(select(DuplicatePair)))


def test_the_search_opens_pairs_once_and_puts_away_what_is_none_any_more(database: Database) -> None:
    with database.writing(system()) as session, session.begin():
        pantry(session)
        second = pantry(session, name="HOPE PANTRY, Inc.")
    assert duplicate_finding.search_all(database, now=NOW).opened == 3
    assert duplicate_finding.search_all(database, now=NOW).opened == 0
    with database.writing(system()) as session, session.begin():
        session.get_one(d.Service, second.service_id).name = "Dental clinic of the harbor"
    assert duplicate_finding.search_all(database, now=NOW).gone == 1
    with database.reading(system()) as session:
        states = [state for kind, _band, state in _pairs(session) if kind == SERVICE]
    assert states == [PairState.GONE]


def test_a_pair_told_apart_comes_back_only_when_a_name_or_an_address_changes(database: Database) -> None:
    with database.writing(system()) as session, session.begin():
        first = pantry(session)
        pantry(session, name="Hope Pantry Inc")
    duplicate_finding.search_all(database, now=NOW)
    with database.writing(system()) as session, session.begin():
        for pair in session.scalars(select(DuplicatePair)):
            pair.state = PairState.NOT_SAME
        session.get_one(d.Service, first.service_id).description = "Other words"
    assert duplicate_finding.search_all(database, now=NOW).opened == 0
    with database.writing(system()) as session, session.begin():
        session.get_one(d.Service, first.service_id).name = "Hope Pantree"
    assert duplicate_finding.search_all(database, now=NOW).opened == 1


def test_a_search_around_changed_records_leaves_the_others_alone(database: Database) -> None:
    with database.writing(system()) as session, session.begin():
        pantry(session)
        pantry(session, name="Hope Pantry Inc")
        changed = pantry(session, name="HOPE PANTRY")
    found = duplicate_finding.search_around(database, {SERVICE: [changed.service_id]}, now=NOW)
    with database.reading(system()) as session:
        pairs = session.scalars(select(DuplicatePair)).all()
    assert found.opened == len(pairs) == 2
    assert all(changed.service_id in (one.first_id, one.second_id) for one in pairs)


def test_a_protected_place_gives_no_hint_of_where_it_is(database: Database) -> None:
    with database.writing(system()) as session, session.begin():
        pantry(session, confidentiality=Confidentiality.HIDDEN)
        pantry(session, name="Hope Pantry Inc", confidentiality=Confidentiality.HIDDEN)
    duplicate_finding.search_all(database, now=NOW)
    with database.reading(system()) as session:
        for pair in session.scalars(select(DuplicatePair)):
            assert {"near", "same_street"}.isdisjoint(reason[0] for reason in pair.reasons)  # type: ignore[index]


def test_a_maybe_needs_less_than_a_likely_pair() -> None:
    found = duplicates.compare(HOPE, replace(TWIN, places=(replace(NEAR_VINE, latitude=39.1130),), phones=("+1",)))
    assert found is not None
    assert found.band == MAYBE
