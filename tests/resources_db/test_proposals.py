"""A proposal is not live until approved, and a refused one leaves the record as it was."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from resources_db import freshness, proposal_queue, proposals
from resources_db.freshness import Grade
from resources_db.listing_fields import FIELDS, BadFieldError
from resources_db.listing_key import ListingKey
from resources_db.models.curation import ListingChange, SearchChange
from resources_db.models.directory import Service
from resources_db.proposals import ConflictError, Decision, ProposalError
from resources_db.repositories import listings
from resources_db.repositories.listing import Listing
from resources_db.vocab import ChangeOrigin, ChangeState, Confidentiality, FieldGroup
from tests.resources_db.directory_world import NOW, pantry

LATER = NOW + timedelta(hours=1)


def propose(session: Session, key: ListingKey, **fields: str) -> ListingChange:
    return proposals.propose(
        session,
        service_id=key.service_id,
        location_id=key.location_id,
        fields=fields,
        origin=ChangeOrigin.AGENCY_LINK,
        submitter_label="Denise, Hope Pantry",
        now=NOW,
    )


def published(session: Session, key: ListingKey) -> Listing:
    session.expire_all()
    found = listings.get(session, key)
    assert found is not None
    return found


def test_the_published_record_stays_as_it_is_before_and_after_a_rejection(session: Session) -> None:
    key = pantry(session)
    before = published(session, key)
    change = propose(session, key, hours="Sat 10am-noon", phone="513-555-0164", documents="A bag")
    assert published(session, key) == before
    refused = {name: Decision(accept=False) for name in ("hours", "phone", "documents")}
    assert proposals.decide(session, change.id, decisions=refused, by=None, now=LATER).state == ChangeState.REJECTED
    assert published(session, key) == before
    assert session.scalar(select(func.count()).select_from(SearchChange)) == 0


def test_fields_are_decided_one_by_one(session: Session) -> None:
    key = pantry(session)
    change = propose(session, key, hours="Mon-Fri 10am-noon", documents="A bag\nNo papers needed")
    proposals.decide(
        session,
        change.id,
        decisions={"hours": Decision(accept=True), "documents": Decision(accept=False)},
        by=None,
        now=LATER,
    )
    listing = published(session, key)
    assert (listing.hours_text, listing.documents, change.state) == ("Mon-Fri 10am-noon", (), ChangeState.PARTLY)
    assert [(rule.opens, rule.weekdays) for rule in listing.rules] == [(600, (0, 1, 2, 3, 4))]
    assert (listing.edited_at, listing.version) == (LATER, 2)


def test_an_approved_word_of_the_agency_confirms_its_group_only(session: Session) -> None:
    key = pantry(session)
    change = propose(session, key, phone="513-555-0164")
    proposals.decide(session, change.id, decisions={"phone": Decision(accept=True)}, by=None, now=LATER)
    found = freshness.of_listing(session, key.service_id, key.location_id, now=LATER)
    assert found.groups[FieldGroup.CONTACT].grade == Grade.FRESH
    assert found.groups[FieldGroup.HOURS].grade == Grade.NEVER
    main = published(session, key).main_phone
    assert main is not None
    assert main.number == "+15135550164"


def test_a_reviewer_may_change_the_words(session: Session) -> None:
    key = pantry(session)
    change = propose(session, key, description="food!!!")
    proposals.decide(
        session,
        change.id,
        decisions={"description": Decision(accept=True, value="Groceries to take home.")},
        by=None,
        now=LATER,
    )
    assert published(session, key).description == "Groceries to take home."


def test_a_field_changed_meanwhile_is_a_conflict_and_nothing_is_written(session: Session) -> None:
    key = pantry(session)
    change = propose(session, key, description="New words", documents="A bag")
    session.get_one(Service, key.service_id).description = "Somebody else was quicker"
    session.flush()
    both = {"documents": Decision(accept=True), "description": Decision(accept=True)}
    with pytest.raises(ConflictError) as raised:
        proposals.decide(session, change.id, decisions=both, by=None, now=LATER)
    assert (raised.value.field, raised.value.current) == ("description", "Somebody else was quicker")
    assert published(session, key).documents == ()
    seen = {"description": Decision(accept=True, seen="Somebody else was quicker")}
    proposals.decide(session, change.id, decisions=seen, by=None, now=LATER)
    assert published(session, key).description == "New words"


def test_a_newer_word_of_the_same_person_replaces_the_older_one(session: Session) -> None:
    key = pantry(session)
    older = propose(session, key, description="First")
    propose(session, key, description="Second")
    assert [change.fields[0].new for change in proposal_queue.waiting(session)] == ["Second"]
    assert older.state == ChangeState.SUPERSEDED


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [("phone", "4841", "bad_phone"), ("email", "nobody", "bad_email"), ("url", "javascript:alert(1)", "bad_web_address"),
     ("postal_code", "ABC", "bad_zip"), ("name", " ", "missing"), ("owner", "me", "unknown_field")],
)  # fmt: skip
def test_a_text_that_cannot_be_is_refused_at_once(session: Session, field: str, text: str, code: str) -> None:
    with pytest.raises(BadFieldError) as raised:
        propose(session, pantry(session), **{field: text})
    assert raised.value.code == code


def test_nothing_new_is_no_proposal(session: Session) -> None:
    key = pantry(session)
    with pytest.raises(ProposalError, match="nothing_changed"):
        propose(session, key, name="Hope Pantry")


def test_a_decided_proposal_cannot_be_decided_again(session: Session) -> None:
    change = propose(session, pantry(session), description="New")
    proposals.decide(session, change.id, decisions={"description": Decision(accept=False)}, by=None, now=LATER)
    with pytest.raises(ProposalError, match="already_decided"):
        proposals.decide(session, change.id, decisions={"description": Decision(accept=True)}, by=None, now=LATER)


def test_the_address_of_a_confidential_place_cannot_be_proposed(session: Session) -> None:
    key = pantry(session, confidentiality=Confidentiality.HIDDEN)
    with pytest.raises(BadFieldError, match="confidential"):
        propose(session, key, address_1="5 Canary St")


def test_every_field_can_be_proposed_approved_and_read_back(session: Session) -> None:
    texts = {
        "hours": "Mon 9am-5pm", "phone": "513-555-0164", "email": "new@hope.example", "url": "https://hope.example",
        "languages": "es, vi", "access": "walk_in", "postal_code": "45203", "state": "KY",
        "cost_kind": "free", "minimum_age": "18", "maximum_age": "59.5", "room": "waitlist 6 weeks",
        "status": "temporarily closed", "alert_until": "2026-12-01",
    }  # fmt: skip
    key = pantry(session)
    wanted = {field: texts.get(field, f"Other words {field}") for field in FIELDS if field != "needs"}
    change = propose(session, key, **wanted)
    proposals.decide(
        session, change.id, decisions={field: Decision(accept=True) for field in wanted}, by=None, now=LATER
    )
    listing = published(session, key)
    assert {field: wanted[field] in FIELDS[field].read(listing) for field in wanted} == dict.fromkeys(wanted, True)
