"""A merge moves what hangs on a record, leads its id on, and can be taken back to the byte."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from resources_db import capacity, history, merging, proposals, redirects, reviews
from resources_db.base import Base
from resources_db.duplicates import LOCATION, ORGANIZATION, SERVICE
from resources_db.listing_key import ListingKey
from resources_db.merge_checks import MergeError, preview
from resources_db.merge_tables import BLOCKS, MOVES, STAYS
from resources_db.models import directory as d
from resources_db.models.curation import SearchChange, Tombstone
from resources_db.models.tenants import Org
from resources_db.models.upkeep import RecordHistory, RecordRedirect
from resources_db.repositories import listings
from resources_db.repositories.listing_memory import ListingMemory
from resources_db.vocab import CapacityState, ChangeOrigin, Confidentiality, OrgKind, ReviewWhy
from tests.resources_db.directory_world import NOW, pantry

LATER = NOW + timedelta(days=1)
# What a merge leaves behind on purpose, also when it was taken back: who did what, and that indexes were told.
_KEPT = {"record_merge", "record_history", "search_change", "audit_entry", "audit_head"}


def _tables() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if table.name not in _KEPT and "audit" not in table.name]


def everything(session: Session) -> dict[str, list[tuple[object, ...]]]:
    session.flush()
    rows = {table.name: session.connection().execute(select(table)).all() for table in _tables()}
    return {name: sorted((tuple(row) for row in found), key=str) for name, found in rows.items()}


@pytest.fixture
def two(session: Session) -> tuple[ListingKey, ListingKey]:
    return pantry(session), pantry(session, name="Hope Pantry Inc")


def organization_of(session: Session, key: ListingKey) -> d.Organization:
    return session.get_one(d.Organization, session.get_one(d.Service, key.service_id).organization_id)


def test_every_column_that_points_at_a_record_moves_or_has_a_reason_to_stay() -> None:
    points = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in MOVES
    }
    moved = {f"{one.table}.{one.column}" for hanging in MOVES.values() for one in hanging}
    blocks = {f"{table}.{kind}_id" for kind, named in BLOCKS.items() for tables in named.values() for table in tables}
    assert points <= moved | blocks | set(STAYS)


@pytest.mark.parametrize("kind", [ORGANIZATION, SERVICE, LOCATION])
def test_taking_a_merge_back_restores_every_row(
    session: Session, two: tuple[ListingKey, ListingKey], kind: str
) -> None:
    ids = _ids(session, two, kind)
    before = everything(session)
    merged = merging.merge(session, kind, *ids, from_gone=frozenset({"name", "hours", "address"}), now=LATER)
    assert everything(session) != before
    merging.undo(session, merged.id, now=LATER + timedelta(days=80))
    assert everything(session) == before


def _ids(session: Session, two: tuple[ListingKey, ListingKey], kind: str) -> tuple[uuid.UUID, uuid.UUID]:
    first, second = (_id(session, key, kind) for key in two)
    return first, second


def _id(session: Session, key: ListingKey, kind: str) -> uuid.UUID:
    assert key.location_id
    return {
        ORGANIZATION: organization_of(session, key).id,
        SERVICE: key.service_id,
        LOCATION: key.location_id,
    }[kind]


def test_the_listing_that_goes_is_found_under_its_old_key(session: Session, two: tuple[ListingKey, ListingKey]) -> None:
    mine, gone = two
    merging.merge(session, SERVICE, mine.service_id, gone.service_id, now=LATER)
    found = listings.get(session, gone)
    assert found is not None
    assert (found.key, found.service_id, found.name) == (gone, mine.service_id, "Hope Pantry")
    remembered = ListingMemory()
    assert [one.service_id for one in remembered.load(session, [gone, mine])] == [mine.service_id, mine.service_id]


def test_the_survivor_has_the_places_of_both_and_each_phone_once(
    session: Session, two: tuple[ListingKey, ListingKey]
) -> None:
    mine, gone = two
    merging.merge(session, SERVICE, mine.service_id, gone.service_id, now=LATER)
    found = listings.of_services(session, [mine.service_id])
    assert {one.location_id for one in found} == {mine.location_id, gone.location_id}
    assert [phone.number for phone in found[0].phones].count("+15135550163") == 1


def test_two_services_at_one_place_become_one_listing_there(
    session: Session, two: tuple[ListingKey, ListingKey]
) -> None:
    mine, gone = two
    assert mine.location_id
    assert gone.location_id
    merging.merge(session, LOCATION, mine.location_id, gone.location_id, now=LATER)
    merged = merging.merge(session, SERVICE, mine.service_id, gone.service_id, now=LATER)
    found = listings.of_services(session, [mine.service_id, gone.service_id])
    assert [one.key for one in found] == [mine]
    old = listings.get(session, gone)
    assert old is not None
    assert old.location_id == mine.location_id, "both halves of the old key lead on"
    merging.undo(session, merged.id, now=LATER)
    assert len(listings.of_services(session, [mine.service_id, gone.service_id])) == 2


def test_fields_are_picked_one_by_one_and_empty_ones_are_filled(
    session: Session, two: tuple[ListingKey, ListingKey]
) -> None:
    mine, gone = (session.get_one(d.Service, key.service_id) for key in two)
    mine.description, gone.description, gone.email = "Old words", "New words", "hope@example.org"
    merging.merge(session, SERVICE, mine.id, gone.id, from_gone=frozenset({"description"}), now=LATER)
    assert (mine.name, mine.description, mine.email) == ("Hope Pantry", "New words", "hope@example.org")
    assert (mine.version, mine.edited_at) == (2, LATER)


def test_hours_come_whole_from_one_side(session: Session, two: tuple[ListingKey, ListingKey]) -> None:
    mine, gone = two
    session.add(d.Schedule(service_id=mine.service_id, freq="WEEKLY", byday="SA", opens_at="10:00", closes_at="12:00"))
    session.add(d.Schedule(service_id=gone.service_id, freq="WEEKLY", byday="TU", opens_at="14:00", closes_at="16:00"))
    session.flush()
    merging.merge(session, SERVICE, mine.service_id, gone.service_id, from_gone=frozenset({"hours"}), now=LATER)
    rules = listings.of_services(session, [mine.service_id])[0].rules
    assert [rule.opens for rule in rules] == [14 * 60]


def test_chains_lead_to_the_end_in_one_step(session: Session, two: tuple[ListingKey, ListingKey]) -> None:
    first, second = two
    third = pantry(session, name="Hope Pantry LLC")
    one = merging.merge(session, SERVICE, second.service_id, first.service_id, now=LATER)
    merging.merge(session, SERVICE, third.service_id, second.service_id, now=LATER + timedelta(days=1))
    assert redirects.leads_to(session, first.service_id) == third.service_id
    tombstone = session.get_one(Tombstone, first.service_id)
    assert (tombstone.kind, tombstone.replaced_by) == (SERVICE, third.service_id)
    with pytest.raises(MergeError) as refused:
        merging.undo(session, one.id, now=LATER + timedelta(days=2))
    assert refused.value.code == "later_merge"


def test_both_histories_are_kept_and_read_together(session: Session, two: tuple[ListingKey, ListingKey]) -> None:
    mine, gone = two
    said = history.About(SERVICE, gone.service_id, history.AGENCY)
    history.record(session, said, [("alert", "", "Closed on Friday")], now=NOW)
    merging.merge(session, SERVICE, mine.service_id, gone.service_id, now=LATER)
    fields = {row.field for row in history.of_service(session, mine.service_id)}
    assert {"alert", "merged_from", "merged_into"} <= fields
    assert session.scalars(select(RecordHistory).where(RecordHistory.record_id == gone.service_id)).all()


def test_indexes_are_told_of_both_services(session: Session, two: tuple[ListingKey, ListingKey]) -> None:
    mine, gone = two
    merging.merge(session, SERVICE, mine.service_id, gone.service_id, now=LATER)
    told = set(session.scalars(select(SearchChange.service_id)))
    assert {mine.service_id, gone.service_id} <= told


def test_the_stricter_of_two_protections_wins(session: Session) -> None:
    mine = pantry(session, confidentiality=Confidentiality.AREA_ONLY)
    gone = pantry(session, name="Hope Pantry Inc", confidentiality=Confidentiality.HIDDEN)
    ids = _ids(session, (mine, gone), LOCATION)
    merging.merge(session, LOCATION, *ids, now=LATER)
    assert session.get_one(d.Location, ids[0]).confidentiality is Confidentiality.HIDDEN


def test_a_public_place_is_not_merged_with_a_protected_one(session: Session) -> None:
    keys = pantry(session), pantry(session, name="H", confidentiality=Confidentiality.HIDDEN)
    with pytest.raises(MergeError) as refused:
        merging.merge(session, LOCATION, *_ids(session, keys, LOCATION), now=LATER)
    assert refused.value.code == "protected"


def test_two_agencies_with_accounts_are_not_made_one(session: Session, two: tuple[ListingKey, ListingKey]) -> None:
    ids = _ids(session, two, ORGANIZATION)
    for number in ids:
        session.add(Org(kind=OrgKind.AGENCY, name="Hope", organization_id=number, created_at=NOW))
    session.flush()
    assert preview(session, ORGANIZATION, *ids).refused == "two_accounts"
    with pytest.raises(MergeError):
        merging.merge(session, ORGANIZATION, *ids, now=LATER)


def test_the_preview_counts_what_would_move(session: Session, two: tuple[ListingKey, ListingKey]) -> None:
    assert preview(session, ORGANIZATION, *_ids(session, two, ORGANIZATION)).moves == {"services": 1, "phones": 1}
    assert preview(session, SERVICE, *_ids(session, two, SERVICE)).moves == {"places": 1, "phones": 1}


def test_a_merge_is_refused_for_one_record_and_for_records_that_went(
    session: Session, two: tuple[ListingKey, ListingKey]
) -> None:
    mine, gone = two
    merging.merge(session, SERVICE, mine.service_id, gone.service_id, now=LATER)
    for pair in ((mine.service_id, mine.service_id), (mine.service_id, gone.service_id)):
        with pytest.raises(MergeError):
            merging.merge(session, SERVICE, *pair, now=LATER)


def test_taking_back_keeps_what_somebody_changed_since(session: Session, two: tuple[ListingKey, ListingKey]) -> None:
    mine, gone = two
    merged = merging.merge(session, SERVICE, mine.service_id, gone.service_id, from_gone=frozenset({"name"}), now=LATER)
    session.get_one(d.Service, mine.service_id).name = "A third name"
    merging.undo(session, merged.id, now=LATER)
    assert session.get_one(d.Service, mine.service_id).name == "A third name"
    assert session.get_one(d.Service, gone.service_id).deleted_at is None
    assert session.scalars(select(RecordRedirect)).all() == []


@pytest.mark.parametrize(("days", "code"), [(91, "too_late"), (1, "")])
def test_a_merge_can_be_taken_back_for_ninety_days(
    session: Session, two: tuple[ListingKey, ListingKey], days: int, code: str
) -> None:
    mine, gone = two
    merged = merging.merge(session, SERVICE, mine.service_id, gone.service_id, now=NOW)
    try:
        merging.undo(session, merged.id, now=NOW + timedelta(days=days))
        said = ""
    except MergeError as refusal:
        said = refusal.code
    assert said == code


def test_what_is_said_of_the_old_id_is_written_to_the_survivor(
    session: Session, two: tuple[ListingKey, ListingKey]
) -> None:
    mine, gone = two
    merging.merge(session, SERVICE, mine.service_id, gone.service_id, now=LATER)
    service_id, place = gone.service_id, gone.location_id
    said = capacity.state(
        session, service_id=service_id, location_id=place, state=CapacityState.FULL, said_by="agency", now=LATER
    )
    why = ReviewWhy.WRONG_NUMBER
    doubt = reviews.open_review(
        session, service_id=service_id, location_id=place, why=why, from_role="navigator", now=LATER
    )
    change = proposals.propose(
        session,
        service_id=service_id,
        location_id=place,
        fields={"description": "Other"},
        origin=ChangeOrigin.AGENCY_LINK,
        now=LATER,
    )
    assert {said.service_id, doubt.service_id, change.service_id} == {mine.service_id}
