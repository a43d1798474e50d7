"""The policy publishes what it may and logs it; every way back gives what stood there; a refusal leaves no trace."""

import hashlib
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from resources_db import freshness, policy_table, proposals, submitting, undoing
from resources_db.freshness import Grade
from resources_db.hsds import export
from resources_db.listing_fields import FIELDS
from resources_db.listing_key import ListingKey
from resources_db.models import directory as d
from resources_db.models.access import AuditEvent
from resources_db.models.curation import CapacityStatement, ListingChange, SearchChange
from resources_db.models.upkeep import ListingReview, RecordHistory
from resources_db.policy import Risk
from resources_db.proposals import ConflictError, Decision, ProposalError
from resources_db.repositories import listings
from resources_db.repositories.listing import Listing
from resources_db.submitting import Sender
from resources_db.vocab import ChangeOrigin, ChangeState, FieldGroup, PolicyDecision, ReviewWhy
from tests.resources_db.directory_world import NOW, pantry

LATER = NOW + timedelta(hours=1)
MEMBER = Sender(ChangeOrigin.AGENCY_MEMBER, label="Denise, Hope Pantry", verified=True)
LINK = Sender(ChangeOrigin.AGENCY_LINK, label="agency")


def submit(session: Session, key: ListingKey, sender: Sender = MEMBER, *, sampled=lambda _: False, **fields: str):
    return submitting.submit(session, key, fields, sender, now=NOW, sampled=sampled)


def published(session: Session, key: ListingKey) -> Listing:
    session.flush()
    session.expire_all()
    found = listings.get(session, key)
    assert found is not None
    return found


def fingerprint(session: Session) -> str:
    """Of all that the directory publishes, as the API and the files give it."""
    session.flush()
    return hashlib.sha256("\n".join(export.ndjson(session, today=date(2026, 11, 23))).encode()).hexdigest()


def seen_by_search(session: Session) -> list[int]:
    return list(session.scalars(select(SearchChange.seq)))


@pytest.fixture
def key(session: Session) -> ListingKey:
    return pantry(session)


def test_the_export_is_byte_equal_while_a_proposal_waits_and_after_it_is_rejected(
    session: Session, key: ListingKey
) -> None:
    before = fingerprint(session), seen_by_search(session)
    fields = {"hours": "Sat 10 am-2 pm", "phone": "513-555-0164", "documents": "A bag", "name": "Hope"}
    waiting = submit(session, key, LINK, **fields).waiting
    assert waiting is not None
    waiting_id = waiting.id
    assert (fingerprint(session), seen_by_search(session)) == before
    refused = {name: Decision(accept=False, why="Not true") for name in fields}
    proposals.decide(session, waiting_id, decisions=refused, by=None, now=LATER)
    assert (fingerprint(session), seen_by_search(session)) == before
    assert list(session.scalars(select(RecordHistory))) == []


def test_what_may_go_live_does_and_the_rest_waits(session: Session, key: ListingKey) -> None:
    done = submit(session, key, hours="Sat 10 am-2 pm", name="Hope Food Pantry")
    assert done.live is not None
    assert done.waiting is not None
    assert (done.live.by_policy, done.live.state, done.live.decided_by) == (True, ChangeState.APPROVED, None)
    listing = published(session, key)
    assert (listing.hours_text, listing.name) == ("Sat 10 am-2 pm", "Hope Pantry")
    actions = set(session.scalars(select(AuditEvent.action)))
    assert "proposal.by_policy" in actions
    assert "proposal.decided" not in actions


def test_a_link_changes_room_at_once_and_hours_after_review(session: Session, key: ListingKey) -> None:
    done = submit(session, key, LINK, room="waitlist 6 weeks", hours="Sat 10 am-2 pm")
    assert done.live is not None
    room = published(session, key).capacity
    assert room is not None
    assert (room.state.value, room.weeks, room.said_by) == ("waitlist", 6, "agency")
    assert published(session, key).version == 1, "a word about room is no edit"
    assert done.waiting is not None


def test_a_sampled_change_is_live_and_somebody_looks_at_it(session: Session, key: ListingKey) -> None:
    done = submit(session, key, sampled=lambda _: True, documents="A bag")
    assert published(session, key).documents == ("A bag",)
    [review] = session.scalars(select(ListingReview))
    assert done.live is not None
    assert (review.why, review.change_id) == (ReviewWhy.SAMPLE, done.live.id)


def test_hours_alone_are_never_sampled(session: Session, key: ListingKey) -> None:
    submit(session, key, sampled=lambda _: True, hours="Sat 10 am-2 pm")
    assert list(session.scalars(select(ListingReview))) == []


def test_the_table_of_the_administrator_counts(session: Session, key: ListingKey) -> None:
    wanted = {(Risk.HOURS_CONTACT, ChangeOrigin.AGENCY_MEMBER): PolicyDecision.REVIEW,
              (Risk.CLOSING, ChangeOrigin.AGENCY_MEMBER): PolicyDecision.LIVE}  # fmt: skip
    assert policy_table.put(session, wanted, now=NOW) == [(Risk.HOURS_CONTACT, ChangeOrigin.AGENCY_MEMBER)]
    assert policy_table.put(session, wanted, now=NOW) == []
    assert submit(session, key, hours="Sat 10 am-2 pm").live is None
    assert submit(session, key, status="defunct").live is None


EVERYTHING = {
    "hours": "Sat 10 am-2 pm", "phone": "513-555-0164\n513-555-0165", "documents": "A bag", "languages": "es",
    "description": "Other words", "access": "walk_in", "minimum_age": "18", "accessibility": "A ramp",
    "address_1": "5 Elm St", "postal_code": "45203", "room": "full", "cost_kind": "free",
}  # fmt: skip


def test_undo_of_a_decision_brings_back_words_rows_pin_and_dates_and_the_proposal_waits_again(
    session: Session, key: ListingKey
) -> None:
    before, rows = published(session, key), _rows(session)
    change = submit(session, key, LINK, **{k: v for k, v in EVERYTHING.items() if k != "room"}).waiting
    assert change is not None
    accepted = {name: Decision(accept=True) for name in EVERYTHING}
    proposals.decide(session, change.id, decisions=accepted, by=None, now=LATER)
    assert published(session, key).postal_code == "45203"
    undoing.reopen(session, change.id, now=LATER + timedelta(minutes=5))
    after = published(session, key)
    assert {n: FIELDS[n].read(after) for n in FIELDS} == {n: FIELDS[n].read(before) for n in FIELDS}
    assert _rows(session) == rows
    assert (after.latitude, after.geocode_quality, after.rules) == (
        before.latitude, before.geocode_quality, before.rules,
    )  # fmt: skip
    found = freshness.of_listing(session, key.service_id, key.location_id, now=LATER)
    assert found.groups[FieldGroup.HOURS].grade is Grade.NEVER
    again = proposals.get(session, change.id)
    assert again is not None
    assert again.state is ChangeState.OPEN
    assert {field.decision for field in again.fields} == {None}


def _rows(session: Session) -> list[tuple[object, ...]]:
    models = (d.Address, d.Phone, d.Schedule, d.RequiredDocument, d.Language, d.Accessibility)
    return [
        tuple(getattr(row, column.key) for column in model.__table__.columns)
        for model in models
        for row in session.scalars(select(model).order_by(model.id))
    ]


def test_a_change_that_went_live_is_undone_in_one_go_for_thirty_days(session: Session, key: ListingKey) -> None:
    before = published(session, key)
    live = submit(session, key, documents="A bag", hours="Sat 10 am-2 pm", room="full").live
    assert live is not None
    undone = undoing.undo_change(session, live.id, by=None, now=NOW + timedelta(days=30))
    listing = published(session, key)
    assert (listing.documents, listing.rules, listing.capacity) == (before.documents, before.rules, before.capacity)
    assert undone.undone_at == NOW + timedelta(days=30)
    assert list(session.scalars(select(CapacityStatement))) == []
    with pytest.raises(ProposalError, match="not_published"):
        undoing.undo_change(session, live.id, by=None, now=LATER)


def test_after_thirty_days_it_is_too_late(session: Session, key: ListingKey) -> None:
    live = submit(session, key, documents="A bag").live
    assert live is not None
    with pytest.raises(ProposalError, match="too_late"):
        undoing.undo_change(session, live.id, by=None, now=NOW + timedelta(days=31))


def test_what_was_changed_again_since_is_not_undone(session: Session, key: ListingKey) -> None:
    first = submit(session, key, documents="A bag").live
    submit(session, key, documents="Two bags")
    assert first is not None
    with pytest.raises(ConflictError) as raised:
        undoing.undo_change(session, first.id, by=None, now=LATER)
    assert raised.value.current == "Two bags"
    assert published(session, key).documents == ("Two bags",)


def test_one_field_is_undone_from_the_history_and_the_undo_can_be_undone(session: Session, key: ListingKey) -> None:
    submit(session, key, documents="A bag", hours="Sat 10 am-2 pm")
    row = session.scalars(select(RecordHistory).where(RecordHistory.field == "documents")).one()
    undoing.undo_row(session, row.id, now=LATER)
    listing = published(session, key)
    assert (listing.documents, listing.hours_text) == ((), "Sat 10 am-2 pm")
    back = session.scalars(select(RecordHistory).where(RecordHistory.undoes == row.id)).one()
    assert (back.old, back.new, back.role) == ("A bag", "", "directory team")
    undoing.undo_row(session, back.id, now=LATER)
    assert published(session, key).documents == ("A bag",)
    with pytest.raises(ConflictError):
        undoing.undo_row(session, back.id, now=LATER)


def test_an_address_goes_back_as_a_whole(session: Session, key: ListingKey) -> None:
    change = submit(session, key, LINK, address_1="5 Elm St", city="Norwood").waiting
    assert change is not None
    both = {name: Decision(accept=True) for name in ("address_1", "city")}
    proposals.decide(session, change.id, decisions=both, by=None, now=LATER)
    row = session.scalars(select(RecordHistory).where(RecordHistory.field == "city")).one()
    undoing.undo_row(session, row.id, now=LATER)
    assert published(session, key).address_lines == ("1418 Vine St", "Cincinnati, OH 45202")


def test_a_rejected_proposal_can_wait_again(session: Session, key: ListingKey) -> None:
    change = submit(session, key, LINK, name="Hope").waiting
    assert change is not None
    before = fingerprint(session)
    proposals.decide(session, change.id, decisions={"name": Decision(accept=False)}, by=None, now=LATER)
    undoing.reopen(session, change.id, now=LATER)
    assert change.state is ChangeState.OPEN
    assert fingerprint(session) == before


def test_a_decision_that_was_told_or_is_old_is_not_reopened(session: Session, key: ListingKey) -> None:
    change = submit(session, key, LINK, name="Hope").waiting
    assert change is not None
    proposals.decide(session, change.id, decisions={"name": Decision(accept=False)}, by=None, now=LATER)
    with pytest.raises(ProposalError, match="too_late"):
        undoing.reopen(session, change.id, now=LATER + timedelta(hours=1))
    change.told_at = LATER
    with pytest.raises(ProposalError, match="too_late"):
        undoing.reopen(session, change.id, now=LATER)


def test_the_history_says_role_words_and_where_it_came_from(session: Session, key: ListingKey) -> None:
    live = submit(session, key, documents="A bag").live
    assert live is not None
    row = session.scalars(select(RecordHistory).where(RecordHistory.action == "update")).one()
    assert (row.field, row.old, row.new, row.role, row.change_id) == ("documents", "", "A bag", "agency", live.id)


def test_what_the_same_person_says_later_replaces_what_waits(session: Session, key: ListingKey) -> None:
    submit(session, key, LINK, name="Hope", documents="A bag")
    submit(session, key, LINK, documents="Two bags")
    open_fields = {
        field.field: field.new
        for change in session.scalars(select(ListingChange)).unique()
        for field in (proposals.get(session, change.id) or change).fields
        if field.decision is None
    }
    assert open_fields == {"name": "Hope", "documents": "Two bags"}
